"""Cluster No. 1 in 2017: what the article of its year-end conference says, and nothing else.

The codes are those of domain.md §6.4. A quote is the article's own spelling, letter by letter;
`records` hold the corrected spelling, and the correction is printed beside the quote. The member
units are those that signed the pledge of 2018 (no list of 2017 was found): `ILLUSTRATION` says so.
"""

from typing import Any, NamedTuple

SLUG, YEAR = "cum-1-2017", 2017
ILLUSTRATION = (
    "Dữ liệu minh họa: danh sách, ký hiệu đơn vị suy từ giao ước năm 2018; còn lại lấy từ bài báo "
    "nguồn."
)
CLUSTER = {
    "level": "Bộ Công an",
    "block": "Khối các đơn vị trực thuộc Bộ trưởng",
    "number": 1,
    "name": "Cụm thi đua số 1",
    "place": "…",
    "code": "CTĐ1",
    "year_from": 2017,
}
# Official name, short name, code before August 2018.
UNITS = (
    ("Văn phòng Bộ", "Văn phòng Bộ", "V11"),
    ("Cục Đối ngoại", "Cục Đối ngoại", "V12"),
    ("Cục Pháp chế và cải cách hành chính, tư pháp", "Cục Pháp chế và CCHC, tư pháp", "V19"),
    ("Viện Chiến lược và Khoa học Công an", "Viện Chiến lược và KHCA", "V21"),
    ("Cục Tài chính", "Cục Tài chính", "V22"),
    ("Thanh tra Bộ", "Thanh tra Bộ", "V24"),
    ("Cục Xây dựng phong trào Toàn dân bảo vệ ANTQ", "Cục XDPT Toàn dân BVANTQ", "V28"),
)
# Code → (the article's words, what was corrected).
SOURCES = {
    "T00": ("Báo cáo tại Hội nghị nêu rõ", ""),
    "T01": ("thực hiện giao ước thi đua năm 2017", ""),
    "T02": (
        "các đơn vị trong Cụm thi đua số 1 đã phát động phong trào thi đua “Vì ANTQ” ở đơn vị mình "
        "gắn với các khẩu hiệu hành động cụ thể",
        "“Vì ANTQ” viết đủ: “Vì an ninh Tổ quốc”",
    ),
    "T03": (
        "chỉ đạo các tổ chức quần chúng phát huy vai trò, sáng tạo trong việc thực hiện nhiệm vụ "
        "chính trị của đơn vị",
        "",
    ),
    "T04": ("xây dựng nếp sống văn hóa", ""),
    "T05": ("Tổ chức các hoạt động tình nguyện chung sức vì cộng đồng", ""),
    "T06": ("tuyên truyền, phổ biến pháp luật cho nhân dân", ""),
    "T07": (
        "thăm hỏi, tặng quà cho các gia đình chính sách, gia đình có hoàn cảnh đặc biệt khó khăn",
        "",
    ),
    "T08": (
        "tuyên dương, động viên các cháu con cán bộ, chiến sỹ có thành tích trong học tập, rèn "
        "luyện",
        "",
    ),
    "T09": ("Các đơn vị phát biểu thảo luận tại Hội nghị", ""),
    "T10": (
        "trong thực hiện nhiệm vụ chính trị đã chủ động nắm, đánh giá tình hình và tham mưu lãnh "
        "đạo Bộ báo cáo Trung ương, Chính phủ",
        "",
    ),
    "T11": (
        "phối hợp các Ban, Bộ, ngành, địa phương chỉ đạo giải quyết các vụ việc nổi, phức tạp về "
        "an ninh trật tự (ANTT)",
        "“ban, bộ” viết thường; “an ninh, trật tự”, bỏ chữ viết tắt",
    ),
    "T12": (
        "Hoàn thành Chỉ thị của Thủ tướng Chính phủ về tăng cường bảo đảm ANTT trong tình hình mới",
        "“ANTT” viết đủ: “an ninh, trật tự”",
    ),
    "T13": (
        "Báo cáo của Chính phủ về công tác phòng, chống tội phạm và vi phạm phát luật năm 2017",
        "“phát luật” sửa thành “pháp luật”",
    ),
    "T14": (
        "kết qủa thực hiện Nghị quyết số 63 của Quốc hội về tăng cường các biện pháp đấu tranh "
        "phòng, chống tội phạm năm 2017",
        "“kết qủa” sửa thành “kết quả”",
    ),
    "T15": (
        "Xây dựng Đề án của Chính phủ về “Tăng cường năng lực tham mưu chiến lược về bảo vệ an "
        "ninh quốc gia trong tình hình mới”",
        "",
    ),
    "T16": (
        "Phục vụ hiệu quả, kịp thời hoạt động giám sát chuyên đề chất vấn, trả lời chất vấn và "
        "kiến nghị của cử tri tại các kỳ họp thức 2,3,4 Quốc hội khóa XIV",
        "“kỳ họp thức” sửa thành “kỳ họp thứ”; thêm dấu phẩy sau “chuyên đề”; cách số “2, 3, 4”",
    ),
    "T17": (
        "Phát biểu kết luận Hội nghị, Thiếu tướng Hoàng Tiến Hiểu, Phó Chánh Văn phòng Bộ Công an",
        "",
    ),
    "T18": (
        "năm 2017, Cụm thi đua đã đề ra nhiều biện pháp, đổi mới hình thức, nội dung phát động thi "
        "đua",
        "",
    ),
    "T19": (
        "Phát huy những kết quả đạt được trong phong trào thi đua “Vì ANTQ” năm 2017, các đơn vị "
        "kêu gọi cán bộ, chiến sỹ tiếp tục đoàn kết, khắc phục khó khăn, năng động, sáng tạo",
        "“Vì ANTQ” viết đủ: “Vì an ninh Tổ quốc”",
    ),
    "T20": (
        "quyết tâm phấn đấu hoàn thành xuất sắc nhiệm vụ chính trị trong thời gian tới",
        "",
    ),
    "T21": (
        "Tại Hội nghị, các đơn vị đã thảo luận, đánh giá, bổ sung những kết quả nổi bật của từng "
        "đơn vị",
        "",
    ),
    "T22": (
        "Hội nghị cũng đã bình xét, lựa chọn được những đơn vị tiêu biểu, xuất sắc",
        "Bỏ chữ “cũng”",
    ),
    "T23": ("xứng đáng để nhận “Cờ thi đua của Chính phủ”, “Cờ thi đua của Bộ Công an”", ""),
}


class Fact(NamedTuple):
    """An achievement of the whole cluster; `part_of` is the code of the one it belongs to."""

    source: str
    category: str
    title: str
    particulars: dict[str, Any] = {}
    part_of: str = ""


def _document(source: str, title: str, kind: str, issuer: str, about: str, status: str) -> Fact:  # noqa: PLR0917 - a row of a table
    """Return the fact of a text; its number and day stand nowhere in the article."""
    return Fact(
        source, "policy_document", title,
        {"kind": kind, "issuer": issuer, "about": about, "status": status},
    )  # fmt: skip


FACTS = (
    Fact(
        "T10", "advisory",
        "Chủ động nắm, đánh giá tình hình và tham mưu lãnh đạo Bộ báo cáo Trung ương, Chính phủ",
    ),
    Fact(
        "T11", "coordination",
        "Phối hợp các ban, bộ, ngành, địa phương chỉ đạo giải quyết các vụ việc nổi, phức tạp về "
        "an ninh, trật tự",
    ),
    _document(
        "T12", "Hoàn thành Chỉ thị về tăng cường bảo đảm an ninh, trật tự trong tình hình mới",
        "directive", "Thủ tướng Chính phủ",
        "tăng cường bảo đảm an ninh, trật tự trong tình hình mới", "completed",
    ),
    _document(
        "T13",
        "Hoàn thành Báo cáo về công tác phòng, chống tội phạm và vi phạm pháp luật năm 2017",
        "report", "Chính phủ",
        "công tác phòng, chống tội phạm và vi phạm pháp luật năm 2017", "completed",
    ),
    _document(
        "T14",
        "Hoàn thành Báo cáo kết quả thực hiện Nghị quyết số 63 của Quốc hội về tăng cường các biện "
        "pháp đấu tranh phòng, chống tội phạm năm 2017",
        "report", "",
        "kết quả thực hiện Nghị quyết số 63 của Quốc hội về tăng cường các biện pháp đấu tranh "
        "phòng, chống tội phạm năm 2017", "completed",
    ),
    _document(
        "T15",
        "Xây dựng Đề án “Tăng cường năng lực tham mưu chiến lược về bảo vệ an ninh quốc gia trong "
        "tình hình mới”",
        "scheme", "Chính phủ",
        "“Tăng cường năng lực tham mưu chiến lược về bảo vệ an ninh quốc gia trong tình hình mới”",
        "built",
    ),
    Fact(
        "T16", "parliament",
        "Phục vụ hiệu quả, kịp thời hoạt động giám sát chuyên đề, chất vấn, trả lời chất vấn và "
        "kiến nghị của cử tri tại các kỳ họp thứ 2, 3, 4 Quốc hội khóa XIV",
        {
            "term": 14, "sessions": "2, 3, 4", "supervision": True, "interpellation": True,
            "voter_petition": True,
        },
    ),
    Fact(
        "T04", "cultured_lifestyle",
        "Chỉ đạo các tổ chức quần chúng phát huy vai trò, sáng tạo trong việc xây dựng nếp sống "
        "văn hóa",
    ),
    Fact(
        "T03", "mass_organization",
        "Chỉ đạo các tổ chức quần chúng phát huy vai trò, sáng tạo trong việc thực hiện nhiệm vụ "
        "chính trị của đơn vị",
    ),
    Fact(
        "T05", "community", "Tổ chức các hoạt động tình nguyện chung sức vì cộng đồng",
        {"kind": "volunteering"},
    ),
    Fact(
        "T06", "community", "Tuyên truyền, phổ biến pháp luật cho nhân dân",
        {"kind": "legal_outreach"}, "T05",
    ),
    Fact(
        "T07", "community",
        "Thăm hỏi, tặng quà cho các gia đình chính sách, gia đình có hoàn cảnh đặc biệt khó khăn",
        {"kind": "gift"}, "T05",
    ),
    Fact(
        "T08", "community",
        "Tuyên dương, động viên các cháu con cán bộ, chiến sỹ có thành tích trong học tập, rèn "
        "luyện",
        {"kind": "honour_children"}, "T05",
    ),
)  # fmt: skip
PLEDGE = ("T01", "Thực hiện giao ước thi đua năm 2017")
LAUNCH = (
    "T02",
    "Các đơn vị trong Cụm thi đua số 1 đã phát động phong trào thi đua “Vì an ninh Tổ quốc” ở đơn "
    "vị mình gắn với các khẩu hiệu hành động cụ thể.",
)
_MEASURES = "Cụm thi đua đã đề ra nhiều biện pháp, đổi mới hình thức, nội dung phát động thi đua."
_CALL = (
    "Phát huy những kết quả đạt được trong phong trào thi đua “Vì an ninh Tổ quốc” năm 2017, các "
    "đơn vị kêu gọi cán bộ, chiến sỹ tiếp tục đoàn kết, khắc phục khó khăn, năng động, sáng tạo"
)
_WILL = "quyết tâm phấn đấu hoàn thành xuất sắc nhiệm vụ chính trị trong thời gian tới"
SPEAKER = {"conclusion_by": "Thiếu tướng Hoàng Tiến Hiểu, Phó Chánh Văn phòng Bộ Công an"}
CONCLUSION = ("T17", f"Năm 2017, {_MEASURES}\n{_CALL}, {_WILL}.")
# (kind, text, code)
REMARKS = (
    ("discussion", "Các đơn vị phát biểu thảo luận tại Hội nghị.", "T09"),
    (
        "addition",
        "Tại Hội nghị, các đơn vị đã thảo luận, đánh giá, bổ sung những kết quả nổi bật của từng "
        "đơn vị.",
        "T21",
    ),
    (
        "review",
        "Hội nghị đã bình xét, lựa chọn được những đơn vị tiêu biểu, xuất sắc và xứng đáng để nhận "
        "“Cờ thi đua của Chính phủ”, “Cờ thi đua của Bộ Công an”.",
        "T22",
    ),
)
ASSESSMENTS = (
    ("leadership", f"Năm 2017, {_MEASURES}", "T18"),
    (
        "strength",
        "Phát biểu kết luận Hội nghị, Thiếu tướng Hoàng Tiến Hiểu, Phó Chánh Văn phòng Bộ Công an "
        f"cho biết, năm 2017, {_MEASURES}",
        "T18",
    ),
    ("direction", f"{_CALL}.", "T19"),
    ("task", f"{_WILL[0].upper()}{_WILL[1:]}.", "T20"),
)
NOMINATIONS = (("GOV_FLAG", "T23"), ("MIN_FLAG", "T23"))
