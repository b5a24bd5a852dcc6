"""Hand-made reports for the tests of the renderer: a usual one, a long one, a hostile one."""

# ruff: noqa: E501 - prose

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from reports.content import (
    UNKNOWN,
    ZONE,
    Annex,
    Bar,
    BulletList,
    Cell,
    Chart,
    Column,
    Figure,
    Head,
    Paragraph,
    Row,
    Section,
    Signature,
    Source,
    Sources,
    SummaryReport,
    Table,
    center,
    left,
    number,
    row_head,
)

CREATED = datetime(2017, 12, 5, 8, tzinfo=ZONE)
ENCLOSED = ("(Kèm theo Báo cáo số …/BC-CTĐ1 ngày … tháng … năm 2017", "của Cụm thi đua số 1)")
NOTICE = "Dữ liệu minh họa: tên “Đơn vị mẫu A…G”, biểu đồ và bảng điểm không phải số liệu thật."
SCORES = ("103.25", "99.50", "93.75", "92.00", "87.00", "83.75", "79.50")
UNITS = tuple(f"Đơn vị mẫu {letter}" for letter in "ABCDEFG")

DOCUMENTS = Table(
    anchor="bang-1",
    caption="Bảng 1. Văn bản, đề án tham mưu, xây dựng trong năm 2017",
    columns=(
        Column("STT", 7),
        Column("Tên văn bản, đề án", 45),
        Column("Loại, cấp ban hành", 20),
        Column("Số, ngày ban hành", 13),
        Column("Kết quả", 15),
    ),
    rows=tuple(
        Row((center(i), row_head(name), left(kind), center(UNKNOWN), center("Hoàn thành")))
        for i, (name, kind) in enumerate(
            (
                (
                    "Tăng cường bảo đảm an ninh, trật tự trong tình hình mới",
                    "Chỉ thị của Thủ tướng Chính phủ",
                ),
                (
                    "Công tác phòng, chống tội phạm và vi phạm pháp luật năm 2017",
                    "Báo cáo của Chính phủ",
                ),
                (
                    "Kết quả thực hiện Nghị quyết số 63 của Quốc hội về tăng cường các biện pháp "
                    "đấu tranh phòng, chống tội phạm năm 2017",
                    "Báo cáo",
                ),
                (
                    "“Tăng cường năng lực tham mưu chiến lược về bảo vệ an ninh quốc gia trong "
                    "tình hình mới”",
                    "Đề án của Chính phủ",
                ),
            ),
            start=1,
        )
    ),
)

TARGETS = Table(
    anchor="bang-chi-tieu",
    columns=(
        Column("STT", 5),
        Column("Nội dung, chỉ tiêu", 43),
        Column("Đơn vị tính", 10),
        Column("Giao ước", 10, group="Kết quả năm 2017"),
        Column("Thực hiện", 10, group="Kết quả năm 2017"),
        Column("Tỷ lệ (%)", 10, group="Kết quả năm 2017"),
        Column("Đánh giá", 12),
    ),
    rows=(
        Row(
            (
                center(1),
                row_head("Tham mưu, báo cáo Trung ương, Chính phủ"),
                center("báo cáo"),
                number(1200),
                number(1264),
                number(Decimal("105.33"), 2),
                center("Vượt"),
            )
        ),
        Row(
            (
                center(2),
                row_head("Tuyên truyền, phổ biến pháp luật cho nhân dân"),
                center("buổi"),
                number(UNKNOWN),
                number(UNKNOWN),
                number(UNKNOWN),
                center(UNKNOWN),
            )
        ),
    ),
)


def score_table(units: int = 7) -> Table:
    """Return the landscape table of scores: two rows for each unit, 24 columns."""
    criteria = {
        "A. Nhiệm vụ chính trị (60)": (
            "A1\n(15)",
            "A2\n(15)",
            *(f"A{i}\n(8)" for i in range(3, 7)),
        ),
        "B. Xây dựng Đảng, lực lượng (20)": tuple(f"B{i}\n(6)" for i in range(1, 5)),
        "C. Thi đua, khen thưởng (20)": tuple(f"C{i}\n(3)" for i in range(1, 7)),
    }
    columns = [Column("STT", Decimal("3.57")), Column("Đơn vị", Decimal("9.52"))]
    columns.append(Column("Cách chấm", Decimal("7.54")))
    for group, titles in criteria.items():
        for title in titles:
            width = "3.97" if "15" in title else "3.37"
            columns.append(Column(title, Decimal(width), group=group))
    for title, width in (("D\n(10)", "3.77"), ("E\n(−15)", "4.17"), ("Tổng", "5.36")):
        columns.append(Column(title, Decimal(width)))
    columns += [Column("Xếp hạng", Decimal("4.37")), Column("Xếp loại", Decimal("6.55"))]
    rows = []
    for i in range(units):
        name = f"Đơn vị mẫu {'ABCDEFG'[i % 7]}"
        marks = (number(Decimal("14.75"), 2),) * 2 + (number(Decimal("7.5"), 2),) * 14
        end = (number(Decimal(6), 2), number(Decimal("-0.5"), 2), number(Decimal("103.25"), 2))
        rows.append(
            Row(
                (
                    center(i + 1, rows=2),
                    row_head(name, rows=2),
                    center("Tự chấm"),
                    *marks,
                    *end,
                    center(i + 1, rows=2),
                    center("Xuất sắc", rows=2),
                ),
                keep=True,
            )
        )
        rows.append(Row((center("Thẩm định"), *marks, *end), strong=True))
    return Table(
        anchor="bang-diem",
        columns=tuple(columns),
        rows=tuple(rows),
        note="Ghi chú: A1 tham mưu chiến lược; A2 đề án, chỉ thị, nghị quyết; D điểm thưởng; E điểm "
        "trừ. Số trong ngoặc là điểm tối đa. Xếp hạng theo tổng điểm thẩm định; xếp loại: Xuất sắc "
        "từ 90 điểm, Tốt từ 80 điểm.",
        tight=True,
    )


def chart(highlight: int = 3) -> Chart:
    """Return the scores of seven sample units."""
    return Chart(
        title="Biểu đồ cột ngang, dữ liệu minh họa: tổng điểm thi đua của bảy đơn vị mẫu",
        bars=tuple(Bar(unit, Decimal(s)) for unit, s in zip(UNITS, SCORES, strict=True)),
        unit="điểm",
        highlight=highlight,
    )


SECTIONS = (
    Section(
        "I.",
        "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TỔ CHỨC PHONG TRÀO THI ĐUA",
        sections=(
            Section(
                "1.",
                "Công tác lãnh đạo, chỉ đạo",
                (
                    Paragraph(
                        "Năm 2017, Cụm thi đua đã đề ra nhiều biện pháp, đổi mới hình thức, nội dung "
                        "phát động thi đua. Thường trực Cụm đã ban hành … kế hoạch, … văn bản hướng "
                        "dẫn các đơn vị thành viên tổ chức thực hiện.",
                        ("T18",),
                    ),
                ),
            ),
            Section(
                "2.",
                "Ký kết giao ước, phát động phong trào thi đua",
                (
                    Paragraph(
                        "Trên cơ sở giao ước thi đua năm 2017 đã ký kết, các đơn vị trong Cụm đã phát "
                        "động phong trào thi đua “Vì an ninh Tổ quốc” ở đơn vị mình gắn với các khẩu "
                        "hiệu hành động cụ thể; có …/… đơn vị phát động đúng thời gian đã giao ước.",
                        ("T02",),
                    ),
                ),
            ),
            Section(
                "3.",
                "Hoạt động của Cụm",
                (
                    Paragraph(
                        "Trong năm, Cụm tổ chức … cuộc họp, … đợt kiểm tra chéo việc thực hiện giao "
                        "ước thi đua. Tại Hội nghị tổng kết, các đơn vị đã phát biểu thảo luận, đánh "
                        "giá, bổ sung những kết quả nổi bật của từng đơn vị.",
                        ("T09", "T21"),
                    ),
                ),
            ),
        ),
    ),
    Section(
        "II.",
        "KẾT QUẢ THỰC HIỆN PHONG TRÀO THI ĐUA",
        sections=(
            Section(
                "1.",
                "Thực hiện nhiệm vụ chính trị",
                sections=(
                    Section(
                        "a)",
                        "Nắm, đánh giá tình hình và tham mưu",
                        (
                            Paragraph(
                                "Trong thực hiện nhiệm vụ chính trị, các đơn vị đã chủ động nắm, đánh "
                                "giá tình hình và tham mưu lãnh đạo Bộ báo cáo Trung ương, Chính phủ; "
                                "phối hợp các ban, bộ, ngành, địa phương chỉ đạo giải quyết các vụ "
                                "việc nổi, phức tạp về an ninh, trật tự.",
                                ("T10", "T11"),
                            ),
                        ),
                    ),
                    Section(
                        "b)",
                        "Xây dựng, hoàn thành các văn bản, đề án",
                        (
                            Paragraph(
                                "Các đơn vị đã hoàn thành Chỉ thị của Thủ tướng Chính phủ về tăng "
                                "cường bảo đảm an ninh, trật tự trong tình hình mới; Báo cáo của Chính "
                                "phủ về công tác phòng, chống tội phạm và vi phạm pháp luật năm 2017; "
                                "báo cáo kết quả thực hiện Nghị quyết số 63 của Quốc hội về tăng cường "
                                "các biện pháp đấu tranh phòng, chống tội phạm năm 2017. Danh mục văn "
                                "bản, đề án được tổng hợp tại Bảng 1.",
                                ("T12", "T13", "T14", "T15"),
                            ),
                            DOCUMENTS,
                        ),
                    ),
                    Section(
                        "c)",
                        "Phục vụ hoạt động của Quốc hội",
                        (
                            Paragraph(
                                "Các đơn vị đã phục vụ hiệu quả, kịp thời hoạt động giám sát chuyên "
                                "đề, chất vấn, trả lời chất vấn và kiến nghị của cử tri tại các kỳ họp "
                                "thứ 2, 3, 4 Quốc hội khóa XIV.",
                                ("T16",),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
    Section(
        "III.",
        "ĐÁNH GIÁ CHUNG",
        sections=(
            Section("1.", "Ưu điểm", (Paragraph("Năm 2017, Cụm đã đề ra nhiều biện pháp."),)),
            Section("2.", "Tồn tại, hạn chế", (Paragraph(UNKNOWN),)),
        ),
    ),
    Section(
        "IV.",
        "KẾT QUẢ CHẤM ĐIỂM, BÌNH XÉT, SUY TÔN",
        sections=(
            Section(
                "1.",
                "Kết quả chấm điểm",
                (
                    Paragraph(
                        "Điểm thi đua của các đơn vị được chấm theo giao ước và thang điểm đã thống "
                        "nhất trong Cụm. Hình 1 trình bày kết quả trên số liệu giả định."
                    ),
                    Figure("hinh-1", "Hình 1. Tổng điểm thi đua của các đơn vị", chart()),
                ),
            ),
        ),
    ),
    Section(
        "V.",
        "PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2018",
        sections=(
            Section(
                "1.",
                "Nhiệm vụ trọng tâm",
                (
                    BulletList(
                        (
                            "Tổ chức ký kết giao ước thi đua năm 2018; phát động phong trào thi đua “Vì "
                            "an ninh Tổ quốc” gắn với khẩu hiệu hành động của từng đơn vị.",
                            "Tiếp tục chủ động nắm, đánh giá tình hình, tham mưu lãnh đạo Bộ báo cáo "
                            "Trung ương, Chính phủ; phối hợp các ban, bộ, ngành, địa phương.",
                            "Cụm trưởng năm 2018: …; Cụm phó: ….",
                        )
                    ),
                ),
            ),
        ),
    ),
)
SOURCES = Sources(
    tuple(
        Source(
            code=f"T{i:02}",
            place="II.1.b" if i % 3 else "Mở đầu",
            quote="“phát động phong trào thi đua “Vì ANTQ” ở đơn vị mình gắn với các khẩu hiệu hành "
            "động cụ thể”",
            correction="“Vì ANTQ” viết đủ: “Vì an ninh Tổ quốc”" if i % 4 == 2 else "",
        )
        for i in range(1, 24)
    )
)
CLOSING = Paragraph(
    "Trên đây là Báo cáo tổng kết phong trào thi đua “Vì an ninh Tổ quốc” năm 2017 và phương hướng, "
    "nhiệm vụ năm 2018 của Cụm thi đua số 1, đã được tiếp thu ý kiến thảo luận của các đơn vị và phát "
    "biểu kết luận Hội nghị của Thiếu tướng Hoàng Tiến Hiểu, Phó Chánh Văn phòng Bộ Công an./.",
    ("T17",),
)


def usual() -> SummaryReport:
    """Return a report like the one of 2017: all kinds of blocks, two annexes and the scores."""
    return SummaryReport(
        head=Head(
            "BỘ CÔNG AN",
            "CỤM THI ĐUA SỐ 1",
            "…/BC-CTĐ1",
            "Hà Nội, ngày … tháng … năm 2017",
        ),
        title="Báo cáo tổng kết phong trào thi đua “Vì an ninh Tổ quốc” năm 2017 của Cụm thi đua số 1",
        abstract=(
            "Tổng kết phong trào thi đua “Vì an ninh Tổ quốc” năm 2017",
            "và phương hướng, nhiệm vụ năm 2018 của Cụm thi đua số 1",
        ),
        author="Cụm thi đua số 1",
        description="Báo cáo tại Hội nghị tổng kết phong trào thi đua năm 2017",
        keywords=("thi đua", "khen thưởng", "tổng kết", "2017"),
        created=CREATED,
        notice=NOTICE,
        opening=(
            Paragraph(
                "Thực hiện giao ước thi đua năm 2017, các đơn vị trong Cụm thi đua số 1 đã phát động "
                "phong trào thi đua “Vì an ninh Tổ quốc” ở đơn vị mình, gắn với các khẩu hiệu hành "
                "động cụ thể. Cụm thi đua số 1 báo cáo kết quả phong trào thi đua năm 2017 và phương "
                "hướng, nhiệm vụ năm 2018 như sau:",
                ("T01",),
            ),
        ),
        sections=SECTIONS,
        closing=CLOSING,
        signature=Signature(("TM. CỤM THI ĐUA SỐ 1", "CỤM TRƯỞNG")),
        recipients=(
            "Lãnh đạo Bộ Công an (để báo cáo);",
            "Cục Công tác chính trị (để báo cáo);",
            "Các đơn vị thành viên Cụm thi đua số 1;",
            "Lưu: VT, ….",
        ),
        annexes=(
            Annex(
                "I",
                "NGUỒN CỦA TỪNG NỘI DUNG TRONG BÁO CÁO",
                ENCLOSED,
                (
                    Paragraph(
                        "Mã ở lề trái của Báo cáo dẫn tới dòng cùng mã trong bảng dưới đây. Cột “Đính "
                        "chính” ghi chỗ Báo cáo đã sửa so với tài liệu nguồn."
                    ),
                    SOURCES,
                ),
            ),
            Annex(
                "II",
                "BẢNG TỔNG HỢP THỰC HIỆN CHỈ TIÊU GIAO ƯỚC THI ĐUA NĂM 2017",
                ENCLOSED,
                (TARGETS,),
                wide=True,
            ),
            Annex(
                "III",
                "BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM 2017",
                ("(Kèm theo Báo cáo số …/BC-CTĐ1 ngày … tháng … năm 2017 của Cụm thi đua số 1)",),
                (score_table(),),
                wide=True,
                signatures=(
                    Signature(("NGƯỜI LẬP BẢNG",), "Nguyễn Văn A", "(Ký, ghi rõ họ tên)"),
                    Signature(("THƯ KÝ CỤM",), "Trần Thị B", "(Ký, ghi rõ họ tên)"),
                    Signature(("TM. CỤM THI ĐUA SỐ 1", "CỤM TRƯỞNG"), "Lê Văn C"),
                ),
            ),
        ),
        figures=(("Số đơn vị", 7), ("Tổng điểm cao nhất", Decimal("103.25")), ("Chủ trì", UNKNOWN)),
    )


def long() -> SummaryReport:
    """Return a report with a table of 60 rows, two upright annexes, scores on two wide pages."""
    rows = tuple(
        Row(
            (
                center(i),
                row_head(f"Tuyên truyền, phổ biến pháp luật, đợt {i}"),
                left("Phối hợp với các tổ chức quần chúng"),
                number(1000 + i),
                number(Decimal(i) / 4, 2),
            )
        )
        for i in range(1, 61)
    )
    total = Row(
        (Cell(""), row_head("Tổng cộng"), left(""), number(61830), number(Decimal("457.5"), 2)),
        strong=True,
    )
    table = Table(
        anchor="bang-dai",
        caption="Bảng 2. Hoạt động vì cộng đồng",
        columns=(
            Column("STT", 7),
            Column("Hoạt động", 40),
            Column("Nội dung", 25),
            Column("Số lượt", 12, group="Kết quả"),
            Column("Giá trị\n(triệu đồng)", 16, group="Kết quả"),
        ),
        rows=(*rows, total),
        note="Ghi chú: số liệu giả định.",
    )
    report = usual()
    sections = (
        *report.sections,
        Section("VI.", "BẢNG DÀI", (Paragraph("Số liệu tại Bảng 2."), table)),
    )
    wide = report.annexes[2]
    short = replace(table, anchor="bang-dai-2", rows=rows[:40])
    return replace(
        report,
        sections=sections,
        annexes=(
            report.annexes[0],
            replace(report.annexes[0], number="II", blocks=(short,)),
            replace(report.annexes[1], number="III"),
            replace(wide, number="IV", blocks=(score_table(14),)),
        ),
    )


HOSTILE = (
    '<img src="http://198.51.100.1/x.png"><img src="file:///etc/passwd">',
    "<style>@import url(https://198.51.100.1/a.css);</style><link rel=attachment href=file:///etc>",
    '"><a href="file:///etc/hostname">x</a><script>alert(1)</script>{{ report }}{% debug %}',
    "\u0338 onclick=x a\u0301 Việt Nam".replace("Việt", "Vie\u0323\u0302t"),
    "nối\u200bliền\u202eđảo\x00\x07 chữ lạ: ☐ 漢 😀 ﬁ ½ № Ǹ Đ\u0335",
    "W" * 10_000,
)


def hostile() -> SummaryReport:
    """Return a report whose every text was typed by somebody who means harm."""
    report = usual()
    blocks = tuple(Paragraph(text) for text in HOSTILE)
    table = Table(
        anchor="bang-x",
        caption=HOSTILE[0],
        columns=(Column(HOSTILE[2], 50), Column("Số", 50)),
        rows=tuple(Row((row_head(text), center("W" * 300))) for text in HOSTILE[:5]),
        note=HOSTILE[1],
    )
    drawn = Chart(HOSTILE[2], tuple(Bar(text, i - 2) for i, text in enumerate(HOSTILE)), HOSTILE[0])
    return replace(
        report,
        head=Head(*HOSTILE[:4]),
        title=HOSTILE[2] + HOSTILE[3],
        author=HOSTILE[3],
        notice=HOSTILE[4],
        sections=(
            Section(
                HOSTILE[0],
                HOSTILE[2],
                (*blocks, BulletList(HOSTILE[:5]), table, Figure("h", "x", drawn)),
            ),
        ),
        recipients=HOSTILE[:4],
        signature=Signature((HOSTILE[0],), HOSTILE[3]),
    )
