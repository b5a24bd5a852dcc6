"""`manage.py standings_verify`: compute every published order again from its own inputs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from emulation import published
from emulation.models import Standing

TOLD = {
    "sha256": "mã băm không khớp dữ liệu đầu vào",
    "result": "tính lại ra kết quả khác",
    "inputs": "không đọc được dữ liệu đầu vào",
}


class Command(BaseCommand):
    help = "Computes published standings again; exits with 1 if one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--season", metavar="SLUG", help="of this season alone")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Standing.objects.select_related("season").order_by("season", "number")
        if options["season"]:
            rows = rows.filter(season__slug=options["season"])
        differing = 0
        for row in rows.iterator(chunk_size=50):
            found = published.faults(row)
            differing += bool(found)
            told = "; ".join(TOLD[fault] for fault in found) or "khớp"
            self.stdout.write(f"{row.season.slug} lần {row.number}: {told} ({row.sha256[:12]})")
        if differing:
            raise CommandError(f"{differing} bảng xếp hạng công bố không khớp.", returncode=1)
