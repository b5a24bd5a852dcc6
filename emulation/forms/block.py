"""What the secretary records of a disqualifying condition, and why one is lifted."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField
from clusters.models import Unit
from emulation.models import Condition, Finder


class BlockForm(CleanTextMixin, forms.Form):
    """A condition that people find: of which unit, since when, what happened, by which paper."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Đơn vị"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )
    condition = forms.ModelChoiceField(
        Condition.objects.none(),
        label=gettext_lazy("Điều kiện"),
        empty_label=gettext_lazy("Chọn điều kiện"),
    )
    found_on = DayField(label=gettext_lazy("Từ ngày"))
    detail = forms.CharField(
        label=gettext_lazy("Sự việc"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Không ghi họ tên hoặc thông tin cá nhân. Đơn vị khác không xem được phần này."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Văn bản, căn cứ"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Số, ngày của kết luận hoặc quyết định, nếu có."),
    )

    def __init__(
        self, *args: Any, units: Sequence[Unit], conditions: Sequence[Condition], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = [row.pk for row in conditions if row.finder == Finder.PERSON]
        ours = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["unit"].queryset = ours  # type: ignore[attr-defined]
        rows = Condition.objects.filter(pk__in=people)
        self.fields["condition"].queryset = rows  # type: ignore[attr-defined]


class LiftForm(CleanTextMixin, forms.Form):
    """Why a recorded condition is lifted; one that binds only where the finding proved wrong."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do gỡ"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    proved_wrong = forms.BooleanField(
        label=gettext_lazy("Việc ghi nhận là sai: sự việc không có hoặc không thuộc điều kiện này"),
        required=False,
    )

    def __init__(self, *args: Any, binds: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not binds:
            del self.fields["proved_wrong"]

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        return {"reason": self.cleaned_data["reason"]}
