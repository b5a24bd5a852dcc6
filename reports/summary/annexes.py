"""The annexes: sources, scores, nominations, targets, advanced models; each only if it has rows."""

from django.utils import timezone

from clusters.vietnamese import roman
from reports.content import UNKNOWN, Annex, Block, Paragraph, Section, Signature, Source, Sources
from reports.summary import results, score_table, tables, words
from reports.summary.facts import Facts

WHOLE = "Toàn văn"


def annexes(
    facts: Facts,
    enclosed: tuple[str, ...],
    places: dict[str, str],
    signed: Signature,
    further: "list[Part]",
) -> tuple[Annex, ...]:
    """Return the annexes with running numbers; `places` say where each source code stands.

    `further` are those that somebody asked for, before the corrections.
    """
    found = [
        *_sources(facts, places), *_scores(facts, signed), *_nominations(facts),
        *_targets(facts), *_models(facts), *further, *_corrections(facts),
    ]  # fmt: skip
    one_line = (" ".join(enclosed),)
    return tuple(
        Annex(roman(at), title, one_line if wide else enclosed, blocks, wide, signatures)
        for at, (title, blocks, wide, signatures) in enumerate(found, 1)
    )


Part = tuple[str, tuple[Block, ...], bool, tuple[Signature, ...]]


def _sources(facts: Facts, places: dict[str, str]) -> list[Part]:
    if not facts.sources:
        return []
    rows = tuple(
        Source(row.code, places.get(row.code, WHOLE), f"“{row.quote}”", row.correction)
        for row in facts.sources
    )
    intro = Paragraph(
        "Mã ở lề trái của Báo cáo dẫn tới dòng cùng mã trong bảng dưới đây. Cột “Đính chính” ghi "
        "chỗ Báo cáo đã sửa so với tài liệu nguồn."
    )
    return [("NGUỒN CỦA TỪNG NỘI DUNG TRONG BÁO CÁO", (intro, Sources(rows)), False, ())]


def _scores(facts: Facts, signed: Signature) -> list[Part]:
    if not facts.sheets or not facts.criteria:
        return []
    secretary = facts.conference.secretary if facts.conference else ""
    hint = "(Ký, ghi rõ họ tên)"
    signatures = (
        Signature(("NGƯỜI LẬP BẢNG",), hint=hint),
        Signature(("THƯ KÝ CỤM",), secretary or UNKNOWN, hint),
        signed,
    )
    title = f"BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM {facts.season.year}"
    return [(title, (score_table.table(facts),), True, signatures)]


def _nominations(facts: Facts) -> list[Part]:
    rows = [row for row in facts.nominations if row.unit]
    title = f"DANH SÁCH TẬP THỂ ĐỀ NGHỊ KHEN THƯỞNG NĂM {facts.season.year}"
    return [(title, (tables.nominees(rows),), False, ())] if rows else []


def _targets(facts: Facts) -> list[Part]:
    year = facts.season.year
    title = f"BẢNG TỔNG HỢP THỰC HIỆN CHỈ TIÊU GIAO ƯỚC THI ĐUA NĂM {year}"
    rows = facts.targets
    return [(title, (tables.targets(year, rows),), True, ())] if rows else []


def _models(facts: Facts) -> list[Part]:
    rows = results.models(facts)
    title = f"DANH MỤC ĐIỂN HÌNH TIÊN TIẾN NĂM {facts.season.year}"
    return [(title, (tables.models(rows),), False, ())] if rows else []


def _corrections(facts: Facts) -> list[Part]:
    """Return what was corrected beside what is closed: the last words of the report."""
    if not facts.corrections or facts.season.closed_at is None:
        return []
    day = words.short_day(timezone.localdate(facts.season.closed_at))
    intro = Paragraph(
        f"Kỳ thi đua năm {facts.season.year} chốt ngày {day}. Số liệu, nội dung trong Báo cáo giữ "
        "như khi chốt; chỗ sai phát hiện sau đó được đính chính như sau:"
    )
    return [("ĐÍNH CHÍNH SAU KHI CHỐT", (intro, tables.corrections(facts.corrections)), False, ())]


def places(
    opening: tuple[Paragraph, ...], sections: tuple[Section, ...], closing: Paragraph
) -> dict[str, str]:
    """Return under which headings each source code stands: {"T18": "I.1, III.1"}."""
    found: dict[str, list[str]] = {}

    def note(blocks: tuple[Block, ...], place: str) -> None:
        for block in blocks:
            for code in block.source_codes if isinstance(block, Paragraph) else ():
                if place not in found.setdefault(code, []):
                    found[code].append(place)

    def walk(section: Section, above: str) -> None:
        place = f"{above}{section.number.rstrip('.)')}"
        note(section.blocks, place)
        for inner in section.sections:
            walk(inner, f"{place}.")

    note(opening, "Mở đầu")
    for section in sections:
        walk(section, "")
    note((closing,), "Lời kết")
    return {code: ", ".join(where) for code, where in found.items()}
