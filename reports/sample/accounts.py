"""The people of the sample, all invented, and how they sign in: one published password for all."""

from typing import NamedTuple

PASSWORD = "mau-thi-dua-2026"  # noqa: S105 - published on purpose, refused in production
ADMINISTRATOR, STRANGER = "administrator", "stranger"


class Account(NamedTuple):
    """A user with one appointment for each cluster, or for the unit.

    `role` is a value of `clusters.models.Role`, "administrator" or "stranger"; `unit` a code;
    `clusters` hold slugs of seasons. `listed` accounts are offered for signing in, the others only
    wrote the past.
    """

    username: str
    full_name: str
    rank: str
    position: str
    role: str
    unit: str = ""
    clusters: tuple[str, ...] = ()
    listed: bool = True


def _staff(letter: str, number: int, full_name: str, rank: str, *, listed: bool = False) -> Account:
    """Return the staff account of a made-up unit."""
    return Account(
        f"nhanvien.{letter}", full_name, rank, "Cán bộ tổng hợp", "unit_staff",
        f"DV0{number}", listed=listed,
    )  # fmt: skip


ACCOUNTS = (
    _staff("g", 7, "Bùi Văn H", "Đại úy", listed=True),
    Account(
        "lanhdao.g", "Đỗ Văn G", "Đại tá", "Thủ trưởng Đơn vị mẫu G", "unit_leader", "DV07"
    ),
    _staff("f", 6, "Hồ Thị Q", "Thượng úy", listed=True),
    Account(
        "thuky", "Trịnh Thị T", "Thiếu tá", "Thư ký Cụm thi đua mẫu", "secretary", "DV01",
        ("mau-2026",),
    ),
    Account(
        "thuky.b", "Cao Văn S", "Thiếu tá", "Thư ký Cụm thi đua mẫu", "secretary", "DV02",
        ("mau-2026",),
    ),
    Account(
        "thuky.cum1", "Đinh Văn R", "", "Thư ký Cụm thi đua số 1", "secretary",
        clusters=("cum-1-2017",),
    ),
    Account(
        "lanhdao", "Lương Văn U", "Đại tá", "Lãnh đạo phụ trách cụm", "leader",
        clusters=("mau-2026", "cum-1-2017"),
    ),
    Account("quantri", "Tạ Văn V", "", "Quản trị hệ thống", ADMINISTRATOR),
    Account("khach", "Phan Thị X", "", "Chưa được phân công", STRANGER),
    _staff("a", 1, "Ngô Văn K", "Thượng úy"),
    _staff("b", 2, "Dương Thị L", "Đại úy"),
    _staff("c", 3, "Đặng Văn M", "Đại úy"),
    _staff("d", 4, "Lý Thị N", "Thượng úy"),
    _staff("e", 5, "Mai Văn P", "Thiếu tá"),
)  # fmt: skip
