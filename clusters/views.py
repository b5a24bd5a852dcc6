"""Signing in, the own account and the own password."""

from allauth.account.views import LoginView
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from clusters.forms import PasswordForm, SignInForm
from clusters.models import Appointment, User
from clusters.services import rows as services

sign_in = LoginView.as_view(form_class=SignInForm)


def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, with which roles, and the ways out."""
    assert isinstance(request.user, User)
    roles = Appointment.objects.filter(user=request.user).on(timezone.localdate())
    return render(
        request,
        "clusters/account.html",
        {"roles": roles.select_related("unit", "cluster").order_by("role", "start")},
    )


@sensitive_post_parameters()
@rate_limit(action="change_password")
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the own password; this session goes on, all others end."""
    assert isinstance(request.user, User)
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.change_password(
            user=request.user, password=form.cleaned_data["new"], by=request.user
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc."))
        return redirect("account")
    return render(request, "clusters/password.html", {"form": form})
