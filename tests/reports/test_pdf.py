"""The file itself: valid twice, closed to the outside, the same bytes for the same content."""

import hashlib
import io
import json
import logging
import os
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pytest
from django.conf import settings

import reports
from reports import pdf
from reports.content import Paragraph, SummaryReport, to_json
from tests.reports.content_sample import CREATED, HOSTILE, NOTICE, hostile, long, usual
from tests.reports.measure import elements, pages, poppler, printed

pytestmark = pytest.mark.once

PROFILES = (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1)
SAMPLES = [usual, long, hostile]


def failures(file: bytes) -> list[str]:
    """Return what the validator objects to under both profiles."""
    return [
        f"{profile.name} {failure.rule_id} {failure.message}"
        for profile in PROFILES
        for failure in validator.validate_pdf_bytes(file, profile=profile).failures
    ]


def short(*opening: Paragraph) -> SummaryReport:
    """Return a report of one page."""
    closing = Paragraph("Hết./.")
    return replace(usual(), opening=opening, sections=(), closing=closing, annexes=())


def changed(change: Callable[[str], str]) -> bytes:
    """Return the PDF of the usual report with its HTML changed; the change must change it."""
    html = pdf.render_html(usual())
    assert change(html) != html
    return pdf.render_pdf(change(html), data=b"{}\n", created=CREATED)


@pytest.mark.parametrize("sample", SAMPLES)
def test_file_is_pdf_a_3a_and_pdf_ua_1(sample: Callable[[], SummaryReport]) -> None:
    file = printed(sample())
    assert failures(file) == []
    assert all(validator.is_pdf_compliant_bytes(file, profile=profile) for profile in PROFILES)


@pytest.mark.parametrize(
    "change",
    [
        lambda html: html.replace(' lang="vi"', ""),
        lambda html: html.replace("h3>", "h4>"),
        lambda html: html[: html.index("<title>", 900)] + html[html.index("</title>", 900) + 8 :],
        lambda html: html.replace('<ul class="dash">', '<ul style="list-style: disc inside">'),
    ],
    ids=["no language", "skipped heading", "figure without words", "marker inside"],
)
def test_validator_objects_to_what_would_shut_readers_out(
    change: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.press._Listener.emit", lambda listener, record: None)
    assert any("PDF_UA_1" in found for found in failures(changed(change)))


@pytest.mark.parametrize("sample", SAMPLES)
def test_only_tinos_is_used_and_embedded(sample: Callable[[], SummaryReport]) -> None:
    with pikepdf.open(io.BytesIO(printed(sample()))) as document:
        fonts = [obj for obj in document.objects if is_a(obj, "/Font") and "/FontDescriptor" in obj]
        tops = [obj for obj in document.objects if is_a(obj, "/Font") and "/ToUnicode" in obj]
        assert len(tops) == len(fonts) >= 3
        for font in fonts:
            assert str(font.BaseFont).partition("+")[2].startswith("Tinos")
            assert "/FontFile2" in font.FontDescriptor or "/FontFile3" in font.FontDescriptor


def is_a(obj: Any, kind: str) -> bool:
    return isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == kind


@pytest.mark.parametrize("sample", SAMPLES)
def test_text_of_the_file_is_nfc(sample: Callable[[], SummaryReport]) -> None:
    text = poppler("pdftotext", "-raw", file=printed(sample()))
    assert unicodedata.is_normalized("NFC", text)
    assert "�" not in text


def test_decomposed_input_is_printed_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Đoàn kết, kỷ cương, trách nhiệm")
    assert "Đoàn kết, kỷ cương, trách nhiệm" in pages(printed(short(Paragraph(decomposed))))[0].text


def test_metadata_says_title_author_language_and_the_time_of_the_row() -> None:
    with pikepdf.open(io.BytesIO(printed(usual()))) as document:
        info, xmp = document.docinfo, bytes(document.Root.Metadata.read_bytes()).decode()
        assert str(info.Title) == usual().title
        assert str(info.Author) == "Cụm thi đua số 1"
        assert str(info.CreationDate) == str(info.ModDate) == "D:20171205080000+07'00"
        assert document.Root.Lang == "vi"
        assert document.Root.ViewerPreferences.DisplayDocTitle
    for said in (usual().title, "<pdfuaid:part>1<", "pdfaid:part", "2017-12-05T08:00:00+07:00"):
        assert said in xmp


def test_numbers_are_attached_as_associated_data() -> None:
    with pikepdf.open(io.BytesIO(printed(usual()))) as document:
        attached = document.attachments["data.json"]
        assert attached.get_file().read_bytes().rstrip() == to_json(usual()).rstrip()
        assert attached.get_file().mime_type == "application/json"
        assert document.Root.AF[0].AFRelationship == "/Data"
        found = json.loads(attached.get_file().read_bytes())
    assert found["figures"] == {"Số đơn vị": 7, "Tổng điểm cao nhất": "103.25", "Chủ trì": "…"}
    assert found["created"] == "2017-12-05T08:00:00+07:00"


def test_tags_name_every_part_once() -> None:
    with pikepdf.open(io.BytesIO(printed(usual()))) as document:
        found = list(elements(document))
        kinds = [str(element.S) for element, _ in found]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 8  # five sections, three annexes
        assert kinds.count("/H4") == 3
        assert kinds.count("/L") == 2  # the points and the recipients
        scopes = {
            (str(element.A.Scope), above[-2]) for element, above in found if element.S == "/TH"
        }
        assert scopes == {("/Column", "/THead"), ("/Row", "/TBody")}
        (figure,) = [element for element, _ in found if element.S == "/Figure"]
        for words in ("Đơn vị mẫu A 103,25", "Đơn vị mẫu G 79,50 điểm"):
            assert words in str(figure.Alt)
        x1, y1, x2, y2 = (float(value) for value in figure.A.BBox)
        assert 80 < x1 < x2 < 560
        assert 0 < y1 < y2 < 842
        links = [link for page in document.pages for link in page.get("/Annots", [])]
        assert "Tới Phụ lục, mã T12" in [str(link.Contents) for link in links]
        assert all("/A" not in link or "/URI" not in link.A for link in links)


def test_notice_is_read_once_and_page_numbers_never() -> None:
    file = printed(short(*(Paragraph("Nội dung của báo cáo. " * 9) for _ in range(30))))
    assert len(pages(file)) == 3
    text = poppler("pdfinfo", "-struct-text", file=file)
    assert text.count(NOTICE[:24]) == 1
    assert '"2"' not in text
    assert text.count("Nội dung của báo cáo.") > 60


def test_codes_in_the_margin_lead_to_their_rows() -> None:
    html = pdf.render_html(usual())
    assert '<a href="#T12">T12–15</a>' in html
    assert '<a href="#T09">T09</a><a href="#T21">T21</a>' in html
    assert '<tr id="T12">' in html


def test_same_content_gives_the_same_bytes_in_this_process() -> None:
    again = pdf.make(usual())
    assert again[0] == printed(usual())
    assert again[1] == len(pages(again[0]))


@pytest.mark.slow
def test_same_content_gives_the_same_bytes_in_other_processes() -> None:
    code = (
        "import django, hashlib; django.setup(); from reports import pdf;"
        "from tests.reports.content_sample import usual;"
        "print(hashlib.sha256(pdf.make(usual())[0]).hexdigest())"
    )
    hashes = {hashlib.sha256(printed(usual())).hexdigest()}
    for seed, zone in (("1", "UTC"), ("2", "America/New_York")):
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=settings.BASE_DIR,
            capture_output=True,
            check=True,
            text=True,
        )
        hashes.add(ran.stdout.strip())
    assert len(hashes) == 1


@pytest.mark.parametrize("data_ends_in_cr", [True, False])
def test_no_stream_ends_in_a_carriage_return(data_ends_in_cr: bool) -> None:
    data = next(
        text
        for i in range(100_000)
        if zlib.compress(text := b'{"%d": "..."}\n' % i).endswith(b"\r") == data_ends_in_cr
    )
    file = pdf.render_pdf(pdf.render_html(short()), data=data, created=CREATED)
    assert b"\r\nendstream" not in file
    assert failures(file) == []


FOREIGN = [
    '<img src="http://198.51.100.1/x.png">',
    '<img src="https://198.51.100.1/x.png">',
    '<img src="file:///etc/passwd">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<img src="ftp://198.51.100.1/x">',
    '<img src="../../etc/passwd">',
    '<img src="https://report.invalid/manage.py">',
    '<style>@import url("https://198.51.100.1/a.css");</style>',
    '<style>@font-face { font-family: X; src: url("file:///etc/passwd") }</style>',
    '<style>body { background: url("http://198.51.100.1/b.png") }</style>',
    '<link rel="stylesheet" href="https://198.51.100.1/a.css">',
    '<embed src="file:///etc/passwd">',
    '<object data="file:///etc/passwd"></object>',
    '<svg width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    '<link rel="attachment" href="file:///etc/passwd">',
]


@pytest.mark.parametrize("markup", FOREIGN)
def test_foreign_address_stops_the_render(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    html = f'<!DOCTYPE html><html lang="vi"><title>x</title><p style="X">x</p>{markup}</html>'
    with pytest.raises(pdf.ResourceRefused):
        pdf.render_pdf(html, data=b"{}\n", created=CREATED)


class Markup(HTMLParser):
    """Collects the tags and attributes of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def test_hostile_text_stays_text() -> None:
    read, plain = Markup(), Markup()
    html = pdf.render_html(hostile())
    read.feed(html)
    plain.feed(pdf.render_html(usual()))
    assert read.tags <= plain.tags
    assert {name for name, _ in read.attributes} <= {name for name, _ in plain.attributes}
    assert all((v or "").startswith(("#", "print/")) for k, v in read.attributes if k == "href")
    assert "&lt;script&gt;alert(1)" in html
    text = pages(printed(hostile()))[0].text
    assert "<script>alert(1)</script>{{ report }}" in text


def test_endless_word_is_broken_inside_the_margins() -> None:
    found = pages(printed(hostile()))
    letters = "".join(page.text for page in found)
    assert letters.count("W") >= len(HOSTILE[-1])
    for page in found:
        assert max(line.right for line in page.lines) <= page.width - 15 + 0.3


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Vie\u0323\u0302t", "Việt"),
        ("a\u200b\u0301", "á"),
        ("ﬁ", "fi"),
        ("Čư M’gar, Krông Păč", "Cư M’gar, Krông Păc"),
        ("½ № →", "½ № →"),
        ("☐ 漢 😀", "? ? ?"),
        ("một\x00\x07\u202ehai\u2028ba", "mộthai ba"),
        ("\u0338", ""),
        ("<b> & \"'", "<b> & \"'"),
    ],
)
def test_drawable_keeps_what_tinos_draws(typed: str, shown: str) -> None:
    assert pdf.drawable(typed) == shown


def test_fonts_draw_all_that_drawable_keeps() -> None:
    from fontTools.ttLib import TTFont

    every = "".join(map(chr, range(32, 0x2300)))
    kept = {letter for letter in every if pdf.drawable(letter) == letter}
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        path = Path(settings.BASE_DIR) / f"static/fonts/tinos/Tinos-{face}.woff2"
        assert {chr(code) for code in TTFont(path).getBestCmap()} >= kept


def test_combining_stroke_cannot_break_a_tag() -> None:
    # ">" + U+0338 is one letter in NFC: composing the whole page would open every tag.
    report = replace(usual(), opening=(Paragraph("\u0338 onclick=x"),))
    assert '<p class="body"> onclick=x</p>' in pdf.render_html(report)


@pytest.mark.parametrize(
    ("codes", "marks"),
    [
        ((), ()),
        (("T01",), (("T01", "T01"),)),
        (("T12", "T13", "T14", "T15"), (("T12", "T12–15"),)),
        (("T09", "T21"), (("T09", "T09"), ("T21", "T21"))),
        (("T01", "T03", "T05", "T06"), (("T01", "T01"), ("T03", "T03, T05–06"))),
        (("Ảnh", "T01"), (("Ảnh", "Ảnh"), ("T01", "T01"))),
    ],
)
def test_code_runs_join_neighbours(
    codes: tuple[str, ...], marks: tuple[tuple[str, str], ...]
) -> None:
    assert pdf.code_runs(codes) == marks


def test_weasyprint_has_nothing_to_say(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="weasyprint"):
        pdf.warm_up()
        pdf.make(usual())
    said = [record for record in caplog.records if record.name != "weasyprint.progress"]
    assert [r.getMessage() for r in said if r.levelno > logging.DEBUG] == []


def test_what_weasyprint_leaves_out_is_no_document() -> None:
    with pytest.raises(pdf.LayoutFailed, match="No anchor"):
        changed(lambda html: html.replace('<tr id="T12">', "<tr>"))
    with pytest.raises(pdf.LayoutFailed, match="SVG"):
        changed(lambda html: html.replace('viewBox="0 0 600', 'viewBox="0 0 six'))


def test_progress_rises_to_a_hundred() -> None:
    told: list[tuple[int, str]] = []
    pdf.make(usual(), progress=lambda percent, text: told.append((percent, text)))
    percents = [percent for percent, _ in told]
    assert percents == sorted(set(percents))
    assert percents[-1] == 100
    assert len([text for _, text in told if text == "Dàn trang"]) >= 4


def test_missing_libraries_is_empty_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf.missing_libraries() == ""
    monkeypatch.setattr(pdf, "NATIVE", ("libpango-of-another-world.so.0",))
    assert pdf.missing_libraries() == ""  # other names, but WeasyPrint finds them


def test_missing_pango_is_said_with_the_line_that_helps(without_pango: None) -> None:
    assert "libpango-1.0-0" in pdf.missing_libraries()
    assert pdf.missing_libraries().startswith("sudo apt-get install")
    with pytest.raises(pdf.PdfUnavailable):
        pdf.make(usual())


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the import of the heavy half fail as it does on a machine without Pango."""

    class Missing(MetaPathFinder):
        def find_spec(self, name: str, *args: object) -> None:
            if name == "reports.press":
                raise OSError("cannot load library 'libpango-1.0-0'")

    pdf.warm_up()
    monkeypatch.setattr(pdf, "NATIVE", ("libpango-of-another-world.so.0",))
    monkeypatch.delitem(sys.modules, "reports.press")
    monkeypatch.delattr(reports, "press")
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])


def test_web_process_starts_without_the_heavy_libraries() -> None:
    code = (
        "from reports import pdf; import sys; pdf.missing_libraries();"
        "print('weasyprint' in sys.modules, 'pikepdf' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stdout.split() == ["False", "False"]
