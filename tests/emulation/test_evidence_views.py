"""The pages of the ledger: upload by script, the source of a file, the store, the stamp."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation.models import Achievement, Evidence, State
from emulation.services import evidence as ledger
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return w.build()


def file(name="anh.png", colour="white"):
    return SimpleUploadedFile(name, w.picture(colour).read(), "image/png")


def address(world, name, achievement=None, **more):
    number = {"number": achievement.number} if achievement else {}
    return reverse(name, kwargs={"slug": world.season.slug, **number, **more})


def upload(client, world, achievement, **given):
    return client.post(address(world, "evidence_upload", achievement), given)


class TestUpload:
    def test_answers_with_the_ledger(self, world, client: Client):
        achievement = w.draft(world)
        client.force_login(world.an)
        answer = upload(client, world, achievement, files=file("ảnh một.png"))
        assert answer.status_code == 201
        told = answer.json()
        assert "ảnh một.png" in told["html"]
        assert told["edit"] == address(world, "achievement_edit", achievement)
        assert told["upload"] == address(world, "evidence_upload", achievement)
        assert told["version"] == achievement.version
        assert achievement.evidence.get().uploaded_by == world.an

    def test_the_same_again_is_taken_for_received(self, world, client: Client):
        achievement = w.draft(world)
        client.force_login(world.an)
        for _ in range(2):
            assert upload(client, world, achievement, files=file()).status_code == 201
        assert achievement.evidence.count() == 1

    def test_the_same_file_under_another_name_is_refused(self, world, client: Client):
        achievement = w.draft(world)
        client.force_login(world.an)
        upload(client, world, achievement, files=file())
        answer = upload(client, world, achievement, files=file("khac.png"))
        assert answer.status_code == 400
        assert answer.json() == {"error": "tệp này đã có ở thành tích."}

    @pytest.mark.parametrize(
        ("sent", "why"),
        [
            (SimpleUploadedFile("a.exe", b"MZ"), "Không nhận loại tệp này."),
            (SimpleUploadedFile("a.pdf", b"x"), "Nội dung tệp không phải PDF."),
            (SimpleUploadedFile("TỐI MẬT.png", b"x"), "Tên tệp có dấu MẬT."),
            (SimpleUploadedFile("MAT_bao-cao.pdf", b"x"), "Tên tệp có dấu MẬT."),
        ],
    )
    def test_refused_with_the_reason(self, world, client: Client, sent, why):
        achievement = w.draft(world)
        client.force_login(world.an)
        answer = upload(client, world, achievement, files=sent)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(why)
        assert not achievement.evidence.exists()

    def test_after_it_was_sent(self, world, client: Client):
        achievement = w.sent(world)
        client.force_login(world.an)
        answer = upload(client, world, achievement, files=file())
        assert answer.status_code == 403
        assert "đã gửi thư ký cụm" in answer.json()["error"]
        assert not achievement.evidence.exists()


class TestUploadOfSomethingNew:
    def send(self, client, world, key, **given):
        return client.post(
            address(world, "evidence_upload_new", category="tham-muu"),
            {"entry_key": str(key), **given},
        )

    def test_makes_one_draft(self, world, client: Client):
        client.force_login(world.an)
        key = uuid4()
        first = self.send(client, world, key, files=file())
        second = self.send(client, world, key, files=file("hai.png", "red"))
        assert (first.status_code, second.status_code) == (201, 201)
        row = Achievement.objects.get(entry_key=key)
        assert (row.unit, row.state, row.title) == (world.a, State.DRAFT, "")
        assert row.evidence.count() == 2
        assert first.json()["edit"] == address(world, "achievement_edit", row)
        verbs = list(Event.objects.order_by("number").values_list("verb", flat=True))
        assert verbs == ["achievement.enter", "evidence.attach", "evidence.attach"]

    def test_a_refused_file_leaves_no_draft(self, world, client: Client):
        client.force_login(world.an)
        bad = SimpleUploadedFile("bao-cao.pdf", b"x")
        answer = self.send(client, world, uuid4(), files=bad)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("Nội dung tệp không phải PDF.")
        assert not Achievement.objects.filter(unit=world.a).exists()

    @pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-00000000000"])
    def test_a_broken_key(self, world, client: Client, key):
        client.force_login(world.an)
        assert self.send(client, world, key, files=file()).status_code == 400
        assert not Achievement.objects.filter(unit=world.a).exists()

    def test_closed(self, world, client: Client):
        world.season.phases.all().delete()
        client.force_login(world.an)
        answer = self.send(client, world, uuid4(), files=file())
        assert answer.status_code == 403
        assert answer.json()["error"]
        assert not Achievement.objects.filter(unit=world.a).exists()

    def test_no_such_category(self, world, client: Client):
        client.force_login(world.an)
        page = address(world, "evidence_upload_new", category="khong-co")
        assert client.post(page, {"files": file()}).status_code == 404


class TestSource:
    DATA = {
        "claim": "quantity",
        "issuer": "Công an tỉnh",
        "document_number": "118/BC-V01",
        "issued_on": f"{w.YEAR}-01-05",
        "page": "3",
    }

    def test_written_down(self, world, client: Client):
        row = w.attach(world, w.draft(world))
        page = address(world, "evidence_edit", row.achievement, pk=row.pk)
        client.force_login(world.an)
        seen = client.get(page).context["form"].initial["seen"]
        answer = client.post(page, self.DATA | {"seen": seen})
        assert answer.url == address(world, "achievement_edit", row.achievement) + "#minh-chung"
        row.refresh_from_db()
        assert (row.claim, row.issuer, row.page) == ("quantity", "Công an tỉnh", "3")
        assert row.issued_on == date(w.YEAR, 1, 5)

    def test_stale_shows_both(self, world, client: Client):
        row = w.attach(world, w.draft(world))
        page = address(world, "evidence_edit", row.achievement, pk=row.pk)
        client.force_login(world.an)
        seen = client.get(page).context["form"].initial["seen"]
        client.post(page, self.DATA | {"seen": seen, "issuer": "Cục của người kia"})
        answer = client.post(page, self.DATA | {"seen": seen})
        text = answer.content.decode()
        assert "Nội dung này vừa được người khác lưu" in text
        assert "Cục của người kia" in text
        assert 'value="Công an tỉnh"' in text
        assert client.post(page, self.DATA | {"seen": answer.context["form"]["seen"].value()}).url
        row.refresh_from_db()
        assert row.issuer == "Công an tỉnh"

    @pytest.mark.parametrize(
        ("field", "value", "text"),
        [
            ("issued_on", "2999-01-01", "Chọn ngày không sau hôm nay"),
            ("claim", "x", "Chọn một mục có trong danh sách"),
            ("document_number", "12/BC (TỐI MẬT)", "Có dấu “TỐI MẬT”"),
            ("issuer", "x" * 161, "Rút gọn cơ quan ban hành"),
        ],
    )
    def test_told_at_the_field(self, world, client: Client, field, value, text):
        row = w.attach(world, w.draft(world))
        page = address(world, "evidence_edit", row.achievement, pk=row.pk)
        client.force_login(world.an)
        answer = client.post(page, self.DATA | {"seen": ledger.ledger_state(row), field: value})
        assert text in answer.context["form"].errors[field][0]
        row.refresh_from_db()
        assert row.issuer == ""

    def test_the_button_saves_what_was_typed_first(self, world, client: Client):
        achievement = w.draft(world)
        row = w.attach(world, achievement)
        client.force_login(world.an)
        for then, name, more in (
            (f"tep-{row.pk}", "evidence_edit", {"pk": row.pk}),
            ("kho", "evidence_store", {}),
        ):
            achievement.refresh_from_db()
            typed = {"title": f"Gõ trước khi bấm {then}", "version": achievement.version}
            answer = client.post(
                address(world, "achievement_edit", achievement), typed | {"then": then}
            )
            assert answer.url == address(world, name, achievement, **more)
            achievement.refresh_from_db()
            assert achievement.title == typed["title"]

    def test_a_button_of_another_achievement_leads_nowhere(self, world, client: Client):
        achievement = w.draft(world)
        row = w.attach(world, w.draft(world, title="Khác"))
        client.force_login(world.an)
        typed = {"title": "x", "version": achievement.version, "then": f"tep-{row.pk}"}
        answer = client.post(address(world, "achievement_edit", achievement), typed)
        assert answer.url == address(world, "achievement_detail", achievement)


class TestStore:
    def test_picked_files_are_taken(self, world, client: Client):
        source, target = w.draft(world), w.draft(world, title="Khác")
        rows = [w.attach(world, source)]
        client.force_login(world.an)
        page = address(world, "evidence_store", target)
        assert "anh.png" in client.get(page).content.decode()
        answer = client.post(page, {"evidence": [row.pk for row in rows]})
        assert answer.url == address(world, "achievement_edit", target) + "#minh-chung"
        assert target.evidence.get().sha256 == rows[0].sha256

    def test_twice_is_no_error(self, world, client: Client):
        row, target = w.attach(world, w.draft(world)), w.draft(world, title="Khác")
        client.force_login(world.an)
        page = address(world, "evidence_store", target)
        for _ in range(2):
            assert client.post(page, {"evidence": row.pk}).status_code == 302
        assert target.evidence.count() == 1

    def test_nothing_picked(self, world, client: Client):
        client.force_login(world.an)
        answer = client.post(address(world, "evidence_store", w.draft(world)), {})
        assert "Chọn ít nhất một tệp." in answer.content.decode()

    @pytest.mark.parametrize("pk", ["x", "-1", "9" * 40, "\x00", "٣"])
    def test_nonsense_takes_nothing(self, world, client: Client, pk):
        target = w.draft(world)
        client.force_login(world.an)
        assert client.post(address(world, "evidence_store", target), {"evidence": pk})
        assert not target.evidence.exists()

    def test_files_of_another_unit_are_not_there(self, world, client: Client):
        foreign = w.attach(world, w.draft(world, by=world.binh), by=world.binh)
        target = w.draft(world)
        client.force_login(world.an)
        page = address(world, "evidence_store", target)
        assert "anh.png" not in client.get(page).content.decode()
        client.post(page, {"evidence": foreign.pk})
        assert not target.evidence.exists()

    def test_pages_and_search(self, world, client: Client):
        source = w.draft(world, title="Tặng quà gia đình chính sách")
        more = w.draft(world, title="Nguồn thứ hai")
        for number in range(25):
            ledger.attach_evidence(
                achievement=source if number < 15 else more, by=world.an,
                name=f"Biên bản {number}.png", file=(made := w.picture((number, 0, 0))),
                size=made.getbuffer().nbytes,
            )  # fmt: skip
        client.force_login(world.an)
        page = address(world, "evidence_store", w.draft(world, title="Đích"))
        assert client.get(page).context["page_obj"].paginator.num_pages == 2
        found = client.get(page, {"q": "bien ban 24"}).context["page_obj"]
        assert [row.name for row in found] == ["Biên bản 24.png"]
        assert len(client.get(page, {"q": "chinh sach"}).context["page_obj"].object_list) == 15

    def test_costs_the_same_with_1_and_with_20_files(self, world, client: Client):
        source, target = w.draft(world), w.draft(world, title="Đích")
        page = address(world, "evidence_store", target)
        client.force_login(world.an)
        w.attach(world, source)
        client.get(page)

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            return len(queries)

        one = cost()
        for number in range(19):
            ledger.attach_evidence(
                achievement=source, by=world.an, name=f"{number}.png",
                file=(made := w.picture((number, 0, 0))), size=made.getbuffer().nbytes,
            )  # fmt: skip
        assert cost() == one


class TestStamp:
    def test_on_the_page_of_the_achievement(self, world, client: Client):
        row = w.proof(world)
        client.force_login(world.thu)
        page = address(world, "evidence_stamp", row.achievement, pk=row.pk)
        answer = client.post(page)
        assert answer.url == address(world, "achievement_detail", row.achievement) + "#minh-chung"
        row.refresh_from_db()
        assert row.original_seen_by == world.thu
        text = client.get(answer.url).content.decode()
        assert "Đã xem bản gốc" in text
        assert world.thu.full_name in text
        assert "Tôi đã xem bản gốc" not in text

    def test_twice_keeps_the_first(self, world, client: Client):
        row = w.proof(world)
        client.force_login(world.thu)
        page = address(world, "evidence_stamp", row.achievement, pk=row.pk)
        client.post(page)
        first = Evidence.objects.get(pk=row.pk).original_seen_at
        text = client.post(page, follow=True).content.decode()
        assert "đã được xem trước đó" in text
        assert Evidence.objects.get(pk=row.pk).original_seen_at == first

    def test_while_judging_what_was_typed_stays(self, world, client: Client):
        row = w.proof(world)
        client.force_login(world.thu)
        page = address(world, "achievement_review", row.achievement)
        typed = {
            "revision": 1, "reason": "Gõ dở một lý do dài hơn hai mươi ký tự", "stamp": row.pk,
        }  # fmt: skip
        text = client.post(page, typed).content.decode()
        assert typed["reason"] in text
        row.refresh_from_db()
        assert row.original_seen_by == world.thu
        row.achievement.refresh_from_db()
        assert row.achievement.state == State.SUBMITTED

    @pytest.mark.parametrize("pk", ["x", "-1", "9" * 40, "1e3", "٣"])
    def test_nonsense(self, world, client: Client, pk):
        row = w.proof(world)
        client.force_login(world.thu)
        page = address(world, "achievement_review", row.achievement)
        assert client.post(page, {"revision": 1, "stamp": pk}).status_code == 404


class TestMarking:
    def test_internal_is_shown_and_travels_with_the_file(self, world, client: Client):
        row = w.proof(world, is_internal=True)
        client.force_login(world.thu)
        for name in ("achievement_detail", "achievement_review"):
            assert (
                "Lưu hành nội bộ"
                in client.get(address(world, name, row.achievement)).content.decode()
            )
        assert "Lưu hành nội bộ" in client.get(address(world, "achievement_list")).content.decode()
        answer = client.get(address(world, "evidence_download", row.achievement, pk=row.pk))
        assert "L%C6%B0u%20h%C3%A0nh%20n%E1%BB%99i%20b%E1%BB%99" in answer["Content-Disposition"]
        answer.close()

    def test_nothing_is_shown_otherwise(self, world, client: Client):
        row = w.proof(world)
        client.force_login(world.thu)
        page = client.get(address(world, "achievement_detail", row.achievement)).content.decode()
        assert 'icons.svg#lock"/></svg>Lưu hành nội bộ' not in page
        answer = client.get(address(world, "evidence_download", row.achievement, pk=row.pk))
        assert answer["Content-Disposition"] == 'attachment; filename="anh.png"'
        answer.close()

    def test_every_upload_says_what_the_system_holds(self, world, client: Client):
        client.force_login(world.an)
        for page in (
            address(world, "achievement_new", category="tham-muu"),
            address(world, "achievement_edit", w.draft(world)),
            address(world, "import_list"),
        ):
            assert "không mật" in client.get(page).content.decode(), page
