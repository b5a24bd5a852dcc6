"""Part II of the report: what was achieved, from the achievements that were verified."""

from collections.abc import Sequence

from clusters.models import Unit
from clusters.vietnamese import format_number, list_letters
from emulation import community
from emulation.models import Achievement, AdvancedModel, Category, PolicyStatus
from reports.content import Block, BulletList, Paragraph, Section
from reports.summary import tables, words
from reports.summary.facts import Facts
from reports.summary.headings import numbered
from reports.summary.tables import Numbering

# So many results of a unit are named under one heading; the others are counted.
NAMED = 6
# So many texts of the whole cluster are named in the sentence; the table has them all.
SPELLED = 6
STATUS = {
    PolicyStatus.ISSUED: "được ban hành",
    PolicyStatus.COMPLETED: "đã hoàn thành",
    PolicyStatus.BUILT: "đã xây dựng",
}
KINDS = {
    AdvancedModel.Kind.COLLECTIVE: "tập thể điển hình",
    AdvancedModel.Kind.INDIVIDUAL: "cá nhân điển hình",
    AdvancedModel.Kind.GOOD_DEED: "gương người tốt, việc tốt",
    AdvancedModel.Kind.PRACTICE: "mô hình mới",
}


def part(facts: Facts, numbering: Numbering) -> Section:
    """Return part II."""
    awards = facts.of(Category.EMULATION_WORK)
    lifestyle = (Category.FORCE_BUILDING, Category.CULTURED_LIFESTYLE)
    return Section(
        "II.",
        "KẾT QUẢ THỰC HIỆN PHONG TRÀO THI ĐUA",
        sections=(
            Section("1.", "Thực hiện nhiệm vụ chính trị", sections=_political(facts, numbering)),
            *numbered(
                (
                    (
                        "Công tác xây dựng Đảng, xây dựng lực lượng; nếp sống văn hóa",
                        _told(facts, facts.of(*lifestyle), "xây dựng lực lượng, nếp sống văn hóa"),
                    ),
                    (
                        "Hoạt động của các tổ chức quần chúng; hoạt động vì cộng đồng",
                        _community(facts, numbering),
                    ),
                    (
                        "Phát hiện, nhân rộng điển hình tiên tiến, gương người tốt, việc tốt",
                        _models(facts),
                    ),
                    ("Công tác khen thưởng", _told(facts, awards, "công tác thi đua, khen thưởng")),
                ),
                empty=facts.silence,
                is_sourced=facts.is_sourced,
                first=2,
            ),
        ),
    )


def _political(facts: Facts, numbering: Numbering) -> tuple[Section, ...]:
    """Return the points a), b), c) and, where there is something to say, d)."""
    advice = facts.of(Category.ADVISORY, Category.COORDINATION)
    renewal = facts.of(Category.REFORM, Category.INITIATIVE)
    points: list[tuple[str, tuple[Block, ...]]] = [
        (
            "Nắm, đánh giá tình hình và tham mưu",
            _told(
                facts, advice, "tham mưu, phối hợp giải quyết vụ việc",
                lead="Trong thực hiện nhiệm vụ chính trị, các đơn vị đã",
            ),
        ),
        ("Xây dựng, hoàn thành các văn bản, đề án", _documents(facts, numbering)),
        ("Phục vụ hoạt động của Quốc hội", _parliament(facts)),
    ]  # fmt: skip
    if renewal:
        told = _told(facts, renewal, "cải cách hành chính, chuyển đổi số, sáng kiến")
        points.append(("Cải cách hành chính, chuyển đổi số; sáng kiến, nghiên cứu khoa học", told))
    return tuple(
        Section(f"{list_letters(at)})", title, blocks or (facts.silence,))
        for at, (title, blocks) in enumerate(points, 1)
    )


def _told(
    facts: Facts, rows: Sequence[Achievement], noun: str, *, lead: str = "Các đơn vị đã"
) -> tuple[Block, ...]:
    """Return what the whole cluster did as a sentence, then the results of the units as a list."""
    found: list[Block] = []
    if whole := [row for row in rows if row.unit is None]:
        text = words.continued([row.title for row in whole])
        found.append(Paragraph(f"{lead} {text}.", facts.codes(whole)))
    if own := [row for row in rows if row.unit]:
        found += [
            Paragraph(f"Trong năm, các đơn vị có {len(own)} kết quả {noun} được công nhận:"),
            _by_unit(own),
        ]
    return tuple(found)


def _by_unit(rows: Sequence[Achievement]) -> BulletList:
    """Return the results of each unit as one point."""
    titles: dict[Unit, list[str]] = {}
    for row in rows:
        assert row.unit
        titles.setdefault(row.unit, []).append(row.title)
    return BulletList(
        tuple(
            f"{unit}: {words.listed(found, NAMED)}{';' if at < len(titles) else '.'}"
            for at, (unit, found) in enumerate(titles.items(), 1)
        )
    )


def _documents(facts: Facts, numbering: Numbering) -> tuple[Block, ...]:
    """Return the texts in a sentence and in a table."""
    rows = [row for row in facts.of(Category.POLICY_DOCUMENT) if hasattr(row, "policy_document")]
    if not rows:
        return ()
    at = numbering.table()
    whole = [row for row in rows if row.unit is None]
    text = _spelled(whole) if whole and len(whole) == len(rows) <= SPELLED else _counted(rows)
    return (
        Paragraph(f"{text}. Danh mục được tổng hợp tại Bảng {at}.", facts.codes(rows)),
        tables.documents(at, facts.season.year, rows),
    )


def _spelled(rows: Sequence[Achievement]) -> str:
    """Return the texts by name, those completed first."""
    verbs = {
        PolicyStatus.ISSUED: "tham mưu ban hành",
        PolicyStatus.COMPLETED: "hoàn thành",
        PolicyStatus.BUILT: "xây dựng",
    }
    parts = []
    for status, verb in verbs.items():
        texts = [row.policy_document for row in rows if row.policy_document.status == status]
        if texts:
            parts.append(f"{verb} {'; '.join(tables.document_name(text) for text in texts)}")
    return f"Các đơn vị đã {'; '.join(parts)}"


def _counted(rows: Sequence[Achievement]) -> str:
    """Return how many texts there are and how far they came."""
    states = [row.policy_document.status for row in rows]
    parts = [f"{states.count(s)} văn bản {verb}" for s, verb in STATUS.items() if s in states]
    return f"Các đơn vị có {len(rows)} văn bản, đề án được công nhận, gồm {', '.join(parts)}"


def _parliament(facts: Facts) -> tuple[Block, ...]:
    """Return the service to the National Assembly with the number of petitions answered."""
    rows = facts.of(Category.PARLIAMENT)
    petitions = sum(
        row.parliament.petitions or 0 for row in rows if row.unit and hasattr(row, "parliament")
    )
    noun = "phục vụ Quốc hội"
    if petitions:
        noun += f", trả lời {format_number(petitions)} kiến nghị của cử tri,"
    return _told(facts, rows, noun)


def _community(facts: Facts, numbering: Numbering) -> tuple[Block, ...]:
    """Return mass organisations, then the community: in words, and in figures by unit."""
    unions = facts.of(Category.MASS_ORGANIZATION)
    rows = facts.of(Category.COMMUNITY)
    found: list[Block] = list(_told(facts, unions, "của tổ chức quần chúng")) if unions else []
    for row in [row for row in rows if row.unit is None]:
        parts = [part for part in facts.achievements if part.parent_id == row.pk]
        text = words.continued([row.title])
        if parts:
            text += f" với các hoạt động {words.continued([part.title for part in parts])}"
        found.append(Paragraph(f"Các đơn vị đã {text}.", facts.codes([row, *parts])))
    if counted := with_figures(facts):
        at = numbering.table()
        sums = community_words(community_totals(facts))
        found += [
            Paragraph(f"Trong hoạt động vì cộng đồng, các đơn vị đã {sums} (Bảng {at})."),
            tables.community(at, facts.season.year, counted),
        ]
    return tuple(found)


def with_figures(facts: Facts) -> list[Achievement]:
    """Return the community activities for which something was counted."""
    return [
        row
        for row in facts.achievements
        if row.category == Category.COMMUNITY
        and hasattr(row, "community")
        and community.has_figures(community.figures_of(row.community))
    ]


def community_totals(facts: Facts) -> dict[str, int]:
    """Return the sum of each quantity over the whole cluster."""
    found = community.sums(community.figures_of(row.community) for row in with_figures(facts))
    return {name: number or 0 for name, number in found.items()}


def community_words(sums: dict[str, int]) -> str:
    """Return the quantities as the rest of a sentence; what was not counted is left out."""
    text = {name: format_number(number) for name, number in sums.items() if number}
    with_people = f" với {text['participants']} lượt người dự" if "participants" in text else ""
    worth = f" trị giá {text['value']} đồng" if "value" in text else ""
    parts = (
        ("sessions", f"tổ chức {text.get('sessions')} buổi{with_people}"),
        ("families", f"thăm hỏi {text.get('families')} gia đình"),
        ("gifts", f"tặng {text.get('gifts')} suất quà{worth}"),
        ("pupils", f"tuyên dương, động viên {text.get('pupils')} cháu"),
    )
    said = [part for name, part in parts if name in text]
    return "; ".join(said) or "tổ chức các hoạt động"


def models(facts: Facts) -> list[Achievement]:
    """Return the advanced models."""
    return [row for row in facts.of(Category.ADVANCED_MODEL) if hasattr(row, "advanced_model")]


def _models(facts: Facts) -> tuple[Block, ...]:
    """Return how many models of each kind were found, and how many spread."""
    rows = models(facts)
    if not rows:
        return ()
    kinds = [row.advanced_model.kind for row in rows]
    parts = [f"{kinds.count(kind)} {noun}" for kind, noun in KINDS.items() if kind in kinds]
    spread = sum(row.advanced_model.is_replicated for row in rows)
    end = f"; {spread} điển hình, mô hình đã được nhân rộng" if spread else ""
    text = f"Trong năm, các đơn vị đã phát hiện, giới thiệu {', '.join(parts)}{end}."
    return (Paragraph(f"{text} Danh mục tại phụ lục kèm theo.", facts.codes(rows)),)
