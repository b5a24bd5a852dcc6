"""An import keeps what its rows say, who confirmed it, and how often it was tried."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from emulation import closing


def refuse_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite made the table anew, without its triggers."""
    table = "emulation_import"
    vendor = schema_editor.connection.vendor
    for statement in closing.statements(vendor, {table: closing.TABLES[table]}):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("clusters", "0001_initial"),
        ("emulation", "0003_closed_season_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="import",
            name="attempt",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="lần thử"
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="confirmed_at",
            field=models.DateTimeField(null=True, verbose_name="xác nhận lúc"),
        ),
        migrations.AddField(
            model_name="import",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người xác nhận",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="entries",
            field=models.JSONField(default=list, verbose_name="các dòng"),
        ),
        migrations.AddField(
            model_name="import",
            name="sent_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="vào hàng đợi lúc"),
        ),
        migrations.AlterField(
            model_name="import",
            name="claimed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["writing", "done"]), _negated=True),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="import_is_confirmed_by_somebody",
            ),
        ),
        migrations.RunPython(refuse_again, migrations.RunPython.noop),
    ]
