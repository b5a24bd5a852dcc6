from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership, Unit
from emulation import tally
from emulation.models import (
    Basis,
    Category,
    Criterion,
    CrossScore,
    CrossSheet,
    CrossState,
    Effect,
    Finder,
    Proof,
    Review,
    Score,
    ScoreSheet,
    SheetState,
    Standing,
)
from emulation.services import review as reviews
from emulation.standings import Lane, entrants, scheme_rules
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def done(world: w.World, unit: Unit, **points: str) -> ScoreSheet:
    """A sheet appraised to the end, the unit having given itself all it could."""
    sheet = w.sheet(world, unit=unit)
    for row in sheet.scores.select_related("criterion"):
        row.self_score = Decimal((w.FULL)[row.criterion.code])
        row.verified_score = Decimal((w.FULL | points)[row.criterion.code])
        row.save()
    now = timezone.now()
    ScoreSheet.objects.filter(pk=sheet.pk).update(
        state=SheetState.APPRAISED, submitted_at=now, appraised_at=now
    )
    sheet.refresh_from_db()
    return sheet


def line(sheet: ScoreSheet, code: str) -> Score:
    return sheet.scores.get(criterion__code=code)


def text_of(client: Client, world: w.World, unit: Unit | None = None, query: str = "") -> str:
    where = reverse("sheet_detail", args=[world.season.slug, (unit or world.a).pk])
    response = client.get(where + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def three(world: w.World) -> None:
    """Unit A third: 3 points behind B, 7 behind C."""
    done(world, world.c)
    done(world, world.b, A1="36")
    done(world, world.a, A1="35", A2="18")


def publish(world: w.World) -> Standing:
    criteria = list(world.season.scheme.criteria.all())  # type: ignore[union-attr]
    rules = scheme_rules(world.season.scheme, criteria)  # type: ignore[arg-type]
    rows = entrants(world.season, list(world.season.units()), criteria)[Lane.VERIFIED]
    return Standing.objects.create(
        season=world.season, number=1, inputs=tally.inputs_as_json(rules, rows),
        result=tally.result_as_json(tally.tally(rules, rows)), sha256="0" * 64, by=world.thu,
        at=timezone.now(),
    )  # fmt: skip


# Why third, and what would have made us second


def test_unit_reads_why_it_is_third_and_what_would_have_made_it_second(
    client: Client, world: w.World
) -> None:
    three(world)
    client.force_login(world.an)
    text = text_of(client, world)
    for said in (
        "Vì sao Đơn vị A xếp thứ 3?",
        "55,00 điểm, hạng 3 trong 3 đơn vị đã xếp hạng, xếp loại",
        "Kém hạng 2 (Đơn vị B) 3,00 điểm.",
        "Điều gì đã có thể đưa đơn vị lên thứ 2?",
        "Chỉ cần một trong các tiêu chí sau đạt tối đa:",
        "A1. Tiêu chí A1</a>: còn 5,00 điểm",
        "Cần thêm hơn 3,00 điểm",
        "Mất nhiều nhất ở đâu",
        "Tạm tính: thứ tự còn có thể đổi đến khi công bố.",
    ):
        assert said in text, said
    ways = text.split("Chỉ cần một trong")[1].split("</ul>")[0]
    assert "A2. Tiêu chí A2" not in ways  # its 2 points would not have been enough


def test_first_and_last_know_their_neighbours(client: Client, world: w.World) -> None:
    three(world)
    client.force_login(world.lan)
    text = text_of(client, world, world.c)
    assert "Hơn hạng 2 (Đơn vị B) 4,00 điểm." in text
    assert "Điều gì đã có thể đưa" not in text


def test_tie_names_the_deciding_step(client: Client, world: w.World) -> None:
    done(world, world.b, A1="39", E="0")
    done(world, world.a)
    client.force_login(world.binh)
    text = text_of(client, world, world.b)
    assert "Bằng tổng điểm với hạng 1 (Đơn vị A); phân định: điểm nhóm A." in text


def test_equal_units_share_the_place(client: Client, world: w.World) -> None:
    done(world, world.b)
    done(world, world.a)
    client.force_login(world.an)
    assert "Cùng hạng với Đơn vị B" in text_of(client, world)


def test_published_order_is_read_and_not_what_was_written_since(
    client: Client, world: w.World
) -> None:
    three(world)
    publish(world)
    Score.objects.filter(sheet__unit=world.b).update(verified_score=0)
    client.force_login(world.an)
    text = text_of(client, world)
    assert "Theo bảng xếp hạng công bố lần 1" in text
    assert "Kém hạng 2 (Đơn vị B) 3,00 điểm." in text
    assert "Tạm tính" not in text


def test_place_is_hidden_until_the_standings_open(client: Client, world: w.World) -> None:
    three(world)
    world.phase.see_standings = False
    world.phase.save()
    client.force_login(world.an)
    text = text_of(client, world)
    assert "hạng 3" not in text
    assert "Đơn vị B" not in text
    assert "55,00 điểm thẩm định." in text


# The reasons of one criterion


def test_reasons_stand_beside_each_other(client: Client, world: w.World) -> None:
    three(world)
    sheet = ScoreSheet.objects.get(unit=world.a)
    proof = w.draft(world, title="Báo cáo quý một")
    ScoreSheet.objects.filter(pk=sheet.pk).update(first_at=timezone.now())
    row = line(sheet, "A1")
    row.first_score, row.first_note = Decimal("33.5"), "Thiếu hai báo cáo"
    row.explanation, row.verified_note = "Đã gửi bù một", "Nhận một báo cáo"
    row.verified_basis = Basis.EVIDENCE
    row.save()
    Proof.objects.create(
        score=row, achievement=proof, refusal="Không đúng năm", refused_by=world.thu
    )
    client.force_login(world.an)
    text = text_of(client, world)
    for said in (
        "chấm trực tiếp 35,00 trong khung từ 0 đến 40", "Thẩm định lần 1: Thiếu hai báo cáo",
        "33,50", "Đơn vị giải trình: Đã gửi bù một", "Thẩm định: Nhận một báo cáo",
        "Căn cứ minh chứng đã nêu", "Minh chứng không được chấp nhận:", "Báo cáo quý một",
        "Không đúng năm",
    ):  # fmt: skip
        assert said in text, said
    client.force_login(world.binh)  # the evidence of another unit is not for a member
    assert "Báo cáo quý một" not in text_of(client, world)


def test_rejected_achievements_of_the_category_are_named(client: Client, world: w.World) -> None:
    Criterion.objects.filter(code="A1").update(category=Category.ADVISORY)
    three(world)
    rejected = w.sent(world, title="Báo cáo trùng")
    reviews.review_achievement(
        achievement=rejected, by=world.thu, decision=Review.Decision.REJECTED,
        revision=rejected.revision, reason="Đã tính ở báo cáo khác", notes={},
    )  # fmt: skip
    client.force_login(world.an)
    text = text_of(client, world)
    assert "Thành tích không được công nhận:" in text
    assert "Báo cáo trùng</a> – Đã tính ở báo cáo khác" in text


def test_mean_of_the_cross_scores_is_shown_without_the_scorers(
    client: Client, world: w.World
) -> None:
    three(world)
    sheet = ScoreSheet.objects.get(unit=world.a)
    for unit, points in ((world.b, 30), (world.c, 35)):
        cross = CrossSheet.objects.create(
            sheet=sheet, scored=world.a, scorer=unit, state=CrossState.SUBMITTED,
            submitted_at=timezone.now(),
        )  # fmt: skip
        a1 = Criterion.objects.get(code="A1")
        CrossScore.objects.create(
            cross_sheet=cross, criterion=a1, min_score=0, max_score=40, score=points
        )
    client.force_login(world.an)
    text = text_of(client, world)
    assert "Chấm chéo" in text
    assert "32,50" in text


def test_who_has_yet_to_score_sees_no_verified_score(client: Client, world: w.World) -> None:
    three(world)
    sheet = ScoreSheet.objects.get(unit=world.a)
    CrossSheet.objects.create(sheet=sheet, scored=world.a, scorer=world.b)
    client.force_login(world.binh)
    text = text_of(client, world)
    assert "sau khi đơn vị gửi bảng chấm chéo của mình" in text
    assert "55,00" not in text
    assert "35,00" not in text


def test_blocking_condition_stands_beside_the_place(client: Client, world: w.World) -> None:
    three(world)
    w.block(world)
    w.condition(
        world, effect=Effect.GRADE_DOWN, finder=Finder.OVERRATED, limit=1, basis="Khoản 2",
        source="Quy định", name="Tự chấm cao",
    )  # fmt: skip
    client.force_login(world.an)
    text = text_of(client, world)
    assert "Không đề nghị tặng cờ: Có cán bộ bị kỷ luật cảnh cáo, Điều 28" in text
    assert "Xếp loại đã hạ một bậc vì: Tự chấm cao; điểm và hạng giữ nguyên." in text
    assert "hạng 3" in text


def test_paper_shows_every_part(client: Client, world: w.World) -> None:
    for number in range(8):
        Criterion.objects.create(
            scheme_id=world.season.scheme_id, order=20 + number, code=f"T{number}", name="Thêm",
            kind="QUALITATIVE", max_score=1,
        )  # fmt: skip
    sheet = w.sheet(world)
    now = timezone.now()
    ScoreSheet.objects.filter(pk=sheet.pk).update(state="submitted", submitted_at=now)
    client.force_login(world.an)
    shown = text_of(client, world)
    assert '<details class="sheet mb-3 part" >' in shown
    assert "Trang này để in" in shown
    printed = text_of(client, world, query="?in")
    assert '<details class="sheet mb-3 part" >' not in printed


def cost(client: Client, world: w.World) -> int:
    text_of(client, world)
    with CaptureQueriesContext(connection) as queries:
        text_of(client, world)
    return len(queries)


def test_page_costs_the_same_with_many_units_criteria_and_proofs(
    client: Client, world: w.World
) -> None:
    w.block(world)
    w.condition(world, finder=Finder.UNREPORTED)
    Criterion.objects.filter(code="A1").update(category=Category.ADVISORY)
    three(world)
    sheet = ScoreSheet.objects.get(unit=world.a)
    Proof.objects.create(score=line(sheet, "A1"), achievement=w.draft(world))
    client.force_login(world.an)
    before = cost(client, world)
    for number in range(150):
        Criterion.objects.create(
            scheme_id=world.season.scheme_id, order=20 + number, code=f"T{number}", name="Thêm",
            kind="QUALITATIVE", max_score=1, category=Category.ADVISORY,
        )  # fmt: skip
    extra = list(Criterion.objects.filter(code__startswith="T"))
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion=row, min_score=0, max_score=1, self_score=1, verified_score=0)
        for row in extra
    )
    proof = w.draft(world)
    Proof.objects.bulk_create(Proof(score=row, achievement=proof) for row in sheet.scores.all())
    for number in range(10):
        unit = w.unit(f"U{number}", f"Đơn vị số {number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        made = w.sheet(world, unit=unit)
        ScoreSheet.objects.filter(pk=made.pk).update(
            state=SheetState.APPRAISED, submitted_at=timezone.now()
        )
    assert cost(client, world) == before
