"""The annex that says on one page what the order hangs on; only for those who ask for it."""

from decimal import Decimal

from emulation.models import Season
from reports import laboratory
from reports.content import Column, Paragraph, Row, Table, left, row_head
from reports.summary.annexes import Part

COLUMNS = (
    Column("Nội dung kiểm định", Decimal(22)),
    Column("Kết quả", Decimal(36)),
    Column("Cách hiểu", Decimal(42)),
)


def part(season: Season) -> list[Part]:
    """Return the annex, or nothing before two units are appraised."""
    found = laboratory.read(season)
    if found.ranked < 2:
        return []
    intro = Paragraph(
        f"Tính trên điểm thẩm định của {found.ranked}/{found.units} đơn vị, để hội nghị tham khảo "
        "trước khi bình xét. Mỗi dòng là một lời nhắc, không phải kết luận về đơn vị nào."
    )
    rows = tuple(
        Row((row_head(check.title), left(check.finding), left(check.meaning)))
        for check in found.checks
    )
    table = Table(anchor="bang-kiem-dinh", columns=COLUMNS, rows=rows)
    return [("KIỂM ĐỊNH CÔNG BẰNG", (intro, table), False, ())]
