"""An autosave knows which opened page wrote it last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("emulation", "0004_import_keeps_its_rows"),
    ]
    operations = [
        migrations.AddField(
            model_name="autosave",
            name="window",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
