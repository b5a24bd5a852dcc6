"""Several at once at the same file: one row, one stored file, none left behind and none lost."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import connection

from emulation.models import Achievement, Evidence
from emulation.services import achievement as entries
from emulation.services import evidence as ledger
from journal.models import Event
from tests import world as w

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]
ROUNDS = 8


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> w.World:
    settings.MEDIA_ROOT = tmp_path
    return w.build()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that begin together; return what each returned or was refused."""
    found: list[Any] = [None] * len(acts)
    gate = Barrier(len(acts))

    def run(place: int) -> None:
        try:
            gate.wait()
            found[place] = acts[place]()
        except (ValidationError, PermissionDenied, ObjectDoesNotExist) as error:
            found[place] = getattr(error, "code", "") or type(error).__name__
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def stored(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def names() -> set[str]:
    return {str(name) for name in Evidence.objects.values_list("file", flat=True)}


def put(world: w.World, achievement: Achievement, colour: Any = "white") -> Evidence:
    file = w.picture(colour)
    return ledger.attach_evidence(
        achievement=achievement, by=world.an, name="anh.png", file=file,
        size=file.getbuffer().nbytes,
    )  # fmt: skip


def test_two_uploads_of_the_same_file_make_one_row(world: w.World, tmp_path: Path) -> None:
    achievement = w.draft(world)
    for number in range(ROUNDS):
        before = Event.objects.count()

        def act(number: int = number) -> Evidence:
            return put(world, Achievement.objects.get(pk=achievement.pk), (number, 0, 0))

        found = at_once(act, act, act)
        assert sorted(map(str, found)) == ["anh.png", "doubled", "doubled"]
        assert Event.objects.count() == before + 1
    assert achievement.evidence.count() == ROUNDS
    assert stored(tmp_path) == names()


def test_no_more_than_twenty_files(world: w.World, tmp_path: Path) -> None:
    achievement = w.draft(world)
    for number in range(ledger.MAX_FILES - 1):
        put(world, achievement, (0, number, 0))

    def act(number: int) -> Callable[[], Evidence]:
        return lambda: put(world, Achievement.objects.get(pk=achievement.pk), (number, 1, 1))

    found = at_once(*(act(number) for number in range(4)))
    assert sorted(map(str, found)) == ["anh.png", "too_many", "too_many", "too_many"]
    assert stored(tmp_path) == names()


def test_first_files_of_a_new_achievement_share_one_draft(world: w.World) -> None:
    for _ in range(ROUNDS):
        key = w.uuid4()

        def act(key: Any = key) -> int:
            row = entries.enter_achievement(
                season=world.season, unit=world.a, by=world.an, key=key,
                values={"category": "advisory"}, particulars={},
            )  # fmt: skip
            return row.pk

        found = at_once(act, act, act)
        assert len(set(found)) == 1
        assert Achievement.objects.filter(entry_key=key).count() == 1


def test_the_last_two_users_of_a_file_remove_it_once(world: w.World, tmp_path: Path) -> None:
    """Each sees the other's row gone: the file goes with the second one, whoever that is."""
    for number in range(ROUNDS):
        first = put(world, w.draft(world), (number, 0, 0))
        second = ledger.reuse_evidence(achievement=w.draft(world), source=first, by=world.an)

        def removal(row: Evidence) -> Callable[[], None]:
            return lambda: ledger.remove_evidence(evidence=row, by=world.an)

        at_once(removal(first), removal(second))
        assert not Evidence.objects.filter(pk__in=[first.pk, second.pk]).exists()
        assert stored(tmp_path) == set()


def test_removal_and_reuse_leave_no_row_without_its_file(world: w.World, tmp_path: Path) -> None:
    for number in range(ROUNDS):
        source, target = put(world, w.draft(world), (number, 0, 0)), w.draft(world)
        found = at_once(
            lambda source=source: ledger.remove_evidence(evidence=source, by=world.an),
            lambda source=source, target=target: ledger.reuse_evidence(
                achievement=target, source=source, by=world.an
            ),
        )
        assert str(found[1]) in {"anh.png", "gone", "PermissionDenied"}
        assert target.evidence.exists() == (str(found[1]) == "anh.png")
        assert stored(tmp_path) == names()


def test_an_original_is_stamped_once(world: w.World) -> None:
    for number in range(ROUNDS):
        row = w.proof(world, title=f"Báo cáo {number}")
        before = Event.objects.count()

        def act(row: Evidence = row) -> Evidence:
            return ledger.stamp_original(evidence=row, by=world.thu)

        assert sorted(map(str, at_once(act, act))) == ["anh.png", "stamped"]
        assert Event.objects.count() == before + 1


def test_two_descriptions_never_overwrite_each_other(world: w.World) -> None:
    row = put(world, w.draft(world))
    seen = ledger.ledger_state(row)

    def act(page: str) -> Callable[[], Evidence]:
        return lambda: ledger.describe_evidence(
            evidence=row, by=world.an, values={"page": page}, seen=seen
        )

    found = at_once(act("1"), act("2"), act("3"))
    assert sorted(map(str, found)) == ["anh.png", "stale", "stale"]
