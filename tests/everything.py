"""One row of every table of a season, so that what must hold for all of them is tried on all."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from awards.models import Conference, Nomination, Remark
from emulation import published
from emulation.models import (
    Achievement,
    Adoption,
    AdvancedModel,
    Assessment,
    Block,
    Category,
    CommunityActivity,
    Condition,
    CrossScore,
    CrossSheet,
    Drive,
    DriveResult,
    Evidence,
    Finding,
    Import,
    Inspection,
    Inspector,
    LateCode,
    Launch,
    Message,
    Objection,
    ObjectionFile,
    ParliamentaryService,
    Period,
    PeriodicReport,
    PolicyDocument,
    Proof,
    Recusal,
    Registration,
    Reminder,
    Review,
    ReviewNote,
    Revision,
    Season,
    Signature,
    Source,
    Standing,
    UnitFact,
)
from tests import world as w


@dataclass
class Everything:
    """The world with one row of every table, by the name of the table."""

    world: w.World
    rows: dict[str, models.Model]

    def __getitem__(self, table: str) -> Any:
        return self.rows[table]


def build() -> Everything:
    """Fill the season of the world; every row is what its table would really hold."""
    world = w.build()
    season, a, an, thu = world.season, world.a, world.an, world.thu
    now = timezone.now()
    made: list[models.Model] = [
        season,
        world.phase,
        world.pledge,
        world.target,
        LateCode.objects.create(
            season=season, unit=a, code="ABCDEFGH", until=now + timedelta(days=2), reason="Ốm",
            by=thu, at=now,
        ),
        Source.objects.create(season=season, code="T1", quote="…"),
        Assessment.objects.create(season=season, kind="strength", order=1, text="Mạnh"),
        Launch.objects.create(season=season, unit=a, slogan="Gần dân", launched_on=w.DAY),
        Signature.objects.create(pledge=world.pledge, unit=a, signer="Anh", signed_on=w.DAY),
        Registration.objects.create(pledge=world.pledge, unit=a, title="Đơn vị quyết thắng"),
        *_of_achievements(world),
        *_of_reporting(world),
        *(scored := _of_scores(world)),
        *_of_appraisal(world, scored[1]),
        *_of_publication(world, scored[1]),
        Nomination.objects.create(
            season=season, unit=a, award=world.flag, merit="Dẫn đầu", state="proposed"
        ),
        season.cluster.memberships.get(unit=a, year=season.year),
        Import.objects.create(
            season=season, unit=a, name="a.xlsx", content_type="x", size=1, sha256="0" * 64, by=an,
            at=now,
        ),
    ]  # fmt: skip
    conference = Conference.objects.create(season=season, place="Hà Nội")
    made += [conference, Remark.objects.create(conference=conference, kind="call", text="Thi đua")]
    return Everything(world, {row._meta.db_table: row for row in made})


def _achievement(world: w.World, number: int, category: str) -> Achievement:
    return Achievement.objects.create(
        season=world.season, unit=world.a, number=number, category=category, title="Việc đã làm",
        started_on=w.DAY, created_by=world.an, submitted_at=timezone.now(), revision=1,
        state="verified",
    )  # fmt: skip


def _of_achievements(world: w.World) -> list[models.Model]:
    now = timezone.now()
    text, house, deed, model = (
        _achievement(world, 900 + n, kind)
        for n, kind in enumerate(
            (
                Category.POLICY_DOCUMENT,
                Category.PARLIAMENT,
                Category.COMMUNITY,
                Category.ADVANCED_MODEL,
            )
        )
    )
    review = Review.objects.create(
        achievement=text, revision=1, decision="verified", by=world.thu, at=now
    )
    practice = AdvancedModel.objects.create(achievement=model, kind="practice", name="Một cửa")
    Season.objects.filter(pk=world.season.pk).update(next_number=910)
    return [
        text,
        PolicyDocument.objects.create(achievement=text, kind="plan", about="Kế", status="issued"),
        ParliamentaryService.objects.create(achievement=house, term=15, sessions="1"),
        CommunityActivity.objects.create(achievement=deed, kind="gift", gifts=3),
        practice,
        Evidence.objects.create(
            achievement=text, name="a.pdf", file="evidence/a", content_type="x", size=1,
            sha256="1" * 64,
        ),
        review,
        ReviewNote.objects.create(review=review, field="title", text="Rõ hơn"),
        Revision.objects.create(achievement=text, number=1, content={}, by=world.an, at=now),
        Message.objects.create(achievement=text, text="Đã gửi", by=world.an, at=now),
        Adoption.objects.create(model=practice, season=world.season, unit=world.b, since=w.DAY),
    ]  # fmt: skip


def _of_reporting(world: w.World) -> list[models.Model]:
    now, day = timezone.now(), date(w.YEAR, 3, 1)
    drive = Drive.objects.create(
        season=world.season, kind="peak", name="Cao điểm", starts_on=day, ends_on=day
    )
    period = Period.objects.create(
        season=world.season, kind="month", name="Tháng 3", start=day, end=day, due_on=day
    )
    return [
        drive,
        DriveResult.objects.create(drive=drive, unit=world.a, stage="final", text="Đạt", at=now),
        period,
        PeriodicReport.objects.create(
            period=period, unit=world.a, state="submitted", results="1 việc", sent_at=now,
            sent_by=world.an,
        ),
        Reminder.objects.create(period=period, unit=world.b, day=day, by=world.thu),
    ]  # fmt: skip


def _of_scores(world: w.World) -> list[models.Model]:
    sheet = w.sheet(world)
    assert world.season.scheme
    criterion = world.season.scheme.criteria.get(code="A1")
    inspection = Inspection.objects.create(
        season=world.season, unit=world.a, planned_on=w.DAY, plan="Sổ sách"
    )
    return [
        sheet,
        sheet.scores.get(criterion=criterion),
        inspection,
        Inspector.objects.create(
            inspection=inspection, inspected=world.a, unit=world.b, name="Bình"
        ),
        Finding.objects.create(inspection=inspection, criterion=criterion, text="Đủ"),
    ]


def _of_appraisal(world: w.World, score: Any) -> list[models.Model]:
    """The lanes beside the own one; a score names the work of category A1 as its proof."""
    now = timezone.now()
    cross = CrossSheet.objects.create(
        sheet=score.sheet, scored=world.a, scorer=world.b, state="submitted", submitted_at=now,
        by=world.binh,
    )  # fmt: skip
    return [
        Recusal.objects.create(
            season=world.season, unit=world.b, user=world.thu, relation="family", at=now
        ),
        Proof.objects.create(
            score=score, achievement=world.season.achievements.filter(unit=world.a)[0]
        ),
        cross,
        CrossScore.objects.create(
            cross_sheet=cross, criterion=score.criterion, min_score=score.min_score,
            max_score=score.max_score, score=score.max_score,
        ),
    ]  # fmt: skip


def _of_publication(world: w.World, score: Any) -> list[models.Model]:
    season, now = world.season, timezone.now()
    condition = Condition.objects.create(
        scheme=score.criterion.scheme, order=1, code="ky-luat", name="Có người bị kỷ luật",
        effect="no_flag",
    )  # fmt: skip
    inputs, result = published.freeze(season, {})
    standing = Standing.objects.create(
        season=season,
        number=1,
        inputs=inputs,
        result=result,
        by=world.thu,
        at=now,
        sha256=published.digest(inputs),
    )
    objection = Objection.objects.create(
        season=season, standing=standing, score=score, text="Đề nghị xem lại", by=world.an, at=now
    )
    return [
        UnitFact.objects.create(
            season=season, unit=world.a, kind="ballot", value=7, source="Biên bản", by=world.thu,
            at=now,
        ),
        Block.objects.create(
            season=season, unit=world.a, condition=condition, found_on=w.DAY, detail="Việc",
            by=world.thu, at=now,
        ),
        standing,
        objection,
        ObjectionFile.objects.create(
            objection=objection, name="b.pdf", file="objections/b", content_type="x", size=1,
            sha256="2" * 64,
        ),
    ]  # fmt: skip


def close(world: w.World) -> None:
    """Close the season at one stroke, whatever is open in it."""
    Season.objects.filter(pk=world.season.pk).update(closed_at=timezone.now(), closed_by=world.thu)
    world.season = Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)
