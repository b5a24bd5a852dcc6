"""The people everybody knows: one cluster of two units in an open season, and their neighbours.

An is staff of unit A and Anh leads it, Bình is staff of its sister unit B, Thư is secretary (at
home in unit C), Lan is the leader in charge, Quang keeps the system, Khách holds no office, and
Thu is the secretary of another cluster.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from awards.models import Award
from clusters.models import Appointment, Cluster, Membership, Role, Term, Unit, User
from emulation.models import (
    Achievement,
    AdvancedModel,
    Block,
    Category,
    Condition,
    Criterion,
    Drive,
    Effect,
    Finder,
    Import,
    Inspection,
    Launch,
    Period,
    PeriodicReport,
    Phase,
    Pledge,
    Review,
    Scheme,
    ScoreSheet,
    Season,
    State,
    Target,
    TargetGroup,
)
from emulation.models.season import SWITCHES
from emulation.scoring import Kind
from emulation.services import achievement as achievements
from emulation.services import evidence as ledger
from emulation.services import inspection as inspections
from emulation.services import periodic
from emulation.services import review as reviews
from emulation.services import scheme as schemes
from emulation.services import scoring as scores
from emulation.services.achievement import index

YEAR = timezone.localdate().year
DAY = date(YEAR, 1, 2)
PASSWORD = "mat-khau-cua-the-gioi"


@dataclass
class World:
    season: Season
    a: Unit
    b: Unit
    c: Unit
    an: User
    anh: User
    binh: User
    thu: User
    lan: User
    quang: User
    khach: User
    far_secretary: User
    far_season: Season
    phase: Phase
    pledge: Pledge
    target: Target
    flag: Award


def person(username: str, full_name: str, **values: Any) -> User:
    user = User(username=username, full_name=full_name, **values)
    user.set_password(PASSWORD)
    user.save()
    return user


def unit(code: str, name: str) -> Unit:
    return Unit.objects.create(code=code, name=name, short_name=name)


def appoint(user: User, role: Role, *, unit: Unit | None = None, cluster: Any = None) -> None:
    start = date(YEAR - 1, 1, 1)
    Appointment.objects.create(user=user, role=role, unit=unit, cluster=cluster, start=start)


def scheme() -> Scheme:
    """A small scheme: group A of 60 with two criteria, bonus D up to 10, penalty E down to -15."""
    made = Scheme.objects.create(
        code="nho", name="Thang điểm nhỏ", ceiling=110,
        lead_group="A", bonus_group="D", penalty_group="E",
    )  # fmt: skip
    rows = [
        ("A", None, Kind.GROUP, 0, 60, None),
        ("A1", "A", Kind.QUALITATIVE, 0, 40, None),
        ("A2", "A", Kind.COUNT, 0, 20, 2),
        ("D", None, Kind.PLUS_MINUS, 0, 10, None),
        ("E", None, Kind.PLUS_MINUS, -15, 0, None),
    ]
    known: dict[str | None, Criterion] = {}
    for order, (code, parent, kind, least, most, each) in enumerate(rows, 1):
        known[code] = Criterion.objects.create(
            scheme=made, parent=known.get(parent), order=order, code=code, name=f"Tiêu chí {code}",
            kind=kind.value, min_score=least, max_score=most, points_each=each,
        )  # fmt: skip
    return made


def cluster(number: int, *units: Unit) -> Cluster:
    made = Cluster.objects.create(
        level="Bộ mẫu", block="Khối mẫu", number=number, name=f"Cụm thi đua số {number}",
        code=f"CTĐ{number}", year_from=YEAR,
    )  # fmt: skip
    for order, member in enumerate(units, 1):
        Membership.objects.create(cluster=made, unit=member, year=YEAR, order=order)
    return made


def open_phase(season: Season) -> Phase:
    now = timezone.now()
    return Phase.objects.create(
        season=season, name="Cả năm", start=now - timedelta(days=300), end=now + timedelta(days=60),
        **dict.fromkeys(SWITCHES, True),
    )  # fmt: skip


def build() -> World:
    """Make the world; about forty rows."""
    a, b, c, d = (unit(code, f"Đơn vị {code}") for code in "ABCD")
    near, far = cluster(1, a, b, c), cluster(2, d)
    Term.objects.create(cluster=near, year=YEAR, head=a, deputy=b)
    season = Season.objects.create(cluster=near, year=YEAR, slug="gan", scheme=scheme())
    far_season = Season.objects.create(cluster=far, year=YEAR, slug="xa")
    pledge = Pledge.objects.create(season=season, signed_on=date(YEAR, 2, 27), place="Hà Nội")
    target = Target.objects.create(
        pledge=pledge, unit=a, order=1, group=TargetGroup.POLITICAL, text="Báo cáo", measure="bản",
        planned=Decimal(10),
    )  # fmt: skip
    flag, _is_new = Award.objects.get_or_create(
        code="CO_MAU", name="Cờ thi đua mẫu", kind=Award.Kind.TITLE, order=1, at_conference=True,
        audience=Award.Audience.COLLECTIVE, certainty=Award.Certainty.CITED,
    )  # fmt: skip
    world = World(
        season=season, a=a, b=b, c=c, pledge=pledge, target=target, flag=flag,
        far_season=far_season, phase=open_phase(season),
        an=person("an", "Nguyễn Văn An"), anh=person("anh", "Lê Thị Anh"),
        binh=person("binh", "Trần Văn Bình"), thu=person("thu", "Phạm Thị Thư"),
        lan=person("lan", "Hoàng Thị Lan"), khach=person("khach", "Đỗ Văn Khách"),
        quang=person("quang", "Vũ Văn Quang", is_superuser=True, is_staff=True),
        far_secretary=person("thu-xa", "Ngô Thị Thu"),
    )  # fmt: skip
    appoint(world.an, Role.UNIT_STAFF, unit=a)
    appoint(world.anh, Role.UNIT_LEADER, unit=a)
    appoint(world.binh, Role.UNIT_STAFF, unit=b)
    appoint(world.thu, Role.SECRETARY, unit=c, cluster=near)
    appoint(world.lan, Role.LEADER, cluster=near)
    appoint(world.far_secretary, Role.SECRETARY, unit=d, cluster=far)
    return world


def picture(colour: str = "white") -> BytesIO:
    """A real PNG, small."""
    file = BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    file.seek(0)
    return file


def draft(world: World, *, by: User | None = None, **values: Any) -> Achievement:
    """An achievement of unit A (or of the unit of `by`) as its staff has typed it."""
    by = by or world.an
    return achievements.enter_achievement(
        season=world.season,
        unit=world.b if by == world.binh else world.a,
        by=by,
        key=uuid4(),
        values={
            "category": Category.ADVISORY,
            "title": "Báo cáo tháng",
            "started_on": DAY,
        }
        | values,
        particulars={},
    )


def attach(world: World, achievement: Achievement, *, by: User | None = None) -> Any:
    file = picture()
    return ledger.attach_evidence(
        achievement=achievement, by=by or world.an, name="anh.png", file=file,
        size=file.getbuffer().nbytes,
    )  # fmt: skip


def sent(world: World, **values: Any) -> Achievement:
    """An achievement that waits for the secretary."""
    return reviews.submit_achievement(achievement=draft(world, **values), by=world.an)


RETURN_REASON = "Thiếu xác nhận của nhà trường ở trang hai"


def returned(world: World, achievement: Achievement | None = None, **notes: str) -> Achievement:
    """An achievement that came back with notes: title="Ghi rõ tên trường"; else on the title."""
    achievement = achievement or sent(world)
    review = reviews.review_achievement(
        achievement=achievement, by=world.thu, decision=Review.Decision.RETURNED,
        revision=achievement.revision, reason=RETURN_REASON,
        notes=notes or {"title": "Ghi rõ việc đã làm"},
    )  # fmt: skip
    return review.achievement


def version(world: World) -> Scheme:
    """A version of the world's scheme that the cluster may edit; the season does not use it."""
    assert world.season.scheme
    return schemes.new_version(
        season=world.season, scheme=world.season.scheme, by=world.thu, reason="Điều chỉnh mẫu"
    )


def sheet(world: World, *, unit: Unit | None = None) -> ScoreSheet:
    return scores.open_sheet(season=world.season, unit=unit or world.a)


def lines(of: ScoreSheet, **points: str) -> dict[int, tuple[Decimal | None, str]]:
    """Return the lines of a sheet from points by criterion code: A1="40"."""
    return {
        row.criterion_id: (Decimal(points[row.criterion.code]), "")
        for row in of.scores.select_related("criterion")
        if row.criterion.code in points
    }


FULL = {"A1": "40", "A2": "20", "D": "3", "E": "-1"}


def moment(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 5, tzinfo=UTC)


def period(world: World, name: str = "Tháng 9", **values: Any) -> Period:
    """A period whose window ended ten days ago and whose reports were due four days ago."""
    today = timezone.localdate()
    given = {
        "season": world.season, "kind": "month", "name": name, "start": today - timedelta(days=40),
        "end": today - timedelta(days=10), "due_on": today - timedelta(days=4),
    } | values  # fmt: skip
    return Period.objects.create(**given)


def report(world: World, of: Period, *, by: User | None = None, **values: Any) -> PeriodicReport:
    """A report of unit A (or of the unit of `by`) that its staff has written and not sent."""
    by = by or world.an
    unit = world.b if by == world.binh else world.a
    texts = {"results": "1. Tham mưu: 2 việc.", "shortcomings": "", "tasks": ""} | values
    return periodic.write_report(period=of, unit=unit, by=by, version=0, values=texts)


def imported(world: World, **values: Any) -> Import:
    """A file of one row that unit A uploaded and that was checked."""
    cells = {"category": ["B2", "Tham mưu, báo cáo"], "title": ["C2", "Báo cáo quý"]}
    kept = {"row": 2, "place": "dòng 2", "cells": cells, "notes": []}
    row = Import(
        season=world.season, unit=world.a, name="thanh-tich.xlsx", content_type="x/y", size=2,
        sha256="0" * 64, state="checked", rows=1, done=1, entries=[kept], by=world.an,
        at=timezone.now(),
    )  # fmt: skip
    for name, value in values.items():
        setattr(row, name, value)
    row.file.save("thanh-tich.xlsx", ContentFile(b"PK"), save=True)
    return row


def last_year(world: World, **values: Any) -> Achievement:
    """An entry of unit A in the year before, in a season without phases."""
    season, is_new = Season.objects.get_or_create(
        cluster=world.season.cluster, year=YEAR - 1, defaults={"slug": "gan-truoc"}
    )
    if is_new:
        Membership.objects.create(cluster=season.cluster, unit=world.a, year=YEAR - 1, order=1)
        Pledge.objects.create(season=season)
    number = season.achievements.count() + 1
    known = {
        "category": Category.ADVISORY, "title": "Việc năm trước", "state": State.VERIFIED,
        "started_on": date(YEAR - 1, 3, 1), "submitted_at": timezone.now(), "revision": 1,
        "created_by": world.an, "unit": world.a,
    } | values  # fmt: skip
    made = Achievement(season=season, number=number, **known)
    index(made)
    made.save()
    return made


def proof(world: World, **values: Any) -> Any:
    """The one file of an achievement that waits for the secretary."""
    achievement = draft(world, **values)
    found = attach(world, achievement)
    reviews.submit_achievement(achievement=achievement, by=world.an)
    achievement.refresh_from_db()
    return found


def inspection(world: World, *, visited: bool = False) -> Inspection:
    """Unit A is inspected today by Bình of unit B; with `visited` the result is written."""
    today = timezone.localdate()
    values = {"unit": world.a, "planned_on": today, "place": "", "plan": "Xem hồ sơ"}
    if visited:
        values |= {"planned_on": today - timedelta(days=1)}
    row = inspections.plan_inspection(
        season=world.season, by=world.thu, values=values,
        team=[inspections.Member(world.b, "Trần Văn Bình")],
    )  # fmt: skip
    if not visited:
        return row
    return inspections.record_visit(
        inspection=row, by=world.binh, version=row.version, visited_on=today, conclusion="Tốt",
        findings={},
    )  # fmt: skip


def card(world: World) -> AdvancedModel:
    """A verified model of unit A: a card of good practice."""
    row = draft(world, category=Category.ADVANCED_MODEL, title="Nhân rộng mô hình")
    Achievement.objects.filter(pk=row.pk).update(
        state=State.VERIFIED, submitted_at=timezone.now(), revision=1
    )
    return AdvancedModel.objects.create(achievement=row, kind="practice", name="Một cửa số")


def condition(world: World, **values: Any) -> Condition:
    """A condition of the scheme that the system finds where a unit did not sign, and warns of."""
    known = Condition.objects.filter(scheme=world.season.scheme_id)
    given: dict[str, Any] = {
        "order": known.count() + 1, "code": f"dk-{known.count() + 1}", "name": "Chưa ký giao ước",
        "effect": Effect.NO_FLAG, "finder": Finder.UNSIGNED,
    } | values  # fmt: skip
    return Condition.objects.create(scheme_id=world.season.scheme_id, **given)


def block(world: World, *, unit: Unit | None = None, **values: Any) -> Block:
    """A condition with a source that the secretary recorded of unit A."""
    given = {
        "name": "Có cán bộ bị kỷ luật cảnh cáo", "finder": Finder.PERSON, "basis": "Điều 28",
        "source": "Luật mẫu",
    } | values  # fmt: skip
    return Block.objects.create(
        season=world.season, unit=unit or world.a, condition=condition(world, **given),
        found_on=DAY, detail="Quyết định kỷ luật một người", by=world.thu, at=timezone.now(),
    )  # fmt: skip


def drive(world: World, name: str = "Chào mừng 19/8") -> Drive:
    """A peak drive of the whole year, whose interim review is today."""
    return Drive.objects.create(
        season=world.season, kind="peak", name=name, starts_on=date(YEAR - 1, 12, 15),
        interim_on=timezone.localdate(), ends_on=date(YEAR, 12, 31),
    )  # fmt: skip


def launch(world: World) -> Launch:
    """What unit A recorded when it launched the movement."""
    return Launch.objects.create(
        season=world.season, unit=world.a, slogan="Gần dân", launched_on=DAY, plan="Ba việc"
    )


def shut(world: World) -> Season:
    """A closed season of the same cluster and members, years ago."""
    season = Season.objects.create(cluster=world.season.cluster, year=YEAR - 9, slug="chot")
    for order, member in enumerate((world.a, world.b, world.c), 1):
        Membership.objects.create(
            cluster=season.cluster, unit=member, year=season.year, order=order
        )
    season.closed_at, season.closed_by = timezone.now(), world.thu
    season.save()
    return season
