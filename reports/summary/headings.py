"""Numbered headings. What a source leaves out to the end of a part is said once."""

from collections.abc import Sequence

from reports.content import Block, Paragraph, Section
from reports.summary.words import lower_first

Titled = tuple[str, tuple[Block, ...]]


def numbered(
    found: Sequence[Titled], *, empty: Paragraph, is_sourced: bool, first: int = 1
) -> tuple[Section, ...]:
    """Return sections "1.", "2." …; one without blocks shows `empty`.

    Where the season retells a text, the empty ones at the end become one with a joint title.
    """
    rows = list(found)
    while is_sourced and len(rows) > 1 and not rows[-1][1] and not rows[-2][1]:
        title, _blocks = rows.pop()
        rows[-1] = (f"{rows[-1][0]}; {lower_first(title)}", ())
    return tuple(
        Section(f"{at}.", title, blocks or (empty,))
        for at, (title, blocks) in enumerate(rows, first)
    )
