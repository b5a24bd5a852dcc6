"""What a file's name may say: one of five kinds, no program inside it."""

import re
import unicodedata

from clusters import vietnamese
from emulation.uploads.refusal import Refused

MAX_NAME = 120
EXTENSIONS = ("pdf", "jpg", "jpeg", "png", "docx", "xlsx")

MACRO_KINDS = {"docm": "DOCX", "dotm": "DOCX", "xlsm": "XLSX", "xltm": "XLSX", "xlam": "XLSX"}
PROGRAMS = {
    *("bat", "chm", "cmd", "dll", "exe", "hta", "htm", "html", "jar", "js", "jse", "lnk", "mjs"),
    *("msi", "php", "phtml", "pif", "ps1", "py", "reg", "scr", "sh", "shtml", "svg", "swf", "url"),
    *("vb", "vbe", "vbs", "wsf", "wsh", "xht", "xhtml"),
}


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
