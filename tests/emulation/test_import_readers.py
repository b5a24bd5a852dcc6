"""What the readers take, what they refuse as a whole, and that nothing makes them break."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation import uploads
from emulation.forms.importing import RowForms, sample_row
from emulation.importing import legacy, reading, table
from emulation.importing.columns import CATALOGUE, COLUMNS, EXAMPLE, SHEET, Kind
from emulation.importing.excel import read_excel
from emulation.importing.excel_template import excel_template
from emulation.importing.preview import line_of
from emulation.importing.table import Row, Unreadable, in_reading_order, row_of
from emulation.importing.word import read_word
from emulation.importing.word_template import word_template
from tests import world as w
from tests.emulation import import_files as f

GOOD_XLSX, GOOD_DOCX = f.workbook(f.good_rows(2)), f.document(f.good_rows(2))


def texts(rows: list[Row], name: str) -> list[str]:
    return [row.cells[name][1] for row in rows if name in row.cells]


def refusal(read: Callable[[bytes], Any], content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as refused:
        read(content)
    return refused.value.problems


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """The archive with one part more, or with another text in it."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


# What is read


def test_cells_of_excel_come_as_a_form_takes_them() -> None:
    rows = [
        f.good(
            quantity=1234.5, community__value=6_000_000, is_internal=True,
            policy_document__number=12, description="  dòng một\ndòng hai ",
        ),
        f.good(started_on="05/09/2026", quantity="1.234,5", parliament__sessions=3),
        f.good(quantity=0.1 + 0.2, started_on=None),
    ]  # fmt: skip
    found = read_excel(f.workbook(rows))
    assert found.problems == []
    assert texts(found.rows, "quantity") == ["1.234,5", "1.234,5", "0,3"]
    assert texts(found.rows, "community.value") == ["6.000.000"]
    assert texts(found.rows, "is_internal") == ["Có"]
    assert texts(found.rows, "policy_document.number") == ["12"]
    assert texts(found.rows, "parliament.sessions") == ["3"]
    assert texts(found.rows, "started_on") == [w.DAY.isoformat(), "05/09/2026"]
    assert found.rows[0].cells["quantity"][0] == f.in_excel(2, "quantity")


def test_columns_may_stand_in_any_order_below_a_title() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["BÁO CÁO CỦA ĐƠN VỊ"], [], ["việc  ĐÃ làm *", "Ngày", "loại"],
        ["Báo cáo", date(2026, 3, 2), "Tham mưu, báo cáo"], [], ["Hai", None, "Vì cộng đồng"],
    ):  # fmt: skip
        sheet.append(line)
    out = BytesIO()
    book.save(out)
    found = read_excel(out.getvalue())
    assert texts(found.rows, "title") == ["Báo cáo", "Hai"]
    assert [row.number for row in found.rows] == [4, 6]
    assert found.rows[0].cells["title"][0] == "A4"


def test_letters_are_composed() -> None:
    found = read_excel(f.workbook([f.good(title="Ba\u0301o ca\u0301o")]))
    assert texts(found.rows, "title") == ["Báo cáo"]


def test_cells_of_word_keep_their_lines_and_lose_hints() -> None:
    def choose(cell: Any) -> None:
        cell.paragraphs[0]._p.append(f.box("Vì cộng đồng", is_hint=False))

    def leave(cell: Any) -> None:
        cell.paragraphs[0]._p.append(f.box("Chọn", is_hint=True))

    def two_lines(cell: Any) -> None:
        cell.text = "một"
        cell.add_paragraph("hai")

    rows = [f.good(category=choose, organization=leave, description=two_lines)]
    found = read_word(f.document(rows))
    assert found.problems == []
    assert texts(found.rows, "category") == ["Vì cộng đồng"]
    assert texts(found.rows, "organization") == []
    assert texts(found.rows, "description") == ["một\nhai"]
    assert found.rows[0].cells["title"][0] == "dòng 2, cột 3 (Việc đã làm)"


def test_a_letter_around_the_table_is_no_table_of_ours() -> None:
    made = docx.Document(BytesIO(GOOD_DOCX))
    made.add_table(1, 2).rows[0].cells[0].text = "BỘ CÔNG AN"
    made.add_paragraph("Kính gửi")
    out = BytesIO()
    made.save(out)
    assert len(read_word(out.getvalue()).rows) == 2


def test_a_row_survives_its_way_through_json() -> None:
    row = read_excel(GOOD_XLSX).rows[0]
    assert row_of(row.plain()) == row


# The templates


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "extension"), [(excel_template, "xlsx"), (word_template, "docx")])
def test_a_template_is_taken_back_and_its_sample_row_is_not(make: Any, extension: str) -> None:
    world = w.build()
    forms = RowForms(season=world.season, unit=world.a, today=w.DAY)
    content = make(title="Mẫu", choices=forms.choices(), sample=sample_row(world.season))
    uploads.check(f"mau.{extension}", BytesIO(content), len(content))
    refused = refusal(reading.FORMATS[extension].read, content)
    assert "chưa có dòng nào" in refused[0][1]


@pytest.mark.django_db
def test_the_lists_of_the_excel_template_come_from_the_catalogues() -> None:
    world = w.build()
    forms = RowForms(season=world.season, unit=world.a, today=w.DAY)
    content = excel_template(title="Mẫu", choices=forms.choices(), sample=sample_row(world.season))
    book = openpyxl.load_workbook(BytesIO(content))
    lists = {
        column[0].value: [c.value for c in column[1:] if c.value]
        for column in book[CATALOGUE].columns
    }
    assert lists["Chỉ tiêu giao ước"] == ["Báo cáo (bản)"]
    assert lists["Lưu hành nội bộ"] == ["Có", "Không"]
    assert len(lists["Loại"]) == 12
    assert lists["Tổ chức quần chúng"] == ["Công đoàn", "Đoàn Thanh niên", "Hội Phụ nữ"]
    sheet = book[SHEET]
    assert sheet["A2"].value == EXAMPLE
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    listed = [rule for rule in rules.values() if rule.type == "list"]
    shown = [column for column in COLUMNS if column.head in lists]
    assert len(listed) == len(shown) == len(lists)
    assert all(rule.formula1.startswith(f"'{CATALOGUE}'!$") for rule in listed)
    assert all(c.kind in (Kind.CHOICE, Kind.FLAG) for c in shown)
    assert sheet["D2"].is_date


@pytest.mark.django_db
def test_a_name_that_looks_like_a_formula_stays_text_in_the_template() -> None:
    world = w.build()
    world.target.text = "=HYPERLINK(1)"
    world.target.save()
    forms = RowForms(season=world.season, unit=world.a, today=w.DAY)
    content = excel_template(title="=1", choices=forms.choices(), sample={})
    book = openpyxl.load_workbook(BytesIO(content))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert "=HYPERLINK(1) (bản)" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "d"}


# What is refused as a whole


EXTERNAL = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://x/relationships/%s" Target="file:///etc/passwd"
 TargetMode="External"/></Relationships>"""
ENTITY = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("xl/externalLinks/externalLink1.xml", b"<a/>", "bên ngoài"),
        ("xl/connections.xml", b"<a/>", "bên ngoài"),
        ("xl/queryTables/queryTable1.xml", b"<a/>", "bên ngoài"),
        ("xl/worksheets/_rels/x.xml.rels", EXTERNAL % b"externalLinkPath", "bên ngoài"),
        ("xl/worksheets/_rels/y.xml.rels", EXTERNAL % b"oleObject", "bên ngoài"),
        ("xl/embeddings/oleObject1.bin", b"x", "đối tượng"),
        ("xl/media/image1.png", b"x", "đối tượng"),
        ("xl/drawings/drawing1.xml", b"<a/>", "đối tượng"),
        ("xl/extra.xml", ENTITY, "Không mở được"),
        ("xl/extra.bin", ENTITY.decode().encode("utf-16-le"), "Không mở được"),
        ("xl/worksheets/_rels/z.xml.rels", b"<not closed", "Không mở được"),
        ("_rels/z.rels", b'<?xml version="1.0" encoding="x-1"?><a/>', "Không mở được"),
    ],
)  # fmt: skip
def test_links_objects_and_entities_of_excel_are_refused(name: str, text: bytes, said: str) -> None:
    ((where, why),) = refusal(read_excel, with_part(GOOD_XLSX, name, text))
    assert where == "Tệp"
    assert said in why


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("word/_rels/settings.xml.rels", EXTERNAL % b"attachedTemplate", "bên ngoài"),
        ("word/_rels/x.xml.rels", EXTERNAL % b"image", "bên ngoài"),
        ("word/embeddings/Microsoft_Excel.xlsx", b"PK", "đối tượng"),
        ("word/afchunk.htm", b"<p>", "đối tượng"),
        ("word/extra.xml", ENTITY, "Không mở được"),
    ],
)  # fmt: skip
def test_links_objects_and_entities_of_word_are_refused(name: str, text: bytes, said: str) -> None:
    ((where, why),) = refusal(read_word, with_part(GOOD_DOCX, name, text))
    assert where == "Tệp"
    assert said in why


@pytest.mark.parametrize("words", ["DDEAUTO c:\\\\x", "INCLUDETEXT x", 'LINK Excel "x"'])
def test_fields_that_fetch_are_refused_wherever_they_stand(words: str) -> None:
    made = docx.Document(BytesIO(GOOD_DOCX))
    run = f"<w:r {nsdecls('w')}><w:instrText>{words}</w:instrText></w:r>"
    made.add_paragraph()._p.append(parse_xml(run))
    out = BytesIO()
    made.save(out)
    assert "DDE" in refusal(read_word, out.getvalue())[0][1]


def _sheet(change: Callable[[Any], None]) -> bytes:
    return f.workbook(f.good_rows(1), change)


def _stray(sheet: Any) -> None:
    sheet.parent.create_sheet("Sheet2")["A1"] = "mất"


def _hidden_stray(sheet: Any) -> None:
    _stray(sheet)
    sheet.parent["Sheet2"].sheet_state = "veryHidden"


def _chart(sheet: Any) -> None:
    sheet.parent.create_chartsheet("Biểu đồ")


def _hide(sheet: Any) -> None:
    _stray(sheet)
    sheet.sheet_state = "hidden"


def _unknown_head(sheet: Any) -> None:
    sheet.cell(1, 4, "Ghi chú riêng")


def _twice(sheet: Any) -> None:
    sheet.cell(1, 4, "Loại")


@pytest.mark.parametrize(
    ("change", "where"),
    [(_stray, "Sheet2"), (_hidden_stray, "Sheet2"), (_hide, SHEET)],
)  # fmt: skip
def test_other_sheets_are_named(change: Callable[[Any], None], where: str) -> None:
    assert where in [address for address, _text in refusal(read_excel, _sheet(change))]


@pytest.mark.parametrize("change", [_unknown_head, _twice])
def test_wrong_heads_are_named(change: Callable[[Any], None]) -> None:
    assert ("D1" in [where for where, _text in read_excel(_sheet(change)).problems]) is True


def test_a_sheet_without_our_heads_is_refused() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Tên", "Ghi chú"])
    out = BytesIO()
    book.save(out)
    assert refusal(read_excel, out.getvalue())[0][0] == "A1"
    assert refusal(read_word, f.document([], lambda t: t._tbl.getparent().remove(t._tbl)))


def test_two_tables_of_ours_in_word_are_refused() -> None:
    def double(made: Any) -> None:
        body = made._tbl.getparent()
        body.insert(0, parse_xml(_xml(made._tbl)))

    assert "nhiều bảng" in refusal(read_word, f.document(f.good_rows(1), double))[0][1]


def _xml(element: Any) -> str:
    return str(element.xml)


def test_more_rows_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulation.importing.excel.MAX_ROWS", 3)
    monkeypatch.setattr("emulation.importing.word.MAX_ROWS", 3)
    assert len(read_excel(f.workbook(f.good_rows(3))).rows) == 3
    assert refusal(read_excel, f.workbook(f.good_rows(4)))[0][0] == "A5"
    assert refusal(read_word, f.document(f.good_rows(4)))[0][0] == "dòng 5, cột 1"
    assert table.MAX_ROWS == 2000


def test_a_million_empty_rows_are_no_rows() -> None:
    def far(sheet: Any) -> None:
        sheet.cell(1_048_576, 3).number_format = "0.00"

    assert len(read_excel(_sheet(far)).rows) == 1


def test_a_row_far_below_is_read_with_its_number() -> None:
    def far(sheet: Any) -> None:
        sheet.cell(1_000_000, 2, "Vì cộng đồng")
        sheet.cell(1_000_000, 3, "Xa")

    assert [row.number for row in read_excel(_sheet(far)).rows] == [2, 1_000_000]


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulation.importing.sheet_scan.MAX_CELLS", 30)
    assert "quá nhiều ô" in refusal(read_excel, f.workbook(f.good_rows(9)))[0][1]


def test_a_reader_that_dies_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_content: bytes) -> Any:
        raise MemoryError

    monkeypatch.setitem(reading.FORMATS, "xlsx", reading.Format(die, f.excel_address))
    with pytest.raises(Unreadable) as refused:
        reading.read("xlsx", b"")
    assert "quá lớn" in refused.value.problems[0][1]


def test_the_child_reads_as_the_reader_does() -> None:
    assert reading.read("xlsx", GOOD_XLSX) == read_excel(GOOD_XLSX)
    assert reading.read("docx", GOOD_DOCX) == read_word(GOOD_DOCX)


def test_problems_are_told_in_the_order_of_the_file() -> None:
    mixed = [("AA3", ""), ("C10", ""), ("B3", ""), ("C4:E5", ""), ("Tệp", ""), ("C3", "")]
    told = [where for where, _text in in_reading_order(mixed)]
    assert told == ["Tệp", "B3", "C3", "AA3", "C4:E5", "C10"]
    word = [("dòng 10, cột 2 (x)", ""), ("dòng 9, cột 11 (27/7)", ""), ("dòng 9, cột 3", "")]
    assert [where for where, _text in in_reading_order(word)] == [
        word[2][0],
        word[1][0],
        word[0][0],
    ]


def test_the_preview_shows_days_as_they_are_written_here() -> None:
    row = Row(7, "dòng 7", {
        "title": ("C7", "Việc"), "started_on": ("D7", "2026-03-02"),
        "ended_on": ("E7", "05/03/2026"),
        "community.gifts": ("X7", "12"),
    }, [("C7", "đã đổi")])  # fmt: skip
    line = line_of(row)
    assert line.days == "02/03/2026 – 05/03/2026"
    assert line.others == [("Số suất quà", "12")]
    assert line.notes == ["C7: đã đổi"]


# Old code tables


@pytest.mark.parametrize(
    ("text", "table_name", "unicode"),
    [
        ("C«ng t¸c ®oµn", "TCVN3", "Công tác đoàn"),
        ("Héi nghÞ tæng kÕt", "TCVN3", "Hội nghị tổng kết"),
        ("§¶ng ñy, chi bé", "TCVN3", "Đảng ủy, chi bộ"),
        ("Coâng taùc Ñoaøn", "VNI", ""),
        ("Toå chöùc hoäi nghò", "VNI", ""),
        ("Công tác đoàn", "", ""),
        ("Hoà bình, thuý, quý", "", ""),
        ("Diện tích 25 m², 30 °C, § 3, «Vì dân»", "", ""),
        ("Plain words only", "", ""),
    ],
)  # fmt: skip
def test_old_code_tables_are_told_apart(text: str, table_name: str, unicode: str) -> None:
    assert legacy.table_of(text) == table_name
    if table_name == "TCVN3":
        assert legacy.from_tcvn3(text) == unicode


def test_the_name_of_a_font_is_enough_for_one_odd_sign() -> None:
    assert legacy.table_of("Qu¶") == ""
    assert legacy.table_of("Qu¶", ".VnTime") == "TCVN3"
    assert legacy.table_of("Đoàn kết", ".VnTime") == ""


# Whatever comes


def problems_of(extension: str, content: bytes) -> list[tuple[str, str]]:
    """What is said of a file; any exception but the refusal fails the test."""
    try:
        return reading.FORMATS[extension].read(content).problems
    except Unreadable as refused:
        return refused.problems


@settings(max_examples=60)
@given(st.data())
def test_no_bytes_break_a_reader(data: st.DataObject) -> None:
    """Bytes of a good file changed here and there, and parts of it replaced."""
    extension = data.draw(st.sampled_from(["xlsx", "docx"]))
    content = bytearray(GOOD_XLSX if extension == "xlsx" else GOOD_DOCX)
    for _change in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    assert all(where for where, _text in problems_of(extension, bytes(content)))


ODD = ["1e999", "-1", "&#1;", 't="e"', "<f>1</f>", "ZZZZ9"]
XML_PARTS = {
    "xlsx": ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"],
    "docx": ["word/document.xml", "word/styles.xml"],
}


@settings(max_examples=60)
@given(st.data())
def test_no_xml_breaks_a_reader(data: st.DataObject) -> None:
    """XML with pieces doubled, dropped and filled with odd values."""
    extension = data.draw(st.sampled_from(["xlsx", "docx"]))
    content = GOOD_XLSX if extension == "xlsx" else GOOD_DOCX
    name = data.draw(st.sampled_from(XML_PARTS[extension]))
    text = part(content, name).decode()
    for _change in range(data.draw(st.integers(1, 3))):
        first, last = sorted(data.draw(st.integers(0, len(text))) for _end in range(2))
        pieces = ["", text[first:last][:200], *ODD]
        odd = data.draw(st.sampled_from(pieces))
        text = text[:first] + odd + text[min(last, first + 40) :]
    spoilt = with_part(content, name, text.encode())
    assert all(where for where, _text in problems_of(extension, spoilt))


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_has_one_code_table(text: str, font: str) -> None:
    assert legacy.table_of(text, font) in ("", legacy.TCVN3, legacy.VNI)
    assert len(legacy.from_tcvn3(text)) == len(text)


def test_an_odd_row_of_word_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row without cells at all, as broken programs write it."""

    def empty(made: Any) -> None:
        line = made.rows[1]._tr
        for cell in line.findall(qn("w:tc"))[3:]:
            line.remove(cell)

    found = read_word(f.document(f.good_rows(1), empty))
    assert found.problems[0][0] == "dòng 2, cột 3"
