"""What a unit tells of one file, and how it finds a file in its own store."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField
from emulation.models import Evidence
from emulation.models.evidence import Claim
from emulation.services.evidence import LEDGER, ledger_state


class EvidenceDetailsForm(CleanTextMixin, forms.Form):
    """One row of the ledger; `seen` tells which state of it the form shows."""

    claim = forms.ChoiceField(label=gettext_lazy("Chứng minh cho"), choices=Claim.choices)
    issuer = forms.CharField(label=gettext_lazy("Cơ quan ban hành"), max_length=160, required=False)
    document_number = forms.CharField(
        label=gettext_lazy("Số, ký hiệu văn bản"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Như ghi trên văn bản, ví dụ 118/BC-V01."),
    )
    issued_on = DayField(label=gettext_lazy("Ngày văn bản"), required=False)
    page = forms.CharField(
        label=gettext_lazy("Trang"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Chỗ nói đến việc này, ví dụ 3 hoặc 5–7."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        initial = {name: getattr(evidence, name) for name in LEDGER}
        super().__init__(*args, initial=initial | {"seen": ledger_state(evidence)}, **kwargs)

    def clean_issued_on(self) -> date | None:
        day: date | None = self.cleaned_data["issued_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Chọn ngày không sau hôm nay"), code="day")
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What the service writes down."""
        return {name: self.cleaned_data[name] for name in LEDGER}

    def rebase(self, evidence: Evidence) -> None:
        """Keep what was typed, and let the next saving go over what is stored now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["seen"] = ledger_state(evidence)


class StoreForm(CleanTextMixin, forms.Form):
    """The search in the store."""

    keeps_text = False
    q = forms.CharField(
        label=gettext_lazy("Tìm theo tên tệp, số văn bản, cơ quan, việc đã làm"),
        max_length=100,
        required=False,
    )

    def words(self) -> str:
        """Return what is looked for, "" where it makes no sense."""
        words: str = self.cleaned_data.get("q", "") if self.is_valid() else ""
        return words
