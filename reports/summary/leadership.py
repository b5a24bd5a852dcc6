"""Part I of the report: leadership, pledge and launch, the work of the cluster."""

from awards.models import Remark
from emulation.models import AssessmentKind
from reports.content import Block, BulletList, Paragraph, Section
from reports.summary import tables, words
from reports.summary.facts import Facts
from reports.summary.headings import numbered
from reports.summary.tables import Numbering

SPOKEN = (Remark.Kind.DISCUSSION, Remark.Kind.ADDITION)


def part(facts: Facts, numbering: Numbering) -> Section:
    """Return part I."""
    return Section(
        "I.",
        "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TỔ CHỨC PHONG TRÀO",
        sections=numbered(
            (
                ("Công tác lãnh đạo, chỉ đạo", facts.said(AssessmentKind.LEADERSHIP)),
                (
                    "Ký kết giao ước, phát động phong trào thi đua",
                    (*_pledge(facts), *_launches(facts, numbering), *_drives(facts, numbering)),
                ),
                ("Hoạt động của Cụm", _activity(facts)),
            ),
            empty=facts.no_text,
            is_sourced=facts.is_sourced,
        ),
    )


def _pledge(facts: Facts) -> tuple[Block, ...]:
    """Return when and by how many leaders the pledge was signed, where rows say so."""
    pledge = facts.pledge
    if pledge is None or pledge.signed_on is None:
        return ()
    place = f", tại {pledge.place}" if pledge.place else ""
    signed = f"{len(facts.signatures)}/{len(facts.units)} đơn vị đã ký"
    count = f" với {len(facts.targets)} chỉ tiêu chung" if facts.targets else ""
    day = words.day_text(pledge.signed_on, facts.season.year)
    text = f"{words.upper_first(day)}{place}, lãnh đạo {signed} giao ước thi đua{count}."
    return (Paragraph(text, facts.codes([pledge])),)


def _launches(facts: Facts, numbering: Numbering) -> tuple[Block, ...]:
    """Return what all units did, then who launched with which slogan."""
    found: list[Block] = [
        Paragraph(words.sentence(row.plan), facts.codes([row]))
        for row in facts.launches
        if row.unit is None and row.plan
    ]
    rows = [row for row in facts.launches if row.unit]
    if not rows:
        return tuple(found)
    at = numbering.table()
    launched = {row.unit_id for row in rows}
    missing = [unit.short_name for unit in facts.units if unit.pk not in launched]
    late = f" Chưa ghi nhận việc phát động của {', '.join(missing)}." if missing else ""
    found += [
        Paragraph(
            f"Có {len(rows)}/{len(facts.units)} đơn vị đã phát động phong trào thi đua "
            f"“{facts.season.movement}”, mỗi đơn vị gắn với một khẩu hiệu hành động (Bảng {at})."
            f"{late}"
        ),
        tables.launches(at, rows),
    ]
    return tuple(found)


def _drives(facts: Facts, numbering: Numbering) -> tuple[Block, ...]:
    """Return the movements and drives of the year as a table."""
    if not facts.drives:
        return ()
    at, number = numbering.table(), len(facts.drives)
    text = f"Trong năm, Cụm tổ chức {number} phong trào, đợt thi đua (Bảng {at})."
    year = facts.season.year
    return (Paragraph(text), tables.drives(at, year, facts.drives, len(facts.units)))


def _activity(facts: Facts) -> tuple[Block, ...]:
    """Return what the cluster did in the year and at its conference."""
    return (*facts.said(AssessmentKind.ACTIVITY), *_conference(facts))


def _conference(facts: Facts) -> tuple[Block, ...]:
    """Return the facts of the conference, and what was said there."""
    spoken = [row for row in facts.remarks if row.kind in SPOKEN]
    told = [row for row in spoken if row.source]
    if told:
        text = " ".join(words.sentence(row.text) for row in told)
        return (Paragraph(text, facts.codes(told)),)
    conference = facts.conference
    if conference is None or conference.held_on is None:
        return ()
    place = f", tại {conference.place}" if conference.place else ""
    led = f", do {conference.chaired_by} chủ trì" if conference.chaired_by else ""
    day = words.day_text(conference.held_on, facts.season.year)
    found: list[Block] = [Paragraph(f"Hội nghị tổng kết được tổ chức {day}{place}{led}.")]
    if spoken:
        added = [row for row in spoken if row.kind == Remark.Kind.ADDITION]
        more = f", trong đó bổ sung {len(added)} kết quả" if added else ""
        end = ":" if added else "."
        found.append(Paragraph(f"Tại Hội nghị có {len(spoken)} ý kiến phát biểu{more}{end}"))
        found += [BulletList(tuple(spoken_line(row) for row in added))] if added else []
    return tuple(found)


def spoken_line(row: Remark) -> str:
    """Return a remark with who made it."""
    who = str(row.unit or row.speaker)
    return f"{who}: {words.lower_first(words.bare(row.text))}." if who else words.sentence(row.text)
