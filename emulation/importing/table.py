"""What a reader gives back: the rows of a table, and every cell that cannot be read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from emulation.importing.columns import COLUMNS, EXAMPLE, Column, column_of, is_order, plain_head

MAX_ROWS = 2000
# A head stands at the top; what comes before it is a title.
HEAD_WITHIN = 10
# More are of no use to whoever mends the file.
MAX_PROBLEMS = 500
MAX_TEXT = 20_000
# The address of what concerns the file as a whole.
FILE = "Tệp"

Problem = tuple[str, str]
# What a spreadsheet would take for a formula if the text were typed into it again.
_LIKE_FORMULA = re.compile(r"\s*[=@]|\s*[+\-][^\s|]*\|.*!")
# Returns the address of (row, column), both counted from 1.
Address = Callable[[int, int], str]


class Unreadable(Exception):  # noqa: N818 - it says what happened to the file
    """A file of which no cell is taken: `problems` say where and why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = list(problems)


def in_reading_order(problems: list[Problem]) -> list[Problem]:
    """Return the problems as somebody meets them who reads the file: row by row, left to right.

    What concerns the whole file comes first.
    """
    return sorted(problems, key=lambda problem: _place(problem[0]))


def _place(address: str) -> tuple[int, int]:
    if match := re.match(r"([A-Z]{1,3})(\d+)(?!\w)", address):
        letters, row = match.groups()
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(row), column
    numbers = [int(number) for number in re.findall(r"\d+", address)[:2]]
    return (numbers[0], numbers[1] if len(numbers) > 1 else 0) if numbers else (0, 0)


def damaged() -> Unreadable:
    """Return what is said of a file that does not open."""
    return Unreadable((FILE, _("Không mở được tệp. Lưu lại rồi tải lên")))


@dataclass
class Row:
    """One row: its number in the file, and by name of the column (address, text) of its cells."""

    number: int
    place: str
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    # (address, what was changed while reading) for whoever looks at the preview.
    notes: list[Problem] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return the row as JSON keeps it."""
        return {
            "row": self.number,
            "place": self.place,
            "cells": {name: list(cell) for name, cell in self.cells.items()},
            "notes": [list(note) for note in self.notes],
        }


def row_of(kept: dict[str, Any]) -> Row:
    """Return the row that `plain` made into JSON."""
    return Row(
        kept["row"],
        kept["place"],
        {name: (address, text) for name, (address, text) in kept["cells"].items()},
        [(address, text) for address, text in kept["notes"]],
    )


@dataclass
class Table:
    """The rows that were read; with problems, they are not all."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # By name of the column, its number from 1.
    heads: dict[str, int] = field(default_factory=dict)


def places_of(
    texts: list[str], row: int, address: Address, problems: list[Problem]
) -> dict[int, Column | None]:
    """Return by index what each named column is; None for the running number.

    Adds a problem for every head that is unknown, stands twice, or is missing.
    """
    places: dict[int, Column | None] = {}
    seen: dict[str, int] = {}
    for index, text in enumerate(texts):
        if not plain_head(text):
            continue
        column = column_of(text)
        name = column.name if column else "order"
        where = address(row, index + 1)
        if column is None and not is_order(text):
            problems.append(
                (where, _("Tiêu đề cột không có trong mẫu. Sửa lại như mẫu, hoặc xóa cả cột"))
            )
        elif name in seen:
            first = address(row, seen[name] + 1)
            problems.append(
                (where, _("Tiêu đề cột đã có ở %(first)s. Xóa một cột") % {"first": first})
            )
        else:
            seen[name] = index
            places[index] = column
    for column in COLUMNS:
        if column.needed and column.name not in seen:
            missing = _("Thiếu cột “%(head)s”. Thêm cột như trong mẫu") % {"head": column.head}
            problems.append((address(row, 1), missing))
    return places


def is_example(order: str) -> bool:
    """Tell whether a row with this running number is the sample row of the template."""
    return plain_head(order) == plain_head(EXAMPLE)


def is_like_formula(text: str) -> bool:
    """Tell whether a text would run as a formula once a spreadsheet gets it."""
    return _LIKE_FORMULA.match(text) is not None
