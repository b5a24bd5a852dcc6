"""`manage.py journal_verify`: prove that no event was changed, removed or slipped in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.models import Event
from journal.queries import broken_at


class Command(BaseCommand):
    help = "Checks the hash chain of the journal from the first event to the last."

    def handle(self, *args: Any, **options: Any) -> None:
        if where := broken_at():
            raise CommandError(f"Chuỗi nhật ký đứt ở việc số {where}")
        self.stdout.write(f"Chuỗi nhật ký nguyên vẹn: {Event.objects.count()} việc.")
