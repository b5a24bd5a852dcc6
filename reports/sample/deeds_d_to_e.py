"""Achievements of the made-up units D and E. Everyday work, unclassified, all of it invented."""

from reports.sample.deeds import Deed, day

D = (
    Deed(
        "05/01–30/06", "advisory", "Tham mưu 5 báo cáo chuyên đề nghiên cứu, dự báo",
        "Ba báo cáo được lãnh đạo Bộ giao phổ biến cho các đơn vị tham khảo.",
        ("Danh mục chuyên đề.xlsx",), (1, 5),
    ),
    Deed(
        "09/02", "policy_document", "Tham mưu ban hành Kế hoạch khoa học và công nghệ năm 2026",
        "Giao 12 nhiệm vụ, mỗi nhiệm vụ có sản phẩm và mốc nghiệm thu.",
        ("Kế hoạch khoa học.pdf",), (2, 1),
        more={
            "kind": "plan", "number": "11/KH-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("09/02"), "about": "khoa học và công nghệ năm 2026",
            "status": "issued",
        },
    ),
    Deed(
        "07/04", "community", "Hiến máu tình nguyện 46 đơn vị máu",
        "Phối hợp trung tâm huyết học tổ chức tại hội trường đơn vị.",
        ("Xác nhận tiếp nhận máu.pdf", "Ảnh hiến máu.jpg"),
        more={"kind": "volunteering", "sessions": 1, "participants": 46},
    ),
    Deed(
        "20/04–24/04", "force_building", "Tập huấn phương pháp nghiên cứu cho 52 cán bộ trẻ",
        "Hai lớp, có chuyên gia ngoài ngành tham gia giảng dạy.",
        ("Chương trình tập huấn.docx",), (6, 2),
    ),
    Deed(
        "18/05", "initiative", "Nghiệm thu 2 đề tài khoa học cấp cơ sở",
        "Một đề tài xếp loại xuất sắc, một đề tài xếp loại khá.",
        ("Biên bản nghiệm thu.pdf", "Bảng tổng hợp điểm.xlsx"), (5, 2),
    ),
    Deed(
        "01/06", "community", "Tuyên dương 25 cháu có thành tích trong học tập, rèn luyện",
        "Tổ chức cùng Ngày Quốc tế Thiếu nhi.",
        ("Danh sách tuyên dương.xlsx",),
        more={"kind": "honour_children", "pupils": 25, "gifts": 25, "value": 7_500_000},
    ),
    Deed(
        "15/06–31/07", "reform", "Số hóa 2 nhóm tài liệu thư viện, mở tra cứu trực tuyến",
        "Đã số hóa 3.200 tên sách, 18.000 trang tài liệu.",
        ("Báo cáo số hóa.pdf",), (4, 2),
    ),
    Deed(
        "10/08", "advanced_model", "Giới thiệu tập thể điển hình: Nhóm nghiên cứu trẻ",
        "Nhóm 6 người dưới 35 tuổi, chủ trì 2 đề tài trong năm.",
        ("Báo cáo điển hình tập thể.docx",), (11, 1),
        more={"kind": "collective", "name": "Nhóm nghiên cứu trẻ, Đơn vị mẫu D"},
    ),
    Deed(
        "01/07–30/09", "advisory", "Tham mưu 5 báo cáo chuyên đề quý III",
        "Hoàn thành toàn bộ kế hoạch báo cáo chuyên đề của năm.",
        ("Danh mục chuyên đề quý III.xlsx",), (1, 5),
    ),
    Deed(
        "28/09", "policy_document", "Xây dựng Đề án đổi mới công tác nghiên cứu, dự báo",
        "Đã bảo vệ trước hội đồng, đang hoàn thiện theo góp ý.",
        ("Dự thảo Đề án.docx", "Biên bản họp hội đồng.pdf"), (2, 1),
        more={
            "kind": "scheme", "number": "", "issuer": "Bộ minh họa", "issued_on": None,
            "about": "đổi mới công tác nghiên cứu, dự báo", "status": "built",
        },
    ),
    Deed(
        "01/09–20/10", "emulation_work", "Tổ chức đợt thi đua “60 ngày hoàn thành đề tài”",
        "Khen thưởng 2 nhóm, 5 cá nhân khi sơ kết.",
        ("Báo cáo sơ kết.pdf",), (12, 1),
    ),
    Deed(
        "05/11–06/11", "initiative", "Nghiệm thu 2 đề tài khoa học đợt 2",
        "Cả hai đề tài xếp loại khá trở lên.",
        ("Biên bản nghiệm thu đợt 2.pdf",), (5, 2), outcome="under_review",
    ),
    Deed(
        "12/11", "cultured_lifestyle", "Kiểm tra điều lệnh, nếp sống văn hóa 4 lượt",
        "", (), (8, 4), outcome="draft",
    ),
)

E = (
    Deed(
        "05/01–30/06", "advisory", "Tham mưu 4 báo cáo tài chính định kỳ đúng hạn",
        "Số liệu khớp với kho bạc, không phải chỉnh sửa.",
        ("Danh mục báo cáo tài chính.xlsx",), (1, 4),
    ),
    Deed(
        "19/01", "policy_document", "Tham mưu ban hành Hướng dẫn thanh toán không dùng tiền mặt",
        "Áp dụng cho 14 đơn vị từ ngày 01/02.",
        ("Hướng dẫn thanh toán.pdf",), (2, 1),
        more={
            "kind": "other", "number": "06/HD-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("19/01"), "about": "hướng dẫn thanh toán không dùng tiền mặt",
            "status": "issued",
        },
    ),
    Deed(
        "02/03–31/03", "reform", "Đưa 4 quy trình thanh toán lên môi trường số",
        "Thời gian giải quyết một hồ sơ giảm từ 5 ngày còn 2 ngày.",
        ("Bảng so sánh thời gian.xlsx",), (4, 4),
    ),
    Deed(
        "13/04–17/04", "force_building", "Tập huấn chế độ kế toán mới cho 70 cán bộ",
        "Hai lớp trực tuyến, có bài kiểm tra cuối khóa.",
        ("Kế hoạch tập huấn.pdf",), (6, 2),
    ),
    Deed(
        "04/05–08/05", "parliament",
        "Tham mưu trả lời 6 kiến nghị của cử tri về chế độ, chính sách",
        "Trả lời bằng văn bản, gửi đúng hạn.",
        ("Văn bản trả lời.pdf",), (3, 6),
        more={"term": 16, "sessions": "1", "voter_petition": True, "petitions": 6},
    ),
    Deed(
        "28/05", "community", "Tuyên dương 64 cháu đạt học sinh giỏi",
        "Phần thưởng trích từ quỹ khuyến học của Công đoàn.",
        ("Danh sách học sinh giỏi.xlsx", "Ảnh tuyên dương.jpg"),
        more={"kind": "honour_children", "pupils": 64, "gifts": 64, "value": 19_200_000},
    ),
    Deed(
        "22/07–24/07", "community", "Thăm, tặng quà 50 gia đình chính sách, gia đình khó khăn",
        "Đi 3 xã, mỗi suất quà 600 nghìn đồng.",
        ("Danh sách tặng quà.xlsx", "Ảnh thăm gia đình.jpg"), (10, 50),
        more={"kind": "gift", "families": 50, "gifts": 50, "value": 30_000_000},
    ),
    Deed(
        "17/08", "initiative", "Áp dụng sáng kiến bảng kiểm hồ sơ thanh toán",
        "Số hồ sơ phải trả lại giảm từ 12% còn 3%.",
        ("Quyết định công nhận sáng kiến.pdf",), (5, 1),
    ),
    Deed(
        "01/07–30/09", "advisory", "Tham mưu 4 báo cáo quý III và dự toán năm 2027",
        "Dự toán năm 2027 trình sớm 10 ngày.",
        ("Danh mục báo cáo quý III.xlsx",), (1, 4),
    ),
    Deed(
        "05/10–09/10", "community", "Tuyên truyền pháp luật về thuế, hóa đơn tại 3 phường",
        "Ba buổi nói chuyện, giải đáp 47 câu hỏi.",
        ("Kế hoạch tuyên truyền.pdf",), (9, 3), outcome="completed",
        reason="Thiếu danh sách người dự và ảnh buổi tuyên truyền. Đề nghị bổ sung minh chứng.",
        more={"kind": "legal_outreach", "sessions": 3, "participants": 310},
    ),
    Deed(
        "19/10", "advanced_model", "Giới thiệu gương tiết kiệm kinh phí trong mua sắm",
        "Đề xuất gộp gói mua sắm, tiết kiệm 180 triệu đồng.",
        ("Báo cáo gương điển hình.pdf",), (11, 1),
        more={"kind": "individual", "name": "Thiếu tá Trần Văn O"},
    ),
    Deed(
        "20/08–30/10", "emulation_work", "Tổ chức đợt thi đua quyết toán sạch, đúng hạn",
        "Có 9 tập thể, 31 cá nhân được khen thưởng theo chuyên đề.",
        ("Danh sách khen thưởng.xlsx",), (12, 1), outcome="returned",
        reason="Danh sách chưa ghi số, ngày quyết định khen thưởng. Đề nghị bổ sung hai cột này.",
    ),
    Deed(
        "09/11–10/11", "cultured_lifestyle", "Kiểm tra điều lệnh, nếp sống văn hóa 2 lượt",
        "Kiểm tra chéo giữa các phòng.",
        ("Biên bản kiểm tra chéo.pdf",), (8, 2), outcome="sent_again",
        reason="Biên bản chưa có chữ ký của phòng được kiểm tra. Đề nghị bổ sung bản đủ chữ ký.",
    ),
)  # fmt: skip
