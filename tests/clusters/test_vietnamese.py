"""Vietnamese text, order, numbers and dates, against the vectors and snippets of domain.md §8."""

import random
import unicodedata
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters import vietnamese as vi

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
vietnamese_text = st.text(st.sampled_from(LETTERS + LETTERS.upper() + "  -.1"), max_size=12)


# The key of domain.md §8.1, word for word: the oracle of our database key.
_LET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONE = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_MOD = {"\u0306", "\u0302", "\u031b"}


def vi_key(text):
    prim, sec = [], []
    for word in unicodedata.normalize("NFC", text).lower().split():
        p, s = [], []
        for ch in word:
            base, tone, mods = "", 0, ""
            for c in unicodedata.normalize("NFD", ch):
                if c in _TONE:
                    tone = _TONE[c]
                elif c in _MOD:
                    mods += c
                else:
                    base += c
            letter = unicodedata.normalize("NFC", base + mods)
            p.append(_LET.find(letter) if letter in _LET else 100 + ord(letter[0]))
            s.append(tone)
        prim.append(tuple(p))
        sec.append(tuple(s))
    return (tuple(prim), tuple(sec))


def name_key(full_name):
    w = full_name.split()
    return (vi_key(w[-1]), vi_key(" ".join(w[1:-1])), vi_key(w[0])) if w else ((), (), ())


def sign(left, right):
    return (left > right) - (left < right)


class TestNfc:
    @pytest.mark.parametrize(
        "typed",
        ["e\u0323\u0302", "e\u0302\u0323", "ê\u0323", "ẹ\u0302", "ệ"],
    )
    def test_every_order_of_marks_is_one_letter(self, typed):
        assert vi.nfc(typed) == "ệ"

    def test_eth_becomes_d_with_stroke(self):
        assert vi.nfc("Ðà Nẵng, ðường") == "Đà Nẵng, đường"

    def test_blanks_are_kept(self):
        assert vi.nfc("  a\n") == "  a\n"

    @given(st.text())
    def test_is_nfc_and_stable(self, text):
        once = vi.nfc(text)
        assert unicodedata.is_normalized("NFC", once)
        assert vi.nfc(once) == once


class TestHasForbidden:
    @pytest.mark.parametrize("char", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\x7f", "\ud800"])
    def test_control_or_half_a_pair(self, char):
        assert vi.has_forbidden(f"Công{char}an")

    @pytest.mark.parametrize("text", ["", "Công an\r\n\tnhân dân", "😀", "\u00a0"])
    def test_plain_text(self, text):
        assert not vi.has_forbidden(text)


class TestSortKey:
    ORDER = [
        *["An", "Áo", "Ăn", "Ân", "Bình", "Da", "Dà", "Dả", "Dã", "Dá", "Dạ", "Dung", "Dũng"],
        *["Đa", "đạt", "Đặng", "On", "Ôn", "Ơn", "Ung", "Út", "Ưng", "Yến"],
    ]

    def test_order_of_the_handbook(self):
        mixed = random.Random(1).sample(self.ORDER, len(self.ORDER))
        assert sorted(mixed, key=vi.sort_key) == self.ORDER

    def test_letters_with_tones_in_the_order_of_cldr(self):
        assert sorted(random.Random(3).sample(LETTERS, len(LETTERS)), key=vi.sort_key) == list(
            LETTERS
        )

    def test_words_before_longer_words(self):
        words = ["An Bình", "An Dương", "Anh", "Ánh Dương"]
        mixed = [words[index] for index in (2, 0, 3, 1)]
        assert sorted(mixed, key=vi.sort_key) == words

    def test_case_does_not_count_and_eth_is_d(self):
        assert vi.sort_key("ĐẶNG") == vi.sort_key("đặng") == vi.sort_key("Ðặng")

    def test_decomposed_text_sorts_alike(self):
        assert vi.sort_key(unicodedata.normalize("NFD", "Nguyễn")) == vi.sort_key("Nguyễn")

    def test_a_key_is_its_code(self):
        assert vi.sort_key("Bà") == "13" + "10" + "00" + "01"
        assert vi.sort_key("a 1") == "10" + "01" + "8049" + "00" + "00"
        assert vi.sort_key("") == "00"

    @given(st.text(max_size=20).map(vi.nfc))
    def test_digits_only_and_of_bounded_length(self, text):
        key = vi.sort_key(text)
        assert key.isascii()
        assert key.isdigit()
        assert len(key) <= 9 * len(text.lower()) + 2

    @given(vietnamese_text, vietnamese_text)
    def test_orders_as_the_key_of_the_handbook(self, left, right):
        assert sign(vi.sort_key(left), vi.sort_key(right)) == sign(vi_key(left), vi_key(right))

    @given(st.text(max_size=8).map(vi.nfc), st.text(max_size=8).map(vi.nfc))
    def test_orders_any_text_as_the_key_of_the_handbook(self, left, right):
        assert sign(vi.sort_key(left), vi.sort_key(right)) == sign(vi_key(left), vi_key(right))


class TestPersonKey:
    ORDER = [
        *["Trần Thị An", "Lê Đức Anh", "Bùi Áo", "Nguyễn Văn Ân", "Hoàng Bình", "Phạm Dung"],
        *["Nguyễn Thị Dung", "Đỗ Văn Đạt"],
    ]

    def test_order_of_the_handbook(self):
        mixed = random.Random(2).sample(self.ORDER, len(self.ORDER))
        assert sorted(mixed, key=vi.person_key) == self.ORDER

    def test_nobody_comes_first(self):
        assert vi.person_key(" ") < vi.person_key("An")

    @given(vietnamese_text, vietnamese_text)
    def test_orders_as_the_key_of_the_handbook(self, left, right):
        expected = sign(name_key(left), name_key(right))
        assert sign(vi.person_key(left), vi.person_key(right)) == expected


class TestSearchKey:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("nghi loc", "Nghi Lộc"),
            ("dang", "ĐẶNG"),
            ("Da Nang", "Ðà Nẵng"),
            ("hoà", "hòa"),
            ("thuỷ", "thủy"),
            ("chiến sỹ", "Chiến sĩ"),
            ("kĩ thuật", "Kỹ thuật"),
            ("lí do", "lý do"),
            ("quí", "quý"),
            ("mĩ", "Mỹ"),
            ("tỉ lệ", "tỷ lệ"),
            ("vì an ninh tổ quốc", "“Vì An ninh – Tổ Quốc”"),
            ("118 kh v01", "118/KH-V01"),
        ],
    )
    def test_one_key(self, typed, stored):
        assert vi.search_key(typed) == vi.search_key(stored)

    @pytest.mark.parametrize(
        ("one", "other"), [("thủy", "thúi"), ("ay", "ai"), ("huy", "hui"), ("ngày", "ngài")]
    )
    def test_two_keys(self, one, other):
        assert vi.search_key(one) != vi.search_key(other)

    def test_reads(self):
        assert vi.search_key("  Chiến sỹ – Đội 2!") == "chien si doi 2"

    @given(st.text())
    def test_is_stable(self, text):
        key = vi.search_key(text)
        assert vi.search_key(key) == key

    @given(vietnamese_text)
    def test_does_not_see_case_or_form(self, text):
        key = vi.search_key(text)
        assert vi.search_key(text.upper()) == key
        assert vi.search_key(unicodedata.normalize("NFD", text)) == key
        assert key.isascii()


class TestSlug:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Đơn vị quyết thắng", "don-vi-quyet-thang"),
            ("Báo cáo tổng kết 2017 (bản 2)", "bao-cao-tong-ket-2017-ban-2"),
            ("../../etc/passwd", "etc-passwd"),
            ("", "tep"),
            ("–“”", "tep"),
            ("a" * 79 + " b", "a" * 79),
        ],
    )
    def test_name(self, text, name):
        assert vi.slug(text) == name

    @given(st.text())
    def test_is_a_plain_name(self, text):
        assert set(vi.slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert 1 <= len(vi.slug(text)) <= 80


class TestNumberWords:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (0, "không"),
            (1, "một"),
            (4, "bốn"),
            (10, "mười"),
            (11, "mười một"),
            (14, "mười bốn"),
            (15, "mười lăm"),
            (20, "hai mươi"),
            (21, "hai mươi mốt"),
            (24, "hai mươi tư"),
            (25, "hai mươi lăm"),
            (55, "năm mươi lăm"),
            (100, "một trăm"),
            (101, "một trăm linh một"),
            (105, "một trăm linh năm"),
            (110, "một trăm mười"),
            (1_001, "một nghìn không trăm linh một"),
            (2_026, "hai nghìn không trăm hai mươi sáu"),
            (1_000_000, "một triệu"),
            (1_880_000, "một triệu tám trăm tám mươi nghìn"),
            (3_510_000, "ba triệu năm trăm mười nghìn"),
            (28_080_000, "hai mươi tám triệu không trăm tám mươi nghìn"),
            (2_000_000_005, "hai tỷ không trăm linh năm"),
            (999_000_000_000, "chín trăm chín mươi chín tỷ"),
        ],
    )
    def test_vector(self, number, words):
        assert vi.number_words(number) == words

    @pytest.mark.parametrize("number", [-1, 10**12])
    def test_out_of_range(self, number):
        with pytest.raises(ValueError):
            vi.number_words(number)

    def test_no_two_numbers_share_their_words(self):
        assert len({vi.number_words(number) for number in range(20_000)}) == 20_000


class TestFormatNumber:
    @pytest.mark.parametrize(
        ("value", "places", "text"),
        [
            (None, None, ""),
            (0, None, "0"),
            (2310, None, "2.310"),
            (-5, None, "\u22125"),
            (Decimal("1234567.89"), None, "1.234.567,89"),
            (Decimal("97.50"), None, "97,5"),
            (Decimal("2310.00"), None, "2.310"),
            (Decimal("97.245"), 2, "97,25"),
            (Decimal("-97.245"), 2, "\u221297,25"),
            (Decimal("-0.004"), 2, "0,00"),
            (Decimal("1E+3"), None, "1.000"),
            (Decimal(999), 2, "999,00"),
            (Decimal("1234567890123456789012345678901.5"), 0,
             "1.234.567.890.123.456.789.012.345.678.902"),
        ],
    )  # fmt: skip
    def test_vector(self, value, places, text):
        assert vi.format_number(value, places) == text

    @pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1E+999999", "1E-999999"])
    def test_no_number_to_show(self, value):
        with pytest.raises(ValueError):
            vi.format_number(Decimal(value))


class TestParseNumber:
    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("2310", "2310"),
            ("1.234", "1234"),
            ("1234,5", "1234.5"),
            ("1.234.567,89", "1234567.89"),
            (" 7,25\n", "7.25"),
            ("-3", "-3"),
            ("\u22123,5", "-3.5"),
            ("+3", "3"),
            ("-0", "0"),
            ("007", "7"),
            ("1,234", "1.234"),
            ("0,125", "0.125"),
        ],
    )
    def test_reads(self, typed, number):
        assert vi.parse_number(typed) == Decimal(number)

    @pytest.mark.parametrize(
        "typed",
        [
            *["", " ", "1.5", "1.23", "1,234.5", "0.123", "1234.567", "12.34.567", "1.2345"],
            *["1,2,3", "5,", ",5", ".5", "5.", "-", "--5", "1 234", "1e5", "NaN", "inf"],
            *["Infinity", "0x1F", "1_000", "٣", "１", "5%", "5 đồng", "1" * 31, "1\x00", "=1+1"],
        ],
    )
    def test_refuses(self, typed):
        with pytest.raises(ValueError):
            vi.parse_number(typed)

    def test_refuses_a_megabyte_at_once(self):
        with pytest.raises(ValueError):
            vi.parse_number("1" * 1_000_000)

    @given(st.text() | st.text(st.sampled_from("0123456789.,+-\u2212eE ")))
    def test_raises_value_errors_only(self, text):
        with suppress(ValueError):
            assert vi.parse_number(text).is_finite()

    @given(st.decimals(-(10**12), 10**12, places=4))
    def test_reads_what_we_write(self, number):
        assert vi.parse_number(vi.format_number(number)) == number


class TestDocumentDate:
    @pytest.mark.parametrize(
        ("day", "text"),
        [
            (date(2018, 1, 5), "ngày 05 tháng 01 năm 2018"),
            (date(2018, 2, 28), "ngày 28 tháng 02 năm 2018"),
            (date(2017, 3, 9), "ngày 09 tháng 3 năm 2017"),
            (date(2017, 12, 10), "ngày 10 tháng 12 năm 2017"),
        ],
    )
    def test_vector(self, day, text):
        assert vi.document_date(day) == text


class TestRoman:
    @pytest.mark.parametrize(
        ("number", "numeral"),
        [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (1990, "MCMXC"),
         (2026, "MMXXVI"), (3999, "MMMCMXCIX"), (444, "CDXLIV")],
    )  # fmt: skip
    def test_vector(self, number, numeral):
        assert vi.roman(number) == numeral

    @pytest.mark.parametrize("number", [0, 4000])
    def test_out_of_range(self, number):
        with pytest.raises(ValueError):
            vi.roman(number)


class TestListLetters:
    def test_alphabet_of_points(self):
        letters = [vi.list_letters(number) for number in range(1, 24)]
        assert "".join(letters) == "abcdđeghiklmnopqrstuvxy"

    @pytest.mark.parametrize("number", [0, 24, -1])
    def test_out_of_range(self, number):
        with pytest.raises(ValueError):
            vi.list_letters(number)
