"""What the secretary decides about an achievement."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField
from emulation.models import Review
from emulation.services.achievement import REASON_LENGTH

SHORT = {
    Review.Decision.RETURNED: gettext_lazy(
        "Nêu lý do trả lại, ít nhất 20 ký tự, để đơn vị biết cần bổ sung gì"
    ),
    Review.Decision.REJECTED: gettext_lazy(
        "Nêu lý do không công nhận, ít nhất 20 ký tự, để đơn vị biết vì sao"
    ),
}


class ReviewForm(CleanTextMixin, forms.Form):
    """A decision about the revision that was read. `last_day` is when returned work must be in."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Kết luận"), choices=Review.Decision.choices, widget=forms.HiddenInput
    )
    revision = forms.IntegerField(
        label=gettext_lazy("Bản sửa"), widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ít nhất 20 ký tự; đơn vị đọc nguyên văn lý do này."),
    )
    deadline = DayField(
        label=gettext_lazy("Hạn bổ sung"),
        required=False,
        help_text=gettext_lazy("Để trống: đến hết kỳ thẩm định."),
    )

    def __init__(self, *args: Any, last_day: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_day = last_day

    def clean_deadline(self) -> date | None:
        day: date | None = self.cleaned_data["deadline"]
        if day and day < timezone.localdate():
            raise ValidationError(_("Chọn hạn bổ sung từ hôm nay trở đi"), code="past")
        if day and self.last_day and day > self.last_day:
            raise ValidationError(
                _("Chọn hạn bổ sung không sau %(day)s, ngày cuối của kỳ thẩm định"),
                code="late",
                params={"day": f"{self.last_day:%d/%m/%Y}"},
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        short = SHORT.get(cleaned.get("decision", ""))
        if short and len(cleaned.get("reason", "")) < REASON_LENGTH and "reason" not in self.errors:
            self.add_error("reason", ValidationError(short, code="reason"))
        return cleaned

    def rebase(self, revision: int) -> None:
        """Keep what was typed; the next decision is about the revision that lies there now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["revision"] = str(revision)
