"""A check of the laboratory, and the one that looks at who scores whom. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from clusters.models import Unit
from emulation import strictness
from emulation.models import Criterion, CrossScore, CrossState, Season
from emulation.tally import Entrant, Placed, Rules
from reports.content import Bar, Chart, Column, Row, Table, left, number, row_head


@dataclass(frozen=True)
class Check:
    """One question with what was found and how to read it; `about` names where figures go in."""

    anchor: str
    title: str
    finding: str
    meaning: str
    table: Table | None = None
    chart: Chart | None = None
    about: str = ""


@dataclass(frozen=True)
class Field:
    """The computed order with the words for its keys."""

    season: Season
    units: Mapping[str, Unit]
    criteria: Sequence[Criterion]
    rules: Rules
    entrants: Sequence[Entrant]
    placed: Sequence[Placed]

    def unit(self, key: str) -> str:
        return self.units[key].short_name

    def criterion(self, code: str) -> str:
        return next((f"{row.code}. {row.name}" for row in self.criteria if row.code == code), code)


def _cross_scores(field: Field) -> dict[tuple[str, str, str], Decimal]:
    """Return what was sent, by scorer, unit and code."""
    rows = CrossScore.objects.filter(
        cross_sheet__sheet__season=field.season, cross_sheet__state=CrossState.SUBMITTED,
        criterion__in=field.criteria, score__isnull=False,
    )  # fmt: skip
    given = rows.values_list(
        "cross_sheet__scorer", "cross_sheet__scored", "criterion__code", "score"
    )
    return {
        (str(scorer), str(unit), code): points
        for scorer, unit, code, points in given
        if {str(scorer), str(unit)} <= field.units.keys() and points is not None
    }


def scorers(field: Field) -> Check:
    """Return how strictly each unit scores others, and who returns favours; one query."""
    scores = _cross_scores(field)
    bounds = {row.code: (row.min_score, row.max_score) for row in field.rules.criteria}
    found = strictness.strictness(scores, bounds)
    beside = strictness.normalised(scores, bounds, found)
    lines = []
    for key in sorted(found, key=lambda key: -(found[key].strictness or Decimal(0))):
        own = [row for place, row in beside.items() if place[0] == key]
        even = [row.normalised for row in own if row.normalised is not None]
        share = found[key].strictness
        lines.append(Row((
            row_head(field.unit(key)), number(found[key].cells),
            left("–") if share is None else number(share * 100, 1),
            number(sum((row.raw for row in own), Decimal(0)) / len(own), 2),
            number(sum(even, Decimal(0)) / len(even), 2) if even else left("–"),
        )))  # fmt: skip
    known = [(key, row.strictness) for key, row in found.items() if row.strictness is not None]
    finding = _("Chưa có bảng chấm chéo nào được gửi.")
    if found:
        finding = _("Chưa đủ ô điểm do nhiều đơn vị cùng chấm để so sánh.")
    if known:
        clear = [field.unit(key) for key, share in known if abs(share) >= strictness.CLEARLY]
        finding = _("Không đơn vị nào chấm chéo lệch rõ so với các đơn vị khác.")
        if clear:
            finding = _("Chấm chéo lệch rõ so với các đơn vị khác: %s.") % ", ".join(clear)
    pairs = strictness.reciprocal(scores, bounds)
    if pairs:
        words = "; ".join(f"{field.unit(row.one)} – {field.unit(row.other)}" for row in pairs)
        finding += " " + _("Cùng cho nhau cao hơn mức chung: %s.") % words
    columns = (
        Column(_("Đơn vị chấm"), 28), Column(_("Ô so được"), 14), Column(_("Độ chặt, %"), 16),
        Column(_("Trung bình đã cho"), 21), Column(_("Trung bình quy đổi"), 21),
    )  # fmt: skip
    bars = tuple(Bar(field.unit(key), share * 100) for key, share in known)
    return Check(
        "cham-cheo",
        _("Đơn vị chấm chặt, chấm nới, chấm qua lại"),
        finding,
        _(
            "Độ chặt so với các đơn vị khác chấm cùng ô: dương là chặt hơn, âm là nới hơn. Điểm "
            "quy đổi chỉ đặt cạnh để so, không thay điểm đã chấm."
        ),
        Table(anchor="bang-cham-cheo", columns=columns, rows=tuple(lines)) if lines else None,
        Chart(_("Độ chặt khi chấm chéo"), bars, unit="%", places=1) if bars else None,
    )
