"""The printed page against Decree 30/2020/NĐ-CP, Annex I (domain.md §5.1), measured in the PDF."""

import re
from dataclasses import replace

import pytest

from reports.content import Column, Paragraph, Row, Section, SummaryReport, Table, row_head
from tests.reports.content_sample import NOTICE, long, usual
from tests.reports.measure import Line, Page, pages, printed, rules, run_of, runs

pytestmark = pytest.mark.once

A4 = (210.0, 297.0)
LEFT, TOP, BOTTOM = 30.0, 20.0, 20.0
TEXT_RIGHT = 195.0  # 210 less the right margin of 15 mm
CENTRE = (LEFT + TEXT_RIGHT) / 2


def paper_of(page: Page) -> tuple[float, float]:
    return round(page.width, 1), round(page.height, 1)


def inner(page: Page) -> list[Line]:
    """Return the lines of the text area: no page number, notice or code in the margin."""
    return [
        line
        for line in page.lines
        if line.bottom > TOP and not line.text.startswith(NOTICE[:20]) and line.right > LEFT
    ]


def number_of(page: Page) -> Line | None:
    """Return what stands in the top margin."""
    return next((line for line in page.lines if line.bottom < TOP), None)


def rule_under(file: bytes, line: Line) -> tuple[float, float, float]:
    """Return the ruled line of page 1 that stands closest below a line of text."""
    below = [r for r in rules(file, 0) if r[0] < line.centre < r[1] and r[2] > line.bottom - 1]
    return min(below, key=lambda rule: rule[2])


def lean(body: tuple[Paragraph, ...], closing: str = "Hết./.") -> SummaryReport:
    """Return a report of nothing but paragraphs, quick to print."""
    return replace(usual(), opening=body, sections=(), closing=Paragraph(closing), annexes=())


@pytest.fixture(scope="module")
def file() -> bytes:
    return printed(usual())


@pytest.fixture(scope="module")
def big() -> bytes:
    return printed(long())


def test_paper_is_a4_and_wide_annexes_lie(file: bytes) -> None:
    papers = [paper_of(page) for page in pages(file)]
    assert papers[-2:] == [A4[::-1]] * 2
    assert papers[:-2] == [A4] * (len(papers) - 2)


@pytest.mark.parametrize("which", [usual, long])
def test_text_stays_inside_the_margins(which: object) -> None:
    for page in pages(printed(which())):  # type: ignore[operator]
        lines = inner(page)
        assert min(line.left for line in lines) == pytest.approx(LEFT, abs=0.1) or all(
            line.left > LEFT for line in lines
        )
        assert max(line.right for line in lines) <= page.width - 15 + 0.3
        assert min(line.top for line in lines) >= TOP
        assert max(line.bottom for line in lines) <= page.height - BOTTOM + 0.1


def test_justified_lines_end_at_the_right_margin(file: bytes) -> None:
    ends = [
        line.right
        for line in inner(pages(file)[0])
        if line.left == pytest.approx(LEFT, abs=0.05) and line.width > 160
    ]
    assert len(ends) >= 6
    assert ends == pytest.approx([TEXT_RIGHT] * len(ends), abs=0.15)


def test_page_numbers_stand_centred_above_and_start_on_page_two(file: bytes) -> None:
    body = pages(file)[:3]
    assert number_of(body[0]) is None
    for count, page in enumerate(body[1:], start=2):
        found = number_of(page)
        assert found is not None
        assert found.text == str(count)
        assert found.centre == pytest.approx(CENTRE, abs=0.2)
        assert (found.top + found.bottom) / 2 == pytest.approx(TOP / 2, abs=1)
        run = run_of(file, count - 1, found.text)
        assert (round(run.size, 1), run.font) == (14.0, "Tinos")


def test_every_annex_counts_its_own_pages(big: bytes) -> None:
    starts = [i for i, page in enumerate(pages(big)) if inner(page)[0].text.startswith("Phụ lục")]
    assert len(starts) == 4
    ends = [*starts[1:], len(pages(big))]
    for start, end in zip(starts, ends, strict=True):
        numbers = [number_of(page) for page in pages(big)[start:end]]
        assert numbers[0] is None
        assert [n and n.text for n in numbers[1:]] == [str(i) for i in range(2, end - start + 1)]
    wide = number_of(pages(big)[starts[3] + 1])
    assert wide is not None
    assert wide.centre == pytest.approx((LEFT + 282) / 2, abs=0.2)


@pytest.mark.parametrize(
    ("text", "size", "font"),
    [
        ("BỘ CÔNG AN", 13, "Tinos"),
        ("CỤM THI ĐUA SỐ 1", 13, "Tinos-Bold"),
        ("CỘNG HÒA", 13, "Tinos-Bold"),
        ("Độc lập", 14, "Tinos-Bold"),
        ("Số:", 13, "Tinos"),
        ("Hà Nội", 14, "Tinos-Italic"),
        ("BÁO CÁO", 14, "Tinos-Bold"),
        ("Tổng kết phong trào", 14, "Tinos-Bold"),
        ("Thực hiện giao ước", 14, "Tinos"),
        ("I. CÔNG TÁC", 14, "Tinos-Bold"),
        ("1. Công tác", 14, "Tinos-Bold"),
        ("a) Nắm", 14, "Tinos"),
    ],
)
def test_type_on_page_one_has_the_sizes_of_the_decree(
    file: bytes, text: str, size: int, font: str
) -> None:
    run = run_of(file, 0, text)
    assert (round(run.size, 1), run.font) == (size, font)


def test_signature_and_recipients_have_the_sizes_of_the_decree(file: bytes) -> None:
    found = {
        start: (round(run.size, 1), run.font)
        for start in ("Nơi nhận:", "- Lãnh đạo", "TM. CỤM", "CỤM TRƯỞNG")
        for run in [run_of(file, 2, start)]
    }
    assert found == {
        "Nơi nhận:": (12, "Tinos-Bold-Italic"),
        "- Lãnh đạo": (11, "Tinos"),
        "TM. CỤM": (14, "Tinos-Bold"),
        "CỤM TRƯỞNG": (14, "Tinos-Bold"),
    }
    page = pages(file)[2]
    name = next(line for line in page.lines if line.text == "…")
    assert name.top - page.find("CỤM TRƯỞNG").bottom == pytest.approx(22, abs=1.5)


def test_line_under_the_motto_is_as_long_as_the_motto(file: bytes) -> None:
    motto = pages(file)[0].find("Độc lập")
    left, right, y = rule_under(file, motto)
    assert right - left == pytest.approx(motto.width, abs=0.2)
    assert left == pytest.approx(motto.left, abs=0.1)
    assert motto.bottom - 0.5 < y < motto.bottom + 2


@pytest.mark.parametrize("start", ["CỤM THI ĐUA SỐ 1", "và phương hướng, nhiệm vụ năm 2018"])
def test_line_under_agency_and_abstract_is_a_third_to_a_half(file: bytes, start: str) -> None:
    text = pages(file)[0].find(start)
    left, right, y = rule_under(file, text)
    assert 1 / 3 <= (right - left) / text.width <= 1 / 2
    assert (left + right) / 2 == pytest.approx(text.centre, abs=0.3)
    assert text.bottom - 0.5 < y < text.bottom + 2


def test_head_stands_in_two_columns_on_the_same_rows(file: bytes) -> None:
    page = pages(file)[0]
    agency, nation = page.find("BỘ CÔNG AN"), page.find("CỘNG HÒA")
    motto, title = page.find("Độc lập"), page.find("BÁO CÁO")
    assert nation.centre == pytest.approx(motto.centre, abs=0.2)
    assert agency.centre == pytest.approx(page.find("CỤM THI").centre, abs=0.2)
    assert agency.centre < CENTRE < nation.centre
    assert run_of(file, 0, "Số:").base == pytest.approx(run_of(file, 0, "Hà Nội").base, abs=0.05)
    assert title.centre == pytest.approx(CENTRE, abs=0.2)


def test_paragraphs_are_indented_and_apart(file: bytes) -> None:
    page = pages(file)[0]
    first, second = page.find("Thực hiện giao ước"), page.find("phát động phong trào")
    assert first.left == pytest.approx(LEFT + 12.7, abs=0.1)
    bases = sorted({round(r.base, 2) for r in runs(file, 0) if round(r.size, 1) == 14})
    pitch = (second.bottom - first.bottom) / 0.3528
    assert 14 <= pitch <= 21  # single to one and a half
    heading = run_of(file, 0, "1. Công tác").base
    below = min(base for base in bases if base > heading + 0.1)
    assert (below - heading) / 0.3528 - pitch == pytest.approx(6, abs=0.1)


def test_head_of_a_long_table_is_repeated_on_every_page(big: bytes) -> None:
    held = [page for page in pages(big) if "Phối hợp với các" in page.text]
    assert len(held) >= 5
    for page in held:
        assert "Hoạt động" in page.text
        assert "(triệu đồng)" in page.text
        assert page.find("STT").top < page.find("Phối hợp").top


def test_rows_of_one_unit_stay_on_one_page(big: bytes) -> None:
    for page in pages(big):
        assert page.text.count("Tự chấm") == page.text.count("Thẩm định")


@pytest.mark.parametrize("lines", range(4))
def test_kept_row_stays_on_the_page_of_the_next(lines: int) -> None:
    rows = tuple(
        Row((row_head(f"{i}{half}"),), keep=half == "a") for i in range(60) for half in "ab"
    )
    table = Table("cap", (Column("Mã", 100),), rows)
    opening = tuple(Paragraph("Dòng.") for _ in range(lines))
    report = replace(lean(opening), sections=(Section("I.", "A", (table,)),))
    seen = 0
    for page in pages(printed(report)):
        halves = [line.text[-1] for line in page.lines if re.fullmatch(r"\d+[ab]", line.text)]
        assert halves.count("a") == halves.count("b")
        seen += len(halves)
    assert seen == 120


def test_row_of_several_lines_is_not_split() -> None:
    rows = tuple(Row((row_head(f"Đầu{i} " + "chữ " * 120 + f"cuối{i}"),)) for i in range(12))
    table = Table("cao", (Column("Mã", 100),), rows)
    report = replace(lean(()), sections=(Section("I.", "A", (table,)),))
    for page in pages(printed(report)):
        assert page.text.count("Đầu") == page.text.count("cuối")


def test_notice_stands_at_the_foot_of_every_page(big: bytes) -> None:
    for page in pages(big):
        notice = page.find(NOTICE[:20])
        assert notice.text == NOTICE
        assert (notice.top + notice.bottom) / 2 == pytest.approx(page.height - BOTTOM / 2, abs=0.5)


@pytest.mark.parametrize("closing", ["Hết./.", "Đề nghị các đơn vị xem xét, thực hiện. " * 12])
@pytest.mark.parametrize("length", range(21, 30))
def test_signature_is_never_split_and_never_alone(closing: str, length: int) -> None:
    body = tuple(Paragraph(f"Đoạn {i}. " + "Nội dung của báo cáo. " * 4) for i in range(length))
    found = pages(printed(lean(body, closing)))
    page = next(page for page in found if "Nơi nhận:" in page.text)
    assert "TM. CỤM" in page.text
    assert "CỤM TRƯỞNG" in page.text
    assert any(line.text == "…" and line.left > CENTRE for line in page.lines)
    foot = page.find("Nơi nhận:").top
    assert len([line for line in inner(page) if line.bottom < foot + 1]) >= 2


def test_scores_never_leave_their_signatures_alone(big: bytes) -> None:
    last = pages(big)[-1]
    assert "NGƯỜI LẬP BẢNG" in last.text
    assert "Thẩm định" in last.text
