"""What the secretary plans of a cross-inspection, and what its team found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import LONG_TEXT, CleanTextMixin, DayField
from clusters.models import Unit
from emulation.forms.scoring import PointsField
from emulation.forms.versioned import VersionedForm
from emulation.models import Criterion, Finding, Inspection, Score, Season
from emulation.models.season import days_of
from emulation.scoring import Kind
from emulation.services.inspection import PLAN, Found, Member

TEAM_SIZE = 6


def _in_season(day: date, season: Season, *, past: bool) -> date:
    first, last = days_of(season)
    text = (
        _("Chọn ngày trong năm %(year)s, không sau hôm nay")
        if past
        else _("Chọn ngày trong năm %(year)s")
    )
    if not first <= day <= (min(last, timezone.localdate()) if past else last):
        raise ValidationError(text, code="day", params={"year": season.year})
    return day


class PlanForm(VersionedForm):
    """Which unit, when, where and what is looked at."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Đơn vị được kiểm tra"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )
    planned_on = DayField(label=gettext_lazy("Ngày dự kiến"))
    place = forms.CharField(label=gettext_lazy("Nơi kiểm tra"), max_length=200, required=False)
    plan = forms.CharField(
        label=gettext_lazy("Nội dung kiểm tra"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Kiểm tra những gì, xem hồ sơ nào; tối đa 5000 ký tự."),
    )

    def __init__(
        self, *args: Any, season: Season, inspection: Inspection | None, **kwargs: Any
    ) -> None:
        self.season = season
        initial: dict[str, Any] = {"version": inspection.version if inspection else 0}
        if inspection:
            initial |= {name: getattr(inspection, name) for name in PLAN}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["unit"].queryset = season.units()  # type: ignore[attr-defined]

    def clean_planned_on(self) -> date:
        return _in_season(self.cleaned_data["planned_on"], self.season, past=False)

    def values(self) -> dict[str, Any]:
        """Return the plan as the service takes it."""
        return {name: self.cleaned_data[name] for name in PLAN}


class InspectorForm(CleanTextMixin, forms.Form):
    """One person of the team; an empty row is nobody."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Đơn vị"),
        required=False,
        empty_label=gettext_lazy("Chọn đơn vị"),
    )
    name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120, required=False)
    position = forms.CharField(
        label=gettext_lazy("Cấp bậc, chức vụ"), max_length=160, required=False
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = season.units()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = {name for name in ("unit", "name", "position") if cleaned.get(name)}
        if given and "unit" not in given | set(self.errors):
            self.add_error("unit", ValidationError(_("Chọn đơn vị"), code="required"))
        if given and "name" not in given | set(self.errors):
            self.add_error("name", ValidationError(_("Nhập họ và tên"), code="required"))
        return cleaned

    @property
    def member(self) -> Member | None:
        """Whom the row names, None for an empty one."""
        row = self.cleaned_data
        return Member(row["unit"], row["name"], row["position"]) if row.get("name") else None


class _Team(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(self.errors) and not self.team():
            raise ValidationError(_("Nhập ít nhất tổ trưởng."), code="team")

    def team(self) -> list[Member]:
        """Return who is named, in the order of the rows; the first heads the team."""
        return [member for form in self.forms if (member := form.member)]


def team_form(data: Any, season: Season, inspection: Inspection | None) -> Any:
    """Return the rows of the team, those that are stored filled in."""
    stored = list(inspection.team.order_by("-is_head", "pk")) if inspection else []
    rows = [{"unit": row.unit_id, "name": row.name, "position": row.position} for row in stored]
    rows += [{}] * (TEAM_SIZE - len(rows))
    made = forms.formset_factory(
        InspectorForm, formset=_Team, extra=0, max_num=max(TEAM_SIZE, len(rows)), absolute_max=20
    )
    return made(data, prefix="team", initial=rows, form_kwargs={"season": season})


@dataclass(frozen=True)
class Row:
    """A criterion with its three fields."""

    criterion: Criterion
    text: forms.BoundField
    score: forms.BoundField
    request: forms.BoundField


class _Lines(forms.BaseForm):
    """Adds the fields of every criterion before CleanTextMixin looks at them."""

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inspection = inspection
        scheme = inspection.season.scheme
        rows = scheme.criteria.order_by("order", "id") if scheme else ()
        self.criteria = [row for row in rows if row.kind != Kind.GROUP.value]
        known = {row.criterion_id: row for row in inspection.findings.all()}
        for row in self.criteria:
            self.fields |= _fields(row, known.get(row.pk))


def _fields(row: Criterion, known: Finding | None) -> dict[str, forms.Field]:
    code = {"code": row.code}
    text = forms.CharField(
        label=_("Nhận xét %(code)s") % code,
        max_length=2000,
        required=False,
        initial=known.text if known else "",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    score = PointsField(
        Score(criterion=row, min_score=row.min_score, max_score=row.max_score),
        label=_("Điểm đề xuất %(code)s") % code,
        initial=known.score if known else None,
    )
    request = forms.CharField(
        label=_("Yêu cầu khắc phục %(code)s") % code,
        max_length=500,
        required=False,
        initial=known.request if known else "",
    )
    for field in (text, request):
        field.widget.attrs |= {"class": "form-control", "aria-label": str(field.label)}
    return {f"text-{row.pk}": text, f"score-{row.pk}": score, f"request-{row.pk}": request}


class VisitForm(VersionedForm, _Lines):
    """Day and conclusion of the visit, and three fields a criterion."""

    visited_on = DayField(label=gettext_lazy("Ngày kiểm tra"))
    conclusion = forms.CharField(
        label=gettext_lazy("Kết luận"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Ưu điểm, tồn tại, kiến nghị; tối đa 5000 ký tự."),
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        initial = {
            "version": inspection.version,
            "visited_on": inspection.visited_on,
            "conclusion": inspection.conclusion,
        }
        super().__init__(*args, initial=initial, inspection=inspection, **kwargs)

    def facts(self) -> list[forms.BoundField]:
        """Return the fields that are of no criterion."""
        return [self["visited_on"], self["conclusion"]]

    def clean_visited_on(self) -> date:
        return _in_season(self.cleaned_data["visited_on"], self.inspection.season, past=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in self.criteria:
            name = f"text-{row.pk}"
            has_more = cleaned.get(f"score-{row.pk}") is not None or cleaned.get(
                f"request-{row.pk}"
            )
            if has_more and not cleaned.get(name) and name not in self.errors:
                text = _("Nhập nhận xét cho %(code)s") % {"code": row.code}
                self.add_error(name, ValidationError(text, code="text"))
        return cleaned

    def findings(self) -> dict[int, Found]:
        """Return the criteria on which something was found."""
        typed = self.cleaned_data
        return {
            row.pk: Found(text, _score(typed[f"score-{row.pk}"]), typed[f"request-{row.pk}"])
            for row in self.criteria
            if (text := typed[f"text-{row.pk}"])
        }

    def rows(self) -> Iterator[Row]:
        """Yield the criteria with their fields, in the order of the scheme."""
        for row in self.criteria:
            yield Row(row, *(self[f"{name}-{row.pk}"] for name in ("text", "score", "request")))


def _score(typed: Decimal | None) -> Decimal | None:
    """Return points as the database gives them back."""
    return None if typed is None else typed.quantize(Decimal("0.01"))


class CancelForm(VersionedForm):
    """Why a planned inspection does not take place."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do bỏ cuộc kiểm tra"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Nêu lý do bỏ cuộc kiểm tra")},
    )
