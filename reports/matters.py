"""What is still open in a season when the head of the cluster hands over. Reads only."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from awards.models import Conference, ConferenceState, Nomination, NominationState
from clusters.models import Unit
from emulation import reporting
from emulation.models import Achievement, Inspection, Pledge, ScoreSheet, Season, SheetState, State


@dataclass(frozen=True)
class Matter:
    """One kind of open matter: how many, where, and where it is settled."""

    text: str
    number: int
    note: str
    url: str


def of_season(season: Season, today: date) -> list[Matter]:
    """Return what is open, in the order of the year; the number of queries is fixed."""
    units = list(season.units())
    found = [
        _unsigned(season, units),
        _owed(season, units, today),
        *_achievements(season),
        _inspections(season),
        _sheets(season, units),
        _conference(season),
        _nominations(season),
        _closing(season),
    ]
    return [matter for matter in found if matter is not None]


def _url(season: Season, name: str, **query: str) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(name, args=[season.slug]) + (f"?{asked}" if asked else "")


def _named(units: list[Unit]) -> str:
    return ", ".join(unit.short_name for unit in units)


def _unsigned(season: Season, units: list[Unit]) -> Matter | None:
    pledge = Pledge.objects.filter(season=season).first()
    signed = set(pledge.signatures.values_list("unit", flat=True)) if pledge else set()
    open_ones = [unit for unit in units if unit.pk not in signed]
    if not open_ones:
        return None
    text = _("Đơn vị chưa ký giao ước") if pledge else _("Cụm chưa ghi giao ước")
    return Matter(text, len(open_ones), _named(open_ones), _url(season, "pledge"))


def _owed(season: Season, units: list[Unit], today: date) -> Matter | None:
    rows = reporting.lines(list(season.periods.all()), units, today)
    owed = [row for row in rows if row.is_owed]
    if not owed:
        return None
    late = list(dict.fromkeys(row.unit for row in owed))
    return Matter(
        _("Báo cáo định kỳ chưa gửi"), len(owed), _named(late), _url(season, "period_list")
    )


def _achievements(season: Season) -> list[Matter]:
    texts = {
        State.SUBMITTED: _("Thành tích chờ thẩm định"),
        State.UNDER_REVIEW: _("Thành tích đang thẩm định"),
        State.RETURNED: _("Thành tích trả lại, đơn vị chưa bổ sung"),
    }
    rows = Achievement.objects.filter(season=season, state__in=texts).order_by("pk")
    found: dict[str, list[Unit | None]] = {}
    for row in rows.select_related("unit").only("state", "unit__short_name"):
        found.setdefault(row.state, []).append(row.unit)
    return [
        Matter(
            text,
            len(found[state]),
            _named(list(dict.fromkeys(unit for unit in found[state] if unit))),
            _url(season, "achievement_list", state=state.value),
        )
        for state, text in texts.items()
        if state in found
    ]


def _inspections(season: Season) -> Matter | None:
    rows = Inspection.objects.filter(season=season, team_agreed_at=None)
    rows |= Inspection.objects.filter(season=season, unit_agreed_at=None)
    open_ones = [row.unit for row in rows.select_related("unit").order_by("planned_on", "pk")]
    if not open_ones:
        return None
    text = _("Cuộc kiểm tra chéo chưa được hai bên thống nhất")
    return Matter(text, len(open_ones), _named(open_ones), _url(season, "inspection_list"))


def _sheets(season: Season, units: list[Unit]) -> Matter | None:
    if season.scheme_id is None:
        return None
    rows = ScoreSheet.objects.filter(season=season, state=SheetState.APPRAISED)
    done = set(rows.values_list("unit", flat=True))
    open_ones = [unit for unit in units if unit.pk not in done]
    if not open_ones:
        return None
    text = _("Bảng điểm chưa thẩm định xong")
    return Matter(text, len(open_ones), _named(open_ones), _url(season, "standings"))


def _conference(season: Season) -> Matter | None:
    found = Conference.objects.filter(season=season).first()
    if found and found.state == ConferenceState.CONCLUDED:
        return None
    text = _("Hội nghị tổng kết chưa kết luận") if found else _("Chưa ghi hội nghị tổng kết")
    return Matter(text, 1, "", _url(season, "conference"))


def _nominations(season: Season) -> Matter | None:
    rows = Nomination.objects.filter(
        season=season, state__in=[NominationState.DRAFT, NominationState.PROPOSED]
    )
    names = [str(row.unit or row.award) for row in rows.select_related("unit", "award")]
    if not names:
        return None
    note = ", ".join(dict.fromkeys(names))
    text = _("Đề nghị khen thưởng chưa có kết quả")
    return Matter(text, len(names), note, _url(season, "nomination_list"))


def _closing(season: Season) -> Matter | None:
    if season.is_closed:
        return None
    note = _("Sau khi bàn giao, thư ký mới hoặc lãnh đạo phụ trách vẫn chốt được")
    return Matter(_("Kỳ thi đua chưa chốt"), 1, note, _url(season, "season_close"))
