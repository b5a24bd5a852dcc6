"""The weights of a table of targets, added up in a real browser while they are typed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from emulation.models import Target
from tests import world as w

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def table(page: Any, live_server: Any) -> Any:
    """The table of unit A, whose one target has the weight 85, as its staff sees it."""
    world = w.build()
    Target.objects.update(weight=85)
    client = Client()
    client.force_login(world.an)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
    page.goto(live_server.url + reverse("target_edit", args=[world.season.slug, world.a.pk]))
    return page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("100", "Tổng trọng số 100 – đủ"),
        ("85,5", "Tổng trọng số 85,5 – còn thiếu 14,5"),
        ("0,07", "Tổng trọng số 0,07 – còn thiếu 99,93"),
        ("112", "Tổng trọng số 112 – thừa 12"),
        ("", "Tổng trọng số 0 – còn thiếu 100"),
        ("tám", "Tổng trọng số 0 – còn thiếu 100"),
    ],
)
def test_the_sum_is_said_while_it_is_typed(table: Any, typed: str, words: str) -> None:
    assert table.inner_text("[data-said]") == "Tổng trọng số 85 – còn thiếu 15"
    table.fill("#id_ct-0-weight", typed)
    assert table.inner_text("[data-said]") == words


def test_a_row_to_delete_counts_no_more(table: Any) -> None:
    table.click("details summary")
    table.check("#id_ct-0-DELETE")
    assert table.inner_text("[data-said]") == "Tổng trọng số 0 – còn thiếu 100"


def test_a_row_is_added_and_saved(table: Any) -> None:
    table.click("[data-add]")
    table.fill("#id_ct-2-text", "Việc thêm")
    table.fill("#id_ct-2-planned", "3")
    table.fill("#id_ct-2-measure", "lần")
    table.fill("#id_ct-2-weight", "15")
    assert table.inner_text("[data-said]") == "Tổng trọng số 100 – đủ"
    table.click("button:has-text('Lưu chỉ tiêu')")
    table.wait_for_url("**/don-vi/**")
    assert "Việc thêm" in table.inner_text("main")
    assert "Tổng trọng số 100 – đủ" in table.inner_text("main")
