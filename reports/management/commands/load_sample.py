"""`manage.py load_sample`: store the sample clusters; a second time changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.sample.load import load


class Command(BaseCommand):
    help = "Loads Cluster No. 1 of 2017 and a made-up cluster with a full year, if missing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE_LOGINS_ALLOWED:
            raise CommandError(
                "Hệ thống dùng thật không nạp dữ liệu mẫu: tài khoản mẫu có mật khẩu công khai."
            )
        for slug in load():
            if options["verbosity"]:
                self.stdout.write(f"Đã nạp dữ liệu mẫu: {slug}")
