"""What was promised and what was published stays, whichever way somebody tries to change it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emulation import closing
from emulation.models import Condition, Criterion, Scheme
from emulation.views.refusals import RefusalMiddleware
from tests import everything

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no TRUNCATE"
)


@pytest.fixture
def full(db: None) -> everything.Everything:
    return everything.build()


@contextmanager
def refused(message: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        yield


def sql(statement: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def lock(full: everything.Everything) -> Scheme:
    Scheme.objects.filter(pk=full.world.season.scheme_id).update(locked_at=timezone.now())
    scheme = Scheme.objects.get(pk=full.world.season.scheme_id)
    assert scheme.is_locked
    return scheme


def rows(full: everything.Everything, scheme: Scheme) -> dict[str, Any]:
    return {
        "emulation_scheme": scheme,
        "emulation_criterion": scheme.criteria.get(code="E"),
        "emulation_condition": full["emulation_block"].condition,
    }


def test_these_are_all_the_tables() -> None:
    assert set(closing.LOCKED) == {
        "emulation_scheme", "emulation_criterion", "emulation_condition"
    }  # fmt: skip
    assert closing.KEPT == ("emulation_standing",)


@pytest.mark.parametrize("table", sorted(closing.LOCKED))
def test_a_locked_scheme_is_neither_changed_nor_removed(
    full: everything.Everything, table: str
) -> None:
    row = rows(full, lock(full))[table]
    with refused(closing.LOCKED_MESSAGE):
        sql(f'UPDATE "{table}" SET name = %s WHERE id = %s', "Khác", row.pk)
    with refused(closing.LOCKED_MESSAGE):
        sql(f'DELETE FROM "{table}" WHERE id = %s', row.pk)
    with refused(closing.LOCKED_MESSAGE):
        row.save()
    assert type(row)._default_manager.get(pk=row.pk).name == row.name


def test_a_locked_scheme_is_not_unlocked(full: everything.Everything) -> None:
    scheme = lock(full)
    with refused(closing.LOCKED_MESSAGE):
        sql("UPDATE emulation_scheme SET locked_at = NULL WHERE id = %s", scheme.pk)


def test_nothing_is_added_to_a_locked_scheme(full: everything.Everything) -> None:
    scheme = lock(full)
    with refused(closing.LOCKED_MESSAGE):
        Criterion.objects.create(
            scheme=scheme, order=99, code="Z", name="Mới", kind="plus_minus", max_score=1
        )
    with refused(closing.LOCKED_MESSAGE):
        Condition.objects.create(scheme=scheme, order=9, code="z", name="Mới", effect="no_flag")


@pytest.mark.parametrize("table", ["emulation_criterion", "emulation_condition"])
def test_nothing_is_moved_into_or_out_of_a_locked_scheme(
    full: everything.Everything, table: str
) -> None:
    locked = lock(full)
    other = Scheme.objects.create(code="khac", name="Khác", ceiling=100)
    inside = rows(full, locked)[table]
    values = {"scheme": other, "order": 1, "code": "n", "name": "Ngoài"}
    extra = {"effect": "no_flag"} if table == "emulation_condition" else {"max_score": 5}
    outside = type(inside)._default_manager.create(**values, **extra)
    for row, scheme in ((inside, other), (outside, locked)):
        with refused(closing.LOCKED_MESSAGE):
            sql(f'UPDATE "{table}" SET scheme_id = %s WHERE id = %s', scheme.pk, row.pk)


def test_an_open_scheme_is_changed(full: everything.Everything) -> None:
    """The refusals above mean something."""
    scheme = Scheme.objects.get(pk=full.world.season.scheme_id)
    for table, row in rows(full, scheme).items():
        assert sql(f'UPDATE "{table}" SET name = %s WHERE id = %s', "Khác", row.pk) == 1
    Condition.objects.create(scheme=scheme, order=9, code="z", name="Mới", effect="no_flag")
    lock(full)


def test_what_was_published_stays(full: everything.Everything) -> None:
    row = full["emulation_standing"]
    with refused(closing.KEPT_MESSAGE):
        sql("UPDATE emulation_standing SET result = %s WHERE id = %s", "[1]", row.pk)
    with refused(closing.KEPT_MESSAGE):
        sql("DELETE FROM emulation_standing WHERE id = %s", row.pk)
    with refused(closing.KEPT_MESSAGE):
        row.save()
    result = row.result
    row.refresh_from_db()
    assert row.result == result != "[1]"


@on_postgresql
def test_what_was_published_is_never_emptied(full: everything.Everything) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with refused(closing.KEPT_MESSAGE):
        sql("TRUNCATE emulation_standing CASCADE")


def test_the_migrated_database_has_every_trigger(db: None) -> None:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        expected = {f"{table}_locked" for table in closing.LOCKED}
        expected |= {f"{table}_kept{end}" for table in closing.KEPT for end in ("", "_truncate")}
    else:
        acts = {"emulation_scheme": ("update", "delete")}
        every = ("insert", "update", "delete")
        expected = {f"{t}_locked_{act}" for t in closing.LOCKED for act in acts.get(t, every)}
        expected |= {f"{t}_kept_{act}" for t in closing.KEPT for act in ("update", "delete")}
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {n for (n,) in cursor.fetchall() if "_locked" in n or "_kept" in n}
    assert found == expected


@pytest.mark.parametrize(
    ("message", "told"),
    [(closing.LOCKED_MESSAGE, "Thang điểm đã khóa"), (closing.KEPT_MESSAGE, "đã công bố")],
)
def test_a_view_that_did_not_ask_gets_a_kind_page(
    full: everything.Everything, rf: Any, message: str, told: str
) -> None:
    request = rf.get(reverse("standings", args=["gan"]))
    request.user, request.session = full.world.thu, {}
    middleware = RefusalMiddleware(lambda _request: pytest.fail("not asked"))
    response = middleware.process_exception(request, IntegrityError(message))
    assert response is not None
    assert response.status_code == 403
    assert told in response.content.decode()
    assert middleware.process_exception(request, PermissionDenied()) is None


def test_the_admin_tells_that_a_scheme_is_locked(full: everything.Everything) -> None:
    """Whatever the administration offers of a locked scheme, it never ends in an error page."""
    scheme = lock(full)
    client = Client()
    client.force_login(full.world.quang)
    address = reverse("admin:emulation_scheme_change", args=[scheme.pk])
    with transaction.atomic():
        status = client.post(address, {"code": "nho", "name": "Khác", "ceiling": "1"}).status_code
    assert status in (200, 302, 403)
    scheme.refresh_from_db()
    assert scheme.name == "Thang điểm nhỏ"
