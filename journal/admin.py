from django.contrib import admin
from django.http import HttpRequest

from journal.models import Event


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Read only: what happened is neither added nor changed by hand."""

    list_display = ["number", "at", "actor_name", "verb", "subject_name", "reason"]
    list_filter = ["verb", "subject_kind"]
    search_fields = ["subject_name", "actor_name", "reason"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False
