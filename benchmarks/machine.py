"""Random acts of random people on achievements, for as long as you like, against a plain model.

    .venv/bin/python -m benchmarks.machine [--runs 2000] [--steps 50] [--seed 1] [--seconds 3600]

Each run is one season of its own, rolled back at the end. The first act that leaves the table of
states, breaks a constraint, misses the journal or is not what the model expects ends all with its
sequence; the same seed repeats it. The tests run a short version of the same.
"""

import argparse
import os
import time
from collections import Counter
from types import SimpleNamespace
from unittest.mock import patch

# Cheap passwords, folders of its own: the settings of the tests.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
from django.db import connection
from django.test.utils import setup_test_environment

django.setup()

from emulation import uploads  # noqa: E402
from tests.emulation.machine import OK, SAME, wander  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600.0)
    options = parser.parse_args()
    setup_test_environment()
    old = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    tally: Counter[tuple[str, str]] = Counter()
    runs = 0
    began = time.monotonic()
    # What a file holds is not the subject here.
    accepted = SimpleNamespace(content_type="image/png")
    with patch.object(uploads, "check", lambda *_args: accepted):
        while runs < options.runs and time.monotonic() - began < options.seconds:
            wander(options.seed + runs, options.steps, tally)
            runs += 1
    seconds = time.monotonic() - began
    connection.creation.destroy_test_db(old, verbosity=0)
    print(f"{runs} runs, {tally.total()} acts on {connection.vendor}, {seconds:.0f} s")
    for kind, wanted in (("done", {OK}), ("nothing to change", {SAME})):
        print(f"{kind}: {sum(n for (_act, outcome), n in tally.items() if outcome in wanted)}")
    refused: Counter[str] = Counter()
    for (_act, outcome), n in tally.items():
        refused[outcome] += n if outcome not in (OK, SAME) else 0
    print("refused:", ", ".join(f"{code} {n}" for code, n in refused.most_common() if n))
    done: Counter[str] = Counter()
    for (act, outcome), n in tally.items():
        done[act.split(" ")[0]] += n if outcome == OK else 0
    print("done by act:", ", ".join(f"{act} {n}" for act, n in done.most_common()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
