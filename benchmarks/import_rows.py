"""From the click on "Tải lên" to the last row written: one file, with a real worker.

    .venv/bin/python -m benchmarks.import_rows [--rows 1000] [--rounds 3] [--season mau-2026]

The clicks are POSTs through the whole of Django. The goal is 20 seconds for 1,000 rows; beside it
stands what a bulk_create of as many bare rows takes, which no import can beat.
"""

import argparse
import time
import uuid
from io import BytesIO

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from benchmarks.site import Worker, install
from clusters.models import User
from emulation import permissions
from emulation.importing.columns import COLUMNS, SHEET
from emulation.models import Achievement, Import, Season

HEADS = [column.head for column in COLUMNS]
KINDS = ("Tham mưu, báo cáo", "Vì cộng đồng", "Văn bản, đề án")


def workbook(rows: int, mark: str, year: int) -> bytes:
    """Return a filled workbook; two rows in three have particulars."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(HEADS)
    for n in range(rows):
        values = {
            "category": KINDS[n % 3], "title": f"Kết quả {mark} số {n}",
            "started_on": f"{n % 28 + 1:02}/01/{year}", "description": "Nội dung " * 20,
        }  # fmt: skip
        if n % 3 == 1:
            values |= {"community.kind": "Thăm hỏi, tặng quà", "community.gifts": str(n)}
        if n % 3 == 2:
            values |= {
                "policy_document.kind": "Kế hoạch", "policy_document.about": "Về việc",
                "policy_document.status": "Hoàn thành",
            }  # fmt: skip
        sheet.append([values.get(column.name) for column in COLUMNS])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def until(row: Import, state: str) -> float:
    """Return the moment at which the row has the state."""
    while row.state in ("checking", "writing") and row.state != state:
        time.sleep(0.01)
        row.refresh_from_db(fields=["state", "problems"])
    assert row.state == state, row.problems[:3]
    return time.perf_counter()


def round_of(client: Client, base: str, content: bytes) -> tuple[float, float, float, float]:
    """Return the seconds of the upload's answer, the check, the confirmation's answer, the rest."""
    file = SimpleUploadedFile("thanh-tich.xlsx", content)
    began = time.perf_counter()
    response = client.post(base, {"file": file, "key": str(uuid.uuid4())})
    uploaded = time.perf_counter()
    assert response.status_code == 302, response
    row = Import.objects.get(pk=response["Location"].rstrip("/").rsplit("/", 1)[1])
    checked = until(row, "checked")
    client.post(f"{base}{row.pk}/xac-nhan/")
    confirmed = time.perf_counter()
    row.refresh_from_db()
    done = until(row, "done")
    return uploaded - began, checked - uploaded, confirmed - checked, done - confirmed


def floor(season: Season, user: User, rows: int) -> float:
    """Return the seconds of a bulk_create of bare rows, undone afterwards."""
    unit = permissions.own_unit(user, season)
    made = [
        Achievement(
            season=season, unit=unit, number=10**6 + n, category="advisory", title=f"Việc {n}"
        )
        for n in range(rows)
    ]
    with transaction.atomic():
        began = time.perf_counter()
        Achievement.objects.bulk_create(made)
        taken = time.perf_counter() - began
        transaction.set_rollback(True)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--season", default="mau-2026")
    options = parser.parse_args()
    install()
    season = Season.objects.get(slug=options.season)
    user = User.objects.get(username="nhanvien.g")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    worker = Worker()
    worker.start()
    base = f"/ky/{options.season}/thanh-tich/nhap-tep/"
    year = min(season.year, timezone.localdate().year)
    try:
        round_of(client, base, workbook(2, "làm nóng", year))
        rounds = [
            round_of(client, base, workbook(options.rows, f"lượt {n}", year))
            for n in range(options.rounds)
        ]
    finally:
        worker.kill()
    bare = floor(season, user, options.rows)
    print(f"{options.rows} rows on {connection.vendor}; bare bulk_create {bare:.2f} s")
    print("round   answer   check   answer   write   together (s)   × bare")
    for number, parts in enumerate(rounds, 1):
        shown = "".join(f"{part:8.2f}" for part in parts)
        print(f"{number:5} {shown}   {sum(parts):12.2f}   {sum(parts) / bare:6.1f}")
    worst = max(sum(parts) for parts in rounds)
    return 0 if worst <= 20 * options.rows / 1000 else 1


if __name__ == "__main__":
    raise SystemExit(main())
