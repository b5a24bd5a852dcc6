"""A season as a summary report (domain.md §5.5): rows in, content out, in Vietnamese.

Nothing is said that no row says. A heading without rows says so; a season that retells a text says
nothing without the source of it in the margin.
"""

from datetime import datetime
from decimal import Decimal

from django.utils import translation

from emulation.models import Season
from reports.content import (
    ZONE,
    Head,
    Paragraph,
    Plain,
    Signature,
    SummaryReport,
)
from reports.summary import annexes, fairness, judgement, leadership, results, words
from reports.summary.facts import Facts, read
from reports.summary.tables import Numbering


def summary_report(
    season: Season, *, created: datetime, with_fairness: bool = False
) -> SummaryReport:
    """Return the report of a season as it stands now; `created` is printed nowhere.

    The number of queries does not depend on how much the season holds.
    """
    with translation.override("vi"):
        further = fairness.part(season) if with_fairness else []
        return _report(read(season, on=created.astimezone(ZONE).date()), created, further)


def _report(found: Facts, created: datetime, further: list[annexes.Part]) -> SummaryReport:
    season, cluster = found.season, found.season.cluster
    numbering = Numbering()
    opening = _opening(found)
    sections = (
        leadership.part(found, numbering),
        results.part(found, numbering),
        judgement.assessment(found),
        judgement.order(found, numbering),
        judgement.outlook(found),
    )
    closing, signed = _closing(found), _signature(found)
    what = f"phong trào thi đua “{season.movement}” năm {season.year}"
    day = words.day_text(found.conference.held_on if found.conference else None, season.year)
    number = f"…/BC-{cluster.code}"
    enclosed = (f"(Kèm theo Báo cáo số {number} {day}", f"của {cluster.name})")
    where = annexes.places(opening, sections, closing)
    return SummaryReport(
        head=Head(cluster.level.upper(), cluster.name.upper(), number, f"{cluster.place}, {day}"),
        title=f"Báo cáo tổng kết {what} của {cluster.name}",
        abstract=(
            f"Tổng kết {what}",
            f"và phương hướng, nhiệm vụ năm {season.year + 1} của {cluster.name}",
        ),
        author=cluster.name,
        created=created,
        opening=opening,
        sections=sections,
        closing=closing,
        signature=signed,
        recipients=(
            f"Lãnh đạo {cluster.level} (để báo cáo);",
            "Cơ quan thường trực thi đua, khen thưởng (để báo cáo);",
            f"Các đơn vị thành viên {cluster.name};",
            "Lưu: VT.",
        ),
        annexes=annexes.annexes(found, enclosed, where, signed, further),
        notice=" ".join(season.illustration.split()),
        description=f"Báo cáo tại Hội nghị tổng kết {what}",
        keywords=("thi đua", "khen thưởng", "tổng kết", str(season.year)),
        figures=_figures(found),
    )


def _opening(found: Facts) -> tuple[Paragraph, ...]:
    """Return the day of the figures, who the cluster is, and what the report is about."""
    season, name = found.season, found.cluster_name
    paragraphs: list[Paragraph] = []
    if day := season.figures_on(found.on):
        text = f"(Số liệu tính đến ngày {words.short_day(day)})"
        paragraphs.append(Paragraph(text, style="center"))
    if not found.is_sourced and found.units:
        text = f"{name} thuộc {season.cluster.block}, gồm {len(found.units)} đơn vị thành viên"
        if term := found.term:
            text += f"; Cụm trưởng năm {season.year} là {term.head}"
            text += f", Cụm phó là {term.deputy}" if term.deputy else ""
        paragraphs.append(Paragraph(f"{text}."))
    pledge = f"Thực hiện giao ước thi đua năm {season.year}, " if found.pledge else ""
    text = (
        f"{pledge}{name} báo cáo kết quả phong trào “{season.movement}” và phương hướng, nhiệm vụ "
        f"năm {season.year + 1} như sau:"
    )
    codes = found.codes([found.pledge]) if found.pledge else ()
    return (*paragraphs, Paragraph(text, codes))


def _closing(found: Facts) -> Paragraph:
    """Return the last paragraph, with who gave the concluding speech."""
    season, conference = found.season, found.conference
    text = (
        f"Trên đây là Báo cáo tổng kết phong trào thi đua “{season.movement}” năm {season.year} và "
        f"phương hướng, nhiệm vụ năm {season.year + 1} của {found.cluster_name}"
    )
    if conference is None or not (conference.conclusion and conference.concluded_by):
        return Paragraph(f"{text}./.")
    text += f". Phát biểu kết luận Hội nghị: {conference.concluded_by}"
    return Paragraph(f"{text}./.", found.codes([conference]))


def _signature(found: Facts) -> Signature:
    """Return the head of the cluster, by the name with which its leader signed the pledge."""
    posts = (f"TM. {found.cluster_name.upper()}", "CỤM TRƯỞNG")
    head = found.term.head_id if found.term else None
    row = next((row for row in found.signatures if row.unit_id == head), None)
    if row is None:
        return Signature(posts)
    return Signature(posts, " ".join(filter(None, (row.rank, row.signer))))


def _figures(found: Facts) -> tuple[tuple[str, Plain], ...]:
    """Return the numbers of the report for machines."""
    categories: dict[str, int] = {}
    for row in found.achievements:
        categories[row.category] = categories.get(row.category, 0) + 1
    order: tuple[Plain, ...] = tuple(
        (line.rank, line.unit.code, line.verified.total) for line in found.ranked
    )
    targets: tuple[Plain, ...] = tuple(
        (row.target.text, row.target.measure, row.target.planned, Decimal(row.reached))
        for row in found.targets
    )
    nominations: tuple[Plain, ...] = tuple(
        (row.award.code, row.unit.code if row.unit else None) for row in found.nominations
    )
    return (
        ("season", found.season.slug),
        ("year", str(found.season.year)),
        ("units", len(found.units)),
        ("launched", sum(row.unit is not None for row in found.launches)),
        ("achievements", len(found.achievements)),
        ("achievements_by_category", tuple(categories.items())),
        ("community", tuple(results.community_totals(found).items())),
        ("standings", order),
        ("targets", targets),
        ("nominations", nominations),
    )
