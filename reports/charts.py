"""Bar charts as SVG text: pure functions of their data, the same drawing for screen and paper.

Rules (design.md §4.17): bars from zero, numbers written beside them, at most three parts, no
colour as the only key. The screen takes its colours from the classes of `.chart` in the style
sheet and its words from `aria-label`; paper has fixed greys, Tinos and a `<title>`, which
WeasyPrint makes the alternative text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusters.vietnamese import format_number
from reports.content import UNKNOWN, Chart, StackedChart


@dataclass(frozen=True)
class Frame:
    """The measures of a chart in its own units, and the attributes that paint it."""

    width: int
    step: int  # from bar to bar while every label has one line
    bar: int
    letter: float  # width of a letter, on the safe side
    widest: int  # the labels take at most this
    number: int  # room for the numbers
    fills: tuple[SafeString, SafeString, SafeString]
    text: SafeString
    axis: SafeString


SCREEN = Frame(
    width=400,
    step=30,
    bar=17,
    letter=8.0,
    widest=176,
    number=64,
    fills=(SafeString('class="c1"'), SafeString('class="c2"'), SafeString('class="c3"')),
    text=SafeString(""),
    axis=SafeString('class="ax"'),
)
PAPER = Frame(
    width=600,
    step=32,
    bar=19,
    letter=7.2,
    widest=220,
    number=76,
    fills=(SafeString('fill="#44546a"'), SafeString('fill="#a6b1c2"'), SafeString('fill="#ddd"')),
    text=SafeString(' font-family="Tinos" font-size="16"'),
    axis=SafeString('stroke="#000" stroke-width=".8"'),
)


@dataclass(frozen=True)
class Plan:
    """Where the labels stand: their lines, the room they take, the top of each bar."""

    lines: tuple[tuple[str, ...], ...]
    left: float
    tops: tuple[int, ...]
    height: int


@dataclass(frozen=True)
class Rect:
    """A piece of a bar and which of the three fills it has."""

    x: float
    y: float
    length: float
    fill: int


def bar_chart(chart: Chart, *, for_print: bool) -> SafeString:
    """Return horizontal bars as one `<svg>` element; any numbers, any labels, also none.

    The first `highlight` bars are dark, the others light; without highlight all are dark.
    """
    frame = PAPER if for_print else SCREEN
    plan = _plan([bar.label for bar in chart.bars], frame, top=7)
    values = [float(bar.value or 0) for bar in chart.bars]
    low, high = min(values, default=0.0), max(values, default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    # On paper the number of a negative bar stands on its left, on the screen in a column.
    margin = frame.number if for_print and low < 0 else 0
    scale = (frame.width - plan.left - margin - frame.number) / (high - low or 1.0)
    zero = plan.left + margin - low * scale
    dark = chart.highlight or len(values)
    rects = [
        Rect(zero + min(v, 0.0) * scale, top, abs(v) * scale, 0 if i < dark else 1)
        for i, (v, top) in enumerate(zip(values, plan.tops, strict=True))
    ]
    numbers = [_number(bar.value, chart.places) for bar in chart.bars]
    drawing = [
        _rects(rects, frame),
        format_html('<path d="M{} 0V{}" {}/>', _n(zero), plan.height, frame.axis),
        _labels([bar.label for bar in chart.bars], plan, frame, for_print=for_print),
        _numbers_at_ends(numbers, rects, values, frame)
        if for_print
        else _numbers_in_column(numbers, plan, frame),
    ]
    labelled = zip((bar.label for bar in chart.bars), numbers, strict=True)
    return _svg(drawing, plan, _words(chart.title, labelled, chart.unit), for_print=for_print)


def stacked_bars(chart: StackedChart) -> SafeString:
    """Return bars of up to three parts for the screen, with a key above and the totals beside.

    Values below zero cannot be part of a total and raise ValueError, as does a fourth part.
    """
    if len(chart.parts) > 3 or any(value < 0 for s in chart.stacks for value in s.values):
        raise ValueError("up to three parts, none below zero")
    plan = _plan([stack.label for stack in chart.stacks], SCREEN, top=33)
    totals = [sum(stack.values, start=Decimal(0)) for stack in chart.stacks]
    room = SCREEN.width - plan.left - SCREEN.number - 2 * len(chart.parts)
    scale = room / float(max(totals, default=0) or 1)
    rects = []
    for stack, top in zip(chart.stacks, plan.tops, strict=True):
        at = plan.left
        for fill, value in enumerate(stack.values):
            rects.append(Rect(at, top, float(value) * scale, fill))
            # A gap of white keeps the parts apart where colours cannot.
            at += float(value) * scale + (1.5 if value else 0)
    numbers = [_number(total, chart.places) for total in totals]
    drawing = [
        _key(chart.parts),
        _rects(rects, SCREEN),
        _labels([stack.label for stack in chart.stacks], plan, SCREEN, for_print=False),
        _numbers_in_column(numbers, plan, SCREEN),
    ]
    labelled = (
        (stack.label, _made_up(stack.values, chart, number))
        for stack, number in zip(chart.stacks, numbers, strict=True)
    )
    return _svg(drawing, plan, _words(chart.title, labelled, chart.unit), for_print=False)


def shorten(label: str, letters: int) -> tuple[str, ...]:
    """Return a label as one line or two of at most so many letters; "…" ends what is cut.

    Capitals count as one and a half.

    >>> shorten("Cục Xây dựng phong trào Toàn dân bảo vệ an ninh Tổ quốc", 20)
    ('Cục Xây dựng phong', 'trào Toàn dân bảo…')
    """
    words = label[: 3 * letters].split()  # more is never shown, however much there is
    first = ""
    while words and _size(f"{first} {words[0]}".strip()) <= letters:
        first = f"{first} {words.pop(0)}".strip()
    if not words:
        return (first,)
    rest = _fit(" ".join(words), letters)
    return (first, rest) if first else (rest,)


def _fit(text: str, letters: int) -> str:
    """Return a text in one line, ended by "…" after a whole word where there is one."""
    if _size(text) <= letters:
        return text
    while _size(text) > letters - 1:
        text = text[:-1]
    return (text.rsplit(" ", 1)[0] if " " in text else text) + "…"


def _size(text: str) -> float:
    """Return the width of a text in letters."""
    return sum(1.55 if letter.isupper() else 1.0 for letter in text)


def _plan(labels: Sequence[str], frame: Frame, *, top: int) -> Plan:
    """Return where everything stands; labels of two lines spread the bars."""
    lines = tuple(shorten(label, int(frame.widest / frame.letter)) for label in labels)
    longest = max((_size(line) for pair in lines for line in pair), default=0)
    step = frame.step + (8 if any(len(pair) > 1 for pair in lines) else 0)
    tops = tuple(top + i * step for i in range(len(lines)))
    bottom = tops[-1] + frame.bar if tops else top
    return Plan(lines, min(frame.widest, longest * frame.letter) + 10, tops, bottom + 7)


def _rects(rects: Sequence[Rect], frame: Frame) -> SafeString:
    """Return the pieces of bars, one group for each fill."""
    return format_html_join(
        "",
        "<g {}>{}</g>",
        (
            (paint, format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', found))
            for fill, paint in enumerate(frame.fills)
            if (
                found := [
                    (_n(rect.x), _n(rect.y), _n(rect.length), frame.bar)
                    for rect in rects
                    if rect.fill == fill
                ]
            )
        ),
    )


def _labels(labels: Sequence[str], plan: Plan, frame: Frame, *, for_print: bool) -> SafeString:
    """Return the labels: to the right on paper, to the left on the screen, whole as a tip."""
    rows = []
    for label, lines, top in zip(labels, plan.lines, plan.tops, strict=True):
        tip = format_html("<title>{}</title>", label) if lines[-1].endswith("…") else ""
        first = top + frame.bar / 2 + (5.5 if len(lines) == 1 else -3)
        rows += [
            (_n(plan.left - 8 if for_print else 0), _n(first + 17 * i), line, tip)
            for i, line in enumerate(lines)
        ]
    return format_html(
        "<g{}{}>{}</g>",
        frame.text,
        SafeString(' text-anchor="end"') if for_print else "",
        format_html_join("", '<text x="{}" y="{}">{}{}</text>', rows),
    )


def _numbers_at_ends(
    numbers: Sequence[str], rects: Sequence[Rect], values: Sequence[float], frame: Frame
) -> SafeString:
    """Return the numbers where the bars end, on the far side from zero."""
    rows = [
        (
            _n(rect.x - 5 if value < 0 else rect.x + rect.length + 5),
            _n(rect.y + frame.bar / 2 + 5.5),
            SafeString(' text-anchor="end"') if value < 0 else "",
            number,
        )
        for number, rect, value in zip(numbers, rects, values, strict=True)
    ]
    texts = format_html_join("", '<text x="{}" y="{}"{}>{}</text>', rows)
    return format_html("<g{}>{}</g>", frame.text, texts)


def _numbers_in_column(numbers: Sequence[str], plan: Plan, frame: Frame) -> SafeString:
    """Return the numbers one below the other at the right edge."""
    rows = (
        (frame.width, _n(top + frame.bar / 2 + 5.5), number)
        for number, top in zip(numbers, plan.tops, strict=True)
    )
    texts = format_html_join("", '<text x="{}" y="{}">{}</text>', rows)
    return format_html('<g text-anchor="end">{}</g>', texts)


def _key(parts: Sequence[str]) -> SafeString:
    """Return the key of a stacked chart in one line above the bars."""
    step = SCREEN.width / max(len(parts), 1)
    letters = int((step - 24) / SCREEN.letter)
    return format_html_join(
        "",
        '<rect {} x="{}" y="4" width="12" height="12"/><text class="q" x="{}" y="15">{}</text>',
        (
            (SCREEN.fills[i], _n(i * step), _n(i * step + 17), _fit(part, letters))
            for i, part in enumerate(parts)
        ),
    )


def _svg(drawing: Iterable[SafeString], plan: Plan, words: str, *, for_print: bool) -> SafeString:
    """Return the element around a drawing; paper has 150 mm of width, less if it grows too high."""
    frame = PAPER if for_print else SCREEN
    inside = format_html_join("", "{}", ((part,) for part in drawing))
    if not plan.tops:
        inside = format_html('<text x="0" y="14"{}>{}</text>', frame.text, _("Chưa có số liệu"))
    height = max(plan.height, 22)
    box = format_html('viewBox="0 0 {} {}"', frame.width, height)
    if not for_print:
        return format_html('<svg {} role="img" aria-label="{}">{}</svg>', box, words, inside)
    scale = min(0.25, 225 / height)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}mm" height="{}mm" {}>'
        "<title>{}</title>{}</svg>",
        _n(frame.width * scale),
        _n(height * scale),
        box,
        words,
        inside,
    )


def _words(title: str, labelled: Iterable[tuple[str, str]], unit: str) -> str:
    """Return the whole chart as a sentence: what is compared, then every label with its number."""
    values = "; ".join(f"{label} {number}" for label, number in labelled)
    if not values:
        return f"{title}. {_('Chưa có số liệu')}."
    return f"{title}. {values} {unit}".rstrip() + "."


def _made_up(values: Sequence[Decimal | int], chart: StackedChart, total: str) -> str:
    """Return a total and what it is made of, in words."""
    parts = ", ".join(
        f"{part} {_number(value, chart.places)}"
        for part, value in zip(chart.parts, values, strict=True)
    )
    return f"{total} ({parts})"


def _number(value: Decimal | int | None, places: int) -> str:
    """Return a value as printed; what is not known yet is no zero."""
    return UNKNOWN if value is None else format_number(value, places)


def _n(value: float) -> str:
    """Return a coordinate with one decimal and without needless zeros."""
    return f"{value:.1f}".removesuffix(".0")
