"""The database itself refuses to change a closed season; signed pledges count as settled."""

from datetime import datetime, time

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from emulation import closing


def settle(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for pledge in apps.get_model("emulation", "Pledge").objects.exclude(signed_on=None):
        pledge.settled_at = timezone.make_aware(datetime.combine(pledge.signed_on, time()))
        pledge.save(update_fields=["settled_at"])


def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Protect the tables that exist by now; a later one is protected by its own migration."""
    vendor = schema_editor.connection.vendor
    here = {model._meta.db_table for model in apps.get_models()}
    tables = {name: way for name, way in closing.TABLES.items() if name in here}
    referred = {name: way for name, way in closing.REFERRED.items() if name in here}
    for statement in closing.statements(vendor, tables):
        schema_editor.execute(statement, params=None)
    for statement in closing.referred_statements(vendor, referred):
        schema_editor.execute(statement, params=None)
    for statement in closing.append_only_statements(vendor):
        schema_editor.execute(statement, params=None)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tables = (*closing.TABLES, *closing.REFERRED, *closing.APPEND_ONLY)
    for statement in closing.undo_statements(schema_editor.connection.vendor, tables):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("emulation", "0002_the_year"), ("clusters", "0001_initial")]
    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.RunPython(refuse, allow),
    ]
