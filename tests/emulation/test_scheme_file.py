"""The Excel file of a scheme: what it holds, and the published worked example beside it."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from emulation import scheme_a, scheme_b
from emulation.scheme_example import CASES, FORMULAS, ours
from emulation.scheme_file import CONDITIONS, EXAMPLE, TREE, scheme_workbook


def book_of(shipped: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(scheme_workbook(shipped.PLAN)))


@pytest.mark.parametrize("shipped", [scheme_a, scheme_b])
def test_every_criterion_and_condition_is_a_row_with_real_numbers(shipped: Any) -> None:
    book = book_of(shipped)
    rows = list(book[TREE].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [line.code for line in shipped.LINES]
    assert [row[6] for row in rows] == [line.max_score for line in shipped.LINES]
    assert rows[0][8] == f"=SUMIF(B$2:B${len(rows) + 1},A2,G$2:G${len(rows) + 1})"
    assert len(book[TREE].data_validations.dataValidation) == 2
    assert book[CONDITIONS].max_row == len(shipped.PLAN.rules) + 1


def test_the_example_has_every_method_and_the_published_vectors() -> None:
    assert {case.method for case in CASES} == set(FORMULAS)
    published = [ours(case) for case in CASES[:5]]
    assert published == [
        Decimal("4.5"), Decimal(5), Decimal(7), Decimal(10), Decimal("7.5"),
    ]  # fmt: skip
    sheet = book_of(scheme_a)[EXAMPLE]
    assert all(str(sheet.cell(row, 9).value).startswith("=ROUND(") for row in range(2, len(CASES)))
    assert [sheet.cell(row, 10).value for row in range(2, 7)] == [4.5, 5, 7, 10, 7.5]


def test_a_text_is_never_a_formula() -> None:
    lines = [scheme_b.LINES[0]._replace(name="=1+1"), *scheme_b.LINES[1:]]
    plan = scheme_b.PLAN.__class__(**{**vars(scheme_b.PLAN), "lines": lines})
    book = openpyxl.load_workbook(BytesIO(scheme_workbook(plan)))
    assert book[TREE]["C2"].data_type == "s"
