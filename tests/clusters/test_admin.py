"""The administration: every write leaves one entry, nothing referenced goes, no secret is told."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from clusters.admin import RecordedAdmin
from clusters.models import Appointment, Cluster, Membership, Role, Term, Unit, User
from clusters.services.rows import save_row
from journal.models import Event
from journal.queries import broken_at
from tests import world as w

HOME = "/quan-tri/"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def quang(world: w.World) -> Client:
    client = Client()
    client.force_login(world.quang)
    return client


def events() -> list[tuple[str, str]]:
    """Return (verb, subject) of all entries, oldest first."""
    rows = Event.objects.order_by("number").values_list("verb", "subject_name")
    return [(verb, name) for verb, name in rows]


def inlines(cluster: Cluster, **lines: Any) -> dict[str, Any]:
    """What the page of a cluster posts: its own fields and its two tables of lines."""
    values: dict[str, Any] = {
        "name": cluster.name, "code": cluster.code, "place": cluster.place, "level": cluster.level,
        "block": cluster.block, "number": cluster.number, "year_from": cluster.year_from,
        "year_to": "",
    }  # fmt: skip
    for prefix, rows in (("memberships", cluster.memberships), ("terms", cluster.terms)):
        found = list(rows.all())
        values |= {f"{prefix}-TOTAL_FORMS": len(found), f"{prefix}-INITIAL_FORMS": len(found)}
        for number, row in enumerate(found):
            for field in row._meta.concrete_fields:
                value = getattr(row, field.attname)
                values[f"{prefix}-{number}-{field.name}"] = "" if value is None else value
    return values | lines


def test_every_page_of_the_administration_opens(world: w.World, quang: Client) -> None:
    assert "Quản trị Thi Đua" in quang.get(HOME).content.decode()
    for model in admin.site._registry:
        base = f"{HOME}{model._meta.app_label}/{model._meta.model_name}/"
        assert quang.get(base).status_code == 200, base
        assert quang.get(base + "?q=đơn").status_code == 200, base
        first = model._default_manager.first()
        if first is not None:
            assert quang.get(f"{base}{first.pk}/change/").status_code == 200, base
        # What is only read has no page to add; what is written is recorded.
        if quang.get(base + "add/").status_code == 200:
            assert isinstance(admin.site._registry[model], RecordedAdmin), base
        else:
            assert model._meta.label_lower in {"journal.event", "reports.document"}


def test_only_staff_enter_and_by_the_same_door(world: w.World) -> None:
    assert Client().get(HOME, follow=True).redirect_chain[-1][0].startswith("/dang-nhap/")
    client = Client()
    client.force_login(world.thu)
    answer = client.get(HOME, follow=True)
    assert "Quản trị Thi Đua" not in answer.content.decode()
    assert client.get(f"{HOME}clusters/user/").status_code in {302, 403}


def test_a_unit_is_added_changed_and_deleted_with_one_entry_each(
    world: w.World, quang: Client
) -> None:
    before = events()
    base = f"{HOME}clusters/unit/"
    values = {"name": "Đơn vị mẫu Ế", "short_name": "Đơn vị Ế", "code": "E"}
    quang.post(base + "add/", values | {"predecessors": [world.a.pk]})
    unit = Unit.objects.get(code="E")
    assert unit.name == "Đơn vị mẫu Ế"
    assert list(unit.predecessors.all()) == [world.a]
    quang.post(f"{base}{unit.pk}/change/", values | {"predecessors": [world.b.pk]})
    quang.post(f"{base}{unit.pk}/change/", values | {"predecessors": [world.b.pk]})
    quang.post(f"{base}{unit.pk}/delete/", {"post": "yes"})
    assert events()[len(before) :] == [
        ("row.add", "Đơn vị Ế"), ("row.change", "Đơn vị Ế"), ("row.delete", "Đơn vị Ế"),
    ]  # fmt: skip
    changed = Event.objects.get(verb="row.change")
    assert changed.changes == {"predecessors": [[world.a.pk], [world.b.pk]]}
    assert changed.actor == world.quang
    assert not broken_at()


def test_another_way_of_writing_a_number_is_no_change(world: w.World) -> None:
    scheme = world.season.scheme
    assert scheme is not None
    before = len(events())
    scheme.ceiling = Decimal("110")
    save_row(row=scheme, by=world.quang)
    assert len(events()) == before
    scheme.ceiling = Decimal("111")
    save_row(row=scheme, by=world.quang)
    assert Event.objects.latest("number").changes == {"ceiling": ["110.00", "111.00"]}


def test_several_rows_are_deleted_with_an_entry_each(world: w.World, quang: Client) -> None:
    made = [Unit.objects.create(code=f"X{n}", name=f"X{n}", short_name=f"X{n}") for n in "12"]
    before = len(events())
    quang.post(
        f"{HOME}clusters/unit/",
        {"action": "delete_selected", "_selected_action": [u.pk for u in made], "post": "yes"},
    )
    assert [verb for verb, _name in events()[before:]] == ["row.delete", "row.delete"]


def test_what_is_referenced_is_not_deleted(world: w.World, quang: Client) -> None:
    for path in (f"unit/{world.a.pk}", f"user/{world.an.pk}", f"cluster/{world.season.cluster_id}"):
        address = f"{HOME}clusters/{path}/delete/"
        page = quang.get(address)
        assert page.status_code == 200
        assert page.context["protected"]
        assert quang.post(address, {"post": "yes"}).status_code in {200, 403}
    assert Unit.objects.filter(pk=world.a.pk).exists()
    assert User.objects.filter(pk=world.an.pk).exists()


def test_lines_of_a_cluster_leave_entries_of_their_own(world: w.World, quang: Client) -> None:
    cluster = world.season.cluster
    new = Unit.objects.create(code="N", name="Đơn vị mới", short_name="Đơn vị mới")
    values = inlines(cluster, **{"memberships-TOTAL_FORMS": 4, "memberships-0-DELETE": "on"})
    gone = Membership.objects.get(pk=values["memberships-0-id"])
    values |= {
        "memberships-3-cluster": cluster.pk, "memberships-3-unit": new.pk,
        "memberships-3-year": gone.year, "memberships-3-order": 9, "terms-0-source": "Quyết định",
    }  # fmt: skip
    before = len(events())
    answer = quang.post(f"{HOME}clusters/cluster/{cluster.pk}/change/", values)
    assert answer.status_code == 302
    assert [verb for verb, _name in events()[before:]] == ["row.delete", "row.add", "row.change"]
    assert Term.objects.get(cluster=cluster).source == "Quyết định"


def test_lines_that_contradict_each_other_are_refused(world: w.World, quang: Client) -> None:
    cluster = world.season.cluster
    values = inlines(cluster)
    values["memberships-0-order"] = values["memberships-1-order"]
    values["terms-0-deputy"] = values["terms-0-head"]
    before = len(events())
    page = quang.post(f"{HOME}clusters/cluster/{cluster.pk}/change/", values)
    assert page.status_code == 200
    assert len(events()) == before


def test_a_user_is_made_with_a_password_that_no_entry_holds(world: w.World, quang: Client) -> None:
    password = "mat-khau-dau-tien-2026"
    page = quang.post(
        f"{HOME}clusters/user/add/",
        {
            "username": "moi", "full_name": "Nguyễn Thị Mới", "rank": "Đại úy", "position": "",
            "password1": password, "password2": password,
        },
    )  # fmt: skip
    assert page.status_code == 302, page.context["adminform"].form.errors
    user = User.objects.get(username="moi")
    assert user.check_password(password)
    event = Event.objects.get(verb="row.add", subject_id=str(user.pk))
    assert event.changes["full_name"] == [None, "Nguyễn Thị Mới"]
    assert "password" not in event.changes
    assert password not in str(event.changes)


def test_a_password_given_by_the_administration_is_written_down(
    world: w.World, quang: Client
) -> None:
    new = "mat-khau-dat-lai-2026"
    address = f"{HOME}clusters/user/{world.an.pk}/password/"
    data = {"password1": new, "password2": new, "set-password": "1"}
    assert quang.post(address, {"password1": "a", "password2": "b"}).status_code == 200
    assert not Event.objects.filter(verb="password.change").exists()
    assert quang.post(address, data).status_code == 302
    world.an.refresh_from_db()
    assert world.an.check_password(new)
    event = Event.objects.get(verb="password.change")
    assert (event.actor, event.subject_id, event.changes) == (world.quang, str(world.an.pk), {})


def test_the_own_password_is_changed_where_it_is_written_down(quang: Client) -> None:
    assert quang.get(HOME + "password_change/")["Location"] == "/doi-mat-khau/"


def test_staff_do_not_make_themselves_superusers(world: w.World) -> None:
    model_admin = admin.site._registry[User]
    request: Any = type("Request", (), {"user": world.an})
    assert {"is_staff", "is_superuser"} <= set(model_admin.get_readonly_fields(request, world.an))


def test_people_and_units_are_found_without_accents(world: w.World, quang: Client) -> None:
    page = quang.get(f"{HOME}clusters/user/?q=nguyen+an").content.decode()
    assert "Nguyễn Văn An" in page
    assert "Trần Văn Bình" not in page
    page = quang.get(
        f"{HOME}autocomplete/?app_label=clusters&model_name=appointment&field_name=unit&term=don+vi+b"
    )
    assert [row["text"] for row in page.json()["results"]] == ["Đơn vị B"]


def test_appointments_are_filtered_by_role_and_force(world: w.World, quang: Client) -> None:
    old = Appointment.objects.create(
        user=world.khach, role=Role.UNIT_STAFF, unit=world.b, start=date(2000, 1, 1),
        end=date(2001, 1, 1),
    )  # fmt: skip
    base = f"{HOME}clusters/appointment/"

    def found(query: str) -> set[int]:
        return {row.pk for row in quang.get(base + query).context["cl"].queryset}

    assert found("?in_force=over") == {old.pk}
    assert old.pk not in found("?in_force=now")
    assert not found("?in_force=later")
    assert len(found("?role__exact=secretary")) == 2


def test_an_appointment_needs_its_scope(world: w.World, quang: Client) -> None:
    base = f"{HOME}clusters/appointment/add/"
    data = {"user": world.khach.pk, "role": "unit_staff", "start": "01/01/2026"}
    page = quang.post(base, data)
    assert page.status_code == 200
    assert "Vai trò ở đơn vị cần chọn đơn vị" in page.content.decode()
    assert quang.post(base, data | {"unit": world.b.pk}).status_code == 302


@pytest.mark.parametrize("text", ["a\0b", "a" * 1_000_000])
def test_bad_text_is_refused_at_the_field(world: w.World, quang: Client, text: str) -> None:
    page = quang.post(f"{HOME}clusters/unit/add/", {"name": text, "short_name": "A", "code": "Z"})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["name"]
    assert quang.get(f"{HOME}clusters/unit/?q=a%00b").status_code == 200
