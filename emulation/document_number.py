"""When two numbers name the same document. Pure.

People write "118/BC-V01", "Số 118 / BC–V01" and "0118/bc-v01" for one number and symbol.
"""

from clusters.vietnamese import search_key

LONGEST = 60


def document_key(number: str) -> str:
    """Return how the same document is found elsewhere; "" where `number` names none for certain.

    Case, accents, spaces, punctuation, leading zeros and the word "Số" make no difference. A bare
    number ("118") names no document: every agency has one each year.
    """
    words = search_key(number).split()
    if "so" in words:  # "Quyết định số 118/QĐ-V01"
        words = words[words.index("so") + 1 :]
    parts = [word.lstrip("0") or "0" if word.isdigit() else word for word in words]
    has_symbol = any(char.isalpha() for part in parts for char in part)
    has_number = any(part[0].isdigit() for part in parts)
    return "-".join(parts)[:LONGEST] if has_symbol and has_number else ""
