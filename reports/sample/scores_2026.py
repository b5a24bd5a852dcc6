"""The scores of the made-up year by scheme B: invented, and so that two units share a total."""

from typing import NamedTuple

from emulation.scheme_b import LINES
from emulation.scoring import Kind

CODES = tuple(line.code for line in LINES if line.kind is not Kind.GROUP)
# Why a verified score differs from the unit's own, where nothing more precise is said.
USUAL_NOTE = "Chấm theo minh chứng đã thẩm định"


class Sheet(NamedTuple):
    """The scores of a unit in the order of CODES; "-" is none yet, `verified` empty: not appraised.

    Days are of 2026, as "27/07"; a unit without `sent` is still scoring itself. `secretary` is
    the account that appraises: nobody judges their own unit.
    """

    own: str
    sent: str = ""
    verified: str = ""
    appraised: str = ""
    notes: dict[str, str] = {}
    secretary: str = "thuky"


SHEETS = {
    "A": Sheet(
        "15 15 8 8 6 4 6 6 4 2 2 5 3 3 2 3 8 0",
        "02/11",
        "14 15 8 8 6 2 6 6 4 1 2 5 3 3 1 3 5 -0.5",
        "12/11",
        {
            "A1": "21 trên 22 báo cáo giao ước đúng hạn",
            "A6": "Một trong hai sáng kiến chưa được công nhận",
            "D": "Bằng khen 3 điểm, khen thưởng đột xuất 2 điểm",
            "E": "Một báo cáo tháng gửi chậm",
        },
        "thuky.b",
    ),
    "B": Sheet(
        "15 15 8 8 6 2 6 6 4 2 2 5 3 3 1 3 3 0",
        "03/11",
        "15 15 8 7 6 0 6 6 4 1 2 5 3 3 1 3 2 -0.5",
        "13/11",
        {"A6": "Chưa có sáng kiến được công nhận", "E": "Một báo cáo tháng gửi chậm"},
    ),
    "C": Sheet(
        "15 15 8 8 6 2 6 6 4 1.5 2 5 3 3 2 3 7 0",
        "30/10",
        "15 15 8 7.5 6 2 6 6 4 1 2 5 3 3 1 3 7 0",
        "12/11",
        {"C5": "Một điển hình có hồ sơ"},
    ),
    "D": Sheet(
        "15 15 8 7 6 8 6 6 4 1 2 5 2 3 1 3 3 -1",
        "04/11",
        "15 15 8 6 6 4 6 5 4 1 2 5 2 3 1 3 2 -1.5",
        "13/11",
        {
            "A6": "Hai đề tài đợt 2 đang thẩm định",
            "B2": "Một lỗi qua kiểm tra điều lệnh",
            "E": "Vắng một cuộc họp, một báo cáo tháng gửi chậm",
        },
    ),
    "E": Sheet(
        "15 15 8 7 6 2 6 6 4 2 2 5 3 3 1 3 0 0",
        "05/11",
        "15 15 8 6 6 2 6 6 4 1 2 4 3 2.75 1 3 0 -1",
        "16/11",
        {
            "C2": "Chưa sơ kết đợt thi đua quý II",
            "C4": "11 trên 12 báo cáo tháng đúng hạn",
            "E": "Hai báo cáo chuyên đề gửi chậm",
        },
    ),
    "F": Sheet("15 15 8 6.5 6 2 6 6 4 1.5 2 5 3 3 1 3 2 0", "16/11"),
    "G": Sheet("12 15 - - 6 - 6 - - - 2 - - - - - - -"),
}
