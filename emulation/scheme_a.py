"""Scheme A of domain.md §4.1 as plain data: 1,000 points for a cluster of provincial police.

The groups and their points are those that were published. The texts of the 157 criteria below
were not: each of the 157 is a numbered place for the cluster's own text, with a share of the points
of its group, and says so in its name. No Django here; `services.scheme.store` keeps it.
"""

from collections.abc import Iterator
from decimal import Decimal

from emulation.scheme_check import Line, Plan
from emulation.scheme_conditions import CONDITIONS
from emulation.scoring import Kind, Method

CODE, VERSION = "cong-an-tinh-1000", 1
NAME = "Thang điểm 1.000 cho cụm Công an cấp tỉnh"
SOURCE = (
    "Nhóm và điểm nhóm theo bảng điểm đã công bố của một cụm thi đua Công an cấp tỉnh. Nội dung "
    "157 tiêu chí con chưa công bố: cụm tự ghi; điểm chia trong nhóm là tạm"
)
TOTAL = Decimal(1000)
QUARTER = Decimal("0.25")
GUIDANCE = "Nội dung do cụm ghi. Điểm là phần chia tạm của nhóm."

# Code, name, points, how many criteria stand right below (0: groups do).
GROUPS = (
    ("I", "Nhiệm vụ công tác chuyên môn", 700, 0),
    ("I.1", "Bảo vệ an ninh quốc gia", 200, 20),
    ("I.2", "Đấu tranh phòng, chống tội phạm", 200, 0),
    ("I.2.a", "Điều tra, xử lý", 70, 10),
    ("I.2.b", "Trật tự xã hội", 50, 8),
    ("I.2.c", "Kinh tế, buôn lậu, môi trường", 30, 6),
    ("I.2.d", "Ma túy", 50, 8),
    ("I.3", "Quản lý nhà nước về trật tự xã hội", 120, 0),
    ("I.3.a", "Quản lý hành chính", 40, 8),
    ("I.3.b", "Phòng cháy, chữa cháy", 30, 6),
    ("I.3.c", "Trật tự, an toàn giao thông", 30, 6),
    ("I.3.d", "Thi hành án hình sự, hỗ trợ tư pháp", 20, 4),
    ("I.4", "Nghiệp vụ cơ bản", 100, 0),
    ("I.4.a", "Nghiệp vụ cơ bản của lực lượng An ninh", 50, 8),
    ("I.4.b", "Nghiệp vụ cơ bản của lực lượng Cảnh sát nhân dân", 50, 8),
    ("I.5", "Phong trào toàn dân bảo vệ an ninh Tổ quốc", 40, 6),
    ("I.6", "Tham mưu, hồ sơ nghiệp vụ, đối ngoại", 40, 6),
    ("II", "Xây dựng Đảng, xây dựng lực lượng, hậu cần, kỹ thuật, cải cách hành chính, tư pháp",
     200, 0),
    ("II.1", "Công tác chính trị", 50, 0),
    ("II.1.a", "Tuyên truyền, giáo dục", 10, 2),
    ("II.1.b", "Công tác thi đua, khen thưởng", 10, 2),
    ("II.1.c", "Điều lệnh, quân sự, võ thuật, văn thể", 15, 3),
    ("II.1.d", "Đoàn thanh niên", 5, 1),
    ("II.1.e", "Phụ nữ", 5, 1),
    ("II.1.g", "Chế độ thông tin, báo cáo", 5, 1),
    ("II.2", "Tổ chức cán bộ", 50, 8),
    ("II.3", "Thanh tra, kiểm tra, giải quyết khiếu nại, tố cáo", 30, 5),
    ("II.4", "Tài chính, hậu cần, kỹ thuật", 40, 6),
    ("II.5", "Pháp chế, cải cách hành chính, nghiên cứu khoa học", 30, 5),
    ("III", "Tổ chức phong trào thi đua", 100, 0),
    ("III.1", "Tổ chức các phong trào thi đua", 40, 7),
    ("III.2", "Kết quả khen thưởng", 20, 4),
    ("III.3", "Hội thao, hội thi", 15, 3),
    ("III.4", "Đăng cai tổ chức, nhiệm vụ đột xuất", 25, 5),
)  # fmt: skip
# Groups whose criteria are counted, kept or lost, sent in time; the others are met against targets.
COUNTED, KEPT, IN_TIME = ("III.2", "III.3"), ("II.1.c",), ("II.1.g",)


def shares(points: int, number: int) -> list[Decimal]:
    """Return the points of a group in parts as equal as whole quarters allow."""
    each, more = divmod(int(points / QUARTER), number)
    return [(each + (place < more)) * QUARTER for place in range(number)]


def _lines() -> Iterator[Line]:
    for code, name, points, number in GROUPS:
        parent = code.rpartition(".")[0]
        yield Line(code, parent, name, Kind.GROUP, Decimal(points))
        for place, share in enumerate(shares(points, number) if number else (), 1):
            yield _leaf(code, name, place, number, share)


def _leaf(group: str, name: str, place: int, number: int, share: Decimal) -> Line:
    """Return a place for a criterion; the last of a larger group is judged, not measured."""
    row = Line(
        f"{group}.{place}", group, f"Tiêu chí {place}: {name} (cụm ghi nội dung)",
        Kind.QUANTITATIVE, share, guidance=GUIDANCE, method=Method.HALF_PLUS_LEADER,
    )  # fmt: skip
    if group in COUNTED:
        each = Decimal(1)
        return row._replace(kind=Kind.COUNT, method=Method.EACH, points_each=each)
    if group in KEPT:
        return row._replace(kind=Kind.PLUS_MINUS, method=Method.TYPED)
    if group in IN_TIME:
        return row._replace(method=Method.ON_TIME)
    if place == number and number >= 4:
        return row._replace(kind=Kind.QUALITATIVE, method=Method.TYPED)
    return row


LINES = tuple(_lines())
PLAN = Plan(name=NAME, ceiling=TOTAL, lines=LINES, source=SOURCE, lead_group="I", rules=CONDITIONS)
