"""A secrecy mark is found however it is written, and ordinary Vietnamese passes."""

import time
import unicodedata

import pytest
from django import forms
from django.contrib.auth.forms import UsernameField
from hypothesis import given
from hypothesis import strategies as st

from clusters.forms import CleanTextMixin, PasswordForm
from clusters.secrecy import (
    HIGHEST,
    MARKS,
    SECRET,
    TOP_SECRET,
    find_mark,
    find_mark_in_name,
    marked,
)
from tests import world as w


class TestMarksInTexts:
    @pytest.mark.parametrize(
        ("text", "mark"),
        [
            ("MẬT", SECRET),
            ("TỐI MẬT", TOP_SECRET),
            ("TUYỆT MẬT", HIGHEST),
            ("Kế hoạch TỐI MẬT của Cục", TOP_SECRET),
            ("kế hoạch tuyệt mật", HIGHEST),
            ("Tài liệu Tối mật", TOP_SECRET),
            ("TÀI LIỆU MẬT", SECRET),
            ("CÔNG VĂN MẬT", SECRET),
            ("Báo cáo (MẬT) quý I", SECRET),
            ("MẬT BÁO CÁO THÁNG", SECRET),
            ("MẬT DANH SÁCH", SECRET),
            ("BÍ MẬT - MẬT", SECRET),
            ("bí MẬT", SECRET),
            ("tài liệu Mật", SECRET),
            ("công văn Mật số 12", SECRET),
            ("độ Mật", SECRET),
            ("Độ mật: Mật", SECRET),
            ("độ mật: mật", SECRET),
            ("Số 12/Mật", SECRET),
            ("Mật", SECRET),
            ("mật", SECRET),
            ("Kính gửi Cục\nmật\nBáo cáo", SECRET),
            ("(Mật)", SECRET),
            ("Báo cáo [mật] tháng 3", SECRET),
            ("văn bản “mật” đã gửi", SECRET),
            # What follows is a word of its own, not the second half of an ordinary one.
            ("MẬT\nĐỘ KHẨN", SECRET),
            ("MẬT ĐỘ KHẨN: HỎA TỐC", SECRET),
            ("MẬT MÃ SỐ 12", SECRET),
            ("MẬT PHỤC VỤ HỘI NGHỊ", SECRET),
            ("MẬT THIẾT BỊ", SECRET),
            # Typed without accents these read as nothing else.
            ("TOI MAT", TOP_SECRET),
            ("tuyet mat", HIGHEST),
            ("TỐI MAT", TOP_SECRET),
        ],
    )
    def test_found(self, text, mark):
        assert find_mark(text) == mark

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "bí mật nhà nước",
            "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
            "Luật Bảo vệ bí mật nhà nước",
            "BẢO VỆ BÍ\nMẬT NHÀ NƯỚC",
            "Công tác bảo mật, an toàn thông tin",
            "BẢO MẬT THÔNG TIN",
            "Đổi mật khẩu định kỳ",
            "MẬT KHẨU",
            "mật độ dân cư",
            "Mật độ phương tiện",
            "MẬT ĐỘ XÂY DỰNG",
            "hỗ trợ 20 hộ nuôi ong lấy mật",
            "mật ong, sữa, mật, trứng",
            "MẬT MÃ DÂN SỰ",
            "quan hệ mật thiết với nhân dân",
            "phẫu thuật sỏi mật, viêm túi mật",
            "không khí thân mật",
            "quyết định giải mật",
            "GIẢI MẬT",
            "quản lý tài liệu mật",
            "xác định độ mật của văn bản",
            "mật phục bắt quả tang",
            "buổi tối mật phục bắt quả tang",
            "vào buổi tối mật độ xe tăng cao",
            "NGUYỄN THỊ MẬT",
            "LÊ VĂN MẬT",
            "Lê Văn Mật",
            "các đồng chí An, Mật, Hoa",
            "MẶT TRẬN TỔ QUỐC",
            "Mặt trận, mất mùa, tối mắt, tôi mất ví",
            "chung toi mat 3 ngay",
            "MAT 2026",
            "FORMAT, tomato",
            "B Í M Ậ T N H À N Ư Ớ C",
            "B Í   M Ậ T   N H À   N Ư Ớ C",
            "M Ậ T K H Ẩ U",
            "bảo mậ t thông tin",
        ],
    )
    def test_ordinary_words_pass(self, text):
        assert find_mark(text) is None
        assert find_mark(unicodedata.normalize("NFD", text)) is None


class TestDisguises:
    @pytest.mark.parametrize(
        "text",
        [
            "MA\u0323\u0302T",  # decomposed
            "MA\u0302\u0323T",  # in the other order
            "Ｍ\uff21\u0323\u0302Ｔ",  # full width
            "МẬТ",  # Cyrillic em and te
            "ΜẬΤ",  # Greek mu and tau
            "𝐌Ậ𝐓",  # mathematical bold
            "M\u200bẬT",
            "M\u00adẬ\u2060T",
            "TÀI LIỆU\u200bMẬT",  # the invisible character instead of the space
            "MẬT\ufe0f",
            "M\u0336Ậ\u0336T\u0336",  # struck through
            "M\u034fẬT",
            "M\u3164Ậ\u3164T",
            "M\u00a0Ậ\u2003T",
            "M Ậ T",
            "M  Ậ T",
            "MẬ T",
            "M.Ậ.T",
            "M\nẬ\nT",
            "m ậ t",
            "mẬT",
            "MậT",
            "TÀILIỆUMẬT",
            "T À I L I Ệ U M Ậ T",
            "MÂT\u0323",
        ],
    )
    def test_single_mark(self, text):
        assert find_mark(f"Báo cáo\n{text}\nquý I") == SECRET

    @pytest.mark.parametrize(
        ("text", "mark"),
        [
            ("TỐIMẬT", TOP_SECRET),
            ("TỐI\u200dMẬT", TOP_SECRET),
            ("T Ố I   M Ậ T", TOP_SECRET),
            ("T.Ố.I M.Ậ.T", TOP_SECRET),
            ("TỐI\n\nMẬT", TOP_SECRET),
            ("tối_mật", TOP_SECRET),
            ("TUYỆT - MẬT", HIGHEST),
            ("T UYỆT MẬT", HIGHEST),
            ("TuyệtMật", HIGHEST),
        ],
    )
    def test_two_words(self, text, mark):
        assert find_mark(text) == mark

    @given(
        mark=st.sampled_from(MARKS),
        form=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
        between=st.lists(
            st.sampled_from(["", "", "", " ", "  ", "\u00a0", "\u200b", "\u00ad", ".", "-", "\n"]),
            min_size=9,
            max_size=9,
        ),
        wide=st.booleans(),
        before=st.sampled_from(["", "Báo cáo ", "(", "số 12-", "bí mật nhà nước: ", "\n"]),
        after=st.sampled_from(["", ")", " quý I", ".", "\n", " – mật khẩu"]),
        small=st.booleans(),
    )
    def test_any_mixture(self, mark, form, between, wide, before, after, small):
        typed = mark.replace(" ", "")
        if wide:
            typed = "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in typed)
        # The level alone stands for the mark in small letters too; MẬT needs its capitals.
        typed = typed.lower() if small and mark != SECRET else typed
        gaps = between[: len(typed) - 1]
        mixed = "".join(a + b for a, b in zip(typed, [*gaps, ""], strict=True))
        assert find_mark(before + unicodedata.normalize(form, mixed) + after) == mark


class TestNames:
    @pytest.mark.parametrize(
        ("name", "mark"),
        [
            ("MẬT.pdf", SECRET),
            ("Mật.pdf", SECRET),
            ("Kế hoạch 12 (MẬT).pdf", SECRET),
            ("Công văn mật.pdf", SECRET),
            ("Danh mục bí mật nhà nước độ mật.pdf", SECRET),
            ("118_TỐI MẬT.pdf", TOP_SECRET),
            ("cong-van-tuyệt-mật.pdf", HIGHEST),
            ("TUYE\u0323\u0302T MA\u0323\u0302T.pdf", HIGHEST),
            ("TUYET MAT 12.pdf", HIGHEST),
            ("TuyetMat.pdf", HIGHEST),
            ("cv_toi_mat.pdf", TOP_SECRET),
            ("TOI_MAT_bao-cao.pdf", TOP_SECRET),
            ("toimat.pdf", TOP_SECRET),
            ("TOIMAT2026.pdf", TOP_SECRET),
            ("T_O_I_M_A_T.pdf", TOP_SECRET),
            ("(MAT).pdf", SECRET),
            ("(mat) bao cao.docx", SECRET),
            ("[Mat] bao cao.docx", SECRET),
            ("mat.pdf", SECRET),
            ("MAT_baocao.pdf", SECRET),
            ("KH_MAT_2026.xlsx", SECRET),
            ("M.A.T.pdf", SECRET),
            ("MAT", SECRET),
            ("BaoCaoMAT.pdf", SECRET),
            ("BaoCaoMat.pdf", SECRET),
            ("baocaoMAT.pdf", SECRET),
            ("bao-cao-mat.pdf", SECRET),
            ("tai-lieu-mat-2026.pdf", SECRET),
            ("M\u200bAT_12.pdf", SECRET),
        ],
    )
    def test_found(self, name, mark):
        assert find_mark_in_name(name) == mark

    @pytest.mark.parametrize(
        "name",
        [
            "Kế hoạch bảo mật thông tin.pdf",
            "BẢO VỆ BÍ MẬT NHÀ NƯỚC.pdf",
            "Đổi mật khẩu.pdf",
            "MẬTMÃ.pdf",
            "Mặt trận Tổ quốc.pdf",
            "gui toi Mat tran To quoc.pdf",
            "UY BAN MAT TRAN TO QUOC.PDF",
            "bao-cao-mat-tran.pdf",
            "ho-so-mat-tich.pdf",
            "mat-bang.pdf",
            "bi mat nha nuoc.pdf",
            "BAO_MAT.pdf",
            "bao-mat.pdf",
            "gap-mat.jpg",
            "LE RA MAT CLB.jpg",
            "Vũ Thị Mật.jpg",
            "FORMAT.pdf",
            "tomato.png",
            "MATLAB.pdf",
            "IMG_20260105.jpg",
        ],
    )
    def test_everyday_words_are_no_mark(self, name):
        assert find_mark_in_name(name) is None
        assert find_mark_in_name(unicodedata.normalize("NFD", name)) is None


@pytest.mark.parametrize(
    "text", ["mật " * 1250, "-mật-" * 1000, "t" * 5000, "t " * 2500, "tối" + " " * 5000 + "x"]
)
def test_longest_text_takes_no_time(text):
    start = time.process_time()
    find_mark(text)
    find_mark_in_name(text)
    assert time.process_time() - start < 2


class TestMarked:
    def test_names_the_values_that_carry_a_mark(self):
        values = {
            "title": "Kế hoạch TỐI MẬT",
            "description": "bí mật nhà nước",
            "quantity": 3,
            "kept": {"rows": [["x", "MẬT"]]},
        }
        assert marked(values) == {"title": TOP_SECRET, "kept": SECRET}


class Words(CleanTextMixin, forms.Form):
    name = forms.CharField(label="Tên")
    text = forms.CharField(label="Diễn giải", widget=forms.Textarea, required=False)
    code = UsernameField(required=False)
    password = forms.CharField(widget=forms.PasswordInput, required=False)


class TestForms:
    def test_mark_is_refused_at_its_field(self):
        form = Words({"name": "Báo cáo", "text": "Trích văn bản TỐI MẬT số 12"})
        assert not form.is_valid()
        assert form.errors == {
            "text": [
                "Có dấu “TỐI MẬT”; nội dung chưa được lưu. Hệ thống chỉ chứa nội dung không mật. "
                "Nội dung mật gửi theo Luật Bảo vệ bí mật nhà nước, không gửi qua hệ thống này."
            ]
        }
        assert form.errors.as_data()["text"][0].code == "secret"

    def test_ordinary_text_passes(self):
        assert Words({"name": "BẢO VỆ BÍ MẬT NHÀ NƯỚC", "text": "đổi mật khẩu"}).is_valid()

    def test_accounts_and_passwords_are_not_judged(self):
        assert Words({"name": "An", "code": "MẬT", "password": "TỐI MẬT"}).is_valid()

    def test_forms_that_keep_nothing_are_not_judged(self):
        class Search(CleanTextMixin, forms.Form):
            keeps_text = False
            q = forms.CharField()

        assert Search({"q": "MẬT"}).is_valid()

    @pytest.mark.django_db
    def test_password_may_be_a_mark(self, client):
        world = w.build()
        world.an.set_password("TUYỆT MẬT 2026 của tôi")
        world.an.save()
        typed = {"login": "an", "password": "TUYỆT MẬT 2026 của tôi"}
        assert client.post("/dang-nhap/", typed).status_code == 302
        new = "TỐI MẬT 2027 của tôi"
        form = PasswordForm({"old": typed["password"], "new": new, "again": new}, user=world.an)
        assert form.is_valid(), form.errors
