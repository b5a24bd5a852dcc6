"""Every act that is written down, and the words in which a history tells it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verb(TextChoices):
    ROW_ADD = "row.add", _("Thêm vào danh mục")
    ROW_CHANGE = "row.change", _("Sửa danh mục")
    ROW_DELETE = "row.delete", _("Xóa khỏi danh mục")
    PASSWORD_CHANGE = "password.change", _("Đổi mật khẩu")
    SAMPLE_LOAD = "sample.load", _("Nạp dữ liệu mẫu")
    LAUNCH_RECORD = "launch.record", _("Ghi việc phát động phong trào")
    ACHIEVEMENT_ENTER = "achievement.enter", _("Nhập bản nháp")
    ACHIEVEMENT_CHANGE = "achievement.change", _("Sửa nội dung")
    EVIDENCE_ATTACH = "evidence.attach", _("Đính kèm minh chứng")
    EVIDENCE_REMOVE = "evidence.remove", _("Xóa minh chứng")
    ACHIEVEMENT_SUBMIT = "achievement.submit", _("Gửi thư ký cụm")
    ACHIEVEMENT_START_REVIEW = "achievement.start_review", _("Nhận thẩm định")
    ACHIEVEMENT_VERIFIED = "achievement.verified", _("Công nhận")
    ACHIEVEMENT_RETURNED = "achievement.returned", _("Trả lại bổ sung")
    ACHIEVEMENT_REJECTED = "achievement.rejected", _("Không công nhận")
    SHEET_SELF_SCORE = "sheet.self_score", _("Lưu điểm tự chấm")
    SHEET_SUBMIT = "sheet.submit", _("Gửi bảng tự chấm")
    SHEET_VERIFY = "sheet.verify", _("Lưu điểm thẩm định")
    SHEET_APPRAISE = "sheet.appraise", _("Hoàn thành thẩm định điểm")
    SHEET_RETURN = "sheet.return", _("Trả lại bảng tự chấm")
    ASSESSMENT_WRITE = "assessment.write", _("Sửa nội dung đánh giá")
    CONFERENCE_RECORD = "conference.record", _("Ghi hội nghị")
    CONFERENCE_REMARK = "conference.remark", _("Ghi ý kiến tại hội nghị")
    CONFERENCE_CONCLUDE = "conference.conclude", _("Kết luận hội nghị")
    NOMINATION_PROPOSE = "nomination.propose", _("Đề nghị khen thưởng")
    NOMINATION_WITHDRAW = "nomination.withdraw", _("Rút đề nghị")
    DOCUMENT_REQUEST = "document.request", _("Yêu cầu lập văn bản")
    DOCUMENT_RETRY = "document.retry", _("Yêu cầu lập lại")
    DOCUMENT_READY = "document.ready", _("Lập xong văn bản")
    DOCUMENT_FAIL = "document.fail", _("Không lập được văn bản")
