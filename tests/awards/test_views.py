from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from awards import services
from awards.forms.conference import ConferenceForm
from awards.models import (
    Award,
    Conference,
    ConferenceState,
    Nomination,
    NominationState,
    Remark,
)
from clusters.models import Membership
from emulation.models import Achievement, Review, Season, Source
from emulation.services.review import review_achievement
from emulation.services.scoring import appraise, self_score
from journal.models import Event
from tests import world as w

MERIT = "Dẫn đầu cụm, hoàn thành vượt mức các chỉ tiêu giao ước"
HELD = {
    "held_on": w.DAY.isoformat(),
    "place": "Hà Nội",
    "chair": "Nguyễn Văn Chủ",
    "chair_rank": "Thiếu tướng",
    "chair_position": "Chánh Văn phòng",
    "secretary": "Phạm Thị Thư",
    "conclusion": "Biểu dương các đơn vị",
}


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(name: str, *more: Any, season: str = "gan") -> str:
    return reverse(name, args=[season, *more])


def shown(client: Client, name: str, *more: Any) -> str:
    response = client.get(address(name, *more))
    assert response.status_code == 200
    return response.content.decode()


def cost(client: Client, where: str) -> int:
    """Return how many queries a page takes, its session being there."""
    client.get(where)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    return len(queries)


def edit(client: Client, **changes: Any) -> Any:
    return client.post(address("conference_edit"), HELD | {"version": 0} | changes)


def held(world: w.World, **changes: Any) -> Conference:
    values = HELD | {"held_on": w.DAY} | changes
    return services.record_conference(season=world.season, by=world.thu, version=0, values=values)


def remark(client: Client, **changes: Any) -> Any:
    typed = {"kind": "discussion", "unit": "", "speaker": "", "text": "Đồng ý", "achievement": ""}
    return client.post(address("remark_add"), typed | changes)


def verified(world: w.World) -> Achievement:
    row = w.sent(world)
    review_achievement(achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=1)
    row.refresh_from_db()
    return row


def nominate(world: w.World, **changes: Any) -> Nomination:
    values = {"unit": world.a, "award": world.flag, "merit": MERIT} | changes
    return services.nominate(season=world.season, by=world.thu, **values)


def rank_first(world: w.World) -> None:
    """Let unit A have 62 points and the first place."""
    sheet = w.sheet(world)
    lines = w.lines(sheet, **w.FULL)
    self_score(sheet=sheet, by=world.an, version=1, lines=lines, send=True)
    appraise(sheet=sheet, by=world.thu, version=2, lines=lines, finish=True)


# The conference


def test_conference_that_is_missing_says_who_records_it(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    text = shown(client, "conference")
    assert f"Chưa ghi hội nghị tổng kết năm {w.YEAR}" in text
    assert address("conference_edit") not in text
    client.force_login(world.thu)
    assert address("conference_edit") in shown(client, "conference")


def test_conference_shows_facts_remarks_by_kind_and_history(client: Client, world: w.World) -> None:
    held(world)
    row = verified(world)
    for kind, text in (("review", "Suy tôn A"), ("discussion", "Thảo luận"), ("addition", "Thêm")):
        services.add_remark(
            season=world.season, by=world.thu, kind=Remark.Kind(kind), text=text, unit=world.a,
            achievement=row if kind == "addition" else None,
        )  # fmt: skip
    client.force_login(world.binh)
    text = shown(client, "conference")
    for word in ("Thiếu tướng Nguyễn Văn Chủ", f"{w.DAY:%d/%m/%Y}", "Biểu dương", row.code):
        assert word in text, word
    order = [text.index(str(kind.label)) for kind in Remark.Kind if kind != Remark.Kind.CALL]
    assert order == sorted(order)
    assert str(Remark.Kind.CALL.label) not in text
    assert "Ghi hội nghị" in text  # the history
    assert address("remark_add") not in text
    assert address("assessment_edit") not in text
    client.force_login(world.thu)
    text = shown(client, "conference")
    assert address("remark_add") in text
    assert address("assessment_edit") in text


def test_conference_costs_the_same_with_many_remarks(client: Client, world: w.World) -> None:
    conference = held(world)
    row = verified(world)
    source = Source.objects.create(season=world.season, code="T05", quote="…")
    client.force_login(world.thu)

    def add() -> None:
        Remark.objects.create(
            conference=conference, kind="addition", unit=world.a, text="Thêm", achievement=row,
            source=source,
        )  # fmt: skip

    add()
    before = cost(client, address("conference"))
    for _ in range(40):
        add()
    assert cost(client, address("conference")) == before


def test_conference_is_recorded(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    assert edit(client)["Location"] == address("conference")
    row = Conference.objects.get()
    assert (row.held_on, row.chair, row.conclusion) == (w.DAY, HELD["chair"], HELD["conclusion"])
    assert 'value="Đại tướng"' in shown(client, "conference_edit")


def test_conference_may_be_recorded_step_by_step(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    empty = dict.fromkeys(HELD, "") | {"place": "Hà Nội"}
    assert edit(client, **empty).status_code == 302
    assert Conference.objects.get().held_on is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"held_on": f"{w.YEAR - 1}-12-31"}, "Chọn ngày từ 01/01/"),
        ({"held_on": f"{w.YEAR + 1}-02-01"}, "Chọn ngày từ 01/01/"),
        (
            {"held_on": (timezone.localdate() + timedelta(days=1)).isoformat()},
            "không sau hôm nay",
        ),
        ({"held_on": "hôm qua"}, "Nhập ngày theo dạng ngày/tháng/năm"),
        ({"chair": "x" * 121}, "còn tối đa 120 ký tự"),
        ({"conclusion": "x" * 1_000_000}, "còn tối đa 10000 ký tự"),
        ({"place": "a\x00"}, "ký tự không đọc được"),
    ],
)
def test_conference_refuses_at_the_field_and_keeps_what_was_typed(
    client: Client, world: w.World, changes: dict[str, str], message: str
) -> None:
    client.force_login(world.thu)
    response = edit(client, **({"secretary": "Giữ lại tên này"} | changes))
    text = response.content.decode()
    assert response.status_code == 200
    assert message in text
    assert "Giữ lại tên này" in text
    assert not Conference.objects.exists()


def test_conference_in_january_belongs_to_the_year_before(
    client: Client, world: w.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(w.YEAR + 1, 1, 20)
    monkeypatch.setattr("awards.forms.conference.timezone.localdate", lambda: day)
    form = ConferenceForm(
        HELD | {"version": 0, "held_on": day.isoformat()}, season=world.season, conference=None
    )
    assert form.is_valid()


def test_stale_conference_shows_both(client: Client, world: w.World) -> None:
    held(world, place="Hải Phòng")
    client.force_login(world.thu)
    text = edit(client, place="Đà Nẵng").content.decode()
    assert "vừa được người khác lưu" in text
    assert "Hải Phòng" in text
    assert "Đà Nẵng" in text
    version = Conference.objects.get().version
    assert f'name="version" value="{version}"' in text
    assert edit(client, place="Đà Nẵng", version=version).status_code == 302
    assert Conference.objects.get().place == "Đà Nẵng"


def test_conclusion_names_what_is_missing(client: Client, world: w.World) -> None:
    held(world, chair="", held_on=None)
    client.force_login(world.thu)
    assert "Sẽ chốt" in shown(client, "conference_conclude")
    text = client.post(address("conference_conclude")).content.decode()
    assert "còn thiếu ngày tổ chức, chủ trì" in text
    assert Conference.objects.get().state == ConferenceState.OPEN


def test_concluded_conference_is_closed(client: Client, world: w.World) -> None:
    held(world)
    client.force_login(world.thu)
    response = client.post(address("conference_conclude"))
    assert response["Location"] == address("conference")
    assert Conference.objects.get().state == ConferenceState.CONCLUDED
    assert "Đã kết luận" in shown(client, "conference")
    assert edit(client, version=3).status_code == 403
    assert remark(client, unit=world.a.pk).status_code == 403
    assert client.post(address("conference_conclude")).status_code == 403


# Remarks


def test_remark_of_a_unit_is_kept(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    response = remark(client, unit=world.a.pk, speaker="Đại tá Trần Văn Nói", text="Bổ sung")
    assert response["Location"] == address("conference")
    row = Remark.objects.get()
    assert (row.unit, row.speaker, row.text) == (world.a, "Đại tá Trần Văn Nói", "Bổ sung")
    assert Event.objects.filter(verb="conference.remark").count() == 1
    assert remark(client, unit=world.b.pk, again="1")["Location"] == address("remark_add")


def test_added_result_marks_its_achievement(client: Client, world: w.World) -> None:
    row = verified(world)
    client.force_login(world.thu)
    remark(client, kind="addition", unit=world.a.pk, achievement=row.pk)
    row.refresh_from_db()
    assert row.added_at_conference


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "Chọn đơn vị, hoặc nhập người phát biểu"),
        ({"unit": "D"}, "Chọn một mục có trong danh sách"),
        ({"unit": "A", "kind": "x"}, "Chọn một mục có trong danh sách"),
        ({"unit": "A", "text": ""}, "Nhập nội dung"),
        ({"unit": "A", "text": "x" * 5001}, "còn tối đa 5000 ký tự"),
        ({"unit": "B", "achievement": "verified"}, "Chọn thành tích đã thẩm định của đúng đơn vị"),
        ({"unit": "A", "achievement": "draft"}, "Chọn một mục có trong danh sách"),
    ],
)
def test_remark_is_refused_at_the_field(
    client: Client, world: w.World, changes: dict[str, str], message: str
) -> None:
    known = {unit.code: unit.pk for unit in w.Unit.objects.all()}
    rows = {"verified": verified(world).pk, "draft": w.draft(world).pk}
    values = {
        "unit": known.get(changes.get("unit", ""), ""),
        "achievement": rows.get(changes.get("achievement", ""), ""),
    }
    client.force_login(world.thu)
    response = remark(client, **(changes | values))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Remark.objects.exists()


# Nominations


def test_nominations_stand_by_award_with_place_and_total(client: Client, world: w.World) -> None:
    rank_first(world)
    nominate(world)
    client.force_login(world.binh)
    text = " ".join(shown(client, "nomination_list").split())
    assert "Hạng 1, 62,00 điểm" in text
    assert world.flag.name in text
    assert MERIT in text
    assert "Rút đề nghị" not in text


def test_nominations_hide_the_place_while_standings_are_closed(
    client: Client, world: w.World
) -> None:
    rank_first(world)
    nominate(world)
    world.phase.see_standings = False
    world.phase.save()
    client.force_login(world.binh)
    assert "Hạng 1" not in shown(client, "nomination_list")
    client.force_login(world.lan)
    assert "Hạng 1" in shown(client, "nomination_list")


def test_nomination_without_a_unit_says_so(client: Client, world: w.World) -> None:
    source = Source.objects.create(season=world.season, code="T22", quote="một đơn vị")
    Nomination.objects.create(
        season=world.season, award=world.flag, source=source, state=NominationState.PROPOSED
    )
    client.force_login(world.an)
    text = shown(client, "nomination_list")
    assert "không nêu tên" in text
    assert "một đơn vị" in text


def test_nothing_nominated_says_who_will(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    text = shown(client, "nomination_list")
    assert f"Chưa có đề nghị nào cho năm {w.YEAR}" in text
    assert address("nomination_new") not in text


def test_nomination_list_costs_the_same_with_many(client: Client, world: w.World) -> None:
    nominate(world)
    client.force_login(world.thu)
    before = cost(client, address("nomination_list"))
    for number in range(30):
        unit = w.unit(f"U{number}", f"Đơn vị số {number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        award = world.flag
        if number % 3 == 0:
            award = Award.objects.create(
                code=f"A{number}", name=f"Cờ {number}", kind="title", audience="collective",
                certainty="cited", order=number,
            )  # fmt: skip
        nominate(world, unit=unit, award=award)
    assert cost(client, address("nomination_list")) == before


def test_nominating_tells_places_in_the_choice(client: Client, world: w.World) -> None:
    rank_first(world)
    client.force_login(world.thu)
    text = shown(client, "nomination_new")
    assert "Hạng 1: Đơn vị A, 62,00 điểm" in text
    assert "Đơn vị B (chưa xếp hạng)" in text


def propose(client: Client, world: w.World, **changes: Any) -> Any:
    typed = {"award": world.flag.pk, "unit": world.a.pk, "merit": MERIT}
    return client.post(address("nomination_new"), typed | changes, follow=True)


def test_unit_is_nominated(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    response = propose(client, world)
    assert response.redirect_chain == [(address("nomination_list"), 302)]
    row = Nomination.objects.get()
    assert (row.unit, row.award, row.merit) == (world.a, world.flag, MERIT)
    assert row.state == NominationState.PROPOSED


def test_more_than_usual_is_a_warning_and_no_bar(client: Client, world: w.World) -> None:
    world.flag.usual_quota, world.flag.citation = 1, "Luật Thi đua, khen thưởng, Điều 25"
    world.flag.save()
    client.force_login(world.thu)
    assert "một cụm thường đề nghị" not in propose(client, world).content.decode()
    assert "Đã đề nghị 1, một cụm thường đề nghị 1" in shown(client, "nomination_new")
    text = propose(client, world, unit=world.b.pk).content.decode()
    assert "đã đề nghị 2, một cụm thường đề nghị 1" in text
    assert "Luật Thi đua, khen thưởng, Điều 25 (có căn cứ)" in " ".join(text.split())
    assert Nomination.objects.count() == 2


def test_second_nomination_of_the_same_is_refused(client: Client, world: w.World) -> None:
    nominate(world)
    client.force_login(world.thu)
    response = propose(client, world)
    assert "Đơn vị này đã được đề nghị hình thức này" in response.content.decode()
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"award": ""}, "Chọn hình thức đề nghị"),
        ({"award": "999999"}, "Chọn một mục có trong danh sách"),
        ({"unit": ""}, "Chọn đơn vị"),
        ({"unit": "999999"}, "Chọn một mục có trong danh sách"),
        ({"merit": ""}, "Nhập tóm tắt thành tích"),
        ({"merit": "x" * 5001}, "còn tối đa 5000 ký tự"),
    ],
)
def test_nomination_is_refused_at_the_field(
    client: Client, world: w.World, changes: dict[str, str], message: str
) -> None:
    client.force_login(world.thu)
    assert message in propose(client, world, **changes).content.decode()
    assert not Nomination.objects.exists()


def test_award_that_is_not_discussed_at_conferences_is_no_choice(
    client: Client, world: w.World
) -> None:
    world.flag.at_conference = False
    world.flag.save()
    client.force_login(world.thu)
    propose(client, world)
    assert not Nomination.objects.exists()


def test_award_of_the_address_is_chosen_already(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    for value, expected in ((world.flag.pk, True), ("x", False)):
        text = client.get(f"{address('nomination_new')}?hinh-thuc={value}").content.decode()
        assert (f'value="{world.flag.pk}" selected' in text) == expected


def test_withdrawal_needs_a_reason(client: Client, world: w.World) -> None:
    row = nominate(world)
    client.force_login(world.thu)
    where = address("nomination_withdraw", row.pk)
    assert "Nêu lý do rút đề nghị" in client.post(where, {"reason": " "}).content.decode()
    assert client.post(where, {"reason": "Đơn vị xin rút"})["Location"] == address(
        "nomination_list"
    )
    row.refresh_from_db()
    assert (row.state, row.withdrawn_reason) == (NominationState.WITHDRAWN, "Đơn vị xin rút")
    assert client.get(where).status_code == 302
    assert client.post(where, {"reason": "Lần nữa"}).status_code == 302
    assert "Đơn vị xin rút" in shown(client, "nomination_list")
    client.force_login(world.an)
    assert "Đơn vị xin rút" not in shown(client, "nomination_list")


def test_nomination_of_another_season_is_not_found_here(client: Client, world: w.World) -> None:
    unit = w.Unit.objects.get(code="D")
    other = Nomination.objects.create(
        season=world.far_season, award=world.flag, unit=unit, state=NominationState.PROPOSED
    )
    client.force_login(world.thu)
    where = address("nomination_withdraw", other.pk)
    assert client.post(where, {"reason": "x"}).status_code == 404


def test_nothing_is_written_outside_the_phase(client: Client, world: w.World) -> None:
    row = nominate(world)
    world.phase.nominate = world.phase.confer = False
    world.phase.save()
    client.force_login(world.thu)
    assert edit(client).status_code == 403
    assert remark(client, unit=world.a.pk).status_code == 403
    assert propose(client, world).status_code == 403
    withdrawal = address("nomination_withdraw", row.pk)
    assert client.post(withdrawal, {"reason": "Lý do"}).status_code == 403
    assert Season.objects.get(pk=world.season.pk).nominations.count() == 1  # type: ignore[attr-defined]
