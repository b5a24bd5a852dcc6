"""The lists and the queue against the reference list view of the same rows and columns.

    .venv/bin/python -m benchmarks.lists [--rounds 120]

Every page is asked in turn with its reference, and the reference once more (A/A), through the
whole of Django in one process. The goal is a 95th percentile of at most 1.5 times the reference's;
a run counts if the A/A control lies between 0.9 and 1.1 at the median.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.site import install_empty  # isort: split

from benchmarks import big
from clusters.models import Unit, User
from emulation.models import Season

GOAL, CONTROL = 1.5, (0.9, 1.1)


def timed(client: Client, address: str) -> float:
    """Return the milliseconds that one page takes."""
    began = time.perf_counter()
    response = client.get(address)
    took = time.perf_counter() - began
    assert response.status_code == 200, (address, response.status_code)
    return took * 1000


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def compare(name: str, client: Client, ours: str, reference: str, rounds: int) -> bool:
    """Print one line, and tell whether the goal is reached."""
    for _warm in range(5):
        timed(client, ours)
        timed(client, reference)
    columns: tuple[list[float], ...] = ([], [], [])
    for turn in range(rounds):
        order: list[tuple[int, Callable[[], float]]] = [
            (0, lambda: timed(client, reference)),
            (1, lambda: timed(client, ours)),
            (2, lambda: timed(client, reference)),
        ]
        for column, run in order if turn % 2 else reversed(order):
            columns[column].append(run())
    floor, page, again = columns
    control = statistics.median(b / a for a, b in zip(floor, again, strict=True))
    ratio = p95(page) / p95(floor + again)
    middle = statistics.median(page) / statistics.median(floor + again)
    with CaptureQueriesContext(connection) as queries:
        client.get(ours)
    print(
        f"{name:22} {p95(floor + again):8.1f} {p95(page):8.1f} {ratio:6.2f} {middle:7.2f}"
        f" {control:6.2f} {len(queries):8}"
    )
    if not CONTROL[0] <= control <= CONTROL[1]:
        print(f"{name}: the A/A control says that this run is too noisy to count")
    return ratio <= GOAL


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=120)
    options = parser.parse_args()
    install_empty()
    season = Season.objects.filter(slug="lon").first() or big.build()
    clerk, keeper = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    clerk.force_login(User.objects.get(username="clerk"))
    keeper.force_login(User.objects.get(username="keeper"))
    unit = Unit.objects.get(code="L01")
    print(f"{connection.vendor}, {options.rounds} rounds, milliseconds")
    print("page                  ref p95 ours p95  ratio  median    A/A  queries")
    with override_settings(ROOT_URLCONF="benchmarks.reference"):
        ours = reverse("achievement_list", args=[season.slug])
        plain = reverse("reference_list", args=[season.slug])
        home = reverse("season_home", args=[season.slug])
        queue = reverse("reference_queue", args=[season.slug])
        reached = [
            compare("list of the unit", clerk, ours, f"{plain}?unit={unit.pk}", options.rounds),
            compare("list of the secretary", keeper, ours, plain, options.rounds),
            compare("queue of the secretary", keeper, home, queue, options.rounds),
        ]
    print(f"goal: at most {GOAL} times the reference: {'reached' if all(reached) else 'MISSED'}")
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
