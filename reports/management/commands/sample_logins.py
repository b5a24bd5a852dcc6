"""`manage.py sample_logins`: with which accounts the sample can be tried, one for each role."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from clusters.models import Appointment, Membership, Role, User
from reports.sample.accounts import ACCOUNTS, ADMINISTRATOR, PASSWORD, STRANGER, Account


class Command(BaseCommand):
    help = "Prints the sample accounts: for people as a table, for machines with --json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")
        parser.add_argument("--base", default="", help="address before the path of the login page")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE_LOGINS_ALLOWED:
            raise CommandError("Tài khoản mẫu không đăng nhập được trên hệ thống dùng thật.")
        rows = accounts()
        if not rows:
            raise CommandError("Chưa có tài khoản mẫu. Chạy: manage.py load_sample")
        if options["json"]:
            found = {
                "login_url": options["base"].rstrip("/") + reverse(settings.LOGIN_URL),
                "user_field": "login",
                "password_field": "password",
                "accounts": rows,
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        width = max(len(row["username"]) for row in rows)
        self.stdout.write(f"Tài khoản mẫu, mật khẩu chung: {PASSWORD}")
        for row in rows:
            place = " · ".join(filter(None, (row["unit"], row["cluster"])))
            words = " · ".join(filter(None, (_words(row["role"]), place)))
            self.stdout.write(f"  {row['username']:<{width}}  {words}")


def accounts() -> list[dict[str, str]]:
    """Return the listed accounts that exist, with the unit and the clusters of their appointments.

    `role` is a value of `clusters.models.Role`, "administrator" or "stranger".
    """
    listed = {account.username: account for account in ACCOUNTS if account.listed}
    there = set(
        User.objects.filter(username__in=listed, is_sample=True).values_list("username", flat=True)
    )
    posts: dict[str, list[Appointment]] = {}
    for post in Appointment.objects.filter(user__username__in=there).select_related(
        "user", "unit", "cluster"
    ):
        posts.setdefault(post.user.username, []).append(post)
    clusters = _clusters()
    return [
        _row(account, posts.get(account.username, []), clusters)
        for account in listed.values()
        if account.username in there
    ]


def _clusters() -> dict[int, str]:
    """Return the cluster of each unit, that of the latest year."""
    rows = Membership.objects.select_related("cluster").order_by("year")
    return {row.unit_id: str(row.cluster) for row in rows}


def _row(account: Account, posts: list[Appointment], clusters: dict[int, str]) -> dict[str, str]:
    names = [
        str(post.cluster) if post.cluster else clusters.get(post.unit_id or 0, "") for post in posts
    ]
    return {
        "username": account.username,
        "password": PASSWORD,
        "role": account.role,
        "unit": ", ".join(dict.fromkeys(str(post.unit) for post in posts if post.unit)),
        "cluster": ", ".join(dict.fromkeys(filter(None, names))),
    }


def _words(role: str) -> str:
    """Return a role as people say it."""
    own = {ADMINISTRATOR: "Quản trị", STRANGER: "Chưa được phân công"}
    return own.get(role) or str(Role(role).label)
