"""What the secretariat sets of a season, and what a unit types to be let in late."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField, WholeNumberField
from clusters.models import Unit
from emulation.forms.versioned import VersionedForm
from emulation.models import Phase, Season
from emulation.models.season import SWITCHES, days_of
from emulation.services.phases import settings_of
from emulation.services.season_copy import PARTS
from emulation.timeline import word

# A season's phases may begin in the autumn before its year and end in the year after it.
YEARS_AROUND = 2


class MomentField(forms.DateTimeField):
    """A day with its hour: the browser's own picker, dd/mm/yyyy hh:mm typed by hand where not."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"])
        widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "moment"}, format="%Y-%m-%dT%H:%M"
        )
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)
        self.error_messages["invalid"] = gettext_lazy(
            "Nhập ngày, giờ theo dạng ngày/tháng/năm giờ:phút, ví dụ 15/11/2026 17:00"
        )

    def to_python(self, value: Any) -> datetime | None:
        """A year far outside the calendar is a mistake of the hand, not of the machine."""
        try:
            return super().to_python(value)
        except (OverflowError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


def near(season: Season, at: datetime | None) -> datetime | None:
    """Refuse a moment that lies years away from the season: a digit was mistyped."""
    if at and abs(at.year - season.year) > YEARS_AROUND:
        text = _("Chọn thời điểm gần năm %(year)s")
        raise ValidationError(text, code="year", params={"year": season.year})
    return at


class PhaseForm(VersionedForm):
    """A phase: its name, when it begins and ends, what it allows."""

    name = forms.CharField(label=gettext_lazy("Tên pha"), max_length=120)
    start = MomentField(label=gettext_lazy("Bắt đầu"))
    end = MomentField(
        label=gettext_lazy("Kết thúc"),
        help_text=gettext_lazy("Từ lúc này là quá hạn. Hết ngày 15/11: chọn 00:00 ngày 16/11."),
    )
    grace_hours = WholeNumberField(
        label=gettext_lazy("Gia hạn (giờ)"),
        max_value=24 * 60,
        help_text=gettext_lazy(
            "Sau khi kết thúc, đơn vị vẫn nhập, gửi và tự chấm được; ghi là gửi muộn. 0 là không."
        ),
    )
    switches = forms.MultipleChoiceField(
        label=gettext_lazy("Trong pha này được"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, season: Season, phase: Phase | None, **kwargs: Any) -> None:
        self.season = season
        initial: dict[str, Any] = {"version": phase.version if phase else 0, "grace_hours": 0}
        if phase:
            initial |= {name: getattr(phase, name) for name in ("name", "start", "end")}
            initial |= {
                "grace_hours": phase.grace_hours,
                "switches": [switch for switch in SWITCHES if getattr(phase, switch)],
            }
        super().__init__(*args, initial=initial, **kwargs)
        field: Any = self.fields["switches"]
        field.choices = [(switch, word(switch)) for switch in SWITCHES]

    def clean_start(self) -> datetime | None:
        return near(self.season, self.cleaned_data["start"])

    def clean_end(self) -> datetime | None:
        return near(self.season, self.cleaned_data["end"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("Pha phải kết thúc sau khi bắt đầu."))
        if not self.errors and not cleaned["switches"]:
            self.add_error("switches", _("Chọn ít nhất một việc được làm trong pha này"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the phase as the service takes it."""
        chosen = self.cleaned_data["switches"]
        plain = {name: self.cleaned_data[name] for name in ("name", "start", "end", "grace_hours")}
        return plain | {switch: switch in chosen for switch in SWITCHES}


class SeasonForm(CleanTextMixin, forms.Form):
    """Movement, motto, day of the figures, number of returns; `before` tells what it was shown."""

    movement = forms.CharField(label=gettext_lazy("Phong trào thi đua"), max_length=200)
    motto = forms.CharField(label=gettext_lazy("Phương châm"), max_length=300, required=False)
    counted_to = DayField(
        label=gettext_lazy("Số liệu tính đến ngày"),
        required=False,
        help_text=gettext_lazy("In dưới các bảng của báo cáo; để trống thì không in."),
    )
    max_returns = WholeNumberField(
        label=gettext_lazy("Số lần trả lại tối đa"),
        min_value=0,
        max_value=20,
        help_text=gettext_lazy("Quá số lần này, thư ký cụm công nhận hoặc không công nhận."),
    )
    before = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        self.season = season
        stored = settings_of(season)
        super().__init__(*args, initial=stored | {"before": digest(stored)}, **kwargs)

    def clean_counted_to(self) -> date | None:
        day: date | None = self.cleaned_data["counted_to"]
        first, last = days_of(self.season)
        if day and not first <= day <= last:
            text = _("Chọn ngày từ %(first)s đến %(last)s")
            values = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
            raise ValidationError(text, code="day", params=values)
        return day

    def values(self) -> dict[str, Any]:
        """Return what was typed, without the mark of what was shown."""
        return {name: value for name, value in self.cleaned_data.items() if name != "before"}

    def rebase(self, season: Season) -> None:
        """Keep what was typed, and let the next saving go over what is stored now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["before"] = digest(settings_of(season))


def digest(values: Mapping[str, Any]) -> str:
    """Return a short mark by which a later change of any of the values is noticed."""
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()


class LateCodeForm(CleanTextMixin, forms.Form):
    """A late code for one unit: until when, and why."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Đơn vị"))
    until = MomentField(
        label=gettext_lazy("Được nộp đến"),
        help_text=gettext_lazy("Từ khi dùng mã đến lúc này, đơn vị nhập, gửi và tự chấm được."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do cho nộp muộn"),
        max_length=300,
        help_text=gettext_lazy("Lưu cùng mã và trong lịch sử của kỳ."),
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = season.units()
        field.empty_label = _("Chọn đơn vị")


class RedeemForm(CleanTextMixin, forms.Form):
    """The code as the unit was told it; hyphens, spaces and case do not matter."""

    code = forms.CharField(
        label=gettext_lazy("Mã nộp muộn"),
        max_length=40,
        help_text=gettext_lazy("Tám chữ và số thư ký cụm đã cấp, ví dụ ABCD-2345."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "narrow"}
        ),
    )


class CopyForm(CleanTextMixin, forms.Form):
    """The check-list of what comes along into the new season; everything is ticked."""

    parts = forms.MultipleChoiceField(required=False, choices=[(part, part) for part in PARTS])


class CloseForm(CleanTextMixin, forms.Form):
    """The closing is confirmed by typing it: it cannot be taken back."""

    confirmation = forms.CharField(max_length=80)

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        self.phrase = _("chốt kỳ %(year)s") % {"year": season.year}
        super().__init__(*args, **kwargs)
        self.fields["confirmation"].label = _("Gõ “%(phrase)s” để xác nhận") % {
            "phrase": self.phrase
        }
        self.fields["confirmation"].widget.attrs |= {"autocomplete": "off", "class": "narrow"}

    def clean_confirmation(self) -> str:
        text: str = self.cleaned_data["confirmation"]
        if " ".join(text.casefold().split()) != self.phrase.casefold():
            raise ValidationError(_("Gõ đúng “%(phrase)s”") % {"phrase": self.phrase}, code="typed")
        return text


class CorrectionForm(CleanTextMixin, forms.Form):
    """What stood there, what is right, and why."""

    about = forms.CharField(
        label=gettext_lazy("Nội dung được đính chính"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: số suất quà của hoạt động ngày 12/07/2026."),
    )
    was = forms.CharField(
        label=gettext_lazy("Đã ghi"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Để trống nếu trước đây không ghi."),
    )
    becomes = forms.CharField(
        label=gettext_lazy("Đính chính thành"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
