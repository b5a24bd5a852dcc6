"""What the XML of a worksheet says about its cells beyond their values. Streams: keeps no cell."""

from dataclasses import dataclass, field
from xml.parsers import expat

MAX_CELLS = 300_000
_VALUES = {"v", "is", "f"}


class TooManyCells(Exception):  # noqa: N818 - named after what was met
    """A sheet of which no more is looked at."""


@dataclass
class Scan:
    """What was found; rows and columns are counted from 1, ranges are as the file has them."""

    last_filled: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    cells: int = 0
    row: int = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take note of an element that begins."""
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.cells += 1
            if self.cells > MAX_CELLS:
                raise TooManyCells
        elif name in _VALUES:
            self.last_filled = max(self.last_filled, self.row)
        elif name == "row":
            self.row = _whole(given.get("r"), self.row + 1)
            if _is_true(given.get("hidden")) or given.get("ht") == "0":
                self.hidden_rows.add(self.row)
        elif name == "col":
            self._column(given)
        elif name == "mergeCell":
            self.merged.append(given.get("ref", "")[:24])
        elif name == "hyperlink":
            self.links.append(given.get("ref", "")[:24])

    def _column(self, given: dict[str, str]) -> None:
        if _is_true(given.get("hidden")) or given.get("width") == "0":
            first = _whole(given.get("min"), 1)
            last = min(_whole(given.get("max"), first), first + 200)
            self.hidden_columns.update(range(first, last + 1))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default


def _is_true(text: str | None) -> bool:
    return text in {"1", "true", "on"}


def scan(xml: bytes) -> Scan:
    """Return what the XML of a worksheet holds.

    Raises TooManyCells, and ExpatError for what is no XML.
    """
    found = Scan()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = found.start
    parser.Parse(xml, True)
    return found
