"""The way of one achievement through the made-up year, as acts with their hours."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from clusters.models import Unit, User
from emulation.models import Achievement, Evidence, Lateness, Review, Season, Target
from emulation.services import achievement as services
from emulation.services import review as reviews
from emulation.services.evidence import stamp_original
from emulation.services.thread import write_message
from emulation.services.withdrawal import withdraw_achievement
from journal.services import record
from reports.sample import movement_2026
from reports.sample.cards_2026 import CARDS
from reports.sample.cluster_2026 import HEAD
from reports.sample.deeds import Deed, Return
from reports.sample.deeds_a_to_c import A, B, C
from reports.sample.deeds_d_to_e import D, E
from reports.sample.deeds_f_to_g import F, G
from reports.sample.evidence_2026 import tell_of
from reports.sample.files import content_type, evidence
from reports.sample.write_2026 import Act, moment

RETURNED, REJECTED = Review.Decision.RETURNED, Review.Decision.REJECTED
VERIFIED = Review.Decision.VERIFIED
# What the secretary did (None: taken from the queue), and the working days it took.
Judgement = tuple[Review.Decision | None, int]
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
        returns, talk = self.deed.returns, list[Act]()
        for decision, days in self._decisions():
            back = returns.pop(0) if decision == RETURNED else None
            found += self._review(decision, found[-1][0], days, back)
            talk = talk or list(self._talk(found[-1][0]))
            if back and self.deed.outcome != "returned":
                found += self._complete(found[-1][0], back)
        if self.deed.outcome == "withdrawn":
            found.append((found[-1][0] + timedelta(minutes=50), self.withdraw))
        return found + talk

    def _decisions(self) -> list[Judgement]:
        again: list[Judgement] = [(RETURNED, 2)] if self.deed.again else []
        return [*again, *_DECISIONS[self.deed.outcome]]

    def _hours(self) -> Iterator[datetime]:
        """Yield the minutes in which the unit types, on the working day after the deed."""
        first, last = self.deed.days
        start = moment(_workday(last or first, 1), 8, 30) + timedelta(minutes=self.turn * 23 % 460)
        for step in range(20):
            yield start + timedelta(minutes=step * 4)

    def _review(
        self, decision: Review.Decision | None, sent: datetime, days: int, back: Return | None
    ) -> Iterator[Act]:
        """Yield what the secretary did, `days` working days after the unit sent it."""
        hour = moment(_workday(sent.date(), days), 9) + timedelta(minutes=self.turn * 17 % 400)
        yield (hour, self.take) if decision is None else (hour, self._judge(decision, back))

    def _talk(self, after: datetime) -> Iterator[Act]:
        """Yield the messages that unit and secretary wrote after the first return."""
        for step, (side, text) in enumerate(self.deed.talk, 1):
            by = self.staff if side == "unit" else self.secretary
            yield after + timedelta(minutes=step * 11), self._say(by, text)

    def _say(self, by: User, text: str) -> Callable[..., None]:
        def say(at: datetime) -> None:
            write_message(achievement=self._row(), by=by, text=text, at=at)

        return say

    def _complete(self, returned: datetime, back: Return) -> Iterator[Act]:
        """Yield how the unit completed it and sent it again."""
        again = moment(_workday(returned.date(), 2), 14) + timedelta(minutes=self.turn % 50)
        if "files" in back.notes:
            yield again, self._attach(EXTRA)
        if back.change:
            yield again + timedelta(minutes=3), self._change(back.change)
        yield again + timedelta(minutes=6), self.submit

    def _change(self, values: dict[str, Any]) -> Callable[..., None]:
        def change(at: datetime) -> None:
            row = self._row()
            self.row = services.change_achievement(
                achievement=row, by=self.staff, version=row.version, values=values,
                particulars={}, at=at,
            )  # fmt: skip

        return change

    def withdraw(self, at: datetime) -> None:
        """Take it back before anybody judged it."""
        self.row = withdraw_achievement(
            achievement=self._row(), by=self.staff, reason=self.deed.reason, at=at
        )

    def enter(self, at: datetime) -> None:
        """Enter the draft."""
        first, last = self.deed.days
        values: dict[str, Any] = {
            "category": self.deed.category, "title": self.deed.title,
            "description": self.deed.text, "started_on": first, "ended_on": last,
            "target": self.target, "quantity": self.deed.goal[1] if self.deed.goal else None,
            "drive": movement_2026.drive_of(self.season, self.deed.category, first),
        }  # fmt: skip
        more = self.deed.more | CARDS.get(self.deed.more.get("name", ""), {})
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
            tell_of(
                done, on=self.deed.days[0], turn=self.turn, is_counted=self.deed.goal is not None
            )
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
        self.row = reviews.submit_achievement(achievement=self._row(), by=self.staff, at=at)

    def take(self, at: datetime) -> None:
        """Have the secretary take it from the queue."""
        self.row = reviews.start_review(achievement=self._row(), by=self.secretary, at=at)

    def _judge(self, decision: Review.Decision, back: Return | None) -> Callable[..., None]:
        reason = back.reason if back else self.deed.reason

        def judge(at: datetime) -> None:
            if decision == VERIFIED and self.turn % 3 == 0:
                for file in self.files[:1]:
                    stamp_original(evidence=file, by=self.secretary, at=at)
            review = reviews.review_achievement(
                achievement=self._row(), by=self.secretary, decision=decision,
                revision=self._row().revision, at=at,
                reason="" if decision == VERIFIED else reason, notes=back.notes if back else {},
                deadline=_workday(at.date(), 7) if decision == RETURNED else None,
            )  # fmt: skip
            self.row = review.achievement

        return judge

    def dated_row(self) -> Achievement:
        """Return the stored row with the time at which the story entered it.

        The made-up year is open from end to end for whoever tries it, so nothing in it comes late
        by itself: what is to look late is marked here.
        """
        row = self._row()
        row.created_at = self.entered_at or row.created_at
        row.lateness = Lateness.GRACE if self.deed.is_late else ""
        return row

    def _row(self) -> Achievement:
        assert self.row, "entered first"
        return self.row


# Decisions with the working days they took; None: taken from the queue, not judged yet.
_DECISIONS: dict[str, tuple[Judgement, ...]] = {
    "verified": ((VERIFIED, 2),),
    "completed": ((RETURNED, 2), (VERIFIED, 2)),
    "submitted": (),
    "under_review": ((None, 1),),
    "returned": ((RETURNED, 3),),
    "sent_again": ((RETURNED, 2),),
    "rejected": ((REJECTED, 3),),
    "withdrawn": (),
}


def _workday(day: date, days: int) -> date:
    """Return the day so many working days later (weekends only; holidays are no matter here)."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
