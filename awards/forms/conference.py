"""What the secretary records of the conference."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import Conference, Remark
from clusters.forms import LONG_TEXT, CleanTextMixin, DayField
from clusters.models import Unit
from emulation.forms.versioned import VersionedForm
from emulation.models import Achievement, Season
from emulation.models.achievement import COUNTED

# Law 37/2018/QH14 on the People's Public Security, Art. 21, in order of precedence; suggestions,
# not a rule: any other text may be typed.
RANKS = (
    "Đại tướng", "Thượng tướng", "Trung tướng", "Thiếu tướng", "Đại tá", "Thượng tá", "Trung tá",
    "Thiếu tá", "Đại úy", "Thượng úy", "Trung úy", "Thiếu úy", "Thượng sĩ", "Trung sĩ", "Hạ sĩ",
    "Binh nhất", "Binh nhì",
)  # fmt: skip
FIELDS = (
    "held_on", "place", "chair", "chair_rank", "chair_position", "secretary", "conclusion_by",
    "conclusion",
)  # fmt: skip


class ConferenceForm(VersionedForm):
    """Date, place, chair, secretary and conclusion; all may come later, until it is concluded."""

    held_on = DayField(label=gettext_lazy("Ngày tổ chức"), required=False)
    place = forms.CharField(label=gettext_lazy("Địa điểm"), required=False, max_length=200)
    chair = forms.CharField(label=gettext_lazy("Người chủ trì"), required=False, max_length=120)
    chair_rank = forms.CharField(
        label=gettext_lazy("Cấp bậc người chủ trì"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "cap-bac", "class": "narrow"}),
    )
    chair_position = forms.CharField(
        label=gettext_lazy("Chức vụ người chủ trì"), required=False, max_length=160
    )
    secretary = forms.CharField(
        label=gettext_lazy("Thư ký hội nghị"), required=False, max_length=120
    )
    conclusion_by = forms.CharField(
        label=gettext_lazy("Người phát biểu kết luận"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Cấp bậc, họ tên, chức vụ; để trống nếu là người chủ trì."),
    )
    conclusion = forms.CharField(
        label=gettext_lazy("Kết luận"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("In vào báo cáo; tối đa 10000 ký tự."),
    )

    def __init__(
        self, *args: Any, season: Season, conference: Conference | None, **kwargs: Any
    ) -> None:
        self.season = season
        initial: dict[str, Any] = {"version": conference.version if conference else 0}
        if conference:
            initial |= {name: getattr(conference, name) for name in FIELDS}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_held_on(self) -> date | None:
        """A conference is held in the season's year or in January after it, never in the future."""
        day: date | None = self.cleaned_data["held_on"]
        first, last = date(self.season.year, 1, 1), date(self.season.year + 1, 1, 31)
        if day and not first <= day <= min(last, timezone.localdate()):
            text = _("Chọn ngày từ 01/01/%(year)s đến 31/01/%(next)s, không sau hôm nay")
            values = {"year": self.season.year, "next": self.season.year + 1}
            raise ValidationError(text, "day", values)
        return day

    def values(self) -> dict[str, Any]:
        """Return what the service keeps."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class RemarkForm(CleanTextMixin, forms.Form):
    """Who said what; a result that was added names the achievement that proves it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Loại ý kiến"),
        choices=Remark.Kind.choices,
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Đơn vị"),
        required=False,
        empty_label=gettext_lazy("Không phải đơn vị thành viên"),
    )
    speaker = forms.CharField(
        label=gettext_lazy("Người phát biểu"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Cấp bậc, họ tên, chức vụ; bắt buộc khi không chọn đơn vị."),
    )
    text = forms.CharField(
        label=gettext_lazy("Nội dung"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    achievement = forms.ModelChoiceField(
        Achievement.objects.none(),
        label=gettext_lazy("Thành tích được bổ sung"),
        required=False,
        empty_label=gettext_lazy("Không gắn với thành tích"),
        help_text=gettext_lazy("Chỉ chọn được thành tích đã thẩm định của đơn vị phát biểu."),
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = season.units()  # type: ignore[attr-defined]
        achievements = self.fields["achievement"]
        achievements.queryset = (  # type: ignore[attr-defined]
            season.achievements.filter(state__in=COUNTED, unit__isnull=False)
            .select_related("unit", "season")
            .order_by("number")
        )
        achievements.label_from_instance = _achievement_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_nobody = not cleaned.get("unit") and not cleaned.get("speaker")
        if is_nobody and not {"unit", "speaker"} & set(self.errors):
            text = _("Chọn đơn vị, hoặc nhập người phát biểu")
            self.add_error("speaker", ValidationError(text, code="nobody"))
        return cleaned


def _achievement_label(achievement: Achievement) -> str:
    return f"{achievement.code} · {achievement.unit} · {achievement.title}"
