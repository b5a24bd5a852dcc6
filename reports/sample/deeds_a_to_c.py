"""Achievements of the made-up units A, B and C. Everyday work, unclassified, all of it invented."""

from reports.sample.deeds import Deed, day

A = (
    Deed(
        "05/01–31/03", "advisory", "Tham mưu 6 báo cáo tháng, quý đúng hạn trong quý I",
        "Tổng hợp tình hình từ các đơn vị, gửi lãnh đạo Bộ trước ngày 25 hằng tháng.",
        ("Danh mục báo cáo quý I.xlsx",), (1, 6),
    ),
    Deed(
        "12/01", "policy_document", "Tham mưu ban hành Kế hoạch công tác trọng tâm năm 2026",
        "Kế hoạch phân công rõ đơn vị chủ trì, thời hạn và sản phẩm của 42 nhiệm vụ.",
        ("Kế hoạch công tác năm 2026.pdf",), (2, 1),
        more={
            "kind": "plan", "number": "03/KH-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("12/01"), "about": "công tác trọng tâm năm 2026", "status": "issued",
        },
    ),
    Deed(
        "01/04–30/06", "advisory", "Tham mưu 7 báo cáo tháng, chuyên đề đúng hạn trong quý II",
        "Có 2 báo cáo chuyên đề được lãnh đạo Bộ giao thêm, hoàn thành trước hạn.",
        ("Danh mục báo cáo quý II.xlsx",), (1, 7),
    ),
    Deed(
        "20/05", "policy_document", "Hoàn thành Quy chế tiếp nhận và phân công văn bản",
        "Lấy ý kiến 14 đơn vị, trình ký đúng thời hạn được giao.",
        ("Tờ trình Quy chế.docx", "Quy chế tiếp nhận văn bản.pdf"), (2, 1),
        more={
            "kind": "other", "number": "", "issuer": "Bộ minh họa", "issued_on": None,
            "about": "quy chế tiếp nhận và phân công văn bản", "status": "completed",
        },
    ),
    Deed(
        "08/06–12/06", "coordination",
        "Phối hợp 9 địa phương tháo gỡ vướng mắc về trao đổi văn bản điện tử",
        "Tổ chức 3 cuộc họp trực tuyến, thống nhất mẫu phiếu gửi và đầu mối xử lý.",
        ("Thông báo kết luận.pdf",),
    ),
    Deed(
        "15/06–30/06", "reform", "Đưa 4 quy trình tiếp nhận, phân công văn bản lên môi trường số",
        "Thời gian phân công một văn bản giảm từ 1 ngày còn 2 giờ làm việc.",
        ("Bảng so sánh quy trình.xlsx",), (4, 4),
    ),
    Deed(
        "24/07", "community", "Thăm, tặng quà 60 gia đình chính sách nhân ngày 27 tháng 7",
        "Mỗi suất quà trị giá 800 nghìn đồng, trích từ quỹ do cán bộ, chiến sĩ đóng góp.",
        ("Danh sách gia đình.xlsx", "Ảnh trao quà.jpg"), (10, 60),
        more={"kind": "gift", "families": 60, "gifts": 60, "value": 48_000_000},
    ),
    Deed(
        "01/07–30/09", "advisory", "Tham mưu 8 báo cáo tháng, quý, 9 tháng đúng hạn",
        "Báo cáo 9 tháng được tổng hợp tự động từ số liệu của các đơn vị.",
        ("Danh mục báo cáo quý III.xlsx",), (1, 8),
    ),
    Deed(
        "14/09–02/10", "parliament",
        "Tham mưu trả lời 18 kiến nghị của cử tri trước kỳ họp thứ 2 Quốc hội khóa XVI",
        "Cả 18 kiến nghị được trả lời bằng văn bản đúng hạn.",
        ("Tổng hợp trả lời kiến nghị.pdf",), (3, 18),
        more={"term": 16, "sessions": "2", "voter_petition": True, "petitions": 18},
    ),
    Deed(
        "05/10", "initiative",
        "Áp dụng sáng kiến rút ngắn quy trình tiếp nhận kiến nghị từ 5 bước còn 3 bước",
        "Hội đồng sáng kiến cơ sở công nhận; đang áp dụng ở 4 phòng.",
        ("Quyết định công nhận sáng kiến.pdf",), (5, 1), outcome="completed",
        reason="Tệp đính kèm là đơn đề nghị, chưa phải quyết định công nhận. Đề nghị bổ sung.",
    ),
    Deed(
        "15/09–05/10", "emulation_work", "Tổ chức đợt thi đua cao điểm chào mừng ngày truyền thống",
        "Khen thưởng theo chuyên đề 6 lượt tập thể, 24 lượt cá nhân.",
        ("Kế hoạch đợt thi đua.pdf", "Quyết định khen thưởng.pdf"), (12, 1),
    ),
    Deed(
        "10/10", "mass_organization", "Tổ chức hội thao công đoàn viên 7 đơn vị trong Cụm",
        "Bốn môn thi, 168 lượt người tham gia.",
        ("Điều lệ hội thao.docx", "Ảnh hội thao.jpg"), more={"organization": "trade_union"},
    ),
    Deed(
        "12/10–16/10", "cultured_lifestyle", "Kiểm tra điều lệnh, nếp sống văn hóa 4 lượt",
        "Kiểm tra đột xuất 12 phòng, nhắc nhở và khắc phục ngay 5 lỗi nhỏ.",
        ("Biên bản kiểm tra.pdf",), (8, 4),
    ),
    Deed(
        "20/10", "advanced_model", "Giới thiệu gương tận tụy với công tác văn thư",
        "Mười lăm năm làm văn thư, không để thất lạc, chậm trễ một văn bản nào.",
        ("Báo cáo gương điển hình.docx",), (11, 1),
        more={"kind": "individual", "name": "Đại úy Nguyễn Thị Y"},
    ),
    Deed(
        "13/11", "initiative", "Áp dụng sáng kiến mẫu biểu thống nhất cho báo cáo tháng",
        "Một mẫu biểu thay cho 6 mẫu cũ, giảm một nửa thời gian tổng hợp.",
        ("Thuyết minh sáng kiến.docx",), (5, 1), outcome="submitted",
    ),
)

B = (
    Deed(
        "05/01–30/06", "advisory", "Tham mưu 5 báo cáo kết quả hợp tác 6 tháng đầu năm",
        "Báo cáo gửi đúng hạn, có kiến nghị cụ thể về thủ tục đón tiếp.",
        ("Danh mục báo cáo 6 tháng.xlsx",), (1, 5),
    ),
    Deed(
        "16/03", "policy_document", "Tham mưu ban hành Hướng dẫn đón tiếp, làm việc với đoàn khách",
        "Thay 3 văn bản cũ, thống nhất nghi thức và mẫu chương trình làm việc.",
        ("Hướng dẫn đón tiếp.pdf",), (2, 1),
        more={
            "kind": "other", "number": "15/HD-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("16/03"), "about": "hướng dẫn đón tiếp, làm việc với đoàn khách",
            "status": "issued",
        },
    ),
    Deed(
        "06/04–29/05", "force_building", "Tổ chức 2 lớp bồi dưỡng ngoại ngữ cho 64 cán bộ",
        "Mỗi lớp 40 tiết, kiểm tra đầu vào và đầu ra; 58 cán bộ đạt yêu cầu.",
        ("Quyết định mở lớp.pdf", "Kết quả kiểm tra.xlsx"), (6, 2),
    ),
    Deed(
        "11/05–15/05", "community", "Tuyên truyền pháp luật về xuất nhập cảnh tại 4 trường",
        "Bốn buổi ngoại khóa, có tờ rơi và phần hỏi đáp.",
        ("Kế hoạch tuyên truyền.pdf", "Ảnh buổi ngoại khóa.jpg"), (9, 4),
        more={"kind": "legal_outreach", "sessions": 4, "participants": 620},
    ),
    Deed(
        "02/06–05/06", "community", "Tuyên dương 38 cháu có thành tích trong học tập, rèn luyện",
        "Tổ chức gặp mặt, trao giấy khen của Công đoàn và phần thưởng.",
        ("Danh sách các cháu.xlsx",), outcome="completed",
        reason="Danh sách thiếu lớp và thành tích của từng cháu. Đề nghị bổ sung hai cột này.",
        more={"kind": "honour_children", "pupils": 38, "gifts": 38, "value": 11_400_000},
    ),
    Deed(
        "15/06–30/06", "reform", "Rút gọn 3 biểu mẫu thủ tục đoàn ra, đoàn vào",
        "Bỏ 11 trường thông tin trùng lặp, cho phép gửi trực tuyến.",
        ("Biểu mẫu mới.docx",), (4, 3),
    ),
    Deed(
        "20/07–31/07", "policy_document",
        "Xây dựng Đề án nâng cao năng lực ngoại ngữ cho cán bộ giai đoạn 2026 - 2030",
        "Đã trình, được lãnh đạo Bộ cho ý kiến tại cuộc họp tháng 7.",
        ("Dự thảo Đề án.docx",), (2, 1),
        more={
            "kind": "scheme", "number": "", "issuer": "Bộ minh họa", "issued_on": None,
            "about": "nâng cao năng lực ngoại ngữ cho cán bộ giai đoạn 2026 - 2030",
            "status": "built",
        },
    ),
    Deed(
        "20/10", "cultured_lifestyle", "Kiểm tra điều lệnh, nếp sống văn hóa 4 lượt",
        "Kết hợp kiểm tra tác phong lễ tân khi đón đoàn khách.",
        ("Biên bản kiểm tra điều lệnh.pdf",), (8, 4),
    ),
    Deed(
        "03/08–28/08", "coordination",
        "Phối hợp 3 bộ, ngành chuẩn bị 6 đoàn công tác đúng nghi thức",
        "Không có sai sót về chương trình, tài liệu và phiên dịch.",
        ("Thư cảm ơn.pdf",),
    ),
    Deed(
        "15/08", "mass_organization", "Tổ chức cuộc thi hùng biện tiếng Anh cho đoàn viên",
        "Có 24 thí sinh của 7 đơn vị tham gia, truyền trực tiếp trong nội bộ.",
        ("Thể lệ cuộc thi.pdf", "Ảnh chung kết.jpg"), more={"organization": "youth_union"},
    ),
    Deed(
        "01/07–30/09", "advisory", "Tham mưu 4 báo cáo kết quả hợp tác quý III và 9 tháng",
        "Gửi đúng hạn, số liệu khớp với đơn vị tổng hợp.",
        ("Danh mục báo cáo quý III.xlsx",), (1, 4),
    ),
    Deed(
        "07/10", "advanced_model", "Nhân rộng mô hình “Mỗi tuần một chuyên đề ngoại ngữ”",
        "Mô hình được 3 đơn vị trong Cụm áp dụng.",
        ("Báo cáo mô hình.pdf",), (11, 1),
        more={
            "kind": "practice", "name": "Mô hình “Mỗi tuần một chuyên đề ngoại ngữ”",
            "replicated": True,
        },
    ),
    Deed(
        "16/11", "emulation_work", "Tổ chức đợt thi đua nước rút hoàn thành chỉ tiêu năm 2026",
        "Phát động từ ngày 01/10, sơ kết ngày 13/11.",
        ("Báo cáo sơ kết đợt thi đua.pdf",), (12, 1), outcome="submitted",
    ),
)

C = (
    Deed(
        "05/01–30/06", "advisory", "Tham mưu 6 báo cáo công tác pháp chế đúng hạn",
        "Gồm 4 báo cáo định kỳ và 2 báo cáo chuyên đề.",
        ("Danh mục báo cáo pháp chế.xlsx",), (1, 6),
    ),
    Deed(
        "26/01", "policy_document", "Tham mưu ban hành Kế hoạch rà soát văn bản năm 2026",
        "Phân công 14 đơn vị rà soát 186 văn bản.",
        ("Kế hoạch rà soát.pdf",), (2, 1),
        more={
            "kind": "plan", "number": "09/KH-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("26/01"), "about": "rà soát văn bản năm 2026", "status": "issued",
        },
    ),
    Deed(
        "09/03–20/03", "force_building", "Tập huấn kỹ năng soạn thảo văn bản cho 85 cán bộ",
        "Hai lớp, mỗi lớp 3 ngày, có bài thực hành theo thể thức mới.",
        ("Chương trình tập huấn.docx", "Danh sách học viên.xlsx"), (6, 2),
    ),
    Deed(
        "04/05–30/06", "community", "Tổ chức 10 buổi phổ biến pháp luật cho nhân dân ở cơ sở",
        "Nội dung: cư trú, phòng cháy, an toàn giao thông; phát 2.000 tờ rơi.",
        ("Kế hoạch phổ biến pháp luật.pdf", "Ảnh phổ biến pháp luật.jpg"), (9, 10),
        more={"kind": "legal_outreach", "sessions": 10, "participants": 1450},
    ),
    Deed(
        "25/05–12/06", "parliament",
        "Tham mưu trả lời 12 kiến nghị của cử tri gửi đến sau kỳ họp thứ 1 Quốc hội khóa XVI",
        "Các kiến nghị về thủ tục hành chính; không có kiến nghị quá hạn.",
        ("Bảng trả lời kiến nghị.xlsx",), (3, 12),
        more={"term": 16, "sessions": "1", "voter_petition": True, "petitions": 12},
    ),
    Deed(
        "15/06–30/06", "policy_document", "Hoàn thành Báo cáo kết quả rà soát văn bản",
        "Đề nghị thay thế 23, bãi bỏ 9 văn bản.",
        ("Báo cáo rà soát.pdf", "Phụ lục rà soát.xlsx"), (2, 1),
        more={
            "kind": "report", "number": "41/BC-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("30/06"), "about": "kết quả rà soát văn bản năm 2026",
            "status": "completed",
        },
    ),
    Deed(
        "06/07–31/07", "reform", "Đơn giản hóa 3 thủ tục hành chính nội bộ",
        "Cắt giảm 30% thời gian giải quyết.",
        ("Phương án đơn giản hóa.docx",), (4, 3),
    ),
    Deed(
        "10/08–21/08", "parliament", "Chuẩn bị tài liệu phục vụ 2 phiên giám sát chuyên đề",
        "Tài liệu gửi trước 5 ngày làm việc theo yêu cầu.",
        ("Danh mục tài liệu.pdf",),
        more={"term": 16, "sessions": "2", "supervision": True, "interpellation": True},
    ),
    Deed(
        "07/09", "initiative", "Áp dụng sáng kiến sổ tay hỏi đáp pháp luật bỏ túi",
        "In 1.500 cuốn, có mã tra cứu bản điện tử.",
        ("Quyết định công nhận.pdf", "Bìa sổ tay.png"), (5, 1),
    ),
    Deed(
        "21/09–30/09", "policy_document", "Xây dựng Đề án tủ sách pháp luật điện tử",
        "Hoàn thành dự thảo lần 2, đã lấy ý kiến các đơn vị.",
        ("Dự thảo Đề án tủ sách.docx",), (2, 1), outcome="completed",
        reason="Chưa có văn bản giao nhiệm vụ xây dựng Đề án. Đề nghị bổ sung.",
        more={
            "kind": "scheme", "number": "", "issuer": "Bộ minh họa", "issued_on": None,
            "about": "tủ sách pháp luật điện tử", "status": "built",
        },
    ),
    Deed(
        "12/10", "advanced_model", "Biểu dương gương nhặt được của rơi, trả lại người mất",
        "Trả lại ví có giấy tờ và tiền cho người dân, được cảm ơn bằng thư.",
        ("Thư cảm ơn của người dân.pdf",), (11, 1),
        more={"kind": "good_deed", "name": "Trung úy Lê Văn I"},
    ),
    Deed(
        "15/10", "mass_organization", "Tổ chức hội thi nữ cán bộ tìm hiểu pháp luật",
        "Có 12 đội thi, 300 khán giả.",
        ("Kế hoạch hội thi.pdf",), more={"organization": "women_union"},
    ),
    Deed(
        "01/10–30/10", "emulation_work", "Tổ chức đợt thi đua rà soát văn bản đúng hạn",
        "Khen thưởng 4 tập thể, 12 cá nhân.",
        ("Quyết định khen thưởng.pdf",), (12, 1),
    ),
    Deed(
        "02/11–06/11", "coordination",
        "Phối hợp 5 địa phương tháo gỡ vướng mắc trong áp dụng văn bản mới",
        "Trả lời 27 câu hỏi, đăng tải bộ hỏi đáp dùng chung.",
        ("Bộ hỏi đáp.docx",), outcome="submitted",
    ),
    Deed(
        "19/10", "cultured_lifestyle", "Kiểm tra điều lệnh, nếp sống văn hóa 6 lượt",
        "Kiểm tra tại 6 phòng, kết quả tốt.",
        ("Biên bản kiểm tra điều lệnh.pdf",), (8, 6), outcome="rejected",
        reason="Biên bản ghi ngày 18/11/2025, không thuộc thời gian của kỳ thi đua năm 2026.",
    ),
)  # fmt: skip
