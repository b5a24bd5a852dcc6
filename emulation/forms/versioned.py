"""A form that knows which version of a row it was filled in over."""

from typing import Any

from django import forms

from clusters.forms import CleanTextMixin


class VersionedForm(CleanTextMixin, forms.Form):
    """`version` is that of the row which the form shows; 0 where there is none yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def rebase(self, version: int) -> None:
        """Keep what was typed, and let the next saving go over the version that is stored now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed[self.add_prefix("version")] = str(version)
