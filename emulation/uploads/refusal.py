"""The one way to say no to a file, and what the user is told then."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_UNREADABLE = _("Không mở được tệp. Kiểm tra tệp trên máy, lưu lại rồi tải lên.")

# By code. The wording of design.md §5 (strings 20 and 21), the others in its manner.
MESSAGES: dict[str, str | Promise] = {
    # of the name and the size
    "secret_name": _(
        "Tên tệp có dấu MẬT. Hệ thống chỉ nhận nội dung không mật; tệp chưa được lưu."
    ),
    "extension": _("Không nhận loại tệp này. Chọn tệp PDF, JPG, PNG, DOCX hoặc XLSX."),
    "double_extension": _("Tên tệp có hai đuôi. Đổi tên, chỉ giữ một đuôi, rồi tải lên."),
    "empty": _("Tệp rỗng. Kiểm tra tệp trên máy rồi tải lên lại."),
    "too_large": _("Tệp lớn hơn 20 MB. Giảm dung lượng hoặc tách tệp rồi tải lên."),
    # of any content
    "mismatch": _("Nội dung tệp không phải %(kind)s. Lưu lại đúng định dạng rồi tải lên."),
    "polyglot": _("Tệp lẫn nội dung của loại tệp khác. Lưu lại thành tệp mới rồi tải lên."),
    "unreadable": _UNREADABLE,
    "encrypted": _("Tệp có mật khẩu. Gỡ mật khẩu rồi tải lên."),
    "unpacked": _("Nội dung tệp quá lớn khi mở. Tách thành nhiều tệp rồi tải lên."),
    # of one kind: PDF, images, Office
    "active": _("Tệp PDF có mã lệnh tự chạy. In lại thành PDF rồi tải lên."),
    "attachment": _("Tệp PDF có tệp đính kèm bên trong. Tách ra, tải từng tệp lên."),
    "pixels": _("Ảnh lớn hơn 40 triệu điểm ảnh. Giảm kích thước ảnh rồi tải lên."),
    "macro": _("Tệp có macro. Lưu lại dạng %(kind)s rồi tải lên."),
    "archive": _UNREADABLE,  # its list of entries is false or reaches outside
    "doctype": _UNREADABLE,  # its XML declares entities
}


class Refused(Exception):  # noqa: N818 - it says what happened to the file
    """A file that is not taken: `code` (of MESSAGES) says why, `message` what the user can do.

    `kind` is what the file should have been or become (PDF, XLSX), where the message names it.
    """

    def __init__(self, code: str, *, kind: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message: str | Promise = MESSAGES[code] % {"kind": kind} if kind else MESSAGES[code]
