"""Every act that is written down, and the words in which a history tells it."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Verb(TextChoices):
    ROW_ADD = "row.add", pgettext_lazy("history", "Thêm vào danh mục")
    ROW_CHANGE = "row.change", pgettext_lazy("history", "Sửa danh mục")
    ROW_DELETE = "row.delete", pgettext_lazy("history", "Xóa khỏi danh mục")
    PASSWORD_CHANGE = "password.change", pgettext_lazy("history", "Đổi mật khẩu")
    SAMPLE_LOAD = "sample.load", pgettext_lazy("history", "Nạp dữ liệu mẫu")
    LAUNCH_RECORD = "launch.record", pgettext_lazy("history", "Ghi việc phát động phong trào")
    ACHIEVEMENT_ENTER = "achievement.enter", pgettext_lazy("history", "Nhập bản nháp")
    ACHIEVEMENT_CHANGE = "achievement.change", pgettext_lazy("history", "Sửa nội dung")
    EVIDENCE_ATTACH = "evidence.attach", pgettext_lazy("history", "Đính kèm minh chứng")
    EVIDENCE_REMOVE = "evidence.remove", pgettext_lazy("history", "Xóa minh chứng")
    ACHIEVEMENT_SUBMIT = "achievement.submit", pgettext_lazy("history", "Gửi thư ký cụm")
    ACHIEVEMENT_START_REVIEW = (
        "achievement.start_review",
        pgettext_lazy("history", "Nhận thẩm định"),
    )
    ACHIEVEMENT_VERIFIED = "achievement.verified", pgettext_lazy("history", "Công nhận")
    ACHIEVEMENT_RETURNED = "achievement.returned", pgettext_lazy("history", "Trả lại bổ sung")
    ACHIEVEMENT_REJECTED = "achievement.rejected", pgettext_lazy("history", "Không công nhận")
    SHEET_SELF_SCORE = "sheet.self_score", pgettext_lazy("history", "Lưu điểm tự chấm")
    SHEET_SUBMIT = "sheet.submit", pgettext_lazy("history", "Gửi bảng tự chấm")
    SHEET_VERIFY = "sheet.verify", pgettext_lazy("history", "Lưu điểm thẩm định")
    SHEET_APPRAISE = "sheet.appraise", pgettext_lazy("history", "Hoàn thành thẩm định điểm")
    SHEET_RETURN = "sheet.return", pgettext_lazy("history", "Trả lại bảng tự chấm")
    ASSESSMENT_WRITE = "assessment.write", pgettext_lazy("history", "Sửa nội dung đánh giá")
    CONFERENCE_RECORD = "conference.record", pgettext_lazy("history", "Ghi hội nghị")
    CONFERENCE_REMARK = "conference.remark", pgettext_lazy("history", "Ghi ý kiến tại hội nghị")
    CONFERENCE_CONCLUDE = "conference.conclude", pgettext_lazy("history", "Kết luận hội nghị")
    NOMINATION_PROPOSE = "nomination.propose", pgettext_lazy("history", "Đề nghị khen thưởng")
    NOMINATION_WITHDRAW = "nomination.withdraw", pgettext_lazy("history", "Rút đề nghị")
    DOCUMENT_REQUEST = "document.request", pgettext_lazy("history", "Yêu cầu lập văn bản")
    DOCUMENT_RETRY = "document.retry", pgettext_lazy("history", "Yêu cầu lập lại")
    DOCUMENT_READY = "document.ready", pgettext_lazy("history", "Lập xong văn bản")
    DOCUMENT_FAIL = "document.fail", pgettext_lazy("history", "Không lập được văn bản")
