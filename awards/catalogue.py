"""The awards that a cluster deals with, as plain data: one row for each set of rules in force.

From domain.md §2.3 to §2.5, where the sources are named. A row without an official text behind it
is "unverified" and only ever warns. The name is printed word for word and never re-cased. No
Django here: a data migration stores the rows.
"""

from datetime import date
from typing import NamedTuple

OLD_LAW = "Luật Thi đua, khen thưởng 2003 (sửa đổi 2005, 2013)"
LAW = "Luật Thi đua, khen thưởng 2022"
# The decree of 31/07/2017; the exact first day is not confirmed (domain.md §2.1).
DECREE_91 = date(2017, 10, 1)
LAST_OLD = date(2023, 12, 31)
NEW_LAW = date(2024, 1, 1)

PRESIDENT = "Chủ tịch nước"
PRIME_MINISTER = "Thủ tướng Chính phủ"
MINISTER = "Bộ trưởng Bộ Công an"
DELEGATED = "Thủ trưởng được Bộ trưởng phân cấp"

_FLAG_2022 = (
    "Tập thể tiêu biểu xuất sắc, dẫn đầu cụm, khối thi đua; hoàn thành vượt mức chỉ tiêu; nội bộ "
    "đoàn kết, tổ chức vững mạnh, thực hành tiết kiệm, phòng, chống tham nhũng, tiêu cực."
)
_DECISIVE_2022 = (
    "Hoàn thành xuất sắc nhiệm vụ; 100% cá nhân hoàn thành nhiệm vụ, trong đó ít nhất 70% đạt "
    "“Chiến sĩ tiên tiến”; có cá nhân đạt “Chiến sĩ thi đua cơ sở”; nội bộ đoàn kết, gương mẫu."
)
_ADVANCED_2022 = (
    "Hoàn thành tốt nhiệm vụ; phong trào thi đua thường xuyên, hiệu quả; ít nhất 70% cá nhân đạt "
    "“Chiến sĩ tiên tiến”, không có cá nhân bị kỷ luật từ cảnh cáo trở lên; nội bộ đoàn kết."
)


class Line(NamedTuple):
    """One award under one set of rules.

    `kind` is "title" or "form", `audience` "collective", "individual" or "both", `certainty`
    "cited" or "unverified". `usual_quota` is what one cluster usually proposes (a warning beyond
    it, None: no custom known). `valid_from` None: since before these rows begin.
    """

    code: str
    name: str
    kind: str
    audience: str
    decided_by: str
    standard: str
    citation: str
    certainty: str = "cited"
    usual_quota: int | None = None
    at_conference: bool = False
    valid_from: date | None = NEW_LAW
    valid_to: date | None = None


# In the order in which they are listed; a name keeps its place under every law.
LINES = (
    Line(
        "GOV_FLAG", "Cờ thi đua của Chính phủ", "title", "collective", PRIME_MINISTER,
        "Chọn trong các tập thể đủ tiêu chuẩn Cờ thi đua của Bộ Công an, dẫn đầu cụm; số đề nghị "
        "không quá 20% số tập thể đủ tiêu chuẩn Cờ của Bộ.",
        "Luật 2003, Điều 25; Nghị định 91/2017/NĐ-CP, Điều 11; Thông tư 12/2019/TT-BCA, Điều 18",
        usual_quota=1, at_conference=True, valid_from=DECREE_91, valid_to=LAST_OLD,
    ),
    Line(
        "GOV_FLAG", "Cờ thi đua của Chính phủ", "title", "collective", PRIME_MINISTER,
        f"{_FLAG_2022} Chọn trong số các tập thể dẫn đầu cụm, khối của bộ.",
        f"{LAW}, Điều 25", usual_quota=1, at_conference=True,
    ),
    Line(
        "MIN_FLAG", "Cờ thi đua của Bộ Công an", "title", "collective", MINISTER,
        "Tập thể tiêu biểu, dẫn đầu cụm thi đua, chọn qua so sánh, bình xét trong cụm.",
        "Luật 2003, Điều 26; Nghị định 91/2017/NĐ-CP, Điều 12",
        usual_quota=2, at_conference=True, valid_from=DECREE_91, valid_to=LAST_OLD,
    ),
    Line(
        "MIN_FLAG", "Cờ thi đua của Bộ Công an", "title", "collective", MINISTER,
        _FLAG_2022, f"{LAW}, Điều 26", usual_quota=2, at_conference=True,
    ),
    Line(
        "DECISIVE_UNIT", "Đơn vị quyết thắng", "title", "collective", MINISTER,
        "Tiêu chuẩn tương tự Luật 2022; không có cá nhân bị kỷ luật từ cảnh cáo trở lên.",
        f"{OLD_LAW}, Điều 27", "unverified", valid_from=None, valid_to=LAST_OLD,
    ),
    Line(
        "DECISIVE_UNIT", "Đơn vị quyết thắng", "title", "collective", MINISTER,
        _DECISIVE_2022, f"{LAW}, Điều 27",
    ),
    Line(
        "ADVANCED_UNIT", "Đơn vị tiên tiến", "title", "collective", DELEGATED,
        "Trên 50% cá nhân đạt “Chiến sĩ tiên tiến”, không có cá nhân bị kỷ luật từ cảnh cáo trở "
        "lên.",
        f"{OLD_LAW}, Điều 28", valid_from=None, valid_to=LAST_OLD,
    ),
    Line(
        "ADVANCED_UNIT", "Đơn vị tiên tiến", "title", "collective", DELEGATED,
        _ADVANCED_2022, f"{LAW}, Điều 28, Điều 80 khoản 5",
    ),
    Line(
        "NATIONAL_FIGHTER", "Chiến sĩ thi đua toàn quốc", "title", "individual", PRIME_MINISTER,
        "Tiêu biểu xuất sắc trong số cá nhân có hai lần liên tục đạt chiến sĩ thi đua cấp bộ; sáng "
        "kiến, đề tài hoặc mưu trí, sáng tạo có hiệu quả, phạm vi ảnh hưởng toàn quốc.",
        f"{LAW}, Điều 21",
    ),
    Line(
        "FORCE_FIGHTER", "Chiến sĩ thi đua toàn lực lượng Công an nhân dân", "title",
        "individual", MINISTER,
        "Ba lần liên tục đạt “Chiến sĩ thi đua cơ sở”; sáng kiến, đề tài hoặc mưu trí, sáng tạo có "
        "hiệu quả, phạm vi ảnh hưởng trong bộ.",
        f"{LAW}, Điều 22",
    ),
    Line(
        "GRASSROOTS_FIGHTER", "Chiến sĩ thi đua cơ sở", "title", "individual", DELEGATED,
        "Không quá 15% số cá nhân đạt “Chiến sĩ tiên tiến”.",
        "Nghị định 91/2017/NĐ-CP, Điều 9 khoản 3", valid_from=DECREE_91, valid_to=LAST_OLD,
    ),
    Line(
        "GRASSROOTS_FIGHTER", "Chiến sĩ thi đua cơ sở", "title", "individual", DELEGATED,
        "Đạt “Chiến sĩ tiên tiến” và hoàn thành xuất sắc nhiệm vụ, hoặc có sáng kiến, đề tài, mưu "
        "trí, sáng tạo hiệu quả ở cơ sở.",
        f"{LAW}, Điều 23, Điều 80 khoản 5",
    ),
    Line(
        "ADVANCED_FIGHTER", "Chiến sĩ tiên tiến", "title", "individual", DELEGATED,
        "Hoàn thành tốt nhiệm vụ trở lên; tự lực, đoàn kết, tích cực thi đua.",
        f"{LAW}, Điều 24, Điều 80 khoản 5",
    ),
    Line(
        "PM_CERT", "Bằng khen của Thủ tướng Chính phủ", "form", "both", PRIME_MINISTER,
        "Tập thể đã có bằng khen cấp bộ, năm năm hoàn thành xuất sắc nhiệm vụ và một lần Cờ thi "
        "đua cấp bộ.",
        "Nghị định 65/2014/NĐ-CP, Điều 23", valid_from=None, valid_to=LAST_OLD,
    ),
    Line(
        "PM_CERT", "Bằng khen của Thủ tướng Chính phủ", "form", "both", PRIME_MINISTER,
        "Tập thể, cá nhân có thành tích cấp bộ nhiều năm liên tục.",
        f"{LAW}, Điều 73", "unverified",
    ),
    Line(
        "MIN_CERT", "Bằng khen của Bộ trưởng Bộ Công an", "form", "both", MINISTER,
        "Tập thể: hai năm liên tục hoàn thành xuất sắc nhiệm vụ hoặc đạt “Đơn vị quyết thắng”. Cá "
        "nhân: hai năm liên tục đạt “Chiến sĩ thi đua cơ sở”, hoặc hai năm hoàn thành xuất sắc "
        "nhiệm vụ và có hai sáng kiến được công nhận.",
        f"{LAW}, Điều 74",
    ),
    Line(
        "UNIT_CERT", "Giấy khen", "form", "both", DELEGATED,
        "Theo quy định của cấp có thẩm quyền.", f"{LAW}, Điều 75",
    ),
    Line(
        "LABOUR_ORDER_3", "Huân chương Lao động hạng Ba", "form", "both", PRESIDENT,
        "Tập thể: năm năm liên tục đạt “Đơn vị quyết thắng” và một lần Cờ thi đua cấp bộ hoặc một "
        "Bằng khen của Thủ tướng Chính phủ.",
        f"{OLD_LAW}, Điều 44", valid_from=None, valid_to=LAST_OLD,
    ),
    Line(
        "MEDAL_VI_ANTQ", "Huy chương Vì an ninh Tổ quốc", "form", "individual", PRESIDENT,
        "Cá nhân có thời gian phục vụ trong Công an nhân dân khoảng 25 năm; kiểm tra theo văn bản.",
        f"{LAW}, Điều 56", "unverified",
    ),
)  # fmt: skip
