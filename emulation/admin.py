"""What the administrator prepares: seasons, schemes, pledges. The year's content is not here."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

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


class PhaseInline(admin.TabularInline):
    model = Phase
    extra = 0


@admin.register(Season)
class SeasonAdmin(RecordedAdmin):
    list_display = ["cluster", "year", "slug", "scheme", "counted_to"]
    list_filter = ["year", "cluster"]
    list_select_related = ["cluster", "scheme"]
    search_fields = ["slug", "movement", "cluster__name"]
    prepopulated_fields = {"slug": ["movement"]}
    inlines = [PhaseInline]


class CriterionInline(admin.TabularInline):
    model = Criterion
    extra = 0
    fields = [
        "order", "code", "name", "kind", "parent", "min_score", "max_score", "points_each",
        "guidance",
    ]  # fmt: skip

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Offer the groups of the scheme itself, not those of every scheme."""
        if db_field.name == "parent" and request.resolver_match:
            scheme = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = Criterion.objects.filter(scheme=scheme, kind="GROUP")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Scheme)
class SchemeAdmin(RecordedAdmin):
    list_display = ["name", "code", "version", "ceiling", "source"]
    search_fields = ["code", "name"]
    inlines = [CriterionInline]


class TargetInline(admin.TabularInline):
    model = Target
    extra = 0


class SignatureInline(admin.TabularInline):
    model = Signature
    extra = 0


class RegistrationInline(admin.TabularInline):
    model = Registration
    extra = 0


@admin.register(Pledge)
class PledgeAdmin(RecordedAdmin):
    list_display = ["season", "signed_on", "place"]
    list_select_related = ["season__cluster"]
    inlines = [TargetInline, SignatureInline, RegistrationInline]
