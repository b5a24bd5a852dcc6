"""What was published of a season's order, read alone from the frozen text, and what changed since.

A published standing holds its inputs, with the names a reader needs beside them, and its result.
Nothing here looks at the scores of today but `changes`, which compares two results.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clusters.models import Unit
from emulation import scoring, tally
from emulation.models import Season, SheetState, Standing
from emulation.scoring import Grade, Step
from emulation.standings import Lane, UnitTotals, entrants, scheme_rules

NOTHING = scoring.SheetTotal({}, Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Change:
    """What is different for one unit: its place before and now, and the criteria."""

    unit: str
    before: int | None
    after: int | None
    codes: tuple[str, ...]


def latest(season: Season) -> Standing | None:
    """Return the last publication, or None."""
    return season.standings.select_related("by").order_by("-number").first()


def rules_and_labels(standing: Standing) -> tuple[tally.Rules, dict[str, Any]]:
    """Return the frozen scheme and the frozen names."""
    rules, _entrants = tally.inputs_from_json(standing.inputs)
    return rules, labels(standing)


def labels(standing: Standing) -> dict[str, Any]:
    """Return the names that go with a publication; the computation does not read them."""
    found: dict[str, Any] = json.loads(standing.inputs)["labels"]
    return found


def lines(standing: Standing) -> list[UnitTotals]:
    """Return the published order as lines of the table, with the names of that day."""
    names = labels(standing)["units"]
    return [
        UnitTotals(
            unit=_unit(row["key"], names),
            state=SheetState.APPRAISED,
            own=NOTHING,
            verified=scoring.SheetTotal(
                groups={code: Decimal(value) for code, value in row["total"]["groups"].items()},
                **{name: Decimal(row["total"][name]) for name in ("bonus", "penalty", "total")},
            ),
            rank=row["rank"],
            decided_by=Step(row["decided_by"]),
            grade=Grade(row["grade"]),
            points={code: Decimal(value) for code, value in row["points"].items()},
            looks_tied=row["looks_tied"],
            behind=None if row["behind"] is None else Decimal(row["behind"]),
        )
        for row in json.loads(standing.result)
    ]  # fmt: skip


def _unit(key: str, names: Mapping[str, Sequence[str]]) -> Unit:
    name, short_name = names[key]
    return Unit(pk=int(key), name=name, short_name=short_name)


def freeze(season: Season, left_out: Mapping[int, str]) -> tuple[str, str]:
    """Return (inputs, result) of the verified lane as it is now, without who is left out."""
    assert season.scheme, "the order follows from a scheme"
    units = list(season.units())
    criteria = list(season.scheme.criteria.all())
    rules = scheme_rules(season.scheme, criteria)
    cells = [row for row in entrants(season, units, criteria)[Lane.VERIFIED]
             if int(row.key) not in left_out]  # fmt: skip
    data = json.loads(tally.inputs_as_json(rules, cells))
    data["labels"] = {
        "scheme": str(season.scheme),
        "units": {str(unit.pk): [unit.name, unit.short_name] for unit in units},
        "criteria": {row.code: row.name for row in criteria},
        "left_out": {str(pk): reason for pk, reason in left_out.items()},
        "blocks": [
            {"unit": str(row.unit_id), "condition": row.condition.name,
             "effect": row.condition.effect, "detail": row.detail}
            for row in season.blocks.filter(lifted_at=None).select_related("condition")
        ],
    }  # fmt: skip
    return tally.canonical(data), compute(tally.canonical(data))


def compute(inputs: str) -> str:
    """Return the result that follows from inputs. Raises ValueError where they are none."""
    return tally.result_as_json(tally.tally(*tally.inputs_from_json(inputs)))


def digest(inputs: str) -> str:
    """Return the hash that is published with the inputs."""
    return hashlib.sha256(inputs.encode()).hexdigest()


def faults(standing: Standing) -> list[str]:
    """Return what does not hold of a publication: "sha256", "result" or "inputs"."""
    found = [] if digest(standing.inputs) == standing.sha256 else ["sha256"]
    try:
        if compute(standing.inputs) != standing.result:
            found.append("result")
    except (ValueError, LookupError, TypeError, ArithmeticError):
        found.append("inputs")
    return found


def since(standing: Standing, season: Season) -> list[Change]:
    """Return what is different in the scores of today."""
    left_out = {int(pk): reason for pk, reason in labels(standing)["left_out"].items()}
    _inputs, result = freeze(season, left_out)
    return changes(standing.result, result, labels(standing)["units"])


def between(earlier: Standing, later: Standing) -> list[Change]:
    """Return what is different in the later of two publications."""
    names = labels(earlier)["units"] | labels(later)["units"]
    return changes(earlier.result, later.result, names)


def changes(before: str, after: str, names: Mapping[str, Sequence[str]]) -> list[Change]:
    """Return who stands elsewhere or has other points in `after`, in the order of `after`."""
    old = {row["key"]: row for row in json.loads(before)}
    new = {row["key"]: row for row in json.loads(after)}
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        one, other = old.get(key), new.get(key)
        was, now = (row["points"] if row else {} for row in (one, other))
        codes = tuple(
            code for code in sorted(was | now)
            if Decimal(was.get(code, 0)) != Decimal(now.get(code, 0))
        )  # fmt: skip
        ranks = [row["rank"] if row else None for row in (one, other)]
        if codes or ranks[0] != ranks[1]:
            name = names[key][1] if key in names else key
            found.append(Change(name, ranks[0], ranks[1], codes))
    return found
