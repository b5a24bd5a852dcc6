"""The menu holds six places at most; the page of all places leads to pages that open."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emulation import context, places
from emulation.models import Season
from tests import world as w

WHO = ["an", "binh", "thu", "lan", "quang"]


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def main(client: Client, user: Any, name: str) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=["gan"]))
    assert response.status_code == 200
    return response.content.decode()


def links(html: str) -> list[str]:
    inside = html.partition('<div class="cols even">')[2].partition("</main>")[0]
    return re.findall(r'<li class="px-0">\s*<div>\s*<a href="([^"]+)"', inside)


@pytest.mark.parametrize("role", ["unit", "secretary", "leader", "administrator"])
def test_a_menu_has_six_places_at_most_and_ends_with_all_of_them(role: str) -> None:
    names = [name for name, *_rest in context._places(role)]
    assert len(names) <= 6
    assert len(set(names)) == len(names)
    assert names[-1] == "season_work"


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("who", WHO)
def test_every_place_that_is_shown_opens(
    client: Client, world: w.World, who: str, closed: bool
) -> None:
    if closed:
        Season.objects.filter(slug="gan").update(closed_at=timezone.now(), closed_by=world.thu)
    found = links(main(client, getattr(world, who), "season_work"))
    assert len(found) >= 15
    assert len(set(found)) == len(found)
    for address in found:
        assert client.get(address).status_code == 200, address


def test_every_place_is_shown_to_somebody(client: Client, world: w.World) -> None:
    shown: set[str] = set()
    for closed in (False, True):
        if closed:
            Season.objects.filter(slug="gan").update(closed_at=timezone.now(), closed_by=world.thu)
        for who in WHO:
            shown |= set(links(main(client, getattr(world, who), "season_work")))
    assert len(shown) == len(places.names())


@pytest.mark.parametrize(
    ("who", "there", "absent"),
    [
        ("an", "ma-nop-muon/nhap/", "ma-nop-muon/"),
        ("thu", "ma-nop-muon/", "ma-nop-muon/nhap/"),
        ("lan", "chot/", "thong-tin/"),
        ("quang", "nhip-nam/", "chot/"),
    ],
)
def test_a_role_is_shown_its_own_places(
    client: Client, world: w.World, who: str, there: str, absent: str
) -> None:
    found = links(main(client, getattr(world, who), "season_work"))
    assert f"/ky/gan/{there}" in found
    assert f"/ky/gan/{absent}" not in found


@pytest.mark.parametrize(
    ("who", "name", "current"),
    [
        ("an", "pledge", "pledge"),
        ("an", "conference", "season_work"),
        ("an", "pulse", "season_work"),
        ("thu", "pulse", "pulse"),
        ("thu", "nomination_list", "season_work"),
        ("lan", "conference", "conference"),
    ],
)
def test_a_page_outside_the_menu_lies_under_the_last_place(
    client: Client, world: w.World, who: str, name: str, current: str
) -> None:
    html = main(client, getattr(world, who), name)
    menu = html.partition('<nav class="side"')[2].partition("</nav>")[0]
    here = re.findall(r'<a href="([^"]+)" aria-current="page"', menu)
    assert here == [reverse(current, args=["gan"])]


def test_reports_that_wait_are_counted_in_the_menu(client: Client, world: w.World) -> None:
    def pip() -> list[str]:
        html = main(client, world.thu, "period_list")
        menu = html.partition('<nav class="side"')[2].partition("</nav>")[0]
        return re.findall(r'<span class="pip">(\d+)', menu)

    assert pip() == []
    row = w.report(world, w.period(world))
    client.force_login(world.an)
    address = reverse("report_submit", args=["gan", row.period_id, world.a.pk])
    client.post(address, {"version": "1"})
    assert pip() == ["1"]


def test_the_page_of_all_places_asks_little(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    address = reverse("season_work", args=["gan"])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 8
