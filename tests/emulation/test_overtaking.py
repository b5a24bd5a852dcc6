"""What would have given a unit a better place: said by the page, tried by computing again."""

from decimal import Decimal

import pytest
from hypothesis import given

from emulation import tally
from emulation.overtaking import overtaking
from emulation.scoring import Step
from emulation.tally import Cell, Entrant, Rules
from tests.emulation.test_tally import RULES, cell, seasons, unit

pytestmark = pytest.mark.once

D = Decimal
STEP = {"typed": D("0.01"), "D": D("0.01")}


def found(key, *entrants, rules=RULES, place=None):
    return overtaking(rules, tally.tally(rules, entrants), key, place)


def rooms(told):
    return {row.code: (row.left, row.needed) for row in told.criteria}


FIRST = unit("x", typed=cell(score=9), each=cell(4))
SECOND = unit("y", typed=cell(score=8), each=cell(4))


def test_who_is_first_has_nobody_to_overtake():
    assert found("x", FIRST, SECOND) is None
    assert found("y", FIRST, SECOND, place=2) is None
    assert found("y", FIRST, SECOND, place=0) is None
    with pytest.raises(KeyError):
        found("z", FIRST)


def test_margin_and_what_each_criterion_could_have_given():
    told = found("y", FIRST, SECOND)
    assert (told.key, told.place, told.rivals, told.margin) == ("y", 1, ("x",), 1)
    # At equal totals the groups A would differ as they do now.
    assert (told.decides, told.ahead_at_equality) == (Step.GROUP_A, False)
    assert rooms(told) == {
        "half": (10, D("1.0001")), "share": (10, D("1.0001")), "band": (10, D("1.0001")),
        "time": (10, D("1.0001")), "each": (2, D("1.0001")), "typed": (2, D("1.01")),
        "late": (0, None), "D": (10, D("1.01")),
    }  # fmt: skip
    assert [row.code for row in told.criteria if not row.suffices] == ["late"]
    assert next(row for row in told.criteria if row.code == "typed").points == 8


def test_a_tie_break_won_needs_no_more_than_the_margin():
    strong = unit("y", {"ballot": D(1)}, typed=cell(score=8))
    told = found("y", unit("x", typed=cell(score=9)), strong)
    assert rooms(told)["typed"] == (2, D(1))
    bonus = Rules(RULES.criteria, RULES.ceiling, tie_breaks=(Step.PENALTY, Step.GROUP_A))
    ahead = found("y", unit("x", typed=cell(score=9), late=cell(1)), unit("y", typed=cell(score=8)),
                  rules=bonus)  # fmt: skip
    assert (ahead.margin, ahead.decides, ahead.ahead_at_equality) == (D("0.5"), Step.PENALTY, True)
    assert rooms(ahead)["typed"] == (2, D("0.5"))


def test_one_criterion_may_not_do():
    told = found("y", unit("x", typed=cell(score=10), D=cell(score=5)), unit("y", D=cell(score=1)))
    assert told.margin == 14
    assert {row.needed for row in told.criteria} == {None}


def test_a_full_group_gives_nothing_more():
    capped = Rules(
        tuple(
            row if row.code != "A" else type(row)(**vars(row) | {"max_score": D(8)})
            for row in RULES.criteria
        ),
        RULES.ceiling,
    )
    told = found("y", unit("x", D=cell(score=1), typed=cell(score=8)), SECOND, rules=capped)
    assert rooms(told)["half"] == (10, None)
    # The leading groups are equal, and so are the penalties: the bonus decides.
    assert rooms(told)["D"] == (10, D("1.01"))


def test_equal_in_everything_share_the_place_above():
    twins = [unit(key, typed=cell(score=9)) for key in "xy"]
    told = found("z", *twins, unit("z"))
    assert told.rivals == ("x", "y")
    assert found("x", *twins) is None
    assert found("z", *twins, unit("z", typed=cell(score=9), late=cell(0), D=cell(score=0))) is None


def test_nothing_decides_where_no_tie_break_is_written():
    told = found("y", FIRST, SECOND, rules=Rules(RULES.criteria, RULES.ceiling, tie_breaks=()))
    assert (told.decides, told.ahead_at_equality) == (Step.TIE, False)


def test_a_place_further_up():
    told = found("z", FIRST, SECOND, unit("z"), place=1)
    assert (told.place, told.rivals, told.margin) == (1, ("x",), 17)


@given(seasons.filter(lambda rows: len(rows) > 1))
def test_what_is_said_to_suffice_does_and_a_step_less_does_not(entrants):
    rows = tally.tally(RULES, entrants)
    own = rows[-1]
    told = overtaking(RULES, rows, own.key)
    if told is None:
        return
    # The others are held at their points, so all are typed.
    typed = Rules(
        tuple(type(row)(**vars(row) | {"method": ""}) for row in RULES.criteria), RULES.ceiling
    )

    def wins(code, points):
        again = [
            Entrant(row.key, {c: Cell(p) for c, p in row.points.items()}, of.facts)
            for row in rows
            for of in entrants
            if of.key == row.key
        ]
        own_cells = {**{c: Cell(p) for c, p in own.points.items()}, code: Cell(points)}
        again[-1] = Entrant(own.key, own_cells, again[-1].facts)
        ranks = {row.key: row.rank for row in tally.tally(typed, again)}
        return ranks[own.key] < ranks[told.rivals[0]]

    for room in told.criteria:
        if room.needed is None:
            assert not wins(room.code, room.most) or room.left == 0
        else:
            assert 0 < room.needed <= room.left
            assert wins(room.code, room.points + room.needed)
            less = room.needed - STEP.get(room.code, D("0.0001"))
            assert less <= 0 or not wins(room.code, room.points + less)
