"""The consolidated score table (landscape): what each unit gave itself and what was verified."""

from decimal import Decimal

from clusters.vietnamese import format_number
from emulation import ranking
from emulation.models import Criterion, Score, ScoreSheet
from emulation.scoring import GRADES, Kind, SheetTotal
from emulation.standings import UnitTotals
from reports.content import Cell, Column, Row, Table, center, number, row_head
from reports.summary.facts import Facts
from reports.summary.tables import NONE
from reports.summary.words import lower_first

# Beyond so many criteria the table shows the sums of the groups.
MOST_COLUMNS = 20
FIXED = (
    Column("STT", Decimal("3.57")),
    Column("Đơn vị", Decimal("9.52")),
    Column("Cách chấm", Decimal("7.54")),
)
LAST = (
    Column("Tổng", Decimal("5.46")),
    Column("Xếp hạng", Decimal("4.37")),
    Column("Xếp loại", Decimal("6.55")),
)


def table(facts: Facts) -> Table:
    """Return two rows for each unit: its own scores and the verified ones."""
    shown = columns(facts.criteria)
    rows: list[Row] = []
    for place, line in enumerate(facts.standings, 1):
        rows += _rows(place, line, facts.sheets.get(line.unit.pk), shown)
    return Table(
        anchor="bang-diem",
        columns=(*FIXED, *_heads(shown, facts.criteria), *LAST),
        rows=tuple(rows),
        note=_note(shown, facts.criteria),
        tight=True,
    )


def columns(criteria: list[Criterion]) -> list[Criterion]:
    """Return the criteria that have a column: the leaves, or the top rows where they are many."""
    leaves = [row for row in criteria if row.kind != Kind.GROUP.value]
    if len(leaves) <= MOST_COLUMNS:
        return leaves
    return [row for row in criteria if row.parent_id is None]


def _heads(shown: list[Criterion], criteria: list[Criterion]) -> list[Column]:
    """Return the columns of the criteria with their maximum, below the heading of their group."""
    groups = {row.pk: f"Nhóm {row.code} ({_most(row)})" for row in criteria}
    room = Decimal(100) - sum(Decimal(column.width) for column in (*FIXED, *LAST))
    shares = [_share(row) for row in shown]
    return [
        Column(
            f"{row.code}\n({_most(row)})",
            (room * share / sum(shares)).quantize(Decimal("0.01")),
            group=groups.get(row.parent_id or 0, ""),
        )
        for row, share in zip(shown, shares, strict=True)
    ]


def _share(row: Criterion) -> Decimal:
    """Return how much room the longest score of a criterion takes, in relation to the others."""
    longest = max(len(format_number(score, 2)) for score in (row.min_score, row.max_score))
    return Decimal(50 + 15 * longest)


def _most(row: Criterion) -> str:
    """Return the most that a criterion can bring, or the least of one that only takes away."""
    return format_number(row.max_score or row.min_score)


def _rows(
    place: int, line: UnitTotals, sheet: ScoreSheet | None, shown: list[Criterion]
) -> tuple[Row, Row]:
    """Return the two rows of a unit; a sheet that was not sent shows nothing."""
    scores = {score.criterion_id: score for score in sheet.scores.all()} if sheet else {}
    is_ranked = line.rank is not None
    own = _marks(shown, scores, line.own, "self_score") if sheet else [NONE] * len(shown)
    seen = _marks(shown, scores, line.verified, "verified_score")
    if not is_ranked:
        seen = [NONE] * len(shown)
    first = (
        center(place, rows=2), row_head(str(line.unit), rows=2), center("Tự chấm"),
        *(number(mark, 2) for mark in own), number(line.own.total if sheet else NONE, 2),
        center(line.rank if line.rank is not None else NONE, rows=2),
        center(str(ranking.GRADES[line.grade]) if line.grade else "Chưa thẩm định", rows=2),
    )  # fmt: skip
    second: tuple[Cell, ...] = (
        center("Thẩm định"), *(number(mark, 2) for mark in seen),
        number(line.verified.total if is_ranked else NONE, 2),
    )  # fmt: skip
    return Row(first, keep=True), Row(second, strong=True)


def _marks(
    shown: list[Criterion], scores: dict[int, Score], sums: SheetTotal, lane: str
) -> list[Decimal | str]:
    """Return the score of each column, or the sum of a group."""
    found: list[Decimal | str] = []
    for row in shown:
        mark = sums.groups.get(row.code) if row.kind == Kind.GROUP.value else None
        if row.pk in scores:
            mark = getattr(scores[row.pk], lane)
        found.append(NONE if mark is None else mark)
    return found


def _note(shown: list[Criterion], criteria: list[Criterion]) -> str:
    """Return what the codes mean and how units are graded."""
    inside = {row.parent_id for row in shown}
    named = [row for row in criteria if row in shown or row.pk in inside]
    codes = "; ".join(f"{row.code} {lower_first(row.name)}" for row in named)
    bands = "; ".join(f"{ranking.GRADES[name]} từ {format_number(least)}" for least, name in GRADES)
    return (
        f"Ghi chú: {codes}. Số trong ngoặc là điểm tối đa, ở điểm trừ là mức trừ nhiều nhất. "
        f"Xếp loại: {bands} điểm."
    )
