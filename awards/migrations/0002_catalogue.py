"""Store the catalogue of awards; a row that is there already keeps what an administrator made it."""

from django.db import migrations

from awards.catalogue import LINES


def store(apps, schema_editor):
    Award = apps.get_model("awards", "Award")
    for order, line in enumerate(LINES, 1):
        values = line._asdict() | {"order": order * 10}
        key = {name: values.pop(name) for name in ("code", "valid_from")}
        Award.objects.get_or_create(**key, defaults=values)


def remove(apps, schema_editor):
    Award = apps.get_model("awards", "Award")
    for line in LINES:
        Award.objects.filter(code=line.code, valid_from=line.valid_from).delete()


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial")]

    operations = [migrations.RunPython(store, remove)]
