from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from awards.models import Award
from clusters.admin import RecordedAdmin


@admin.register(Award)
class AwardAdmin(RecordedAdmin):
    """The catalogue: names word for word, with citation and dates in force."""

    list_display = [
        "name", "kind", "audience", "at_conference", "usual_quota", "certainty", "valid_from",
        "valid_to",
    ]  # fmt: skip
    list_filter = ["kind", "audience", "at_conference", "certainty"]
    search_fields = ["code", "name", "citation"]
    ordering = ["order", "id"]
    fieldsets = [
        (None, {"fields": ["code", "name", "kind", "audience", "decided_by", "standard"]}),
        (_("Căn cứ"), {"fields": ["citation", "certainty", "valid_from", "valid_to"]}),
        (_("Bình xét tại cụm"), {"fields": ["at_conference", "usual_quota", "order"]}),
    ]
