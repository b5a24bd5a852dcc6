"""How ready a unit is for the year-end conference: what counts, and how the per cent is reckoned.

Pure. Each thing a year asks of a unit is a step with one of three outcomes. The per cent is the
share of the steps done among those that count; a step whose day is ahead does not count yet, one
that does not concern the unit is no step. It is rounded down, so that 100 means that nothing is
missing.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """How a step stands; AHEAD ones are shown and not counted."""

    DONE = "done"
    MISSING = "missing"
    AHEAD = "ahead"


def dated(*, is_done: bool, since: date | None, on: date) -> Outcome:
    """Return the outcome of what can be asked from the day `since`, or all year where it is None.

    What is done before its day counts at once.
    """
    if is_done:
        return Outcome.DONE
    return Outcome.AHEAD if since is not None and on < since else Outcome.MISSING


def target(*, is_less: bool, is_met: bool, on: date, last: date) -> Outcome:
    """Return the outcome of a target on a day; `last` is the last day of the year's figures.

    What should grow counts all year: it is met or not yet. What should stay low is met only once
    the figures are in, and missed as soon as it passes its limit.
    """
    if not is_met:
        return Outcome.MISSING
    return Outcome.AHEAD if is_less and on <= last else Outcome.DONE


def percent(outcomes: Iterable[Outcome]) -> int | None:
    """Return the per cent of the steps done among those that count, None where none does yet."""
    found = list(outcomes)
    done = found.count(Outcome.DONE)
    counted = done + found.count(Outcome.MISSING)
    return done * 100 // counted if counted else None
