from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from emulation import community, facts, organizations
from emulation.models import Achievement, Category, CommunityKind, Review
from emulation.models.particulars import COMMUNITY_FIGURES
from emulation.services import achievement as achievements
from emulation.services.review import review_achievement, submit_achievement
from emulation.views.achievement import SLUGS
from reports.summary import facts as report_facts
from reports.summary import results
from tests import world as w

NUMBERS = st.none() | st.integers(min_value=0, max_value=10**9)
FIGURES = st.lists(st.fixed_dictionaries(dict.fromkeys(COMMUNITY_FIGURES, NUMBERS)), max_size=8)


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def done(
    world: w.World, *, by: Any = None, is_verified: bool = True, kind: str = "gift", **figures: int
) -> Any:
    by = by or world.an
    row = w.draft(world, by=by, category=Category.COMMUNITY, title="Tặng quà")
    row = achievements.change_achievement(
        achievement=row, by=by, version=row.version, values={},
        particulars={"kind": kind, **figures},
    )  # fmt: skip
    w.attach(world, row, by=by)
    row = submit_achievement(achievement=row, by=by)
    if is_verified:
        row = review_achievement(
            achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=1
        )
    return row


def led(world: w.World, organization: str, *, by: Any = None, is_verified: bool = True) -> Any:
    by = by or world.an
    row = w.draft(
        world, by=by, category=Category.CULTURED_LIFESTYLE, organization=organization, title="Thi"
    )
    w.attach(world, row, by=by)
    row = submit_achievement(achievement=row, by=by)
    if is_verified:
        review_achievement(
            achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=1
        )
    return row


@given(FIGURES)
def test_what_nobody_counted_is_no_zero(rows: list[dict[str, int | None]]) -> None:
    found = community.sums(rows)
    for name in COMMUNITY_FIGURES:
        given_numbers = [row[name] for row in rows if row[name] is not None]
        assert found[name] == (sum(given_numbers) if given_numbers else None)  # type: ignore[arg-type]


def test_units_add_up_to_the_cluster_and_so_do_kinds(world: w.World) -> None:
    done(world, gifts=10, value=5_000_000)
    done(world, gifts=5, families=5, is_verified=False)
    done(world, by=world.binh, kind="legal_outreach", sessions=2, participants=300)
    rows = community.read(world.season)
    total = community.line("Cả cụm", rows)
    for lines in (community.by_unit(world.season, rows), community.by_kind(rows)):
        for place, cell in enumerate(total.cells):
            cells = [line.cells[place] for line in lines]
            assert sum(c.verified or 0 for c in cells) == (cell.verified or 0)
            assert sum(c.waiting or 0 for c in cells) == (cell.waiting or 0)
        assert sum(line.verified for line in lines) == total.verified == 2
        assert sum(line.waiting for line in lines) == total.waiting == 1
    named = {cell.name: (cell.verified, cell.waiting) for cell in total.cells}
    assert named["gifts"] == (10, 5)
    assert named["families"] == (None, 5)
    assert named["pupils"] == (None, None)


def test_page_and_report_give_the_same_sums(world: w.World) -> None:
    done(world, gifts=10, value=5_000_000)
    done(world, by=world.binh, sessions=2)
    done(world, gifts=99, is_verified=False)
    total = community.line("", community.read(world.season))
    told = results.community_totals(report_facts.read(world.season, on=w.DAY))
    assert told == {cell.name: cell.verified or 0 for cell in total.cells}


def links(text: str) -> list[str]:
    return [part.split('"')[0].replace("&amp;", "&") for part in text.split('href="')[1:]]


def test_every_figure_opens_what_it_is_the_sum_of(client: Client, world: w.World) -> None:
    done(world, gifts=10, value=5_000_000)
    done(world, gifts=7, is_verified=False)
    done(world, by=world.binh, gifts=3, kind="honour_children")
    done(world, sessions=1, kind="legal_outreach")
    client.force_login(world.thu)
    text = client.get(reverse("community", args=[world.season.slug])).content.decode()
    found = [link for link in links(text) if "figure=gifts" in link]
    counts = {}
    for link in found:
        page = client.get(link).context["page_obj"]
        counts[link.split("?")[1]] = sum(row.community.gifts for row in _rows(page))
    base = "category=community&judged="
    assert counts[f"{base}counted&figure=gifts&unit={world.a.pk}"] == 10
    assert counts[f"{base}waiting&figure=gifts&unit={world.a.pk}"] == 7
    assert counts[f"{base}counted&figure=gifts&activity=honour_children"] == 3
    assert counts[f"{base}counted&figure=gifts"] == 13


def _rows(page: Any) -> list[Any]:
    return list(Achievement.objects.filter(pk__in=[row.pk for row in page]))


def test_a_unit_sees_its_own_and_the_sum_of_the_cluster(client: Client, world: w.World) -> None:
    done(world, gifts=111)
    done(world, by=world.binh, gifts=222)
    client.force_login(world.an)
    text = client.get(reverse("community", args=[world.season.slug])).content.decode()
    assert "111" in text
    assert "333" in text
    assert "222" not in text
    assert f"unit={world.b.pk}" not in text
    assert "Đơn vị B" not in text


@pytest.mark.parametrize("name", ["community", "organization"])
def test_an_empty_page_says_what_will_be_there(client: Client, world: w.World, name: str) -> None:
    client.force_login(world.lan)
    text = client.get(reverse(name, args=[world.season.slug])).content.decode()
    assert "trang này tự cộng" in text


@pytest.mark.parametrize("name", ["community", "organization", "drive_list"])
def test_sums_cost_the_same_with_many_rows(client: Client, world: w.World, name: str) -> None:
    client.force_login(world.thu)
    where = reverse(name, args=[world.season.slug])

    def cost() -> int:
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        return len(queries)

    w.drive(world, "Đợt 1")
    done(world, gifts=1)
    led(world, "trade_union")
    before = cost()
    for number in range(10):
        w.drive(world, f"Đợt khác {number}")
        done(world, gifts=1, is_verified=bool(number % 2))
        led(world, "youth_union", by=world.binh)
    assert cost() == before


# Mass organisations


def test_organizations_are_counted_by_unit_and_category(world: w.World) -> None:
    led(world, "trade_union")
    led(world, "trade_union", is_verified=False)
    led(world, "women_union", by=world.binh)
    rows = organizations.read(world.season)
    lines = organizations.by_unit(world.season, rows)
    assert [(line.name, line.verified, line.waiting) for line in lines] == [
        ("Đơn vị A", 1, 1), ("Đơn vị B", 1, 0), ("Đơn vị C", 0, 0),
    ]  # fmt: skip
    assert [cell.verified for cell in organizations.total("", rows).cells] == [1, 0, 1]
    assert [line.name for line in organizations.by_category(rows)] == [
        Category.CULTURED_LIFESTYLE.label
    ]


def test_organization_figures_open_their_achievements(client: Client, world: w.World) -> None:
    row = led(world, "trade_union")
    led(world, "women_union", by=world.binh)
    client.force_login(world.thu)
    text = client.get(reverse("organization", args=[world.season.slug])).content.decode()
    link = next(link for link in links(text) if "organization=trade_union" in link)
    shown = client.get(link).context["page_obj"]
    assert [found.pk for found in shown] == [row.pk]
    client.force_login(world.an)
    text = client.get(reverse("organization", args=[world.season.slug])).content.decode()
    assert "organization=women_union" not in text


@pytest.mark.parametrize("category", facts.WITH_ORGANIZATION)
def test_an_organization_is_asked_for_where_it_may_lead(
    client: Client, world: w.World, category: str
) -> None:
    words = next(words for words, kind in SLUGS.items() if kind == category)
    client.force_login(world.an)
    text = client.get(reverse("achievement_new", args=[world.season.slug, words])).content.decode()
    assert 'name="organization"' in text


def test_kinds_are_all_told(world: w.World) -> None:
    assert [line.name for line in community.by_kind([])] == [str(k.label) for k in CommunityKind]
