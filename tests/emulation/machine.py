"""Achievements driven through random acts by random people, against a model in plain Python.

The model says of every act beforehand whether it happens, changes nothing, or why it is refused.
`Machine` then holds the database to it: an act that happens leaves exactly one entry in the
journal and follows TRANSITIONS; whatever is refused leaves every table as it was.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from clusters.models import Role, User
from emulation.models import (
    Achievement,
    Evidence,
    LateCode,
    Message,
    Phase,
    Review,
    ReviewNote,
    Revision,
    Season,
)
from emulation.models.achievement import TRANSITIONS
from emulation.services import achievement as achievements
from emulation.services import copying, evidence, review, thread, withdrawal
from emulation.services.closing import close_season
from journal.models import Event
from tests import world as w

TABLES = (Achievement, Evidence, Message, Review, ReviewNote, Revision, Season)
REASON = "Nêu rõ lý do cho đủ hai mươi ký tự"
OK, SAME, FORBIDDEN = "ok", "same", "forbidden"

# Said once more here, so that a change of the rule is a change of this test.
OPENS = {
    "title": {"title"},
    "description": {"description"},
    "started_on": {"started_on", "ended_on"},
    "quantity": {"quantity", "target", "files"},
    "target": {"quantity", "target", "files"},
    "files": {"files"},
}
STAFF = {"an": "a", "anh": "a", "binh": "b"}
SECRETARIES = {"thu": "c", "ha": "a"}  # with the unit where they are at home
PEOPLE = ("an", "anh", "binh", "thu", "ha", "lan", "quang", "khach", "far_secretary")
MAX_RETURNS = 1
WAITING, PRIVATE = ("submitted", "under_review"), ("draft", "withdrawn")
CONTENT = {
    "title": ["Báo cáo tháng", "Báo cáo quý", ""],
    "description": ["", "Nói rõ cách làm"],
    "started_on": [w.DAY, w.DAY + timedelta(days=1), None],
    "ended_on": [None, w.DAY + timedelta(days=2)],
    "quantity": [None, Decimal("3.00"), Decimal("0.00")],
}

UNIT_PEOPLE = ["an"] * 24 + ["anh", "binh", *PEOPLE]
DESK_PEOPLE = ["thu"] * 24 + ["ha", *PEOPLE]
MOMENTS = ["open"] * 20 + ["last", "over", "grace", "after", "early", "end"]
PICKS = range(6)
COLOURS = ["red", "blue", "white"]
FULL = {"title": "Báo cáo tháng", "started_on": w.DAY}
CONTENTS: list[dict[str, Any]] = [
    {},
    *({name: value} for name, found in CONTENT.items() for value in found),
    *({"title": title, "description": "Viết lại"} for title in CONTENT["title"]),
    FULL | {"quantity": Decimal("3.00")},
    FULL | {"ended_on": CONTENT["ended_on"][1]},
]
NOTES = [
    *({name} for name in OPENS),
    {"title", "files"},
    {"description", "quantity"},
    set(),
    {"state"},
]
Needs = Callable[["Machine"], Any]
# Every act by its name: when it can be tried, and from what its arguments are taken.
ACTS: dict[str, tuple[Needs, dict[str, Sequence[Any]]]] = {}
# What `wander` does more often than the rest: it leads on, where others end a story.
AFTER_THE_END = 10
OFTEN = {"change": 3, "attach": 2, "submit": 4, "judge": 5, "talk": 2, "reopen": 2}


def act(needs: Needs, **options: Sequence[Any]) -> Callable[[Callable[..., None]], Any]:
    """Make a method of the machine an act that Hypothesis and `wander` choose."""

    def register(method: Callable[..., None]) -> Any:
        ACTS[method.__name__] = needs, options
        given = {name: st.sampled_from(found) for name, found in options.items()}
        return precondition(needs)(rule(**given)(method))

    return register


def always(_machine: "Machine") -> bool:
    return True


def has_rows(machine: "Machine") -> bool:
    return bool(machine.rows)


def has_files(machine: "Machine") -> bool:
    return any(row.files for row in machine.rows)


def has_withdrawn(machine: "Machine") -> bool:
    return any(row.state == "withdrawn" for row in machine.rows)


def has_gone_on(machine: "Machine") -> bool:
    return machine.steps > 20


@dataclass
class File:
    pk: int
    colour: str
    page: str = ""
    is_stamped: bool = False


@dataclass
class Row:
    """What the model knows of one achievement."""

    pk: int
    unit: str
    by: str
    key: UUID
    values: dict[str, Any]
    state: str = "draft"
    revision: int = 0
    version: int = 1
    lateness: str = ""
    was_sent: bool = False
    returns: int = 0
    noted: set[str] = field(default_factory=set)
    files: list[File] = field(default_factory=list)
    said: tuple[str, str, datetime] | None = None
    continues: int | None = None
    is_copy: bool = False

    @property
    def open(self) -> set[str] | None:
        """The parts that may change; None: all."""
        if self.state == "draft":
            return None
        return set().union(*(OPENS[name] for name in self.noted)) if self.noted else set()

    @property
    def is_complete(self) -> bool:
        given = self.values
        has_quantity, has_target = given["quantity"] is not None, given["target"] is not None
        unproven = given["quantity"] and not self.files
        return bool(
            given["title"] and given["started_on"] and has_quantity == has_target and not unproven
        )


class Machine(RuleBasedStateMachine):
    """One season with two units at work; each run begins anew and leaves nothing behind."""

    def __init__(self, tally: Counter[tuple[str, str]] | None = None) -> None:
        super().__init__()
        self.tally = Counter() if tally is None else tally
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.world = w.build()
        self.people: dict[str, User] = {
            name: getattr(self.world, name) for name in PEOPLE if name != "ha"
        }
        self.people["ha"] = w.person("ha", "Ngô Thị Hà")
        w.appoint(
            self.people["ha"], Role.SECRETARY, unit=self.world.a, cluster=self.world.season.cluster
        )
        self.source = w.last_year(self.world)
        self.rows: list[Row] = []
        self.is_closed = False
        self.steps = 0
        self.last: Any = None
        self._phases()

    def _phases(self) -> None:
        """Entering ends with two days of grace; unit A has a late code; verifying goes on."""
        self.now = timezone.now().replace(microsecond=0)
        season, start, end = self.world.season, self._day(-100), self._day(-10)
        season.phases.all().delete()
        season.max_returns = MAX_RETURNS
        season.save()
        common = {"season": season, "start": start}
        Phase.objects.create(
            **common, name="Nhập", end=end, grace_hours=48, enter=True, submit=True
        )
        Phase.objects.create(**common, name="Thẩm định", end=self._day(20), verify=True)
        LateCode.objects.create(
            season=season, unit=self.world.a, code="MUON", until=self._day(-2), reason="Mất điện",
            by=self.world.thu, at=start, redeemed_by=self.world.an, redeemed_at=start,
        )  # fmt: skip
        self.moments = {
            "early": self._day(-200), "open": self._day(-50), "over": end, "grace": self._day(-9),
            "last": end - timedelta(seconds=1), "after": self._day(-5), "end": self._day(20),
        }  # fmt: skip

    def _day(self, days: int) -> datetime:
        return self.now + timedelta(days=days)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # What the model says

    def lateness(self, unit: str, when: str) -> str | None:
        """How late it is to enter and send, None where that is closed."""
        if self.is_closed or when == "end":
            return None
        if when in ("early", "after"):
            return "code" if unit == "a" else None
        return "grace" if when in ("over", "grace") else ""

    def verifies(self, when: str) -> bool:
        return not self.is_closed and when not in ("early", "end")

    def edits(self, row: Row, who: str, when: str) -> bool:
        if STAFF.get(who) != row.unit or row.state not in ("draft", "returned"):
            return False
        if row.state == "returned":
            return self.verifies(when)
        return self.lateness(row.unit, when) is not None

    def attends(self, row: Row, who: str, when: str) -> str:
        """Whether the files of a row may be touched."""
        if not self.edits(row, who, when):
            return FORBIDDEN
        return OK if row.open is None or "files" in row.open else "part_locked"

    def judges(self, row: Row, who: str) -> bool:
        return who in SECRETARIES and SECRETARIES[who] != row.unit

    # How an act is tried

    def row(self, pick: int, *states: str) -> Row:
        """One of the rows in those states most of the time, else any; the newest first."""
        fit = [row for row in self.rows if row.state in states] if pick < 4 else []
        found = fit or self.rows
        return found[-1 - pick % len(found)]

    def stored(self, row: Row) -> Achievement:
        return Achievement.objects.get(pk=row.pk)

    def image(self) -> tuple[dict[str, list[Any]], int]:
        tables = {t.__name__: list(t._default_manager.order_by("pk").values()) for t in TABLES}
        return tables, Event.objects.count()

    def attempt(self, act: str, expected: str, call: Callable[[], Any], row: Row | None) -> Any:
        """Run the act and hold its outcome to what the model expects."""
        before = self.last = self.last or self.image()
        self.steps += 1
        try:
            with transaction.atomic():
                result, outcome = call(), OK
        except PermissionDenied:
            result, outcome = None, FORBIDDEN
        except ValidationError as error:
            result, outcome = None, code_of(error)
        assert outcome == (OK if expected == SAME else expected), (act, outcome, expected)
        self.tally[act, expected] += 1
        self.last = self.image()
        if expected != OK:
            assert self.last == before, f"{act}: {outcome} left a trace"
            return result
        assert self.last[1] == before[1] + 1, f"{act}: not one entry in the journal"
        self._moved(before, self.last)
        self._journalled(act, row)
        return result

    def _moved(self, before: Any, after: Any) -> None:
        old, new = (
            {row["id"]: row["state"] for row in image[0]["Achievement"]}
            for image in (before, after)
        )
        for pk, state in new.items():
            was = old.get(pk, state if state == "draft" else None)
            assert was == state or state in TRANSITIONS[was], (was, state)

    def _journalled(self, act: str, about: Any) -> None:
        event = Event.objects.latest("number")
        verb, who = act.split(" ")
        assert (event.verb, event.actor_id) == (verb, self.people[who].pk)
        if isinstance(about, Row):
            assert (event.subject_kind, event.subject_id) == (
                "emulation.achievement",
                str(about.pk),
            )

    def holds(self, row: Row) -> None:
        """Compare a row with the model, part by part."""
        found = self.stored(row)
        names = ("state", "revision", "version", "lateness", *CONTENT, "target")
        given = {**vars(row), **row.values}
        assert {n: getattr(found, n) for n in names} == {n: given[n] for n in names}
        files = found.evidence.order_by("pk").values_list("pk", "page", "original_seen_at")
        assert [(pk, page, bool(seen)) for pk, page, seen in files] == [
            (file.pk, file.page, file.is_stamped) for file in row.files
        ]
        # Each sending is kept, and each review names a revision that was.
        kept = set(found.revisions.values_list("number", flat=True))
        assert kept == set(range(1, row.revision + 1))
        assert set(found.reviews.values_list("revision", flat=True)) <= kept
        assert found.reviews.filter(decision="returned").count() == row.returns

    def began(self, made: Achievement, unit: str, who: str, **values: Any) -> Row:
        given = {name: found[0] for name, found in CONTENT.items()}
        given |= {"title": "", "started_on": None, "target": None, **values}
        row = Row(made.pk, unit, who, made.entry_key, given)
        self.rows.append(row)
        return row

    # What the unit does

    @initialize(sent=st.integers(0, 3), returned=st.booleans())
    def begin(self, sent: int, returned: bool) -> None:
        """Some achievements that lie with the secretariat, one perhaps back with its unit."""
        for _ in range(sent):
            self.enter("an", "open", {}, True, 5)
            self.attach(0, "an", "open", "red")
            self.submit(0, "an", "open")
        if sent and returned:
            self.judge(0, "thu", "open", "returned", {"title", "files"}, False, REASON, 0)

    @act(
        always,
        who=UNIT_PEOPLE,
        when=MOMENTS,
        values=CONTENTS,
        whole=[True, True, True, False],
        key=PICKS,
    )
    def enter(self, who: str, when: str, values: dict[str, Any], whole: bool, key: int) -> None:
        unit = STAFF.get(who, "a")
        known = self.rows[key] if key < min(2, len(self.rows)) else None
        if known:
            expected = SAME if known.by == who else FORBIDDEN
        else:
            is_open = self.lateness(unit, when) is not None
            expected = OK if who in STAFF and is_open else FORBIDDEN
        given = (FULL if whole else {}) | values
        entry_key = known.key if known else uuid4()
        made = self.attempt(
            f"achievement.enter {who}", expected,
            lambda: achievements.enter_achievement(
                season=self.world.season, unit=getattr(self.world, unit), by=self.people[who],
                key=entry_key, values=given | {"category": "advisory"}, particulars={},
                at=self.moments[when],
            ), None,
        )  # fmt: skip
        if expected == OK:
            self.holds(self.began(made, unit, who, **({"title": ""} | given)))
        elif known:
            assert made is None or made.pk == known.pk

    @act(
        has_rows,
        pick=PICKS,
        who=UNIT_PEOPLE,
        when=MOMENTS,
        values=CONTENTS,
        aims=[False, False, True],
        stale=[0, 0, 0, 0, -1],
    )
    def change(
        self, pick: int, who: str, when: str, values: dict[str, Any], aims: bool, stale: int
    ) -> None:
        row = self.row(pick, "returned", "draft")
        if aims and row.unit == "a":
            values = values | {"target": self.world.target, "quantity": Decimal("3.00")}
        different = {name for name, value in values.items() if row.values[name] != value}
        after = row.values | values
        if not self.edits(row, who, when):
            expected = FORBIDDEN
        elif stale:
            expected = "stale"
        elif row.open is not None and different - row.open:
            expected = "part_locked"
        elif row.state == "returned" and not (after["title"] and after["started_on"]):
            expected = "missing"
        else:
            expected = OK if different else SAME
        self.attempt(
            f"achievement.change {who}", expected,
            lambda: achievements.change_achievement(
                achievement=self.stored(row), by=self.people[who], version=row.version + stale,
                values=values, particulars={}, at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.values, row.version = after, row.version + 1
        self.holds(row)

    @act(has_rows, pick=PICKS, who=UNIT_PEOPLE, when=MOMENTS, colour=COLOURS)
    def attach(self, pick: int, who: str, when: str, colour: str) -> None:
        row = self.row(pick, "returned", "draft")
        expected = self.attends(row, who, when)
        if expected == OK and colour in {file.colour for file in row.files}:
            expected = "doubled"
        file = w.picture(colour)
        made = self.attempt(
            f"evidence.attach {who}", expected,
            lambda: evidence.attach_evidence(
                achievement=self.stored(row), by=self.people[who], name=f"{colour}.png", file=file,
                size=file.getbuffer().nbytes, at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.files.append(File(made.pk, colour))
        self.holds(row)

    @act(has_files, pick=PICKS, who=UNIT_PEOPLE, when=MOMENTS)
    def remove(self, pick: int, who: str, when: str) -> None:
        row, file = self.file(pick, "draft", "returned")
        expected = self.attends(row, who, when)
        self.attempt(
            f"evidence.remove {who}", expected,
            lambda: evidence.remove_evidence(
                evidence=Evidence.objects.get(pk=file.pk), by=self.people[who],
                at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.files.remove(file)
        self.holds(row)

    def file(self, pick: int, *states: str) -> tuple[Row, File]:
        """One of the files, of rows in those states most of the time."""
        known = [(row, file) for row in self.rows for file in row.files]
        fit = [(row, file) for row, file in known if row.state in states] if pick < 4 else []
        found = fit or known
        return found[-1 - pick % len(found)]

    @act(
        has_files,
        pick=PICKS,
        who=UNIT_PEOPLE,
        when=MOMENTS,
        page=["", "1", "2"],
        stale=[False, False, False, True],
    )
    def describe(self, pick: int, who: str, when: str, page: str, stale: bool) -> None:
        row, file = self.file(pick, "draft", "returned")
        expected = self.attends(row, who, when)
        if expected == OK and page == file.page:
            expected = SAME
        elif expected == OK and file.is_stamped:
            expected = "stamped"
        elif expected == OK and stale:
            expected = "stale"
        stored = Evidence.objects.get(pk=file.pk)
        seen = "" if stale else evidence.ledger_state(stored)
        self.attempt(
            f"evidence.describe {who}", expected,
            lambda: evidence.describe_evidence(
                evidence=stored, by=self.people[who], values={"page": page}, seen=seen,
                at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            file.page = page
        self.holds(row)

    @act(has_files, pick=PICKS, file=PICKS, who=UNIT_PEOPLE, when=MOMENTS)
    def reuse(self, pick: int, file: int, who: str, when: str) -> None:
        row, (owner, source) = self.row(pick), self.file(file)
        expected = self.attends(row, who, when)
        if expected == OK and owner.unit != row.unit:
            expected = FORBIDDEN
        elif expected == OK and source.colour in {mine.colour for mine in row.files}:
            expected = "doubled"
        made = self.attempt(
            f"evidence.reuse {who}", expected,
            lambda: evidence.reuse_evidence(
                achievement=self.stored(row), source=Evidence.objects.get(pk=source.pk),
                by=self.people[who], at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.files.append(File(made.pk, source.colour, source.page))
        self.holds(row)

    @act(has_rows, pick=PICKS, who=UNIT_PEOPLE, when=MOMENTS)
    def submit(self, pick: int, who: str, when: str) -> None:
        row = self.row(pick, "returned", "draft")
        lateness = self.lateness(row.unit, when)
        is_open = self.verifies(when) if row.state == "returned" else lateness is not None
        if STAFF.get(who) != row.unit:
            expected = FORBIDDEN
        elif row.state not in ("draft", "returned"):
            expected = "transition"
        elif not is_open:
            expected = "closed"
        else:
            expected = OK if row.is_complete else "missing"
        self.attempt(
            f"achievement.submit {who}", expected,
            lambda: review.submit_achievement(
                achievement=self.stored(row), by=self.people[who], at=self.moments[when]
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.lateness = row.lateness if row.state == "returned" else lateness or ""
            row.state, row.was_sent = "submitted", True
            row.revision, row.version = row.revision + 1, row.version + 1
            content = Revision.objects.get(achievement=row.pk, number=row.revision).content
            assert content["facts"]["title"] == row.values["title"]
            assert len(content["files"]) == len(row.files)
        self.holds(row)

    @act(has_rows, pick=PICKS, who=UNIT_PEOPLE, when=MOMENTS, reason=["", "nhầm", REASON])
    def withdraw(self, pick: int, who: str, when: str, reason: str) -> None:
        row = self.row(pick)
        if STAFF.get(who) != row.unit:
            expected = FORBIDDEN
        elif row.state not in ("draft", "submitted", "under_review", "returned"):
            expected = "transition"
        elif self.is_closed:
            expected = "closed"
        else:
            expected = OK if row.state == "draft" or reason == REASON else "reason"
        self.attempt(
            f"achievement.withdraw {who}", expected,
            lambda: withdrawal.withdraw_achievement(
                achievement=self.stored(row), by=self.people[who], reason=reason,
                at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.state, row.version, row.noted = "withdrawn", row.version + 1, set()
        self.holds(row)

    @act(has_withdrawn, pick=PICKS, who=UNIT_PEOPLE, when=MOMENTS)
    def reopen(self, pick: int, who: str, when: str) -> None:
        row = next(row for row in self.rows if row.state == "withdrawn")
        row = self.row(pick) if pick > 3 else row
        if STAFF.get(who) != row.unit:
            expected = FORBIDDEN
        elif row.state != "withdrawn":
            expected = "transition"
        else:
            expected = OK if self.lateness(row.unit, when) is not None else "closed"
        self.attempt(
            f"achievement.reopen {who}", expected,
            lambda: withdrawal.reopen_achievement(
                achievement=self.stored(row), by=self.people[who], at=self.moments[when]
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.state, row.version = "draft", row.version + 1
        self.holds(row)

    @act(always, who=UNIT_PEOPLE, when=MOMENTS)
    def copy(self, who: str, when: str) -> None:
        unit = STAFF.get(who, "a")
        alive = [row for row in self.rows if row.is_copy and row.state != "withdrawn"]
        if who not in STAFF or self.lateness(unit, when) is None or unit != "a":
            expected = FORBIDDEN
        else:
            expected = SAME if alive else OK
        made = self.attempt(
            f"achievement.copy {who}", expected,
            lambda: copying.copy_achievement(
                source=self.source, season=self.world.season, unit=getattr(self.world, unit),
                by=self.people[who], at=self.moments[when],
            ), None,
        )  # fmt: skip
        if expected == OK:
            row = self.began(made, unit, who, title=self.source.title)
            row.is_copy = True
            self.holds(row)
        elif expected == SAME:
            assert made.pk in {row.pk for row in alive}

    @act(has_rows, pick=PICKS, who=UNIT_PEOPLE, when=MOMENTS)
    def go_on(self, pick: int, who: str, when: str) -> None:
        source, unit = self.row(pick), STAFF.get(who, "a")
        last = self.end_of_chain(source)
        if who not in STAFF or self.lateness(unit, when) is None or unit != source.unit:
            expected = FORBIDDEN
        elif last is not source and last.state == "draft":
            expected = SAME
        else:
            can = last.state not in (*PRIVATE, "rejected")
            expected = OK if can else "continue"
        made = self.attempt(
            f"achievement.enter {who}", expected,
            lambda: copying.continue_achievement(
                source=self.stored(source), season=self.world.season,
                unit=getattr(self.world, unit), by=self.people[who], at=self.moments[when],
            ), None,
        )  # fmt: skip
        if expected == OK:
            kept = {name: last.values[name] for name in ("title", "description", "target")}
            row = self.began(made, unit, who, **kept)
            row.continues = last.pk
            self.holds(row)
        elif expected == SAME:
            assert made.pk == last.pk

    def end_of_chain(self, source: Row) -> Row:
        chain, after = [source], {row.continues: row for row in self.rows if row.continues}
        while chain[-1].pk in after:
            chain.append(after[chain[-1].pk])
        return [row for row in chain if row is source or row.state != "withdrawn"][-1]

    # What the secretariat does

    @act(has_rows, pick=PICKS, who=DESK_PEOPLE, when=MOMENTS)
    def start(self, pick: int, who: str, when: str) -> None:
        row = self.row(pick, "submitted")
        if not (self.judges(row, who) and row.state in WAITING and self.verifies(when)):
            expected = FORBIDDEN
        else:
            expected = OK if row.state == "submitted" else "transition"
        self.attempt(
            f"achievement.start_review {who}", expected,
            lambda: review.start_review(
                achievement=self.stored(row), by=self.people[who], at=self.moments[when]
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.state = "under_review"
        self.holds(row)

    @act(
        has_rows,
        pick=PICKS,
        who=DESK_PEOPLE,
        when=MOMENTS,
        decision=["returned"] * 3 + ["verified", "rejected"],
        notes=NOTES,
        bare=[True, True, False],
        reason=[REASON, REASON, REASON, "ngắn"],
        old=[0, 0, 0, 0, 1],
    )
    def judge(
        self,
        pick: int,
        who: str,
        when: str,
        decision: str,
        notes: set[str],
        bare: bool,
        reason: str,
        old: int,
    ) -> None:
        row = self.row(pick, "submitted", "under_review")
        notes = set() if decision != "returned" and bare else notes
        expected = self.judged(row, who, when, decision, notes, reason, old)
        self.attempt(
            f"achievement.{decision} {who}", expected,
            lambda: review.review_achievement(
                achievement=self.stored(row), by=self.people[who],
                decision=Review.Decision(decision), revision=row.revision - old, reason=reason,
                notes=dict.fromkeys(notes, "Cần rõ hơn"), at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.state, row.version = decision, row.version + 1
            row.noted = notes
            row.returns += decision == "returned"
            assert (
                set(
                    ReviewNote.objects.filter(
                        review__achievement=row.pk, review__revision=row.revision
                    ).values_list("field", flat=True)
                )
                == notes
            )
        self.holds(row)

    def judged(
        self, row: Row, who: str, when: str, decision: str, notes: set[str], reason: str, old: int
    ) -> str:
        if not self.judges(row, who):
            return FORBIDDEN
        if row.state not in WAITING:
            return "transition"
        if old:
            return "stale"
        if not self.verifies(when):
            return "closed"
        if decision != "verified" and reason != REASON:
            return "reason"
        if decision != "returned":
            return "notes" if notes else OK
        if row.returns >= MAX_RETURNS:
            return "returns"
        return OK if notes and "state" not in notes else "notes"

    @act(has_files, pick=PICKS, who=DESK_PEOPLE, when=MOMENTS)
    def stamp(self, pick: int, who: str, when: str) -> None:
        row, file = self.file(pick, *WAITING)
        if not self.judges(row, who) or row.state in PRIVATE or self.is_closed:
            expected = FORBIDDEN
        else:
            expected = "stamped" if file.is_stamped else OK
        self.attempt(
            f"evidence.stamp {who}", expected,
            lambda: evidence.stamp_original(
                evidence=Evidence.objects.get(pk=file.pk), by=self.people[who],
                at=self.moments[when],
            ), row,
        )  # fmt: skip
        if expected == OK:
            file.is_stamped = True
        self.holds(row)

    @act(
        has_rows,
        pick=PICKS,
        who=[*UNIT_PEOPLE, *DESK_PEOPLE],
        when=MOMENTS,
        text=["", "Đã rõ", "Xem lại trang hai"],
    )
    def talk(self, pick: int, who: str, when: str, text: str) -> None:
        row, at = self.row(pick), self.moments[when]
        is_party = STAFF.get(who) == row.unit or who in SECRETARIES
        if self.is_closed or not row.was_sent or row.state in PRIVATE or not is_party:
            expected = FORBIDDEN
        elif not text:
            expected = "empty"
        else:
            again = row.said and row.said[:2] == (who, text)
            is_second_click = again and abs(at - row.said[2]) < timedelta(minutes=10)
            expected = SAME if is_second_click else OK
        self.attempt(
            f"achievement.message {who}", expected,
            lambda: thread.write_message(
                achievement=self.stored(row), by=self.people[who], text=text, at=at
            ), row,
        )  # fmt: skip
        if expected == OK:
            row.said = (who, text, at)
        self.holds(row)

    @act(has_gone_on, who=["lan", "thu", "an", "quang"], really=[False] * 4 + [True])
    def close(self, who: str, really: bool) -> None:
        if not really:
            return
        if self.is_closed:
            expected = "closed"
        elif who not in ("lan", "thu"):
            expected = FORBIDDEN
        else:
            expected = "waiting" if any(row.state in WAITING for row in self.rows) else OK
        self.attempt(
            f"season.close {who}", expected,
            lambda: close_season(
                season=self.world.season, by=self.people[who], at=self.moments["end"]
            ), None,
        )  # fmt: skip
        if expected == OK:
            self.is_closed = True
            for row in self.rows:
                row.state = "locked" if row.state == "verified" else row.state
        for row in self.rows:
            self.holds(row)

    def finish(self) -> None:
        """Conclude on all that waits, and close the season."""
        while not self.is_closed and any(row.state in WAITING for row in self.rows):
            self.judge(0, "thu", "open", "verified", set(), True, REASON, 0)
        self.close("lan", True)


def code_of(error: ValidationError) -> str:
    """The code of a refusal; the one message a field of what is missing has none."""
    first = next(iter(error.error_dict.values()))[0] if hasattr(error, "error_dict") else error
    return first.code or "missing"


def wander(seed: int, steps: int, tally: Counter[tuple[str, str]]) -> None:
    """Let one machine do so many acts, the last ones in a closed season; a failure names them."""
    choose = Random(seed)
    machine = Machine(tally)
    done: list[str] = []
    try:
        machine.begin(choose.randrange(4), choose.random() < 0.5)
        while len(done) < steps:
            if len(done) == steps - AFTER_THE_END:
                machine.finish()
            able = [name for name, (needs, _options) in ACTS.items() if needs(machine)]
            (name,) = choose.choices(able, [OFTEN.get(name, 1) for name in able])
            given = {key: choose.choice(found) for key, found in ACTS[name][1].items()}
            done.append(f"{name}({given})")
            getattr(machine, name)(**given)
    except Exception as error:
        error.add_note("\n".join([f"seed {seed}", *done]))
        raise
    finally:
        machine.teardown()
