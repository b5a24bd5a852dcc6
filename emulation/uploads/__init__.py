"""Which files are taken as evidence: judged by name and, after opening them, by content.

A file passes if its name ends as one of five kinds and its content is of that very kind, opens
whole, stays small when unpacked and does nothing by itself (trust.md T11). What passes is still
to be stored under a random name and served as an attachment. No database here.
"""

from collections.abc import Callable
from typing import IO, NamedTuple

from clusters.secrecy import find_mark_in_name
from emulation.uploads.images import open_jpeg, open_png
from emulation.uploads.names import EXTENSIONS, clean_name, taken_extension
from emulation.uploads.office import open_docx, open_xlsx
from emulation.uploads.pdf import open_pdf
from emulation.uploads.refusal import Refused

__all__ = [
    "EXTENSIONS",
    "MAX_SIZE",
    "Accepted",
    "Refused",
    "check",
    "clean_name",
]

MAX_SIZE = 20 * 1024 * 1024

_OFFICE = "application/vnd.openxmlformats-officedocument."
# By extension: the content type, and what raises unless the content is of that kind.
_KINDS: dict[str, tuple[str, Callable[[IO[bytes]], None]]] = {
    "pdf": ("application/pdf", open_pdf),
    "jpg": ("image/jpeg", open_jpeg),
    "jpeg": ("image/jpeg", open_jpeg),
    "png": ("image/png", open_png),
    "docx": (_OFFICE + "wordprocessingml.document", open_docx),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", open_xlsx),
}


class Accepted(NamedTuple):
    """What a file was found to be; `extension` is lower case, and jpg for .jpeg."""

    extension: str
    content_type: str


def check(name: str, file: IO[bytes], size: int) -> Accepted:
    """Return what the file is, or raise Refused, and nothing else.

    `name` is the name as it was sent, `size` is in bytes, and the real length counts as well. The
    file is left open and at its start.
    """
    if find_mark_in_name(name):
        raise Refused("secret_name")
    extension = taken_extension(clean_name(name))
    content_type, open_whole = _KINDS[extension]
    try:
        _check_size(file, size)
        open_whole(file)
    except Refused:
        raise
    except Exception as error:  # parsers raise whatever they like over hostile bytes
        raise Refused("unreadable") from error
    finally:
        file.seek(0)
    return Accepted("jpg" if extension == "jpeg" else extension, content_type)


def _check_size(file: IO[bytes], size: int) -> None:
    """Raise Refused unless the file has at least one byte and at most MAX_SIZE."""
    real = file.seek(0, 2)
    file.seek(0)
    if min(size, real) <= 0:
        raise Refused("empty")
    if max(size, real) > MAX_SIZE:
        raise Refused("too_large")
