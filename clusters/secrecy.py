"""Secrecy marks in texts and in names of files. Pure: no database.

The system holds unclassified content only. The three marks of the Law on protection of state
secrets are MẬT, TỐI MẬT and TUYỆT MẬT; what carries one is stopped before it is stored. The rule:

* TUYỆT MẬT and TỐI MẬT are marks wherever they stand, in capitals or not: no ordinary sentence
  needs them. Only "tối" before an ordinary word passes ("buổi tối mật độ xe cao").
* MẬT in capitals is a mark, unless it belongs to an ordinary word written in capitals as well
  (BẢO VỆ BÍ MẬT NHÀ NƯỚC, MẬT KHẨU) or to a person's name (NGUYỄN THỊ MẬT).
* "Mật" is a mark where it names a level: after words such as "độ", "dấu", "tài liệu", or alone
  between punctuation ("Mật:", "12/Mật"). Within a sentence it is an ordinary word.
* "mật" is a mark alone in brackets, quotes or on a line, and after "độ mật:". Within a sentence
  it is an ordinary word: "quản lý tài liệu mật" tells of a work, it marks nothing.
* A name of a file is short and is read by everybody, so there every "mật" that belongs to no
  ordinary word is a mark, and names without accents are read too: TUYET_MAT, toi-mat, (mat),
  MAT_bao-cao, bao-cao-mat; but Mat tran, mat-bang, bao mat pass.

What a reader does not see counts for nothing: composed or not, compatibility forms, letters of
other scripts that look the same, zero-width and other invisible characters, combining strokes,
and whatever stands between the letters (M Ậ T, T.Ố.I M.Ậ.T, a line break).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

SECRET, TOP_SECRET, HIGHEST = "MẬT", "TỐI MẬT", "TUYỆT MẬT"
MARKS = (SECRET, TOP_SECRET, HIGHEST)
# What the user is told; nothing has been stored by then.
EXPLANATION = _(
    "Có dấu “%(mark)s”; nội dung chưa được lưu. Hệ thống chỉ chứa nội dung không mật. Nội dung mật"
    " gửi theo Luật Bảo vệ bí mật nhà nước, không gửi qua hệ thống này."
)

_TONES_AND_MODIFIERS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
# Letters of Cyrillic and Greek that cannot be told from those of the marks.
_LOOKALIKES = str.maketrans("МАТОІУмаоіуΜΑΤΟΙΥοι", "MATOIYmaoiyMATOIYoi")
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LINE_ENDS = frozenset("\r\v\f\x85\u2028\u2029")
_BETWEEN = r"[\W_]*"


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _loose(*letters: str) -> str:
    """Return a pattern of the letters with anything but letters and digits between them."""
    return _BETWEEN.join(letters)


_HIGH = rf"(?P<high>{_loose('t', 'u', 'y', '[ệêẹe]', 't')}|{_loose('t', '[ốo]', 'i')}){_BETWEEN}"
# "mậ" and "ật" are no syllables: wherever these letters follow each other, they are the word.
_ACCENTED = re.compile(rf"(?:{_HIGH})?(?P<word>{_loose('m', '[ậâ]', '[tṭ]')})", re.IGNORECASE)
_BARE_WORD = r"(?P<word>mat|m[\W_]+a[\W_]+t)(?![^\W\d_])"
_BARE_HIGH = re.compile(rf"(?<![^\W\d_]){_HIGH}{_BARE_WORD}", re.IGNORECASE)
_BARE = re.compile(rf"(?<![^\W\d_]){_BARE_WORD}", re.IGNORECASE)

# The ordinary words that end and begin with "mật". What would begin another common word after
# the mark (MẬT BÁO CÁO, MẬT DANH SÁCH, MẬT KẾ HOẠCH) is not among them.
_BEFORE = _listed("bí bảo thân cơ giải cẩn nghiêm túi sỏi ống dịch gan trăng lấy rỉ thị mía chiêm")
_AFTER = _listed("khẩu mã độ thiết ong mía phục gấu tông ngọt")
# The second word that shows that the first one belongs to it, not to "mật": MẬT ĐỘ KHẨN.
_UNLESS = {
    "độ": {"khẩn", "mật"},
    "mã": {"số", "hiệu", "hồ", "tài"},
    "thiết": {"bị", "kế", "lập"},
    "phục": {"vụ", "hồi"},
    "khẩu": {"hiệu", "lệnh", "phần"},
}
# What names a level or a document; "văn" is that of "công văn", not the middle name.
_NAMING = _listed(
    "độ dấu mức loại cấp liệu sơ bản cáo hoạch định trình án điện tin dung tệp file lệnh"
)
# Without accents "mat" is mặt, mắt and mất as well: ordinary words before and after it.
_BARE_BEFORE = _listed(
    "bi bao than co giai can nghiem tui soi ong dich gan trang lay ri thi gap ra vang be bo tien"
    " khuon doi chong hop rua tan cac moi nhieu mot hai dau cat nuoc biet thieu giap den vi"
)
_BARE_AFTER = _listed(
    "khau ma do thiet ong mia phuc gau tong tran bang dat troi trang tich cap hang kinh tien na"
    " duong nuoc xich chuong ngu nhin ngoai trong"
)
_BARE_NAMING = _listed("do dau muc loai lieu so ban van cao hoach dinh trinh an dien tin dung")
# How two parts of one ordinary word may be joined: BẢO MẬT, bao-mat, BAO_MAT; not BẢO (MẬT).
_JOIN = re.compile(r"[^\S\n]*|[-_.]")
_JOIN_BEFORE = re.compile(r"\s*|[-_.]")
_OPENING, _CLOSING = frozenset("([{<\"'“‘«*/|#"), frozenset(")]}>\"'”’»*/|#")
_LAST_WORDS = re.compile(r"(?:([^\W\d_]+)[\W\d_]+)?([^\W\d_]+)([\W\d_]*)\Z")
_NEXT_WORDS = re.compile(r"([\W\d_]*)([^\W\d_]*)[\W\d_]*([^\W\d_]*)")
_REACH = 80
_CAMEL = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_])")


def find_mark(text: str) -> str | None:
    """Return the secrecy mark (one of MARKS) that a text carries, or None."""
    return _first(text, in_name=False)


def find_mark_in_name(name: str) -> str | None:
    """Return the secrecy mark that a file's name carries, with or without accents, or None."""
    stem, dot, extension = name.rpartition(".")
    is_kind = bool(dot and stem.strip()) and len(extension) <= 5
    return _first(stem if is_kind else name, in_name=True)


def marked(values: Mapping[str, object]) -> dict[str, str]:
    """Return {name: mark} for the values in which any text, however deep, carries a mark."""
    found = {}
    for name, value in values.items():
        marks = (find_mark(text) for text in _texts(value))
        if mark := next(filter(None, marks), None):
            found[name] = mark
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from _texts(part)


def _first(text: str, *, in_name: bool) -> str | None:
    """Return the mark found when what is invisible is left out, or else read as a space."""
    readings = dict.fromkeys((_seen(text, ""), _seen(text, " ")))
    for seen in readings:
        found = _find(_words_apart(seen) if in_name else seen, in_name=in_name)
        if found:
            return found
    return None


def _seen(text: str, invisible: str) -> str:
    """Return the text as a reader sees it, in NFC, with `invisible` for what does not show."""
    shown = (_shown(char, invisible) for char in unicodedata.normalize("NFKD", text))
    composed = unicodedata.normalize("NFC", "".join(shown).translate(_LOOKALIKES))
    return "".join(char for char in composed if not unicodedata.combining(char))


def _shown(char: str, invisible: str) -> str:
    if char in _TONES_AND_MODIFIERS or char in "\t\n":
        return char
    if char in _LINE_ENDS:
        return "\n"
    category = unicodedata.category(char)
    if category[0] == "M":
        return ""
    return invisible if category in {"Cf", "Cc", "Cs", "Co", "Cn"} or char in _BLANKS else char


def _words_apart(name: str) -> str:
    """Return a name with "_" where small letters turn to capitals: BaoCaoMat, baocaoMAT."""

    def gap(match: re.Match[str]) -> str:
        before, after = name[match.start() - 1], name[match.start()]
        return "_" if before.islower() and after.isupper() else ""

    return _CAMEL.sub(gap, name)


def _find(seen: str, *, in_name: bool) -> str | None:
    for match in _ACCENTED.finditer(seen):
        if found := _judge(seen, match, in_name=in_name):
            return found
    for match in _BARE_HIGH.finditer(seen):
        if found := _judge_bare_high(seen, match, in_name=in_name):
            return found
    if in_name and any(_is_bare_mark(seen, match) for match in _BARE.finditer(seen)):
        return SECRET
    return None


def _level(match: re.Match[str]) -> str:
    """Return TUYỆT MẬT or TỐI MẬT: the first has five letters before the word."""
    return HIGHEST if len(_letters(match["high"])) > 3 else TOP_SECRET


def _judge(seen: str, match: re.Match[str], *, in_name: bool) -> str | None:
    """Tell which mark a "mật" with its accents is, or None for an ordinary word."""
    start, end = match.start("word"), match.end("word")
    case = _case(match["word"])
    is_upper = case == "upper"
    if match["high"] and (_level(match) == HIGHEST or not _begins(seen, end, is_upper=is_upper)):
        return _level(match)
    if _begins(seen, end, is_upper=is_upper) or _ends(seen, start, is_upper=is_upper):
        return None
    if is_upper or in_name or _is_alone(seen, start, end, case) or _is_named(seen, start, case):
        return SECRET
    return None


def _judge_bare_high(seen: str, match: re.Match[str], *, in_name: bool) -> str | None:
    """Tell which mark TOI MAT or TUYET MAT is; in a text the first only in capitals."""
    if _level(match) == HIGHEST:
        return HIGHEST
    gap, following, _ = _next(seen, match.end("word"))
    if following in _BARE_AFTER and _JOIN.fullmatch(gap):
        return None
    is_half_accented = "ố" in match["high"].lower()
    return TOP_SECRET if in_name or is_half_accented or _letters(match[0]).isupper() else None


def _is_bare_mark(seen: str, match: re.Match[str]) -> bool:
    """Tell whether "mat" in a name without accents is the mark."""
    start, end = match.start("word"), match.end("word")
    _, before, gap = _last(seen, start)
    after_gap, after, _ = _next(seen, end)
    joined, joins = _JOIN.fullmatch(gap), _JOIN.fullmatch(after_gap)
    if (joined and before in _BARE_BEFORE) or (joins and after in _BARE_AFTER):
        return False
    case = _case(match["word"])
    if case == "upper" or _is_alone(seen, start, end, "lower"):
        return True
    return bool(joined and before in _BARE_NAMING) and not (joins and after)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


def _case(word: str) -> str:
    """Return upper, title or lower; letters set apart or in a wild mixture count as upper."""
    if len(re.findall(r"[^\W\d_]+", word)) == 3:
        return "upper"
    letters = _letters(word)
    if letters.islower():
        return "lower"
    return "title" if letters.istitle() else "upper"


def _last(seen: str, start: int) -> tuple[str, str, str]:
    """Return what stands before, in lower case: the word before the last, the last, its gap."""
    found = _LAST_WORDS.search(seen[max(0, start - _REACH) : start])
    earlier, last, gap = found.groups("") if found else ("", "", "")
    return earlier.lower(), last.lower(), gap


def _next(seen: str, end: int) -> tuple[str, str, str]:
    """Return what stands after: the gap, the next word and the one after it, in lower case."""
    found = _NEXT_WORDS.match(seen[end : end + _REACH])
    gap, following, second = found.groups() if found else ("", "", "")
    return gap, following.lower(), second.lower()


def _ends(seen: str, start: int, *, is_upper: bool) -> bool:
    """Tell whether an ordinary word ends here: bí mật, BẢO MẬT, B Í M Ậ T, a person's name."""
    head = seen[max(0, start - _REACH) : start]
    earlier, before, gap = _last(seen, start)
    written = head[len(head) - len(gap) - len(before) : len(head) - len(gap)]
    if is_upper and not written.isupper():
        return False
    if before == "văn":
        return bool(_JOIN.fullmatch(gap)) and earlier != "công"
    if not gap:
        return before.endswith(tuple(_BEFORE))
    if len(before) == 1:
        spelled = _letters(re.split(r"[^\W\d_]{2,}", head)[-1]).lower()
        return spelled.endswith(tuple(_BEFORE))
    return before in _BEFORE and bool(_JOIN_BEFORE.fullmatch(gap))


def _begins(seen: str, end: int, *, is_upper: bool) -> bool:
    """Tell whether an ordinary word begins here: mật khẩu, MẬT ĐỘ, M Ậ T K H Ẩ U."""
    gap, following, second = _next(seen, end)
    tail = seen[end : end + _REACH]
    if is_upper and not tail[len(gap) : len(gap) + len(following)].isupper():
        return False
    if not gap:
        return following.startswith(tuple(_AFTER))
    if len(following) == 1:
        spelled = _letters(re.split(r"[^\W\d_]{2,}", tail)[0]).lower()
        return spelled.startswith(tuple(_AFTER))
    is_word = following in _AFTER and second not in _UNLESS.get(following, ())
    return is_word and bool(_JOIN.fullmatch(gap))


def _neighbours(seen: str, start: int, end: int) -> tuple[str, str]:
    """Return the first thing to the left and to the right but blanks; "" at an edge of the line."""
    left, right = _line(seen, start, end)
    return left.rstrip()[-1:], right.lstrip()[:1]


def _line(seen: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands on the line before `start` and after `end`, as far as one looks.

    A long text full of the word would otherwise be read once for every word.
    """
    left, right = seen[max(0, start - _REACH) : start], seen[end : end + _REACH]
    return left.rpartition("\n")[2], right.partition("\n")[0]


def _is_alone(seen: str, start: int, end: int, case: str) -> bool:
    """Tell whether the word stands alone: on its line, in brackets or quotes; "Mật" by any stop."""
    left, right = _neighbours(seen, start, end)
    if case == "title":
        return not left.isalnum() and not right.isalnum() and left != ","
    is_whole_line = not any(map(str.isalpha, "".join(_line(seen, start, end))))
    return is_whole_line or (left in _OPENING and right in _CLOSING)


def _is_named(seen: str, start: int, case: str) -> bool:
    """Tell whether a level or a document is named by it: "độ Mật", "độ mật: mật"."""
    earlier, before, gap = _last(seen, start)
    if ":" in gap and before in {"mật", "độ", "dấu", "mức"}:
        return True
    if case != "title" or not _JOIN.fullmatch(gap):
        return False
    return before in _NAMING or (before == "văn" and earlier == "công")
