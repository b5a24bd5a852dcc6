"""What an achievement of a certain category has beyond the facts that all have."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField, WholeNumberField
from emulation.models import (
    AdvancedModel,
    Category,
    CommunityActivity,
    ParliamentaryService,
    PolicyDocument,
    Season,
)
from emulation.models.particulars import COMMUNITY_FIGURES
from emulation.models.season import days_of


def check_day(day: date | None, season: Season, today: date) -> None:
    """Refuse a day outside the season or after today."""
    first, last = days_of(season)
    if day and not first <= day <= min(last, today):
        raise ValidationError(
            _("Chọn ngày trong năm %(year)s, không sau hôm nay"),
            code="day",
            params={"year": season.year},
        )


class ParticularsForm(CleanTextMixin, forms.ModelForm):
    """Particulars of a category; left empty as a whole they are asked for at sending."""

    def __init__(self, *args: Any, season: Season, today: date, **kwargs: Any) -> None:
        self.season, self.today = season, today
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                options: Any = field.choices
                field.choices = [("", _("Chọn")), *(pair for pair in options if pair[0])]


class PolicyDocumentForm(ParticularsForm):
    class Meta:
        model = PolicyDocument
        fields = ("kind", "number", "issuer", "issued_on", "about", "status")
        field_classes = {"issued_on": DayField}
        widgets = {"about": forms.Textarea(attrs={"rows": 2})}

    def clean_issued_on(self) -> date | None:
        day: date | None = self.cleaned_data["issued_on"]
        check_day(day, self.season, self.today)
        return day


class ParliamentaryServiceForm(ParticularsForm):
    term = WholeNumberField(
        label=gettext_lazy("Quốc hội khóa"),
        min_value=1,
        max_value=99,
        help_text=gettext_lazy("Bằng chữ số, ví dụ 14."),
    )
    petitions = WholeNumberField(label=gettext_lazy("Số kiến nghị của cử tri"), required=False)

    class Meta:
        model = ParliamentaryService
        fields = (
            "term", "sessions", "supervision", "interpellation", "voter_petition", "petitions",
        )  # fmt: skip
        help_texts = {"sessions": gettext_lazy("Ví dụ: 3, 4.")}


class CommunityActivityForm(ParticularsForm):
    sessions = WholeNumberField(label=gettext_lazy("Số buổi"), required=False)
    participants = WholeNumberField(label=gettext_lazy("Số người dự"), required=False)
    families = WholeNumberField(label=gettext_lazy("Số gia đình"), required=False)
    gifts = WholeNumberField(label=gettext_lazy("Số suất quà"), required=False)
    value = WholeNumberField(label=gettext_lazy("Trị giá (đồng)"), max_value=10**12, required=False)
    pupils = WholeNumberField(label=gettext_lazy("Số cháu"), required=False)

    class Meta:
        model = CommunityActivity
        fields = ("kind", *COMMUNITY_FIGURES)


def _of_card(label: Any, hint: Any) -> forms.CharField:
    """Return a field of the card that other units read."""
    return forms.CharField(
        label=label,
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=hint,
    )


class AdvancedModelForm(ParticularsForm):
    problem = _of_card(
        gettext_lazy("Vấn đề đặt ra"),
        gettext_lazy("Các đơn vị khác đọc ở trang điển hình; tối đa 2000 ký tự."),
    )
    steps = _of_card(gettext_lazy("Cách làm"), gettext_lazy("Từng bước, để nơi khác làm theo."))
    result = _of_card(gettext_lazy("Kết quả, tác dụng"), "")

    class Meta:
        model = AdvancedModel
        fields = ("kind", "name", "problem", "steps", "result", "contact", "replicated")
        help_texts = {"contact": gettext_lazy("Bộ phận, số điện thoại nội bộ.")}


PARTICULARS_FORMS: dict[str, type[ParticularsForm]] = {
    Category.POLICY_DOCUMENT: PolicyDocumentForm,
    Category.PARLIAMENT: ParliamentaryServiceForm,
    Category.COMMUNITY: CommunityActivityForm,
    Category.ADVANCED_MODEL: AdvancedModelForm,
}
