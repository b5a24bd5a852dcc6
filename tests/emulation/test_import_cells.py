"""Every kind of bad cell is named by its address, in Excel and in Word, and nothing is stored."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from emulation import tasks
from emulation.models import Achievement, Import
from emulation.services import importing as services
from tests import world as w
from tests.emulation import import_files as f


@pytest.fixture
def world(db: None) -> w.World:
    made = w.build()
    w.draft(made, title="Đã nhập trước")
    return made


def uploaded(world: w.World, name: str, content: bytes) -> Import:
    """The file after the worker looked at it."""
    row = services.upload_import(
        season=world.season, unit=world.a, by=world.an, key=uuid4(), name=name,
        file=BytesIO(content), size=len(content), enqueue=lambda pk: None,
    )  # fmt: skip
    tasks.run_import_task(row.pk)
    row.refresh_from_db()
    return row


def spoilt(faults: list[Any]) -> list[f.Row]:
    """A good row, then one row for each fault; the titles differ where they are not the fault."""
    rows: list[f.Row] = [f.good(order=1, title="Báo cáo số 1")]
    for number, (_what, name, row) in enumerate(faults, 2):
        own = row.get("title") == "Báo cáo tuần" and name != "title"
        rows.append(row | {"order": number} | ({"title": f"Việc {number}"} if own else {}))
    return rows


def found(row: Import) -> dict[str, list[str]]:
    by_address: dict[str, list[str]] = {}
    for address, text in row.problems:
        by_address.setdefault(address, []).append(text)
    return by_address


def test_thirty_kinds_of_bad_cells_in_excel_are_named(world: w.World) -> None:
    faults = [*f.FAULTS, *f.EXCEL_FAULTS]
    assert len({what for what, _name, _row in faults}) >= 45
    last = len(faults) + 3

    def spoil(sheet: Any) -> None:
        sheet.cell(last, 3, "Dòng ẩn")
        sheet.row_dimensions[last].hidden = True
        sheet.cell(last + 1, 3, "Gộp")
        sheet.merge_cells(start_row=last + 1, end_row=last + 1, start_column=3, end_column=5)
        sheet.cell(last + 2, len(f.HEADS) + 3, "ngoài bảng")
        sheet.column_dimensions[f.in_excel(1, "drive")[:-1]].hidden = True

    row = uploaded(world, "xau.xlsx", f.workbook(spoilt(faults), spoil))
    assert row.state == "refused"
    expected = {f.in_excel(number, name) for number, (_w, name, _r) in enumerate(faults, 3)}
    expected |= {
        f"A{last}", f"C{last + 1}:E{last + 1}", f.excel_address(last + 2, len(f.HEADS) + 3),
        f.in_excel(1, "drive"),
        # The three rows above have no category.
        *(f.in_excel(number, "category") for number in (last, last + 1, last + 2)),
    }  # fmt: skip
    assert set(found(row)) == expected
    assert all(text for _address, text in row.problems)
    assert list(Achievement.objects.values_list("title", flat=True)) == ["Đã nhập trước"]
    assert row.entries == []


def test_thirty_kinds_of_bad_cells_in_word_are_named(world: w.World) -> None:
    faults = [*f.FAULTS, *f.WORD_FAULTS]
    assert len({what for what, _name, _row in faults}) >= 40
    rows = [*spoilt(faults), f.good(title="Gộp"), f.good(title="Thiếu ô")]

    def spoil(table: Any) -> None:
        f.merge(table, len(rows), "ended_on", "organization")
        f.drop_cell(table, len(rows) + 1)

    row = uploaded(world, "xau.docx", f.document(rows, spoil))
    assert row.state == "refused"
    expected = {f.in_word(number, name) for number, (_w, name, _r) in enumerate(faults, 3)}
    expected |= {
        f.in_word(len(rows), "ended_on"),
        f.word_address(len(rows) + 1, len(f.WORD_NAMES) - 1),
    }
    assert set(found(row)) == expected
    assert list(Achievement.objects.values_list("title", flat=True)) == ["Đã nhập trước"]


@pytest.mark.parametrize(("what", "name", "row"), f.FAULTS, ids=[what for what, *_ in f.FAULTS])
def test_each_fault_alone_is_enough(world: w.World, what: str, name: str, row: f.Row) -> None:
    """And no other cell is named: the fault is not an echo of another."""
    rows = spoilt([(what, name, row)])
    for made, address in (
        (uploaded(world, "a.xlsx", f.workbook(rows)), f.in_excel(3, name)),
        (uploaded(world, "a.docx", f.document(rows)), f.in_word(3, name)),
    ):
        assert made.state == "refused"
        assert [address] == [where for where, _text in made.problems]
    assert Achievement.objects.count() == 1


@pytest.mark.parametrize(("name", "content"), [
    ("tot.xlsx", f.workbook(f.good_rows(3))), ("tot.docx", f.document(f.good_rows(3))),
])  # fmt: skip
def test_good_rows_wait_for_the_confirmation(world: w.World, name: str, content: bytes) -> None:
    row = uploaded(world, name, content)
    assert (row.state, row.problems, row.rows, row.done) == ("checked", [], 3, 3)
    assert [kept["cells"]["title"][1] for kept in row.entries] == [
        "Báo cáo số 1", "Báo cáo số 2", "Báo cáo số 3",
    ]  # fmt: skip
    assert Achievement.objects.count() == 1


def test_a_file_with_a_secrecy_mark_is_not_kept(world: w.World) -> None:
    row = uploaded(world, "a.xlsx", f.workbook([f.good(title="Kế hoạch TUYỆT MẬT")]))
    assert row.state == "refused"
    assert "TUYỆT MẬT" in row.problems[0][1]
    assert not row.file
    assert row.sha256


def test_letters_of_tcvn3_are_converted_and_pointed_out(world: w.World) -> None:
    row = uploaded(world, "a.xlsx", f.workbook([f.good(title="B¸o c¸o c«ng t¸c §oµn")]))
    assert row.state == "checked"
    assert row.entries[0]["cells"]["title"] == ["C2", "Báo cáo công tác Đoàn"]
    assert row.entries[0]["notes"] == [["C2", "Đã đổi từ bảng mã TCVN3 sang Unicode"]]
