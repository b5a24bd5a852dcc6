"""The ledger of evidence: what is told of a file, taken from the store, stamped and removed."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from clusters.models import Role, Unit
from emulation import store
from emulation.document_number import document_key
from emulation.models import Evidence, State
from emulation.models.evidence import Claim
from emulation.services import evidence as ledger
from emulation.services import withdrawal
from journal.models import Event
from tests import world as w

DETAILS = {
    "claim": Claim.QUANTITY,
    "page": "3",
    "issuer": "Công an tỉnh",
    "document_number": "Số 0118 / BC–V01",
    "issued_on": date(2026, 1, 5),
}


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return w.build()


def put(world, achievement, *, colour="white", by=None, name="anh.png", **more):
    file = w.picture(colour)
    size = file.getbuffer().nbytes
    return ledger.attach_evidence(
        achievement=achievement, by=by or world.an, name=name, file=file, size=size, **more
    )


class TestDocumentKey:
    @pytest.mark.parametrize(
        "number",
        [
            "118/BC-V01",
            "118/bc-v01",
            "Số 118/BC-V01",
            "Số: 118 / BC – V01",
            "0118/BC-V01",
            "Báo cáo số 118/BC-V01",
        ],
    )
    def test_one_document_in_many_spellings(self, number):
        assert document_key(number) == "118-bc-v01"

    @pytest.mark.parametrize("number", ["", "118", "Số 118", "BC-V01", "  /-"])
    def test_what_names_no_document(self, number):
        assert document_key(number) == ""

    def test_different_documents_stay_apart(self):
        numbers = ["118/BC-V01", "18/BC-V01", "118/BC-V02", "1/18-BC-V01", "118/KH-V01"]
        assert len({document_key(number) for number in numbers}) == len(numbers)

    def test_fits_its_column(self):
        assert len(document_key("1/" + "㎏" * 60)) <= 60


class TestAttach:
    def test_takes_details(self, world):
        row = put(world, w.draft(world), details=DETAILS)
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in ledger.LEDGER} == DETAILS
        assert row.document_key == "118-bc-v01"
        assert "cong an tinh" in row.search_key

    @pytest.mark.parametrize("name", ["TỐI MẬT.png", "MAT_anh.png", "T_O_I_M_A_T.png"])
    def test_marked_name_is_stopped_before_it_is_stored(self, world, name, tmp_path):
        achievement = w.draft(world)
        with pytest.raises(ValidationError) as refused:
            put(world, achievement, name=name)
        assert refused.value.code == "secret_name"
        assert not achievement.evidence.exists()
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]

    def test_marked_details_are_stopped(self, world, tmp_path):
        achievement = w.draft(world)
        with pytest.raises(ValidationError) as refused:
            put(world, achievement, details=DETAILS | {"document_number": "12/BC (TUYỆT MẬT)"})
        assert refused.value.error_dict["document_number"][0].code == "secret"
        assert not achievement.evidence.exists()
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]

    def test_returned_with_files_open(self, world):
        achievement = w.returned(world, files="Thiếu ảnh chụp buổi làm việc")
        put(world, achievement)
        assert achievement.evidence.count() == 1

    def test_returned_with_files_locked(self, world):
        achievement = w.returned(world, title="Ghi rõ tên đơn vị phối hợp")
        with pytest.raises(ValidationError) as refused:
            put(world, achievement)
        assert refused.value.code == "part_locked"
        assert not achievement.evidence.exists()

    def test_twenty_files_are_enough(self, world):
        achievement = w.draft(world)
        for number in range(ledger.MAX_FILES):
            put(world, achievement, colour=(number, 0, 0))
        with pytest.raises(ValidationError) as refused:
            put(world, achievement, colour="red")
        assert refused.value.code == "too_many"


class TestDescribe:
    def test_writes_the_row_and_one_entry(self, world):
        row = put(world, w.draft(world))
        before = Event.objects.count()
        ledger.describe_evidence(
            evidence=row, by=world.anh, values=DETAILS, seen=ledger.ledger_state(row)
        )
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in ledger.LEDGER} == DETAILS
        assert row.document_key == "118-bc-v01"
        event = Event.objects.latest("number")
        assert Event.objects.count() == before + 1
        assert event.verb == "evidence.describe"
        assert event.changes["issuer"] == ["", "Công an tỉnh"]

    def test_the_same_again_is_no_entry(self, world):
        row = put(world, w.draft(world), details=DETAILS)
        before = Event.objects.count()
        ledger.describe_evidence(evidence=row, by=world.an, values=DETAILS, seen="old")
        assert Event.objects.count() == before

    def test_stale(self, world):
        row = put(world, w.draft(world))
        seen = ledger.ledger_state(row)
        ledger.describe_evidence(
            evidence=row, by=world.an, values=DETAILS | {"page": "7"}, seen=seen
        )
        with pytest.raises(ValidationError) as refused:
            ledger.describe_evidence(evidence=row, by=world.anh, values=DETAILS, seen=seen)
        assert refused.value.code == "stale"
        row.refresh_from_db()
        assert row.page == "7"

    def test_secrecy_mark(self, world):
        row = put(world, w.draft(world))
        with pytest.raises(ValidationError) as refused:
            ledger.describe_evidence(
                evidence=row, by=world.an, values=DETAILS | {"issuer": "Cục A (MẬT)"},
                seen=ledger.ledger_state(row),
            )  # fmt: skip
        assert refused.value.error_dict["issuer"][0].code == "secret"
        row.refresh_from_db()
        assert row.issuer == ""

    @pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach"])
    def test_only_the_unit(self, world, who):
        row = put(world, w.draft(world))
        with pytest.raises(PermissionDenied):
            ledger.describe_evidence(
                evidence=row, by=getattr(world, who), values=DETAILS, seen=ledger.ledger_state(row)
            )

    def test_not_after_it_was_sent(self, world):
        achievement = w.draft(world)
        row = put(world, achievement)
        w.reviews.submit_achievement(achievement=achievement, by=world.an)
        with pytest.raises(PermissionDenied):
            ledger.describe_evidence(
                evidence=row, by=world.an, values=DETAILS, seen=ledger.ledger_state(row)
            )

    def test_not_after_the_original_was_seen(self, world):
        achievement = w.returned(world, files="Ghi rõ số văn bản")
        row = put(world, achievement)
        ledger.stamp_original(evidence=row, by=world.thu)
        with pytest.raises(ValidationError) as refused:
            ledger.describe_evidence(
                evidence=row, by=world.an, values=DETAILS, seen=ledger.ledger_state(row)
            )
        assert refused.value.code == "stamped"

    def test_gone(self, world):
        row = put(world, w.draft(world))
        ledger.remove_evidence(evidence=row, by=world.an)
        row = Evidence(**{f.attname: getattr(row, f.attname) for f in Evidence._meta.fields})
        with pytest.raises(ValidationError) as refused:
            ledger.describe_evidence(evidence=row, by=world.an, values=DETAILS, seen="")
        assert refused.value.code == "gone"


class TestStamp:
    def stamped(self, world, **more):
        achievement = w.sent(world)
        w.Achievement.objects.filter(pk=achievement.pk).update(state=State.DRAFT)
        row = put(world, w.Achievement.objects.get(pk=achievement.pk))
        w.Achievement.objects.filter(pk=achievement.pk).update(state=State.SUBMITTED)
        return row

    def test_once(self, world):
        row = self.stamped(world)
        before = Event.objects.count()
        ledger.stamp_original(evidence=row, by=world.thu)
        row.refresh_from_db()
        assert row.original_seen_by == world.thu
        assert timezone.now() - row.original_seen_at < timedelta(minutes=1)
        with pytest.raises(ValidationError) as refused:
            ledger.stamp_original(evidence=row, by=world.thu)
        assert refused.value.code == "stamped"
        assert Event.objects.count() == before + 1
        assert Event.objects.latest("number").verb == "evidence.stamp"

    @pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
    def test_only_the_secretary(self, world, who):
        row = self.stamped(world)
        with pytest.raises(PermissionDenied):
            ledger.stamp_original(evidence=row, by=getattr(world, who))

    def test_not_of_the_own_unit(self, world):
        w.appoint(world.thu, Role.UNIT_STAFF, unit=world.a)
        world.thu.__dict__.pop("_standing", None)
        with pytest.raises(PermissionDenied):
            ledger.stamp_original(evidence=self.stamped(world), by=world.thu)

    def test_not_of_a_draft(self, world):
        row = put(world, w.draft(world))
        with pytest.raises(PermissionDenied):
            ledger.stamp_original(evidence=row, by=world.thu)

    def test_the_database_wants_both_or_none(self, world):
        row = put(world, w.draft(world))
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=row.pk).update(original_seen_at=timezone.now())


class TestReuse:
    def test_no_second_file(self, world, tmp_path):
        source = put(world, w.draft(world), details=DETAILS)
        stored = [path for path in tmp_path.rglob("*") if path.is_file()]
        target = w.draft(world, title="Việc khác")
        before = Event.objects.count()
        made = ledger.reuse_evidence(achievement=target, source=source, by=world.anh)
        made.refresh_from_db()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == stored
        assert (made.file.name, made.sha256, made.size) == (
            source.file.name, source.sha256, source.size,
        )  # fmt: skip
        assert made.document_key == "118-bc-v01"
        assert made.uploaded_by == world.anh
        assert Event.objects.count() == before + 1
        event = Event.objects.latest("number")
        assert (event.verb, event.changes["reused_from"][1]) == (
            "evidence.reuse", source.achievement.code,
        )  # fmt: skip

    def test_the_stamp_does_not_come_along(self, world):
        achievement = w.returned(world, files="Bổ sung")
        source = put(world, achievement)
        ledger.stamp_original(evidence=source, by=world.thu)
        made = ledger.reuse_evidence(
            achievement=w.draft(world, title="Khác"), source=source, by=world.an
        )
        assert made.original_seen_at is None

    def test_twice_is_refused(self, world):
        source, target = put(world, w.draft(world)), w.draft(world, title="Khác")
        ledger.reuse_evidence(achievement=target, source=source, by=world.an)
        with pytest.raises(ValidationError) as refused:
            ledger.reuse_evidence(achievement=target, source=source, by=world.an)
        assert refused.value.code == "doubled"
        assert target.evidence.count() == 1

    def test_not_of_another_unit(self, world):
        source = put(world, w.draft(world, by=world.binh), by=world.binh)
        with pytest.raises(PermissionDenied):
            ledger.reuse_evidence(achievement=w.draft(world), source=source, by=world.an)

    def test_not_of_another_unit_for_which_the_user_works_too(self, world):
        w.appoint(world.an, Role.UNIT_STAFF, unit=world.b)
        world.an.__dict__.pop("_standing", None)
        source = put(world, w.draft(world, by=world.binh), by=world.binh)
        with pytest.raises(PermissionDenied):
            ledger.reuse_evidence(achievement=w.draft(world), source=source, by=world.an)

    def test_not_into_what_was_sent(self, world):
        source = put(world, w.draft(world))
        with pytest.raises(PermissionDenied):
            ledger.reuse_evidence(achievement=w.sent(world), source=source, by=world.an)

    def test_only_if_files_are_open_after_a_return(self, world):
        source = put(world, w.draft(world))
        locked = w.returned(world, title="Ghi rõ tên đơn vị phối hợp")
        with pytest.raises(ValidationError) as refused:
            ledger.reuse_evidence(achievement=locked, source=source, by=world.an)
        assert refused.value.code == "part_locked"

    def test_a_source_that_is_gone(self, world):
        source = put(world, w.draft(world))
        kept = Evidence.objects.get(pk=source.pk)
        ledger.remove_evidence(evidence=source, by=world.an)
        with pytest.raises(PermissionDenied):
            ledger.reuse_evidence(achievement=w.draft(world), source=kept, by=world.an)


class TestRemoval:
    def test_the_last_row_takes_the_file_along(self, world, django_capture_on_commit_callbacks):
        source, target = put(world, w.draft(world)), w.draft(world, title="Khác")
        made = ledger.reuse_evidence(achievement=target, source=source, by=world.an)
        path = source.file.name
        with django_capture_on_commit_callbacks(execute=True):
            ledger.remove_evidence(evidence=source, by=world.an)
        assert default_storage.exists(path)
        assert made.file.open().read()
        made.file.close()
        with django_capture_on_commit_callbacks(execute=True):
            ledger.remove_evidence(evidence=made, by=world.an)
        assert not default_storage.exists(path)

    def test_a_second_upload_of_the_same_file_is_a_file_of_its_own(
        self, world, django_capture_on_commit_callbacks
    ):
        first = put(world, w.draft(world))
        second = put(world, w.draft(world, title="Khác"))
        assert first.sha256 == second.sha256
        assert first.file.name != second.file.name
        with django_capture_on_commit_callbacks(execute=True):
            ledger.remove_evidence(evidence=first, by=world.an)
        assert default_storage.exists(second.file.name)

    def test_not_where_files_are_locked(self, world):
        achievement = w.draft(world)
        row = put(world, achievement)
        w.reviews.submit_achievement(achievement=achievement, by=world.an)
        achievement.refresh_from_db()
        achievement = w.returned(world, achievement, title="Ghi rõ tên đơn vị phối hợp")
        with pytest.raises(ValidationError) as refused:
            ledger.remove_evidence(evidence=row, by=world.an)
        assert refused.value.code == "part_locked"
        assert Evidence.objects.filter(pk=row.pk).exists()


class TestStore:
    def names(self, world, achievement, words="", by=None):
        rows = store.to_pick_from(by or world.an, achievement, words)
        return [row.name for row in rows]

    def test_every_file_of_the_unit_once_newest_first(self, world):
        one = w.draft(world)
        put(world, one, name="cu.png")
        put(world, one, name="moi.png", colour="red")
        two = w.draft(world, title="Khác")
        ledger.reuse_evidence(achievement=two, source=one.evidence.first(), by=world.an)
        put(world, w.draft(world, by=world.binh), by=world.binh, name="cua-b.png", colour="blue")
        assert self.names(world, w.draft(world, title="Mới")) == ["cu.png", "moi.png"]

    def test_not_what_the_achievement_has(self, world):
        one = w.draft(world)
        put(world, one)
        assert self.names(world, one) == []

    def test_found_without_accents(self, world):
        put(world, w.draft(world, title="Tặng quà gia đình chính sách"), name="Biên nhận.png",
            details=DETAILS)  # fmt: skip
        target = w.draft(world, title="Khác")
        for words in ("bien nhan", "BIÊN", "cong an", "118", "tang qua", "gia dinh bien"):
            assert self.names(world, target, words) == ["Biên nhận.png"], words
        assert self.names(world, target, "khong co") == []

    def test_predecessors_belong_to_the_store(self, world):
        old = Unit.objects.create(
            code="A0", name="Đơn vị A cũ", short_name="A cũ", valid_to=date(w.YEAR - 1, 12, 31)
        )
        living = Unit.objects.create(code="A9", name="Đơn vị A gốc", short_name="A gốc")
        world.a.predecessors.add(old, living)
        for unit, name, colour in ((old, "cu.png", "red"), (living, "song.png", "blue")):
            achievement = w.draft(world, title=f"Của {unit}")
            put(world, achievement, name=name, colour=colour)
            w.Achievement.objects.filter(pk=achievement.pk).update(unit=unit)
        world.an.__dict__.pop("_standing", None)
        # One that still exists answers for itself.
        assert self.names(world, w.draft(world)) == ["cu.png"]

    def test_nothing_for_a_stranger(self, world):
        achievement = w.draft(world)
        put(world, w.draft(world, title="Khác"))
        for who in (world.binh, world.thu, world.lan, world.quang, world.khach):
            assert self.names(world, achievement, by=who) == []

    def test_withdrawn_files_stay_in_the_store(self, world):
        achievement = w.draft(world)
        put(world, achievement)
        withdrawal.withdraw_achievement(achievement=achievement, by=world.an)
        assert self.names(world, w.draft(world, title="Khác")) == ["anh.png"]


def test_examined_file_is_left_at_its_start(world):
    file = w.picture()
    name, kind = ledger.examine("a/b/ảnh.png", file, file.getbuffer().nbytes)
    assert (name, kind, file.tell()) == ("ảnh.png", "image/png", 0)
    with pytest.raises(ValidationError):
        ledger.examine("anh.png", BytesIO(b"x"), 1)
