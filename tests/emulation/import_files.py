"""Files of achievements for the tests: good rows, and one fault in each of many others."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import docx
import openpyxl
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl.styles import Font

from emulation.importing.columns import BY_NAME, COLUMNS, ORDER, SHEET
from emulation.importing.excel import address as excel_address
from emulation.importing.word import address as word_address
from tests import world as w

HEADS = [ORDER, *(column.head for column in COLUMNS)]
NAMES = ["order", *(column.name for column in COLUMNS)]
# What the tables of Word have: fewer columns fit on a page.
WORD_NAMES = [
    *("order", "category", "title", "started_on", "ended_on", "organization", "target"),
    *("quantity", "description", "is_internal", "policy_document.kind", "policy_document.about"),
    *("policy_document.status", "parliament.term", "parliament.sessions", "community.kind"),
    "community.value",
]
Row = dict[str, Any]
Change = Callable[[Any], None]


def good(**cells: Any) -> Row:
    """A row without a fault; `policy_document__kind` stands for the column of that name."""
    row = {"category": "Tham mưu, báo cáo", "title": "Báo cáo tuần", "started_on": w.DAY}
    return row | {name.replace("__", "."): value for name, value in cells.items()}


def good_rows(number: int) -> list[Row]:
    return [good(order=n, title=f"Báo cáo số {n}") for n in range(1, number + 1)]


def workbook(rows: list[Row], change: Change | None = None) -> bytes:
    """Return a workbook with the heads in row 1; `change` may spoil its sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(HEADS)
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            cell = sheet.cell(number, NAMES.index(name) + 1)
            value(cell) if callable(value) else setattr(cell, "value", value)
    if change is not None:
        change(sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def document(rows: list[Row], change: Change | None = None) -> bytes:
    """Return a document with one table; `change` may spoil the table."""
    made = docx.Document()
    table = made.add_table(rows=len(rows) + 1, cols=len(WORD_NAMES))
    for index, name in enumerate(WORD_NAMES):
        table.rows[0].cells[index].text = BY_NAME[name].head if name in BY_NAME else ORDER
    for line, row in zip(table.rows[1:], rows, strict=True):
        cells = line.cells
        for name, value in row.items():
            cell = cells[WORD_NAMES.index(name)]
            if callable(value):
                value(cell)
            else:
                cell.text = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    if change is not None:
        change(table)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def in_excel(row: int, name: str) -> str:
    return excel_address(row, NAMES.index(name) + 1)


def in_word(row: int, name: str) -> str:
    head = BY_NAME[name].head if name in BY_NAME else ORDER
    return word_address(row, WORD_NAMES.index(name) + 1, head)


def _shown(value: Any, as_: str) -> Change:
    def put(cell: Any) -> None:
        cell.value, cell.number_format = value, as_

    return put


def _text(value: str, font: str = "Arial") -> Change:
    def put(cell: Any) -> None:
        cell.value, cell.data_type, cell.font = value, "s", Font(name=font)

    return put


def _link(cell: Any) -> None:
    cell.value, cell.hyperlink = "Báo cáo có liên kết", "https://example.invalid/"


LONG_AGO, TOMORROW = date(w.YEAR - 3, 5, 5), date.today() + timedelta(days=2)
# The same fault in both formats: what it is, the cell that is wrong, the row.
FAULTS: list[tuple[str, str, Row]] = [
    ("unknown category", "category", good(category="Việc khác")),
    ("no category", "category", {"title": "Không có loại", "started_on": w.DAY}),
    ("no title", "title", {"category": "Tham mưu, báo cáo", "started_on": w.DAY}),
    ("title too long", "title", good(title="dài " * 80)),
    ("day of another year", "started_on", good(started_on=LONG_AGO)),
    ("day to come", "started_on", good(title="Mai", started_on=TOMORROW)),
    ("no such day", "started_on", good(started_on="31/02/2026")),
    ("day in words", "started_on", good(started_on="đầu tháng ba")),
    ("end before the beginning", "ended_on", good(ended_on=w.DAY - timedelta(days=3))),
    ("end without a beginning", "started_on", {**good(ended_on=w.DAY), "started_on": ""}),
    ("end of another year", "ended_on", good(ended_on=LONG_AGO)),
    ("unknown organisation", "organization", good(category="Vì cộng đồng", organization="Hội X")),
    ("unknown target", "target", good(target="Chỉ tiêu lạ", quantity="1")),
    ("quantity without a target", "target", good(title="Không chỉ tiêu", quantity="5")),
    ("quantity in words", "quantity", good(target="Báo cáo (bản)", quantity="nhiều")),
    ("quantity read in two ways", "quantity", good(target="Báo cáo (bản)", quantity="1,234.5")),
    ("negative quantity", "quantity", good(target="Báo cáo (bản)", quantity="-3")),
    ("too many decimals", "quantity", good(target="Báo cáo (bản)", quantity="1,2345")),
    ("quantity without end", "quantity", good(target="Báo cáo (bản)", quantity="1e309")),
    ("quantity past all bounds", "quantity", good(target="Báo cáo (bản)", quantity="9" * 20)),
    ("description too long", "description", good(title="Dài", description="chữ " * 1300)),
    ("secrecy mark", "description", good(title="Dấu", description="Độ mật: TUYỆT MẬT")),
    ("neither yes nor no", "is_internal", good(title="Cờ", is_internal="có lẽ")),
    ("column of another category", "community.value", good(title="Cột", community__value="5")),
    ("unknown kind", "policy_document.kind",
     good(category="Văn bản, đề án", policy_document__kind="Thư", policy_document__about="Về",
          policy_document__status="Hoàn thành")),
    ("particulars begun, subject missing", "policy_document.about",
     good(category="Văn bản, đề án", title="Thiếu", policy_document__kind="Kế hoạch",
          policy_document__status="Hoàn thành")),
    ("particulars begun, result missing", "policy_document.status",
     good(category="Văn bản, đề án", title="Thiếu kết quả", policy_document__kind="Kế hoạch",
          policy_document__about="Về việc")),
    ("number out of bounds", "parliament.term",
     good(category="Phục vụ Quốc hội", title="Khóa", parliament__term="150",
          parliament__sessions="3")),
    ("no whole number", "community.value",
     good(category="Vì cộng đồng", title="Tiền", community__value="1,5",
          community__kind="Thăm hỏi, tặng quà")),
    ("VNI letters", "title", good(title="Coâng taùc Ñoaøn thanh nieân")),
    ("text like a link of DDE", "description", good(title="DDE", description="+cmd|'/c x'!A1")),
    ("twice in the file", "title", good(title="báo  cáo SỐ 1")),
    ("there already", "title", good(title="Đã nhập trước")),
]  # fmt: skip
EXCEL_FAULTS: list[tuple[str, str, Row]] = [
    ("formula in a text", "title", good(title="=1+1")),
    ("formula in a number", "quantity", good(target="Báo cáo (bản)", quantity="=SUM(A1:A9)")),
    ("error", "quantity", good(target="Báo cáo (bản)", quantity="#REF!")),
    ("text like a formula", "title", good(title=_text("=cmd|' /C calc'!A0"))),
    ("text like a DDE link", "description", good(title="D", description=_text("+cmd|'/c x'!A1"))),
    ("number for a day", "started_on", good(started_on=46000)),
    ("day with an hour", "started_on", good(started_on=datetime(w.YEAR, 1, 2, 8, 30))),
    ("truth for a text", "title", good(title=True)),
    ("day for a text", "description", good(title="Ngày", description=w.DAY)),
    ("day for a number", "quantity", good(target="Báo cáo (bản)", quantity=w.DAY)),
    ("percent", "quantity", good(target="Báo cáo (bản)", quantity=_shown(0.985, "0.0%"))),
    ("number past all bounds", "quantity", good(target="Báo cáo (bản)", quantity=1e300)),
    ("format that hides", "description", good(title="G", description=_shown("giấu", ";;;"))),
    ("link", "title", good(title=_link)),
    ("VNI font", "title", good(title=_text("Coâng taùc", "VNI-Times"))),
]


def _run(xml: str) -> Change:
    def put(cell: Any) -> None:
        cell.paragraphs[0].add_run("Báo cáo có ")
        outer = parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>")
        cell.paragraphs[0]._p.extend(list(outer))

    return put


def _nested(cell: Any) -> None:
    cell.text = "Ngoài"
    cell.add_table(1, 1).rows[0].cells[0].text = "trong"


def _vanish(cell: Any) -> None:
    cell.text = "Thấy"
    cell.paragraphs[0].add_run(" giấu").font.hidden = True


_RUN = "<w:r><w:t>chữ</w:t></w:r>"
_CUT = "<w:r><w:instrText>=1+1</w:instrText></w:r>"
WORD_FAULTS: list[tuple[str, str, Row]] = [
    ("field", "title", good(title=_run(f'<w:fldSimple w:instr="SUM(A1)">{_RUN}</w:fldSimple>'))),
    ("cut field", "description", good(title="T", description=_run(_CUT))),
    ("insertion", "title", good(title=_run(f'<w:ins w:id="1" w:author="a">{_RUN}</w:ins>'))),
    ("deletion", "title", good(title=_run(f'<w:del w:id="2" w:author="a">{_RUN}</w:del>'))),
    ("picture", "title", good(title=_run("<w:r><w:pict/></w:r>"))),
    ("object", "title", good(title=_run("<w:r><w:object/></w:r>"))),
    ("link", "title", good(title=_run(f'<w:hyperlink w:anchor="x">{_RUN}</w:hyperlink>'))),
    ("hidden text", "title", good(title=_vanish)),
    ("table in a cell", "title", good(title=_nested)),
]


def merge(table: Any, row: int, first: str, last: str) -> None:
    """Merge cells of a row of a Word table."""
    cells = table.rows[row - 1].cells
    cells[WORD_NAMES.index(first)].merge(cells[WORD_NAMES.index(last)])


def drop_cell(table: Any, row: int) -> None:
    """Take the last cell of a row of a Word table away."""
    line = table.rows[row - 1]._tr
    line.remove(line.findall(qn("w:tc"))[-1])


def box(text: str, *, is_hint: bool) -> Any:
    """A content control of Word with a text, or with the hint of an empty one."""
    made, settings, content = (OxmlElement(f"w:{tag}") for tag in ("sdt", "sdtPr", "sdtContent"))
    if is_hint:
        settings.append(OxmlElement("w:showingPlcHdr"))
    content.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>{text}</w:t></w:r>"))
    made.extend([settings, content])
    return made
