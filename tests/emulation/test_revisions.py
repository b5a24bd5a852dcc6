"""What was sent is kept as it was, listed, and compared."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from emulation import revisions
from emulation.models import Achievement, Category, CommunityActivity, Revision
from emulation.services.achievement import change_achievement
from emulation.services.review import submit_achievement
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def complete(world: w.World, row: Achievement, **values: Any) -> Achievement:
    """Change what came back and send it again."""
    row = change_achievement(
        achievement=row, by=world.an, version=row.version, values=values, particulars={}
    )
    return submit_achievement(achievement=row, by=world.an)


def twice(world: w.World) -> Achievement:
    row = w.returned(world, description="Nói rõ cách làm", title="Ghi tên trường")
    return complete(world, row, title="Báo cáo quý", description="Dự 6 buổi")


def page(client: Client, row: Achievement, name: str, *args: int, **query: Any) -> Any:
    return client.get(reverse(name, args=[row.season.slug, row.number, *args]), query)


# What is kept


def test_a_revision_holds_texts_as_a_reader_sees_them(world: w.World) -> None:
    row = w.draft(world, category=Category.COMMUNITY, target=world.target, quantity=3)
    CommunityActivity.objects.create(achievement=row, kind="gift", gifts=1200)
    file = w.attach(world, row)
    with translation.override("en"):
        row = submit_achievement(achievement=row, by=world.an)
    kept = Revision.objects.get()
    assert (kept.achievement, kept.number, kept.by, kept.at) == (row, 1, world.an, row.submitted_at)
    assert kept.content["facts"] == {
        "category": "Vì cộng đồng",
        "title": "Báo cáo tháng",
        "started_on": f"{w.DAY:%d/%m/%Y}",
        "target": "Báo cáo",
        "quantity": "3 bản",
    }
    assert kept.content["particulars"] == {"kind": "Thăm hỏi, tặng quà", "gifts": "1.200"}
    assert kept.content["files"] == [["anh.png", file.sha256]]


def test_a_revision_stays_when_the_achievement_changes(world: w.World) -> None:
    row = twice(world)
    titles = {kept.number: kept.content["facts"]["title"] for kept in row.revisions.all()}
    assert titles == {1: "Báo cáo tháng", 2: "Báo cáo quý"}


def test_a_number_is_kept_once(world: w.World) -> None:
    row = w.sent(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(achievement=row, number=1, content={}, at=row.submitted_at)


# What differs


def line(found: list[revisions.Line], name: str) -> revisions.Line:
    return next(one for one in found if one.name == name)


def test_lines_stand_in_the_order_of_the_page_with_their_labels() -> None:
    before = {"facts": {"title": "Cũ", "category": "Vì cộng đồng"}, "particulars": {"pupils": "3"}}
    after = {"facts": {"category": "Vì cộng đồng", "title": "Mới"}, "files": [["a.png", "1"]]}
    found = revisions.lines(before, after, Category.COMMUNITY)
    assert [(one.name, one.label, one.is_changed) for one in found] == [
        ("category", "Loại", False),
        ("title", "Việc đã làm", True),
        ("pupils", "Số cháu", True),
        ("files", "Minh chứng", True),
    ]


def test_parts_of_another_category_are_shown_too() -> None:
    before = {"facts": {}, "particulars": {"gifts": "3", "kind": "Thăm hỏi"}}
    after = {"facts": {}, "particulars": {"kind": "Đề án", "about": "Tủ sách"}}
    found = revisions.lines(before, after, Category.POLICY_DOCUMENT)
    assert [one.name for one in found] == ["kind", "about", "gifts"]


def test_the_same_name_over_another_file_is_a_change() -> None:
    before, after = ({"files": [["anh.png", digest], ["b.pdf", "2"]]} for digest in ("1", "9"))
    found = revisions.lines(before, after, Category.ADVISORY)
    assert found[0].is_changed
    assert [piece.text for piece in found[0].after] == ["anh.png (nội dung mới)\n", "b.pdf"]


def test_notes_go_on_the_parts_of_the_category() -> None:
    names = revisions.part_names(Category.COMMUNITY)
    assert names[0] == "title"
    assert names[-1] == "files"
    assert "gifts" in names
    assert not {"id", "achievement", "about", "category"} & set(names)


# The pages


def test_revisions_are_listed_with_what_was_said_of_them(client: Client, world: w.World) -> None:
    row = twice(world)
    client.force_login(world.an)
    text = page(client, row, "achievement_revisions").content.decode()
    compare = reverse("achievement_compare", args=["gan", row.number, 1, 2])
    assert compare in text
    assert "Trả lại bổ sung · 2 ý kiến" in text
    assert "Nguyễn Văn An" in text
    assert '<select class="form-select" id="id_tu"' not in text  # two need no choice


def test_any_two_of_three_can_be_chosen(client: Client, world: w.World) -> None:
    row = complete(world, w.returned(world, twice(world)), title="Ba")
    client.force_login(world.thu)
    text = page(client, row, "achievement_revisions").content.decode()
    assert 'id="id_tu"' in text
    for first, second in ((1, 3), (3, 1)):
        answer = page(client, row, "achievement_revisions", tu=first, den=second)
        assert answer["Location"].endswith("/ban/1..3/")
    for query in ({"tu": 2, "den": 2}, {"tu": "x", "den": 9}):
        answer = page(client, row, "achievement_revisions", **query)
        assert "Chọn hai bản khác nhau" in answer.content.decode()


def test_two_revisions_stand_side_by_side(client: Client, world: w.World) -> None:
    row = twice(world)
    client.force_login(world.thu)
    text = page(client, row, "achievement_compare", 1, 2).content.decode()
    assert "So sánh bản sửa 1 và 2" in text
    assert "Khác nhau 2 phần" in text
    assert re.search(r"Báo cáo <del><span[^>]*>bỏ: </span>tháng</del>", text)
    assert re.search(r"Báo cáo <ins><span[^>]*>thêm: </span>quý</ins>", text)
    assert "Thư ký cụm yêu cầu: Nói rõ cách làm" in text
    assert "phần không đổi" in text
    assert page(client, row, "achievement_compare", 2, 1)["Location"].endswith("/ban/1..2/")


@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 3), (0, 2), (7, 9)])
def test_what_was_never_sent_is_not_compared(
    client: Client, world: w.World, first: int, second: int
) -> None:
    client.force_login(world.an)
    assert page(client, twice(world), "achievement_compare", first, second).status_code == 404


def test_markup_in_a_revision_is_text(client: Client, world: w.World) -> None:
    row = w.returned(world, title="Sửa")
    row = complete(world, row, title="<script>alert(1)</script>")
    client.force_login(world.thu)
    for args in (("achievement_compare", 1, 2), ("achievement_review",)):
        text = page(client, row, args[0], *args[1:]).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_another_unit_sees_none_of_it(client: Client, world: w.World) -> None:
    row = twice(world)
    client.force_login(world.binh)
    assert page(client, row, "achievement_revisions").status_code == 404
    assert page(client, row, "achievement_compare", 1, 2).status_code == 404


def test_a_draft_has_an_empty_list(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    text = page(client, w.draft(world), "achievement_revisions").content.decode()
    assert "Mỗi lần đơn vị gửi, hệ thống giữ lại một bản" in text


def test_the_list_costs_the_same_for_one_and_for_thirty(client: Client, world: w.World) -> None:
    row = twice(world)
    client.force_login(world.an)
    page(client, row, "achievement_revisions")
    with CaptureQueriesContext(connection) as few:
        page(client, row, "achievement_revisions")
    content = row.revisions.latest("number").content
    Revision.objects.bulk_create(
        Revision(achievement=row, number=n, content=content, by=world.an, at=row.submitted_at)
        for n in range(3, 33)
    )
    with CaptureQueriesContext(connection) as many:
        assert "32" in page(client, row, "achievement_revisions").content.decode()
    assert len(few) == len(many)


def test_before_sending_again_it_says_what_was_not_touched(client: Client, world: w.World) -> None:
    row = w.returned(world, description="Nói rõ cách làm", title="Ghi tên trường")
    client.force_login(world.an)
    text = page(client, row, "achievement_submit").content.decode()
    assert "Còn 2 phần thư ký cụm yêu cầu mà chưa sửa" in text
    change_achievement(
        achievement=row, by=world.an, version=row.version, values={"title": "Đủ"}, particulars={}
    )
    text = page(client, row, "achievement_submit").content.decode()
    assert "Còn 1 phần thư ký cụm yêu cầu mà chưa sửa" in text
    edit = reverse("achievement_edit", args=["gan", row.number])
    assert f"{edit}#id_title" in text  # open
    assert f"{edit}#id_started_on" not in text  # locked
