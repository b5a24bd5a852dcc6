"""The database itself refuses to change or delete an event, and holds the one head row."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER journal_event_no_update BEFORE UPDATE ON journal_event
    BEGIN SELECT RAISE(ABORT, 'journal events are append-only'); END""",
    """CREATE TRIGGER journal_event_no_delete BEFORE DELETE ON journal_event
    BEGIN SELECT RAISE(ABORT, 'journal events are append-only'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER journal_event_no_update",
    "DROP TRIGGER journal_event_no_delete",
]
POSTGRESQL = [
    """CREATE FUNCTION journal_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'journal events are append-only'
       USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER journal_event_append_only BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_event_refuse()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER journal_event_append_only ON journal_event",
    "DROP FUNCTION journal_event_refuse()",
]


def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)
    apps.get_model("journal", "Head").objects.get_or_create(pk=1)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(refuse, allow)]
