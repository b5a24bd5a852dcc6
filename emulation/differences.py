"""Which words of a text are new and which are gone. Pure: texts in, pieces of text out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
# A word with the space after it, so that a replaced phrase is one piece.
_WORD = re.compile(r"\s+|\S+\s*")


@dataclass(frozen=True)
class Piece:
    """A run of words that both texts have ("same"), or only the older or the newer one."""

    kind: str
    text: str


Pieces = tuple[list[Piece], list[Piece]]


def compared(before: str, after: str) -> Pieces:
    """Return both texts in pieces; joined, the pieces are the text again."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    # The last word of a text has no space after it and is the same word all the same.
    keys = [[word.rstrip(" ") or word for word in words] for words in (old, new)]
    return _pieces(old, new, keys[0], keys[1])


def compared_lines(before: Sequence[str], after: Sequence[str]) -> Pieces:
    """Return both lists in pieces of whole lines; joined, the pieces are their lines."""
    return _pieces(_ended(before), _ended(after), before, after)


def _ended(lines: Sequence[str]) -> list[str]:
    return [*(f"{line}\n" for line in lines[:-1]), *lines[-1:]]


def _pieces(
    old: Sequence[str], new: Sequence[str], old_keys: Sequence[str], new_keys: Sequence[str]
) -> Pieces:
    was: list[Piece] = []
    now: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(a=old_keys, b=new_keys).get_opcodes():
        same = kind == "equal"
        _add(was, SAME if same else GONE, old[i:j])
        _add(now, SAME if same else NEW, new[k:m])
    return was, now


def _add(pieces: list[Piece], kind: str, words: Iterable[str]) -> None:
    if text := "".join(words):
        pieces.append(Piece(kind, text))
