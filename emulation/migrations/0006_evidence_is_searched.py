"""Evidence is found again by its name, issuer and number, typed without accents."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from clusters.vietnamese import search_key
from emulation import closing

TABLE = "emulation_evidence"


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tables = {TABLE: closing.TABLES[TABLE]}
    for statement in closing.statements(schema_editor.connection.vendor, tables):
        schema_editor.execute(statement, params=None)


def expose(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in closing.undo_statements(schema_editor.connection.vendor, [TABLE]):
        schema_editor.execute(statement, params=None)


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("emulation", "Evidence").objects.order_by("pk").only("name")
    for row in rows.iterator():
        row.search_key = search_key(row.name)[:400]
        row.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("emulation", "0005_autosave_knows_its_page")]
    operations = [
        # The rows of closed seasons get their key too; SQLite rebuilds the table besides.
        migrations.RunPython(expose, protect),
        migrations.AddField(
            model_name="evidence",
            name="search_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=400),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(protect, expose),
    ]
