"""The made-up cluster of seven made-up units in 2026: who, which rules, what was pledged.

Every name, number and sentence is invented. The phases lie over each other from 15/12/2025 to the
end of 2027, so that every step of a year can be tried on any day.
"""

from datetime import date

SLUG, YEAR = "mau-2026", 2026
ILLUSTRATION = (
    "Dữ liệu minh họa: cụm, đơn vị, người và mọi số liệu của kỳ này đều được đặt ra, không có thật."
)
CLUSTER = {
    "level": "Bộ minh họa",
    "block": "Khối các đơn vị minh họa",
    "number": 9,
    "name": "Cụm thi đua mẫu",
    "place": "Hà Nội",
    "code": "CTĐM",
    "year_from": 2026,
    "is_illustrative": True,
}
MOTTO = "Chủ động, Kỷ cương, Sáng tạo, Hiệu quả"
# Letter, what it stands for.
UNITS = {
    "A": "Văn phòng tổng hợp",
    "B": "Cục Đối ngoại giả định",
    "C": "Pháp chế giả định",
    "D": "Viện nghiên cứu giả định",
    "E": "Tài chính giả định",
    "F": "Thanh tra giả định",
    "G": "Phong trào giả định",
}
HEAD, DEPUTY = "A", "B"
OPEN_FROM, OPEN_TO = date(2025, 12, 15), date(2028, 1, 1)
PHASES = (
    ("Phát động, nhập và gửi thành tích", ("enter", "submit")),
    ("Thẩm định thành tích", ("verify",)),
    ("Tự chấm, thẩm định điểm, xếp hạng", ("self_score", "appraise", "see_standings", "objection")),
    ("Hội nghị tổng kết, đề nghị khen thưởng", ("nominate", "confer", "vote")),
)
# The first of them lets units send for two days more; what comes then is marked as late.
GRACE_HOURS = {PHASES[0][0]: 48}
COUNTED_TO = date(2026, 12, 14)

SIGNED_ON = date(2026, 2, 27)
PLEDGE_PLACE = "Hội trường Đơn vị mẫu A"
PLEDGE_TEXT = (
    "Các đơn vị trong Cụm thi đua mẫu giao ước thi đua thực hiện thắng lợi nhiệm vụ năm 2026 với "
    "phương châm “Chủ động, Kỷ cương, Sáng tạo, Hiệu quả”.\n"
    "Mỗi đơn vị phát động phong trào thi đua “Vì an ninh Tổ quốc” gắn với một khẩu hiệu hành động, "
    "hoàn thành các chỉ tiêu dưới đây và gửi kết quả kèm minh chứng trong tháng phát sinh."
)
# Unit → (name, rank, position) of its leader.
SIGNERS = {
    "A": ("Nguyễn Văn A", "Đại tá", "Chánh Văn phòng"),
    "B": ("Trần Văn B", "Đại tá", "Cục trưởng"),
    "C": ("Lê Thị C", "Đại tá", "Cục trưởng"),
    "D": ("Phạm Văn D", "Đại tá", "Viện trưởng"),
    "E": ("Hoàng Thị E", "Thượng tá", "Cục trưởng"),
    "F": ("Vũ Văn F", "Đại tá", "Chánh Thanh tra"),
    "G": ("Đỗ Văn G", "Đại tá", "Cục trưởng"),
}
REGISTRATIONS = {
    "A": ("Cờ thi đua của Bộ Công an", "Đơn vị quyết thắng"),
    "B": ("Đơn vị quyết thắng",),
    "C": ("Cờ thi đua của Chính phủ", "Đơn vị quyết thắng"),
    "D": ("Đơn vị quyết thắng",),
    "E": ("Đơn vị quyết thắng",),
    "F": ("Cờ thi đua của Bộ Công an", "Đơn vị quyết thắng"),
    "G": ("Đơn vị tiên tiến",),
}
# (group, text, measure, direction, weight, planned of A to G; None: not a target of that unit).
# A target of the cluster is the sum of its units'.
TARGETS = (
    (
        "political", "Báo cáo tham mưu gửi lãnh đạo Bộ đúng hạn", "báo cáo", "more", 20,
        (22, 9, 6, 10, 8, 9, 9),
    ),
    (
        "political", "Văn bản, đề án được giao hoàn thành đúng hạn", "văn bản", "more", 20,
        (2, 2, 3, 2, 1, 1, 1),
    ),
    (
        "political", "Kiến nghị của cử tri được trả lời đúng hạn", "kiến nghị", "more", 10,
        (16, None, 12, None, 6, 6, None),
    ),
    (
        "political", "Quy trình, biểu mẫu được đơn giản hóa hoặc số hóa", "quy trình", "more", 10,
        (4, 3, 3, 2, 4, 3, 2),
    ),
    (
        "political", "Sáng kiến, đề tài khoa học được công nhận", "sáng kiến", "more", 8,
        (2, 1, 1, 4, 1, 1, 1),
    ),
    (
        "force", "Lớp tập huấn, bồi dưỡng nghiệp vụ", "lớp", "more", 5,
        (2, 2, 2, 2, 2, 2, 2),
    ),
    (
        "discipline", "Cán bộ, chiến sĩ vi phạm bị xử lý kỷ luật", "người", "less", 5,
        (0, 0, 0, 0, 0, 0, 0),
    ),
    (
        "discipline", "Lượt kiểm tra điều lệnh, nếp sống văn hóa", "lượt", "more", 5,
        (4, 4, 4, 4, 2, 4, 3),
    ),
    (
        "community", "Buổi tuyên truyền, phổ biến pháp luật cho nhân dân", "buổi", "more", 5,
        (None, 4, 10, None, 3, 4, 9),
    ),
    (
        "community", "Suất quà tặng gia đình chính sách, gia đình khó khăn", "suất", "more", 4,
        (60, None, None, None, 50, 40, 60),
    ),
    (
        "emulation", "Điển hình tiên tiến, gương người tốt, việc tốt", "điển hình", "more", 5,
        (1, 1, 1, 1, 1, 1, 1),
    ),
    (
        "emulation", "Đợt thi đua theo chuyên đề", "đợt", "more", 3,
        (1, 1, 1, 1, 1, 1, 1),
    ),
)  # fmt: skip
# Unit → (day, slogan, plan). Unit G has not launched yet: that is left to whoever tries the year.
LAUNCHES = {
    "A": ("02/03", "Tham mưu đúng, phối hợp nhanh", "Phát động tại lễ chào cờ đầu tháng 3."),
    "B": ("04/03", "Đúng nghi thức, giữ hình ảnh", "Gắn với bồi dưỡng ngoại ngữ cho cán bộ."),
    "C": ("05/03", "Hiểu luật, làm đúng, hướng về cơ sở", "Mỗi tháng một chuyên đề pháp luật."),
    "D": ("09/03", "Mỗi đề tài, một ứng dụng", "Gắn với kế hoạch khoa học và công nghệ."),
    "E": ("10/03", "Minh bạch từng khoản, đúng hạn từng ngày", "Ba đợt thi đua trong năm."),
    "F": ("12/03", "Lắng nghe, đúng hẹn, công tâm", "Gắn với cải tiến nơi tiếp công dân."),
}
# Unit → (award, reason): two are proposed, one flag is left to nominate.
NOMINATIONS = {
    "C": (
        "GOV_FLAG",
        "Dẫn đầu Cụm về điểm; đạt chỉ tiêu phổ biến pháp luật; hai năm liên tục không có văn bản "
        "quá hạn.",
    ),
    "A": (
        "MIN_FLAG",
        "Hoàn thành 21 báo cáo tham mưu; đưa 4 quy trình lên môi trường số; chăm lo 60 gia đình "
        "chính sách.",
    ),
}
ASSESSMENTS = {
    "leadership": (
        "Ngay từ đầu năm, Cụm trưởng đã xây dựng chương trình công tác, quy chế hoạt động và thang "
        "điểm, lấy ý kiến các đơn vị và thống nhất tại lễ ký giao ước.",
        "Cấp ủy, lãnh đạo các đơn vị trực tiếp chỉ đạo phong trào, phân công một đồng chí lãnh đạo "
        "phụ trách và giao bộ phận tham mưu theo dõi, đôn đốc hằng tháng.",
    ),
    "activity": (
        "Cụm đã tổ chức lễ ký giao ước, hội nghị sơ kết 6 tháng và 2 đợt kiểm tra chéo việc thực "
        "hiện giao ước; kết quả kiểm tra được dùng khi thẩm định điểm.",
    ),
    "strength": (
        "Các đơn vị phát động phong trào sớm, khẩu hiệu ngắn gọn, sát nhiệm vụ được giao.",
        "Kết quả gửi lên đều có minh chứng; việc thẩm định công khai, có lý do khi trả lại.",
    ),
    "shortcoming": (
        "Số sáng kiến, đề tài được công nhận còn thấp so với giao ước.",
        "Một số hồ sơ thành tích thiếu minh chứng, phải trả lại để bổ sung.",
    ),
    "cause": (
        "Việc hướng dẫn lập hồ sơ sáng kiến chưa sớm; cán bộ làm công tác thi đua ở một số đơn vị "
        "còn kiêm nhiệm.",
    ),
    "lesson": (
        "Giao chỉ tiêu phải kèm người chịu trách nhiệm, thời hạn và loại minh chứng.",
        "Cập nhật kết quả ngay khi phát sinh, không dồn vào cuối năm.",
    ),
    "direction": (
        "Tiếp tục đổi mới nội dung, hình thức phong trào thi đua “Vì an ninh Tổ quốc”, lấy kết quả "
        "thực hiện nhiệm vụ chính trị làm thước đo.",
    ),
    "task": (
        "Ký kết giao ước thi đua năm 2027 trước ngày 15/03/2027; mỗi đơn vị phát động phong trào "
        "gắn với một khẩu hiệu hành động.",
        "Hoàn thành hồ sơ sáng kiến trong quý III, không để dồn vào cuối năm.",
        "Tổ chức 2 đợt kiểm tra chéo, gắn với kiểm tra điều lệnh, nếp sống văn hóa.",
        "Phát hiện, bồi dưỡng, nhân rộng điển hình tiên tiến ngay từ cơ sở.",
    ),
    "proposal": (
        "Đề nghị cơ quan thường trực mở lớp tập huấn lập hồ sơ khen thưởng cho cán bộ của các đơn "
        "vị trong quý I năm 2027.",
    ),
}
