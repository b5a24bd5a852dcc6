"""The disqualifying conditions of domain.md §4.5 as plain data.

One with a `source` blocks and cites it; practice and proposals have none, so they only warn.
"""

from datetime import date
from decimal import Decimal

from emulation.scheme_check import Rule

LAW, LAW_FROM = "Luật Thi đua, khen thưởng số 06/2022/QH15", date(2024, 1, 1)
NO_TITLE, NO_FLAG, GRADE_DOWN = "no_title", "no_flag", "grade_down"

CONDITIONS = (
    Rule(
        "chua-ky-giao-uoc", "Không ký giao ước thi đua, không đăng ký thi đua", NO_TITLE,
        "unsigned", basis="Thông lệ của cụm thi đua",
    ),
    Rule(
        "ky-luat-canh-cao", "Tập thể có cá nhân bị kỷ luật từ cảnh cáo trở lên", NO_TITLE,
        basis="Điều 28", source=LAW, valid_from=LAW_FROM,
    ),
    Rule(
        "duoi-70-phan-tram",
        "Dưới 70% cá nhân đạt Chiến sĩ tiên tiến, Lao động tiên tiến, hoặc có cá nhân không hoàn "
        "thành nhiệm vụ (không xét Đơn vị quyết thắng)",
        NO_TITLE, basis="Điều 27", source=LAW, valid_from=LAW_FROM,
    ),
    Rule(
        "cho-ket-luan",
        "Tập thể chờ kết luận thanh tra, kiểm tra, khiếu nại, tố cáo, hoặc lãnh đạo đang bị điều "
        "tra",
        NO_TITLE, basis="Quy định về trường hợp chưa xét khen thưởng",
        source="Nghị định số 152/2025/NĐ-CP; Thông tư số 12/2019/TT-BCA",
    ),
    Rule(
        "dieu-lenh-khong-dat", "Kiểm tra điều lệnh, quân sự, võ thuật không đạt yêu cầu",
        GRADE_DOWN, basis="Điều 6", source="Thông tư số 27/2020/TT-BCA",
    ),
    Rule(
        "vu-viec-nghiem-trong", "Để xảy ra vụ việc nghiêm trọng trong đơn vị", NO_FLAG,
        basis="Thông lệ của cụm thi đua",
    ),
    Rule(
        "thieu-bao-cao", "Thiếu báo cáo bắt buộc quá số lần cho phép", NO_FLAG, "unreported",
        limit=Decimal(2), basis="Đề xuất, chưa có văn bản",
    ),
    Rule(
        "tu-cham-khong-trung-thuc", "Tự chấm cao hơn thẩm định quá tỷ lệ cho phép", NO_FLAG,
        "overrated", limit=Decimal(10), basis="Đề xuất, chưa có văn bản", is_on=False,
    ),
)  # fmt: skip
