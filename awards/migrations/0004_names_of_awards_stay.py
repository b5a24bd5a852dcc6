"""What an award is called in the nominations of a closed season stays as it is."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from emulation import closing

REFERRED = {
    "awards_award": (
        "EXISTS (SELECT 1 FROM awards_nomination n WHERE n.award_id = {row}.id"
        " AND n.season_id = s.id)"
    )
}
COLUMNS = {"awards_award": ("code", "name", "kind", "audience")}


def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for statement in closing.referred_statements(vendor, REFERRED, COLUMNS):
        schema_editor.execute(statement, params=None)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in closing.undo_statements(schema_editor.connection.vendor, REFERRED):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_closed_season_stays")]
    operations = [migrations.RunPython(refuse, allow)]
