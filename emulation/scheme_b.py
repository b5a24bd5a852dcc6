"""Scheme B of domain.md §4.2 as plain data: 100 points for a cluster of advisory units.

No ministry has published a table for such a cluster. This one is a proposal: the public three-part
structure of a provincial scale, the work items of a city's form, and the themes of the 2017
conference. No Django here; `services.scheme.store`
keeps it. Its points are given by people: a cluster chooses methods for itself.
"""

from decimal import Decimal

from emulation.scheme_check import Line, Plan
from emulation.scheme_conditions import CONDITIONS
from emulation.scoring import CEILING, Kind

CODE, VERSION = "tham-muu-100", 1
NAME = "Thang điểm 100 cho cụm đơn vị tham mưu"
SOURCE = "Thang điểm đề xuất để dùng thử; chưa có bảng điểm công bố của cụm đơn vị tham mưu"
TOTAL = CEILING


def _group(code: str, name: str, most: int) -> Line:
    """Return a group; its points are the sum of its criteria."""
    return Line(code, "", name, Kind.GROUP, Decimal(most))


def _leaf(
    code: str, name: str, kind: Kind, most: int, guidance: str, *, each: str | None = None
) -> Line:
    """Return a criterion of the group that its code begins with."""
    points_each = None if each is None else Decimal(each)
    return Line(
        code, code[0], name, kind, Decimal(most), points_each=points_each, guidance=guidance
    )


LINES = (
    _group("A", "Thực hiện nhiệm vụ chính trị, chuyên môn", 60),
    _leaf(
        "A1", "Tham mưu chiến lược, nắm và đánh giá tình hình, báo cáo Trung ương, Chính phủ",
        Kind.QUANTITATIVE, 15, "Số báo cáo đúng hạn chia cho số báo cáo được giao, nhân 15.",
    ),
    _leaf(
        "A2", "Xây dựng, hoàn thành đề án, chỉ thị, nghị quyết, văn bản được giao",
        Kind.QUANTITATIVE, 15, "Số văn bản hoàn thành đúng hạn chia cho số được giao, nhân 15.",
    ),
    _leaf(
        "A3", "Phục vụ Quốc hội: giám sát, chất vấn, kiến nghị của cử tri",
        Kind.QUANTITATIVE, 8, "Số yêu cầu trả lời đúng hạn chia cho số được giao, nhân 8.",
    ),
    _leaf(
        "A4", "Phối hợp Ban, Bộ, ngành, địa phương giải quyết vụ việc nổi lên",
        Kind.QUALITATIVE, 8, "Chấm theo mức 0 đến 8, căn cứ nhận xét của cơ quan phối hợp.",
    ),
    _leaf(
        "A5", "Cải cách hành chính, chuyển đổi số", Kind.QUANTITATIVE, 6,
        "Số quy trình đơn giản hóa, thực hiện trên môi trường số chia cho số giao ước, nhân 6.",
    ),
    _leaf(
        "A6", "Sáng kiến, nghiên cứu khoa học", Kind.COUNT, 8,
        "2 điểm cho mỗi sáng kiến, đề tài được công nhận.", each="2",
    ),
    _group("B", "Chấp hành chủ trương; xây dựng Đảng, xây dựng lực lượng", 20),
    _leaf(
        "B1", "Chấp hành chủ trương, chính sách; chi bộ trong sạch, vững mạnh",
        Kind.QUALITATIVE, 6, "Chấm theo kết quả đánh giá, xếp loại tổ chức đảng trong năm.",
    ),
    _leaf(
        "B2", "Kỷ luật, điều lệnh, nếp sống văn hóa; không có cán bộ vi phạm",
        Kind.PLUS_MINUS, 6, "Đủ 6 điểm; trừ 1 điểm cho mỗi lỗi qua kiểm tra điều lệnh.",
    ),
    _leaf(
        "B3", "Tổ chức quần chúng (Công đoàn, Đoàn Thanh niên, Hội Phụ nữ)",
        Kind.QUALITATIVE, 4, "Chấm theo xếp loại của tổ chức cấp trên.",
    ),
    _leaf(
        "B4", "Hoạt động tình nguyện, vì cộng đồng", Kind.COUNT, 4,
        "0,5 điểm cho mỗi hoạt động có minh chứng.", each="0.5",
    ),
    _group("C", "Công tác thi đua, khen thưởng", 20),
    _leaf(
        "C1", "Ký giao ước, đăng ký đúng hạn", Kind.QUALITATIVE, 2,
        "Đủ điểm nếu ký và đăng ký trong thời hạn của cụm.",
    ),
    _leaf(
        "C2", "Kế hoạch phát động; khẩu hiệu hành động; sơ kết, tổng kết",
        Kind.QUALITATIVE, 5, "Kế hoạch 2, khẩu hiệu 1, sơ kết 1, tổng kết 1.",
    ),
    _leaf(
        "C3", "Kiểm tra; tham gia hoạt động của cụm", Kind.QUALITATIVE, 3,
        "Dự đủ các cuộc họp của cụm 2, tham gia kiểm tra chéo 1.",
    ),
    _leaf(
        "C4", "Báo cáo đúng hạn, đầy đủ", Kind.COUNT, 3,
        "0,25 điểm cho mỗi báo cáo tháng đúng hạn.", each="0.25",
    ),
    _leaf(
        "C5", "Phát hiện, nhân rộng điển hình tiên tiến, người tốt việc tốt",
        Kind.COUNT, 4, "1 điểm cho mỗi điển hình có hồ sơ.", each="1",
    ),
    _leaf(
        "C6", "Khen thưởng đúng quy định, hồ sơ đúng hạn", Kind.QUALITATIVE, 3,
        "Đủ điểm nếu không có hồ sơ phải trả lại vì sai quy định hoặc chậm.",
    ),
    Line(
        "D", "", "Điểm thưởng", Kind.PLUS_MINUS, Decimal(10),
        guidance="Cờ, Bằng khen trong năm 3 điểm; khen thưởng đột xuất 2 điểm; mô hình được nhân "
        "rộng 2 điểm. Tối đa 10 điểm.",
    ),
    Line(
        "E", "", "Điểm trừ", Kind.PLUS_MINUS, Decimal(0), Decimal(-15),
        guidance="Báo cáo chậm 0,5 điểm một lần, tối đa 3; vắng họp 1; bị phê bình 2; cán bộ bị "
        "khiển trách 2 điểm một người. Tối đa 15 điểm.",
    ),
)  # fmt: skip
PLAN = Plan(
    name=NAME, ceiling=TOTAL, lines=LINES, source=SOURCE,
    lead_group="A", bonus_group="D", penalty_group="E", rules=CONDITIONS,
)  # fmt: skip
