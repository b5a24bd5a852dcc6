"""The catalogue of awards: dated, cited, stored once."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from awards.catalogue import LINES
from awards.models import Award

pytestmark = pytest.mark.django_db
migration = import_module("awards.migrations.0002_catalogue")


def test_every_line_is_stored_as_it_is_written() -> None:
    for line in LINES:
        row = Award.objects.get(code=line.code, valid_from=line.valid_from)
        assert {name: getattr(row, name) for name in line._fields} == line._asdict()
        row.full_clean()


def test_storing_again_keeps_what_an_administrator_changed() -> None:
    Award.objects.filter(code="UNIT_CERT").update(name="Giấy khen của Thủ trưởng")
    migration.store(apps, None)
    assert Award.objects.filter(code="UNIT_CERT").get().name == "Giấy khen của Thủ trưởng"
    assert Award.objects.count() == len(LINES)


def test_catalogue_can_be_taken_back() -> None:
    migration.remove(apps, None)
    assert not Award.objects.exists()


@pytest.mark.parametrize("day", [date(2017, 12, 1), date(2023, 12, 31), date(2026, 11, 23)])
def test_one_rule_a_day(day: date) -> None:
    codes = list(Award.objects.on(day).values_list("code", flat=True))
    assert len(codes) == len(set(codes))
    assert {"GOV_FLAG", "MIN_FLAG", "DECISIVE_UNIT"} <= set(codes)


def test_flags_are_what_a_conference_discusses() -> None:
    flags = Award.objects.on(date(2026, 11, 23)).filter(at_conference=True)
    assert [(row.name, row.usual_quota) for row in flags] == [
        ("Cờ thi đua của Chính phủ", 1),
        ("Cờ thi đua của Bộ Công an", 2),
    ]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.code} {line.valid_from}")
def test_rule_names_its_source(line: tuple[str, ...]) -> None:
    assert line.citation  # type: ignore[attr-defined]
    assert line.certainty in Award.Certainty.values  # type: ignore[attr-defined]
