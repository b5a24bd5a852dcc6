"""Vietnamese text, order, numbers and dates. Pure: standard library only, no Django, no database.

Databases sort and search Vietnamese wrongly by default (SQLite compares code points, most
PostgreSQL wheels come without ICU), so what is sorted or searched is computed here once and
stored in a column of its own. Conventions: domain.md §8; dates of documents: Decree 30/2020.
"""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

# Eth looks exactly like Đ and comes out of some keyboards and old files in its place.
_ETH = {0x00D0: "Đ", 0x00F0: "đ"}
_UNMARKED_D = {**_ETH, 0x0110: "D", 0x0111: "d", 0x00D0: "D", 0x00F0: "d"}

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Unmarked, huyền, hỏi, ngã, sắc, nặng: the order of CLDR "vi".
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_MODIFIERS = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn
_END_OF_TEXT, _END_OF_WORD, _FIRST_LETTER = "00", "01", 10

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FINAL_Y = re.compile(r"\b([hklmstv]|qu)y\b")

_NUMBER = re.compile(r"([+\-\u2212]?)([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_MAX_TYPED = 30
_WIDE = Context(prec=100, rounding=ROUND_HALF_UP)
_MAX_EXPONENT = 40

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# (1 after mười, 2 after mươi; unit) → its other name
_AFTER_TENS = {(1, 5): "lăm", (2, 1): "mốt", (2, 4): "tư", (2, 5): "lăm"}
_THOUSANDS = ("", "nghìn", "triệu", "tỷ")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LIST_LETTERS = "abcdđeghiklmnopqrstuvxy"


def nfc(text: str) -> str:
    """Return `text` in NFC with eth mapped to Đ/đ, the only form that is stored. Strips nothing."""
    return unicodedata.normalize("NFC", text.translate(_ETH))


def has_forbidden(text: str) -> bool:
    r"""Tell whether `text` holds what no field may hold: a control other than \n \r \t, or half a
    surrogate pair (PostgreSQL refuses NUL, UTF-8 the surrogates, XML the rest)."""
    return _CONTROLS.search(text) is not None


def sort_key(text: str) -> str:
    """Return a key whose plain character order is the Vietnamese order of `text`.

    Letters differ first (a < ă < â …, d < đ), word by word, a shorter word before a longer; only
    between texts of equal letters do tones count. Case does not. The order is that of `vi_key` in
    domain.md §8.1. What is no letter (digits, punctuation) follows the letters by code point.

    The key consists of the digits 0–9 alone, so SQLite's BINARY, PostgreSQL's "C" and every
    linguistic collation without numeric sorting order it alike: two digits a letter, four or eight
    any other character, 01 between words, 00 at the end of the letters, then one digit a tone.
    At most 9 digits a character and 2 a text: 255 characters stay below PostgreSQL's index limit.
    """
    words = [_letters_and_tones(word) for word in _lower(text).split()]
    letters = _END_OF_WORD.join(letters for letters, _ in words)
    return letters + _END_OF_TEXT + "".join(tones for _, tones in words)


def _lower(text: str) -> str:
    """Return `text` in stored form and in lower case (marks are kept: "ĐẶNG" → "đặng")."""
    return nfc(text).lower()


def _letters_and_tones(word: str) -> tuple[str, str]:
    """Return the code of the letters of a lower-case word, and one tone digit per character."""
    split = [_letter_and_tone(char) for char in word]
    return "".join(code for code, _ in split), "".join(tone for _, tone in split)


def _letter_and_tone(char: str) -> tuple[str, str]:
    """Split one composed character into the code of its letter and its tone."""
    parts = unicodedata.normalize("NFD", char)
    tone = next((_TONES[part] for part in reversed(parts) if part in _TONES), 0)
    marks = "".join(part for part in parts if part in _MODIFIERS)
    base = "".join(part for part in parts if part not in _TONES and part not in _MODIFIERS)
    letter = unicodedata.normalize("NFC", base + marks)
    # find() counts a lone tone mark, whose letter is empty, as an "a": so does vi_key.
    if (index := _LETTERS.find(letter)) >= 0:
        return str(_FIRST_LETTER + index), str(tone)
    point = ord(letter[0])
    return (f"8{point:03}" if point < 1000 else f"9{point:07}"), str(tone)


def person_key(full_name: str) -> str:
    """Return the sort key of a person: given name (the last word), then middle, then family name.

    No sort key is the beginning of another, so the three can simply stand one after the other.
    """
    words = full_name.split()
    if not words:
        return sort_key("") * 3
    return sort_key(words[-1]) + sort_key(" ".join(words[1:-1])) + sort_key(words[0])


def search_key(text: str) -> str:
    """Return `text` as it is searched: no accents, no case, đ as d, words apart by one space.

    Spelling with final i or y is one spelling (kỹ/kĩ, sỹ/sĩ, lý/lí, quý/quí): a "y" becomes "i" at
    the end of a syllable that begins with h, k, l, m, s, t, v or qu and has no other vowel. "thủy"
    and "thúi", "ay" and "ai" stay two. The same function prepares the stored text and the question.
    """
    plain = _unmarked(_unmarked(text).casefold())
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return _FINAL_Y.sub(r"\1i", " ".join(words))


def _unmarked(text: str) -> str:
    """Return `text` decomposed (compatibility forms too) and without any combining mark."""
    parts = unicodedata.normalize("NFKD", text.translate(_UNMARKED_D))
    return "".join(part for part in parts if not unicodedata.combining(part))


def slug(text: str) -> str:
    """Return `text` as part of an ASCII file name: [a-z0-9-], at most 80 characters, never empty.

    The extension is the caller's: slug("Báo cáo 2017") + ".pdf".
    """
    plain = _unmarked(text).lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "tep"


def number_words(number: int) -> str:
    """Return a whole number in words, lower case, northern usage ("linh", "nghìn").

    Raises ValueError outside 0 ≤ number < 10**12.
    """
    if not 0 <= number < 10**12:
        raise ValueError("Number words exist for 0 to 999 999 999 999.")
    if number == 0:
        return _DIGITS[0]
    groups = [number // 1000**power % 1000 for power in range(4)]
    highest = max(power for power, group in enumerate(groups) if group)
    words: list[str] = []
    for power in range(highest, -1, -1):
        if groups[power]:
            words += _hundreds(groups[power], full=power != highest)
            words += [_THOUSANDS[power]] if power else []
    return " ".join(words)


def _hundreds(number: int, *, full: bool) -> list[str]:
    """Return the words of 1–999; `full` names the hundreds even when there are none."""
    hundreds, tens, units = number // 100, number // 10 % 10, number % 10
    named = hundreds > 0 or full
    words = [_DIGITS[hundreds], "trăm"] if named else []
    unit = _AFTER_TENS.get((min(tens, 2), units), _DIGITS[units])
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    elif named and units:
        words.append("linh")
    return [*words, unit] if units else words


def format_number(value: Decimal | int | None, places: int | None = None) -> str:
    """Return a number as Vietnamese readers write it: 1.234.567,89, with a true minus sign.

    `places` rounds half up and pads; without it every decimal is shown and trailing zeros are not.
    None gives "". Raises ValueError for NaN, infinity and numbers past 10**40.
    """
    if value is None:
        return ""
    number = Decimal(value)
    if not number.is_finite() or (number and abs(number.adjusted()) > _MAX_EXPONENT):
        raise ValueError("Not a number that can be shown.")
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    whole, _, decimals = f"{number.copy_abs():f}".partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "\u2212" if number < 0 else ""
    return sign + grouped + ("," + decimals if decimals else "")


def parse_number(text: str) -> Decimal:
    """Return the number that Vietnamese typing means: "1.234" and "1234" are 1234, "1234,5" 1234.5.

    Raises ValueError for whatever can be read in two ways or not at all: "1.5" and "1,234.5" (a dot
    only groups thousands), exponents, NaN, spaces inside, more than 30 characters. The comma alone
    separates decimals, so "1,234" is a little over one; how many decimals a field takes is the
    caller's to check.
    """
    typed = text.strip()
    match = _NUMBER.fullmatch(typed) if len(typed) <= _MAX_TYPED else None
    if match is None:
        raise ValueError("Not a number in Vietnamese notation.")
    sign, whole, decimals = match.groups(default="")
    number = Decimal(whole.replace(".", "") + ("." + decimals if decimals else ""))
    return number.copy_negate() if sign in {"-", "\u2212"} and number else number


def document_date(day: date) -> str:
    """Return a date as documents print it: days below 10 and the months 1 and 2 get a zero.

    Decree 30/2020/NĐ-CP, annex I: "ngày 05 tháng 01 năm 2018".
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def roman(number: int) -> str:
    """Return 1–3999 as a Roman numeral (headings, terms of the National Assembly).

    Raises ValueError outside that range.
    """
    if not 1 <= number <= 3999:
        raise ValueError("Roman numerals exist for 1 to 3999.")
    digits = []
    for worth, sign in _ROMAN:
        count, number = divmod(number, worth)
        digits.append(sign * count)
    return "".join(digits)


def list_letters(number: int) -> str:
    """Return the letter of the n-th point of a list, from 1: a, b, c, d, đ, e, g … (no f, j, w, z).

    Raises ValueError past the 23 letters that lists use.
    """
    if not 1 <= number <= len(_LIST_LETTERS):
        raise ValueError("Lists are lettered from a to y.")
    return _LIST_LETTERS[number - 1]
