"""Reads a PDF back: words with their place, sizes of type, ruled lines, the structure tree.

Lengths are millimetres from the upper left corner of the paper, sizes of type are points.
"""

import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest

from reports import pdf
from reports.content import SummaryReport, to_json

MM = 25.4 / 72
XHTML = "{http://www.w3.org/1999/xhtml}"


@cache
def printed(report: SummaryReport) -> bytes:
    """Return the PDF of a report, made once for all tests of the process."""
    return pdf.render_pdf(pdf.render_html(report), data=to_json(report), created=report.created)


@dataclass(frozen=True)
class Line:
    """A line of text, or a part of it that stands apart."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Page:
    """A page with its lines from top to bottom."""

    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def find(self, start: str) -> Line:
        """Return the first line that begins so."""
        return next(line for line in self.lines if line.text.startswith(start))


@dataclass(frozen=True)
class Run:
    """Text set in one go: where it starts, its base line, its size, the name of its font."""

    left: float
    base: float
    size: float
    font: str


def poppler(tool: str, *arguments: str, file: bytes) -> str:
    """Run a tool of poppler-utils on a file; it is required, so its absence fails the test."""
    if shutil.which(tool) is None:
        pytest.fail("poppler-utils is missing: sudo apt-get install -y poppler-utils")
    ends = ["-", "-"] if tool == "pdftotext" else ["-"]
    ran = subprocess.run([tool, *arguments, *ends], input=file, capture_output=True, check=True)
    return ran.stdout.decode()


@cache
def pages(file: bytes) -> tuple[Page, ...]:
    """Return the pages as pdftotext sees them."""
    found = poppler("pdftotext", "-bbox-layout", file=file)
    return tuple(
        Page(
            float(page.attrib["width"]) * MM,
            float(page.attrib["height"]) * MM,
            tuple(sorted(map(_line, page.iter(f"{XHTML}line")), key=lambda li: (li.top, li.left))),
        )
        for page in ElementTree.fromstring(found).iter(f"{XHTML}page")
    )


def _line(element: ElementTree.Element) -> Line:
    text = " ".join(word.text or "" for word in element.iter(f"{XHTML}word"))
    edges = (float(element.attrib[name]) * MM for name in ("xMin", "yMin", "xMax", "yMax"))
    return Line(text, *edges)


@cache
def runs(file: bytes, page: int) -> tuple[Run, ...]:
    """Return the runs of text of a page (from 0) as its content stream sets them."""
    with pikepdf.open(io.BytesIO(file)) as document:
        fonts = document.pages[page].obj.Resources.Font
        found, place, font, size = [], (0.0, 0.0), "", 0.0
        for operands, operator in pikepdf.parse_content_stream(document.pages[page]):
            if str(operator) == "Tm":
                place = float(operands[4]), float(operands[5])
            elif str(operator) == "Tf":
                font = str(fonts[str(operands[0])].BaseFont).partition("+")[2]
                size = float(operands[1]) * 0.75
            elif str(operator) == "TJ":
                found.append(Run(place[0] * 0.75 * MM, place[1] * 0.75 * MM, size, font))
    return tuple(found)


def run_of(file: bytes, page: int, start: str) -> Run:
    """Return how the first line of a page that begins so is set."""
    line = pages(file)[page].find(start)
    return next(
        run
        for run in runs(file, page)
        if abs(run.left - line.left) < 0.2 and line.top < run.base < line.bottom
    )


def rules(file: bytes, page: int) -> list[tuple[float, float, float]]:
    """Return the horizontal borders of a page as (left, right, y).

    WeasyPrint clips to the border's four corners and fills; tables have theirs drawn otherwise.
    """
    found, corners = [], []
    with pikepdf.open(io.BytesIO(file)) as document:
        for operands, operator in pikepdf.parse_content_stream(document.pages[page]):
            if str(operator) in ("m", "l"):
                corners.append((float(operands[0]) * 0.75 * MM, float(operands[1]) * 0.75 * MM))
            elif str(operator) == "W*" and len(corners) == 4:
                xs, ys = zip(*corners, strict=True)
                if max(ys) - min(ys) < 0.5:
                    found.append((min(xs), max(xs), min(ys)))
            if str(operator) not in ("m", "l"):
                corners = []
    return found


def elements(document: pikepdf.Pdf) -> Iterator[tuple[Any, list[str]]]:
    """Yield each structure element with the types above it, in reading order."""

    def below(node: Any, above: list[str]) -> Iterator[tuple[Any, list[str]]]:
        kids = node.get("/K", [])
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid, above
                yield from below(kid, [*above, str(kid.S)])

    yield from below(document.Root.StructTreeRoot, [])
