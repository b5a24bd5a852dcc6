"""Cross-inspections of the made-up cluster, who applies whose practice, and an old name.

One inspection is agreed by both sides, one is planned, as two are named in the narrative.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from clusters.models import Unit, User
from emulation.models import AdvancedModel, Inspection, Season
from emulation.services import inspection, practice
from emulation.services.inspection import Found, Member

Act = tuple[datetime, Callable[..., object]]
VISITED_ON, PLANNED_ON = date(2026, 10, 15), date(2026, 12, 10)
PLAN = (
    "Kiểm tra việc phát động phong trào, thực hiện chỉ tiêu giao ước và minh chứng kèm theo; "
    "xem sổ theo dõi, chọn ngẫu nhiên 10 thành tích đối chiếu bản gốc."
)
CONCLUSION = (
    "Đơn vị tổ chức phong trào sát cơ sở, minh chứng đủ, trung thực. Cần ghi việc phát động vào "
    "hệ thống và bổ sung xác nhận của nhà trường cho hai buổi tuyên truyền trước ngày 30/10."
)
# Code of the criterion: what was found, proposed points, what is asked for.
FINDINGS = {
    "A1": Found("Chín trên chín báo cáo tham mưu gửi đúng hạn.", Decimal("15.00")),
    "A2": Found(
        "Văn bản được giao đã ban hành, hồ sơ lưu đủ.",
        Decimal("14.00"),
        "Gắn số văn bản vào sổ theo dõi.",
    ),
    "B2": Found("Qua ba lượt kiểm tra điều lệnh không có lỗi.", Decimal("6.00")),
    "C2": Found(
        "Có kế hoạch và kết quả; chưa ghi khẩu hiệu hành động, ngày phát động.",
        Decimal("2.00"),
        "Ghi việc phát động trước ngày 30/10.",
    ),
}
# (unit, unit whose practice it is, day, how)
ADOPTIONS = (
    ("D", "B", date(2026, 10, 26), "Làm hai tuần một lần, chuyên đề là tài liệu khoa học."),
    ("C", "B", date(2026, 11, 2), "Dùng chung tài liệu của đơn vị mở đầu."),
    ("F", "G", date(2026, 11, 9), "Áp dụng ở nơi tiếp công dân: giờ yên tĩnh buổi trưa."),
)
OLD_NAME, OLD_CODE, OLD_END = "Phòng Tài vụ mẫu", "DV05C", date(2024, 12, 31)


def acts(season: Season, units: dict[str, Unit], people: dict[str, User]) -> list[Act]:
    """Return inspections and adoptions, each with its hour; write down the old name of a unit."""
    _old_name(units["E"])
    found = _agreed(season, units, people)
    later = {"unit": units["F"], "planned_on": PLANNED_ON, "place": "", "plan": PLAN}
    team = [
        Member(units["G"], "Bùi Văn H", "Đại úy"), Member(units["C"], "Đặng Văn M", "Đại úy"),
    ]  # fmt: skip
    plan = partial(
        inspection.plan_inspection, season=season, by=people["thuky"], values=later, team=team
    )
    found.append((_moment(date(2026, 11, 5), 10), plan))
    for letter, owner, day, note in ADOPTIONS:
        staff = people[f"nhanvien.{letter.lower()}"]
        adopt = partial(
            _adopt, owner=units[owner], season=season, unit=units[letter], by=staff, since=day,
            note=note,
        )  # fmt: skip
        found.append((_moment(max(day, date(2026, 11, 19)), 15), adopt))
    return found


def _moment(on: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour, 20)))


def _old_name(unit: Unit) -> None:
    """Unit E was called otherwise before the cluster was formed."""
    old, _is_new = Unit.objects.get_or_create(
        code=OLD_CODE,
        valid_to=OLD_END,
        defaults={"name": OLD_NAME, "short_name": OLD_NAME, "is_illustrative": True},
    )
    unit.predecessors.add(old)


def _agreed(season: Season, units: dict[str, Unit], people: dict[str, User]) -> list[Act]:
    """Return how unit G was inspected: planned, recorded, agreed by the team and its leader."""
    values = {"unit": units["G"], "planned_on": VISITED_ON, "place": "", "plan": PLAN}
    team = [
        Member(units["F"], "Hồ Thị Q", "Thượng úy"), Member(units["A"], "Ngô Văn K", "Thượng úy"),
    ]  # fmt: skip

    def row() -> Inspection:
        return Inspection.objects.get(season=season, unit=units["G"])

    def visit(at: datetime) -> None:
        assert season.scheme
        criteria = dict(season.scheme.criteria.values_list("code", "pk"))
        found = {criteria[code]: finding for code, finding in FINDINGS.items()}
        inspection.record_visit(
            inspection=(now := row()), by=people["nhanvien.f"], version=now.version,
            visited_on=VISITED_ON, conclusion=CONCLUSION, findings=found, at=at,
        )  # fmt: skip

    def agree(name: str, side: str, at: datetime) -> None:
        now = row()
        inspection.agree(inspection=now, by=people[name], version=now.version, side=side, at=at)

    plan = partial(
        inspection.plan_inspection, season=season, by=people["thuky"], values=values, team=team
    )
    return [
        (_moment(date(2026, 9, 21), 9), plan),
        (_moment(VISITED_ON, 16), visit),
        (_moment(VISITED_ON, 17), partial(agree, "nhanvien.f", inspection.TEAM)),
        (_moment(date(2026, 10, 19), 8), partial(agree, "lanhdao.g", inspection.UNIT)),
    ]


def _adopt(*, owner: Unit, season: Season, **values: Any) -> None:
    model = AdvancedModel.objects.get(achievement__season=season, achievement__unit=owner)
    practice.adopt(model=model, season=season, **values)
