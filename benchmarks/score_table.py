"""The whole score table against a bare view of as many cells from the same queries.

    .venv/bin/python -m benchmarks.score_table [--rounds 20]

40 units, 157 criteria, 3 lanes. The floor is a Django view behind the same middleware and login
that reads the same rows and prints every number in a `<td>`, without a frame, formulas or filters.
"""

import argparse
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from benchmarks.site import install_empty  # isort: split

from benchmarks.lists import GOAL, compare
from clusters.models import Appointment, Cluster, Membership, Role, Unit, User
from clusters.vietnamese import format_number
from emulation.models import (
    Criterion,
    CrossScore,
    CrossSheet,
    Scheme,
    Score,
    ScoreSheet,
    Season,
)
from emulation.models.season import days_of

UNITS, LEAVES, YEAR = 40, 157, 2026


def bare(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the same rows and print them."""
    season = Season.objects.select_related("scheme").get(slug=slug)
    assert season.scheme
    criteria, units = list(season.scheme.criteria.order_by("order", "id")), list(season.units())
    known: dict[tuple[int, int], list[Any]] = {}
    fields = ("sheet__unit", "criterion", "self_score", "self_actual", "self_target",
              "verified_score", "verified_actual", "verified_target")  # fmt: skip
    for unit, leaf, *values in Score.objects.filter(sheet__season=season).values_list(*fields):
        known[unit, leaf] = [values[0], None, values[3]]
    rows = CrossScore.objects.filter(cross_sheet__sheet__season=season)
    for unit, leaf, score in rows.values_list("cross_sheet__scored", "criterion", "score"):
        known[unit, leaf][1] = score
    text = ["<!doctype html><title>x</title><table>"]
    for leaf in criteria:
        text.append(f"<tr><th>{leaf.code}. {leaf.name}</th>")
        for unit in units:
            cells = known.get((unit.pk, leaf.pk), (None, None, None))
            text += [f"<td>{'–' if one is None else format_number(one, 2)}" for one in cells]
    return HttpResponse("".join(text))


urlpatterns = [
    path("doi-chieu/<slug:slug>/bang/", bare, name="bare_table"),
    path("", include("config.urls")),
]


def build() -> Season:
    """Store the season with every cell filled; `judge` is its secretary."""
    cluster = Cluster.objects.create(
        level="Bộ mẫu", block="Khối điểm", number=78, name="Cụm thi đua điểm", code="CTĐĐ",
        year_from=YEAR, is_illustrative=True,
    )  # fmt: skip
    scheme = Scheme.objects.create(code="diem-lon", name="Thang điểm lớn", ceiling=LEAVES)
    leaves = Criterion.objects.bulk_create(
        Criterion(
            scheme=scheme,
            order=n,
            code=f"T{n}",
            name=f"Tiêu chí số {n}",
            kind="QUALITATIVE",
            max_score=1,
        )
        for n in range(LEAVES)
    )
    season = Season.objects.create(cluster=cluster, year=YEAR, slug="diem-lon", scheme=scheme)
    units = [Unit.objects.create(code=f"D{n}", name=f"Đơn vị {n}", short_name=f"ĐV {n}")
             for n in range(UNITS)]  # fmt: skip
    for order, unit in enumerate(units, 1):
        Membership.objects.create(cluster=cluster, unit=unit, year=YEAR, order=order)
        sheet = ScoreSheet.objects.create(season=season, unit=unit)
        cross = CrossSheet.objects.create(
            sheet=sheet, scored=unit, scorer=units[order % UNITS], state="submitted",
            submitted_at="2026-01-01T00:00Z",
        )  # fmt: skip
        one = Decimal(order) / 100
        Score.objects.bulk_create(
            Score(sheet=sheet, criterion=leaf, min_score=0, max_score=1, self_score=one,
                  verified_score=one) for leaf in leaves
        )  # fmt: skip
        CrossScore.objects.bulk_create(
            CrossScore(cross_sheet=cross, criterion=leaf, min_score=0, max_score=1, score=one)
            for leaf in leaves
        )
    judge = User.objects.create(username="judge", full_name="Người chấm")
    Appointment.objects.create(
        user=judge, role=Role.SECRETARY, cluster=cluster, start=days_of(season)[0]
    )
    return season


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    install_empty()
    season = Season.objects.filter(slug="diem-lon").first() or build()
    judge = Client(SERVER_NAME="localhost")
    judge.force_login(User.objects.get(username="judge"))
    print("page                  ref p95 ours p95  ratio  median    A/A  queries")
    with override_settings(ROOT_URLCONF="benchmarks.score_table"):
        ours, floor = (reverse(name, args=[season.slug]) for name in ("score_table", "bare_table"))
        is_reached = compare("the whole score table", judge, ours, floor, options.rounds)
    print(f"goal: at most {GOAL} times the floor: {'reached' if is_reached else 'MISSED'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
