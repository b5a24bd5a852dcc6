"""The administration: users, units, clusters, memberships, terms and appointments."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.forms.models import BaseModelFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.forms import NewUserForm, ResetPasswordForm, RowForm, UserForm
from clusters.models import Appointment, Cluster, Membership, Term, Unit, User
from clusters.services import rows as services
from clusters.vietnamese import search_key


def _own_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Lead to the page of the own account, which writes the change down."""
    return redirect("account_change_password")


admin.site.site_header = admin.site.site_title = _("Quản trị Thi Đua")
admin.site.index_title = _("Danh mục và phân công")
# The room beside the forms is needed for their tables.
admin.site.enable_nav_sidebar = False
# One door: the brakes on wrong passwords stand there.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.password_change = _own_password  # type: ignore[method-assign,assignment]
# Rights follow from appointments, and mail is not used: these would only mislead.
for _unused in (Group, EmailAddress):
    if admin.site.is_registered(_unused):
        admin.site.unregister(_unused)


class RecordedAdmin(admin.ModelAdmin):
    """Rows whose every addition, change and deletion leaves one entry in the journal."""

    form: type[forms.ModelForm] = RowForm
    view_on_site = False
    list_per_page = 50

    def get_inline_instances(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[InlineModelAdmin]:
        """Let the lines of a page have the same habits of text as the page."""
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            if inline.form is forms.ModelForm:
                inline.form = RowForm
        return inlines

    def is_kept(self, obj: models.Model) -> bool:
        """Rows that belong to a closed year are shown and not changed; see the rooms above."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and not (obj is not None and self.is_kept(obj))

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and not (obj is not None and self.is_kept(obj))

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        many = {field.name for field in obj._meta.many_to_many} & set(form.cleaned_data)
        links = {name: form.cleaned_data[name] for name in many}
        services.save_row(row=obj, by=_actor(request), links=links)

    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formset: BaseModelFormSet,
        change: bool,
    ) -> None:
        rows = formset.save(commit=False)
        # First what goes: its place in an order may be taken at once.
        for row in formset.deleted_objects:
            services.delete_row(row=row, by=_actor(request))
        for row in rows:
            services.save_row(row=row, by=_actor(request))
        formset.save_m2m()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        services.delete_row(row=obj, by=_actor(request))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for row in queryset:
            services.delete_row(row=row, by=_actor(request))


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_form_template = "admin/change_form.html"
    change_password_form = ResetPasswordForm
    list_display = ["full_name", "username", "rank", "position", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_sample"]
    search_fields = ["username", "full_name"]
    ordering = ["sort_key", "id"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Họ tên, chức vụ"), {"fields": ["full_name", "rank", "position"]}),
        (
            _("Quyền truy cập"),
            {
                "fields": ["is_active", "is_staff", "is_superuser", "is_sample"],
                "description": _(
                    "Quyền trong từng cụm, từng đơn vị theo phân công, không đặt ở đây."
                ),
            },
        ),
        (_("Thời điểm"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "full_name", "rank", "position"]}),
        (_("Mật khẩu đầu tiên"), {"fields": ["password1", "password2"]}),
    ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[str]:
        """Only a superuser makes others staff or superusers."""
        fixed = list(self.readonly_fields)
        return fixed if _actor(request).is_superuser else [*fixed, "is_staff", "is_superuser"]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Find people whatever accents and case are typed; there are hundreds, not millions."""
        words = search_key(search_term).split()
        if not words:
            return queryset, False
        found = [
            key
            for key, *names in queryset.values_list("pk", "full_name", "username")
            if all(word in search_key(" ".join(names)) for word in words)
        ]
        return queryset.filter(pk__in=found), False

    @transaction.atomic
    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Give a user a new password, and write down that it was done."""
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        response = super().user_change_password(request, id, form_url)
        user = User.objects.filter(pk=id).first()
        if user and user.password != before:
            services.record_password(user=user, by=_actor(request))
        return response


@admin.register(Unit)
class UnitAdmin(RecordedAdmin):
    list_display = ["name", "short_name", "code", "valid_from", "valid_to", "is_illustrative"]
    list_filter = ["is_illustrative"]
    search_fields = ["search_key"]
    autocomplete_fields = ["predecessors"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "code", "is_illustrative"]}),
        (_("Thời gian tồn tại"), {"fields": [("valid_from", "valid_to"), "predecessors"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Find units whatever accents and case are typed."""
        return super().get_search_results(request, queryset, search_key(search_term))


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["unit"]
    fields = ["year", "order", "unit"]
    ordering = ["-year", "order"]


class TermInline(admin.StackedInline):
    model = Term
    extra = 0
    autocomplete_fields = ["head", "deputy"]
    fields = [("year", "state"), ("head", "deputy"), "source"]
    ordering = ["-year"]


@admin.register(Cluster)
class ClusterAdmin(RecordedAdmin):
    list_display = ["name", "level", "block", "number", "year_from", "year_to", "is_illustrative"]
    list_filter = ["level", "is_illustrative"]
    search_fields = ["name", "code"]
    fieldsets = [
        (None, {"fields": ["name", "code", "place", "is_illustrative"]}),
        (_("Tổ chức"), {"fields": ["level", "block", "number", ("year_from", "year_to")]}),
    ]
    inlines = [MembershipInline, TermInline]


class InForce(admin.SimpleListFilter):
    """Appointments of today, of later, of earlier."""

    title = _("hiệu lực")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Đang giữ")), ("later", _("Sắp tới")), ("over", _("Đã thôi"))]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Appointment]
    ) -> models.QuerySet[Appointment]:
        today = timezone.localdate()
        if self.value() == "now":
            return Appointment.objects.on(today) & queryset
        if self.value() == "later":
            return queryset.filter(start__gt=today)
        return queryset.filter(end__lt=today) if self.value() == "over" else queryset


@admin.register(Appointment)
class AppointmentAdmin(RecordedAdmin):
    list_display = ["user", "role", "unit", "cluster", "start", "end"]
    list_filter = ["role", InForce, "cluster"]
    list_select_related = ["user", "unit", "cluster"]
    search_fields = ["user__full_name", "user__username", "unit__search_key"]
    autocomplete_fields = ["user", "unit", "cluster"]
    fields = ["user", "role", "cluster", "unit", ("start", "end")]
