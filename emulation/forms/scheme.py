"""What the pages of a scheme ask: which one to use, and why there is another version."""

from django import forms
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin


class ReasonForm(CleanTextMixin, forms.Form):
    """Why a version is made or used; everybody in the season reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Mọi người trong kỳ thi đua đọc được lý do này."),
    )


class ChooseForm(ReasonForm):
    """A reason that is asked for only once something rests on the scheme in use."""

    def __init__(self, *args: object, needs_reason: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]
