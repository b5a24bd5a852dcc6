"""Writes to the narrative of the report."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions
from emulation.models import Assessment, AssessmentKind, Season
from journal.services import record


@transaction.atomic
def write_assessment(
    *,
    season: Season,
    by: User,
    paragraphs: Mapping[AssessmentKind, Sequence[str]],
    before: Mapping[AssessmentKind, Sequence[str]] | None = None,
) -> None:
    """Replace the paragraphs of the given kinds; a paragraph left as it was keeps its source.

    `before` is what the form showed: where the stored text differs from it, somebody else wrote
    meanwhile and ValidationError(code="stale") is raised. PermissionDenied for anybody but the
    secretary.
    """
    if not permissions.can_assess(by, season):
        raise PermissionDenied
    Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    stored = assessment_texts(season)
    if before is not None and any(list(stored[kind]) != list(before[kind]) for kind in before):
        raise ValidationError(
            _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    pairs = {
        kind.value: [stored[kind], list(texts)]
        for kind, texts in paragraphs.items()
        if stored[kind] != list(texts)
    }
    for kind in pairs:
        _replace(season, AssessmentKind(kind), paragraphs[AssessmentKind(kind)])
    if pairs:
        record(verb="assessment.write", subject=season, by=by, changes=pairs)


def _replace(season: Season, kind: AssessmentKind, texts: Sequence[str]) -> None:
    old = season.assessments.filter(kind=kind)
    sources = {row.text: row.source_id for row in old}
    old.delete()
    Assessment.objects.bulk_create(
        Assessment(season=season, kind=kind, order=i, text=text, source_id=sources.get(text))
        for i, text in enumerate(texts, 1)
    )


def assessment_texts(season: Season) -> dict[AssessmentKind, list[str]]:
    """Return the stored paragraphs of every kind, in order."""
    found: dict[AssessmentKind, list[str]] = {kind: [] for kind in AssessmentKind}
    for row in season.assessments.order_by("order"):
        found[AssessmentKind(row.kind)].append(row.text)
    return found
