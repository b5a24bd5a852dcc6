"""Cross-inspections as a reader sees them: their state in words, and who may be in a team."""

from datetime import date

from django.utils.translation import gettext as _

from clusters.lineage import line_of
from clusters.models import Unit
from emulation.models import Inspection, Season
from emulation.tags import Tag


def inspectors_of(season: Season, unit: Unit) -> list[Unit]:
    """Return the members of the season who may inspect `unit`: neither it nor one of its line."""
    line = line_of(unit)
    return [row for row in season.units() if row.pk not in line]


def tag(inspection: Inspection, today: date, *, acts: bool) -> Tag:
    """Return how far an inspection is; amber where the reader `acts` next."""
    family = "do" if acts else "run"
    if inspection.is_agreed:
        return Tag(_("Hai bên đã thống nhất"), "ok", "check2")
    if inspection.team_agreed_at:
        return Tag(_("Chờ đơn vị thống nhất"), family)
    if inspection.unit_agreed_at:
        return Tag(_("Chờ tổ kiểm tra thống nhất"), family)
    if inspection.visited_on:
        return Tag(_("Chờ hai bên thống nhất"), family)
    if inspection.planned_on < today:
        return Tag(_("Quá ngày dự kiến, chưa ghi kết quả"), "late" if acts else "run")
    return Tag(_("Đã lên kế hoạch"), "run")
