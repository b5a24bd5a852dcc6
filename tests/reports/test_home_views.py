"""Where a user lands, the desks of the roles, and the year on one page."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from awards.services import nominate
from emulation.models import (
    Achievement,
    Category,
    Launch,
    Phase,
    Pledge,
    Review,
    ScoreSheet,
    Season,
    SheetState,
    Source,
    State,
    Target,
    TargetGroup,
)
from emulation.services import review as reviews
from emulation.services import scoring as scores
from reports.models import Document, DocumentState
from tests import world as w

NOW = timezone.now()
TODAY = timezone.localdate()
REASON = "Bổ sung danh sách người dự và ảnh minh chứng"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def page(client: Client, user: Any, name: str, *args: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def words(html: str) -> str:
    """Return what a reader sees, without marks of the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def many(world: w.World, number: int, *, state: str = State.SUBMITTED, **values: Any) -> None:
    """Write achievements of unit A without their services: there are too many."""
    first = Achievement.objects.count()
    Achievement.objects.bulk_create(
        Achievement(
            **{
                "season": world.season, "unit": world.a, "number": 1000 + first + i,
                "category": Category.ADVISORY, "title": f"Việc {i}", "state": state,
                "started_on": w.DAY, "revision": 1, "submitted_at": NOW - timedelta(hours=i),
            }
            | values
        )
        for i in range(number)
    )  # fmt: skip


def ready(season: Season, number: int = 1) -> Document:
    return Document.objects.create(
        season=season, kind="final_report", number=number, title="Báo cáo tổng kết",
        requested_at=NOW, state=DocumentState.READY, percent=100, finished_at=NOW, pages=9,
        sha256="0" * 64, size=4, file=ContentFile(b"%PDF", "a.pdf"),
    )  # fmt: skip


def appraised(world: w.World) -> ScoreSheet:
    sheet = w.sheet(world)
    lines = w.lines(sheet, **w.FULL)
    scores.self_score(sheet=sheet, by=world.an, version=1, lines=lines, send=True)
    sheet.refresh_from_db()
    return scores.appraise(
        sheet=sheet, by=world.thu, version=sheet.version, lines=lines, finish=True
    )


def returned(world: w.World, *, deadline: date | None = None, title: str = "Bị trả lại") -> None:
    reviews.review_achievement(
        achievement=w.sent(world, title=title), by=world.thu, revision=1, reason=REASON,
        decision=Review.Decision.RETURNED, deadline=deadline, notes={"title": "Ghi rõ hơn"},
    )  # fmt: skip


# Where a user lands


@pytest.mark.parametrize("who", ["an", "anh", "binh", "thu", "lan", "quang"])
def test_home_leads_to_the_newest_season_of_the_user(
    client: Client, world: w.World, who: str
) -> None:
    Season.objects.create(cluster=world.season.cluster, year=w.YEAR - 1, slug="cu")
    if who == "quang":  # who sees the seasons of all clusters
        world.far_season.delete()
    client.force_login(getattr(world, who))
    response = client.get(reverse("home"))
    assert response["Location"] == reverse("season_home", args=["gan"])


def test_a_stranger_learns_whom_to_ask(client: Client, world: w.World) -> None:
    seen = words(page(client, world.khach, "home"))
    assert "Đỗ Văn Khách chưa được phân công" in seen
    assert "quản trị hệ thống" in seen


def test_an_administrator_of_an_empty_installation_starts_in_the_admin(
    client: Client, world: w.World
) -> None:
    world.pledge.delete()
    Season.objects.all().delete()
    html = page(client, world.quang, "home")
    assert reverse("admin:index") in html
    assert "Chưa có kỳ thi đua nào" in html


def test_the_choice_offers_the_own_seasons_alone(client: Client, world: w.World) -> None:
    html = page(client, world.an, "season_choice")
    assert reverse("season_home", args=["gan"]) in html
    assert reverse("season_home", args=["xa"]) not in html
    assert reverse("season_home", args=["xa"]) in page(client, world.quang, "season_choice")


def test_the_system_page_counts_what_each_season_holds(client: Client, world: w.World) -> None:
    w.sent(world)
    ready(world.season)
    seen = words(page(client, world.quang, "season_home", "gan"))
    assert re.search(rf"Cụm thi đua số 1 · {w.YEAR} gan 3 1 1 ", seen)
    assert "việc đã ghi" in seen
    assert "Đơn vị theo thời gian" in seen


# The desk of a unit


def test_a_unit_sees_what_waits_for_it(client: Client, world: w.World) -> None:
    returned(world, deadline=TODAY + timedelta(days=1), title="Tuyên truyền tại trường")
    w.draft(world, title="Bản còn dở")
    seen = words(page(client, world.an, "season_home", "gan"))
    waits, dossier = seen.split("Hồ sơ năm")
    assert f"Tuyên truyền tại trường Thư ký cụm: {REASON} Hạn ngày mai" in waits
    assert "Ghi việc phát động phong trào" in waits
    assert "Tự chấm điểm năm" in waits
    assert "Bản còn dở" in waits
    assert waits.index("Tuyên truyền tại trường") < waits.index("Bản còn dở")
    assert "2 thành tích: 1 trả lại, 1 bản nháp Đang làm, còn thiếu 2" in dossier
    assert "Giao ước thi đua Ký ngày 27/02/" in dossier


@pytest.mark.parametrize(
    ("days", "tag"),
    [(-3, "Quá hạn 3 ngày"), (0, "Hạn hôm nay"), (1, "Hạn ngày mai, "), (5, "bổ sung · hạn ")],
)
def test_the_nearer_the_deadline_the_heavier_the_tag(
    client: Client, world: w.World, days: int, tag: str
) -> None:
    returned(world, deadline=TODAY + timedelta(days=days))
    html = page(client, world.an, "season_home", "gan")
    found = re.search(rf'tag tag-(\w+)">(?:<svg.*?</svg>)?[^<]*{re.escape(tag)}', html)
    assert found
    assert found[1] == ("do" if days > 1 else "late")


def test_what_is_due_first_stands_first(client: Client, world: w.World) -> None:
    returned(world, deadline=TODAY + timedelta(days=9), title="Hạn sau")
    returned(world, title="Không hạn")
    returned(world, deadline=TODAY + timedelta(days=2), title="Hạn trước")
    seen = words(page(client, world.an, "season_home", "gan"))
    assert seen.index("Hạn trước") < seen.index("Hạn sau") < seen.index("Không hạn")


def test_a_unit_with_all_done_is_told_so(client: Client, world: w.World) -> None:
    Launch.objects.create(season=world.season, unit=world.a, slogan="Sát việc", launched_on=w.DAY)
    appraised(world)
    nominate(season=world.season, unit=world.a, award=world.flag, merit="Dẫn đầu", by=world.thu)
    seen = words(page(client, world.an, "season_home", "gan"))
    assert "Không còn việc nào chờ" in seen
    assert "Khẩu hiệu hành động: Sát việc Hoàn thành" in seen
    assert "Cờ thi đua mẫu Đề nghị khen thưởng" in seen
    assert re.search(r"Tự chấm điểm Gửi ngày \d\d/\d\d/\d{4} Đã thẩm định", seen)


def test_nothing_is_offered_that_the_phase_does_not_allow(client: Client, world: w.World) -> None:
    assert reverse("achievement_quick", args=["gan"]) in page(
        client, world.an, "season_home", "gan"
    )
    begin = NOW + timedelta(days=30)
    Phase.objects.update(start=begin, end=begin + timedelta(days=9), name="Sau này")
    html = page(client, world.an, "season_home", "gan")
    for name in ("achievement_category", "achievement_quick"):
        assert reverse(name, args=["gan"]) not in html
    assert "Ghi việc phát động" not in html
    assert "Tự chấm điểm năm" not in html
    assert "Chưa mở" in words(html)


def test_a_season_without_anything_has_empty_states(client: Client, world: w.World) -> None:
    world.phase.delete()
    world.target.delete()
    world.pledge.delete()
    Season.objects.filter(pk=world.season.pk).update(scheme=None)
    seen = words(page(client, world.an, "season_home", "gan"))
    for text in (
        "Không còn việc nào chờ", "Cụm chưa ghi giao ước", "Kỳ này không có thang điểm",
        "Chưa có chỉ tiêu nào", "Chưa có thành tích nào được công nhận trong năm",
    ):  # fmt: skip
        assert text in seen


def test_the_desk_shows_the_own_unit_alone(client: Client, world: w.World) -> None:
    w.draft(world, by=world.binh, title="Bí mật của đơn vị B")
    assert "Bí mật của đơn vị B" not in page(client, world.an, "season_home", "gan")
    assert "Bí mật của đơn vị B" in page(client, world.binh, "season_home", "gan")


def test_markup_in_a_title_is_text(client: Client, world: w.World) -> None:
    w.draft(world, title="<script>alert(1)</script>")
    html = page(client, world.an, "season_home", "gan")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


# The desk of the secretary


def test_the_queue_is_oldest_first_and_says_how_long(client: Client, world: w.World) -> None:
    new, old = w.sent(world, title="Mới gửi"), w.sent(world, title="Gửi lâu rồi")
    Achievement.objects.filter(pk=old.pk).update(submitted_at=NOW - timedelta(days=10))
    html = page(client, world.thu, "season_home", "gan")
    seen = words(html)
    assert seen.index("Gửi lâu rồi") < seen.index("Mới gửi")
    assert "10 ngày Quá hạn thẩm định 3 ngày" in seen
    first = reverse("achievement_review", args=["gan", old.number])
    assert f'href="{first}">Thẩm định lần lượt' in html
    assert f"TT-{w.YEAR}-{new.number:04d}" in seen


def test_the_queue_leaves_the_own_unit_to_others(client: Client, world: w.World) -> None:
    many(world, 2, unit=world.c, title="Của đơn vị mình")
    w.sent(world, title="Của đơn vị A")
    seen = words(page(client, world.thu, "season_home", "gan"))
    assert "1 chờ thẩm định" in seen
    assert "2 mục của đơn vị mình do người khác thẩm định" in seen
    assert "Của đơn vị A" in seen
    assert "TT-2026" not in seen.partition("Của đơn vị A")[0]
    assert "Của đơn vị mình" not in seen


def test_a_secretary_without_a_unit_judges_all(client: Client, world: w.World) -> None:
    world.thu.appointments.update(unit=None)
    many(world, 2, unit=world.c)
    seen = words(page(client, world.thu, "season_home", "gan"))
    assert "2 chờ thẩm định" in seen
    assert "do người khác thẩm định" not in seen


def test_late_ones_are_the_same_in_the_count_and_in_the_list(
    client: Client, world: w.World
) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    limit = midnight - timedelta(days=7)
    many(world, 1, title="Vừa kịp", submitted_at=limit)
    many(world, 1, title="Vừa quá", submitted_at=limit - timedelta(seconds=1))
    seen = words(page(client, world.thu, "season_home", "gan"))
    assert "2 chờ thẩm định 1 quá hạn thẩm định" in seen
    assert seen.count("Quá hạn thẩm định") == 1
    late = words(page(client, world.thu, "season_home", "gan", query="?muon=1"))
    assert "Vừa quá" in late
    assert "Vừa kịp" not in late


@pytest.mark.parametrize("given", ["x", "-1", "9" * 30, "٣", "", "1'"])
def test_a_unit_that_is_none_filters_nothing_or_all(
    client: Client, world: w.World, given: str
) -> None:
    w.sent(world)
    query = f"?unit={given}&page={given}"
    seen = words(page(client, world.thu, "season_home", "gan", query=query))
    # A three in other digits is a number: it may name a unit, which then has nothing here.
    assert "Báo cáo tháng" in seen or given == "٣"


def test_the_queue_of_one_unit(client: Client, world: w.World) -> None:
    w.sent(world, title="Của đơn vị A")
    many(world, 1, unit=world.b, title="Của đơn vị B")
    seen = words(page(client, world.thu, "season_home", "gan", query=f"?unit={world.b.pk}"))
    assert "Của đơn vị B" in seen
    assert "Của đơn vị A" not in seen


def test_sent_again_says_which_revision(client: Client, world: w.World) -> None:
    many(world, 1, revision=2)
    assert "Đã gửi lại, bản sửa 2" in words(page(client, world.thu, "season_home", "gan"))


def test_outside_the_phase_nothing_is_offered_to_review(client: Client, world: w.World) -> None:
    sent = w.sent(world)
    Phase.objects.update(verify=False)
    html = page(client, world.thu, "season_home", "gan")
    assert reverse("achievement_review", args=["gan", sent.number]) not in html
    assert reverse("achievement_detail", args=["gan", sent.number]) in html
    assert "ngoài thời gian thẩm định" in html


def test_sheets_that_were_sent_wait_too(client: Client, world: w.World) -> None:
    assert "Bảng điểm chờ thẩm định" not in page(client, world.thu, "season_home", "gan")
    sheet = w.sheet(world)
    lines = w.lines(sheet, **w.FULL)
    scores.self_score(sheet=sheet, by=world.an, version=1, lines=lines, send=True)
    ScoreSheet.objects.create(
        season=world.season, unit=world.c, state=SheetState.SUBMITTED, submitted_at=NOW
    )
    html = page(client, world.thu, "season_home", "gan")
    assert reverse("sheet_appraise", args=["gan", world.a.pk]) in html
    assert reverse("sheet_appraise", args=["gan", world.c.pk]) not in html


def test_the_progress_adds_up(client: Client, world: w.World) -> None:
    many(world, 3, state=State.VERIFIED)
    many(world, 2, unit=world.b)
    many(world, 1, unit=world.b, state=State.REJECTED)
    assert reverse("unit_progress", args=["gan"]) in page(client, world.thu, "season_home", "gan")
    seen = words(page(client, world.thu, "unit_progress", "gan"))
    assert "Đơn vị A 3 0 0 0 100%" in seen
    assert "Đơn vị B 0 2 0 1 33%" in seen
    assert "Đơn vị C 0 0 0 0 Chưa gửi" in seen
    assert "Cả cụm 3 2 0 1 66%" in seen


def test_the_progress_is_fetched_alone(client: Client, world: w.World) -> None:
    """The desk fetches the table after itself; without a script its link opens the page."""
    many(world, 3, state=State.VERIFIED)
    client.force_login(world.thu)
    address = reverse("unit_progress", args=["gan"])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Đơn vị A" in part
    assert "<main" not in part


@pytest.mark.parametrize("who", ["an", "lan", "quang"])
def test_the_progress_of_the_queue_is_the_secretarys(
    client: Client, world: w.World, who: str
) -> None:
    client.force_login(getattr(world, who))
    assert client.get(reverse("unit_progress", args=["gan"])).status_code == 403


def test_a_year_told_of_the_whole_cluster_lists_no_unit(client: Client, world: w.World) -> None:
    """Real units get no invented faults: not even a zero."""
    source = Source.objects.create(season=world.season, code="T01", quote="…")
    many(world, 2, unit=None, source=source, state=State.VERIFIED)
    for who, name in ((world.thu, "unit_progress"), (world.lan, "season_overview")):
        seen = words(page(client, who, name, "gan"))
        assert "ghi chung cho cả cụm" in seen
        assert "Chưa gửi" not in seen


# The year


def test_a_leader_lands_on_the_year(client: Client, world: w.World) -> None:
    appraised(world)
    nominate(season=world.season, unit=world.a, award=world.flag, merit="Dẫn đầu", by=world.thu)
    Target.objects.create(
        pledge=world.pledge, order=9, group=TargetGroup.POLITICAL, text="Sáng kiến", measure="cái",
        planned=Decimal(8),
    )  # fmt: skip
    seen = words(page(client, world.lan, "season_home", "gan"))
    assert f"Năm {w.YEAR} của Cụm thi đua số 1" in seen
    assert "Đề nghị: 1 Cờ thi đua mẫu." in seen
    assert "Đã thẩm định điểm 1 trên 3 đơn vị." in seen
    assert "Cần chú ý: Sáng kiến đạt 0% chỉ tiêu." in seen
    assert "Tổng điểm" in seen
    assert "Lập báo cáo tổng kết" in seen


def test_a_chart_has_its_numbers_as_a_table(client: Client, world: w.World) -> None:
    appraised(world)
    html = page(client, world.lan, "season_overview", "gan")
    assert 'role="img" aria-label="Tổng điểm. Đơn vị A 62,00 điểm."' in html
    assert re.search(r"Bảng số liệu Tổng điểm Đơn vị Điểm Đơn vị A 62,00", words(html))


def test_a_year_without_figures_shows_none(client: Client, world: w.World) -> None:
    Season.objects.filter(pk=world.season.pk).update(scheme=None)
    world.target.delete()
    seen = words(page(client, world.lan, "season_overview", "gan"))
    for text in (
        "Kỳ này không chấm điểm", "Kỳ này chưa có chỉ tiêu chung", "Chưa có văn bản nào",
        "Chưa đơn vị nào gửi thành tích",
    ):  # fmt: skip
        assert text in seen
    for text in ("Xếp loại", "Đề nghị:", "Cần chú ý", "Tổng điểm", "0 đơn vị"):
        assert text not in seen


def test_units_see_scores_when_the_season_says_so(client: Client, world: w.World) -> None:
    appraised(world)
    assert "Tổng điểm" in page(client, world.binh, "season_overview", "gan")
    Phase.objects.update(see_standings=False)
    seen = words(page(client, world.binh, "season_overview", "gan"))
    assert "Tổng điểm" not in seen
    assert "Xếp loại" not in seen
    assert "62,00" not in seen
    assert "hiện ở đây khi cụm công bố" in seen
    for who in (world.thu, world.lan, world.quang):
        assert "Tổng điểm" in page(client, who, "season_overview", "gan")


def test_units_see_no_work_of_other_units(client: Client, world: w.World) -> None:
    many(world, 2)
    assert "Tiến độ theo đơn vị" not in page(client, world.binh, "season_overview", "gan")
    assert "Tiến độ theo đơn vị" in page(client, world.lan, "season_overview", "gan")


def test_a_draft_nomination_is_not_told(client: Client, world: w.World) -> None:
    world.season.nominations.create(unit=world.a, award=world.flag)
    assert "Đề nghị:" not in words(page(client, world.lan, "season_overview", "gan"))


def test_a_nomination_without_a_unit_has_no_number(client: Client, world: w.World) -> None:
    source = Source.objects.create(season=world.season, code="T01", quote="…")
    world.season.nominations.create(award=world.flag, source=source, state="proposed")
    assert "Đề nghị: Cờ thi đua mẫu." in words(page(client, world.lan, "season_overview", "gan"))


def test_the_button_becomes_progress_and_then_the_file(client: Client, world: w.World) -> None:
    ask = reverse("document_request", args=["gan"])
    assert ask in page(client, world.lan, "season_overview", "gan")
    assert ask not in page(client, world.an, "season_overview", "gan")
    row = Document.objects.create(
        season=world.season, kind="final_report", number=2, title="B", requested_at=NOW, percent=40
    )
    html = page(client, world.lan, "season_overview", "gan")
    assert ask not in html
    assert "Đang lập báo cáo: 40%" in html
    row.delete()
    ready(world.season)
    html = page(client, world.lan, "season_overview", "gan")
    assert ask in html
    assert reverse("document_download", args=["gan", 1]) in html


def test_each_showing_of_the_button_has_a_key_of_its_own(client: Client, world: w.World) -> None:
    keys = {
        re.findall(r'name="key" value="([0-9a-f-]{36})"', page(client, world.lan, name, "gan"))[0]
        for name in ("season_overview", "season_overview", "document_list")
    }
    assert len(keys) == 3


# What it costs


def cost(client: Client, address: str) -> int:
    """Return the number of queries of a page for whoever is signed in."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("who", "name", "query"),
    [
        ("an", "season_home", ""),
        ("thu", "season_home", ""),
        ("thu", "season_home", "?muon=1"),
        ("lan", "season_home", ""),
        ("an", "season_overview", ""),
        ("quang", "season_home", ""),
        ("quang", "season_overview", ""),
    ],
)
def test_a_page_costs_the_same_with_one_row_and_with_three_hundred(
    client: Client, world: w.World, who: str, name: str, query: str
) -> None:
    def fill(number: int) -> None:
        for state in (State.SUBMITTED, State.RETURNED, State.DRAFT, State.VERIFIED):
            many(world, number, state=state, submitted_at=NOW - timedelta(days=9))
        for row in Achievement.objects.filter(state=State.RETURNED, reviews=None):
            row.reviews.create(revision=1, decision="returned", reason=REASON, at=NOW)
        base = Target.objects.count()
        Target.objects.bulk_create(
            Target(
                pledge=Pledge.objects.get(), order=base + i, group=TargetGroup.POLITICAL,
                text="C", measure="m", planned=1,
            )
            for i in range(number)
        )  # fmt: skip
        first = Document.objects.count()
        for i in range(min(number, 20)):
            ready(world.season, first + i + 1)

    appraised(world)
    fill(1)
    page(client, getattr(world, who), name, "gan")
    address = reverse(name, args=["gan"]) + query
    one = cost(client, address)
    fill(300)
    assert cost(client, address) == one
    assert one <= 30


def test_the_choice_costs_the_same_for_many_seasons(client: Client, world: w.World) -> None:
    page(client, world.lan, "season_choice")
    one = cost(client, reverse("season_choice"))
    Season.objects.bulk_create(
        Season(cluster=world.season.cluster, year=1950 + i, slug=f"k-{i}") for i in range(70)
    )
    assert cost(client, reverse("season_choice")) == one
