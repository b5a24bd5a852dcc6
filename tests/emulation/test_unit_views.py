"""The pages of units: the list, the card with its years, and the changes with their preview."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Appointment, Membership, Role, Unit
from emulation import yearbook
from emulation.models import Achievement, Phase, Season, SheetState, State
from emulation.services.units import rename_unit
from journal.models import Event
from tests import world as w
from tests.emulation.test_units import name

TODAY = timezone.localdate()
NEXT = w.YEAR + 1


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def page(client: Client, where: str, user: Any) -> str:
    client.force_login(user)
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


def card(unit: Unit) -> str:
    return reverse("unit_detail", args=[unit.pk])


def renamed(world: w.World) -> Unit:
    return rename_unit(unit=world.a, to=name("A9"), day=TODAY, by=world.quang)


# The list


def test_the_list_shows_the_units_of_the_own_cluster(client: Client, world: w.World) -> None:
    where = reverse("unit_list")
    for who in ("an", "thu", "lan"):
        text = page(client, where, getattr(world, who))
        assert card(world.b) in text
        assert "Đơn vị D" not in text
    assert "Đơn vị D" in page(client, where, world.quang)
    assert "Nhờ quản trị hệ thống" in page(client, where, world.khach)


@pytest.mark.parametrize("q", ["don vi b", "ĐƠN VỊ B", "dơn vị b", "b"])
def test_the_list_is_searched_without_accents(client: Client, world: w.World, q: str) -> None:
    text = page(client, f"{reverse('unit_list')}?q={q}", world.an)
    assert card(world.b) in text
    assert card(world.c) not in text


def test_the_list_hides_what_ended_until_asked(client: Client, world: w.World) -> None:
    new = renamed(world)
    text = page(client, reverse("unit_list"), world.thu)
    assert card(new) in text
    assert card(world.a) not in text
    text = page(client, reverse("unit_list") + "?ended=1", world.thu)
    assert "nay là" in text
    assert card(world.a) in text


def test_the_list_costs_the_same_for_few_and_many(client: Client, world: w.World) -> None:
    where = reverse("unit_list")
    page(client, where, world.thu)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for number in range(30):
        unit = Unit.objects.create(code=f"U{number}", name=f"U{number}", short_name=f"U{number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
    with CaptureQueriesContext(connection) as many:
        text = client.get(where).content.decode()
    assert "U29" in text
    assert len(few) == len(many)


# The card


@pytest.mark.parametrize(
    ("who", "code"), [("an", 404), ("khach", 404), ("far_secretary", 200), ("quang", 200)]
)
def test_a_unit_of_another_cluster_is_not_there(
    client: Client, world: w.World, who: str, code: int
) -> None:
    client.force_login(getattr(world, who))
    assert client.get(card(Unit.objects.get(code="D"))).status_code == code


def test_the_card_tells_the_names_through_time(client: Client, world: w.World) -> None:
    new = renamed(world)
    text = page(client, card(new), world.binh)
    assert "đổi tên thành" in text
    assert f"Từ ngày {TODAY:%d/%m/%Y}" in text
    assert card(world.a) in text
    text = page(client, card(world.a), world.binh)
    assert "Đơn vị kế tục:" in text
    assert card(new) in text


def test_only_the_administrator_is_offered_changes(client: Client, world: w.World) -> None:
    where = reverse("unit_rename", args=[world.a.pk])
    assert where in page(client, card(world.a), world.quang)
    for who in ("an", "anh", "thu", "lan"):
        assert where not in page(client, card(world.a), getattr(world, who))


def test_a_unit_that_ended_is_changed_no_more(client: Client, world: w.World) -> None:
    renamed(world)
    assert "Đổi tên hoặc ký hiệu" not in page(client, card(world.a), world.quang)
    for kind in ("rename", "merge", "split", "move"):
        response = client.get(reverse(f"unit_{kind}", args=[world.a.pk]))
        assert response["Location"] == card(world.a)


def earlier(world: w.World, unit: Unit, years: int = 1) -> Season:
    year = w.YEAR - years
    Membership.objects.create(cluster=world.season.cluster, unit=unit, year=year, order=1)
    return Season.objects.create(cluster=world.season.cluster, year=year, slug=f"gan-{year}")


def counted(season: Season, unit: Unit, number: int = 1) -> None:
    Achievement.objects.create(
        season=season, unit=unit, number=number, category="advisory", title="Việc",
        state=State.VERIFIED, started_on=w.DAY, submitted_at=timezone.now(), revision=1,
    )  # fmt: skip


def years(unit: Unit, user: Any) -> list[tuple[int, str, int | None, int | None, int | None]]:
    found = yearbook.years(unit, user, timezone.now())
    return [(row.year, row.unit.code, row.verified, row.met, row.targets) for row in found]


def test_years_stand_side_by_side_and_follow_the_predecessors(world: w.World) -> None:
    """O was renamed to A in January, A to A9 today: the card of A9 shows both years."""
    old = Unit.objects.create(
        code="O", name="Cũ", short_name="Cũ", valid_to=w.DAY - timedelta(days=1)
    )
    Unit.objects.filter(pk=world.a.pk).update(valid_from=w.DAY)
    world.a.predecessors.add(old)
    counted(earlier(world, old), old)
    counted(world.season, world.a)
    counted(world.season, world.a, 2)
    new = renamed(world)
    for user in (world.an, world.thu, world.lan, world.quang):
        user.__dict__.pop("_standing", None)
        assert years(new, user) == [(w.YEAR - 1, "O", 1, None, None), (w.YEAR, "A", 2, 0, 1)]
    assert years(old, world.thu) == [(w.YEAR - 1, "O", 1, None, None)]


def test_figures_of_another_unit_are_not_told(world: w.World) -> None:
    counted(world.season, world.a)
    assert years(world.a, world.binh) == [(w.YEAR, "A", None, None, None)]


def test_a_met_target_counts(world: w.World) -> None:
    counted(world.season, world.a)
    Achievement.objects.update(target=world.target, quantity=Decimal(10))
    assert years(world.a, world.an) == [(w.YEAR, "A", 1, 1, 1)]


def appraised(world: w.World) -> None:
    sheet = w.sheet(world)
    lines = w.lines(sheet, **w.FULL)
    for row in sheet.scores.all():
        row.verified_score = lines[row.criterion_id][0] if row.criterion_id in lines else None
        row.save()
    sheet.state, sheet.submitted_at = SheetState.APPRAISED, timezone.now()
    sheet.save()


def test_the_place_in_the_ranking_is_told_where_the_reader_may_see_it(world: w.World) -> None:
    appraised(world)
    [row] = yearbook.years(world.a, world.binh, timezone.now())
    assert row.line is not None
    assert (row.line.rank, row.ranked) == (1, 1)
    Phase.objects.update(see_standings=False)
    [row] = yearbook.years(world.a, world.binh, timezone.now())
    assert row.line is None
    [row] = yearbook.years(world.a, world.thu, timezone.now())
    assert row.line is not None


def test_at_most_five_years_are_shown(world: w.World) -> None:
    for number in range(1, 8):
        earlier(world, world.a, number)
    found = yearbook.years(world.a, world.thu, timezone.now())
    assert [row.year for row in found] == list(range(w.YEAR - 4, w.YEAR + 1))


def test_a_unit_of_no_cluster_says_so(client: Client, world: w.World) -> None:
    unit = Unit.objects.create(code="Q", name="Không cụm", short_name="Không cụm")
    assert "chưa là thành viên của cụm nào" in page(client, card(unit), world.quang)


def test_the_card_costs_no_more_with_more_results(client: Client, world: w.World) -> None:
    counted(world.season, world.a)
    where = card(world.a)
    page(client, where, world.thu)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for number in range(2, 40):
        counted(world.season, world.a, number)
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(few) == len(many)


# The changes


def typed(kind: str, world: w.World, **values: Any) -> dict[str, Any]:
    named = {"name": "Cục mới", "short_name": "Cục mới", "code": "CM"}
    dated = {"day": TODAY.isoformat(), "basis": "QĐ 12"}
    if kind == "split":
        first = {f"{key}-1": f"{value}1" for key, value in named.items()}
        second = {f"{key}-2": f"{value}2" for key, value in named.items()}
        people = Appointment.objects.filter(unit=world.a)
        places = {f"person-{row.pk}": "2" if row.user == world.an else "1" for row in people}
        return dated | first | second | places | values
    if kind == "move":
        clusters = {"origin": world.season.cluster_id, "to": world.far_season.cluster_id}
        return {"year": str(NEXT), "basis": "QĐ 12"} | clusters | values
    units = {"units": [world.b.pk]} if kind == "merge" else {}
    return named | dated | units | values


def confirm(client: Client, where: str, values: dict[str, Any]) -> Any:
    """Read the preview, then press the button that is there."""
    first = client.post(where, values)
    assert first.status_code == 200
    seen = first.context["form"].data["seen"]
    return client.post(where, values | {"seen": seen, "confirm": "1"})


KINDS = ("rename", "merge", "split", "move")


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_read_first_and_stored_only_then(
    client: Client, world: w.World, kind: str
) -> None:
    client.force_login(world.quang)
    where = reverse(f"unit_{kind}", args=[world.a.pk])
    assert "Xem những gì sẽ đổi" in client.get(where).content.decode()
    units, events = Unit.objects.count(), Event.objects.count()
    text = client.post(where, typed(kind, world)).content.decode()
    assert "Sẽ đổi như sau" in text
    assert (Unit.objects.count(), Event.objects.count()) == (units, events)
    response = confirm(client, where, typed(kind, world))
    assert response.status_code == 302
    [event] = Event.objects.order_by("-number")[: Event.objects.count() - events]
    assert (event.verb, event.reason) == (f"unit.{kind}", "QĐ 12")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_read_is_not_done(client: Client, world: w.World, kind: str) -> None:
    """Confirming without the preview, or after a change of what was typed, shows it again."""
    client.force_login(world.quang)
    where = reverse(f"unit_{kind}", args=[world.a.pk])
    values = typed(kind, world)
    seen = client.post(where, values).context["form"].data["seen"]
    events = Event.objects.count()
    for more in ({"confirm": "1"}, {"confirm": "1", "seen": seen, "basis": "Khác"}):
        text = client.post(where, values | more).content.decode()
        assert "Sẽ đổi như sau" in text
    assert Event.objects.count() == events


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("who", "code"), [("an", 403), ("thu", 403), ("far_secretary", 404)])
def test_changes_are_the_administrators(
    client: Client, world: w.World, kind: str, who: str, code: int
) -> None:
    client.force_login(getattr(world, who))
    where = reverse(f"unit_{kind}", args=[world.a.pk])
    assert client.get(where).status_code == code
    assert client.post(where, typed(kind, world)).status_code == code


def test_the_preview_of_a_rename_says_who_and_which_years(client: Client, world: w.World) -> None:
    Membership.objects.create(cluster=world.season.cluster, unit=world.a, year=NEXT, order=1)
    client.force_login(world.quang)
    where = reverse("unit_rename", args=[world.a.pk])
    text = client.post(where, typed("rename", world)).content.decode()
    assert "Phân công của 2 người" in text
    assert f"Năm {w.YEAR}: thành viên của Cụm thi đua số 1 vẫn ghi là Đơn vị A" in text
    assert f"Năm {NEXT}: chỗ của Đơn vị A" in text


def test_a_split_sends_everybody_where_it_was_said(client: Client, world: w.World) -> None:
    client.force_login(world.quang)
    confirm(client, reverse("unit_split", args=[world.a.pk]), typed("split", world))
    found = {
        row.user.username: row.unit.code
        for row in Appointment.objects.on(TODAY).filter(unit__code__startswith="CM")
        if row.unit
    }
    assert found == {"an": "CM2", "anh": "CM1"}


def test_a_split_in_the_past_asks_only_for_those_who_are_there(
    client: Client, world: w.World
) -> None:
    Appointment.objects.create(
        user=world.khach, role=Role.UNIT_STAFF, unit=world.a, start=w.DAY,
        end=TODAY - timedelta(days=2),
    )  # fmt: skip
    client.force_login(world.quang)
    day = (TODAY - timedelta(days=5)).isoformat()
    values = typed("split", world, day=day)
    response = confirm(client, reverse("unit_split", args=[world.a.pk]), values)
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("rename", {"code": "có dấu"}, "Ký hiệu chỉ gồm"),
        ("rename", {"day": "1900-01-01"}, "Chọn ngày từ năm"),
        ("rename", {"name": ""}, "Nhập tên đơn vị mới"),
        ("merge", {"units": []}, "Chọn đơn vị sáp nhập"),
        ("split", {"name-2": ""}, "Nhập tên đơn vị mới"),
        ("split", {"name-3": "Ba"}, "Nhập đủ tên và ký hiệu"),
        ("split", {"code-1": "có dấu"}, "Ký hiệu chỉ gồm"),
        ("move", {"to": ""}, "Chọn sang cụm"),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, world: w.World, kind: str, values: dict[str, Any], words: str
) -> None:
    client.force_login(world.quang)
    where = reverse(f"unit_{kind}", args=[world.a.pk])
    text = client.post(where, typed(kind, world, **values)).content.decode()
    assert words in text
    assert "Sẽ đổi như sau" not in text


def test_a_person_sent_to_a_unit_that_is_not_named(client: Client, world: w.World) -> None:
    client.force_login(world.quang)
    row = Appointment.objects.get(user=world.an)
    values = typed("split", world, **{f"person-{row.pk}": "4"})
    text = client.post(reverse("unit_split", args=[world.a.pk]), values).content.decode()
    assert "Chọn một trong các đơn vị mới đã nhập" in text


def test_a_code_that_is_taken_is_told_at_the_end(client: Client, world: w.World) -> None:
    client.force_login(world.quang)
    where = reverse("unit_rename", args=[world.a.pk])
    response = confirm(client, where, typed("rename", world, code="B"))
    assert "đã dùng cho một đơn vị khác" in response.content.decode()
    assert Unit.objects.get(pk=world.a.pk).valid_to is None
