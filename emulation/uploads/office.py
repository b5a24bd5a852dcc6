"""Office files: DOCX and XLSX, unpacked part by part."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

from emulation.uploads.names import MACRO_KINDS, PROGRAMS, suffix
from emulation.uploads.refusal import Refused

MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRIES = 200
MAX_RATIO = 100

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what a password turns DOCX and XLSX into
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_XML_SUFFIXES = {"xml", "rels"}  # not vml: Excel writes it as loosely as HTML, and nobody reads it
_MACRO_PARTS = {"vbaproject.bin", "vbadata.xml"}
_MACRO_FOLDERS = {"macrosheets", "activex"}
_CHUNK = 64 * 1024


def open_docx(file: IO[bytes]) -> None:
    """Raise Refused unless the file is a Word document."""
    _open_office(file.read(), "word/document.xml", "DOCX")


def open_xlsx(file: IO[bytes]) -> None:
    """Raise Refused unless the file is an Excel workbook."""
    _open_office(file.read(), "xl/workbook.xml", "XLSX")


def _open_office(content: bytes, main: str, kind: str) -> None:
    """Raise Refused unless the content is an Office archive with its main part, without macros.

    The parts keep their names inside the archive, are few, unpack to what they say, and declare no
    entities.
    """
    if content.startswith(_OLE):
        raise Refused("encrypted")
    if not content.startswith(b"PK\x03\x04"):
        raise Refused("mismatch", kind=kind)
    # Before zipfile builds an object for each; ten times, for what lies in embedded workbooks.
    if content.count(b"PK\x01\x02") > 10 * MAX_ENTRIES:
        raise Refused("unpacked")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(_is_macro(name) for name in names):
        raise Refused("macro", kind=kind)
    if "[Content_Types].xml" not in names or main not in names:
        raise Refused("mismatch", kind=kind)
    if len(parts) > MAX_ENTRIES:
        raise Refused("unpacked")
    if len(set(names)) < len(names) or not all(_is_safe(part) for part in parts):
        raise Refused("archive")
    _check_parts(content, parts, kind)


def _is_macro(name: str) -> bool:
    """Tell whether a part of an Office file is program code, or a file with such code."""
    *folders, base = name.lower().replace("\\", "/").split("/")
    in_macro_folder = not _MACRO_FOLDERS.isdisjoint(folders)
    return base in _MACRO_PARTS or in_macro_folder or suffix(base) in MACRO_KINDS


def _is_safe(part: zipfile.ZipInfo) -> bool:
    """Tell whether a part stays inside the archive's folder, is not locked, and is no program."""
    path = PurePosixPath(part.orig_filename.replace("\\", "/"))
    inside = not path.is_absolute() and ".." not in path.parts
    plain = part.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    locked = part.flag_bits & 0x1
    named = re.search(r"[:\x00-\x1f]", part.orig_filename) is None
    program = suffix(part.filename) in PROGRAMS - {"svg"}  # Word keeps drawings as SVG
    return inside and plain and named and not locked and not program


def _check_parts(content: bytes, parts: list[zipfile.ZipInfo], kind: str) -> None:
    """Unpack every part; raise Refused for too much of it, for false headers, and for bad XML."""
    left = min(MAX_UNPACKED, MAX_RATIO * len(content))
    for part in parts:
        head = b""
        size = crc = 0
        for chunk in _unpacked(content, part):
            head += chunk if len(head) < _CHUNK else b""
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            if size > left:
                raise Refused("unpacked")
        if (size, crc) != (part.file_size, part.CRC):
            raise Refused("archive")
        if head and suffix(part.filename) in _XML_SUFFIXES:
            _check_xml(head, kind)
        left -= size


def _unpacked(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in pieces until its packed bytes end, whatever length its header declares.

    `zipfile` stops at the declared length; the programs of those who download need not.
    """
    header = _LOCAL_HEADER.unpack_from(content, part.header_offset)
    start = part.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
    end = min(start + part.compress_size, len(content))
    pieces = (content[at : min(at + _CHUNK, end)] for at in range(start, end, _CHUNK))
    if part.compress_type == zipfile.ZIP_STORED:
        yield from pieces
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in pieces:
        packed = piece
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _CHUNK)
            packed = unpacker.unconsumed_tail
    yield unpacker.flush()


def _check_xml(head: bytes, kind: str) -> None:
    """Raise Refused if XML declares a document type or a macro, or is none.

    A document type stands before the first element, so the beginning tells; the rest is not
    parsed, for depth and length are no sin but cost memory and time. (The list of types fits.)
    """
    seen = []

    def refuse_doctype(*_declaration: object) -> None:
        raise Refused("doctype")

    def look_for_macros(tag: str, attributes: dict[str, str]) -> None:
        seen.append(tag)
        if "macroEnabled" in attributes.get("ContentType", ""):
            raise Refused("macro", kind=kind)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = look_for_macros
    parser.Parse(head, False)
    if not seen:
        raise Refused("unreadable")
