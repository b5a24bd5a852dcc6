"""The summary report of a year of work: its numbers are those of the rows, in any state of them."""

import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

import page as validator
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from awards.models import Conference, ConferenceState, Nomination, Remark
from clusters.models import Cluster, Unit
from emulation import standings
from emulation.models import (
    Achievement,
    Adoption,
    AdvancedModel,
    Assessment,
    AssessmentKind,
    Category,
    CommunityActivity,
    Launch,
    Season,
    State,
    Target,
)
from emulation.scoring import Kind
from reports import pdf
from reports.content import (
    ZONE,
    BulletList,
    Figure,
    Paragraph,
    Section,
    SummaryReport,
    Table,
    to_json,
)
from reports.sample.cluster_2026 import ILLUSTRATION, SLUG
from reports.summary import facts as reading
from reports.summary import score_table, summary_report, tables, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
CREATED = datetime(2026, 11, 23, 8, tzinfo=ZONE)


def season() -> Season:
    return Season.objects.get(slug=SLUG)


def made(of: Season | None = None, created: datetime = CREATED) -> SummaryReport:
    return summary_report(of or season(), created=created)


def sections(report: SummaryReport) -> Iterator[tuple[str, Section]]:
    """Yield every section with its place: "II.1.a"."""

    def walk(section: Section, above: str) -> Iterator[tuple[str, Section]]:
        place = above + section.number.rstrip(".)")
        yield place, section
        for inner in section.sections:
            yield from walk(inner, f"{place}.")

    for section in report.sections:
        yield from walk(section, "")


def said(report: SummaryReport, place: str) -> str:
    """Return the running text under a heading."""
    section = dict(sections(report))[place]
    found = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    found += [item for b in section.blocks if isinstance(b, BulletList) for item in b.items]
    return " ".join(found)


def table(report: SummaryReport, anchor: str) -> list[tuple[str, ...]]:
    """Return the printed cells of a table."""
    found = next(b for b in report.blocks if isinstance(b, Table) and b.anchor == anchor)
    return [tuple(cell.text for cell in row.cells) for row in found.rows]


def bare(cluster: Cluster | None = None) -> Season:
    """Return a season without a single row."""
    cluster = cluster or Cluster.objects.create(
        level="Bộ trống", block="Khối trống", number=1, name="Cụm thi đua trống", code="CTĐ0",
        year_from=2026,
    )  # fmt: skip
    return Season.objects.create(cluster=cluster, year=2026, slug="trong")


def test_order_is_that_of_the_standings() -> None:
    lines = [line for line in standings.for_season(season()) if line.rank]
    report = made()
    expected = tuple((line.rank, line.unit.code, line.verified.total) for line in lines)
    assert dict(report.figures)["standings"] == expected
    assert len(expected) == 5
    ranks = table(report, "bang-5")
    assert [(row[0], row[1]) for row in ranks[:5]] == [
        (str(line.rank), str(line.unit)) for line in lines
    ]
    assert ranks[0][2:] == ("94,50", "Xuất sắc")
    assert [row[0] for row in ranks[5:]] == ["–", "–"]
    chart = next(block for block in report.blocks if isinstance(block, Figure)).chart
    assert [bar.value for bar in chart.bars] == [line.verified.total for line in lines]


def test_tie_is_explained() -> None:
    found = next(b for b in made().blocks if isinstance(b, Table) and b.anchor == "bang-5")
    assert "Đơn vị mẫu D, Đơn vị mẫu B: xếp theo điểm nhóm A" in found.note


def test_targets_are_those_of_the_pledge() -> None:
    rows = standings.targets(season())
    report = made()
    assert dict(report.figures)["targets"] == tuple(
        (row.target.text, row.target.measure, row.target.planned, Decimal(row.reached))
        for row in rows
    )
    printed = table(report, "bang-chi-tieu")
    assert len(printed) == 12
    assert printed[0] == (
        "1", "Báo cáo tham mưu gửi lãnh đạo Bộ đúng hạn", "báo cáo", "73", "68", "93,2", "Chưa đạt",
    )  # fmt: skip
    assert printed[2][3:] == ("40", "42", "105,0", "Vượt")
    assert printed[3][3:] == ("21", "21", "100,0", "Đạt")
    # Fewer is better: no share of nothing.
    assert printed[6][3:] == ("0", "0", "–", "Đạt")


def test_only_what_was_verified_is_told() -> None:
    rows = season().achievements
    report = made()
    figures = dict(report.figures)
    assert figures["achievements"] == rows.filter(state=State.VERIFIED).count()
    text = " ".join(said(report, place) for place, _section in sections(report))
    for row in rows.exclude(state=State.VERIFIED):
        if not rows.filter(state=State.VERIFIED, title=row.title).exists():
            assert row.title[1:] not in text, row
    assert "Đơn vị mẫu A: tham mưu 6 báo cáo tháng, quý đúng hạn trong quý I; phối hợp" in text


def test_community_adds_up() -> None:
    report = made()
    rows = CommunityActivity.objects.filter(
        achievement__season=season(), achievement__state=State.VERIFIED
    )
    totals = {
        name: sum(getattr(row, name) or 0 for row in rows)
        for name in ("sessions", "participants", "families", "gifts", "value", "pupils")
    }
    assert dict(dict(report.figures)["community"]) == totals  # type: ignore[arg-type]
    printed = table(report, "bang-4")
    assert printed[-1][1:] == ("Tổng cộng", "27", "3.896", "180", "307", "157.100.000", "127")
    # Nobody counted the pupils of unit A: that is no zero.
    assert printed[0] == ("1", "Đơn vị mẫu A", "–", "–", "60", "60", "48.000.000", "–")
    assert "tặng 307 suất quà trị giá 157.100.000 đồng" in said(report, "II.3")


def test_launches_name_who_is_missing() -> None:
    report = made()
    assert [row[1] for row in table(report, "bang-1")] == [f"Đơn vị mẫu {c}" for c in "ABCDEF"]
    drives = table(report, "bang-2")
    assert [row[0] for row in drives] == ["1", "2", "3"]
    assert drives[1] == (
        "2", "Đợt thi đua chào mừng 81 năm Ngày truyền thống", "01/06/2026", "19/08/2026", "6/7"
    )  # fmt: skip
    text = said(report, "I.2")
    assert "Ngày 27 tháng 02 năm 2026, tại Hội trường Đơn vị mẫu A" in text
    assert "Có 6/7 đơn vị đã phát động" in text
    assert "Chưa ghi nhận việc phát động của Đơn vị mẫu G." in text


def test_head_closing_and_signature() -> None:
    report = made()
    assert report.head.date_text == "Hà Nội, ngày … tháng … năm 2026"
    assert report.opening[0].text == "(Số liệu tính đến ngày 23/11/2026)"
    assert report.signature.posts == ("TM. CỤM THI ĐUA MẪU", "CỤM TRƯỞNG")
    assert report.signature.name == "Đại tá Nguyễn Văn A"
    assert report.closing.text.endswith("năm 2027 của Cụm thi đua mẫu./.")
    assert report.notice == ILLUSTRATION


def test_day_of_the_figures_is_never_after_the_report() -> None:
    later = made(created=datetime(2027, 1, 5, 8, tzinfo=ZONE))
    assert later.opening[0].text == "(Số liệu tính đến ngày 14/12/2026)"
    Season.objects.filter(slug=SLUG).update(counted_to=None)
    assert "Số liệu tính đến" not in made().opening[0].text


def test_unsent_scores_are_the_unit_s_own() -> None:
    rows = table(made(), "bang-diem")
    assert rows[10][1] == "Đơn vị mẫu F"
    assert rows[10][3:7] == ("15,00", "15,00", "8,00", "6,50")
    assert rows[12][1] == "Đơn vị mẫu G"
    assert set(rows[12][3:22]) == {"–"}


def test_scores_of_a_long_scheme_are_shown_by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = season().scheme
    assert scheme
    criteria = list(scheme.criteria.order_by("order"))
    leaves = len([row for row in criteria if row.kind != Kind.GROUP.value])
    monkeypatch.setattr(score_table, "MOST_COLUMNS", leaves)
    assert len(score_table.columns(criteria)) == leaves
    monkeypatch.setattr(score_table, "MOST_COLUMNS", leaves - 1)
    shown = score_table.columns(criteria)
    assert [row.code for row in shown] == ["A", "B", "C", "D", "E"]
    rows = table(made(), "bang-diem")
    assert rows[1] == ("Thẩm định", "53,50", "17,00", "17,00", "7,00", "0,00", "94,50")


def test_conference_of_a_year_of_work_is_told() -> None:
    unit = Unit.objects.get(code="DV03")
    conference = Conference.objects.create(
        season=season(), held_on=date(2026, 12, 5), place="Hội trường A", chair="Lương Văn U",
        chair_rank="Đại tá", chair_position="Lãnh đạo phụ trách", secretary="Trịnh Thị T",
        conclusion="Hoan nghênh kết quả.\nNăm 2027 cần làm sớm hơn.",
        state=ConferenceState.CONCLUDED,
    )  # fmt: skip
    for kind, text in (
        (Remark.Kind.DISCUSSION, "Nhất trí với báo cáo"),
        (Remark.Kind.ADDITION, "Bổ sung 2 buổi phổ biến pháp luật."),
        (Remark.Kind.REVIEW, "Đề nghị suy tôn Đơn vị mẫu C"),
        (Remark.Kind.CALL, "Quyết tâm hoàn thành nhiệm vụ năm 2027"),
    ):
        Remark.objects.create(conference=conference, kind=kind, unit=unit, text=text)
    report = made()
    assert report.head.date_text == "Hà Nội, ngày 05 tháng 12 năm 2026"
    assert report.annexes[0].signatures[1].name == "Trịnh Thị T"
    text = said(report, "I.3")
    assert "ngày 05 tháng 12 năm 2026, tại Hội trường A, do Đại tá Lương Văn U, Lãnh đạo" in text
    assert "có 2 ý kiến phát biểu, trong đó bổ sung 1 kết quả:" in text
    assert "Đơn vị mẫu C: bổ sung 2 buổi phổ biến pháp luật." in text
    assert "Đơn vị mẫu C: đề nghị suy tôn Đơn vị mẫu C." in said(report, "IV.2")
    assert "Quyết tâm hoàn thành nhiệm vụ năm 2027." in said(report, "V.1")
    assert said(report, "V.4") == "Hoan nghênh kết quả. Năm 2027 cần làm sớm hơn."
    assert "Phát biểu kết luận Hội nghị: Đại tá Lương Văn U, Lãnh đạo phụ trách./." in (
        report.closing.text
    )


def test_missed_targets_stand_in_for_unwritten_shortcomings() -> None:
    Assessment.objects.filter(season=season(), kind=AssessmentKind.SHORTCOMING).delete()
    text = said(made(), "III.2")
    assert text.startswith("Còn 8/12 chỉ tiêu giao ước chưa đạt: báo cáo tham mưu gửi")
    Assessment.objects.create(
        season=season(), kind=AssessmentKind.SHORTCOMING, text="còn chậm", order=1
    )
    assert said(made(), "III.2") == "Còn chậm."


def test_year_without_rows_says_so() -> None:
    report = made(bare())
    places = dict(sections(report))
    for place in ("II.1.a", "II.1.b", "II.1.c", "II.2", "II.3", "II.4", "II.5", "IV.1", "IV.2"):
        assert said(report, place) == words.NO_FIGURES, place
    for place in ("I.1", "I.2", "I.3", "III.1", "III.2", "III.3", "III.4", "V.1", "V.2", "V.3"):
        assert said(report, place) == words.NO_TEXT, place
    assert "II.1.d" not in places
    assert not [block for block in report.blocks if isinstance(block, Table | Figure)]
    assert report.annexes == ()
    assert report.notice == ""
    assert re.findall(r"\d+", report.opening[0].text) == ["2027"]
    assert pdf.render_html(report)


def test_withdrawn_nominations_are_not_asked_for() -> None:
    Nomination.objects.filter(season=season(), award__code="MIN_FLAG").update(
        state="withdrawn", withdrawn_reason="thay đơn vị khác"
    )
    report = made()
    assert dict(report.figures)["nominations"] == (("GOV_FLAG", "DV03"),)
    assert "Cờ thi đua của Bộ Công an" not in said(report, "V.3")


def test_many_results_of_a_unit_are_counted() -> None:
    unit = Unit.objects.get(code="DV03")
    grow(season(), unit, 9)
    text = said(made(), "II.1.a")
    assert re.search(r"Đơn vị mẫu C: [^.]*; và 4 kết quả khác;", text)


def grow(of: Season, unit: Unit, number: int) -> None:
    """Add verified achievements."""
    Achievement.objects.bulk_create(
        Achievement(
            season=of, unit=unit, number=1000 + n, entry_key=uuid4(), category=Category.ADVISORY,
            title=f"Báo cáo {n}", state=State.VERIFIED, revision=1, submitted_at=CREATED,
            started_on=date(2026, 11, 2),
        )
        for n in range(number)
    )  # fmt: skip


def test_queries_do_not_grow_with_the_season() -> None:
    with CaptureQueriesContext(connection) as few:
        made()
    grow(season(), Unit.objects.get(code="DV01"), 300)
    last = Unit.objects.get(code="DV07")
    Launch.objects.create(season=season(), unit=last, slogan="x", launched_on=date(2026, 3, 1))
    Target.objects.bulk_create(
        Target(
            pledge=season().pledge, order=100 + n, group="political", text=f"Chỉ tiêu {n}",
            measure="việc", planned=1,
        )
        for n in range(50)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        made()
    assert len(few) == len(many) <= 30


def test_report_is_vietnamese_whoever_asks() -> None:
    with translation.override("en"):
        report = made()
        html = pdf.render_html(report)
    assert to_json(report) == to_json(made())
    assert "Đã ban hành" in html
    assert "Xuất sắc" in html


def test_what_people_typed_stays_text() -> None:
    row = season().achievements.filter(state=State.VERIFIED, category=Category.ADVISORY).first()
    assert row
    row.title = "<script>alert(1)</script> & <img src=x>"
    row.save()
    html = pdf.render_html(made())
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;img src=x&gt;" in html
    assert "<script" not in html


def test_file_is_valid_and_says_on_every_page_that_it_is_made_up() -> None:
    file, number = pdf.make(made())
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    assert len(pages) == number
    for page in pages:
        text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", page.extract_text()))
        assert ILLUSTRATION in text
    for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1):
        assert validator.validate_pdf_bytes(file, profile=profile).failures == []


def test_annexes_follow_each_other() -> None:
    report = made()
    assert [(annex.number, annex.wide) for annex in report.annexes] == [
        ("I", True), ("II", False), ("III", True), ("IV", False),
    ]  # fmt: skip
    assert table(report, "danh-sach-de-nghi")[0][1] == "Đơn vị mẫu C (Pháp chế giả định)"
    assert "Mô hình mới (đã nhân rộng)" in [row[2] for row in table(report, "danh-muc-dien-hinh")]


def test_a_model_that_others_apply_has_spread() -> None:
    """The unit of the first model never said so: another unit applies it."""
    of = season()
    model = AdvancedModel.objects.get(name="Nhóm nghiên cứu trẻ, Đơn vị mẫu D")
    kinds = {row[1]: row[2] for row in table(made(of), "danh-muc-dien-hinh")}
    assert kinds[model.name] == "Tập thể điển hình"
    Adoption.objects.create(
        model=model, season=of, unit=of.units()[0], since=CREATED.date(), by=None
    )
    kinds = {row[1]: row[2] for row in table(made(of), "danh-muc-dien-hinh")}
    assert kinds[model.name] == "Tập thể điển hình (đã nhân rộng)"


def test_facts_keep_the_official_order() -> None:
    found = reading.read(season(), on=CREATED.date())
    letters = [row.unit.short_name[-1] for row in found.achievements if row.unit]
    assert letters == sorted(letters)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tham mưu 6 báo cáo", "tham mưu 6 báo cáo"),
        ("Đoàn Thanh niên tổ chức", "Đoàn Thanh niên tổ chức"),
        ("Đưa 4 quy trình", "đưa 4 quy trình"),
        ("UBND xã", "UBND xã"),
        ("“Tận tình”", "“Tận tình”"),
        ("5 buổi", "5 buổi"),
        ("Ở cơ sở", "ở cơ sở"),
        ("Ô", "ô"),
        ("", ""),
    ],
)
def test_first_letter_inside_a_sentence(text: str, expected: str) -> None:
    assert words.lower_first(text) == expected


def test_sentences_and_lists() -> None:
    assert words.sentence(" còn  chậm ") == "Còn chậm."
    assert words.sentence("Đã xong.") == "Đã xong."
    assert words.listed(["Việc một.", "Việc hai;", "Việc ba"], 2) == (
        "việc một; việc hai; và 1 kết quả khác"
    )
    assert words.day_text(None, 2017) == "ngày … tháng … năm 2017"
    assert tables.Numbering().table() == 1
