"""What the secretary decides about an achievement, with a note pinned to each part."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField
from emulation.models import Review
from emulation.services.review import NOTE_LENGTH, REASON_LENGTH

# The controls stand beside what they speak of, all over the page: this is the form they belong to.
FORM_ID = "ket-luan"
NOTE = "note-"
# Which field holds the reason of a decision, and what is asked for there.
REASONS = {
    Review.Decision.RETURNED: (
        "reason",
        gettext_lazy("Nêu lý do trả lại, ít nhất 20 ký tự, để đơn vị biết cần bổ sung gì"),
    ),
    Review.Decision.REJECTED: (
        "refusal",
        gettext_lazy("Nêu lý do không công nhận, ít nhất 20 ký tự, để đơn vị biết vì sao"),
    ),
}


class NotedForm(forms.Form):
    """A form with a note for each of `parts`, which are names with their labels."""

    def __init__(self, *args: Any, parts: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.parts = parts or {}
        super().__init__(*args, **kwargs)
        self.fields |= {NOTE + name: _note(label) for name, label in self.parts.items()}


class ReviewForm(CleanTextMixin, NotedForm):
    """A decision about the revision that was read. `last_day` is when returned work must be in."""

    # Sent by the button that was pressed.
    decision = forms.ChoiceField(
        label=gettext_lazy("Kết luận"), choices=Review.Decision.choices, widget=forms.HiddenInput
    )
    revision = forms.IntegerField(
        label=gettext_lazy("Bản sửa"), widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ít nhất 20 ký tự; đơn vị đọc nguyên văn lý do này."),
    )
    deadline = DayField(
        label=gettext_lazy("Hạn bổ sung"),
        required=False,
        help_text=gettext_lazy("Để trống: đến hết kỳ thẩm định."),
    )
    refusal = forms.CharField(
        label=gettext_lazy("Lý do không công nhận"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ít nhất 20 ký tự; đơn vị đọc nguyên văn lý do này."),
    )

    def __init__(
        self,
        *args: Any,
        last_day: date | None = None,
        **kwargs: Any,
    ) -> None:
        self.last_day = last_day
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM_ID

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
        name, short = REASONS.get(cleaned.get("decision", ""), ("", ""))
        if name and len(cleaned.get(name, "")) < REASON_LENGTH and name not in self.errors:
            self.add_error(name, ValidationError(short, code="reason"))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes; the reason is that of the decision which was taken."""
        given = self.cleaned_data
        decision = Review.Decision(given["decision"])
        name, _short = REASONS.get(decision, ("", ""))
        return {
            "decision": decision,
            "revision": given["revision"],
            "reason": given[name] if name else "",
            "deadline": given["deadline"],
            "notes": {part: given[NOTE + part] for part in self.parts if given[NOTE + part]},
        }

    def note(self, part: str) -> forms.BoundField | None:
        """Return the field of the note on a part, None where no note may be pinned."""
        return self[NOTE + part] if NOTE + part in self.fields else None

    def rebase(self, revision: int) -> None:
        """Keep what was typed; the next decision is about the revision that lies there now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["revision"] = str(revision)


def _note(label: str) -> forms.CharField:
    return forms.CharField(
        label=_("Ý kiến tại phần %(part)s") % {"part": label},
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
