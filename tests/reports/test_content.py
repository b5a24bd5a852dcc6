"""The content of a report as data: numbers as printed, links that lead somewhere, JSON."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports.content import (
    Cell,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    center,
    left,
    mapped,
    number,
    paragraphs,
    row_head,
    to_json,
)
from tests.reports.content_sample import long, usual

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (number(1234), "1.234"),
        (number(Decimal("1234.5"), 2), "1.234,50"),
        (number(Decimal("-0.5"), 2), "−0,50"),
        (number("…"), "…"),
        (center(7), "7"),
        (left("2017"), "2017"),
    ],
)
def test_cells_print_numbers_as_vietnamese_write_them(cell: Cell, text: str) -> None:
    assert cell.text == text


def table(*groups: str) -> Table:
    columns = tuple(Column(f"C{i}", 10, group) for i, group in enumerate(groups))
    return Table("x", columns, ())


def test_plain_head_has_one_row() -> None:
    assert table("", "").groups == (("C0", 1, 1), ("C1", 1, 1))
    assert table("", "").grouped == ()


def test_grouped_head_has_two_rows() -> None:
    found = table("", "A", "A", "B", "", "A")
    assert found.groups == (("C0", 1, 2), ("A", 2, 1), ("B", 1, 1), ("C4", 1, 2), ("A", 1, 1))
    assert [column.title for column in found.grouped] == ["C1", "C2", "C3", "C5"]


def test_row_of_much_text_may_break() -> None:
    assert Row((left("x" * 601),)).is_long
    assert not Row((left("x" * 600), number(5))).is_long


def test_code_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="no source for T99"):
        replace(usual(), opening=(Paragraph("x", ("T99",)),))


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        replace(usual(), created=datetime(2017, 12, 5))


def test_fourth_level_is_refused() -> None:
    deep = Section("I.", "A", (), (Section("1.", "B", (), (Section("a)", "C"),)),))
    replace(usual(), sections=(deep,))
    with pytest.raises(ValueError, match="three levels"):
        replace(usual(), sections=(Section("I.", "Z", (), (deep,)),))


def test_typed_lines_become_paragraphs() -> None:
    assert paragraphs(" một\r\n\n  hai \n", "T01") == (
        Paragraph("một", ("T01",)),
        Paragraph("hai"),
    )
    assert paragraphs("\n ") == ()


def test_mapped_reaches_every_text() -> None:
    shouted = mapped(usual(), str.upper)
    assert shouted.head.agency == "CỤM THI ĐUA SỐ 1"
    assert shouted.sections[0].sections[0].title == "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO"
    assert shouted.figures[0] == ("SỐ ĐƠN VỊ", 7)
    assert shouted.created == usual().created


def test_equal_content_is_one_value() -> None:
    assert usual() == usual()
    assert hash(long()) == hash(long())


def test_json_is_the_same_for_the_same_moment_in_another_zone() -> None:
    elsewhere = replace(usual(), created=usual().created.astimezone(UTC))
    assert to_json(elsewhere) == to_json(usual())


def test_json_holds_numbers_dates_and_blocks() -> None:
    report = replace(
        usual(),
        figures=(("Điểm", Decimal("103.250")), ("Ngày", date(2017, 12, 5)), ("Trống", None)),
    )
    found = json.loads(to_json(report))
    assert found["figures"] == {"Điểm": "103.250", "Ngày": "2017-12-05", "Trống": None}
    assert found["created"] == "2017-12-05T08:00:00+07:00"
    assert found["opening"][0]["kind"] == "paragraph"
    assert found["opening"][0]["source_codes"] == ["T01"]
    scores = found["annexes"][2]["blocks"][0]
    assert scores["kind"] == "table"
    assert scores["rows"][0]["cells"][3] == {"value": "14.75", "align": "right", "places": 2}


def test_json_is_nfc_sorted_and_ends_in_a_line_end() -> None:
    head = replace(usual().head, agency=unicodedata.normalize("NFD", "CỤM THI ĐUA SỐ 1"))
    found = to_json(replace(usual(), head=head))
    assert found == to_json(usual())
    assert unicodedata.is_normalized("NFC", found.decode())
    assert found.endswith(b"}\n")
    keys = list(json.loads(found))
    assert keys == sorted(keys)


def test_json_refuses_what_it_does_not_know() -> None:
    row = Row((row_head(1.5),))  # type: ignore[arg-type]
    section = Section("I.", "A", (Table("x", (Column("A", 100),), (row,)),))
    with pytest.raises(TypeError, match="float"):
        to_json(replace(usual(), sections=(section,)))
