"""PDF files, judged in a child process."""

import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import IO, NoReturn

from emulation.uploads.polyglots import SNIFFED, check_single
from emulation.uploads.refusal import Refused

_LEADING = b"\xef\xbb\xbf\0\t\n\f\r "
# What the child may take: 2 kB of PDF can claim a gigabyte of tables, 16 MB of it fill two.
_MEMORY = 256 * 1024 * 1024  # bytes on top of what the process has already
_SECONDS = 8
_VERDICTS = ("", "unpacked", "unreadable", "encrypted", "active", "attachment")  # by exit status


def open_pdf(file: IO[bytes]) -> None:
    """Raise Refused unless the file is one PDF with pages, open to all, that starts nothing."""
    if not file.read(SNIFFED).lstrip(_LEADING).startswith(b"%PDF-"):
        raise Refused("mismatch", kind="PDF")
    file.seek(0)
    check_single(file)
    if code := _verdict(file.read()):
        raise Refused(code)


def _verdict(content: bytes) -> str:
    """Return the code of why a PDF is refused, "" if it is not.

    A child that runs out of memory or of time, or breaks down, has met too much.
    """
    # Heavy (a native library, 0.2 s), and most processes meet no PDF. Loaded before the fork, so
    # that it is loaded once.
    from emulation.uploads import documents  # noqa: PLC0415

    child = os.fork()
    if child == 0:
        _judge_and_exit(documents.refusal, content)
    _pid, status = os.waitpid(child, 0)
    return _VERDICTS[os.WEXITSTATUS(status)] if os.WIFEXITED(status) else "unpacked"


def _judge_and_exit(
    judge: Callable[[bytes], str], content: bytes
) -> NoReturn:  # pragma: no cover - runs in the child
    """Leave the process with the verdict; touch nothing that belongs to the parent."""
    code = "unpacked"
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        memory = pages * resource.getpagesize() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        code = judge(content)
    finally:
        os._exit(_VERDICTS.index(code))
