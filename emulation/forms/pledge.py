"""What a unit enters when it launches the movement."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import LONG_TEXT, DayField
from emulation.forms.versioned import VersionedForm
from emulation.models import Launch, Season
from emulation.models.season import days_of


class LaunchForm(VersionedForm):
    """Slogan, day and plan."""

    slogan = forms.CharField(
        label=gettext_lazy("Khẩu hiệu hành động"),
        max_length=300,
        help_text=gettext_lazy("Gắn phong trào với việc cụ thể của đơn vị, tối đa 300 ký tự."),
    )
    launched_on = DayField(label=gettext_lazy("Ngày phát động"))
    plan = forms.CharField(
        label=gettext_lazy("Nội dung kế hoạch phát động"),
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Mục tiêu, nội dung, thời gian; tối đa 5000 ký tự."),
    )

    def __init__(self, *args: Any, season: Season, launch: Launch | None, **kwargs: Any) -> None:
        self.season = season
        initial: dict[str, Any] = {"version": launch.version if launch else 0}
        if launch:
            initial |= {
                "slogan": launch.slogan, "launched_on": launch.launched_on, "plan": launch.plan,
            }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)

    def clean_launched_on(self) -> date:
        day: date = self.cleaned_data["launched_on"]
        first, last = days_of(self.season)
        if not first <= day <= min(last, timezone.localdate()):
            text = _("Chọn ngày trong năm %(year)s, không sau hôm nay")
            raise ValidationError(text, code="day", params={"year": self.season.year})
        return day
