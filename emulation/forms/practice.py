"""Finding good practice, and marking that a unit applies it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField
from emulation.models import AdvancedModel


class CardFilterForm(CleanTextMixin, forms.Form):
    """The filters of the list. What makes no sense filters nothing."""

    q = forms.CharField(
        label=gettext_lazy("Tìm trong tên, cách làm, đơn vị"), max_length=100, required=False
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        choices=[("", gettext_lazy("Tất cả")), *AdvancedModel.Kind.choices],
        required=False,
    )
    year = forms.TypedChoiceField(
        label=gettext_lazy("Năm"), choices=[], coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [("", gettext_lazy("Tất cả")), *((str(y), str(y)) for y in years)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AdoptForm(CleanTextMixin, forms.Form):
    """Since when and how."""

    since = DayField(label=gettext_lazy("Áp dụng từ ngày"))
    note = forms.CharField(
        label=gettext_lazy("Cách áp dụng"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Áp dụng ở đâu, khác gì so với nơi làm trước; tối đa 500 ký tự."),
    )
