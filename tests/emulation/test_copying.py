"""Last year's entries copied into this year, and work that goes on over several periods."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Unit
from emulation.chains import chain_of
from emulation.models import (
    Achievement,
    AdvancedModel,
    Category,
    CommunityActivity,
    Pledge,
    PolicyDocument,
    Season,
    State,
    Target,
)
from emulation.models.review import Review
from emulation.services import copying as services
from emulation.services import review as reviews
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def copy(world: w.World, source: Achievement, **values: Any) -> Achievement:
    known: dict[str, Any] = {"season": world.season, "unit": world.a, "by": world.an}
    return services.copy_achievement(source=source, **known | values)


def carry_on(world: w.World, source: Achievement, **values: Any) -> Achievement:
    known: dict[str, Any] = {"season": world.season, "unit": world.a, "by": world.an}
    return services.continue_achievement(source=source, **known | values)


def verified(world: w.World, row: Achievement) -> Achievement:
    return reviews.review_achievement(
        achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=row.revision,
        reason="",
    )  # fmt: skip


def sent(world: w.World, quantity: str) -> Achievement:
    row = w.draft(world, target=world.target, quantity=Decimal(quantity))
    w.attach(world, row)
    return reviews.submit_achievement(achievement=row, by=world.an)


# Copies


def test_a_copy_keeps_the_words_and_drops_days_figures_and_evidence(world: w.World) -> None:
    source = w.last_year(
        world, title="Ngày hội", description="Cách làm", category=Category.COMMUNITY,
        organization="youth_union", quantity=5, ended_on=date(w.YEAR - 1, 3, 9), is_internal=True,
    )  # fmt: skip
    CommunityActivity.objects.create(achievement=source, kind="gift", gifts=120, value=9)
    made = copy(world, source)
    assert (made.title, made.description, made.organization) == (
        "Ngày hội", "Cách làm", "youth_union",
    )  # fmt: skip
    assert (made.season, made.unit, made.state, made.copied_from) == (
        world.season, world.a, State.DRAFT, source,
    )  # fmt: skip
    assert (made.started_on, made.ended_on, made.quantity, made.submitted_at) == (None,) * 4
    assert (made.is_internal, made.created_by, made.revision) == (True, world.an, 0)
    assert (made.community.kind, made.community.gifts, made.community.value) == ("gift", None, None)
    assert not made.evidence.exists()
    assert "ngay hoi" in made.search_key
    event = Event.objects.get(verb="achievement.copy")
    assert event.changes == {"copied_from": [None, source.code]}


def test_days_of_particulars_are_not_copied(world: w.World) -> None:
    source = w.last_year(world, category=Category.POLICY_DOCUMENT)
    PolicyDocument.objects.create(
        achievement=source, kind="plan", number="12/KH", about="Về", status="issued",
        issued_on=date(w.YEAR - 1, 4, 1),
    )  # fmt: skip
    made = copy(world, source).policy_document
    assert (made.kind, made.about, made.issued_on) == ("plan", "Về", None)


def test_a_model_is_copied_with_its_card(world: w.World) -> None:
    source = w.last_year(world, category=Category.ADVANCED_MODEL)
    AdvancedModel.objects.create(achievement=source, kind="practice", name="Mô hình", steps="Ba")
    made = copy(world, source).advanced_model
    assert (made.name, made.steps) == ("Mô hình", "Ba")


def test_two_clicks_make_one_copy_until_it_is_withdrawn(world: w.World) -> None:
    source = w.last_year(world)
    first = copy(world, source)
    assert copy(world, source) == first
    Achievement.objects.filter(pk=first.pk).update(state=State.WITHDRAWN)
    second = copy(world, source)
    assert second != first
    assert second.number == first.number + 1
    assert Event.objects.filter(verb="achievement.copy").count() == 2


def _old_target(world: w.World, source: Achievement, **values: Any) -> Target:
    pledge = Pledge.objects.get(season=source.season)
    known = {"unit": world.a, "order": 1, "group": "political", "planned": 3, "measure": "bản"}
    return Target.objects.create(pledge=pledge, **known | values)


def test_the_target_follows_by_its_link_or_its_words(world: w.World) -> None:
    source = w.last_year(world)
    old = _old_target(world, source, text="Tên cũ")
    assert services.target_for(old, world.season, world.a) is None
    world.target.previous = old
    world.target.save()
    source.target = old
    source.save()
    assert copy(world, source).target == world.target
    other = _old_target(world, source, text="báo  CÁO", order=2)
    assert services.target_for(other, world.season, world.a) == world.target
    other.measure = "lượt"
    assert services.target_for(other, world.season, world.a) is None
    assert services.target_for(None, world.season, world.a) is None
    assert services.target_for(old, world.season, world.b) is None


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach"])
def test_only_the_unit_copies(world: w.World, who: str) -> None:
    source = w.last_year(world)
    with pytest.raises(PermissionDenied):
        copy(world, source, by=getattr(world, who))
    assert not Achievement.objects.filter(season=world.season).exists()


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REJECTED])
def test_what_came_to_nothing_is_not_copied(world: w.World, state: State) -> None:
    with pytest.raises(PermissionDenied):
        copy(world, w.last_year(world, state=state))


def test_entries_of_this_year_and_of_others_are_not_copied(world: w.World) -> None:
    with pytest.raises(PermissionDenied):
        copy(world, w.draft(world))
    with pytest.raises(PermissionDenied):
        copy(world, w.last_year(world, unit=world.b))
    source = w.last_year(world)
    world.phase.enter = False
    world.phase.save()
    with pytest.raises(PermissionDenied):
        copy(world, source)


def test_the_record_of_a_predecessor_is_the_units_own(world: w.World) -> None:
    before = Unit.objects.create(
        code="A0", name="Đơn vị A cũ", short_name="A cũ", valid_to=date(w.YEAR - 1, 12, 31)
    )
    world.a.predecessors.add(before)
    source = w.last_year(world)
    Achievement.objects.filter(pk=source.pk).update(unit=before)
    source.refresh_from_db()
    assert copy(world, source).unit == world.a


def test_a_secrecy_mark_is_not_copied(world: w.World) -> None:
    source = w.last_year(world, title="Kế hoạch TUYỆT MẬT")
    with pytest.raises(ValidationError) as refused:
        copy(world, source)
    assert "secret" in {error.code for error in refused.value.error_dict["title"]}


# Chains


def test_a_chain_adds_up_what_was_sent_and_what_counts(world: w.World) -> None:
    first = sent(world, "2.5")
    second = carry_on(world, first)
    assert (second.continues, second.target, second.quantity) == (first, world.target, None)
    assert (second.title, second.started_on, second.state) == (first.title, None, State.DRAFT)
    verified(world, first)
    Achievement.objects.filter(pk=second.pk).update(
        state=State.SUBMITTED, quantity=4, started_on=w.DAY, revision=1, submitted_at=timezone.now()
    )
    third = carry_on(world, first)
    assert third.continues == second
    for row in (first, second, third):
        row.refresh_from_db()
        chain = chain_of(row, world.an)
        assert chain is not None
        assert chain.links == [first, second, third]
        assert (chain.measure, chain.total, chain.counted) == ("bản", Decimal("6.5"), 2.5)
    seen = chain_of(first, world.thu)
    assert seen is not None
    assert seen.links == [first, second]


def test_two_clicks_continue_once(world: w.World) -> None:
    first = w.sent(world)
    second = carry_on(world, first)
    assert carry_on(world, first) == second
    assert carry_on(world, second.continues) == second
    events = Event.objects.filter(verb="achievement.enter", subject_id=str(second.pk))
    assert [event.changes for event in events] == [{"continues": [None, first.code]}]


def test_last_years_work_goes_on_this_year(world: w.World) -> None:
    source = w.last_year(world)
    made = carry_on(world, source)
    assert (made.season, made.continues) == (world.season, source)


def test_drafts_and_old_years_are_not_continued(world: w.World) -> None:
    rejected, old = w.last_year(world, state=State.REJECTED), w.last_year(world)
    for source in (w.draft(world), rejected):
        with pytest.raises(ValidationError) as refused:
            carry_on(world, source)
        assert refused.value.code == "continue"
    Season.objects.filter(pk=old.season_id).update(year=w.YEAR - 2)
    with pytest.raises(ValidationError) as refused:
        carry_on(world, old)
    assert refused.value.code == "continue"


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach"])
def test_only_the_unit_continues(world: w.World, who: str) -> None:
    source = w.sent(world)
    with pytest.raises(PermissionDenied):
        carry_on(world, source, by=getattr(world, who))


def test_a_withdrawn_link_is_passed_over(world: w.World) -> None:
    first = w.sent(world)
    second = carry_on(world, first)
    Achievement.objects.filter(pk=second.pk).update(state=State.WITHDRAWN)
    third = carry_on(world, first)
    assert third.continues == first
    assert third != second


def test_a_lone_achievement_has_no_chain(world: w.World) -> None:
    assert chain_of(w.sent(world), world.an) is None


# Pages


@pytest.fixture
def an(client: Client, world: w.World) -> Client:
    client.force_login(world.an)
    return client


def test_the_page_lists_searches_and_copies(an: Client, world: w.World) -> None:
    source = w.last_year(world, title="Ngày hội đọc sách")
    w.last_year(world, title="Việc khác hẳn")
    w.last_year(world, title="Của đơn vị B", unit=world.b)
    address = reverse("copy_list", args=[world.season.slug])
    page = an.get(address).content.decode()
    assert "Ngày hội đọc sách" in page
    assert "Của đơn vị B" not in page
    page = an.get(address + "?q=doc+SACH").content.decode()
    assert "Ngày hội đọc sách" in page
    assert "Việc khác hẳn" not in page
    answer = an.post(reverse("achievement_copy", args=[world.season.slug, source.pk]))
    made = Achievement.objects.get(copied_from=source)
    assert answer["Location"] == reverse("achievement_edit", args=[world.season.slug, made.number])
    page = an.get(address).content.decode()
    assert "Đã chép:" in page
    assert made.code in page
    assert "Không tìm thấy" in an.get(address + "?q=khongco").content.decode()


def test_the_page_says_when_nothing_can_be_copied(an: Client, world: w.World) -> None:
    address = reverse("copy_list", args=[world.season.slug])
    assert "Chưa có thành tích của những năm trước" in an.get(address).content.decode()
    w.last_year(world)
    world.phase.enter = False
    world.phase.save()
    page = an.get(address).content.decode()
    assert "Không chép được lúc này" in page
    assert '<button class="btn btn-quiet">Chép' not in page


def test_a_mark_is_said_on_the_page(an: Client, world: w.World) -> None:
    source = w.last_year(world, title="Kế hoạch TUYỆT MẬT")
    answer = an.post(reverse("achievement_copy", args=[world.season.slug, source.pk]), follow=True)
    assert "TUYỆT MẬT" in answer.content.decode()
    assert not Achievement.objects.filter(copied_from=source).exists()


def test_the_list_costs_the_same_for_one_and_for_many(an: Client, world: w.World) -> None:
    address = reverse("copy_list", args=[world.season.slug])
    counts = []
    for number in (1, 30):
        for n in range(number):
            copy(world, w.last_year(world, title=f"Việc {number} {n}"))
        an.get(address)
        with CaptureQueriesContext(connection) as queries:
            an.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_button_of_the_page_continues(an: Client, world: w.World) -> None:
    first = sent(world, "2")
    detail = reverse("achievement_detail", args=[world.season.slug, first.number])
    assert "Tiếp nối đợt sau" in an.get(detail).content.decode()
    address = reverse("achievement_continue", args=[world.season.slug, first.number])
    answer = an.post(address)
    made = Achievement.objects.get(continues=first)
    assert answer["Location"] == reverse("achievement_edit", args=[world.season.slug, made.number])
    page = an.get(detail).content.decode()
    assert "Cộng dồn 2 bản, trong đó đã công nhận 0 bản" in page
    assert made.code in page


def test_the_next_season_takes_over_where_the_own_is_closed(an: Client, world: w.World) -> None:
    source = w.last_year(world)
    address = reverse("achievement_continue", args=[source.season.slug, source.number])
    answer = an.post(address)
    made = Achievement.objects.get(continues=source)
    assert answer["Location"] == reverse("achievement_edit", args=[world.season.slug, made.number])
    world.phase.enter = False
    world.phase.save()
    assert an.post(address).status_code == 403


def test_a_draft_offers_no_continuation(an: Client, world: w.World) -> None:
    row = w.draft(world)
    detail = reverse("achievement_detail", args=[world.season.slug, row.number])
    assert "Tiếp nối đợt sau" not in an.get(detail).content.decode()
    assert (
        an.post(reverse("achievement_continue", args=[world.season.slug, row.number])).status_code
        == 403
    )
