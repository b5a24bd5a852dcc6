"""Files that are two kinds at once: read one way here, another way elsewhere."""

import re
import struct
from typing import IO

from emulation.uploads.refusal import Refused

SNIFFED = 1024  # bytes in which readers look for the mark of a PDF, and browsers for a page
_MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?php)", re.IGNORECASE)
_END_RECORD = struct.Struct("<4s4H2LH")  # of an archive; its last field is the length of a comment


def check_single(file: IO[bytes]) -> None:
    """Raise Refused if the file would also be read as a web page or as an archive."""
    head = file.read(SNIFFED)
    file.seek(max(0, file.seek(0, 2) - _END_RECORD.size - 0xFFFF))
    tail = file.read()
    file.seek(0)
    for found in re.finditer(rb"PK\x05\x06", tail):
        record = tail[found.start() :][: _END_RECORD.size]
        length = len(tail) - found.start() - _END_RECORD.size
        if length >= 0 and _END_RECORD.unpack(record)[-1] == length:
            raise Refused("polyglot")
    if _MARKUP.search(head):
        raise Refused("polyglot")
