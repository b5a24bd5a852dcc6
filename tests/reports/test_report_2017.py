"""The report of 2017 says what the article says: phrase by phrase, and nothing beside it."""

import io
import re
import unicodedata
from datetime import datetime

import page as validator
import pypdf
import pytest

from emulation.models import Season
from reports import pdf
from reports.content import ZONE, Paragraph, SummaryReport, Table
from reports.sample.cluster_2017 import ILLUSTRATION, SLUG, SOURCES, UNITS
from reports.summary import summary_report

CREATED = datetime(2017, 12, 31, 8, tzinfo=ZONE)
# Code → the phrase that the report has to hold. Where it is not the article's own spelling, the
# quote and the correction stand in the annex.
PHRASES = {
    "T00": "Báo cáo tại Hội nghị nêu rõ",
    "T01": "thực hiện giao ước thi đua năm 2017",
    "T02": "các đơn vị trong Cụm thi đua số 1 đã phát động phong trào thi đua “Vì an ninh Tổ quốc” "
    "ở đơn vị mình gắn với các khẩu hiệu hành động cụ thể",
    "T03": "chỉ đạo các tổ chức quần chúng phát huy vai trò, sáng tạo trong việc thực hiện nhiệm "
    "vụ chính trị của đơn vị",
    "T04": "xây dựng nếp sống văn hóa",
    "T05": "tổ chức các hoạt động tình nguyện chung sức vì cộng đồng với các hoạt động",
    "T06": "tuyên truyền, phổ biến pháp luật cho nhân dân",
    "T07": "thăm hỏi, tặng quà cho các gia đình chính sách, gia đình có hoàn cảnh đặc biệt khó "
    "khăn",
    "T08": "tuyên dương, động viên các cháu con cán bộ, chiến sỹ có thành tích trong học tập, rèn "
    "luyện",
    "T09": "Các đơn vị phát biểu thảo luận tại Hội nghị",
    "T10": "trong thực hiện nhiệm vụ chính trị, các đơn vị đã chủ động nắm, đánh giá tình hình và "
    "tham mưu lãnh đạo Bộ báo cáo Trung ương, Chính phủ",
    "T11": "phối hợp các ban, bộ, ngành, địa phương chỉ đạo giải quyết các vụ việc nổi, phức tạp "
    "về an ninh, trật tự",
    "T12": "hoàn thành Chỉ thị của Thủ tướng Chính phủ về tăng cường bảo đảm an ninh, trật tự "
    "trong tình hình mới",
    "T13": "Báo cáo của Chính phủ về công tác phòng, chống tội phạm và vi phạm pháp luật năm 2017",
    "T14": "kết quả thực hiện Nghị quyết số 63 của Quốc hội về tăng cường các biện pháp đấu tranh "
    "phòng, chống tội phạm năm 2017",
    "T15": "xây dựng Đề án của Chính phủ về “Tăng cường năng lực tham mưu chiến lược về bảo vệ an "
    "ninh quốc gia trong tình hình mới”",
    "T16": "phục vụ hiệu quả, kịp thời hoạt động giám sát chuyên đề, chất vấn, trả lời chất vấn và "
    "kiến nghị của cử tri tại các kỳ họp thứ 2, 3, 4 Quốc hội khóa XIV",
    "T17": "Phát biểu kết luận Hội nghị, Thiếu tướng Hoàng Tiến Hiểu, Phó Chánh Văn phòng Bộ Công "
    "an cho biết",
    "T18": "năm 2017, Cụm thi đua đã đề ra nhiều biện pháp, đổi mới hình thức, nội dung phát động "
    "thi đua",
    "T19": "Phát huy những kết quả đạt được trong phong trào thi đua “Vì an ninh Tổ quốc” năm "
    "2017, các đơn vị kêu gọi cán bộ, chiến sỹ tiếp tục đoàn kết, khắc phục khó khăn, năng động, "
    "sáng tạo",
    "T20": "quyết tâm phấn đấu hoàn thành xuất sắc nhiệm vụ chính trị trong thời gian tới",
    "T21": "Tại Hội nghị, các đơn vị đã thảo luận, đánh giá, bổ sung những kết quả nổi bật của "
    "từng đơn vị",
    "T22": "Hội nghị đã bình xét, lựa chọn được những đơn vị tiêu biểu, xuất sắc",
    "T23": "xứng đáng để nhận “Cờ thi đua của Chính phủ”, “Cờ thi đua của Bộ Công an”",
}
# Not in the running text: the sentence that introduces the report is the report itself.
ANNEX_ONLY = {"T00"}
ANNEX = "Phụ lục I"
NOTHING_KNOWN = "…"


def plain(text: str) -> str:
    """Return a text for comparison: NFC, one space, lower case."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().lower()


@pytest.fixture(scope="module")
def report(loaded: None) -> SummaryReport:
    return summary_report(Season.objects.get(slug=SLUG), created=CREATED)


@pytest.fixture(scope="module")
def file(report: SummaryReport) -> bytes:
    return pdf.make(report)[0]


@pytest.fixture(scope="module")
def sheets(file: bytes) -> list[str]:
    return [plain(sheet.extract_text()) for sheet in pypdf.PdfReader(io.BytesIO(file)).pages]


@pytest.fixture(scope="module")
def halves(sheets: list[str]) -> tuple[str, str]:
    """Return the text before the annex and in it, without notices and page numbers."""
    notice = plain(ILLUSTRATION)
    clean = [re.sub(r"^\d+ ", "", sheet.replace(notice, "").strip()) for sheet in sheets]
    start = next(at for at, sheet in enumerate(clean) if sheet.startswith(plain(ANNEX)))
    return plain(" ".join(clean[:start])), plain(" ".join(clean[start:]))


pytestmark = pytest.mark.django_db


def test_table_of_phrases_is_complete() -> None:
    assert list(PHRASES) == list(SOURCES) == [f"T{n:02}" for n in range(24)]


@pytest.mark.parametrize("code", PHRASES)
def test_phrase_stands_in_the_report(code: str, halves: tuple[str, str]) -> None:
    body, annex = halves
    assert plain(PHRASES[code]) in (annex if code in ANNEX_ONLY else body)


@pytest.mark.parametrize("code", PHRASES)
def test_quote_and_correction_stand_in_the_annex(code: str, halves: tuple[str, str]) -> None:
    _body, annex = halves
    quote, correction = SOURCES[code]
    assert plain(f"“{quote}”") in annex
    assert plain(correction) in annex
    # What differs from the article is never left unsaid.
    same = plain(quote) in plain(PHRASES[code]) or plain(PHRASES[code]) in plain(quote)
    assert same or correction or code == "T10"


def test_codes_in_the_margin_lead_to_the_annex(report: SummaryReport) -> None:
    assert report.used_codes == set(PHRASES) - ANNEX_ONLY
    assert report.listed_codes == set(PHRASES)


def test_every_page_says_what_is_no_fact(sheets: list[str]) -> None:
    assert all(plain(ILLUSTRATION) in sheet for sheet in sheets)


def test_nothing_is_said_of_single_units(halves: tuple[str, str]) -> None:
    body, annex = halves
    # "Văn phòng Bộ" is part of the speaker's post.
    text = (body + annex).replace(plain("Phó Chánh Văn phòng Bộ Công an"), "")
    for name, short_name, code in UNITS:
        assert plain(name) not in text
        assert plain(short_name) not in text
        assert not re.search(rf"\b{code.lower()}\b", text)


def test_every_figure_in_the_text_is_the_article_s(report: SummaryReport) -> None:
    texts = [block.text for block in report.blocks if isinstance(block, Paragraph)]
    tables = [block for block in report.blocks if isinstance(block, Table)]
    cells = [cell.value for table in tables for row in table.rows for cell in row.cells]
    text = " ".join([*texts, *(cell for cell in cells if isinstance(cell, str))])
    text = re.sub(r"Bảng 1|Cụm thi đua số 1|[Nn]ăm 201[78]|số 63|2, 3, 4", "", text)
    assert re.findall(r"\d+", text) == []
    # What is left are the ordinal numbers of the one table.
    assert [cell for cell in cells if not isinstance(cell, str)] == [1, 2, 3, 4]


def test_what_is_not_known_stays_open(report: SummaryReport) -> None:
    assert report.head.number_text == "…/BC-CTĐ1"
    assert report.head.date_text == "…, ngày … tháng … năm 2017"
    assert report.signature.name == NOTHING_KNOWN
    assert report.head.agency == "CỤM THI ĐUA SỐ 1"
    assert report.head.parent_agency == "BỘ CÔNG AN"
    assert dict(report.figures)["standings"] == ()


def test_report_has_its_headings(halves: tuple[str, str]) -> None:
    body, _annex = halves
    places = [
        body.index(plain(heading))
        for heading in (
            "I. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TỔ CHỨC PHONG TRÀO",
            "II. KẾT QUẢ THỰC HIỆN PHONG TRÀO THI ĐUA",
            "III. ĐÁNH GIÁ CHUNG",
            "IV. KẾT QUẢ CHẤM ĐIỂM, BÌNH XÉT, SUY TÔN",
            "V. PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2018",
            "Nơi nhận:",
            "TM. CỤM THI ĐUA SỐ 1",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "profile", [validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1]
)
def test_file_is_valid(file: bytes, profile: validator.ValidationProfile) -> None:
    assert validator.validate_pdf_bytes(file, profile=profile).failures == []
