"""What an Office file holds beside its text: links to the outside, objects, programs.

`emulation.uploads` has judged the archive before (macros, sizes, names, passwords). Here it is
about what has no place in a table to be imported.
"""

import zipfile
from io import BytesIO
from posixpath import basename
from xml.parsers import expat

from django.utils.translation import gettext as _

from emulation.importing.table import FILE, Unreadable, damaged
from emulation.uploads.names import suffix

# By the beginning of a part's name, in small letters: what it is.
_OUTSIDE = ("xl/externallinks/", "xl/connections.", "xl/querytables/", "xl/model/")
_OBJECTS = (
    *("xl/embeddings/", "xl/activex/", "xl/ctrlprops/", "xl/media/", "xl/charts/"),
    *("xl/drawings/drawing", "word/embeddings/", "word/activex/", "word/afchunk"),
)
_DOCTYPES = [
    mark.encode(code)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for code in ("ascii", "utf-16-le", "utf-16-be")
]
_PICTURES = {"png", "jpg", "jpeg", "gif", "bmp", "emf", "wmf", "tif", "tiff", "ttf", "odttf"}


def check_package(content: bytes) -> None:
    """Raise Unreadable for a file that links to others, carries objects or declares entities."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception as error:  # a false archive raises whatever it likes
        raise damaged() from error
    names = [name.lower() for name in parts]
    if any(name.startswith(_OUTSIDE) for name in names):
        raise Unreadable(
            (FILE, _("Tệp liên kết với dữ liệu bên ngoài. Bỏ liên kết, chỉ giữ giá trị"))
        )
    if any(name.startswith(_OBJECTS) for name in names):
        raise Unreadable(
            (FILE, _("Tệp có hình hoặc đối tượng nhúng. Xóa đi; ảnh đính kèm sau khi nhập"))
        )
    for name, text in parts.items():
        if suffix(name) not in _PICTURES and any(mark in text for mark in _DOCTYPES):
            raise damaged()
        if name.endswith(".rels"):
            _check_links(name, text)


def _check_links(name: str, text: bytes) -> None:
    """Raise Unreadable where a part points outside; a hyperlink is named at its cell instead."""
    found: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = basename(attributes.get("Type", ""))
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        if (is_outside and kind != "hyperlink") or kind in {"aFChunk", "externalLink", "oleObject"}:
            found.append(tag)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(text, True)
    except Exception as error:  # also LookupError, for an encoding that nobody knows
        raise damaged() from error
    if found:
        raise Unreadable(
            (FILE, _("Tệp liên kết với dữ liệu bên ngoài. Bỏ liên kết, chỉ giữ giá trị"))
        )
