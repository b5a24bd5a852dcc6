"""Conference, remarks and nominations of a closed season stay as they are."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from emulation import closing

TABLES = {
    "awards_conference": "{row}.season_id",
    "awards_nomination": "{row}.season_id",
    "awards_remark": "(SELECT season_id FROM awards_conference WHERE id = {row}.conference_id)",
}


def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in closing.statements(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in closing.undo_statements(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_catalogue"), ("emulation", "0003_closed_season_stays")]
    operations = [migrations.RunPython(refuse, allow)]
