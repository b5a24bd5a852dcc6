"""The tables of the report. Each takes rows and returns content; none invents a number."""

from collections.abc import Sequence

from django.utils import timezone

from awards.models import Nomination
from clusters.models import Unit
from emulation import community as add_up
from emulation import ranking
from emulation.models import (
    Achievement,
    AdvancedModel,
    Correction,
    Direction,
    Drive,
    Launch,
    PolicyDocument,
    PolicyKind,
)
from emulation.standings import TargetProgress, UnitTotals
from reports.content import Column, Row, Table, center, left, number, row_head
from reports.summary import words

NONE = "–"


class Numbering:
    """Counts tables and figures in reading order."""

    def __init__(self) -> None:
        self.tables = 0
        self.figures = 0

    def table(self) -> int:
        """Return the number of the next table."""
        self.tables += 1
        return self.tables

    def figure(self) -> int:
        """Return the number of the next figure."""
        self.figures += 1
        return self.figures


def launches(at: int, rows: Sequence[Launch]) -> Table:
    """Return the slogans by unit."""
    return Table(
        anchor=f"bang-{at}",
        caption=f"Bảng {at}. Phát động phong trào và khẩu hiệu hành động",
        columns=(
            Column("STT", 7), Column("Đơn vị", 28), Column("Ngày phát động", 17),
            Column("Khẩu hiệu hành động", 48),
        ),
        rows=tuple(
            Row(
                (
                    center(place), row_head(str(row.unit)),
                    center(words.short_day(row.launched_on)), left(row.slogan),
                )
            )
            for place, row in enumerate(rows, 1)
        ),
    )  # fmt: skip


def document_name(row: PolicyDocument) -> str:
    """Return kind, issuer and content as a sentence names a text."""
    about = f" về {row.about}" if row.issuer else f" {row.about}"
    return document_kind(row) + about


def document_kind(row: PolicyDocument) -> str:
    """Return the kind of a text with its issuer."""
    kind = "Văn bản" if row.kind == PolicyKind.OTHER else row.get_kind_display()
    return f"{kind} của {row.issuer}" if row.issuer else kind


def documents(at: int, year: int, rows: Sequence[Achievement]) -> Table:
    """Return the texts; number and unit have a column only where some row has them."""
    has_number = any(row.policy_document.number for row in rows)
    has_unit = any(row.unit for row in rows)
    columns = [Column("STT", 7), Column("Tên văn bản, đề án", 0), Column("Loại,\ncấp ban hành", 19)]
    columns += [Column("Số, ngày\nban hành", 18)] if has_number else []
    columns += [Column("Đơn vị", 18)] if has_unit else []
    columns += [Column("Kết quả", 13 if has_unit else 16)]
    columns[2] = columns[2] if has_unit else Column("Loại, cấp ban hành", 24)
    rest = 100 - sum(column.width for column in columns)
    columns[1] = Column(columns[1].title, rest)

    def cells(place: int, row: Achievement) -> Row:
        text = row.policy_document
        issued = [text.number, words.short_day(text.issued_on)]
        found = [center(place), row_head(words.upper_first(text.about)), left(document_kind(text))]
        found += [center(", ".join(filter(None, issued)) or NONE)] if has_number else []
        found += [left(str(row.unit or ""))] if has_unit else []
        return Row((*found, center(text.get_status_display())))

    return Table(
        anchor=f"bang-{at}",
        caption=f"Bảng {at}. Văn bản, đề án tham mưu, xây dựng trong năm {year}",
        columns=tuple(columns),
        rows=tuple(cells(place, row) for place, row in enumerate(rows, 1)),
    )


def community(at: int, year: int, rows: Sequence[Achievement]) -> Table:
    """Return what was done for the community, by unit, with the total; rows have quantities."""
    totals: dict[Unit | None, list[Achievement]] = {}
    for row in rows:
        totals.setdefault(row.unit, []).append(row)
    heads = ("Buổi", "Người\ndự", "Gia\nđình", "Suất\nquà", "Trị giá\n(đồng)", "Các\ncháu")
    widths = (9, 10, 9, 9, 19, 9)
    body = [
        Row((center(place), row_head(str(unit or "Toàn Cụm")), *map(number, _sums(found))))
        for place, (unit, found) in enumerate(totals.items(), 1)
    ]
    total = Row((center(""), row_head("Tổng cộng"), *map(number, _sums(rows))), strong=True)
    return Table(
        anchor=f"bang-{at}",
        caption=f"Bảng {at}. Hoạt động tình nguyện chung sức vì cộng đồng năm {year}",
        columns=(
            Column("STT", 7), Column("Đơn vị", 28),
            *(Column(head, width) for head, width in zip(heads, widths, strict=True)),
        ),
        rows=(*body, total),
    )  # fmt: skip


def drives(at: int, year: int, rows: Sequence[tuple[Drive, int]], units: int) -> Table:
    """Return the drives with their days and how many units told their final results."""
    return Table(
        anchor=f"bang-{at}",
        caption=f"Bảng {at}. Các phong trào, đợt thi đua năm {year}",
        columns=(
            Column("STT", 7), Column("Phong trào, đợt thi đua", 45), Column("Phát động", 16),
            Column("Tổng kết", 16), Column("Đơn vị báo\nkết quả", 16),
        ),
        rows=tuple(
            Row(
                (
                    center(place), row_head(drive.name), center(words.short_day(drive.starts_on)),
                    center(words.short_day(drive.ends_on)), center(f"{told}/{units}"),
                )
            )
            for place, (drive, told) in enumerate(rows, 1)
        ),
    )  # fmt: skip


def _sums(rows: Sequence[Achievement]) -> list[int | str]:
    """Return the sum of each quantity; a dash for one that nobody counted."""
    found = add_up.sums(add_up.figures_of(row.community) for row in rows)
    return [NONE if number is None else number for number in found.values()]


def ranks(at: int, year: int, lines: Sequence[UnitTotals]) -> Table:
    """Return the order of the units; those not appraised follow without a place."""
    ties = [f"{units}: xếp theo {step}" for units, step in ranking.tie_breaks(lines)]
    return Table(
        anchor=f"bang-{at}",
        caption=f"Bảng {at}. Kết quả chấm điểm thi đua năm {year}",
        columns=(
            Column("Xếp hạng", 14), Column("Đơn vị", 40), Column("Điểm\nthẩm định", 16),
            Column("Xếp loại", 30),
        ),
        rows=tuple(
            Row(
                (
                    center(NONE if line.rank is None else line.rank),
                    row_head(str(line.unit)),
                    number(NONE if line.rank is None else line.verified.total, 2),
                    center(str(ranking.GRADES[line.grade]) if line.grade else "Chưa thẩm định"),
                )
            )
            for line in lines
        ),
        note=f"Cùng tổng điểm: {'; '.join(ties)}." if ties else "",
    )  # fmt: skip


def nominations(
    at: int, year: int, rows: Sequence[Nomination], lines: Sequence[UnitTotals]
) -> Table:
    """Return the units proposed for an award, with their score where there is one."""
    found = {line.unit.pk: line for line in lines if line.rank is not None}

    def cells(place: int, row: Nomination) -> Row:
        line = found.get(row.unit_id or 0)
        return Row(
            (
                center(place), row_head(str(row.unit)), left(f"“{row.award.name}”"),
                number(line.verified.total if line else NONE, 2),
                center(line.rank if line and line.rank else NONE),
            )
        )  # fmt: skip

    return Table(
        anchor=f"bang-{at}",
        caption=f"Bảng {at}. Tập thể đề nghị tặng thưởng năm {year}",
        columns=(
            Column("STT", 7), Column("Tập thể", 30), Column("Hình thức đề nghị", 37),
            Column("Tổng điểm", 14), Column("Xếp hạng", 12),
        ),
        rows=tuple(cells(place, row) for place, row in enumerate(rows, 1)),
    )  # fmt: skip


def nominees(rows: Sequence[Nomination]) -> Table:
    """Return the annex of nominations with the merit of each."""
    return Table(
        anchor="danh-sach-de-nghi",
        columns=(
            Column("STT", 7), Column("Tập thể", 27), Column("Hình thức đề nghị", 24),
            Column("Tóm tắt thành tích", 42),
        ),
        rows=tuple(
            Row(
                (
                    center(place), row_head(row.unit.name if row.unit else ""),
                    left(f"“{row.award.name}”"), left(row.merit),
                )
            )
            for place, row in enumerate(rows, 1)
        ),
    )  # fmt: skip


def corrections(rows: Sequence[Correction]) -> Table:
    """Return what was corrected after the closing, in the order in which it was written."""
    return Table(
        anchor="dinh-chinh",
        columns=(
            Column("STT", 6), Column("Nội dung", 24), Column("Đã ghi", 19),
            Column("Đính chính thành", 21), Column("Lý do", 19), Column("Ngày", 11),
        ),
        rows=tuple(
            Row(
                (
                    center(place), row_head(_corrected(row)), left(row.was or NONE),
                    left(row.becomes), left(row.reason),
                    center(words.short_day(timezone.localdate(row.at))),
                )
            )
            for place, row in enumerate(rows, 1)
        ),
    )  # fmt: skip


def _corrected(row: Correction) -> str:
    """Return what a correction is about, with the code of its achievement."""
    return f"{row.about} ({row.achievement.code})" if row.achievement else row.about


def targets(year: int, rows: Sequence[TargetProgress]) -> Table:
    """Return the targets of the cluster: pledged, reached, per cent, judgement."""
    group = f"Kết quả năm {year}"

    def cells(place: int, row: TargetProgress) -> Row:
        is_limit = row.target.direction == Direction.LESS
        share = NONE if row.percent is None or is_limit else row.percent
        planned = row.target.planned
        places = 0 if planned == planned.to_integral() and row.reached % 1 == 0 else 2
        return Row(
            (
                center(place), row_head(row.target.text), center(row.target.measure),
                number(planned, places), number(row.reached, places),
                number(share, 1), center(judged(row)),
            )
        )  # fmt: skip

    return Table(
        anchor="bang-chi-tieu",
        columns=(
            Column("STT", 5), Column("Nội dung, chỉ tiêu", 43), Column("Đơn vị tính", 10),
            Column("Giao ước", 10, group=group), Column("Thực hiện", 10, group=group),
            Column("Tỷ lệ (%)", 10, group=group), Column("Đánh giá", 12),
        ),
        rows=tuple(cells(place, row) for place, row in enumerate(rows, 1)),
    )  # fmt: skip


def judged(row: TargetProgress) -> str:
    """Return one word for a target: exceeded, met or not yet met."""
    if not row.is_met:
        return "Chưa đạt"
    reached, planned = row.reached, row.target.planned
    beyond = reached < planned if row.target.direction == Direction.LESS else reached > planned
    return "Vượt" if beyond else "Đạt"


def models(rows: Sequence[Achievement]) -> Table:
    """Return the annex of advanced models."""

    def cells(place: int, row: Achievement) -> Row:
        model: AdvancedModel = row.advanced_model
        kind = model.get_kind_display() + (" (đã nhân rộng)" if model.is_replicated else "")
        return Row(
            (
                center(place), row_head(model.name), left(kind), left(str(row.unit or "")),
                left(row.description),
            )
        )  # fmt: skip

    return Table(
        anchor="danh-muc-dien-hinh",
        columns=(
            Column("STT", 7), Column("Tên tập thể, cá nhân, mô hình", 27), Column("Loại", 18),
            Column("Đơn vị", 18), Column("Thành tích nổi bật", 30),
        ),
        rows=tuple(cells(place, row) for place, row in enumerate(rows, 1)),
    )  # fmt: skip
