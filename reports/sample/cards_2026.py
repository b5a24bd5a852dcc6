"""What the made-up advanced models tell other units: problem, steps, result, whom to ask."""

# Name of the model, as its achievement has it.
CARDS = {
    "Mô hình “Mỗi tuần một chuyên đề ngoại ngữ”": {
        "problem": "Cán bộ học ngoại ngữ rời rạc, ít dịp dùng, sau khóa học vài tháng là quên.",
        "steps": (
            "Mỗi thứ Sáu dành 45 phút cho một chuyên đề gắn với việc đang làm.\n"
            "Mỗi tuần một người chuẩn bị, đổi lượt; tài liệu một trang, gửi trước hai ngày.\n"
            "Cuối quý có buổi hỏi đáp với khách mời."
        ),
        "result": "Sau chín tháng có 38 chuyên đề; 21 cán bộ tự trao đổi được bằng ngoại ngữ.",
        "contact": "Đội đào tạo, Đơn vị mẫu B, máy 204",
    },
    "Mô hình “Tổ dân phố không tiếng ồn sau 22 giờ”": {
        "problem": "Phản ánh về tiếng ồn ban đêm chiếm gần nửa số cuộc gọi của người dân.",
        "steps": (
            "Cùng tổ dân phố lấy ý kiến, ghi cam kết giờ yên tĩnh vào quy ước.\n"
            "Lập nhóm liên lạc gồm tổ trưởng, chủ hàng quán và cảnh sát khu vực.\n"
            "Nhắc trực tiếp trong 15 phút; lần thứ ba mới lập biên bản."
        ),
        "result": "Số phản ánh về tiếng ồn của 11 phường giảm 62 % so với cùng kỳ.",
        "contact": "Đội phong trào, Đơn vị mẫu G, máy 715",
    },
    "Nhóm nghiên cứu trẻ, Đơn vị mẫu D": {
        "problem": "Người trẻ ít được chủ trì đề tài, đề tài chậm vì thiếu người viết.",
        "steps": (
            "Giao mỗi đề tài cho một người dưới 35 tuổi chủ trì, một người có kinh nghiệm kèm.\n"
            "Họp 30 phút mỗi sáng thứ Hai, chỉ nói việc vướng."
        ),
        "result": "Hai đề tài nghiệm thu trước hạn; một đề tài được áp dụng ngay.",
        "contact": "Phòng quản lý khoa học, Đơn vị mẫu D, máy 410",
    },
}
