from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from clusters.models import Unit
from journal.models import Event, Head
from journal.queries import broken_at, history
from journal.services import changed, record


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(code="A", name="Đơn vị A", short_name="A")


def write(unit: Unit, number: int) -> list[Event]:
    with transaction.atomic():
        return [
            record(verb="row.change", subject=unit, by=None, changes={"n": [i, i + 1]})
            for i in range(number)
        ]


def test_events_form_a_chain(unit: Unit) -> None:
    first, second = write(unit, 2)
    assert (first.number, second.number) == (1, 2)
    assert second.previous_hash == first.hash
    assert Head.objects.get().hash == second.hash
    assert broken_at() == ""


def test_history_is_of_one_thing_newest_first(unit: Unit) -> None:
    other = Unit.objects.create(code="B", name="Đơn vị B", short_name="B")
    write(unit, 2)
    write(other, 1)
    assert [event.number for event in history(unit)] == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_record_needs_a_transaction() -> None:
    unit = Unit.objects.create(code="A", name="Đơn vị A", short_name="A")
    with pytest.raises(transaction.TransactionManagementError):
        record(verb="row.change", subject=unit, by=None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_event SET reason = 'x' WHERE number = 1",
        "DELETE FROM journal_event WHERE number = 1",
    ],
)
def test_the_database_refuses_to_change_an_event(unit: Unit, statement: str) -> None:
    write(unit, 1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Event.objects.get().reason == ""


def without_triggers(statement: str) -> None:
    """What somebody with full power over the database could still do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER journal_event_no_update")
            cursor.execute("DROP TRIGGER journal_event_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE journal_event SET reason = 'x' WHERE number = 2", "2: was changed"),
        ("DELETE FROM journal_event WHERE number = 2", "2: missing, found 3"),
        ("DELETE FROM journal_event WHERE number = 3", "3: the end of the chain is missing"),
    ],
)
def test_verify_finds_what_was_done_behind_our_back(unit: Unit, statement: str, where: str) -> None:
    write(unit, 3)
    without_triggers(statement)
    assert broken_at() == where
    with pytest.raises(CommandError, match=where.split(":")[0]):
        call_command("journal_verify")


def test_verify_says_that_the_chain_holds(unit: Unit) -> None:
    write(unit, 3)
    out = StringIO()
    call_command("journal_verify", stdout=out)
    assert "nguyên vẹn: 3 việc" in out.getvalue()


def test_changed_names_only_what_differs(unit: Unit) -> None:
    assert changed(unit, {"code": "A", "short_name": "B"}) == {"short_name": ["A", "B"]}
