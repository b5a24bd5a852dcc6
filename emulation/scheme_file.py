"""A scheme as an Excel file: its tree with sums, its conditions, and the worked example."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from emulation.scheme_check import Plan
from emulation.scheme_example import CASES, FORMULAS, ours
from emulation.scoring import Kind, Method

TREE, CONDITIONS, EXAMPLE = "Thang điểm", "Điều kiện", "Ví dụ tính điểm"
KINDS = {
    Kind.GROUP: "nhóm", Kind.QUANTITATIVE: "định lượng", Kind.QUALITATIVE: "định tính",
    Kind.COUNT: "chấm thẳng", Kind.PLUS_MINUS: "cộng/trừ",
}  # fmt: skip
METHODS = {
    Method.TYPED: "chấm bằng điểm", Method.PROPORTIONAL: "theo tỷ lệ đạt",
    Method.BANDED: "theo mức đạt", Method.HALF_PLUS_LEADER: "nửa điểm và đơn vị dẫn đầu",
    Method.ON_TIME: "theo thời hạn", Method.EACH: "điểm mỗi lần",
}  # fmt: skip
HEADS = (
    ("Mã", 10), ("Nhóm", 10), ("Tiêu chí", 60), ("Cách chấm", 16), ("Cách tính điểm", 28),
    ("Tối thiểu", 11), ("Tối đa", 11), ("Điểm mỗi lần", 13), ("Tổng các mục", 13),
    ("Hướng dẫn chấm", 50),
)  # fmt: skip
RULE_HEADS = (
    ("Mã", 24), ("Điều kiện", 60), ("Hệ quả", 14), ("Ngưỡng", 10), ("Điều, khoản", 40),
    ("Văn bản nguồn", 44), ("Áp dụng", 10),
)  # fmt: skip
CASE_HEADS = (
    ("Ví dụ", 28), ("Cách tính điểm", 28), ("Điểm tối đa", 12), ("Thực hiện", 12),
    ("Chỉ tiêu", 12), ("Dẫn đầu: thực hiện", 18), ("Dẫn đầu: chỉ tiêu", 18),
    ("Điểm mỗi lần", 13), ("Công thức bảng tính", 20), ("Phần mềm tính", 15), ("Chênh lệch", 12),
)  # fmt: skip
EFFECTS = {
    "no_flag": "không cờ", "no_title": "không danh hiệu", "grade_down": "hạ một bậc",
}  # fmt: skip
_FONT = "Times New Roman"


def scheme_workbook(plan: Plan) -> bytes:
    """Return the file; every sum in it is a formula, every number a number."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = TREE
    _tree(sheet, plan)
    _conditions(book.create_sheet(CONDITIONS), plan)
    _example(book.create_sheet(EXAMPLE), plan)
    book.properties.title, book.properties.creator = plan.name, ""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Any, row: int, column: int, value: Any, *, is_formula: bool = False) -> Any:
    """Write a cell; a text is a formula only where we wrote it."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str) and not is_formula:
        cell.data_type = "s"
    cell.font = Font(name=_FONT, size=12)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _heads(sheet: Any, heads: tuple[tuple[str, int], ...]) -> None:
    for column, (head, width) in enumerate(heads, 1):
        cell = _put(sheet, 1, column, head)
        cell.font = Font(name=_FONT, size=12, bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _tree(sheet: Any, plan: Plan) -> None:
    _heads(sheet, HEADS)
    last = len(plan.lines) + 1
    for row, line in enumerate(plan.lines, 2):
        is_group = line.kind is Kind.GROUP
        values = (
            line.code, line.parent, line.name, KINDS[line.kind],
            "" if is_group else METHODS[line.method], line.min_score, line.max_score,
            line.points_each,
        )  # fmt: skip
        for column, value in enumerate(values, 1):
            cell = _put(sheet, row, column, value)
            if is_group:
                cell.font = Font(name=_FONT, size=12, bold=True)
        if is_group:
            text = f"=SUMIF(B$2:B${last},A{row},G$2:G${last})"
            _put(sheet, row, 9, text, is_formula=True)
        _put(sheet, row, 10, line.guidance)
    for column, words in ((4, KINDS.values()), (5, METHODS.values())):
        rule = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
        rule.error, rule.showErrorMessage = "Chọn một mục có trong danh sách.", True
        sheet.add_data_validation(rule)
        letter = get_column_letter(column)
        rule.add(f"{letter}2:{letter}{last + 200}")


def _conditions(sheet: Any, plan: Plan) -> None:
    _heads(sheet, RULE_HEADS)
    for row, rule in enumerate(plan.rules, 2):
        values = (
            rule.code, rule.name, EFFECTS[rule.effect], rule.limit, rule.basis, rule.source,
            "có" if rule.is_on else "không",
        )  # fmt: skip
        for column, value in enumerate(values, 1):
            _put(sheet, row, column, value)


def _example(sheet: Any, plan: Plan) -> None:
    _heads(sheet, CASE_HEADS)
    for row, case in enumerate(CASES, 2):
        values = (
            case.about, METHODS[case.method], case.maximum, case.actual, case.target, case.best,
            case.best_target, case.each,
        )  # fmt: skip
        for column, value in enumerate(values, 1):
            _put(sheet, row, column, value)
        _put(sheet, row, 9, FORMULAS[case.method].format(r=row), is_formula=True)
        _put(sheet, row, 10, ours(case))
        _put(sheet, row, 11, f"=I{row}-J{row}", is_formula=True)
    row = len(CASES) + 2
    last = len(plan.lines) + 1
    # The base of the scheme: all rows at the top but bonus and penalty.
    text = f"=SUMIF('{TREE}'!B$2:B${last},\"\",'{TREE}'!G$2:G${last})"
    for code in (plan.bonus_group, plan.penalty_group):
        text += f"-SUMIF('{TREE}'!A$2:A${last},\"{code}\",'{TREE}'!G$2:G${last})" if code else ""
    leaves = f"=SUMIF('{TREE}'!D$2:D${last},\"<>nhóm\",'{TREE}'!G$2:G${last})"
    totals = [("Tổng điểm các nhóm", text, plan.base)]
    if not plan.bonus_group and not plan.penalty_group:
        totals.append(("Tổng điểm các tiêu chí", leaves, plan.base))
    for about, formula, value in totals:
        _put(sheet, row, 1, about)
        _put(sheet, row, 9, formula, is_formula=True)
        _put(sheet, row, 10, value)
        _put(sheet, row, 11, f"=I{row}-J{row}", is_formula=True)
        row += 1
