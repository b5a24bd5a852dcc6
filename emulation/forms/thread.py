"""What is written about an achievement: a message, and why it is withdrawn."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin
from emulation.services.thread import TEXT_LENGTH
from emulation.services.withdrawal import REASON_LENGTH


class MessageForm(CleanTextMixin, forms.Form):
    """A message to the other side."""

    text = forms.CharField(
        label=gettext_lazy("Nội dung trao đổi"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )


class WithdrawForm(CleanTextMixin, forms.Form):
    """Why an achievement is taken back; of what was sent the secretariat is told."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do rút"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, is_sent: bool, **kwargs: Any) -> None:
        self.is_sent = is_sent
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.help_text = (
            _("Ít nhất 10 ký tự; ghi vào lịch sử của thành tích.")
            if is_sent
            else _("Không bắt buộc.")
        )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.is_sent and len(reason) < REASON_LENGTH:
            raise ValidationError(
                _("Nêu lý do rút, ít nhất 10 ký tự, để thư ký cụm biết"), code="reason"
            )
        return reason
