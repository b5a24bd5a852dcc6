"""The columns of an import: what stands in the head, and what a cell below it holds.

The heads are part of the file format: they are Vietnamese in every language of the site.
"""

from dataclasses import dataclass
from enum import Enum

from clusters.vietnamese import nfc


class Kind(Enum):
    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """One column. `key` is the field of the form, `category` whose particulars it belongs to."""

    key: str
    head: str
    kind: Kind = Kind.TEXT
    category: str = ""
    width: int = 14
    hint: str = ""
    needed: bool = False
    in_word: bool = False

    @property
    def name(self) -> str:
        """Return the name under which a row keeps the cell: no two columns share it."""
        return f"{self.category}.{self.key}" if self.category else self.key


ORDER = "STT"
EXAMPLE = "VÍ DỤ"
SHEET = "Thành tích"
GUIDE = "Hướng dẫn"
CATALOGUE = "Danh mục"
YES, NO = "Có", "Không"

_COMMON = (
    Column(
        "category", "Loại", Kind.CHOICE, width=30, needed=True, in_word=True,
        hint="Chọn trong danh sách.",
    ),
    Column(
        "title", "Việc đã làm", width=48, needed=True, in_word=True,
        hint="Một câu: việc gì, ở đâu; tối đa 300 ký tự.",
    ),
    Column("started_on", "Ngày", Kind.DAY, in_word=True, hint="Ngày/tháng/năm, ví dụ 05/09/2026."),
    Column("ended_on", "Đến ngày", Kind.DAY, in_word=True, hint="Để trống nếu trong một ngày."),
    Column(
        "organization", "Tổ chức quần chúng", Kind.CHOICE, width=20, in_word=True,
        hint="Nếu Công đoàn, Đoàn Thanh niên hoặc Hội Phụ nữ chủ trì.",
    ),
    Column(
        "target", "Chỉ tiêu giao ước", Kind.CHOICE, width=36, in_word=True,
        hint="Chọn trong danh sách; để trống nếu không tính vào chỉ tiêu nào.",
    ),
    Column(
        "quantity", "Kết quả", Kind.NUMBER, width=12, in_word=True,
        hint="Bằng chữ số, theo đơn vị tính của chỉ tiêu.",
    ),
    Column(
        "description", "Diễn giải", width=48, in_word=True,
        hint="Cách làm, kết quả, tác dụng; tối đa 5000 ký tự.",
    ),
    Column("drive", "Đợt thi đua", Kind.CHOICE, width=24, hint="Nếu làm trong một đợt thi đua."),
    Column(
        "is_internal", "Lưu hành nội bộ", Kind.FLAG, width=12,
        hint="Có nếu chỉ lưu hành nội bộ. Không nhập nội dung mật.",
    ),
)  # fmt: skip


def _of(category: str, *columns: tuple[str, str, Kind, int]) -> tuple[Column, ...]:
    return tuple(
        Column(key, head, kind, category=category, width=width)
        for key, head, kind, width in columns
    )


_PARTICULARS = (
    *_of(
        "policy_document",
        ("kind", "Loại văn bản", Kind.CHOICE, 18),
        ("number", "Số, ký hiệu", Kind.TEXT, 16),
        ("issuer", "Cấp ban hành", Kind.TEXT, 20),
        ("issued_on", "Ngày ban hành", Kind.DAY, 14),
        ("about", "Trích yếu", Kind.TEXT, 36),
        ("status", "Kết quả văn bản", Kind.CHOICE, 18),
    ),
    *_of(
        "parliament",
        ("term", "Quốc hội khóa", Kind.NUMBER, 12),
        ("sessions", "Các kỳ họp", Kind.TEXT, 14),
        ("supervision", "Giám sát chuyên đề", Kind.FLAG, 12),
        ("interpellation", "Chất vấn", Kind.FLAG, 12),
        ("voter_petition", "Kiến nghị của cử tri", Kind.FLAG, 12),
        ("petitions", "Số kiến nghị của cử tri", Kind.NUMBER, 14),
    ),
    *_of(
        "community",
        ("kind", "Hoạt động", Kind.CHOICE, 30),
        ("sessions", "Số buổi", Kind.NUMBER, 10),
        ("participants", "Số người dự", Kind.NUMBER, 10),
        ("families", "Số gia đình", Kind.NUMBER, 10),
        ("gifts", "Số suất quà", Kind.NUMBER, 10),
        ("value", "Trị giá (đồng)", Kind.NUMBER, 16),
        ("pupils", "Số cháu", Kind.NUMBER, 10),
    ),
    *_of(
        "advanced_model",
        ("kind", "Loại điển hình", Kind.CHOICE, 24),
        ("name", "Tên điển hình", Kind.TEXT, 32),
        ("replicated", "Đã nhân rộng", Kind.FLAG, 12),
    ),
)
COLUMNS = (*_COMMON, *_PARTICULARS)
BY_NAME = {column.name: column for column in COLUMNS}


def plain_head(text: str) -> str:
    """Return a head as it is compared: case, spaces and the mark of a needed column do not count.

    >>> plain_head(" Việc  đã làm * ")
    'việc đã làm'
    """
    return " ".join(nfc(text).replace("*", " ").split()).casefold()


_BY_HEAD = {plain_head(column.head): column for column in COLUMNS}
_ORDER_HEAD = plain_head(ORDER)


def column_of(head: str) -> Column | None:
    """Return the column whose head this is, or None."""
    return _BY_HEAD.get(plain_head(head))


def is_order(head: str) -> bool:
    """Tell whether this is the head of the running number, which is not read."""
    return plain_head(head) == _ORDER_HEAD


def is_head(texts: list[str]) -> bool:
    """Tell whether a row is the head of the table: every needed column is named in it."""
    found = {column.key for text in texts if (column := column_of(text))}
    return {column.key for column in COLUMNS if column.needed} <= found
