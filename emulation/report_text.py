"""The words of a drafted periodic report. Pure; Vietnamese only, like every document.

What is to be told arrives as facts; the unit edits what stands here before it sends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from clusters.vietnamese import format_number

# So many results of a kind are named; the others are counted.
NAMED = 30
NOTHING = "Trong kỳ chưa có kết quả nào được ghi nhận."
# Figure of a community activity: (before the number, after it).
FIGURES = {
    "sessions": ("", " buổi"),
    "participants": ("", " lượt người dự"),
    "families": ("thăm ", " gia đình"),
    "gifts": ("tặng ", " suất quà"),
    "value": ("trị giá ", " đồng"),
    "pupils": ("tuyên dương, động viên ", " cháu"),
}


@dataclass(frozen=True)
class Result:
    """One achievement as a report names it; `quantity` with its measure, "" for none."""

    title: str
    day: date | None
    quantity: str = ""


@dataclass(frozen=True)
class Group:
    """The achievements of one category, with the sums of what was counted in it."""

    name: str
    results: Sequence[Result]
    sums: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """A target of the pledge: reached within the period, and by its end since the year began.

    `gone` is the per cent of the year over by then, None where no pace is judged.
    """

    text: str
    measure: str
    planned: Decimal
    within: Decimal
    so_far: Decimal
    is_less: bool = False
    gone: int | None = None

    @property
    def percent(self) -> int | None:
        """Reached in per cent of planned, None where nothing was planned."""
        return int(self.so_far * 100 / self.planned) if self.planned else None

    @property
    def is_behind(self) -> bool:
        """Less of what should grow than the time gone by asks; more of what should stay low."""
        if self.is_less:
            return self.so_far > self.planned
        return (
            self.gone is not None and self.so_far < self.planned and (self.percent or 0) < self.gone
        )


@dataclass(frozen=True)
class Push:
    """A drive that runs in the period or begins after it; `told` is what the unit reported."""

    name: str
    starts_on: date
    ends_on: date
    number: int = 0
    told: str = ""


@dataclass(frozen=True)
class Material:
    """All that a period holds for a report of one unit."""

    groups: Sequence[Group] = ()
    targets: Sequence[Progress] = ()
    drives: Sequence[Push] = ()
    coming: Sequence[Push] = ()
    returned: int = 0


@dataclass(frozen=True)
class Draft:
    """The three parts of a report."""

    results: str
    shortcomings: str
    tasks: str


def compose(material: Material) -> Draft:
    """Return the draft of a report."""
    return Draft(_results(material), _shortcomings(material), _tasks(material))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(" .;")


def _line(result: Result) -> str:
    extra = ", ".join(part for part in (result.quantity, _day(result.day)) if part)
    return f"- {_bare(result.title)}{f' ({extra})' if extra else ''}."


def sums_text(sums: dict[str, int]) -> str:
    """Return sums of community work as a list: "3 buổi, thăm 12 gia đình, trị giá 5.000 đồng"."""
    return ", ".join(
        f"{before}{format_number(sums[name])}{after}"
        for name, (before, after) in FIGURES.items()
        if sums.get(name)
    )


def _group(number: int, group: Group) -> list[str]:
    total = len(group.results)
    counted = sums_text(group.sums)
    lines = [f"{number}. {group.name}: {total} việc{f'; {counted}' if counted else ''}."]
    lines += [_line(result) for result in group.results[:NAMED]]
    if total > NAMED:
        lines.append(f"- Và {total - NAMED} việc khác.")
    return lines


def _progress(row: Progress) -> str:
    measure = row.measure
    share = f" ({row.percent}%)" if row.percent is not None and not row.is_less else ""
    reached = f"{format_number(row.so_far)}/{format_number(row.planned)} {measure}{share}"
    return (
        f"- {_bare(row.text)}: trong kỳ {format_number(row.within)} {measure};"
        f" từ đầu năm {reached}."
    )


def _push(row: Push) -> str:
    days = f"từ {_day(row.starts_on)} đến {_day(row.ends_on)}"
    number = f": {row.number} thành tích" if row.number else ""
    told = f" {_bare(row.told)}." if row.told else ""
    return f"- {_bare(row.name)} ({days}){number}.{told}"


def _results(material: Material) -> str:
    blocks = [_group(number, group) for number, group in enumerate(material.groups, 1)]
    if not blocks:
        blocks.append([NOTHING])
    if material.targets:
        blocks.append(["Chỉ tiêu giao ước:", *map(_progress, material.targets)])
    if material.drives:
        blocks.append(["Đợt thi đua, phong trào:", *map(_push, material.drives)])
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _shortcomings(material: Material) -> str:
    lines = []
    for row in material.targets:
        if not row.is_behind:
            continue
        reached = f"{format_number(row.so_far)}/{format_number(row.planned)} {row.measure}"
        if row.is_less:
            lines.append(f"- {_bare(row.text)}: {reached}, vượt mức giao ước.")
        else:
            lines.append(
                f"- {_bare(row.text)}: {reached} ({row.percent or 0}%), chậm so với thời gian"
                f" đã qua ({row.gone}%)."
            )
    if material.returned:
        lines.append(f"- {material.returned} thành tích bị trả lại, chưa bổ sung xong.")
    return "\n".join(lines)


def _tasks(material: Material) -> str:
    lines = [
        f"- {_bare(row.text)}: còn {format_number(row.planned - row.so_far)} {row.measure}"
        " để đạt giao ước."
        for row in material.targets
        if not row.is_less and row.so_far < row.planned
    ]
    lines += [f"- Tham gia {_bare(row.name)}, từ {_day(row.starts_on)}." for row in material.coming]
    return "\n".join(lines)
