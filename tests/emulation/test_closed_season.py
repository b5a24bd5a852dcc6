"""A closed season stays as it is, whichever way somebody tries to change it, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from awards.models import Award
from clusters.models import Membership, Term, Unit
from emulation import closing
from emulation.models import Condition, Correction, Criterion, Scheme, Season
from journal.models import Event
from journal.services import record
from tests import everything
from tests import world as w

AWARDS = import_module("awards.migrations.0003_closed_season_stays").TABLES
REFERRED_AWARDS = import_module("awards.migrations.0004_names_of_awards_stay").REFERRED
PROTECTED = sorted({*closing.TABLES, *AWARDS})
REFERRED = sorted({*closing.REFERRED, *REFERRED_AWARDS})
# Tables that lead to a season and are left open, each for its reason.
LEFT_OPEN = {
    "emulation_autosave": "scratch paper of one person, part of no season's record",
    "emulation_correction": "the one thing that is written after the closing; append-only",
    "reports_document": "documents are made of a closed season too, and stay once they are ready",
}
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no TRUNCATE"
)


@pytest.fixture
def full(db: None) -> everything.Everything:
    return everything.build()


@contextmanager
def tried() -> Iterator[None]:
    """Undo what was tried; leave the connection usable after a refusal."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def sql(statement: str, *params: Any) -> int:
    """Run raw SQL past every line of Python; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def stored(table: str, pk: Any) -> dict[str, Any]:
    """Return a row as the database itself gives it."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE id = %s', [pk])
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def insert(table: str, row: dict[str, Any]) -> int:
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    jsonb = {c.name for c in _model(table)._meta.concrete_fields if isinstance(c, models.JSONField)}
    values = [_text(value) if name in jsonb else value for name, value in row.items()]
    return sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', *values)


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else connection.ops.adapt_json_value(value, None)


def _model(table: str) -> type[models.Model]:
    return next(m for m in apps.get_models(include_auto_created=True) if m._meta.db_table == table)


@contextmanager
def refused(table: str = "") -> Iterator[None]:
    """Expect that the database says no because the season is closed, and for no other reason.

    What was published is refused for two reasons, in no order.
    """
    message = closing.MESSAGE
    if table in closing.KEPT:
        message = f"{message}|{closing.KEPT_MESSAGE}"
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        yield


def test_every_table_of_a_season_has_a_row_here(full: everything.Everything) -> None:
    assert sorted(full.rows) == PROTECTED


@pytest.mark.parametrize("table", [name for name in PROTECTED if name not in closing.KEPT])
def test_raw_sql_changes_an_open_season(full: everything.Everything, table: str) -> None:
    """The refusals below mean something: before the closing the same statements work."""
    pk = full[table].pk
    row = stored(table, pk)
    with tried():
        assert sql(f'UPDATE "{table}" SET id = id WHERE id = %s', pk) == 1
    with tried():
        assert sql(f'DELETE FROM "{table}" WHERE id = %s', pk) == 1
        assert insert(table, row) == 1
        assert stored(table, pk) == row


@pytest.mark.parametrize("table", PROTECTED)
def test_raw_sql_cannot_change_a_closed_season(full: everything.Everything, table: str) -> None:
    pk = full[table].pk
    everything.close(full.world)
    row = stored(table, pk)
    with refused(table):
        sql(f'UPDATE "{table}" SET id = id WHERE id = %s', pk)
    with refused(table):
        sql(f'DELETE FROM "{table}" WHERE id = %s', pk)
    assert stored(table, pk) == row


@pytest.mark.parametrize("table", [name for name in PROTECTED if name != "emulation_season"])
def test_raw_sql_cannot_add_to_a_closed_season(full: everything.Everything, table: str) -> None:
    pk = full[table].pk
    row = stored(table, pk)
    with tried():
        if table in closing.KEPT:
            row |= {"id": pk + 1, "number": row["number"] + 1, "reason": "Tính lại"}
        else:
            sql(f'DELETE FROM "{table}" WHERE id = %s', pk)
        everything.close(full.world)
        with refused():
            insert(table, row)


@pytest.mark.parametrize(
    "table",
    [name for name in PROTECTED if name not in ("emulation_season", "clusters_membership")],
)
def test_nothing_is_moved_into_a_closed_season(full: everything.Everything, table: str) -> None:
    """A row of an open season cannot be given to a closed one, by whatever it hangs on."""
    pk = full[table].pk
    column, closed = _parent(table, full)
    everything.close(full.world)
    with refused(table):
        sql(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', closed, pk)


def _parent(table: str, full: everything.Everything) -> tuple[str, Any]:
    """Return the column by which a row hangs on its season, and what stands there."""
    way = {**closing.TABLES, **AWARDS}[table]
    column = next(
        field.attname for field in _model(table)._meta.concrete_fields
        if f"{{row}}.{field.attname}" in way
    )  # fmt: skip
    return column, getattr(full[table], column)


@pytest.mark.parametrize("table", PROTECTED)
def test_the_orm_cannot_change_a_closed_season(full: everything.Everything, table: str) -> None:
    row = full[table]
    everything.close(full.world)
    with refused(table):
        type(row)._default_manager.filter(pk=row.pk).update(id=row.pk)
    with refused(table):
        row.save()
    assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_a_season_is_not_opened_again(full: everything.Everything) -> None:
    everything.close(full.world)
    with refused():
        sql("UPDATE emulation_season SET closed_at = NULL, closed_by_id = NULL")


def kept(full: everything.Everything) -> dict[str, tuple[Any, str, Any]]:
    """Return for each table that is referred to: a row, a column that is kept, another value."""
    world = full.world
    assert world.season.scheme
    term = Term.objects.get(cluster=world.season.cluster)
    return {
        "emulation_scheme": (world.season.scheme, "name", "Khác"),
        "emulation_criterion": (world.season.scheme.criteria.get(code="A1"), "max_score", 1),
        "emulation_condition": (full["emulation_block"].condition, "name", "Khác"),
        "clusters_cluster": (world.season.cluster, "name", "Cụm khác"),
        "clusters_unit": (world.a, "name", "Đơn vị khác"),
        "clusters_term": (term, "head_id", world.c.pk),
        "awards_award": (world.flag, "name", "Cờ khác"),
    }


@pytest.mark.parametrize("table", REFERRED)
def test_what_a_closed_season_shows_keeps_its_words(
    full: everything.Everything, table: str
) -> None:
    row, column, value = kept(full)[table]
    change = f'UPDATE "{table}" SET {column} = %s WHERE id = %s'
    with tried():
        assert sql(change, value, row.pk) == 1
    everything.close(full.world)
    with refused():
        sql(change, value, row.pk)
    with refused():
        sql(f'DELETE FROM "{table}" WHERE id = %s', row.pk)


def test_what_a_closed_season_does_not_show_may_change(full: everything.Everything) -> None:
    """A unit ends, a term is handed over, a catalogue gets a source: all columns written along."""
    everything.close(full.world)
    unit, term = full.world.a, Term.objects.get(cluster=full.world.season.cluster)
    unit.valid_to, term.state = timezone.localdate(), "handed_over"
    unit.save()
    term.save()
    full.world.flag.citation = "Luật 06/2022/QH15"
    full.world.flag.save()
    assert Unit.objects.get(pk=unit.pk).valid_to
    assert Award.objects.get(pk=full.world.flag.pk).citation


def test_no_criterion_no_condition_and_no_term_is_added(full: everything.Everything) -> None:
    scheme = full.world.season.scheme
    term = Term.objects.get(cluster=full.world.season.cluster)
    row = stored("clusters_term", term.pk)
    term.delete()  # nothing refers to a term
    everything.close(full.world)
    with refused():
        Criterion.objects.create(scheme=scheme, order=99, code="Z", name="Mới", kind="PLUS_MINUS")
    with refused():
        Condition.objects.create(scheme=scheme, order=9, code="z", name="Mới", effect="no_flag")
    with refused():
        insert("clusters_term", row)


def test_other_seasons_stay_open(full: everything.Everything) -> None:
    everything.close(full.world)
    world = full.world
    Season.objects.filter(pk=world.far_season.pk).update(motto="Mới")
    Scheme.objects.create(code="khac", name="Khác", ceiling=100)
    Membership.objects.create(cluster=world.season.cluster, unit=world.a, year=w.YEAR + 1, order=1)
    assert Season.objects.get(pk=world.far_season.pk).motto == "Mới"


def correction(world: w.World) -> Correction:
    return Correction.objects.create(
        season=world.season, about="Số", was="1", becomes="2", reason="Nhầm", by=world.thu,
        at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize("table", closing.APPEND_ONLY)
def test_a_correction_is_neither_changed_nor_removed(
    full: everything.Everything, table: str
) -> None:
    everything.close(full.world)
    row = correction(full.world)
    assert row._meta.db_table == table
    with refused():
        sql(f'UPDATE "{table}" SET becomes = %s WHERE id = %s', "3", row.pk)
    with refused():
        sql(f'DELETE FROM "{table}" WHERE id = %s', row.pk)
    assert stored(table, row.pk)["becomes"] == "2"


# TRUNCATE goes past the triggers of rows


@on_postgresql
@pytest.mark.parametrize("table", [*PROTECTED, *REFERRED])
def test_no_table_is_emptied_while_a_season_is_closed(
    full: everything.Everything, table: str
) -> None:
    everything.close(full.world)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with refused():
        sql(f'TRUNCATE "{table}" CASCADE')


@on_postgresql
def test_a_table_is_emptied_while_all_seasons_are_open(full: everything.Everything) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with tried():
        sql('TRUNCATE "emulation_reminder"')
        assert not stored_any("emulation_reminder")
    assert stored_any("emulation_reminder")


def stored_any(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
        return bool(cursor.fetchone()[0])


@on_postgresql
@pytest.mark.parametrize("table", ["emulation_correction", "journal_event"])
def test_corrections_and_journal_are_never_emptied(full: everything.Everything, table: str) -> None:
    record(verb="row.change", subject=full.world.a, by=full.world.quang)
    correction(full.world)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match=r"closed|append-only"), transaction.atomic():
        sql(f'TRUNCATE "{table}" CASCADE')
    assert stored_any(table)
    assert Event.objects.exists()


# The list of tables is complete, and the migrated database has their triggers


def leads_to_season(model: type[models.Model], seen: frozenset[Any] = frozenset()) -> bool:
    """Tell whether a row of the model belongs to a season: by a foreign key, through any number."""
    if model is Season:
        return True
    targets = {
        field.related_model for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type)
    }  # fmt: skip
    return any(leads_to_season(target, seen | {model}) for target in targets - seen - {model})


def test_every_model_that_leads_to_a_season_is_protected() -> None:
    found = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if leads_to_season(model)
    }
    assert found - set(LEFT_OPEN) == set(PROTECTED) - {"clusters_membership"}
    assert set(LEFT_OPEN) <= found


def expected_triggers() -> set[str]:
    tables = [*PROTECTED, *REFERRED, *closing.APPEND_ONLY]
    if connection.vendor == "postgresql":
        return {f"{table}_closed{which}" for table in tables for which in ("", "_truncate")}
    acts = {table: {"insert", "update", "delete"} for table in tables}
    whole = {*closing.COMPLETE, *PROTECTED} - {"emulation_season"}
    return {
        f"{table}_closed_{act}"
        for table in tables
        for act in acts[table]
        if act != "insert" or table in whole
    }


def installed_triggers() -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall() if "_closed" in name}


def test_the_migrated_database_has_every_trigger(db: None) -> None:
    assert installed_triggers() == expected_triggers()
