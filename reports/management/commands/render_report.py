"""`manage.py render_report`: the summary report as a file, without queue and without row."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emulation.models import Season
from reports import pdf
from reports.content import ZONE
from reports.summary import summary_report


class Command(BaseCommand):
    help = "Makes the summary report of a season as PDF; equal rows and --created, equal bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--season", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, metavar="FILE")
        parser.add_argument(
            "--created", default="", metavar="ISO", help="the time in the file (default: now)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        created = _created(options["created"])
        season = Season.objects.select_related("cluster", "scheme").filter(slug=options["season"])
        if not (found := season.first()):
            known = ", ".join(Season.objects.values_list("slug", flat=True)) or "–"
            raise CommandError(f"Không có kỳ thi đua “{options['season']}”. Đang có: {known}")
        try:
            made, pages = pdf.make(summary_report(found, created=created))
        except pdf.PdfUnavailable as missing:
            raise CommandError(f"Thiếu thư viện để lập PDF. Cài đặt: {missing}") from missing
        try:
            Path(options["out"]).write_bytes(made)
        except OSError as error:
            raise CommandError(f"Không ghi được {options['out']}: {error.strerror}") from error
        self.stdout.write(f"{options['out']}: {pages} trang, {len(made)} byte")


def _created(text: str) -> datetime:
    """Return the time that a user typed, in Vietnamese zone unless it names another."""
    if not text:
        return timezone.now()
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--created: không phải thời điểm ISO 8601: {text}") from error
    return found if found.tzinfo else found.replace(tzinfo=ZONE)
