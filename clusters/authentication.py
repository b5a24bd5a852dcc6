"""Who may sign in at all: no sign-up, and no sample account where real work is done."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from clusters.models import User


class Backend(ModelBackend):
    """Django's own check; asked at each request, so it also ends sessions that are open."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        if isinstance(user, User) and user.is_sample and not settings.SAMPLE_LOGINS_ALLOWED:
            return False
        return super().user_can_authenticate(user)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
