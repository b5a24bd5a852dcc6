"""The Excel file that a unit fills in: heads, drop-down lists, a sample row, how it is done."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from emulation.importing.columns import (
    CATALOGUE,
    COLUMNS,
    EXAMPLE,
    GUIDE,
    ORDER,
    SHEET,
    Column,
    Kind,
)
from emulation.importing.table import MAX_ROWS

# By name of the column, what its drop-down list offers.
Choices = Mapping[str, Sequence[str]]

_FONT = "Times New Roman"
_TINTS = {
    "": "DCE6F1",
    "policy_document": "E7E3F4",
    "parliament": "E2F0E4",
    "community": "FBEBD7",
    "advanced_model": "F4E1E6",
}
_LINE = Side(style="thin", color="A6A6A6")
_GUIDE = (
    "1. Ghi vào trang “Thành tích”, mỗi dòng một thành tích; tối đa 2000 dòng một tệp.",
    "2. Cột có dấu * phải có. Ô có mũi tên: chọn trong danh sách (trang “Danh mục”).",
    "3. Ngày ghi dạng ngày/tháng/năm: 05/09/2026. Số ghi bằng chữ số, dấu phẩy trước phần lẻ.",
    "4. Các cột màu khác chỉ ghi cho loại tương ứng: văn bản, Quốc hội, cộng đồng, điển hình.",
    "5. Dòng “VÍ DỤ” không được nhập; để nguyên hoặc xóa.",
    "6. Không dùng công thức, macro, liên kết, ô gộp, dòng hoặc cột ẩn, phông chữ .VnTime hay VNI.",
    "7. Chỉ ghi nội dung không mật. Không ghi nội dung MẬT, TỐI MẬT, TUYỆT MẬT.",
    "8. Tải tệp lên, xem trước, rồi xác nhận. Còn một ô sai thì chưa dòng nào được nhập.",
    "9. Thành tích nhập từ tệp là bản nháp: đính kèm minh chứng rồi gửi thư ký cụm.",
)


def excel_template(*, title: str, choices: Choices, sample: Mapping[str, Any]) -> bytes:
    """Return the template as a workbook; `title` tells the season and the unit."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    _heads(sheet)
    _sample(sheet, sample)
    places = _catalogue(book.create_sheet(CATALOGUE), choices)
    _lists(sheet, places)
    _formats(sheet)
    _guide(book.create_sheet(GUIDE), title)
    book.properties.title = title
    book.properties.creator = ""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Write a cell; a text is never taken for a formula."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _heads(sheet: Any) -> None:
    marked = ((c.head + (" *" if c.needed else ""), c.width, c.category) for c in COLUMNS)
    heads = [(ORDER, 9, ""), *marked]
    for index, (head, width, category) in enumerate(heads, 1):
        cell = _put(sheet, 1, index, head)
        cell.font = Font(name=_FONT, size=12, bold=True)
        cell.fill = PatternFill("solid", fgColor=_TINTS[category])
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = Border(_LINE, _LINE, _LINE, _LINE)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = "D2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _sample(sheet: Any, sample: Mapping[str, Any]) -> None:
    values = [EXAMPLE, *(sample.get(column.name) for column in COLUMNS)]
    for index, value in enumerate(values, 1):
        cell = _put(sheet, 2, index, value)
        cell.font = Font(name=_FONT, size=12, italic=True, color="595959")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"


def _formats(sheet: Any) -> None:
    """Give whole columns their format, so that a day is kept as a day and a text as a text."""
    for index, column in enumerate(COLUMNS, 2):
        whole = sheet.column_dimensions[get_column_letter(index)]
        whole.font = Font(name=_FONT, size=12)
        whole.alignment = Alignment(wrap_text=True, vertical="top")
        if column.kind is Kind.DAY:
            whole.number_format = "dd/mm/yyyy"
        elif column.kind is Kind.TEXT:
            whole.number_format = "@"
        elif column.kind is Kind.NUMBER:
            whole.number_format = "#,##0.##"


def _catalogue(sheet: Any, choices: Choices) -> dict[str, str]:
    """Write each list into a column; return by name of the column the range that holds it."""
    places: dict[str, str] = {}
    offered = [column for column in COLUMNS if choices.get(column.name)]
    for index, column in enumerate(offered, 1):
        letter = get_column_letter(index)
        _put(sheet, 1, index, column.head).font = Font(name=_FONT, size=12, bold=True)
        for row, label in enumerate(choices[column.name], 2):
            _put(sheet, row, index, label).font = Font(name=_FONT, size=12)
        sheet.column_dimensions[letter].width = max(18, column.width)
        last = len(choices[column.name]) + 1
        places[column.name] = f"'{CATALOGUE}'!${letter}$2:${letter}${last}"
    return places


def _lists(sheet: Any, places: Mapping[str, str]) -> None:
    for index, column in enumerate(COLUMNS, 2):
        rule = _rule(column, places.get(column.name, ""))
        if rule is not None:
            letter = get_column_letter(index)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}3:{letter}{MAX_ROWS + 2}")


def _rule(column: Column, place: str) -> DataValidation | None:
    if place:
        rule = DataValidation("list", formula1=place, allow_blank=True)
        rule.error, rule.errorTitle = "Chọn một mục có trong danh sách.", column.head
        rule.showErrorMessage = True
    elif column.hint:
        rule = DataValidation(allow_blank=True)
    else:
        return None
    if column.hint:
        rule.prompt, rule.promptTitle, rule.showInputMessage = column.hint, column.head, True
    return rule


def _guide(sheet: Any, title: str) -> None:
    _put(sheet, 1, 1, title).font = Font(name=_FONT, size=14, bold=True)
    for row, line in enumerate(_GUIDE, 3):
        cell = _put(sheet, row, 1, line)
        cell.font = Font(name=_FONT, size=12)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 110
