"""A row of a file as a reader looks it over before it is entered."""

import re
from dataclasses import dataclass

from emulation.importing.columns import BY_NAME, Kind
from emulation.importing.table import Row

_MAIN = ("category", "title", "started_on", "ended_on", "quantity", "target")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True)
class Line:
    """One row: where it stands in the file, its main cells, all others as (head, text)."""

    place: str
    category: str
    title: str
    days: str
    quantity: str
    target: str
    others: list[tuple[str, str]]
    notes: list[str]


def _day(text: str) -> str:
    match = _ISO.fullmatch(text)
    return "/".join(reversed(match.groups())) if match else text


def line_of(row: Row) -> Line:
    """Return a row as the preview shows it; days as they are written here."""
    texts = {
        name: _day(text) if BY_NAME[name].kind is Kind.DAY else text
        for name, (_address, text) in row.cells.items()
    }
    days = [texts[name] for name in ("started_on", "ended_on") if texts.get(name)]
    return Line(
        place=row.place,
        category=texts.get("category", ""),
        title=texts.get("title", ""),
        days=" – ".join(days),
        quantity=texts.get("quantity", ""),
        target=texts.get("target", ""),
        others=[(BY_NAME[n].head, text) for n, text in texts.items() if n not in _MAIN],
        notes=[f"{address}: {text}" for address, text in row.notes],
    )
