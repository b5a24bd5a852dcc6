"""Parts III to V of the report: the assessment, the order of the units, the year to come."""

from awards.models import Nomination, Remark
from emulation.models import AssessmentKind
from reports.content import Bar, Block, BulletList, Chart, Figure, Paragraph, Section
from reports.content import paragraphs as as_paragraphs
from reports.summary import tables, words
from reports.summary.facts import Facts
from reports.summary.headings import Titled, numbered
from reports.summary.leadership import spoken_line
from reports.summary.tables import Numbering

LEADING = 3


def assessment(facts: Facts) -> Section:
    """Return part III. Where nobody wrote about shortcomings, missed targets are named."""
    kinds = (
        ("Ưu điểm", AssessmentKind.STRENGTH),
        ("Tồn tại, hạn chế", AssessmentKind.SHORTCOMING),
        ("Nguyên nhân", AssessmentKind.CAUSE),
        ("Bài học kinh nghiệm", AssessmentKind.LESSON),
    )

    found = [(title, _assessed(facts, kind)) for title, kind in kinds]
    sections = numbered(found, empty=facts.no_text, is_sourced=facts.is_sourced)
    return Section("III.", "ĐÁNH GIÁ CHUNG", sections=sections)


def _assessed(facts: Facts, kind: AssessmentKind) -> tuple[Block, ...]:
    """Return what was written, or the missed targets in place of unwritten shortcomings."""
    is_shortcoming = kind == AssessmentKind.SHORTCOMING
    return facts.said(kind) or (missed(facts) if is_shortcoming else ())


def missed(facts: Facts) -> tuple[Paragraph, ...]:
    """Return the targets that were not reached as a sentence, or nothing."""
    rows = [row.target.text for row in facts.targets if not row.is_met]
    if not rows:
        return ()
    return (
        Paragraph(
            f"Còn {len(rows)}/{len(facts.targets)} chỉ tiêu giao ước chưa đạt: "
            f"{words.continued(rows)}."
        ),
    )


def order(facts: Facts, numbering: Numbering) -> Section:
    """Return part IV: scores with table and chart, then what the conference decided."""
    return Section(
        "IV.",
        "KẾT QUẢ CHẤM ĐIỂM, BÌNH XÉT, SUY TÔN",
        sections=numbered(
            (
                ("Kết quả chấm điểm", _scores(facts, numbering)),
                ("Kết quả bình xét, suy tôn", _chosen(facts, numbering)),
            ),
            empty=facts.silence,
            is_sourced=facts.is_sourced,
        ),
    )


def _scores(facts: Facts, numbering: Numbering) -> tuple[Block, ...]:
    """Return the order of the units as text, table and chart."""
    ranked = facts.ranked
    if not ranked or facts.season.scheme is None:
        return ()
    at, drawn = numbering.table(), numbering.figure()
    scheme = words.lower_first(facts.season.scheme.name)
    text = (
        f"Điểm thi đua của các đơn vị được chấm theo {scheme}. "
        f"Đã thẩm định xong điểm của {len(ranked)}/{len(facts.units)} đơn vị; kết quả tại "
        f"Bảng {at} và Hình {drawn}."
    )
    chart = Chart(
        title=f"Biểu đồ cột ngang: tổng điểm thi đua năm {facts.season.year} của các đơn vị",
        bars=tuple(Bar(str(line.unit), line.verified.total) for line in ranked),
        unit="điểm",
        highlight=min(LEADING, len(ranked)),
    )
    shown = f"; {len(ranked[:LEADING])} đơn vị dẫn đầu tô đậm" if len(ranked) > LEADING else ""
    return (
        Paragraph(text),
        tables.ranks(at, facts.season.year, facts.standings),
        Figure(f"hinh-{drawn}", f"Hình {drawn}. Tổng điểm thi đua của các đơn vị{shown}", chart),
    )


def _chosen(facts: Facts, numbering: Numbering) -> tuple[Block, ...]:
    """Return what was said in the review, and the table of units proposed for an award."""
    rows = [row for row in facts.remarks if row.kind == Remark.Kind.REVIEW]
    nameless = [row for row in facts.nominations if row.unit is None]
    found: list[Block] = []
    for row in rows:
        text = words.sentence(row.text) if row.source else spoken_line(row)
        found.append(Paragraph(text, facts.codes([row, *(nameless if row.source else ())])))
    if named := [row for row in facts.nominations if row.unit]:
        at = numbering.table()
        found += [
            Paragraph(f"Cụm đề nghị tặng thưởng {len(named)} lượt tập thể (Bảng {at})."),
            tables.nominations(at, facts.season.year, named, facts.standings),
        ]
    return tuple(found)


def outlook(facts: Facts) -> Section:
    """Return part V."""
    year = facts.season.year + 1
    found: list[Titled] = [
        ("Phương hướng", _direction(facts)),
        ("Nhiệm vụ trọng tâm", _tasks(facts)),
        ("Kiến nghị, đề xuất", _proposals(facts)),
    ]
    # What a source says of the conclusion stands under the headings already.
    conference = facts.conference
    if conference and conference.conclusion and not facts.is_sourced:
        told = as_paragraphs(conference.conclusion)
        found.append(("Kết luận Hội nghị", told))
    sections = numbered(found, empty=facts.no_text, is_sourced=facts.is_sourced)
    return Section("V.", f"PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM {year}", sections=sections)


def _direction(facts: Facts) -> tuple[Block, ...]:
    """Return the direction, and what the units called on their people to do."""
    calls = [row for row in facts.remarks if row.kind == Remark.Kind.CALL]
    told = tuple(Paragraph(words.sentence(row.text), facts.codes([row])) for row in calls)
    return (*facts.said(AssessmentKind.DIRECTION), *told)


def _tasks(facts: Facts) -> tuple[Block, ...]:
    """Return the tasks, as a list where no source has to stand beside them, and who leads next."""
    said = facts.said(AssessmentKind.TASK)
    items = [paragraph.text for paragraph in said]
    if term := facts.next_term:
        deputy = f"; Cụm phó: {term.deputy}" if term.deputy else ""
        items.append(f"Cụm trưởng năm {term.year}: {term.head}{deputy}.")
    if any(paragraph.source_codes for paragraph in said):
        return (*said, *(Paragraph(text) for text in items[len(said) :]))
    return (BulletList(tuple(items)),) if items else ()


def _proposals(facts: Facts) -> tuple[Block, ...]:
    """Return what is asked of the standing body, with the awards."""
    return (*facts.said(AssessmentKind.PROPOSAL), *_asked(facts.cluster_name, facts))


def _asked(cluster: str, facts: Facts) -> tuple[Block, ...]:
    rows = facts.nominations
    if not rows:
        return ()
    awards = ", ".join(dict.fromkeys(f"“{row.award.name}”" for row in rows))
    text = f"{cluster} đề nghị cấp có thẩm quyền xem xét, tặng {awards} cho {_whom(rows)}."
    return (Paragraph(text, facts.codes(rows)),)


def _whom(rows: list[Nomination]) -> str:
    """Return for whom an award is asked."""
    if all(row.unit for row in rows):
        return "các tập thể có tên trong danh sách kèm theo"
    return "những đơn vị được bình xét, lựa chọn tại Hội nghị"
