"""Reads the table of an Excel workbook; every cell that cannot be taken is named ("C7")."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, range_boundaries

from clusters.vietnamese import format_number, nfc
from emulation.importing import legacy
from emulation.importing.columns import CATALOGUE, GUIDE, NO, SHEET, YES, Column, Kind, is_head
from emulation.importing.package import check_package
from emulation.importing.sheet_scan import Scan, TooManyCells, scan
from emulation.importing.table import (
    FILE,
    HEAD_WITHIN,
    MAX_PROBLEMS,
    MAX_ROWS,
    MAX_TEXT,
    Problem,
    Row,
    Table,
    Unreadable,
    damaged,
    is_example,
    is_like_formula,
    places_of,
)

MAX_COLUMNS = 80
_OWN_SHEETS = {GUIDE, CATALOGUE}


class BadCell(Exception):  # noqa: N818 - named after what was met
    """A cell that cannot be taken; its text says why."""


def address(row: int, column: int, head: str = "") -> str:
    """Return the address of a cell as Excel shows it.

    >>> address(7, 3)
    'C7'
    """
    return f"{get_column_letter(column)}{row}"


def read_excel(content: bytes) -> Table:
    """Return the rows of the table in a workbook and what is wrong in it.

    Raises Unreadable where no table can be read at all. The content has passed
    `emulation.uploads.check`.
    """
    check_package(content)
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False)
        sheet, found = _table_sheet(book, content)
        return _read(sheet, found)
    except Unreadable:
        raise
    except TooManyCells as error:
        raise Unreadable(
            (FILE, _("Trang tính có quá nhiều ô. Xóa các dòng, cột không dùng"))
        ) from error
    except Exception as error:  # the parser raises whatever it likes over hostile bytes
        raise damaged() from error


def _table_sheet(book: Any, content: bytes) -> tuple[Any, Scan]:
    """Return the sheet with the table and what its XML says; refuse other sheets with content."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        scans = {sheet.title: scan(archive.read(_part(sheet))) for sheet in book.worksheets}
    if len(book.sheetnames) > len(book.worksheets):
        raise Unreadable((FILE, _("Tệp có trang biểu đồ. Xóa trang đó")))
    known = {nfc(sheet.title): sheet for sheet in book.worksheets}
    table = known.get(SHEET) or book.worksheets[0]
    if problems := list(_strays(book, table, scans)):
        raise Unreadable(*problems)
    return table, scans[table.title]


def _strays(book: Any, table: Any, scans: dict[str, Scan]) -> Iterator[Problem]:
    """Yield a problem for the table's sheet if nobody sees it, and for others with content."""
    if table.sheet_state != "visible":
        yield table.title, _("Trang tính đang ẩn. Cho hiện ra rồi tải lên")
    hidden = _("Trang tính ẩn có dữ liệu. Cho hiện ra, chuyển dữ liệu sang trang %(sheet)s")
    unread = _("Trang tính này không được đọc. Chuyển dữ liệu sang trang %(sheet)s rồi xóa trang")
    for sheet in book.worksheets:
        if sheet is table or not scans[sheet.title].last_filled:
            continue
        if sheet.sheet_state != "visible":
            yield sheet.title, hidden % {"sheet": table.title}
        elif nfc(sheet.title) not in _OWN_SHEETS:
            yield sheet.title, unread % {"sheet": table.title}


def _part(sheet: Any) -> str:
    """Return the name of a sheet's part; only XML was checked for entities."""
    name: str = sheet._worksheet_path.lstrip("/")
    if not name.endswith(".xml"):
        raise damaged()
    return name


def _read(sheet: Any, found: Scan) -> Table:
    last = found.last_filled
    lines = sheet.iter_rows(min_row=1, max_row=min(last, 1_100_000), max_col=MAX_COLUMNS)
    number, heads = _head(lines, last)
    table = Table()
    places = places_of(heads, number, address, table.problems)
    table.heads = {c.name: i + 1 for i, c in places.items() if c}
    _find_traps(found, number, places, table)
    for number, line in enumerate(lines, number + 1):  # noqa: B020 - goes on below the head
        cells = [cell for cell in line if cell.value is not None and str(cell.value).strip()]
        if not cells or _is_sample(cells, places):
            continue
        if len(table.rows) == MAX_ROWS:
            over = _("Bảng có hơn %(n)s dòng. Tách thành nhiều tệp") % {"n": MAX_ROWS}
            raise Unreadable((address(number, 1), over))
        table.rows.append(_row(number, cells, places, table.problems))
        if len(table.problems) > MAX_PROBLEMS:
            break
    if not table.rows and not table.problems:
        raise Unreadable((address(number, 1), _("Dưới tiêu đề chưa có dòng nào")))
    return table


def _head(lines: Iterator[Any], last: int) -> tuple[int, list[str]]:
    """Return the number of the row with the heads, and their texts."""
    for number in range(1, min(last, HEAD_WITHIN) + 1):
        line = next(lines)
        texts = ["" if cell.value is None else nfc(str(cell.value)) for cell in line]
        if is_head(texts):
            return number, texts
    raise Unreadable(
        ("A1", _("Không thấy dòng tiêu đề (Loại, Việc đã làm…). Dùng tệp mẫu tải từ trang này"))
    )


def _find_traps(found: Scan, head: int, places: dict[int, Column | None], table: Table) -> None:
    """Add a problem for merged cells, links, and for rows and columns that nobody sees."""
    for name, ranges in (("merged", found.merged), ("link", found.links)):
        for text in ranges:
            if (corner := _corner(text)) is None or corner[1] < head:
                continue
            said = (
                _("Các ô bị gộp. Bỏ gộp, ghi mỗi dòng một thành tích")
                if name == "merged"
                else _("Ô có liên kết. Bỏ liên kết, chỉ giữ chữ")
            )
            table.problems.append(
                (text if name == "merged" else address(corner[1], corner[0]), said)
            )
    for index in places:
        if index + 1 in found.hidden_columns:
            where = address(head, index + 1)
            table.problems.append((where, _("Cột đang ẩn. Cho hiện ra để mọi người cùng thấy")))
    for number in sorted(found.hidden_rows):
        if head <= number <= found.last_filled:
            where = address(number, 1)
            table.problems.append(
                (where, _("Dòng đang ẩn hoặc bị lọc. Cho hiện ra, hoặc xóa dòng"))
            )


def _corner(text: str) -> tuple[int, int] | None:
    """Return (column, row) where a range begins, or None for what is no range."""
    try:
        column, row, _last_column, _last_row = range_boundaries(text)
    except (ValueError, TypeError):
        return None
    return (column or 1, row or 1)


def _is_sample(cells: list[Any], places: dict[int, Column | None]) -> bool:
    return any(
        cell.column - 1 in places
        and places[cell.column - 1] is None
        and is_example(str(cell.value))
        for cell in cells
    )


def _row(
    number: int, cells: list[Any], places: dict[int, Column | None], problems: list[Problem]
) -> Row:
    row = Row(number, _("dòng %(n)s") % {"n": number})
    for cell in cells:
        where = address(number, cell.column)
        if cell.column - 1 not in places:
            problems.append((where, _("Ô nằm ngoài bảng, phía trên không có tiêu đề. Xóa ô")))
            continue
        column = places[cell.column - 1]
        try:
            text = _text(cell, column)
        except BadCell as bad:
            problems.append((where, str(bad)))
            continue
        if column is None or not text:
            continue
        old = legacy.table_of(text, _font(cell))
        if old == legacy.VNI:
            problems.append((where, _("Chữ gõ bằng bảng mã VNI. Đổi sang Unicode")))
            continue
        if old:
            text = legacy.from_tcvn3(text)
            row.notes.append((where, _("Đã đổi từ bảng mã TCVN3 sang Unicode")))
        row.cells[column.name] = (where, nfc(text))
    return row


def _font(cell: Any) -> str:
    font = cell.font
    return str(font.name or "") if font else ""


def _text(cell: Any, column: Column | None) -> str:
    """Return what a cell says as a form takes it, or raise BadCell."""
    value, kind = cell.value, column.kind if column else Kind.TEXT
    if cell.data_type == "f":
        raise BadCell(_("Ô có công thức. Thay bằng giá trị"))
    if not isinstance(value, str | int | float | Decimal | date | time):
        raise BadCell(_("Không đọc được ô. Nhập lại giá trị"))
    if cell.data_type == "e":
        raise BadCell(_("Ô báo lỗi %(error)s. Nhập lại giá trị") % {"error": str(value)[:20]})
    if cell.number_format.replace('"', "").startswith(";;"):
        raise BadCell(_("Định dạng của ô giấu nội dung. Đổi về General"))
    if isinstance(value, str):
        return _typed(value)
    if isinstance(value, bool):
        return _flag(value, kind)
    if isinstance(value, int | float | Decimal):
        return _number(value, kind, cell.number_format)
    return _day(value, kind)


def _typed(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise BadCell(_("Ô có quá nhiều chữ. Rút gọn"))
    if is_like_formula(value):
        raise BadCell(_("Ô có nội dung như công thức. Bỏ dấu đứng đầu ô"))
    return value


def _flag(value: bool, kind: Kind) -> str:
    if kind is not Kind.FLAG:
        raise BadCell(_("Ô là TRUE hoặc FALSE. Nhập lại giá trị"))
    return YES if value else NO


def _number(value: int | float | Decimal, kind: Kind, shown_as: str) -> str:
    """Return a number as it is typed; what Excel shows otherwise than it stores is refused."""
    try:
        # Excel keeps fifteen digits; what follows comes from binary fractions.
        text = format_number(Decimal(f"{value:.15g}")).replace("\u2212", "-")
    except (ValueError, ArithmeticError) as error:
        raise BadCell(_("Số quá lớn. Nhập lại giá trị")) from error
    if kind is Kind.DAY:
        raise BadCell(_("Ô là số, không phải ngày. Định dạng ô là ngày rồi nhập lại"))
    if kind is Kind.NUMBER and "%" in shown_as:
        raise BadCell(
            _("Ô hiện phần trăm nhưng lưu số %(n)s. Bỏ định dạng %%, ghi số theo đơn vị tính")
            % {"n": text}
        )
    return text if kind is Kind.NUMBER else text.replace(".", "")


def _day(value: date | time, kind: Kind) -> str:
    if kind is not Kind.DAY:
        raise BadCell(_("Ô là ngày, không phải chữ hoặc số. Định dạng ô là Text rồi nhập lại"))
    if isinstance(value, time) or (isinstance(value, datetime) and value.time() != time()):
        raise BadCell(_("Ô có cả giờ. Chỉ nhập ngày"))
    day = value.date() if isinstance(value, datetime) else value
    return day.isoformat()
