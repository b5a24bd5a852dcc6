"""What a summary report says, as frozen data: no layout, no database, no clock.

`reports.summary` fills these classes from a season, the renderers read them. Lengths are tuples
and numbers are int or Decimal, so one content is one value: comparable, hashable, testable.
A year or a document number is a str, because every number is printed with Vietnamese separators.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

from clusters.vietnamese import format_number, nfc

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UNKNOWN = "…"  # what the source does not say; never a zero

Value = str | int | Decimal
Align = Literal["left", "center", "right"]
ParagraphStyle = Literal["body", "basis", "center"]
Plain = str | int | Decimal | date | None | tuple["Plain", ...]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of running text.

    `source_codes` name rows of the report's `Sources`; they stand in the left margin and lead
    there. Style "basis" is a legal basis (italic), "center" a remark such as the day of the data.
    """

    kind: ClassVar[str] = "paragraph"
    text: str
    source_codes: tuple[str, ...] = ()
    style: ParagraphStyle = "body"


@dataclass(frozen=True)
class BulletList:
    """Points with a dash, each a paragraph of its own; the dash is not part of the text."""

    kind: ClassVar[str] = "list"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: title ("\\n" breaks the line), width in percent of the table.

    Neighbouring columns with the same non-empty `group` share a heading above them.
    """

    title: str
    width: Decimal | int
    group: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell; a number is printed with `places` decimals, a text as it is.

    `rows` and `columns` say how far the cell spans. A header cell names its row.
    """

    value: Value
    align: Align = "left"
    places: int = 0
    is_header: bool = False
    rows: int = 1
    columns: int = 1

    @property
    def text(self) -> str:
        """Return what is printed."""
        return self.value if isinstance(self.value, str) else format_number(self.value, self.places)


def left(value: Value) -> Cell:
    """Return a cell of running text."""
    return Cell(value)


def center(value: Value, *, rows: int = 1) -> Cell:
    """Return a centred cell: an ordinal number, a date, a rank."""
    return Cell(value, align="center", rows=rows)


def number(value: Value, places: int = 0) -> Cell:
    """Return a cell that stands right and never breaks; keep `places` equal down a column."""
    return Cell(value, align="right", places=places)


def row_head(value: Value, *, rows: int = 1, align: Align = "left") -> Cell:
    """Return the cell that names its row; every row has one."""
    return Cell(value, align=align, is_header=True, rows=rows)


@dataclass(frozen=True)
class Row:
    """A table row. `strong` prints it bold; `keep` holds it on the page of the next row."""

    cells: tuple[Cell, ...]
    strong: bool = False
    keep: bool = False

    @property
    def is_long(self) -> bool:
        """Tell whether the row may need more than a page, so that it has to break."""
        return any(len(cell.text) > 600 for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A ruled table; its head is repeated on every page.

    `anchor` is the unique id that a `#…` link reaches, `caption` the whole line ("Bảng 1. …") or
    empty, `tight` the 10 pt setting for tables of twenty columns.
    """

    kind: ClassVar[str] = "table"
    anchor: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    note: str = ""
    tight: bool = False

    @property
    def groups(self) -> tuple[tuple[str, int, int], ...]:
        """Return the first head row as (title, columns, head rows) from left to right."""
        if not any(column.group for column in self.columns):
            return tuple((column.title, 1, 1) for column in self.columns)
        found: list[tuple[str, int, int]] = []
        last = ""
        for column in self.columns:
            if column.group and column.group == last:
                title, span, height = found[-1]
                found[-1] = (title, span + 1, height)
            else:
                found.append((column.group, 1, 1) if column.group else (column.title, 1, 2))
            last = column.group
        return tuple(found)

    @property
    def grouped(self) -> tuple[Column, ...]:
        """Return the columns that stand in the second head row."""
        return tuple(column for column in self.columns if column.group)


@dataclass(frozen=True)
class Bar:
    """One bar: its label and its value, None where there is none yet."""

    label: str
    value: Decimal | int | None


@dataclass(frozen=True)
class Chart:
    """Horizontal bars from zero. The first `highlight` bars are dark.

    `title` says what is compared and begins the alternative text; `unit` follows the values there.
    """

    title: str
    bars: tuple[Bar, ...]
    unit: str = ""
    places: int = 2
    highlight: int = 0


@dataclass(frozen=True)
class Stack:
    """One bar of a stacked chart: a label and one value, zero or more, for each part."""

    label: str
    values: tuple[Decimal | int, ...]


@dataclass(frozen=True)
class StackedChart:
    """What makes up a total, in up to three parts, for the screen."""

    title: str
    parts: tuple[str, ...]
    stacks: tuple[Stack, ...]
    unit: str = ""
    places: int = 0


@dataclass(frozen=True)
class Figure:
    """A chart with its caption ("Hình 1. …") below."""

    kind: ClassVar[str] = "figure"
    anchor: str
    caption: str
    chart: Chart


@dataclass(frozen=True)
class Source:
    """Where a statement comes from: code, place in the report, quoted words, what was corrected."""

    code: str
    place: str
    quote: str
    correction: str = ""


@dataclass(frozen=True)
class Sources:
    """The table to which the codes in the margin lead; once in a report, in an annex."""

    kind: ClassVar[str] = "sources"
    rows: tuple[Source, ...]


Block = Paragraph | BulletList | Table | Figure | Sources


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it. Depth makes the level: "I.", then "1.", then "a)"."""

    number: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()

    @property
    def heading(self) -> str:
        """Return the heading as printed."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True)
class Head:
    """Cells 1 to 4 of the decree's sketch.

    `number_text` without "Số:" ("05/BC-CTĐ1", "…/BC-CTĐ1"); `date_text` with the place
    ("Hà Nội, ngày 05 tháng 12 năm 2017").
    """

    parent_agency: str
    agency: str
    number_text: str
    date_text: str


@dataclass(frozen=True)
class Signature:
    """Who signs: lines above the name ("TM. CỤM THI ĐUA SỐ 1", "CỤM TRƯỞNG") and the name."""

    posts: tuple[str, ...]
    name: str = UNKNOWN
    hint: str = ""


@dataclass(frozen=True)
class Annex:
    """An annex with page numbers of its own; `wide` is landscape.

    `number` is Roman ("I"), `enclosed` holds the lines "(Kèm theo Báo cáo số …)". `signatures`
    stand side by side at its foot, as under the table of scores.
    """

    number: str
    title: str
    enclosed: tuple[str, ...]
    blocks: tuple[Block, ...]
    wide: bool = False
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class SummaryReport:
    """A whole report.

    `closing` is the last paragraph, ends in "./." and stays with the signature. `notice` is printed
    at the foot of every page ("Dữ liệu minh họa: …") or empty. `created` is aware and comes from
    the document's row: the file holds no other time. `figures` are named numbers for machines;
    they are not printed.

    Raises ValueError for a naive `created`, for a margin code without a row in `Sources`, and for
    headings deeper than "a)".
    """

    head: Head
    title: str
    abstract: tuple[str, ...]
    author: str
    created: datetime
    opening: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    closing: Paragraph
    signature: Signature
    recipients: tuple[str, ...]
    annexes: tuple[Annex, ...] = ()
    notice: str = ""
    type_name: str = "BÁO CÁO"
    description: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "vi"
    figures: tuple[tuple[str, Plain], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would print a dead link or a time without a zone."""
        if self.created.tzinfo is None:
            raise ValueError("created must be aware")
        if missing := self.used_codes - self.listed_codes:
            raise ValueError(f"no source for {', '.join(sorted(missing))}")
        if any(c.sections for a in self.sections for b in a.sections for c in b.sections):
            raise ValueError("sections go three levels deep")

    @property
    def blocks(self) -> Iterator[Block]:
        """Yield every block in reading order, without headings."""
        yield from self.opening
        for section in self.sections:
            yield from _blocks(section)
        yield self.closing
        for annex in self.annexes:
            yield from annex.blocks

    @property
    def used_codes(self) -> frozenset[str]:
        """Return the codes that stand in the margin."""
        return frozenset(
            code
            for block in self.blocks
            if isinstance(block, Paragraph)
            for code in block.source_codes
        )

    @property
    def listed_codes(self) -> frozenset[str]:
        """Return the codes that have a row in the table of sources."""
        return frozenset(
            row.code for block in self.blocks if isinstance(block, Sources) for row in block.rows
        )


def _blocks(section: Section) -> Iterator[Block]:
    """Yield the blocks of a section and of those below it."""
    yield from section.blocks
    for inner in section.sections:
        yield from _blocks(inner)


def mapped(report: SummaryReport, change: Callable[[str], str]) -> SummaryReport:
    """Return the report with `change` applied to every text in it."""
    found = _mapped(report, change)
    assert isinstance(found, SummaryReport)
    return found


def _mapped(value: object, change: Callable[[str], str]) -> object:
    """Return a value with its texts changed, down through tuples and dataclasses."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _mapped(getattr(value, field.name), change) for field in fields(value)
        }
        return replace(value, **changed)
    return value


def paragraphs(text: str, *source_codes: str) -> tuple[Paragraph, ...]:
    """Return a typed text as paragraphs, one per non-empty line; the codes go to the first."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(Paragraph(line, () if i else source_codes) for i, line in enumerate(lines))


def to_json(report: SummaryReport) -> bytes:
    """Return the report as JSON for machines: equal content gives equal bytes.

    UTF-8, NFC, sorted keys; a Decimal is a string with all its places, a date is ISO 8601, a time
    is in Vietnamese zone; `figures` is an object; a block says its `kind`. What has its default
    value (a cell to the left, no note) is left out.
    """
    whole = _plain(report)
    assert isinstance(whole, dict)
    whole["figures"] = {name: _plain(value) for name, value in report.figures}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=0, allow_nan=False)
    return (nfc(text) + "\n").encode()


def _plain(value: object) -> object:
    """Return a value of the content as JSON knows it; raise TypeError for anything else."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        found = {
            field.name: _plain(now)
            for field in fields(value)
            if (now := getattr(value, field.name)) != field.default
        }
        return found | ({"kind": value.kind} if hasattr(value, "kind") else {})
    raise TypeError(f"no content: {type(value).__name__}")
