"""Vietnamese typed in an old code table: TCVN3 (fonts .VnTime) and VNI (fonts VNI-Times).

In a Unicode file such text looks like "C«ng t¸c" or "Coâng taùc". TCVN3 has one sign for one
letter and is converted; VNI is told from it and refused. Its capitals stand in fonts of their own
(.VnTimeH), so what was written in capitals comes out in small letters.
"""

import re

TCVN3, VNI = "TCVN3", "VNI"

_LETTERS = {
    "µ": "à", "¸": "á", "¶": "ả", "·": "ã", "¹": "ạ", "¨": "ă", "»": "ằ", "¾": "ắ", "¼": "ẳ",
    "½": "ẵ", "Æ": "ặ", "©": "â", "Ç": "ầ", "Ê": "ấ", "È": "ẩ", "É": "ẫ", "Ë": "ậ", "®": "đ",
    "Ì": "è", "Ð": "é", "Î": "ẻ", "Ï": "ẽ", "Ñ": "ẹ", "ª": "ê", "Ò": "ề", "Õ": "ế", "Ó": "ể",
    "Ô": "ễ", "Ö": "ệ", "×": "ì", "Ý": "í", "Ø": "ỉ", "Ü": "ĩ", "Þ": "ị", "ß": "ò", "ã": "ó",
    "á": "ỏ", "â": "õ", "ä": "ọ", "«": "ô", "å": "ồ", "è": "ố", "æ": "ổ", "ç": "ỗ", "é": "ộ",
    "¬": "ơ", "ê": "ờ", "í": "ớ", "ë": "ở", "ì": "ỡ", "î": "ợ", "ï": "ù", "ó": "ú", "ñ": "ủ",
    "ò": "ũ", "ô": "ụ", "\xad": "ư", "õ": "ừ", "ø": "ứ", "ö": "ử", "÷": "ữ", "ù": "ự", "ú": "ỳ",
    "ý": "ý", "û": "ỷ", "ü": "ỹ", "þ": "ỵ", "¡": "Ă", "¢": "Â", "£": "Ê", "¤": "Ô", "¥": "Ơ",
    "¦": "Ư", "§": "Đ",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)
# Letters that only Unicode text has: with one of them a text is what it seems.
_UNICODE = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u0300-\u0323\u1ea0-\u1ef9]"
)
# Signs that no Vietnamese word has, inside or at the edge of one.
_FOREIGN = "µ¸¶·¹¨»¾¼½Æ©ÇË®ÎÏÑª×ÖØÜÞßä«åæç¬ëîïñ\xadøö÷ûüþ"
_TCVN3_SIGN = re.compile(
    rf"(?<=[A-Za-z])[{_FOREIGN}]|[{_FOREIGN}](?=[A-Za-z])|(?<=[a-z])[ÈÉÊÌÐÒÓÔÕÝ]|§(?=[a-z{_FOREIGN}])"
)
# A base letter followed by the sign that VNI writes after it.
_VNI_PAIR = re.compile(
    "[aA][âêùøûõïáàåãäéèúüëÂÊÙØÛÕÏÁÀÅÃÄÉÈÚÜË]|[eE][âùøûõïáàåãäÂÙØÛÕÏÁÀÅÃÄ]|[oO][ùøûõïåäÙØÛÕÏÅÄ]"
    "|[uU][ùøûõïÙØÛÕÏ]|[yY][ùøûõÙØÛÕ]|[öÖ][ùøûõïÙØÛÕÏ]|[ôÔ][ùøûõïÙØÛÕÏ]|[ñÑ](?=[A-Za-zöô])"
)
# Around words they are quotation marks.
_QUOTES = re.compile(r"(?<!\w)«|»(?!\w)")


def table_of(text: str, font: str = "") -> str:
    """Return the old code table in which a text is typed, "" for Unicode.

    Without the font, one odd sign is no proof (25 m², 30 °C); two in the midst of words are.
    """
    if text.isascii() or _UNICODE.search(text):
        return ""
    text = _QUOTES.sub(" ", text)
    named = font.casefold()
    enough = 1 if named.startswith((".vn", "vni")) else 2
    vni, tcvn3 = len(_VNI_PAIR.findall(text)), len(_TCVN3_SIGN.findall(text))
    if vni >= enough and vni >= tcvn3 / 2 and not named.startswith(".vn"):
        return VNI
    return TCVN3 if tcvn3 >= enough else ""


def from_tcvn3(text: str) -> str:
    """Return TCVN3 text in Unicode.

    >>> from_tcvn3("C«ng t¸c ®oµn")
    'Công tác đoàn'
    """
    return text.translate(_TABLE)
