"""The way of one achievement through the made-up year, as acts with their hours."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from clusters.models import Unit, User
from emulation.models import Achievement, Evidence, Review, Season, Target
from emulation.services import achievement as services
from journal.services import record
from reports.sample.cluster_2026 import HEAD
from reports.sample.deeds import Deed
from reports.sample.deeds_a_to_c import A, B, C
from reports.sample.deeds_d_to_e import D, E
from reports.sample.deeds_f_to_g import F, G
from reports.sample.files import content_type, evidence
from reports.sample.write_2026 import Act, moment

RETURNED, REJECTED = Review.Decision.RETURNED, Review.Decision.REJECTED
VERIFIED = Review.Decision.VERIFIED
EXTRA = "Bổ sung theo ý kiến thư ký.pdf"
DEEDS = {"A": A, "B": B, "C": C, "D": D, "E": E, "F": F, "G": G}


def tell(
    season: Season, units: dict[str, Unit], people: dict[str, User], kept: list[str]
) -> "list[Story]":
    """Return the stories of all units; a unit's deeds are judged by a secretary of another unit.

    `kept` takes the names of the files as they are stored.
    """
    targets = {
        (target.unit_id, target.order): target
        for target in Target.objects.filter(pledge__season=season, unit__isnull=False)
    }
    return [
        Story(
            deed=deed, turn=turn, season=season, unit=units[letter],
            staff=people[f"nhanvien.{letter.lower()}"],
            secretary=people["thuky.b" if letter == HEAD else "thuky"],
            target=targets[units[letter].pk, deed.goal[0]] if deed.goal else None, kept=kept,
        )
        for letter, deeds in DEEDS.items()
        for turn, deed in enumerate(deeds)
    ]  # fmt: skip


@dataclass
class Story:
    """A deed with the people of its unit; `turn` spreads the hours of the day."""

    deed: Deed
    turn: int
    season: Season
    unit: Unit
    staff: User
    secretary: User
    target: Target | None
    kept: list[str]
    row: Achievement | None = None
    entered_at: datetime | None = None
    files: list[Evidence] = field(default_factory=list)

    def acts(self) -> list[Act]:
        """Return what happened, in order: each with its hour and something that takes `at=`."""
        clock = self._hours()
        found: list[Act] = [(next(clock), self.enter)]
        found += [(next(clock), self._attach(name)) for name in self.deed.files]
        if self.deed.outcome == "draft":
            return found
        found.append((next(clock), self.submit))
        for decision, days in _DECISIONS[self.deed.outcome]:
            found += self._review(decision, found[-1][0], days)
            if decision == RETURNED and self.deed.outcome != "returned":
                found += self._complete(found[-1][0])
        return found

    def _hours(self) -> Iterator[datetime]:
        """Yield the minutes in which the unit types, on the working day after the deed."""
        first, last = self.deed.days
        start = moment(_workday(last or first, 1), 8, 30) + timedelta(minutes=self.turn * 23 % 460)
        for step in range(20):
            yield start + timedelta(minutes=step * 4)

    def _review(self, decision: Review.Decision | None, sent: datetime, days: int) -> Iterator[Act]:
        """Yield what the secretary did, `days` working days after the unit sent it."""
        hour = moment(_workday(sent.date(), days), 9) + timedelta(minutes=self.turn * 17 % 400)
        yield (hour, self.take) if decision is None else (hour, self._judge(decision))

    def _complete(self, returned: datetime) -> Iterator[Act]:
        """Yield how the unit completed it and sent it again."""
        again = moment(_workday(returned.date(), 2), 14) + timedelta(minutes=self.turn % 50)
        yield again, self._attach(EXTRA)
        yield again + timedelta(minutes=6), self.submit

    def enter(self, at: datetime) -> None:
        """Enter the draft."""
        first, last = self.deed.days
        values: dict[str, Any] = {
            "category": self.deed.category, "title": self.deed.title,
            "description": self.deed.text, "started_on": first, "ended_on": last,
            "target": self.target, "quantity": self.deed.goal[1] if self.deed.goal else None,
        }  # fmt: skip
        more = dict(self.deed.more)
        values["organization"] = more.pop("organization", "")
        self.entered_at = at
        self.row = services.enter_achievement(
            season=self.season, unit=self.unit, by=self.staff, values=values, particulars=more,
            key=uuid.uuid5(uuid.NAMESPACE_URL, f"{self.season.slug}/{self.unit.code}/{self.turn}"),
            at=at,
        )  # fmt: skip

    def _attach(self, name: str) -> Callable[..., None]:
        # Not through the service: it would open each of our own files in a process of its own.
        def attach(at: datetime) -> None:
            content = evidence(name, self.unit.name, self._facts())
            digest = hashlib.sha256(content).hexdigest()
            done = Evidence(
                achievement=self._row(), name=name, content_type=content_type(name),
                size=len(content), sha256=digest, uploaded_by=self.staff,
            )  # fmt: skip
            done.file.save(name, ContentFile(content), save=False)
            self.kept.append(str(done.file.name))
            done.save()
            done.uploaded_at = at
            self.files.append(done)
            record(
                verb="evidence.attach", subject=self._row(), by=self.staff, at=at,
                changes={"evidence": [None, name], "sha256": [None, digest]},
            )  # fmt: skip

        return attach

    def _facts(self) -> list[str]:
        """Return what a file tells of the deed."""
        facts = [f"Nội dung: {self.deed.title}.", f"Thời gian: {self.deed.when}/2026."]
        if self.deed.goal and self.target:
            facts.append(f"Kết quả: {self.deed.goal[1]} {self.target.measure}.")
        return [*facts, f"Diễn giải: {self.deed.text}"] if self.deed.text else facts

    def submit(self, at: datetime) -> None:
        """Send it to the secretariat."""
        self.row = services.submit_achievement(achievement=self._row(), by=self.staff, at=at)

    def take(self, at: datetime) -> None:
        """Have the secretary take it from the queue."""
        self.row = services.start_review(achievement=self._row(), by=self.secretary, at=at)

    def _judge(self, decision: Review.Decision) -> Callable[..., None]:
        def judge(at: datetime) -> None:
            review = services.review_achievement(
                achievement=self._row(), by=self.secretary, decision=decision,
                revision=self._row().revision, at=at,
                reason="" if decision == VERIFIED else self.deed.reason,
                deadline=_workday(at.date(), 7) if decision == RETURNED else None,
            )  # fmt: skip
            self.row = review.achievement

        return judge

    def dated_row(self) -> Achievement:
        """Return the stored row with the time at which the story entered it."""
        row = self._row()
        row.created_at = self.entered_at or row.created_at
        return row

    def _row(self) -> Achievement:
        assert self.row, "entered first"
        return self.row


# Decisions with the working days they took; None: taken from the queue, not judged yet.
_DECISIONS: dict[str, tuple[tuple[Review.Decision | None, int], ...]] = {
    "verified": ((VERIFIED, 2),),
    "completed": ((RETURNED, 2), (VERIFIED, 2)),
    "submitted": (),
    "under_review": ((None, 1),),
    "returned": ((RETURNED, 3),),
    "sent_again": ((RETURNED, 2),),
    "rejected": ((REJECTED, 3),),
}


def _workday(day: date, days: int) -> date:
    """Return the day so many working days later (weekends only; holidays are no matter here)."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
