"""What a file's name may say: one of five kinds, no program inside it, no mark of secrecy."""

import re
import unicodedata

from clusters import vietnamese
from emulation.uploads.refusal import Refused

MAX_NAME = 120
EXTENSIONS = ("pdf", "jpg", "jpeg", "png", "docx", "xlsx")

_WORD = re.compile(r"[^\W\d_]+")
# Everyday words: bảo mật, bí mật, thân mật; mật khẩu, mật mã, mật độ, mật thiết, mật ong.
_ORDINARY_BEFORE = {"bảo", "bí", "thân"}
_ORDINARY_AFTER = {"khẩu", "mã", "độ", "thiết", "ong"}
MACRO_KINDS = {"docm": "DOCX", "dotm": "DOCX", "xlsm": "XLSX", "xltm": "XLSX", "xlam": "XLSX"}
PROGRAMS = {
    *("bat", "chm", "cmd", "dll", "exe", "hta", "htm", "html", "jar", "js", "jse", "lnk", "mjs"),
    *("msi", "php", "phtml", "pif", "ps1", "py", "reg", "scr", "sh", "shtml", "svg", "swf", "url"),
    *("vb", "vbe", "vbs", "wsf", "wsh", "xht", "xhtml"),
}


def has_secrecy_mark(name: str) -> bool:
    """Tell whether a name carries a mark of secrecy: MẬT, TỐI MẬT, TUYỆT MẬT, as whole words.

    Everyday words with "mật" pass (bảo mật, mật khẩu). Without accents only "toi mat" and "tuyet
    mat" can be told from other words ("Mat tran").
    """
    words = _WORD.findall(vietnamese.nfc(name).casefold())
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word == "mật" and before not in _ORDINARY_BEFORE and after not in _ORDINARY_AFTER:
            return True
        if word == "mat" and before in {"toi", "tuyet"} and after != "tran":
            return True
    return False


def clean_name(name: str) -> str:
    """Return the name under which a file is listed, at most 120 characters with its extension.

    NFC; without folders, control and format characters; what Windows forbids becomes "_".
    """
    base = re.split(r"[/\\]", vietnamese.nfc(name))[-1]
    visible = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    tidy = " ".join(re.sub(r'[<>:"|?*]', "_", visible).split()).strip(" .")
    stem, dot, extension = tidy.rpartition(".")
    if not stem or len(extension) > 10:
        stem, dot, extension = tidy, "", ""
    stem = stem[: MAX_NAME - len(dot + extension)].rstrip(" .")
    return stem + dot + extension or "tep"


def taken_extension(name: str) -> str:
    """Return the extension of a clean name.

    Raises Refused for one that is not taken, and for two of which the inner is that of a program
    or a page (bao-cao.exe.pdf).
    """
    stem, *inner = [part.strip().lower() for part in name.split(".")]
    extension = inner.pop() if inner else ""
    if extension in MACRO_KINDS:
        raise Refused("macro", kind=MACRO_KINDS[extension])
    if not stem or extension not in EXTENSIONS:
        raise Refused("extension")
    if not PROGRAMS.isdisjoint(inner):
        raise Refused("double_extension")
    return extension


def suffix(name: str) -> str:
    """Return what stands after the last dot of a name, in lower case."""
    return name.rpartition(".")[2].strip().lower()
