"""The Word file that a unit fills in: one table with drop-down lists, the lists below it."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from emulation.importing.columns import COLUMNS, EXAMPLE, ORDER, Kind
from emulation.importing.excel_template import Choices

_ROWS = 15
_WIDTHS = (14, 34, 52, 22, 22, 26, 36, 18, 43)  # millimetres, for 267 between the margins
_GUIDE = (
    "Mỗi dòng một thành tích; thêm dòng khi cần. Cột có dấu * phải có. Ngày ghi dạng "
    "ngày/tháng/năm, số ghi bằng chữ số. Dòng “VÍ DỤ” không được nhập. Không dùng công thức, "
    "liên kết, ô gộp, hình. Chỉ ghi nội dung không mật. Cần ghi thêm chi tiết của văn bản, Quốc "
    "hội, cộng đồng, điển hình: dùng tệp Excel mẫu, hoặc thêm cột có tiêu đề như tệp đó."
)
IN_WORD = [column for column in COLUMNS if column.in_word]


def word_template(*, title: str, choices: Choices, sample: Mapping[str, Any]) -> bytes:
    """Return the template as a document; `title` tells the season and the unit."""
    document = docx.Document()
    _page(document)
    document.add_paragraph(title).runs[0].bold = True
    document.add_paragraph(_GUIDE)
    table = document.add_table(rows=_ROWS + 2, cols=len(IN_WORD) + 1, style="Table Grid")
    table.autofit = False
    _head(table)
    _sample(table, sample)
    for row in table.rows[2:]:
        for cell, column in zip(row.cells[1:], IN_WORD, strict=True):
            if column.kind is Kind.CHOICE and choices.get(column.name):
                cell.paragraphs[0]._p.append(_list(column.head, choices[column.name]))
    for column in IN_WORD:
        if choices.get(column.name):
            document.add_paragraph().add_run(f"Danh mục: {column.head}").bold = True
            for label in choices[column.name]:
                document.add_paragraph(label, style="List Bullet")
    document.core_properties.title = title
    document.core_properties.author = ""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")


def _head(table: Any) -> None:
    heads = [ORDER, *(column.head + (" *" if column.needed else "") for column in IN_WORD)]
    for index, head in enumerate(heads):
        table.columns[index].width = Mm(_WIDTHS[index])
        cell = table.rows[0].cells[index]
        cell.paragraphs[0].add_run(head).bold = True
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in table.rows:
        for index, cell in enumerate(row.cells):
            cell.width = Mm(_WIDTHS[index])


def _sample(table: Any, sample: Mapping[str, Any]) -> None:
    cells = table.rows[1].cells
    cells[0].paragraphs[0].add_run(EXAMPLE).italic = True
    for cell, column in zip(cells[1:], IN_WORD, strict=True):
        value = sample.get(column.name)
        text = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value or "")
        cell.paragraphs[0].add_run(text).italic = True


def _list(head: str, labels: Any) -> Any:
    """Return a drop-down list that shows a hint until something is chosen."""
    box, settings, offered = (OxmlElement(f"w:{tag}") for tag in ("sdt", "sdtPr", "dropDownList"))
    alias = OxmlElement("w:alias")
    alias.set(qn("w:val"), head)
    settings.extend([alias, OxmlElement("w:showingPlcHdr"), offered])
    for label in labels:
        item = OxmlElement("w:listItem")
        item.set(qn("w:displayText"), label)
        item.set(qn("w:value"), label)
        offered.append(item)
    content, run, text = OxmlElement("w:sdtContent"), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "Chọn"
    run.append(text)
    content.append(run)
    box.extend([settings, content])
    return box
