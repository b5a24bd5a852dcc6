"""Reads a file in a child process: hostile bytes may eat its memory and its time, not ours."""

import json
import os
import resource
import select
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from django.utils.translation import gettext as _

from emulation.importing import excel, word
from emulation.importing.table import FILE, Table, Unreadable, row_of


class Format(NamedTuple):
    """How a kind of file is read, and how it names a cell of (row, column, head)."""

    read: Callable[[bytes], Table]
    address: Callable[[int, int, str], str]


FORMATS = {
    "xlsx": Format(excel.read_excel, excel.address),
    "docx": Format(word.read_word, word.address),
}
_MEMORY = 768 * 1024 * 1024  # bytes on top of what the process has already
_SECONDS = 40
_BETWEEN_BEATS = 3.0  # seconds


def read(extension: str, content: bytes, beat: Callable[[], None] = lambda: None) -> Table:
    """Return the table of a file, read by a child process; `beat` is called while it reads.

    Raises Unreadable where no table can be read, also for a file that is too much to read.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _read_and_exit(FORMATS[extension].read, content, theirs)
    os.close(theirs)
    try:
        said = _answer(ours, beat)
    finally:
        os.close(ours)
        os.waitpid(child, 0)
    try:
        return _table(json.loads(said))
    except ValueError as error:
        too_much = _("Nội dung tệp quá lớn khi mở. Tách thành nhiều tệp rồi tải lên")
        raise Unreadable((FILE, too_much)) from error


def _answer(pipe: int, beat: Callable[[], None]) -> bytes:
    """Return all that comes out of a pipe; a silent one is waited for with beats."""
    said = b""
    while True:
        if not select.select([pipe], [], [], _BETWEEN_BEATS)[0]:
            beat()
            continue
        piece = os.read(pipe, 1 << 16)
        if not piece:
            return said
        said += piece


def _table(said: dict[str, Any]) -> Table:
    problems = [(address, text) for address, text in said["problems"]]
    if said["unreadable"]:
        raise Unreadable(*problems)
    return Table([row_of(kept) for kept in said["rows"]], problems, said["heads"])


def _plain(reader: Callable[[bytes], Table], content: bytes) -> dict[str, Any]:
    """Return what a reader found, as JSON carries it."""
    try:
        table = reader(content)
    except Unreadable as refused:
        return {"unreadable": True, "problems": refused.problems}
    rows = [row.plain() for row in table.rows]
    return {"unreadable": False, "rows": rows, "problems": table.problems, "heads": table.heads}


def _read_and_exit(
    reader: Callable[[bytes], Table], content: bytes, pipe: int
) -> NoReturn:  # pragma: no cover - runs in the child
    """Leave the process when it is said; touch nothing that belongs to the parent."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        memory = pages * resource.getpagesize() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        answer = json.dumps(_plain(reader, content)).encode()
        with os.fdopen(pipe, "wb") as out:
            out.write(answer)
    finally:
        os._exit(0)
