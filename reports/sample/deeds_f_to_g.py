"""Achievements of the made-up units F and G. Everyday work, unclassified, all of it invented."""

from reports.sample.deeds import Deed, day

F = (
    Deed(
        "05/01–30/06", "advisory", "Tham mưu 4 báo cáo công tác tiếp công dân, giải quyết đơn",
        "Tiếp 126 lượt công dân, không để phát sinh đơn vượt cấp.",
        ("Danh mục báo cáo 6 tháng.xlsx",), (1, 4),
    ),
    Deed(
        "02/02", "policy_document", "Tham mưu ban hành Kế hoạch thanh tra, kiểm tra năm 2026",
        "Giảm 4 cuộc trùng lặp so với dự kiến ban đầu.",
        ("Kế hoạch kiểm tra.pdf",), (2, 1),
        more={
            "kind": "plan", "number": "10/KH-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("02/02"), "about": "thanh tra, kiểm tra năm 2026", "status": "issued",
        },
    ),
    Deed(
        "16/03–27/03", "force_building", "Tập huấn kỹ năng tiếp công dân cho 60 cán bộ",
        "Hai lớp, có tình huống thực hành và đánh giá chéo.",
        ("Giáo án tập huấn.docx", "Danh sách học viên.xlsx"), (6, 2),
    ),
    Deed(
        "11/05–22/05", "cultured_lifestyle", "Kiểm tra điều lệnh, nếp sống văn hóa 4 lượt",
        "Chủ trì đoàn kiểm tra chéo của Cụm tại 2 đơn vị.",
        ("Biên bản kiểm tra.pdf",), (8, 4),
    ),
    Deed(
        "08/06–12/06", "parliament",
        "Tham mưu trả lời 6 kiến nghị của cử tri về giải quyết đơn thư",
        "Trả lời bằng văn bản, gửi đúng hạn.",
        ("Tổng hợp trả lời.pdf",), (3, 6),
        more={"term": 16, "sessions": "1", "voter_petition": True, "petitions": 6},
    ),
    Deed(
        "15/07", "reform", "Đưa 3 biểu mẫu tiếp công dân lên môi trường số",
        "Công dân đặt lịch trực tuyến, tra cứu kết quả bằng mã.",
        ("Ảnh chụp biểu mẫu.png",), (4, 3),
    ),
    Deed(
        "24/07", "community", "Thăm, tặng quà 40 gia đình chính sách",
        "Mỗi suất quà 500 nghìn đồng.",
        ("Danh sách gia đình chính sách.xlsx",), (10, 40),
        more={"kind": "gift", "families": 40, "gifts": 40, "value": 20_000_000},
    ),
    Deed(
        "19/08", "mass_organization", "Phụ nữ đơn vị nhận đỡ đầu 5 cháu mồ côi",
        "Mỗi cháu được hỗ trợ 500 nghìn đồng một tháng đến hết năm học.",
        ("Quyết định đỡ đầu.pdf", "Ảnh trao học bổng.jpg"), more={"organization": "women_union"},
    ),
    Deed(
        "01/07–30/09", "advisory", "Tham mưu 5 báo cáo quý III và chuyên đề",
        "Hai báo cáo chuyên đề về cải tiến nơi tiếp công dân.",
        ("Danh mục báo cáo quý III.xlsx",), (1, 5),
    ),
    Deed(
        "21/09–25/09", "community", "Phổ biến pháp luật về khiếu nại, tố cáo tại 4 phường",
        "Bốn buổi, phát 800 tờ gấp.",
        ("Kế hoạch phổ biến.pdf", "Ảnh buổi phổ biến.jpg"), (9, 4),
        more={"kind": "legal_outreach", "sessions": 4, "participants": 540},
    ),
    Deed(
        "12/10", "advanced_model", "Giới thiệu Tổ tiếp công dân tận tình, đúng hẹn",
        "Chín tháng không có phản ánh về thái độ tiếp công dân.",
        ("Báo cáo điển hình.docx",), (11, 1), outcome="under_review",
        more={"kind": "collective", "name": "Tổ tiếp công dân, Đơn vị mẫu F"},
    ),
    Deed(
        "01/09–31/10", "emulation_work", "Tổ chức đợt thi đua “Tận tình, đúng hẹn”",
        "Bình chọn 3 cán bộ tiếp công dân tiêu biểu.",
        ("Kế hoạch đợt thi đua.pdf", "Kết quả bình chọn.xlsx"), (12, 1), outcome="submitted",
    ),
    Deed(
        "26/10", "initiative", "Áp dụng sáng kiến sổ theo dõi đơn thư dùng chung",
        "Đang áp dụng ở 2 phòng.",
        ("Thuyết minh sáng kiến.docx",), (5, 1), outcome="rejected",
        reason="Trùng nội dung với sáng kiến đã được công nhận năm 2025 của cùng đơn vị.",
    ),
)

G = (
    Deed(
        "05/01–30/06", "advisory", "Tham mưu 5 báo cáo kết quả phong trào ở cơ sở",
        "Báo cáo có số liệu của 48 xã, phường trọng điểm.",
        ("Danh mục báo cáo phong trào.xlsx",), (1, 5),
    ),
    Deed(
        "02/03–31/03", "community", "Tổ chức 5 buổi tuyên truyền phòng ngừa lừa đảo qua mạng",
        "Phối hợp nhà trường và tổ dân phố, phát 1.200 tờ rơi.",
        ("Kế hoạch tuyên truyền.pdf", "Ảnh tuyên truyền.jpg"), (9, 5),
        more={"kind": "legal_outreach", "sessions": 5, "participants": 930},
    ),
    Deed(
        "06/04–10/04", "force_building", "Tập huấn kỹ năng vận động quần chúng cho 90 cán bộ",
        "Hai lớp tại hai khu vực.",
        ("Kế hoạch tập huấn.pdf",), (6, 2),
    ),
    Deed(
        "25/05", "policy_document", "Hoàn thành Báo cáo 5 năm xây dựng phong trào ở cơ sở",
        "Tổng hợp từ 63 báo cáo của địa phương.",
        ("Báo cáo 5 năm.pdf", "Phụ lục số liệu.xlsx"), (2, 1),
        more={
            "kind": "report", "number": "33/BC-BMH", "issuer": "Bộ minh họa",
            "issued_on": day("25/05"), "about": "5 năm xây dựng phong trào ở cơ sở",
            "status": "completed",
        },
    ),
    Deed(
        "13/07–17/07", "reform", "Rút gọn 2 biểu mẫu báo cáo của cơ sở",
        "Bỏ 18 chỉ tiêu không còn dùng.",
        ("Biểu mẫu mới.xlsx",), (4, 2),
    ),
    Deed(
        "22/07–24/07", "community", "Thăm, tặng quà 30 gia đình chính sách",
        "Đợt 1, mỗi suất quà 700 nghìn đồng.",
        ("Danh sách đợt 1.xlsx", "Ảnh tặng quà.jpg"), (10, 30),
        more={"kind": "gift", "families": 30, "gifts": 30, "value": 21_000_000},
    ),
    Deed(
        "17/08–28/08", "advanced_model", "Nhân rộng mô hình “Tổ dân phố không tiếng ồn sau 22 giờ”",
        "Mô hình được 11 phường áp dụng.",
        ("Báo cáo mô hình.docx", "Ảnh mô hình.jpg"), (11, 1),
        more={
            "kind": "practice", "name": "Mô hình “Tổ dân phố không tiếng ồn sau 22 giờ”",
            "replicated": True,
        },
    ),
    Deed(
        "05/10–16/10", "community", "Tổ chức 4 buổi tuyên truyền an toàn giao thông cho học sinh",
        "Bốn trường, có phần thi tìm hiểu.",
        ("Kế hoạch ngoại khóa.pdf",), (9, 4), outcome="returned",
        reason="Thiếu xác nhận của 2 trong 4 trường. Đề nghị bổ sung xác nhận hoặc sửa số buổi.",
        more={"kind": "legal_outreach", "sessions": 4, "participants": 760},
    ),
    Deed(
        "26/10–30/10", "advisory", "Tham mưu 4 báo cáo quý III và 9 tháng",
        "Gửi đúng hạn.",
        ("Danh mục báo cáo quý III.xlsx",), (1, 4), outcome="submitted",
    ),
    Deed(
        "02/11–06/11", "community", "Thăm, tặng quà 25 gia đình có hoàn cảnh đặc biệt khó khăn",
        "Đợt 2, mỗi suất quà 700 nghìn đồng.",
        ("Danh sách đợt 2.xlsx",), (10, 25), outcome="submitted",
        more={"kind": "gift", "families": 25, "gifts": 25, "value": 17_500_000},
    ),
    Deed(
        "09/11", "cultured_lifestyle", "Kiểm tra điều lệnh, nếp sống văn hóa 3 lượt",
        "Kiểm tra đột xuất buổi sáng tại 6 phòng.",
        (), (8, 3), outcome="draft",
    ),
    Deed(
        "12/11", "initiative", "Áp dụng sáng kiến bản tin phong trào hằng tuần",
        "", (), None, outcome="draft",
    ),
)  # fmt: skip
