"""A summary report as HTML, and HTML as a PDF that is PDF/A-3a and PDF/UA-1 at once.

The heavy half (WeasyPrint, pikepdf) stands in `reports.press` and is imported at the first
document: the web process starts without it, also on a machine that has no Pango.
"""

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusters.vietnamese import nfc
from reports.charts import bar_chart
from reports.content import (
    ZONE,
    Annex,
    Block,
    BulletList,
    Figure,
    Paragraph,
    Section,
    SummaryReport,
    mapped,
    to_json,
)

Progress = Callable[[int, str], None]

APT_LINE = "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
NATIVE = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
)
STYLESHEET = "print/decree30.css"
# What the four Tinos subsets can draw. A letter beyond them would bring in another typeface.
DRAWABLE = (
    "\n -~\u00a0-\u00ff\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0"
    "\u0300-\u0303\u0309\u0323\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030"
    "\u2032\u2033\u20ab\u20ac\u2116\u2190-\u2193\u2212\u2264\u2265"
)
_FOREIGN = re.compile(f"[^{DRAWABLE}]")
# "số 1", "Bảng 2", "khóa XIV": the number stays on the line of its word.
_BOUND = re.compile(r"\b(số|Số|Bảng|Hình|Điều|Khoản|khoản|khóa|Quý|quý|Phụ lục) (?=[\dIVX…])")
_CODE = re.compile(r"^(\D*)(\d+)$")


class PdfUnavailable(Exception):  # noqa: N818 - a state of the machine, no mistake
    """WeasyPrint cannot run here; the text is the line that installs what is missing."""


class LayoutFailed(Exception):  # noqa: N818 - named after what happened
    """The document would have come out incomplete; no PDF was made."""


class ResourceRefused(LayoutFailed):
    """The HTML asked for something that is not part of the print sheet."""


@dataclass(frozen=True)
class Piece:
    """What the print template shows next: a heading (level 2 to 4) or a block (level 0)."""

    level: int = 0
    heading: str = ""
    block: Block | None = None
    is_last: bool = False

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """Return the codes of a paragraph as (target, label)."""
        return code_runs(self.block.source_codes) if isinstance(self.block, Paragraph) else ()

    @property
    def svg(self) -> SafeString:
        """Return the drawing of a figure."""
        assert isinstance(self.block, Figure)
        return bar_chart(self.block.chart, for_print=True)


def make(report: SummaryReport, *, progress: Progress | None = None) -> tuple[bytes, int]:
    """Return the finished PDF of a report and its number of pages; raises as `render_pdf`."""
    done = render_pdf(
        render_html(report), data=to_json(report), created=report.created, progress=progress
    )
    return done, _press().count_pages(done)


def render_html(report: SummaryReport) -> str:
    """Return the report as one HTML document: NFC, Vietnamese, letters of Tinos only.

    What people typed is escaped by the template; the only links lead inside the document.
    """
    report = mapped(report, drawable)
    context = {
        "report": report,
        "keywords": ", ".join(report.keywords),
        "created": report.created.astimezone(ZONE).isoformat(timespec="seconds"),
        "stylesheet": STYLESHEET,
        "body": _keep_with_signature(
            [Piece(block=block) for block in report.opening]
            + [piece for section in report.sections for piece in _pieces(section, level=2)]
            + [Piece(block=report.closing)]
        ),
        "annexes": [(annex, _annex_pieces(annex)) for annex in report.annexes],
    }
    with translation.override("vi"):
        html = render_to_string("reports/print/report.html", context)
    head, tag, body = html.partition("<body>")
    return head + tag + _BOUND.sub("\\1\u00a0", body)


def render_pdf(
    html: str, *, data: bytes, created: datetime, progress: Progress | None = None
) -> bytes:
    """Return the PDF of `render_html`'s answer with `data` attached as data.json.

    Equal input gives equal bytes: no clock is read, `created` is every date in the file.
    `progress` is told a rising percentage and what is being done, at least once per page.
    Raises PdfUnavailable where Pango is missing, ResourceRefused for any foreign address and
    LayoutFailed where WeasyPrint left something out.
    """
    press = _press()
    tell = progress or (lambda percent, text: None)
    try:
        raw = press.lay_out(html, tell)
    except press.Refused as error:
        raise ResourceRefused(str(error)) from error
    except press.Flawed as error:
        raise LayoutFailed(str(error)) from error
    tell(90, _("Gắn nhãn và số liệu"))
    done: bytes = press.finish(raw, data, created)
    tell(100, _("Hoàn thành"))
    return done


def missing_libraries() -> str:
    """Return "" where PDFs can be made, else the line that installs what is missing.

    Where the libraries have their names of Linux, this costs a web process no import.
    """
    try:
        for name in NATIVE:
            ctypes.CDLL(name)
    except OSError:
        try:
            _press()
        except PdfUnavailable as error:
            return str(error)
    return ""


def warm_up() -> None:
    """Load the libraries and read the fonts, so that the first document takes no longer.

    Call it in the process that renders (after a fork, not before). Raises PdfUnavailable.
    """
    page = f'<html lang="vi"><title>Ấm</title><link rel="stylesheet" href="{STYLESHEET}"><p>Ấm'
    _press().lay_out(page, lambda percent, text: None)


def _press() -> ModuleType:
    """Return the heavy half; raise PdfUnavailable where a native library is missing."""
    try:
        # Half a second and 60 MB, and an OSError without Pango: only for those who print.
        from reports import press  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailable(APT_LINE) from error
    return press


def drawable(text: str) -> str:
    """Return the text in NFC with nothing that Tinos cannot draw.

    A foreign letter becomes its compatible form ("ﬁ" → "fi") or loses its accent ("č" → "c"), a
    control or invisible character goes, the rest becomes "?": another typeface would break the
    decree, and a missing glyph would break PDF/A.
    """
    text = nfc(text)
    if not _FOREIGN.search(text):
        return text
    # Once more: what goes may have stood between a letter and its accent.
    return nfc(_FOREIGN.sub(_nearest, text))


def _nearest(found: re.Match[str]) -> str:
    """Return what stands for one letter that cannot be drawn."""
    letter = found[0]
    plain = unicodedata.normalize("NFKC", letter)
    for form in (plain, unicodedata.normalize("NFKD", letter)[:1]):
        if form != letter and not _FOREIGN.search(form):
            return form
    if letter in "\t\r\x0b\x0c\x85\u2028\u2029":
        return " "
    return "" if unicodedata.category(letter)[0] in "CM" else "?"


def code_runs(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return margin codes as at most two (target, label); neighbours join: T12–15.

    >>> code_runs(("T09", "T21", "T22"))
    (('T09', 'T09'), ('T21', 'T21–22'))
    """
    runs: list[list[str]] = []
    for code in codes:
        if runs and _follows(runs[-1][-1], code):
            runs[-1].append(code)
        else:
            runs.append([code])
    labels = [(run[0], run[0] if len(run) == 1 else f"{run[0]}–{_tail(run[-1])}") for run in runs]
    if len(labels) <= 2:
        return tuple(labels)
    # Two lines fit beside the shortest paragraph.
    return labels[0], (labels[1][0], ", ".join(label for _, label in labels[1:]))


def _tail(code: str) -> str:
    """Return the digits at the end of a code."""
    found = _CODE.match(code)
    return found[2] if found else code


def _follows(before: str, code: str) -> bool:
    """Say whether one code is the next number after the other."""
    first, second = _CODE.match(before), _CODE.match(code)
    return bool(first and second and first[1] == second[1] and int(first[2]) + 1 == int(second[2]))


def _pieces(section: Section, *, level: int) -> Iterator[Piece]:
    """Yield a section as headings and blocks in reading order."""
    yield Piece(level=level, heading=section.heading)
    for block in section.blocks:
        yield Piece(block=block)
    for inner in section.sections:
        yield from _pieces(inner, level=level + 1)


def _annex_pieces(annex: Annex) -> list[Piece]:
    """Return the blocks of an annex; above signatures the last ones stay with them."""
    pieces = [Piece(block=block) for block in annex.blocks]
    return _keep_with_signature(pieces) if annex.signatures else pieces


def _keep_with_signature(pieces: list[Piece]) -> list[Piece]:
    """Mark the last two blocks, so that two lines at least stand above the signature."""
    for at in range(max(0, len(pieces) - 2), len(pieces)):
        block, is_end = pieces[at].block, at == len(pieces) - 1
        if isinstance(block, Paragraph | BulletList) or (block is not None and is_end):
            pieces[at] = Piece(block=block, is_last=True)
    return pieces
