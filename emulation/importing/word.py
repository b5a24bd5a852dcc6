"""Reads the table of a Word document; every cell that cannot be taken is named.

The address is "dòng 7, cột 3 (Ngày)": the row of the table with its head as row 1.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from clusters.vietnamese import nfc
from emulation.importing import legacy
from emulation.importing.columns import Column, is_head
from emulation.importing.package import check_package
from emulation.importing.table import (
    FILE,
    HEAD_WITHIN,
    MAX_PROBLEMS,
    MAX_ROWS,
    MAX_TEXT,
    Row,
    Table,
    Unreadable,
    damaged,
    is_example,
    is_like_formula,
    places_of,
)

MAX_CELLS = 150_000
# Fields that fetch or run something, wherever in the document they stand.
_ACTIVE = re.compile(r"\b(DDE|DDEAUTO|LINK|INCLUDETEXT|INCLUDEPICTURE|DATABASE|MACROBUTTON)\b")
_LINE, _TAB = {qn("w:br"), qn("w:cr")}, qn("w:tab")
_TEXT, _PARAGRAPH = qn("w:t"), qn("w:p")
# What a cell must not hold: the tag of an element, and what is said.
_FORBIDDEN: dict[str, str] = {
    **dict.fromkeys((qn("w:fldSimple"), qn("w:instrText")), "field"),
    **dict.fromkeys((qn("w:ins"), qn("w:del"), qn("w:moveFrom"), qn("w:moveTo")), "tracked"),
    **dict.fromkeys((qn("w:object"), qn("w:drawing"), qn("w:pict"), qn("w:altChunk")), "object"),
    qn("w:hyperlink"): "link",
    qn("w:vanish"): "hidden",
    qn("w:tbl"): "table",
}


def address(row: int, column: int, head: str = "") -> str:
    """Return the address of a cell in a table of Word.

    >>> address(7, 3, "Ngày")
    'dòng 7, cột 3 (Ngày)'
    """
    place = _("dòng %(row)s, cột %(column)s") % {"row": row, "column": column}
    return f"{place} ({head})" if head else place


def read_word(content: bytes) -> Table:
    """Return the rows of the table in a document and what is wrong in it.

    Raises Unreadable where no table can be read at all. The content has passed
    `emulation.uploads.check`.
    """
    check_package(content)
    try:
        body = docx.Document(BytesIO(content)).element.body
        _check_fields(body)
        return _read(*_head(_one_table(body)))
    except Unreadable:
        raise
    except Exception as error:  # the parser raises whatever it likes over hostile bytes
        raise damaged() from error


def _check_fields(body: Any) -> None:
    # Word may cut the name of a field into several runs.
    simple = [field.get(qn("w:instr")) or "" for field in body.iter(qn("w:fldSimple"))]
    runs = "".join(element.text or "" for element in body.iter(qn("w:instrText")))
    if any(_ACTIVE.search(text.upper()) for text in (*simple, runs)):
        said = _("Tệp có trường lấy dữ liệu bên ngoài (DDE, LINK…). Xóa trường, chỉ giữ chữ")
        raise Unreadable((FILE, said))


def _one_table(body: Any) -> list[Any]:
    """Return the rows of the only table with our heads; layout tables of a letter are others."""
    tables = [table for table in body.iter(qn("w:tbl")) if _depth(table) == 1]
    if sum(1 for _cell in body.iter(qn("w:tc"))) > MAX_CELLS:
        raise Unreadable((FILE, _("Bảng có quá nhiều ô. Tách thành nhiều tệp")))
    rows = [[row for row in table.iter(qn("w:tr")) if _depth(row) == 1] for table in tables]
    ours = [lines for lines in rows if _heads_at(lines) is not None]
    if not ours:
        said = _(
            "Không thấy bảng có dòng tiêu đề (Loại, Việc đã làm…). Dùng tệp mẫu tải từ trang này"
        )
        raise Unreadable((FILE, said))
    if len(ours) > 1:
        raise Unreadable((FILE, _("Tệp có nhiều bảng thành tích. Gộp thành một bảng")))
    return ours[0]


def _depth(element: Any) -> int:
    """Return how many tables stand around an element, itself included."""
    tag = qn("w:tbl")
    return sum(1 for _above in element.iterancestors(tag)) + (element.tag == tag)


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row.iter(qn("w:tc")) if _depth(cell) == 1]


def _heads_at(lines: list[Any]) -> int | None:
    for index, line in enumerate(lines[:HEAD_WITHIN]):
        if is_head([_text(cell) for cell in _cells(line)]):
            return index
    return None


def _head(lines: list[Any]) -> tuple[list[Any], list[str]]:
    """Return the rows from the head on, and the texts of the head."""
    first = _heads_at(lines) or 0
    return lines[first:], [_text(cell).strip() for cell in _cells(lines[first])]


def _read(lines: list[Any], heads: list[str]) -> Table:
    table = Table()
    places = places_of(heads, 1, address, table.problems)
    table.heads = {c.name: i + 1 for i, c in places.items() if c}
    for number, line in enumerate(lines[1:], 2):
        cells = _cells(line)
        texts = [_text(cell) for cell in cells]
        order = next((i for i, column in places.items() if column is None), None)
        if not any(text.strip() for text in texts) and not any(map(_faults, cells)):
            continue
        if order is not None and order < len(texts) and is_example(texts[order]):
            continue
        if len(table.rows) == MAX_ROWS:
            over = _("Bảng có hơn %(n)s dòng. Tách thành nhiều tệp") % {"n": MAX_ROWS}
            raise Unreadable((address(number, 1), over))
        _row(number, cells, heads, places, table)
        if len(table.problems) > MAX_PROBLEMS:
            break
    if not table.rows and not table.problems:
        raise Unreadable((address(2, 1), _("Dưới tiêu đề chưa có dòng nào")))
    return table


def _row(
    number: int,
    cells: list[Any],
    heads: list[str],
    places: dict[int, Column | None],
    table: Table,
) -> None:
    """Add one row; where cells are merged nobody knows which column is which."""
    row = Row(number, _("dòng %(n)s") % {"n": number})
    if merged := _merged(cells):
        where = address(number, merged, heads[merged - 1] if merged <= len(heads) else "")
        said = _("Các ô bị gộp. Bỏ gộp, ghi mỗi dòng một thành tích")
        table.problems.append((where, said))
        return
    if len(cells) != len(heads):
        said = _("Dòng có %(n)s ô, tiêu đề có %(all)s ô. Sửa lại bảng") % {
            "n": len(cells),
            "all": len(heads),
        }
        table.problems.append((address(number, min(len(cells), len(heads)) or 1), said))
        return
    for index, cell in enumerate(cells):
        where = address(number, index + 1, heads[index])
        problem = _faults(cell) or _put(row, cell, where, places, index)
        if problem:
            table.problems.append((where, problem))
    table.rows.append(row)


def _merged(cells: list[Any]) -> int:
    """Return the number of the first cell that is merged with others, 0 for none."""
    for index, cell in enumerate(cells, 1):
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        wide = span is not None and span.get(qn("w:val")) not in {None, "1"}
        if wide or cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None:
            return index
    return 0


def _faults(cell: Any) -> str:
    """Say what a cell holds beside text, "" for text alone."""
    found = next((_FORBIDDEN[e.tag] for e in cell.iter() if e.tag in _FORBIDDEN), "")
    return {
        "": "",
        "field": _("Ô có công thức hoặc trường tự cập nhật. Thay bằng chữ"),
        "tracked": _("Ô có thay đổi chưa duyệt (Track Changes). Chấp nhận hoặc bỏ thay đổi"),
        "object": _("Ô có hình hoặc đối tượng. Xóa đi; ảnh đính kèm sau khi nhập"),
        "link": _("Ô có liên kết. Bỏ liên kết, chỉ giữ chữ"),
        "hidden": _("Ô có chữ ẩn. Cho hiện ra hoặc xóa chữ ẩn"),
        "table": _("Trong ô có bảng khác. Chỉ giữ chữ"),
    }[found]


def _put(row: Row, cell: Any, where: str, places: dict[int, Column | None], index: int) -> str:
    """Keep the text of a cell in the row, or say what is wrong with it."""
    text = _text(cell).strip()
    if not text:
        return ""
    if index not in places:
        return _("Ô nằm ngoài bảng, phía trên không có tiêu đề. Xóa ô")
    column = places[index]
    if column is None:
        return ""
    old = legacy.table_of(text, _font(cell))
    if wrong := _wrong_text(text, old):
        return wrong
    if old:
        text = legacy.from_tcvn3(text)
        row.notes.append((where, _("Đã đổi từ bảng mã TCVN3 sang Unicode")))
    row.cells[column.name] = (where, nfc(text))
    return ""


def _wrong_text(text: str, old: str) -> str:
    """Say why a text is not taken, "" if it is; `old` is its code table."""
    if len(text) > MAX_TEXT:
        return _("Ô có quá nhiều chữ. Rút gọn")
    if is_like_formula(text):
        return _("Ô có nội dung như công thức. Bỏ dấu đứng đầu ô")
    return _("Chữ gõ bằng bảng mã VNI. Đổi sang Unicode") if old == legacy.VNI else ""


def _font(cell: Any) -> str:
    """Return the font of a cell's first run that names one."""
    fonts = (font.get(qn("w:ascii")) for font in cell.iter(qn("w:rFonts")))
    return next((name for name in fonts if name), "")


def _text(cell: Any) -> str:
    """Return the text of a cell, its paragraphs in lines of their own."""
    return "".join(_pieces(cell)).strip("\n")


def _pieces(cell: Any) -> Iterator[str]:
    hints = {
        run
        for box in cell.iter(qn("w:sdt"))
        if box.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None
        for run in box.iter(_TEXT)
    }
    for element in cell.iter():
        if element.tag == _PARAGRAPH:
            yield "\n"
        elif element.tag == _TEXT and element not in hints:
            yield element.text or ""
        elif element.tag in _LINE:
            yield "\n"
        elif element.tag == _TAB and element.getparent().tag == qn("w:r"):
            yield " "
