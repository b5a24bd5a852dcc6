"""Publishing the order: why again, and why a unit has no place."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin
from clusters.models import Unit


class PublicationForm(CleanTextMixin, forms.Form):
    """`seen` is the number of the publication over which the page was shown."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do công bố lại"), max_length=500, required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)

    def __init__(self, *args: Any, number: int, waiting: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": number}, **kwargs)
        self.fields["reason"].required = number > 0
        if not number:
            del self.fields["reason"]
        self.waiting = waiting
        for unit in waiting:
            self.fields[f"out-{unit.pk}"] = forms.CharField(
                label=_("Không xếp hạng %(unit)s vì") % {"unit": unit.short_name},
                max_length=300, required=False,
            )  # fmt: skip

    @property
    def left_out(self) -> dict[int, str]:
        """The reason for each unit that has no place."""
        return {unit.pk: self.cleaned_data[f"out-{unit.pk}"] for unit in self.waiting}
