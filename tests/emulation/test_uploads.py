"""Evidence files: what is taken, and every hostile sample of trust.md T11, built here."""

import io
import os
import random
import resource
import struct
import warnings
import zipfile
import zlib
from contextlib import suppress

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from emulation import uploads
from emulation.uploads import Refused, documents, names, office

pytestmark = pytest.mark.once

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Override PartName="/a.xml" ContentType="application/xml"/></Types>'
)


def pdf(change=None, **options):
    """A PDF of one page, after `change` has been at it."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def image(kind="JPEG", size=(40, 30), **options):
    out = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    """An archive of (name, content) pairs; a name may occur twice."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", compression) as packed:
        warnings.simplefilter("ignore", UserWarning)  # about the name that occurs twice
        for name, content in parts:
            packed.writestr(name, content)
    return out.getvalue()


def docx(*more, main=b"<document/>", types=TYPES, **options):
    parts = [("[Content_Types].xml", types), ("word/document.xml", main), *more]
    return archive(parts, **options)


def xlsx():
    book = openpyxl.Workbook()
    book.active["A1"] = "Số liệu minh chứng"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsm():
    return archive(
        [
            ("[Content_Types].xml", TYPES),
            ("xl/workbook.xml", "<workbook/>"),
            ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
        ]
    )


def png_of(width, height):
    """A PNG that says it is this large and holds next to nothing."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def check(name, content):
    return uploads.check(name, io.BytesIO(content), len(content))


def refusal(name, content):
    """The refusal of a file that must not be taken."""
    with pytest.raises(Refused) as refused:
        check(name, content)
    assert str(refused.value.message)
    assert "%" not in str(refused.value.message)
    return refused.value


@pytest.fixture
def judged_here(monkeypatch):
    """Let PDFs be judged in this process, where coverage sees it; put qpdf's limits back."""
    limits = pikepdf.settings.get_qpdf_limits()
    monkeypatch.setattr(uploads.pdf, "_verdict", documents.refusal)
    yield
    pikepdf.settings.set_qpdf_limits(**limits)


class TestGoodFiles:
    @pytest.mark.parametrize(
        ("name", "content", "extension", "content_type"),
        [
            ("Kế hoạch 118.pdf", pdf(), "pdf", "application/pdf"),
            ("anh.jpg", image(), "jpg", "image/jpeg"),
            ("ANH.JPEG", image(progressive=True), "jpg", "image/jpeg"),
            ("anh.png", image("PNG"), "png", "image/png"),
            (
                "Báo cáo.v2.docx",
                docx(),
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (
                "bang.xlsx",
                xlsx(),
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
    )
    def test_is_taken_as_what_it_is(self, name, content, extension, content_type):
        file = io.BytesIO(content)
        assert uploads.check(name, file, len(content)) == (extension, content_type)
        assert file.read() == content  # open, and at its start

    def test_picture_with_a_second_one_behind(self):
        second = Image.new("RGB", (8, 8))
        content = image("MPO", save_all=True, append_images=[second])
        assert Image.open(io.BytesIO(content)).format == "MPO"
        assert check("IMG_2041.jpg", content).extension == "jpg"

    def test_pdf_that_carries_its_data(self):
        def attach(document):
            document.attachments["du-lieu.json"] = b"{}"

        assert check("a.pdf", pdf(attach)).extension == "pdf"

    def test_pdf_with_links_outline_and_blank_lines_before(self):
        def link(document):
            with document.open_outline() as outline:
                outline.root.append(pikepdf.OutlineItem("Phần I", 0))
            action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://chinhphu.vn")
            note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
            document.pages[0].Annots = [document.make_indirect(note)]

        assert check("a.pdf", b"\r\n" + pdf(link)).extension == "pdf"

    @pytest.mark.parametrize("kind", [SimpleUploadedFile, TemporaryUploadedFile])
    @pytest.mark.parametrize(
        ("name", "content"), [("a.pdf", pdf()), ("a.png", image("PNG")), ("a.xlsx", xlsx())],
        ids=["pdf", "png", "xlsx"],
    )  # fmt: skip
    def test_as_the_form_hands_it_over(self, kind, name, content):
        if kind is SimpleUploadedFile:
            file = kind(name, content)
        else:
            file = kind(name, "application/octet-stream", len(content), None)
            file.write(content)
        assert uploads.check(file.name, file, file.size).extension == name[2:]
        assert not file.closed

    def test_largest_size(self):
        content = pdf()
        padded = content + b"\n" * (uploads.MAX_SIZE - len(content))
        assert check("a.pdf", padded).extension == "pdf"


class TestSize:
    def test_empty(self):
        assert refusal("a.pdf", b"").code == "empty"

    def test_one_byte_too_many(self):
        assert refusal("a.pdf", bytes(uploads.MAX_SIZE + 1)).code == "too_large"

    def test_size_as_sent_counts_too(self):
        for size, code in [(0, "empty"), (uploads.MAX_SIZE + 1, "too_large")]:
            with pytest.raises(Refused) as refused:
                uploads.check("a.pdf", io.BytesIO(pdf()), size)
            assert refused.value.code == code


class TestName:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("a.exe", "extension"),
            ("a.svg", "extension"),
            ("a.html", "extension"),
            ("a.zip", "extension"),
            ("a.doc", "extension"),
            ("a.gif", "extension"),
            ("pdf", "extension"),
            (".pdf", "extension"),
            ("", "extension"),
            ("a.pdf.exe", "extension"),
            ("a.exe.pdf", "double_extension"),
            ("a.HTML .pdf", "double_extension"),
            ("a.php.v2.pdf", "double_extension"),
            ("a.exe\0.pdf", "double_extension"),
            ("a.pdf\0.exe", "extension"),
            ("bang-tong-hop.xlsm", "macro"),
            ("van-ban.docm", "macro"),
        ],
    )
    def test_refused_whatever_it_holds(self, name, code):
        assert refusal(name, pdf()).code == code

    @pytest.mark.parametrize("name", ["a.docx.pdf", "118.2026.pdf", "a.pdf.", " a.pdf ", "exe.pdf"])
    def test_taken(self, name):
        assert check(name, pdf()).extension == "pdf"

    @pytest.mark.parametrize(
        "name",
        [
            "MẬT.pdf",
            "Kế hoạch 12 (MẬT).pdf",
            "118_TỐI MẬT.pdf",
            "cong-van-tuyệt-mật.pdf",
            "Công văn mật.pdf",
            "BÁO CÁO TUYỆT MẬT.exe",
            "CV 12 TUYE\u0323\u0302T MA\u0323\u0302T.pdf",
            "TUYET MAT 12.pdf",
            "cv_toi_mat.pdf",
            "Danh mục bí mật nhà nước độ mật.pdf",
        ],
    )
    def test_mark_of_secrecy(self, name):
        refused = refusal(name, pdf())
        assert refused.code == "secret_name"
        assert str(refused.message) == (
            "Tên tệp có dấu MẬT. Hệ thống chỉ nhận nội dung không mật; tệp chưa được lưu."
        )

    @pytest.mark.parametrize(
        "name",
        [
            "Kế hoạch bảo mật thông tin.pdf",
            "BẢO VỆ BÍ MẬT NHÀ NƯỚC.pdf",
            "Đổi mật khẩu.pdf",
            "Mặt trận Tổ quốc.pdf",
            "gui toi Mat tran To quoc.pdf",
            "mat-bang.pdf",
            "MẬTMÃ.pdf",
        ],
    )
    def test_everyday_words_are_no_mark(self, name):
        assert check(name, pdf()).extension == "pdf"


class TestCleanName:
    @pytest.mark.parametrize(
        ("sent", "listed"),
        [
            ("Kế hoạch 118.pdf", "Kế hoạch 118.pdf"),
            ("Ke\u0302\u0301 hoa\u0323ch.pdf", "Kế hoạch.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\An\ảnh.jpg", "ảnh.jpg"),
            ("a\0b\r\nc.pdf", "abc.pdf"),
            ("anh\u202egpj.exe", "anhgpj.exe"),
            ('a"<b>|c?.pdf', "a__b__c_.pdf"),
            ("  a   b .pdf. ", "a b.pdf"),
            ("...", "tep"),
            ("", "tep"),
            ("\ud800.pdf", "pdf"),
            ("a.", "a"),
            ("x" * 300 + ".docx", "x" * 115 + ".docx"),
            ("x" * 300, "x" * 120),
            ("x." + "y" * 300, "x." + "y" * 118),
        ],
    )
    def test_example(self, sent, listed):
        assert uploads.clean_name(sent) == listed

    @given(st.text(max_size=200))
    def test_is_short_plain_and_stable(self, name):
        clean = uploads.clean_name(name)
        assert 1 <= len(clean) <= names.MAX_NAME
        assert not set(clean) & set('/\\<>:"|?*\0\n\r\t')
        assert uploads.clean_name(clean) == clean


class TestDisguise:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", HTML),
            ("a.pdf", SVG),
            ("a.pdf", image()),
            ("a.pdf", b"MZ" + bytes(200)),
            ("a.pdf", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
            ("a.pdf", bytes(2000) + pdf()),
            ("a.jpg", image("PNG")),
            ("a.png", image()),
            ("a.png", image("GIF")),
            ("a.jpg", pdf()),
            ("a.jpg", b"just text"),
            ("a.docx", xlsx()),
            ("a.xlsx", docx()),
            ("a.docx", HTML),
            ("a.docx", HTML + docx()),
            ("a.xlsx", archive([("a.txt", b"a")])),
            ("a.docx", archive([("word/document.xml", b"<a/>")])),
        ],
    )
    def test_content_of_another_kind(self, name, content):
        assert refusal(name, content).code == "mismatch"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", b"%PDF-1.7\n%" + HTML + pdf()),
            ("a.pdf", b"%PDF-1.7\n%<svg onload=alert(1)>\n" + pdf()),
            ("a.jpg", image(comment=b"<script>alert(1)</script>")),
            ("a.pdf", pdf() + archive([("a.exe", b"MZ")])),
            ("a.png", image("PNG") + archive([("a.js", b"x")])),
            ("a.jpg", image() + docx()),
        ],
    )
    def test_two_kinds_at_once(self, name, content):
        assert refusal(name, content).code == "polyglot"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", b"%PDF-1.7\n" + bytes(300)),
            ("a.pdf", b"%PDF-1.7"),
            ("a.jpg", image()[:-200]),
            ("a.png", image("PNG")[:-200]),
            ("a.docx", docx()[:-10]),
            ("a.docx", b"PK\x03\x04"),
            ("a.docx", docx(main=b"<!-- no element -->")),
            ("a.docx", docx(main=b"<a/><!DOCTYPE a>")),
            ("a.docx", docx(main=b"\xff\xff")),
        ],
    )
    def test_broken(self, name, content):
        assert refusal(name, content).code == "unreadable"


class TestPdf:
    @pytest.mark.parametrize("password", ["", "mật khẩu"])
    @pytest.mark.usefixtures("judged_here")
    def test_encrypted(self, password):
        content = pdf(encryption=pikepdf.Encryption(owner="chủ", user=password))
        assert refusal("a.pdf", content).code == "encrypted"

    @pytest.mark.usefixtures("judged_here")
    def test_no_pages(self):
        def remove(document):
            del document.pages[0]

        assert refusal("a.pdf", pdf(remove)).code == "unreadable"

    @pytest.mark.parametrize(
        "keys",
        [
            {"S": pikepdf.Name.JavaScript, "JS": "app.alert(1)"},
            {"S": pikepdf.Name.JavaScript},
            {"S": pikepdf.Name.Rendition, "JS": "app.alert(1)"},
            {"S": pikepdf.Name.Launch, "F": "cmd.exe"},
            {"S": pikepdf.Name.Movie},
        ],
        ids=["script", "script-elsewhere", "rendition", "launch", "movie"],
    )
    @pytest.mark.usefixtures("judged_here")
    @pytest.mark.parametrize("place", ["opening", "page", "note", "names", "next", "outline"])
    def test_action(self, keys, place):
        def plant(document):
            root, page = document.Root, document.pages[0]
            action = pikepdf.Dictionary(**keys)
            note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
            if place == "opening":
                root.OpenAction = action
            elif place == "page":
                page.AA = pikepdf.Dictionary(O=document.make_indirect(action))
            elif place == "note":
                page.Annots = document.make_indirect(pikepdf.Array([note]))
            elif place == "names":
                names = pikepdf.Dictionary(Names=["a", action])
                root.Names = pikepdf.Dictionary(JavaScript=names)
            elif place == "next":
                link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://a.vn", Next=[action])
                root.OpenAction = document.make_indirect(link)
            else:
                root.Outlines = pikepdf.Dictionary(First=pikepdf.Dictionary(Title="a", A=action))

        compressed = pikepdf.ObjectStreamMode.generate
        assert refusal("a.pdf", pdf(plant)).code == "active"
        assert refusal("a.pdf", pdf(plant, object_stream_mode=compressed)).code == "active"

    @pytest.mark.usefixtures("judged_here")
    def test_name_in_disguise(self):
        def plant(document):
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            document.Root.OpenAction = action

        content = pdf(plant).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")
        assert b"/JavaScript" not in content
        assert refusal("a.pdf", content).code == "active"

    @pytest.mark.usefixtures("judged_here")
    def test_form_with_its_own_program(self):
        def plant(document):
            document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"))

        assert refusal("a.pdf", pdf(plant)).code == "active"

    @pytest.mark.usefixtures("judged_here")
    def test_attached_program(self):
        def attach(document):
            document.attachments["a.json.exe"] = b"MZ"

        assert refusal("a.pdf", pdf(attach)).code == "attachment"

    @pytest.mark.parametrize("twice", [False, True])
    def test_tables_that_unpack_to_a_gigabyte(self, twice):
        bomb = zlib.compressobj(9)
        packed = b"".join(bomb.compress(bytes(2**20)) for _ in range(64)) + bomb.flush()
        packed = zlib.compress(packed) if twice else packed
        filters = b"[/FlateDecode /FlateDecode]" if twice else b"/FlateDecode"
        body = (
            b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        )
        table = b"4 0 obj<</Type/XRef/W[1 2 1]/Size 5/Root 1 0 R/Filter %s/Length %d>>stream\n"
        start = b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % len(body)
        content = body + table % (filters, len(packed)) + packed + start
        assert refusal("a.pdf", content).code == "unpacked"

    def test_sixteen_megabytes_of_numbers(self, monkeypatch):
        monkeypatch.setattr(uploads.pdf, "_MEMORY", 100 * 2**20)

        def fill(document):
            document.Root.Numbers = pikepdf.Array([])

        content = pdf(fill).replace(b"/Numbers [ ]", b"/Numbers [" + b"1 " * 8_000_000 + b"]")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert refusal("a.pdf", content).code in {"unpacked", "unreadable"}
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024

    def test_child_that_breaks_down(self, monkeypatch):
        monkeypatch.setattr(documents, "refusal", lambda _content: os.kill(os.getpid(), 9))
        assert refusal("a.pdf", pdf()).code == "unpacked"
        monkeypatch.setattr(documents, "refusal", lambda _content: 1 / 0)
        assert refusal("a.pdf", pdf()).code == "unpacked"

    def test_limits_of_this_process_stay(self):
        before = pikepdf.settings.get_qpdf_limits()
        check("a.pdf", pdf())
        assert pikepdf.settings.get_qpdf_limits() == before

    def test_too_many_objects(self, monkeypatch):
        monkeypatch.setattr(documents, "_OBJECTS", 20)

        def fill(document):
            document.Root.Piece = pikepdf.Array([pikepdf.Dictionary() for _ in range(20)])

        assert check("a.pdf", pdf()).extension == "pdf"
        assert refusal("a.pdf", pdf(fill)).code == "unpacked"

    @pytest.mark.usefixtures("judged_here")
    def test_circles_come_to_an_end(self):
        def tie(document):
            document.Root.Loop = document.make_indirect(pikepdf.Dictionary())
            document.Root.Loop.Back = document.Root.Loop
            document.Root.Loop.Top = document.Root

        assert check("a.pdf", pdf(tie)).extension == "pdf"


class TestImages:
    @pytest.mark.parametrize("size", [(30_000, 30_000), (10_000, 10_000), (8_000, 5_001)])
    def test_too_many_pixels(self, size):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            assert refusal("a.png", png_of(*size)).code == "pixels"

    def test_as_many_as_allowed(self):
        out = io.BytesIO()
        Image.new("L", (8_000, 5_000)).save(out, "JPEG")
        assert check("a.jpg", out.getvalue()).extension == "jpg"

    @pytest.mark.parametrize("others_look_away", [False, True])
    def test_pixels_that_are_not_there(self, others_look_away, monkeypatch):
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", others_look_away)
        assert refusal("a.png", png_of(4_000, 4_000)).code == "unreadable"


class TestOffice:
    def test_macros_of_excel(self):
        refused = refusal("a.xlsx", xlsm())
        assert refused.code == "macro"
        assert str(refused.message) == "Tệp có macro. Lưu lại dạng XLSX rồi tải lên."

    @pytest.mark.parametrize(
        "part",
        ["word/VBAPROJECT.BIN", r"word\vbaProject.bin", "xl/macrosheets/sheet1.xml",
         "word/activeX/activeX1.bin", "word/embeddings/a.xlsm"],
    )  # fmt: skip
    def test_macros_in_other_places(self, part):
        refused = refusal("a.docx", docx((part, b"x")))
        assert refused.code == "macro"
        assert str(refused.message) == "Tệp có macro. Lưu lại dạng DOCX rồi tải lên."

    def test_macros_by_declared_type(self):
        types = TYPES.replace(b"application/xml", b"application/vnd.ms-word.macroEnabled+xml")
        assert refusal("a.docx", docx(types=types)).code == "macro"

    def test_password(self):
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000)
        assert refusal("a.xlsx", content).code == "encrypted"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize(
        "declaration",
        [
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>',
            '<!DOCTYPE a SYSTEM "http://a.vn/a.dtd"><a/>',
        ],
    )
    def test_entities(self, declaration, encoding):
        main = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}'.encode(encoding)
        assert refusal("a.docx", docx(main=main)).code == "doctype"

    @pytest.mark.parametrize(
        "part",
        ["../a.xml", "/etc/passwd", "word/../../a", r"..\a.xml", "C:/a.xml", "word/a\nb.bin",
         "word/a.exe", "word/afchunk.html"],
    )  # fmt: skip
    def test_unsafe_parts(self, part):
        assert refusal("a.docx", docx((part, b"<a/>"))).code == "archive"

    def test_nul_in_a_name(self):
        content = docx(("word/a@.bin", b"x")).replace(b"word/a@.bin", b"word/a\0.bin")
        assert refusal("a.docx", content).code == "archive"

    def test_the_same_part_twice(self):
        assert refusal("a.docx", docx(("word/document.xml", b"<b/>"))).code == "archive"

    def test_unusual_packing(self):
        assert refusal("a.docx", docx(compression=zipfile.ZIP_LZMA)).code == "archive"
        assert check("a.docx", docx(compression=zipfile.ZIP_STORED)).extension == "docx"

    def test_locked_parts(self):
        content = bytearray(docx())
        for mark, offset in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)]:
            content[content.find(mark) + offset] |= 1
        assert refusal("a.docx", bytes(content)).code == "archive"

    def test_drawings_and_folders_are_ordinary(self):
        content = docx(("word/", b""), ("word/media/a.svg", SVG), ("xl/a.vml", b"<br>"))
        assert check("a.docx", content).extension == "docx"

    def test_too_many_parts(self):
        more = [(f"word/media/{number}.png", b"x") for number in range(office.MAX_ENTRIES)]
        assert check("a.docx", docx(*more[2:])).extension == "docx"
        assert refusal("a.docx", docx(*more[1:])).code == "unpacked"
        assert refusal("a.docx", docx(*more, *((f"w{n}", b"") for n in range(2000)))).code == (
            "unpacked"
        )

    def test_bomb(self):
        assert refusal("a.docx", docx(("word/media/a.png", bytes(60 * 2**20)))).code == "unpacked"

    def test_small_bomb_by_its_ratio(self):
        content = docx(("word/media/a.png", bytes(2**20)))
        assert len(content) < 2**20 / office.MAX_RATIO
        assert refusal("a.docx", content).code == "unpacked"

    def test_many_parts_share_the_limit(self):
        noise = random.Random(1).randbytes(300_000)
        more = [(f"word/media/{n}.png", bytes(10 * 2**20)) for n in range(6)]
        content = docx(("word/media/noise.png", noise * 2), *more, main=b"<a/>")
        assert refusal("a.docx", content).code == "unpacked"

    @pytest.mark.parametrize("declared", [10, 60 * 2**20])
    def test_headers_that_lie_about_the_size(self, declared):
        """A bomb that says it is small, and a small part that says it is a bomb."""
        real = bytes(30 * 2**20) if declared == 10 else bytes(1000)
        content = bytearray(docx(("word/media/a.png", real)))
        at = content.rfind(b"PK\x01\x02")
        content[at + 24 : at + 28] = struct.pack("<I", declared)
        content[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(bytes(10)))
        code = "unpacked" if declared == 10 else "archive"
        assert refusal("a.docx", bytes(content)).code == code

    def test_content_changed_after_packing(self):
        content = docx(("word/media/a.png", b"abcabc"), compression=zipfile.ZIP_STORED)
        assert refusal("a.docx", content.replace(b"abcabc", b"abcabd")).code == "archive"


STARTS = [b"", b"%PDF-1.7\n", image()[:200], image("PNG")[:60], docx()[:300], pdf()[:120]]


class TestGarbage:
    @settings(max_examples=300, deadline=None)
    @given(
        st.sampled_from(["a.pdf", "a.jpg", "a.png", "a.docx", "a.xlsx"]) | st.text(max_size=20),
        st.sampled_from(STARTS),
        st.binary(max_size=400),
    )
    @example("a.pdf", b"%PDF-1.7\n", b"trailer<</Root<</Pages<</Kids[1 2]/Count 2>>>>>>")
    def test_is_refused_and_never_a_crash(self, name, start, rest):
        with pytest.raises(Refused):
            check(name, start + rest)

    @settings(max_examples=300, deadline=None)
    @given(
        st.sampled_from(
            [("a.pdf", pdf()), ("a.jpg", image()), ("a.png", image("PNG")), ("a.xlsx", xlsx())]
        ),
        st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=5),
    )
    def test_damage_is_refused_or_taken_and_never_a_crash(self, sample, damage):
        name, content = sample
        damaged = bytearray(content)
        for at, bits in damage:
            start = at % len(damaged)
            damaged[start : start + len(bits)] = bits
        with suppress(Refused):
            check(name, bytes(damaged))
