"""What a unit enters when it launches the movement, and what is entered of drives."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import LONG_TEXT, CleanTextMixin, DayField
from emulation.forms.versioned import VersionedForm
from emulation.models import Drive, DriveKind, DriveResult, Launch, Season
from emulation.models.season import days_of

SHORTEST_REASON = 10


def _text(label: Any, *, rows: int = 4, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONG_TEXT,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
    )


def day_in_season(day: date | None, season: Season) -> date | None:
    """Return the day, or refuse one outside the season."""
    first, last = days_of(season)
    if day and not first <= day <= last:
        text = _("Chọn ngày từ %(first)s đến %(last)s")
        params = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        raise ValidationError(text, code="day", params=params)
    return day


class LaunchForm(VersionedForm):
    """The plan of a launch in its parts, in the order of the paper (domain.md 5.4)."""

    purpose = _text(gettext_lazy("Mục đích, yêu cầu"))
    theme = forms.CharField(
        label=gettext_lazy("Chủ đề"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Nếu có, tối đa 300 ký tự."),
    )
    slogan = forms.CharField(
        label=gettext_lazy("Khẩu hiệu hành động"),
        max_length=300,
        help_text=gettext_lazy("Gắn phong trào với việc cụ thể của đơn vị, tối đa 300 ký tự."),
    )
    plan = _text(
        gettext_lazy("Nội dung thi đua"),
        rows=6,
        hint=gettext_lazy(
            "Việc sẽ làm; chỉ tiêu lấy từ giao ước, không cần chép. Tối đa 5000 ký tự."
        ),
    )
    measures = _text(gettext_lazy("Biện pháp"))
    launched_on = DayField(label=gettext_lazy("Ngày phát động"))
    interim_on = DayField(label=gettext_lazy("Ngày sơ kết"), required=False)
    final_on = DayField(label=gettext_lazy("Ngày tổng kết"), required=False)
    rewards = _text(
        gettext_lazy("Khen thưởng"),
        rows=3,
        hint=gettext_lazy("Hình thức, số lượng dự kiến; tối đa 5000 ký tự."),
    )

    PARTS: Sequence[str] = (
        *("purpose", "theme", "slogan", "plan", "measures"),
        *("launched_on", "interim_on", "final_on", "rewards"),
    )

    def __init__(self, *args: Any, season: Season, launch: Launch | None, **kwargs: Any) -> None:
        self.season = season
        initial: dict[str, Any] = {"version": launch.version if launch else 0}
        if launch:
            initial |= {name: getattr(launch, name) for name in self.PARTS}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_launched_on(self) -> date:
        day: date = self.cleaned_data["launched_on"]
        first, last = days_of(self.season)
        if not first <= day <= min(last, timezone.localdate()):
            text = _("Chọn ngày trong năm %(year)s, không sau hôm nay")
            raise ValidationError(text, code="day", params={"year": self.season.year})
        return day

    def clean_interim_on(self) -> date | None:
        return day_in_season(self.cleaned_data["interim_on"], self.season)

    def clean_final_on(self) -> date | None:
        return day_in_season(self.cleaned_data["final_on"], self.season)

    def clean(self) -> None:
        begin, interim, final = (
            self.cleaned_data.get(name) for name in ("launched_on", "interim_on", "final_on")
        )
        if begin and interim and interim < begin:
            self.add_error("interim_on", _("Chọn ngày sơ kết không trước ngày phát động"))
        if final and (before := max(filter(None, (begin, interim)), default=final)) > final:
            text = _("Chọn ngày tổng kết không trước ngày %(day)s") % {"day": f"{before:%d/%m/%Y}"}
            self.add_error("final_on", text)


class DriveForm(VersionedForm):
    """A movement of the pledge or a peak drive, with its days."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Loại"), choices=DriveKind.choices, initial=DriveKind.PEAK
    )
    name = forms.CharField(
        label=gettext_lazy("Tên phong trào, đợt thi đua"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Đợt thi đua chào mừng ngày 19/8."),
    )
    aim = forms.CharField(
        label=gettext_lazy("Mục tiêu"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    slogan = forms.CharField(
        label=gettext_lazy("Khẩu hiệu hành động"), max_length=300, required=False
    )
    starts_on = DayField(label=gettext_lazy("Ngày phát động"))
    ends_on = DayField(label=gettext_lazy("Ngày tổng kết"))
    interim_on = DayField(
        label=gettext_lazy("Ngày sơ kết"),
        required=False,
        help_text=gettext_lazy("Để trống nếu đợt thi đua không sơ kết."),
    )

    FIELDS: Sequence[str] = ("kind", "name", "aim", "slogan", "starts_on", "interim_on", "ends_on")

    def __init__(
        self, *args: Any, season: Season, drive: Drive | None = None, **kwargs: Any
    ) -> None:
        self.season = season
        initial: dict[str, Any] = {"version": drive.version if drive else 0}
        if drive:
            initial |= {name: getattr(drive, name) for name in self.FIELDS}
        super().__init__(*args, initial=initial, **kwargs)

    def values(self) -> dict[str, Any]:
        """Return what the services take as the values of a drive."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}

    def clean_starts_on(self) -> date | None:
        return day_in_season(self.cleaned_data["starts_on"], self.season)

    def clean_ends_on(self) -> date | None:
        return day_in_season(self.cleaned_data["ends_on"], self.season)

    def clean_interim_on(self) -> date | None:
        return day_in_season(self.cleaned_data["interim_on"], self.season)


class DriveRemoveForm(CleanTextMixin, forms.Form):
    """Why a drive is removed."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do xóa"),
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ghi vào lịch sử của kỳ, ít nhất 10 ký tự."),
        error_messages={"min_length": gettext_lazy("Nêu lý do xóa, ít nhất 10 ký tự")},
    )


class DriveReportForm(VersionedForm):
    """What a unit reports of a drive at one of its stages."""

    text = _text(
        gettext_lazy("Kết quả"),
        rows=12,
        required=True,
        hint=gettext_lazy("Kết quả chính, cách làm hay, việc còn chậm; tối đa 5000 ký tự."),
    )

    def __init__(self, *args: Any, result: DriveResult | None, draft: str, **kwargs: Any) -> None:
        initial = {
            "version": result.version if result else 0,
            "text": result.text if result else draft[:LONG_TEXT],
        }
        super().__init__(*args, initial=initial, **kwargs)
