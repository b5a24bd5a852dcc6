"""Every place of a season with one line on what is done there, for one reader.

The menu holds six of them at most; the page "Công việc của kỳ" holds all.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clusters.models import User
from emulation import permissions
from emulation.models import Season

ALL = ("unit", "secretary", "leader", "administrator")
CLUSTER = ("secretary", "leader", "administrator")


def _may_redeem(user: User, season: Season) -> bool:
    return permissions.can_redeem(user, season, permissions.own_unit(user, season))


@dataclass(frozen=True)
class Place:
    """One address of a season: its label, and what it is for; `may` narrows its roles down."""

    name: str
    label: Promise
    line: Promise
    roles: tuple[str, ...] = ALL
    may: Callable[[User, Season], bool] | None = None
    # Most places lie within a season.
    of_season: bool = True


PLACES: tuple[tuple[Promise, tuple[Place, ...]], ...] = (
    (
        _("Theo dõi cả năm"),
        (
            Place("pulse", _("Nhịp năm"), _("Sẵn sàng cho hội nghị đến đâu, còn thiếu gì")),
            Place(
                "season_overview",
                _("Tổng quan năm"),
                _("Kết quả, tiến độ, xếp hạng trên một trang"),
            ),
            Place(
                "period_list",
                _("Báo cáo định kỳ"),
                _("Báo cáo tháng, quý, 6 tháng, 9 tháng, năm; ai đã gửi, ai chưa"),
            ),
            Place(
                "unit_list",
                _("Đơn vị qua các năm"),
                _("Kết quả nhiều năm của một đơn vị, đổi tên, sáp nhập, chia tách"),
                of_season=False,
            ),
        ),
    ),
    (
        _("Giao ước và phong trào"),
        (
            Place(
                "pledge",
                _("Giao ước thi đua"),
                _("Nội dung, chỉ tiêu, danh hiệu đăng ký, chữ ký của các đơn vị"),
            ),
            Place(
                "launch_list",
                _("Phát động phong trào"),
                _("Chủ đề, khẩu hiệu hành động, kế hoạch của từng đơn vị"),
            ),
            Place(
                "drive_list",
                _("Phong trào, đợt thi đua"),
                _("Các đợt cao điểm với kết quả sơ kết, tổng kết"),
            ),
        ),
    ),
    (
        _("Kết quả"),
        (
            Place(
                "achievement_list",
                _("Kết quả, thành tích"),
                _("Nhập, gửi, bổ sung, thẩm định thành tích và minh chứng"),
            ),
            Place(
                "import_list",
                _("Nhập từ Excel, Word"),
                _("Tải tệp mẫu, nhập nhiều thành tích một lần"),
                ("unit",),
            ),
            Place(
                "copy_list",
                _("Chép từ năm trước"),
                _("Lấy thành tích năm trước làm bản nháp"),
                ("unit",),
            ),
            Place(
                "community",
                _("Hoạt động vì cộng đồng"),
                _("Số buổi, người dự, gia đình, suất quà, trị giá cộng theo đơn vị"),
            ),
            Place(
                "organization",
                _("Tổ chức quần chúng"),
                _("Kết quả của Công đoàn, Đoàn Thanh niên, Hội Phụ nữ"),
            ),
            Place(
                "practice_list",
                _("Điển hình tiên tiến"),
                _("Cách làm hay đã thẩm định, đơn vị nào đang áp dụng"),
            ),
        ),
    ),
    (
        _("Kiểm tra, chấm điểm, tổng kết"),
        (
            Place(
                "inspection_list",
                _("Kiểm tra chéo"),
                _("Đoàn kiểm tra, lịch, kết quả từng nội dung, hai bên thống nhất"),
            ),
            Place(
                "assessment_edit",
                _("Nội dung đánh giá"),
                _("Ưu điểm, tồn tại, bài học, phương hướng của báo cáo tổng kết"),
                ("secretary",),
                permissions.can_assess,
            ),
            Place("standings", _("Chấm điểm"), _("Tự chấm, thẩm định điểm, xếp hạng")),
            Place(
                "scheme_list",
                _("Thang điểm"),
                _("Tiêu chí, điểm tối đa, điều kiện loại trừ, các phiên bản"),
            ),
            Place(
                "score_table",
                _("Bảng điểm cả cụm"),
                _("Mọi đơn vị, mọi tiêu chí: tự chấm, chấm chéo, thẩm định cạnh nhau"),
                ("secretary", "leader"),
            ),
            Place(
                "cross_list",
                _("Chấm chéo"),
                _("Đơn vị nào chấm đơn vị nào, đã gửi chưa"),
                ("unit", "secretary", "leader"),
            ),
            Place(
                "recusal_list",
                _("Khai báo không chấm"),
                _("Quan hệ với một đơn vị, nên không thẩm định điểm của đơn vị ấy"),
                ("secretary",),
            ),
            Place(
                "objection_list",
                _("Kiến nghị về điểm"),
                _("Kiến nghị sau công bố và trả lời công khai"),
            ),
            Place(
                "block_list",
                _("Điều kiện loại trừ"),
                _("Đơn vị nào chưa được xét danh hiệu, cờ; điều khoản và căn cứ"),
            ),
            Place(
                "unit_facts",
                _("Số liệu của đơn vị"),
                _("Phiếu kín, tỷ lệ nữ, quyết định của hội nghị, quân số; dùng khi bằng điểm"),
                CLUSTER,
            ),
            Place(
                "season_years",
                _("Điểm nhiều năm"),
                _("Tổng điểm, hạng, từng tiêu chí ba đến năm năm cạnh nhau"),
            ),
            Place(
                "season_fairness",
                _("Kiểm định công bằng"),
                _("Thứ tự phụ thuộc vào điều gì, xem trước khi bình xét"),
                ("secretary", "leader"),
            ),
            Place("conference", _("Hội nghị, bình xét"), _("Ghi hội nghị, ý kiến và kết luận")),
            Place(
                "nomination_list",
                _("Đề nghị khen thưởng"),
                _("Đơn vị được đề nghị danh hiệu, hình thức khen thưởng"),
            ),
            Place(
                "document_list",
                _("Văn bản, biểu mẫu"),
                _("Báo cáo tổng kết và các văn bản đã lập"),
            ),
        ),
    ),
    (
        _("Điều hành kỳ thi đua"),
        (
            Place(
                "phase_list",
                _("Các pha"),
                _("Thời gian nhập, gửi, thẩm định, chấm điểm; gia hạn"),
            ),
            Place(
                "late_code_list",
                _("Mã nộp muộn"),
                _("Cho một đơn vị nộp sau hạn, có lý do"),
                ("secretary",),
                permissions.can_run,
            ),
            Place(
                "late_code_redeem",
                _("Nhập mã nộp muộn"),
                _("Dùng mã thư ký cụm cấp để nộp sau hạn"),
                ("unit",),
                _may_redeem,
            ),
            Place(
                "season_edit",
                _("Thông tin kỳ"),
                _("Phương châm, ngày chốt số liệu, số lần trả lại"),
                ("secretary",),
                permissions.can_run,
            ),
            Place(
                "season_new",
                _("Mở kỳ năm sau"),
                _("Chép đơn vị, các pha, thang điểm, chỉ tiêu của kỳ này"),
                CLUSTER,
                permissions.can_copy,
            ),
            Place(
                "handover",
                _("Bàn giao cụm trưởng"),
                _("Việc còn mở, chuyển quyền cho cụm trưởng năm sau"),
                ALL,
                permissions.can_see_hand_over,
            ),
            Place(
                "season_close",
                _("Chốt kỳ"),
                _("Khóa mọi nội dung của kỳ; sau đó chỉ ghi đính chính"),
                CLUSTER,
                permissions.can_close,
            ),
            Place(
                "correction_list",
                _("Đính chính"),
                _("Điều sửa sau khi kỳ đã chốt, ai cũng đọc được"),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    """A place as the page shows it."""

    label: str
    line: str
    url: str


def names() -> list[str]:
    """Return the url names of every place."""
    return [place.name for _heading, places in PLACES for place in places]


def of_reader(user: User, season: Season, role: str) -> list[tuple[str, list[Link]]]:
    """Return the places that the reader may open, under their headings."""
    found = []
    for heading, places in PLACES:
        links = [_link(place, season) for place in places if _is_open(place, user, season, role)]
        if links:
            found.append((str(heading), links))
    return found


def _is_open(place: Place, user: User, season: Season, role: str) -> bool:
    return role in place.roles and (place.may is None or place.may(user, season))


def _link(place: Place, season: Season) -> Link:
    url = reverse(place.name, args=[season.slug] if place.of_season else [])
    return Link(str(place.label), str(place.line), url)
