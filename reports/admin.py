"""Documents in the admin: to look at. What was asked for and made is not changed by hand."""

from django.contrib import admin
from django.http import HttpRequest

from reports.models import Document


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    """Read only, and without the file: it is downloaded where rights are asked."""

    list_display = ["code", "title", "season", "state", "requested_by", "requested_at", "attempt"]
    list_filter = ["state", "kind", "season"]
    list_select_related = ["season__cluster", "requested_by"]
    search_fields = ["title", "sha256"]
    date_hierarchy = "requested_at"
    exclude = ["file"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False
