"""What the order of a season hangs on, in tables, charts and sentences. Reads only.

Every check is a warning for those who vote, never a verdict; without figures it says what is
missing. The page and the annex of the report show the same content.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from awards.models import Award, Nomination, NominationState
from clusters import lineage
from clusters.models import Membership
from clusters.vietnamese import format_number
from emulation import fairness, standings
from emulation.fairness import Pair, Spread, Trial
from emulation.models import (
    ActualSource,
    FactKind,
    Season,
    SheetState,
)
from emulation.scoring import CriterionRule
from emulation.standings import Lane
from emulation.tally import tally
from reports import findings
from reports.content import Bar, Cell, Chart, Column, Row, Table, center, left, number, row_head
from reports.findings import Check, Field

MOST_YEARS = 10


@dataclass(frozen=True)
class Laboratory:
    """All checks of a season, and the groups whose weights a reader may change."""

    checks: Sequence[Check]
    tops: Sequence[CriterionRule]
    ranked: int
    units: int


def read(season: Season, maxima: Mapping[str, Decimal] | None = None) -> Laboratory:
    """Return the checks of the units appraised to the end; `maxima` are weights that were typed."""
    units = list(season.units())
    if season.scheme is None:
        return Laboratory([], [], 0, len(units))
    criteria = list(season.scheme.criteria.all())
    rules = standings.scheme_rules(season.scheme, criteria)
    done = set(season.sheets.filter(state=SheetState.APPRAISED).values_list("unit", flat=True))
    cells = [
        row
        for row in standings.entrants(season, units, criteria)[Lane.VERIFIED]
        if int(row.key) in done
    ]
    field = Field(
        season, {str(unit.pk): unit for unit in units}, criteria, rules, cells, tally(rules, cells)
    )
    tops = [rule for rule in rules.criteria if rule.group == ""]
    checks = []
    if len(field.placed) > 1:
        checks = [
            _margins(field), _weights(field, maxima or {}), _sizes(field), _flat(field),
        ]  # fmt: skip
        checks.append(findings.scorers(field))
    checks.append(_turns(field))
    return Laboratory(checks, tops, len(field.placed), len(units))


def _points(value: Decimal) -> str:
    return format_number(value, 2)


def _margins(field: Field) -> Check:
    found = fairness.pairs(field.rules, field.entrants, field.placed)
    near = [pair for pair in found if pair.smallest]
    closest = min(near, key=lambda pair: abs(pair.moves[0].by), default=None)
    if closest:
        finding = _("Sát nhất: %(move)s là %(lower)s đứng trước %(upper)s.") % {
            "move": _move(field, closest),
            "lower": field.unit(closest.lower),
            "upper": field.unit(closest.upper),
        }
    else:
        finding = _("Không một tiêu chí nào tự nó làm hai đơn vị liền nhau đổi thứ tự.")
    table = Table(
        anchor="bang-sat",
        columns=(
            Column(_("Hai đơn vị liền nhau"), 26), Column(_("Cách nhau"), 12),
            Column(_("Thay đổi nhỏ nhất ở một tiêu chí"), 40),
            Column(_("Số tiêu chí tự nó đổi được"), 22),
        ),
        rows=tuple(
            Row((
                row_head(f"{field.unit(pair.upper)} – {field.unit(pair.lower)}"),
                number(pair.apart, 2), left(_move(field, pair)),
                number(len({move.code for move in pair.moves})),
            ))
            for pair in found
        ),
    )  # fmt: skip
    bars = tuple(
        Bar(f"{field.unit(pair.upper)} – {field.unit(pair.lower)}", abs(pair.moves[0].by))
        for pair in near
    )
    title = _("Thay đổi nhỏ nhất làm đổi thứ tự")
    return Check(
        "sat",
        _("Bao nhiêu điểm thì đổi thứ tự"),
        finding,
        _(
            "Thêm cho đơn vị dưới hoặc bớt của đơn vị trên ở một tiêu chí, các điểm khác "
            "giữ nguyên. Khoảng cách càng nhỏ càng cần xem lại căn cứ của tiêu chí ấy trước khi "
            "bình xét."
        ),
        table,
        Chart(title, bars, unit=_("điểm")) if bars else None,
    )


def _move(field: Field, pair: Pair) -> str:
    move = pair.smallest
    if move is None:
        return _("không có")
    text = _("thêm %(points)s điểm cho %(unit)s ở %(criterion)s")
    if move.by < 0:
        text = _("bớt %(points)s điểm của %(unit)s ở %(criterion)s")
    return text % {
        "points": _points(abs(move.by)),
        "unit": field.unit(move.key),
        "criterion": field.criterion(move.code),
    }


def _weights(field: Field, maxima: Mapping[str, Decimal]) -> Check:
    trials = [
        fairness.trial(name, field.rules, field.entrants, field.placed, factors)
        for name, factors in fairness.usual_factors(field.rules).items()
    ]
    typed = fairness.factors_of(field.rules, maxima)
    if typed:
        trials.append(fairness.trial("typed", field.rules, field.entrants, field.placed, typed))
    rows, steady = [], 0
    for placed in field.placed:
        ranks = [trial.ranks[placed.key] for trial in trials] or [placed.rank]
        moved = [
            _("%(trial)s: hạng %(rank)s") % {"trial": _trial(row), "rank": row.ranks[placed.key]}
            for row in trials
            if row.ranks[placed.key] != placed.rank
        ]
        steady += not moved
        rows.append(Row((
            row_head(field.unit(placed.key)), center(placed.rank),
            center(min(*ranks, placed.rank)), center(max(*ranks, placed.rank)),
            left("; ".join(moved) or _("giữ hạng trong mọi phép thử")),
        )))  # fmt: skip
    bars = tuple(
        Bar(_trial(row), sum(row.ranks[placed.key] != placed.rank for placed in field.placed))
        for row in trials
    )
    finding = _("%(steady)s/%(all)s đơn vị giữ nguyên hạng trong cả %(trials)s phép thử.") % {
        "steady": steady,
        "all": len(field.placed),
        "trials": len(trials),
    }
    columns = (
        Column(_("Đơn vị"), 22), Column(_("Hạng"), 10), Column(_("Cao nhất"), 10),
        Column(_("Thấp nhất"), 10), Column(_("Đổi hạng khi"), 48),
    )  # fmt: skip
    chart = Chart(_("Số đơn vị đổi hạng"), bars, unit=_("đơn vị"), places=0) if bars else None
    return Check(
        "trong-so",
        _("Thứ tự khi trọng số khác đi"),
        finding,
        _(
            "Hạng không đổi dù trọng số đổi là hạng vững. Hạng đổi theo trọng số cho biết thứ tự "
            "ấy do thang điểm quyết định nhiều hơn do kết quả; không nói rằng thang điểm sai."
        ),
        Table(anchor="bang-trong-so", columns=columns, rows=tuple(rows)),
        chart,
    )


def _trial(trial: Trial) -> str:
    named = {
        "equal": _("các nhóm bằng nhau"),
        "plain": _("bỏ thưởng, trừ"),
        "typed": _("trọng số tự nhập"),
    }
    if trial.name in named:
        return named[trial.name]
    text = _("nhóm %(code)s tăng 10%%")
    if trial.name.endswith("-"):
        text = _("nhóm %(code)s giảm 10%%")
    return text % {"code": trial.name[:-1]}


def _sizes(field: Field) -> Check:
    sizes = {
        row.key: row.facts[FactKind.SIZE.value]
        for row in field.entrants
        if row.facts.get(FactKind.SIZE.value)
    }
    missing = [field.unit(row.key) for row in field.placed if row.key not in sizes]
    also = [row.code for row in field.criteria if row.actual_source == ActualSource.QUANTITY]
    codes = fairness.counted(field.rules, also)
    heads = fairness.per_head(field.placed, codes, sizes) if codes else {}
    pairs = [(sizes[row.key], row.total.total) for row in field.placed if row.key in sizes]
    tied = fairness.correlation(pairs)
    words = []
    if tied is not None:
        words.append(_("Tương quan hạng giữa quân số và tổng điểm: %s.") % _points(tied))
    elif len(pairs) < 3:
        words.append(_("Cần quân số của ít nhất ba đơn vị để tính tương quan."))
    if not codes:
        words.append(_("Thang điểm không có tiêu chí tính theo số lượng."))
    if missing:
        words.append(_("Chưa có quân số: %s.") % ", ".join(missing))
    rows = tuple(
        Row((
            row_head(field.unit(row.key)), number(sizes[row.key]),
            number(heads[row.key][0], 2), number(heads[row.key][1], 2), center(row.rank),
        ))
        for row in field.placed
        if row.key in heads
    )  # fmt: skip
    columns = (
        Column(_("Đơn vị"), 30), Column(_("Quân số"), 15), Column(_("Điểm theo số lượng"), 20),
        Column(_("Trên 100 người"), 20), Column(_("Hạng hiện tại"), 15),
    )  # fmt: skip
    bars = tuple(Bar(field.unit(key), value) for key, (_sum, value) in heads.items())
    title = _("Điểm của tiêu chí đếm số lượng, trên 100 người")
    return Check(
        "quan-so",
        _("So sánh có tính quân số"),
        " ".join(words),
        _(
            "Tương quan gần 1: đơn vị đông người thường nhiều điểm; gần 0: không thấy liên hệ; gần "
            "−1: đơn vị ít người thường nhiều điểm. Ít đơn vị thì con số này dao động mạnh."
        ),
        Table(anchor="bang-quan-so", columns=columns, rows=rows) if rows else None,
        Chart(title, bars, unit=_("điểm")) if bars else None,
        about="unit_facts" if missing else "",
    )


def _flat(field: Field) -> Check:
    found = fairness.flat(field.rules, field.placed)
    leaves = [row for row in field.rules.criteria if row.kind.value != "GROUP"]
    words = {
        Spread.FULL: _("đơn vị nào cũng được tối đa"),
        Spread.SAME: _("mọi đơn vị bằng nhau"),
        Spread.NEAR: _("gần như bằng nhau"),
    }
    finding = _("%(flat)s/%(all)s tiêu chí gần như không phân biệt được các đơn vị.") % {
        "flat": len(found),
        "all": len(leaves),
    }
    rows = tuple(
        Row((
            row_head(field.criterion(row.code)), number(row.lowest * 100, 1),
            number(row.highest * 100, 1), left(words[row.spread]),
        ))
        for row in found
    )  # fmt: skip
    columns = (
        Column(_("Tiêu chí"), 46), Column(_("Thấp nhất, %"), 12), Column(_("Cao nhất, %"), 12),
        Column(_("Nhận xét"), 30),
    )  # fmt: skip
    kinds = [(words[kind], sum(row.spread is kind for row in found)) for kind in Spread]
    kinds.append((_("có phân biệt"), len(leaves) - len(found)))
    bars = tuple(Bar(word, many) for word, many in kinds)
    return Check(
        "khong-phan-biet",
        _("Tiêu chí không phân biệt"),
        finding,
        _(
            "Tiêu chí mà mọi đơn vị được như nhau không quyết định gì trong thứ tự. Nên xem lại "
            "mức chấm hoặc chỉ tiêu của tiêu chí ấy khi sửa thang điểm năm sau."
        ),
        Table(anchor="bang-phan-biet", columns=columns, rows=rows) if rows else None,
        Chart(_("Tiêu chí theo mức phân biệt"), bars, unit=_("tiêu chí"), places=0),
    )


def _turns(field: Field) -> Check:
    years, flags = _flags(field)
    found = [(name, fairness.turns(row)) for name, row in flags.items()]
    found = [(name, row) for name, row in found if row.years]
    rows: list[Row] = []
    for name, row in found:
        cells: list[Cell] = [row_head(name), number(row.years), number(row.changes)]
        cells += [number(row.in_turn), number(row.by_chance, 1), number(row.kept)]
        rows.append(Row(tuple(cells)))
    columns = (
        Column(_("Danh hiệu"), 30), Column(_("Số năm"), 12), Column(_("Đổi đơn vị"), 14),
        Column(_("Đúng lượt"), 14), Column(_("Ngẫu nhiên"), 16), Column(_("Giữ nguyên"), 14),
    )  # fmt: skip
    if not found:
        finding = _("Chưa có năm nào ghi đơn vị được đề nghị cờ thi đua.")
    elif all(row.is_short for _name, row in found):
        finding = _("Mới có %s năm số liệu: quá ngắn để nhận định, chỉ ghi lại để theo dõi.") % max(
            row.years for _name, row in found
        )
    else:
        name, row = max(found, key=lambda one: one[1].in_turn - one[1].by_chance)
        finding = _("%(flag)s: %(turns)s lần đúng lượt, ngẫu nhiên thì khoảng %(chance)s lần.") % {
            "flag": name,
            "turns": row.in_turn,
            "chance": format_number(row.by_chance, 1),
        }
    bars = tuple(Bar(name, row.in_turn) for name, row in found)
    title = _("Số lần cờ đến đúng lượt")
    return Check(
        "luan-phien",
        _("Cờ có luân phiên qua các năm không"),
        finding,
        _(
            "Đúng lượt: cờ đến đơn vị chưa từng được hoặc lâu nhất chưa được. Nhiều hơn hẳn ngẫu "
            "nhiên qua nhiều năm mới đáng hỏi; dưới bốn năm thì chưa nói lên điều gì. Tính theo đề "
            "nghị khen thưởng của %(years)s năm gần nhất có trong hệ thống."
        )
        % {"years": years},
        Table(anchor="bang-luan-phien", columns=columns, rows=tuple(rows)) if rows else None,
        Chart(title, bars, unit=_("lần"), places=0) if bars else None,
    )


Holders = dict[str, list[tuple[frozenset[Hashable], frozenset[Hashable]]]]


def _flags(field: Field) -> tuple[int, Holders]:
    """Return how many years there are, and for each flag its holders and members, by year."""
    season = field.season
    found = Season.objects.filter(cluster=season.cluster_id, year__lte=season.year)
    years = sorted(found.order_by("-year").values_list("year", flat=True)[:MOST_YEARS])
    now = {
        old: key for key, keys in lineage.ancestors_of(field.units.values()).items() for old in keys
    }
    members: dict[int, set[Hashable]] = {year: set() for year in years}
    rows = Membership.objects.filter(cluster=season.cluster_id, year__in=years)
    for year, unit in rows.values_list("year", "unit"):
        members[year].add(now.get(unit, unit))
    held: dict[str, dict[int, set[Hashable]]] = {}
    proposed = Nomination.objects.filter(
        season__cluster=season.cluster_id, season__year__in=years, unit__isnull=False,
        state=NominationState.PROPOSED, award__at_conference=True, award__kind=Award.Kind.TITLE,
    )  # fmt: skip
    for name, year, unit in proposed.order_by("award__order", "pk").values_list(
        "award__name", "season__year", "unit"
    ):
        held.setdefault(name, {}).setdefault(year, set()).add(now.get(unit or 0, unit))
    return len(years), {
        name: [(frozenset(by.get(year, ())), frozenset(members[year])) for year in years]
        for name, by in held.items()
    }
