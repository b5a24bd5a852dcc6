"""What was corrected after the closing: in the report, beside the achievement, in a list."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emulation.models import Achievement, Correction, Season
from emulation.services.closing import correct
from reports.content import SummaryReport, Table
from reports.pdf import render_html
from reports.summary import summary_report
from tests import everything
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    """A season that was closed over a verified achievement."""
    made = w.build()
    row = w.sent(made, title="Trao quà")
    Achievement.objects.filter(pk=row.pk).update(state="verified")
    everything.close(made)
    return made


def write(world: w.World, **more: Any) -> Correction:
    given = {
        "season": world.season, "by": world.thu, "about": "Số suất quà", "was": "30",
        "becomes": "50 suất", "reason": "Chép thiếu một đợt",
    } | more  # fmt: skip
    return correct(**given)


def report(world: w.World) -> SummaryReport:
    season = Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)
    return summary_report(season, created=timezone.now())


def test_corrections_are_the_last_words_of_the_report(world: w.World) -> None:
    row = Achievement.objects.get(title="Trao quà")
    write(world, achievement=row)
    write(world, about="Tên đơn vị", was="")
    last = report(world).annexes[-1]
    assert last.title == "ĐÍNH CHÍNH SAU KHI CHỐT"
    (table,) = [block for block in last.blocks if isinstance(block, Table)]
    cells = [[cell.text for cell in line.cells] for line in table.rows]
    day = f"{timezone.localdate():%d/%m/%Y}"
    code = f"TT-{w.YEAR}-{row.number:04d}"
    assert cells == [
        ["1", f"Số suất quà ({code})", "30", "50 suất", "Chép thiếu một đợt", day],
        ["2", "Tên đơn vị", "–", "50 suất", "Chép thiếu một đợt", day],
    ]
    assert "ĐÍNH CHÍNH SAU KHI CHỐT" in render_html(report(world))


def test_a_report_without_corrections_has_no_such_annex(world: w.World) -> None:
    assert "ĐÍNH CHÍNH SAU KHI CHỐT" not in [annex.title for annex in report(world).annexes]


def test_the_page_of_the_achievement_shows_them(client: Client, world: w.World) -> None:
    row = Achievement.objects.get(title="Trao quà")
    address = reverse("achievement_detail", args=["gan", row.number])
    for who in (world.an, world.thu):
        client.force_login(who)
        assert "50 suất" not in client.get(address).content.decode()
    write(world, achievement=row)
    for who in (world.an, world.thu):
        client.force_login(who)
        assert "50 suất" in client.get(address).content.decode()


def test_a_correction_of_another_unit_is_not_listed_for_a_unit(
    client: Client, world: w.World
) -> None:
    write(world, achievement=Achievement.objects.get(title="Trao quà"))
    write(world, about="Tên phong trào")
    address = reverse("correction_list", args=["gan"])

    def seen(user: Any) -> tuple[bool, bool]:
        client.force_login(user)
        html = client.get(address).content.decode()
        return "Số suất quà" in html, "Tên phong trào" in html

    assert seen(world.an) == seen(world.thu) == seen(world.lan) == (True, True)
    assert seen(world.binh) == (False, True)


def test_the_form_writes_beside_the_achievement_that_it_names(
    client: Client, world: w.World
) -> None:
    client.force_login(world.thu)
    row = Achievement.objects.get(title="Trao quà")
    address = reverse("correction_new", args=["gan"]) + f"?thanh-tich={row.number}"
    values = {"about": "Số quà", "was": "30", "becomes": "50", "reason": "Nhầm"}
    assert client.post(address, values).status_code == 302
    assert client.post(address, values).status_code == 302
    assert Correction.objects.get().achievement == row
    for wrong in ("x", "99999", "9" * 30):
        page = reverse("correction_new", args=["gan"]) + f"?thanh-tich={wrong}"
        assert client.get(page).status_code == 404
