from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from clusters.models import Role, Unit
from emulation import pledges
from emulation.models import Pledge, Registration, Signature, Target
from emulation.services import pledge as services
from emulation.services.targets import MOST, Line, set_targets
from journal.models import Event
from tests import world as w

REASON = "Bộ giao thêm nhiệm vụ từ quý II"
TEXT = {"basis": "Luật Thi đua", "content": "Thi đua hoàn thành nhiệm vụ", "measures": "Sơ kết"}


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def line(text: str = "Báo cáo", weight: str = "100", **values: Any) -> Line:
    usual = Line(
        pk=None, group="political", text=text, measure="bản", planned=Decimal(10),
        weight=Decimal(weight),
    )  # fmt: skip
    return replace(usual, **values)


def write(world: w.World, **changes: Any) -> Pledge:
    values: dict[str, Any] = {
        "season": world.season, "by": world.thu, "version": world.pledge.version, "values": TEXT,
    }  # fmt: skip
    return services.write_pledge(**(values | changes))


def seen(world: w.World, unit: Unit | None) -> str:
    return pledges.fingerprint(world.pledge.targets.filter(unit=unit))


def put(world: w.World, *lines: Line, unit: Unit | None = None, **changes: Any) -> list[Target]:
    values: dict[str, Any] = {
        "pledge": world.pledge, "unit": unit or world.a, "by": world.an, "lines": lines,
        "seen": seen(world, unit or world.a),
    }  # fmt: skip
    return set_targets(**(values | changes))


def fill(world: w.World) -> None:
    """Give every unit targets that make up 100, and the pledge a text."""
    for unit in (world.a, world.b, world.c):
        put(world, line(), unit=unit, by=world.thu)
    write(world)


def settle(world: w.World, **changes: Any) -> Pledge:
    row = Pledge.objects.get(pk=world.pledge.pk)
    values: dict[str, Any] = {
        "pledge": row, "by": world.thu, "version": row.version,
        "seen": pledges.fingerprint(row.targets.all()),
    }  # fmt: skip
    return services.settle_pledge(**(values | changes))


def settled(world: w.World) -> None:
    fill(world)
    settle(world)


def sign(world: w.World, **changes: Any) -> Signature:
    values: dict[str, Any] = {
        "pledge": world.pledge, "unit": world.a, "by": world.anh, "signer": "Lê Thị Anh",
        "rank": "Đại tá", "position": "Cục trưởng",
    }  # fmt: skip
    return services.sign_pledge(**(values | changes))


def verbs() -> list[str]:
    return list(Event.objects.order_by("number").values_list("verb", flat=True))


# The text


def test_pledge_is_written_once_however_often_it_is_sent(world: w.World) -> None:
    row = write(world)
    assert (row.content, row.version) == (TEXT["content"], 2)
    assert write(world).version == 2
    assert verbs() == ["pledge.write"]


def test_pledge_begins_with_its_first_text(world: w.World) -> None:
    w.appoint(world.thu, Role.SECRETARY, cluster=world.far_season.cluster)
    row = write(world, season=world.far_season, version=0)
    assert Pledge.objects.get(season=world.far_season) == row


def test_pledge_written_meanwhile_is_stale(world: w.World) -> None:
    write(world)
    with pytest.raises(ValidationError) as refused:
        write(world, values=TEXT | {"content": "Khác"})
    assert refused.value.code == "stale"
    assert verbs() == ["pledge.write"]


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_pledge_is_written_by_the_secretary_alone(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        write(world, by=getattr(world, who))
    assert verbs() == []


def test_settled_text_is_amended_for_a_reason(world: w.World) -> None:
    settled(world)
    version = Pledge.objects.get().version
    for reason in ("", "quá ngắn", " " * 30):
        with pytest.raises(ValidationError) as refused:
            write(world, version=version, values={"content": "Thêm việc"}, reason=reason)
        assert set(refused.value.message_dict) == {"reason"}
    row = write(world, version=version, values={"content": "Thêm việc"}, reason=REASON)
    assert row.content == "Thêm việc"
    event = pledges.amendments(row)[0]
    assert (event.reason, event.changes) == (
        REASON, {"content": [TEXT["content"], "Thêm việc"]}
    )  # fmt: skip


def test_ceremony_is_recorded_after_the_settling_without_a_reason(world: w.World) -> None:
    settled(world)
    version = Pledge.objects.get().version
    row = write(world, version=version, values={"place": "Hội trường"})
    assert row.place == "Hội trường"
    assert verbs()[-1] == "pledge.write"
    assert pledges.amendments(row) == []


# Targets


def test_targets_are_added_changed_removed_and_reordered(world: w.World) -> None:
    first, second, third = put(world, line("Một", "50"), line("Hai", "30"), line("Ba", "20"))
    rows = put(
        world, line("Ba", "60", pk=third.pk), line("Mới", "0"), line("Một", "40", pk=first.pk)
    )
    assert [(row.order, row.text, row.weight) for row in rows] == [
        (1, "Ba", 60), (2, "Mới", 0), (3, "Một", 40),
    ]  # fmt: skip
    assert [rows[0].pk, rows[2].pk] == [third.pk, first.pk]
    assert not Target.objects.filter(pk=second.pk).exists()
    changes = Event.objects.order_by("number").last().changes  # type: ignore[union-attr]
    assert changes == {
        "unit": "Đơn vị A", "removed": ["Hai"], "added": [["Mới", "10.00", "bản"]],
        "changed": [["Ba", "weight", "20.00", "60.00"], ["Một", "weight", "50.00", "40.00"]],
    }  # fmt: skip


def test_targets_sent_twice_are_there_once(world: w.World) -> None:
    before = seen(world, world.a)
    put(world, line(), seen=before)
    put(world, line(), seen=before)
    assert world.pledge.targets.count() == 1
    assert verbs() == ["pledge.targets"]


def test_targets_of_one_unit_do_not_make_those_of_another_stale(world: w.World) -> None:
    before = seen(world, world.a)
    put(world, line("Của B"), unit=world.b, by=world.binh)
    assert put(world, line("Của A"), seen=before)[0].text == "Của A"


def test_targets_set_meanwhile_are_stale(world: w.World) -> None:
    before = seen(world, world.a)
    put(world, line("Người thứ nhất"))
    with pytest.raises(ValidationError) as refused:
        put(world, line("Người thứ hai"), seen=before)
    assert refused.value.code == "stale"
    assert world.pledge.targets.get().text == "Người thứ nhất"


def test_a_row_of_another_unit_cannot_be_taken(world: w.World) -> None:
    with pytest.raises(ValidationError) as refused:
        put(world, line(pk=world.target.pk), unit=world.b, by=world.binh)
    assert refused.value.code == "stale"
    world.target.refresh_from_db()
    assert world.target.unit == world.a


def test_a_target_with_achievements_stays(world: w.World) -> None:
    w.draft(world, target=world.target)
    with pytest.raises(ValidationError) as refused:
        put(world, line("Khác"))
    assert refused.value.code == "used"
    assert "Báo cáo" in refused.value.messages[0]


def test_a_target_that_the_next_year_continues_stays(world: w.World) -> None:
    later = Pledge.objects.create(season=world.far_season)
    Target.objects.create(
        pledge=later, order=1, group="political", text="Tiếp", measure="bản", planned=1,
        previous=world.target,
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        put(world)
    assert refused.value.code == "used"


def test_a_unit_contributes_to_a_target_of_the_same_pledge_alone(world: w.World) -> None:
    whole = set_targets(
        pledge=world.pledge, unit=None, by=world.thu, seen=seen(world, None), lines=[line("Chung")]
    )[0]
    rows = put(world, line("Phần", part_of_id=whole.pk))
    assert rows[0].part_of == whole
    for other in (rows[0].pk, 10**6):
        with pytest.raises(ValidationError) as refused:
            put(world, line("Phần", part_of_id=other))
        assert refused.value.code == "part_of"


def test_a_table_has_an_end(world: w.World) -> None:
    with pytest.raises(ValidationError) as refused:
        put(world, *(line(str(n), "1") for n in range(MOST + 1)))
    assert refused.value.code == "many"


@pytest.mark.parametrize(
    ("who", "unit", "may"),
    [
        ("an", "a", True), ("anh", "a", True), ("binh", "a", False), ("thu", "a", True),
        ("thu", None, True), ("an", None, False), ("lan", "a", False), ("quang", "a", False),
        ("far_secretary", "a", False), ("khach", "a", False),
    ],
)  # fmt: skip
def test_who_may_set_targets(world: w.World, who: str, unit: str | None, may: bool) -> None:
    of = getattr(world, unit) if unit else None
    values: dict[str, Any] = {"pledge": world.pledge, "unit": of, "by": getattr(world, who)}
    values |= {"seen": seen(world, of), "lines": [line("Mới")]}
    if may:
        assert set_targets(**values)[0].text == "Mới"
    else:
        with pytest.raises(PermissionDenied):
            set_targets(**values)
        assert not Target.objects.filter(text="Mới").exists()


def test_settled_targets_are_the_secretarys_to_amend(world: w.World) -> None:
    settled(world)
    with pytest.raises(PermissionDenied):
        put(world, line("Thêm"))
    row = world.pledge.targets.get(unit=world.a)
    with pytest.raises(ValidationError) as refused:
        put(world, line("Đổi", pk=row.pk), by=world.thu)
    assert set(refused.value.message_dict) == {"reason"}
    with pytest.raises(ValidationError) as refused:
        put(world, line("Đổi", "90", pk=row.pk), by=world.thu, reason=REASON)
    assert refused.value.code == "weights"
    put(world, line("Đổi", pk=row.pk), by=world.thu, reason=REASON)
    assert pledges.amendments(world.pledge)[0].reason == REASON


def test_targets_of_a_closed_season_stay(world: w.World) -> None:
    world.season.closed_at, world.season.closed_by = timezone.now(), world.thu
    world.season.save()
    for by in (world.an, world.thu):
        with pytest.raises(PermissionDenied):
            put(world, line("Mới"), by=by)


# Titles


def register(world: w.World, *titles: str, **changes: Any) -> list[str]:
    values: dict[str, Any] = {
        "pledge": world.pledge, "unit": world.a, "by": world.an, "titles": titles,
    }  # fmt: skip
    return services.register_titles(**(values | changes))


def test_titles_are_registered_in_their_order_and_once(world: w.World) -> None:
    register(world, "Đơn vị quyết thắng", "Cờ thi đua", "Đơn vị quyết thắng", before=[])
    register(world, "Đơn vị quyết thắng", "Cờ thi đua", before=[])
    rows = Registration.objects.values_list("title", flat=True)
    assert list(rows) == ["Đơn vị quyết thắng", "Cờ thi đua"]
    assert verbs() == ["pledge.register"]


def test_titles_registered_meanwhile_are_stale(world: w.World) -> None:
    register(world, "Đơn vị tiên tiến")
    with pytest.raises(ValidationError) as refused:
        register(world, "Đơn vị quyết thắng", before=[])
    assert refused.value.code == "stale"


def test_titles_after_the_settling_need_the_secretary_and_a_reason(world: w.World) -> None:
    settled(world)
    with pytest.raises(PermissionDenied):
        register(world, "Đơn vị tiên tiến")
    with pytest.raises(ValidationError):
        register(world, "Đơn vị tiên tiến", by=world.thu)
    register(world, "Đơn vị tiên tiến", by=world.thu, reason=REASON)
    assert verbs()[-1] == "pledge.amend"


@pytest.mark.parametrize("who", ["binh", "lan", "quang", "khach", "far_secretary"])
def test_titles_of_another_unit_stay(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        register(world, "Đơn vị tiên tiến", by=getattr(world, who))
    assert not Registration.objects.exists()


# Settling


def test_settling_fixes_the_pledge_once(world: w.World) -> None:
    fill(world)
    row = settle(world)
    assert row.settled_at is not None
    again = settle(world, version=1, seen="khác")
    assert again.settled_at == row.settled_at
    assert verbs().count("pledge.settle") == 1


def test_settling_names_the_units_whose_weights_are_wrong(world: w.World) -> None:
    fill(world)
    put(world, line(weight="85"), unit=world.b, by=world.binh)
    put(world, unit=world.c, by=world.thu)
    with pytest.raises(ValidationError) as refused:
        settle(world)
    assert refused.value.code == "weights"
    text = refused.value.messages[0]
    assert "Đơn vị B: Tổng trọng số 85 – còn thiếu 15" in text
    assert "Đơn vị C: Tổng trọng số 0 – còn thiếu 100" in text
    assert "Đơn vị A" not in text
    assert Pledge.objects.get(pk=world.pledge.pk).settled_at is None


def test_settling_needs_a_text(world: w.World) -> None:
    fill(world)
    write(world, version=2, values={"content": " "})
    with pytest.raises(ValidationError) as refused:
        settle(world)
    assert refused.value.code == "empty"


def test_settling_what_was_not_read_is_stale(world: w.World) -> None:
    fill(world)
    row = Pledge.objects.get(pk=world.pledge.pk)
    read = pledges.fingerprint(row.targets.all())
    put(world, line("Đổi sau khi đọc"))
    for changes in ({"seen": read}, {"version": row.version - 1}):
        with pytest.raises(ValidationError) as refused:
            settle(world, **changes)
        assert refused.value.code == "stale"


@pytest.mark.parametrize("who", ["an", "anh", "lan", "quang", "far_secretary"])
def test_settling_is_the_secretarys(world: w.World, who: str) -> None:
    fill(world)
    with pytest.raises(PermissionDenied):
        settle(world, by=getattr(world, who))


# Signing


def test_leader_signs_today_and_once(world: w.World) -> None:
    settled(world)
    row = sign(world, signed_on=date(w.YEAR, 1, 2))
    assert (row.signed_on, row.by, row.rank) == (timezone.localdate(), world.anh, "Đại tá")
    assert sign(world, signer="Người khác") == row
    assert verbs().count("pledge.sign") == 1
    assert Signature.objects.get().signer == "Lê Thị Anh"


def test_nobody_signs_before_the_settling(world: w.World) -> None:
    fill(world)
    for by in (world.anh, world.thu):
        with pytest.raises(PermissionDenied):
            sign(world, by=by)


@pytest.mark.parametrize("who", ["an", "binh", "lan", "quang", "khach", "far_secretary"])
def test_nobody_else_signs_for_a_unit(world: w.World, who: str) -> None:
    settled(world)
    with pytest.raises(PermissionDenied):
        sign(world, by=getattr(world, who))
    assert not Signature.objects.exists()


def test_leader_signs_for_no_other_unit(world: w.World) -> None:
    settled(world)
    with pytest.raises(PermissionDenied):
        sign(world, unit=world.b)


def test_secretary_records_a_signature_on_paper(world: w.World) -> None:
    settled(world)
    day = date(w.YEAR, 1, 2)
    row = sign(world, by=world.thu, signed_on=day)
    assert (row.signed_on, row.by, row.is_late) == (day, world.thu, False)
    changes = Event.objects.order_by("number").last().changes  # type: ignore[union-attr]
    assert changes["on_paper"] is True


@pytest.mark.parametrize("days", [1, -3650])
def test_signature_of_another_day_is_refused(world: w.World, days: int) -> None:
    settled(world)
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError) as refused:
        sign(world, by=world.thu, signed_on=day)
    assert set(refused.value.message_dict) == {"signed_on"}


@pytest.mark.parametrize(
    ("ceremony", "signed", "is_late"),
    [
        (date(2026, 2, 27), date(2026, 2, 27), False),
        (date(2026, 2, 27), date(2026, 2, 28), True),
        (None, date(2026, 3, 31), False),
        (None, date(2026, 4, 1), True),
        (date(2026, 5, 1), date(2026, 4, 1), True),
    ],
)
def test_signature_is_late_after_the_ceremony_or_march(
    ceremony: date | None, signed: date, is_late: bool
) -> None:
    pledge = Pledge(season=w.Season(year=2026), signed_on=ceremony)
    assert Signature(pledge=pledge, signed_on=signed).is_late is is_late
