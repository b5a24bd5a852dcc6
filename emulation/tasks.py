"""Background work: check the file of an import, write its rows, find what was left behind."""

import logging
from pathlib import PurePosixPath
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_ready
from django.core.exceptions import PermissionDenied
from django.db import Error
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from emulation import broker
from emulation.forms.importing import RowCheck, RowForms
from emulation.importing.reading import FORMATS, read
from emulation.importing.table import FILE, Problem, Row, Unreadable, in_reading_order, row_of
from emulation.models import Import, ImportState
from emulation.services import importing as services

logger = logging.getLogger(__name__)
# So many rows between two signs of life.
STEP = 50


class ClaimLost(Exception):  # noqa: N818 - named after what happened
    """Another worker took the row: this one stops and leaves no trace."""


def enqueue(pk: int) -> None:
    """Send an import to the queue; where it is not taken, the sweep sends it again."""
    if broker.send(run_import_task, pk):
        services.mark_sent(pk=pk)


@shared_task
def run_import_task(pk: int) -> None:
    """Check or write the import if nobody else does; a second delivery finds nothing to do."""
    held = services.claim(pk=pk)
    if held is None:
        return
    # What is said of the file is kept, and read by others.
    with translation.override("vi"):
        _run(held)


def _run(held: services.Claim) -> None:
    """Bring the claimed row to its next state, with the reason where it cannot go on."""
    try:
        row = Import.objects.select_related("season", "unit").get(pk=held.pk)
        if held.state == ImportState.CHECKING:
            _check(row, held)
        else:
            _write(row, held)
    except ClaimLost:
        logger.warning("import %s was taken over", held.pk)
    except Unreadable as refused:
        services.check_import(held=held, entries=[], problems=refused.problems)
    except PermissionDenied:
        _refuse(held, _("Kỳ đã đóng phần nhập khi xác nhận. Nhắn thư ký cụm"))
    except SoftTimeLimitExceeded:
        _refuse(held, _("Quá thời gian cho phép. Tách thành nhiều tệp rồi tải lên"))
    except Error:
        # The database was away: the row falls silent and is taken up again.
        logger.exception("import %s", held.pk)
    except Exception:
        logger.exception("import %s", held.pk)
        _refuse(held, _("Lỗi khi xử lý tệp, máy chủ đã ghi lại. Tải lên lại, hoặc báo quản trị"))


def _refuse(held: services.Claim, said: str) -> None:
    services.check_import(held=held, entries=[], problems=[(FILE, said)])


def _beat(held: services.Claim, rows: int | None = None, done: int | None = None) -> None:
    if not services.beat(held=held, rows=rows, done=done):
        raise ClaimLost


def _check(row: Import, held: services.Claim) -> None:
    """Read the file and judge every row; keep the rows, or what is wrong with them."""
    extension = PurePosixPath(row.name).suffix.lstrip(".").lower()
    with row.file.open("rb") as file:
        content = file.read()
    table = read(extension, content, lambda: _beat(held))
    judged = _judge(row, held, table.rows, table.heads, table.problems)
    services.check_import(
        held=held,
        entries=[line.plain() for line in table.rows],
        problems=in_reading_order(judged.problems),
        is_secret=judged.has_secret,
    )


def _judge(
    row: Import,
    held: services.Claim,
    lines: list[Row],
    heads: dict[str, int],
    problems: list[Problem],
) -> RowCheck:
    """Return all rows judged by the forms of today, with a sign of life now and then."""
    extension = PurePosixPath(row.name).suffix.lstrip(".").lower()
    check = RowCheck(
        RowForms(season=row.season, unit=row.unit, today=timezone.localdate()),
        heads=heads,
        address=FORMATS[extension].address,
        known=services.known_keys(row.season, row.unit),
        problems=problems,
    )
    for number, line in enumerate(lines):
        if number % STEP == 0:
            _beat(held, rows=len(lines), done=number)
        if check.is_full:
            break
        check.judge(line)
    return check


def _write(row: Import, held: services.Claim) -> None:
    """Judge the kept rows again, for the year went on, and write all of them or none."""
    lines = [row_of(kept) for kept in row.entries]
    judged = _judge(row, held, lines, {}, [])
    problems = judged.problems or services.write_import(held=held, entries=judged.entries)
    if problems:
        services.check_import(held=held, entries=[], problems=problems)


@shared_task
def sweep_imports_task() -> None:
    """Send imports again whose message was lost or whose worker was killed."""
    services.give_up()
    for pk in services.left_behind():
        enqueue(pk)


@worker_ready.connect
def sweep_at_start(**kwargs: Any) -> None:
    """A worker that comes back looks at once for what was left behind."""
    sweep_imports_task.apply_async(retry=False)
