"""Charts: what they show, what they say in words, and what no data can do to them."""

import re
import time
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from reports.charts import bar_chart, shorten, stacked_bars
from reports.content import Bar, Chart, Stack, StackedChart
from tests.reports.content_sample import HOSTILE, UNITS, chart

pytestmark = pytest.mark.once

SVG = "{http://www.w3.org/2000/svg}"
STACKED = StackedChart(
    "Cơ cấu điểm ba nhóm",
    parts=("Nhóm A", "Nhóm B", "Nhóm C"),
    stacks=tuple(Stack(unit, (Decimal("55.5"), Decimal(18), Decimal(20))) for unit in UNITS),
    places=2,
)


def read(svg: str) -> ElementTree.Element:
    """Return the drawing as XML, which it has to be to stand in a page and in a PDF."""
    return ElementTree.fromstring(svg.replace(f'xmlns="{SVG[1:-1]}" ', ""))


def bars(svg: str) -> list[tuple[float, float]]:
    """Return start and length of every bar."""
    return [
        (float(rect.get("x", "")), float(rect.get("width", ""))) for rect in read(svg).iter("rect")
    ]


def drawn(*values: object, for_print: bool = True, **more: object) -> str:
    labelled = tuple(Bar(f"Đơn vị {i}", value) for i, value in enumerate(values))  # type: ignore[arg-type]
    return bar_chart(Chart("Điểm", labelled, **more), for_print=for_print)  # type: ignore[arg-type]


@pytest.mark.parametrize("for_print", [True, False])
def test_lengths_are_proportional_from_zero(for_print: bool) -> None:
    found = bars(drawn(100, Decimal(50), 25, for_print=for_print))
    assert len({start for start, _ in found}) == 1
    longest = found[0][1]
    assert [length / longest for _, length in found] == pytest.approx([1, 0.5, 0.25], abs=0.01)


@pytest.mark.parametrize("for_print", [True, False])
def test_nothing_leaves_the_frame(for_print: bool) -> None:
    width = 600 if for_print else 400
    for values in ([103, 99], [-5, -1], [-3, 4], [0, 0], [10**12, 1], [Decimal("0.01"), 0]):
        for start, length in bars(drawn(*values, for_print=for_print)):
            assert start >= 0
            assert start + length <= width


def test_numbers_stand_beside_the_bars_as_vietnamese_write_them() -> None:
    texts = [text.text for text in read(drawn(1234, Decimal("-0.5"))).iter("text")]
    assert texts == ["Đơn vị 0", "Đơn vị 1", "1.234,00", "−0,50"]


def test_negative_bar_lies_left_of_zero_with_its_number_outside() -> None:
    svg = drawn(10, -5)
    (plus, minus), root = bars(svg), read(svg)
    assert minus[0] + minus[1] == pytest.approx(plus[0], abs=0.2)
    number = list(root.iter("text"))[-1]
    assert number.get("text-anchor") == "end"
    assert float(number.get("x", "")) < minus[0]


@pytest.mark.parametrize("for_print", [True, False])
def test_all_values_are_said_in_words(for_print: bool) -> None:
    root = read(bar_chart(chart(), for_print=for_print))
    words = root.findtext("title") if for_print else root.get("aria-label")
    assert words is not None
    assert words.startswith("Biểu đồ cột ngang, dữ liệu minh họa")
    assert "Đơn vị mẫu A 103,25; Đơn vị mẫu B 99,50" in words
    assert words.endswith("Đơn vị mẫu G 79,50 điểm.")
    assert root.get("role") == (None if for_print else "img")


def test_leaders_are_dark_and_others_light() -> None:
    svg = bar_chart(chart(highlight=3), for_print=False)
    groups = {group.get("class"): len(list(group)) for group in read(svg) if group.get("class")}
    assert {name: groups[name] for name in ("c1", "c2")} == {"c1": 3, "c2": 4}
    plain = read(bar_chart(chart(highlight=0), for_print=False))
    assert [group.get("class") for group in plain.iter("g") if group.get("class")] == ["c1"]


@pytest.mark.parametrize("for_print", [True, False])
def test_no_data_is_said(for_print: bool) -> None:
    svg = drawn(for_print=for_print)
    assert "Chưa có số liệu" in "".join(read(svg).itertext())
    assert "nan" not in svg.lower()


def test_value_that_is_not_known_is_no_zero() -> None:
    svg = drawn(None, 5)
    assert [text.text for text in read(svg).iter("text")][2:] == ["…", "5,00"]
    assert "Đơn vị 0 …; Đơn vị 1 5,00" in svg


@pytest.mark.parametrize("for_print", [True, False])
def test_hostile_labels_stay_text(for_print: bool) -> None:
    texts = [text.replace("\x00", "").replace("\x07", "") for text in HOSTILE]
    svg = bar_chart(
        Chart(texts[2], tuple(Bar(text, 1) for text in texts), texts[0]), for_print=for_print
    )
    tags = {element.tag for element in read(svg).iter()}
    assert tags <= {"svg", "g", "rect", "text", "path", "title"}
    assert "<img" not in svg
    assert "<script" not in svg


def test_print_names_its_typeface_and_screen_has_no_style() -> None:
    paper, screen = bar_chart(chart(), for_print=True), bar_chart(chart(), for_print=False)
    for svg in (paper, screen, stacked_bars(STACKED)):
        assert "style=" not in svg
    groups = [group for group in read(paper).iter("g") if group.find("text") is not None]
    assert {group.get("font-family") for group in groups} == {"Tinos"}
    assert "Tinos" not in screen


def test_paper_is_as_wide_as_the_text_allows_and_never_higher_than_a_page() -> None:
    root = read(bar_chart(chart(), for_print=True))
    assert root.get("width") == "150mm"
    tall = read(drawn(*range(100)))
    assert float(tall.get("height", "").removesuffix("mm")) <= 225


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Văn phòng Bộ", ("Văn phòng Bộ",)),
        ("Viện Chiến lược và Khoa học Công an", ("Viện Chiến lược và", "Khoa học Công an")),
        (
            "Cục Xây dựng phong trào Toàn dân bảo vệ ANTQ",
            ("Cục Xây dựng phong", "trào Toàn dân bảo…"),
        ),
        ("w" * 100, ("w" * 19 + "…",)),
        ("A " + "W" * 100, ("A", "W" * 12 + "…")),
        ("", ("",)),
    ],
)
def test_long_labels_take_two_lines_or_end_in_dots(label: str, lines: tuple[str, ...]) -> None:
    assert shorten(label, 20) == lines


def test_endless_label_costs_nothing() -> None:
    start = time.perf_counter()
    shorten("w" * 1_000_000, 20)
    assert time.perf_counter() - start < 0.1


def test_shortened_label_is_whole_in_the_tip() -> None:
    name = "Cục Xây dựng phong trào Toàn dân bảo vệ an ninh Tổ quốc và nhiều việc khác"
    svg = bar_chart(Chart("Điểm", (Bar(name, 1),)), for_print=False)
    assert {tip.text for tip in read(svg).iter("title")} == {name}


def test_stacked_bars_share_a_scale_and_show_totals() -> None:
    svg = stacked_bars(STACKED)
    root = read(svg)
    texts = [text.text for text in root.iter("text")]
    assert texts[:3] == ["Nhóm A", "Nhóm B", "Nhóm C"]
    assert texts[-1] == "93,50"
    assert "Đơn vị mẫu A 93,50 (Nhóm A 55,50, Nhóm B 18,00, Nhóm C 20,00)" in str(
        root.get("aria-label")
    )
    lengths = [length for _, length in bars(svg)][3::7]  # the key comes first
    assert lengths[0] / lengths[1] == pytest.approx(55.5 / 18, rel=0.02)
    for start, length in bars(svg):
        assert start + length <= 400 - 60


def test_stacked_bars_refuse_what_is_no_part_of_a_total() -> None:
    with pytest.raises(ValueError, match="below zero"):
        stacked_bars(replace(STACKED, stacks=(Stack("A", (-1, 2, 3)),)))
    with pytest.raises(ValueError, match="three parts"):
        stacked_bars(replace(STACKED, parts=("a", "b", "c", "d")))


def test_empty_stacks_are_drawn() -> None:
    assert "Chưa có số liệu" in stacked_bars(replace(STACKED, stacks=()))
    zero = stacked_bars(replace(STACKED, stacks=(Stack("A", (0, 0, 0)),)))
    assert [length for _, length in bars(zero)][3:] == [0, 0, 0]


@pytest.mark.parametrize(
    "svg",
    [
        bar_chart(chart(), for_print=True),
        bar_chart(chart(), for_print=False),
        stacked_bars(STACKED),
    ],
    ids=["paper", "screen", "stacked"],
)
def test_chart_is_small(svg: str) -> None:
    assert len(svg.encode()) <= 5000
    assert not re.search(r"\d\.\d\d", svg.partition("viewBox")[2].partition("<title>")[0])


def test_chart_is_quick() -> None:
    best = min(_seconds() for _ in range(5))
    assert best <= 0.005


def _seconds() -> float:
    start = time.perf_counter()
    bar_chart(chart(), for_print=True)
    return time.perf_counter() - start
