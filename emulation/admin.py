"""What the administrator prepares: seasons, schemes, pledges. The year's content is not here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminIntegerFieldWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest
from django.utils.text import Truncator, capfirst

from clusters.admin import RecordedAdmin
from emulation.models import (
    Criterion,
    Phase,
    Pledge,
    Registration,
    Scheme,
    Season,
    Signature,
    Target,
)
from emulation.scoring import Kind

# Of a short box, of a text that gets two lines, and of an entry in a list, in characters.
SHORT, LONG, LABEL = 8, 100, 14


class LinesInline(admin.TabularInline):
    """Lines of a page. What a list offers is read once, not once a line."""

    extra = 0
    formfield_overrides = {
        models.DecimalField: {"widget": AdminIntegerFieldWidget},
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 16})},
    }

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Let a text have a box no wider than it needs and a list no buttons: a line has to fit."""
        if isinstance(db_field, models.CharField) and not db_field.choices:
            length = db_field.max_length or 0
            kwargs["widget"] = (
                forms.Textarea(attrs={"rows": 2, "cols": 16})
                if length > LONG
                else forms.TextInput(attrs={"size": min(length, SHORT)})
            )
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            for act in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{act}_related", False)
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """Offer the rows of `offered`, if it names any for this field."""
        match = request.resolver_match
        parent = str(match.kwargs.get("object_id", "")) if match else ""
        rows = self.offered(db_field.name, int(parent) if parent.isdecimal() else None)
        if rows is not None:
            kwargs["queryset"] = rows
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return self._short(field)

    def formfield_for_choice_field(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.TypedChoiceField | None:
        """A list is no wider than its shortened entries."""
        return self._short(super().formfield_for_choice_field(db_field, request, **kwargs))

    @staticmethod
    def _short(field: Any) -> Any:
        if field is not None:
            field.choices = [(key, Truncator(name).chars(LABEL)) for key, name in field.choices]
        return field

    def offered(self, name: str, parent: int | None) -> models.QuerySet | None:
        """Return the rows that a field of the page of `parent` may choose from, None for all."""
        return None


class PhaseInline(LinesInline):
    model = Phase


@admin.register(Season)
class SeasonAdmin(RecordedAdmin):
    list_display = ["cluster", "year", "slug", "scheme", "counted_to", "closed_at"]
    list_filter = ["year", "cluster"]
    list_select_related = ["cluster", "scheme"]
    search_fields = ["slug", "movement", "cluster__name"]
    inlines = [PhaseInline]

    def is_kept(self, obj: models.Model) -> bool:
        """A closed season changes no more."""
        return isinstance(obj, Season) and obj.is_closed


class CriterionInline(LinesInline):
    model = Criterion
    fields = [
        "order", "code", "name", "kind", "parent", "min_score", "max_score", "points_each",
        "guidance",
    ]  # fmt: skip

    def offered(self, name: str, parent: int | None) -> models.QuerySet | None:
        """A criterion stands in a group of its own scheme."""
        return Criterion.objects.filter(scheme=parent, kind=Kind.GROUP.value)


@admin.register(Scheme)
class SchemeAdmin(RecordedAdmin):
    list_display = ["name", "code", "version", "ceiling", "source"]
    search_fields = ["code", "name"]
    inlines = [CriterionInline]

    def is_kept(self, obj: models.Model) -> bool:
        """The rules by which a closed season was scored stay; a new year may have a new version."""
        return isinstance(obj, Scheme) and obj.seasons.exclude(closed_at=None).exists()


class TargetInline(LinesInline):
    model = Target
    fields = [
        "order", "unit", "text", "planned", "measure", "group", "part_of", "direction", "weight",
    ]  # fmt: skip

    def offered(self, name: str, parent: int | None) -> models.QuerySet | None:
        """A unit's target contributes to one of the cluster's in the same pledge."""
        return Target.objects.filter(pledge=parent, unit=None) if name == "part_of" else None


class SignatureInline(LinesInline):
    model = Signature


class RegistrationInline(LinesInline):
    model = Registration


@admin.register(Pledge)
class PledgeAdmin(RecordedAdmin):
    list_display = ["season", "signed_on", "place"]
    list_select_related = ["season__cluster"]
    fields = ["season", "signed_on", "place", "content"]
    inlines = [TargetInline, SignatureInline, RegistrationInline]

    def is_kept(self, obj: models.Model) -> bool:
        """The pledge of a closed season stays as it was signed."""
        return isinstance(obj, Pledge) and obj.season.is_closed

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """The season's own name is its label here; a closed one takes no pledge."""
        if db_field.name == "season":
            kwargs["queryset"] = Season.objects.filter(closed_at=None).select_related("cluster")
        label = capfirst(str(Season._meta.verbose_name))
        return super().formfield_for_foreignkey(db_field, request, label=label, **kwargs)
