"""The one script of ours, in a real browser."""

from typing import Any

import pytest

pytestmark = [pytest.mark.once, pytest.mark.browser]
GRID = """
<div class="grid"><table><tbody>
  <tr><th>Một</th><td><input id="a1" value="12"></td><td><input id="a2"></td></tr>
  <tr><th colspan="3">Nhóm B</th></tr>
  <tr><th>Hai</th><td><input id="b1"></td><td>0</td><td><input id="b3"></td></tr>
</tbody></table></div>
"""


@pytest.fixture
def posts(page: Any, live_server: Any) -> list[Any]:
    """What the form of the log-in page sends; an empty answer leaves the page as it is."""
    sent: list[Any] = []

    def take(route: Any) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data)
            route.fulfill(status=204)
        else:
            route.fallback()

    page.route("**/*", take)
    page.goto(live_server.url)
    return sent


def test_a_form_is_sent_once_however_often_it_is_clicked(page: Any, posts: list[Any]) -> None:
    page.evaluate("b = document.querySelector('main .btn-primary'); b.click(); b.click()")
    page.wait_for_timeout(300)
    page.evaluate("b.click()")
    page.wait_for_timeout(300)
    assert len(posts) == 1
    assert page.get_attribute("main .btn-primary", "aria-disabled") == "true"


def test_coming_back_to_a_sent_form_frees_it(page: Any, posts: list[Any]) -> None:
    page.evaluate("document.querySelector('main .btn-primary').click()")
    page.wait_for_timeout(300)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert page.get_attribute("main .btn-primary", "aria-disabled") is None
    page.evaluate("document.querySelector('main .btn-primary').click()")
    page.wait_for_timeout(300)
    assert len(posts) == 2


def test_a_form_that_answers_with_a_file_can_be_sent_again(page: Any, posts: list[Any]) -> None:
    page.evaluate("document.querySelector('main form').toggleAttribute('data-again', true)")
    page.evaluate("b = document.querySelector('main .btn-primary'); b.click()")
    page.wait_for_timeout(300)
    page.evaluate("b.click()")
    page.wait_for_timeout(300)
    assert len(posts) == 2


@pytest.fixture
def grid(page: Any, live_server: Any) -> Any:
    page.goto(live_server.url)
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", GRID)
    return page


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        ("a1", "ArrowDown", "b1"),
        ("a1", "Enter", "b1"),
        ("b1", "ArrowUp", "a1"),
        ("b1", "Shift+Enter", "a1"),
        ("a1", "ArrowRight", "a2"),
        ("a2", "ArrowLeft", "a1"),
        ("b1", "ArrowRight", "b3"),
        ("b3", "ArrowLeft", "b1"),
        ("b1", "ArrowDown", "b1"),
        ("a2", "ArrowDown", "a2"),
    ],
)
def test_arrows_and_enter_walk_the_grid(grid: Any, start: str, key: str, end: str) -> None:
    grid.focus(f"#{start}")
    grid.keyboard.press("End")
    grid.keyboard.press(key)
    assert grid.evaluate("document.activeElement.id") == end


def test_arrows_inside_a_text_stay_in_it(grid: Any) -> None:
    grid.focus("#a1")
    grid.keyboard.press("Home")
    grid.keyboard.press("ArrowRight")
    assert grid.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == [
        "a1",
        1,
    ]


def test_an_error_summary_takes_the_focus(page: Any, live_server: Any) -> None:
    page.goto(live_server.url)
    page.click("main .btn-primary")
    page.wait_for_selector("[data-focus]:focus")
    assert page.title().startswith("Lỗi:")
