"""How long it takes to open the next year from a big season, and what its lists ask.

    .venv/bin/python -m benchmarks.season [--rounds 5]

The goal: 20 units, 2,000 achievements and 4,000 evidence files are copied in under 10 seconds; the
lists ask the same number of questions of 2,000 achievements as of 20.
"""

import argparse
import time

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.site import install_empty  # isort: split

from benchmarks import big
from clusters.models import User
from emulation.models import Achievement, Evidence, Season
from emulation.services.season_copy import copy_season

GOAL = 10.0
LISTS = ("achievement_list", "season_home", "pledge", "phase_list")


def copy(season: Season, keeper: User) -> tuple[float, int]:
    """Return the seconds and the queries of one copy, which is taken back."""
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            copy_season(season=season, by=keeper)
            took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took, len(queries)


def asked(client: Client, season: Season) -> dict[str, int]:
    """Return the number of queries of every list."""
    found: dict[str, int] = {}
    for name in LISTS:
        address = reverse(name, args=[season.slug])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    install_empty()
    season = Season.objects.filter(slug="lon").first() or big.build()
    keeper = User.objects.get(username="keeper")
    rounds = [copy(season, keeper) for _ in range(options.rounds)]
    worst, queries = max(took for took, _n in rounds), rounds[0][1]
    print(f"{connection.vendor}: the copy takes {worst:.2f} s at worst, {queries} queries")
    client = Client(SERVER_NAME="localhost")
    client.force_login(keeper)
    many = asked(client, season)
    with transaction.atomic():
        few = Achievement.objects.filter(season=season, number__lte=20)
        gone = Achievement.objects.filter(season=season).exclude(pk__in=few.values("pk"))
        Evidence.objects.filter(achievement__in=gone).delete()
        gone.delete()
        of_few = asked(client, season)
        transaction.set_rollback(True)
    for name in LISTS:
        print(f"{name:20} {of_few[name]:3} queries of 20, {many[name]:3} of {big.ACHIEVEMENTS}")
    is_reached = worst < GOAL and many == of_few
    print(f"goal: under {GOAL:.0f} s, constant queries: {'reached' if is_reached else 'MISSED'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
