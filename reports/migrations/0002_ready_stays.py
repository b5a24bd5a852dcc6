"""The database itself refuses to change or delete a document that is READY."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER reports_document_ready_no_update BEFORE UPDATE ON reports_document
    WHEN OLD.state = 'ready'
    BEGIN SELECT RAISE(ABORT, 'a ready document never changes'); END""",
    """CREATE TRIGGER reports_document_ready_no_delete BEFORE DELETE ON reports_document
    WHEN OLD.state = 'ready'
    BEGIN SELECT RAISE(ABORT, 'a ready document never changes'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER reports_document_ready_no_update",
    "DROP TRIGGER reports_document_ready_no_delete",
]
POSTGRESQL = [
    """CREATE FUNCTION reports_document_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a ready document never changes'
       USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER reports_document_ready_stays BEFORE UPDATE OR DELETE ON reports_document
    FOR EACH ROW WHEN (OLD.state = 'ready') EXECUTE FUNCTION reports_document_refuse()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER reports_document_ready_stays ON reports_document",
    "DROP FUNCTION reports_document_refuse()",
]


def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(refuse, allow)]
