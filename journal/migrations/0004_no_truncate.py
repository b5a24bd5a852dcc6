"""PostgreSQL empties a table past the triggers of its rows: that is refused too."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TRIGGER journal_event_no_truncate BEFORE TRUNCATE ON journal_event"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_event_refuse()"
        )


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_event_no_truncate ON journal_event")


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_verbs_are_a_function")]
    operations = [migrations.RunPython(refuse, allow)]
