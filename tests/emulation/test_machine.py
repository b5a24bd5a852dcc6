"""No sequence of acts leaves the table of states, breaks a constraint or misses the journal.

The long version, with other sequences each time, is benchmarks/machine.py.
"""

from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from emulation import uploads
from tests.emulation.machine import FORBIDDEN, OK, SAME, Machine, wander

ACTS = {
    "achievement.enter", "achievement.change", "achievement.submit", "achievement.withdraw",
    "achievement.reopen", "achievement.copy", "achievement.start_review", "achievement.returned",
    "achievement.verified", "achievement.rejected", "achievement.message", "evidence.attach",
    "evidence.describe", "evidence.remove", "evidence.reuse", "evidence.stamp", "season.close",
}  # fmt: skip
REFUSALS = {
    FORBIDDEN, "transition", "stale", "closed", "reason", "notes", "returns", "part_locked",
    "missing", "doubled", "stamped", "empty", "continue", "waiting",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _files_are_taken(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file holds is tried elsewhere, in a process of its own for each."""
    accepted = SimpleNamespace(content_type="image/png")
    monkeypatch.setattr(uploads, "check", lambda *_args: accepted)


def test_no_sequence_that_is_found_leaves_the_rules() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=12, stateful_step_count=30, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_no_walk_leaves_the_rules_and_all_of_them_are_met() -> None:
    tally: Counter[tuple[str, str]] = Counter()
    for seed in range(30):
        wander(seed, 60, tally)
        done = {act.split(" ")[0] for act, outcome in tally if outcome == OK}
        refused = {outcome for _act, outcome in tally if outcome not in (OK, SAME)}
        if (done, refused) == (ACTS, REFUSALS):
            return
    assert (done, refused) == (ACTS, REFUSALS)
