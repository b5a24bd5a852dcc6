from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.differences import GONE, NEW, SAME, Piece, compared, compared_lines

WORDS = st.lists(st.sampled_from(["báo", "cáo", "tháng", "6", "\n", " ", "đủ"]), max_size=12)
TEXTS = WORDS.map(" ".join) | st.text(max_size=40)


@given(TEXTS, TEXTS)
def test_joined_pieces_are_the_texts_again(before: str, after: str) -> None:
    was, now = compared(before, after)
    assert "".join(piece.text for piece in was) == before
    assert "".join(piece.text for piece in now) == after
    assert {piece.kind for piece in was} <= {SAME, GONE}
    assert {piece.kind for piece in now} <= {SAME, NEW}
    same = ["".join(p.text for p in side if p.kind == SAME).split() for side in (was, now)]
    assert same[0] == same[1]


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    was, now = compared(text, text)
    assert was == now
    assert {piece.kind for piece in was} <= {SAME}


@pytest.mark.parametrize(
    ("before", "after", "was", "now"),
    [
        ("", "6 trường", [], [Piece(NEW, "6 trường")]),
        ("6 trường", "", [Piece(GONE, "6 trường")], []),
        (
            "Dự 2.130 người",
            "Dự 2.310 người",
            [Piece(SAME, "Dự "), Piece(GONE, "2.130 "), Piece(SAME, "người")],
            [Piece(SAME, "Dự "), Piece(NEW, "2.310 "), Piece(SAME, "người")],
        ),
        (
            "Tặng quà",
            "Tặng quà Tết",
            [Piece(SAME, "Tặng quà")],
            [Piece(SAME, "Tặng quà "), Piece(NEW, "Tết")],
        ),
    ],
)
def test_words_are_marked(before: str, after: str, was: list[Piece], now: list[Piece]) -> None:
    assert compared(before, after) == (was, now)


def test_the_longest_text_is_compared_at_once() -> None:
    began = perf_counter()
    compared("a " * 2500, "b a " * 1250)
    compared(" ".join(map(str, range(1200))), " ".join(map(str, range(600, 1800))))
    assert perf_counter() - began < 2


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
def test_joined_pieces_are_the_lines_again(before: list[str], after: list[str]) -> None:
    was, now = compared_lines(before, after)
    assert "".join(piece.text for piece in was) == "\n".join(before)
    assert "".join(piece.text for piece in now) == "\n".join(after)


def test_a_line_is_marked_as_a_whole() -> None:
    was, now = compared_lines(["Đề án.docx", "Ảnh.png"], ["Đề án.docx", "Ảnh rõ.png", "Thư.pdf"])
    assert was == [Piece(SAME, "Đề án.docx\n"), Piece(GONE, "Ảnh.png")]
    assert now == [Piece(SAME, "Đề án.docx\n"), Piece(NEW, "Ảnh rõ.png\nThư.pdf")]
