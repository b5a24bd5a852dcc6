from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from emulation import standings
from emulation.models import Score, ScoreSheet, SheetState
from emulation.scoring import Grade
from emulation.services.scoring import appraise, open_sheet, return_sheet, self_score
from journal.queries import history
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def own(world: w.World, sheet: ScoreSheet, *, send: bool = True, **points: str) -> ScoreSheet:
    return self_score(
        sheet=sheet, by=world.an if sheet.unit == world.a else world.binh, version=sheet.version,
        lines=w.lines(sheet, **(points or w.FULL)), send=send,
    )  # fmt: skip


def verify(world: w.World, sheet: ScoreSheet, *, finish: bool = True, **points: str) -> ScoreSheet:
    lines = {
        key: (value, "Theo minh chứng") for key, (value, _) in w.lines(sheet, **points).items()
    }
    return appraise(sheet=sheet, by=world.thu, version=sheet.version, lines=lines, finish=finish)


def test_a_sheet_has_a_line_a_leaf_and_is_made_once(world: w.World) -> None:
    sheet = w.sheet(world)
    assert w.sheet(world) == sheet
    assert [row.criterion.code for row in sheet.scores.all()] == ["A1", "A2", "D", "E"]


def test_self_score_then_appraisal(world: w.World) -> None:
    sheet = own(world, w.sheet(world))
    assert sheet.state == SheetState.SUBMITTED
    sheet = verify(world, sheet, **(w.FULL | {"A2": "18.5"}))
    assert sheet.state == SheetState.APPRAISED
    line = standings.for_season(world.season)[0]
    assert line.own.total == Decimal(62)
    assert line.verified.total == Decimal("60.5")
    assert (line.rank, line.grade) == (1, Grade.EXCELLENT)
    assert [event.verb for event in history(sheet)] == ["sheet.appraise", "sheet.submit"]
    assert history(sheet)[1].changes["A1"] == [[None, ""], ["40", ""]]


def test_standings_rank_the_appraised_first(world: w.World) -> None:
    verify(world, own(world, w.sheet(world)), **w.FULL)
    verify(world, own(world, w.sheet(world, unit=world.b)), **(w.FULL | {"A1": "39"}))
    rows = standings.for_season(world.season)
    assert [(row.unit, row.rank) for row in rows] == [(world.a, 1), (world.b, 2), (world.c, None)]


def test_sending_needs_every_score(world: w.World) -> None:
    with pytest.raises(ValidationError, match="A2, D, E"):
        own(world, w.sheet(world), A1="40")
    assert ScoreSheet.objects.get().state == SheetState.DRAFT


def test_a_draft_keeps_what_is_there(world: w.World) -> None:
    sheet = own(world, w.sheet(world), send=False, A1="12.25")
    assert sheet.scores.get(criterion__code="A1").self_score == Decimal("12.25")
    assert sheet.state == SheetState.DRAFT


def test_a_sent_sheet_is_closed_to_the_unit(world: w.World) -> None:
    sheet = own(world, w.sheet(world))
    with pytest.raises(ValidationError):
        own(world, sheet)


def test_a_stale_sheet_is_refused(world: w.World) -> None:
    sheet = w.sheet(world)
    own(world, sheet, send=False, A1="1")
    with pytest.raises(ValidationError) as caught:
        own(world, sheet, send=False, A1="2")
    assert caught.value.code == "stale"


def test_a_gap_to_the_self_score_needs_a_reason(world: w.World) -> None:
    sheet = own(world, w.sheet(world))
    lines = w.lines(sheet, **(w.FULL | {"A1": "30"}))
    with pytest.raises(ValidationError, match="A1") as caught:
        appraise(sheet=sheet, by=world.thu, version=sheet.version, lines=lines, finish=True)
    assert caught.value.code == "reason"


def test_a_returned_sheet_opens_again_with_a_reason(world: w.World) -> None:
    sheet = own(world, w.sheet(world))
    with pytest.raises(ValidationError):
        return_sheet(sheet=sheet, by=world.thu, version=sheet.version, reason=" ")
    sheet = return_sheet(sheet=sheet, by=world.thu, version=sheet.version, reason="Chấm lại A2")
    assert sheet.state == SheetState.DRAFT
    assert history(sheet)[0].reason == "Chấm lại A2"


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_the_unit_scores_itself(world: w.World, who: str) -> None:
    sheet = w.sheet(world)
    with pytest.raises(PermissionDenied):
        self_score(sheet=sheet, by=getattr(world, who), version=1, lines={}, send=False)


@pytest.mark.parametrize("who", ["an", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_appraises(world: w.World, who: str) -> None:
    sheet = own(world, w.sheet(world))
    with pytest.raises(PermissionDenied):
        appraise(sheet=sheet, by=getattr(world, who), version=sheet.version, lines={}, finish=False)


def test_nobody_appraises_the_own_unit(world: w.World) -> None:
    sheet = w.sheet(world, unit=world.c)
    ScoreSheet.objects.filter(pk=sheet.pk).update(
        state=SheetState.SUBMITTED, submitted_at=world.phase.start
    )
    with pytest.raises(PermissionDenied):
        appraise(sheet=sheet, by=world.thu, version=1, lines={}, finish=False)


@pytest.mark.parametrize(
    ("code", "value"), [("A1", "40.01"), ("A1", "-0.01"), ("E", "0.5"), ("E", "-15.01")]
)
@pytest.mark.parametrize("field", ["self_score", "verified_score"])
def test_the_database_refuses_scores_out_of_range(
    world: w.World, code: str, value: str, field: str
) -> None:
    row = w.sheet(world).scores.get(criterion__code=code)
    values: dict[str, Any] = {field: Decimal(value)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.filter(pk=row.pk).update(**values)


def test_sheets_visible_to_each(world: w.World) -> None:
    sheet = w.sheet(world)
    seen = {
        name: list(ScoreSheet.objects.visible_to(getattr(world, name)))
        for name in ("an", "binh", "thu", "lan", "quang", "khach", "far_secretary")
    }
    all_, none = [sheet], []
    assert seen == {
        "an": all_, "binh": none, "thu": all_, "lan": all_, "quang": all_, "khach": none,
        "far_secretary": none,
    }  # fmt: skip


def test_standings_cost_the_same_for_more_sheets(
    world: w.World, django_assert_num_queries: Any
) -> None:
    open_sheet(season=world.season, unit=world.a)
    with django_assert_num_queries(5):
        standings.for_season(world.season)
    open_sheet(season=world.season, unit=world.b)
    with django_assert_num_queries(5):
        standings.for_season(world.season)
