"""Sentences from short texts that people typed: first letters, lists, counts. Vietnamese only."""

from collections.abc import Sequence
from datetime import date

from clusters.vietnamese import document_date

UNKNOWN_DAY = "ngày … tháng … năm"
NO_FIGURES = "Chưa có số liệu."
NO_TEXT = "Chưa có nội dung."
NOT_IN_SOURCE = "Tài liệu nguồn không nêu nội dung này."


def lower_first(text: str) -> str:
    """Return the text as it continues a sentence; names and abbreviations keep their capital.

    A name has a second word with a capital, or a figure ("Đoàn Thanh niên", "Cụm 1").

    >>> lower_first("Tham mưu 6 báo cáo"), lower_first("Đoàn Thanh niên"), lower_first("UBND xã")
    ('tham mưu 6 báo cáo', 'Đoàn Thanh niên', 'UBND xã')
    """
    first, *rest = text.split()[:2] or [""]
    is_name = bool(rest) and rest[0][0].isupper()
    if is_name or not first[:1].isalpha() or (len(first) > 1 and first.isupper()):
        return text
    return text[0].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return the text with its first letter as a capital; an opening quotation mark stays."""
    return text[:1].upper() + text[1:]


def bare(text: str) -> str:
    """Return a text on one line, without the full stop or semicolon that its writer put there."""
    return " ".join(text.split()).rstrip(" .;")


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital first, a full stop last."""
    stripped = " ".join(text.split())
    return upper_first(stripped if stripped.endswith((".", "!", "?", "…")) else f"{stripped}.")


def continued(texts: Sequence[str]) -> str:
    """Return texts as one list inside a sentence: "tham mưu …; phối hợp …"."""
    return "; ".join(lower_first(bare(text)) for text in texts)


def listed(texts: Sequence[str], most: int) -> str:
    """Return at most so many texts as a list, with the number of those left out."""
    shown = continued(texts[:most])
    left = len(texts) - most
    return f"{shown}; và {left} kết quả khác" if left > 0 else shown


def day_text(day: date | None, year: int) -> str:
    """Return a date as documents print it, or with dots where it is not known."""
    return document_date(day) if day else f"{UNKNOWN_DAY} {year}"


def short_day(day: date | None) -> str:
    """Return a date as tables print it, or nothing."""
    return f"{day:%d/%m/%Y}" if day else ""
