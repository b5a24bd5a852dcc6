"""The narrative of the summary report: a text box for each of its parts."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from clusters.forms import CleanTextMixin
from emulation.models import AssessmentKind

LONGEST = 20_000


class _Parts(forms.BaseForm):
    """Adds a text box for each part before CleanTextMixin looks at the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in AssessmentKind:
            self.fields[kind.value] = forms.CharField(
                label=kind.label,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 5}),
            )


class AssessmentForm(CleanTextMixin, _Parts, forms.Form):
    """One paragraph a line; `before` is the digest of what was stored when the form was shown."""

    before = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, *args: Any, stored: Mapping[AssessmentKind, Sequence[str]], **kwargs: Any
    ) -> None:
        initial = {kind.value: "\n".join(stored[kind]) for kind in AssessmentKind}
        super().__init__(*args, initial=initial | {"before": digest(stored)}, **kwargs)

    def paragraphs(self) -> dict[AssessmentKind, list[str]]:
        """Return the paragraphs that were typed under each heading, without empty lines."""
        return {
            kind: [
                line.strip() for line in self.cleaned_data[kind.value].splitlines() if line.strip()
            ]
            for kind in AssessmentKind
        }

    def rebase(self, stored: Mapping[AssessmentKind, Sequence[str]]) -> None:
        """Keep what was typed, and let the next saving go over what is stored now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["before"] = digest(stored)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def digest(texts: Mapping[AssessmentKind, Sequence[str]]) -> str:
    """Return a short mark by which a later change of any paragraph is noticed."""
    whole = "\x1e".join("\x1f".join([kind.value, *texts[kind]]) for kind in AssessmentKind)
    return hashlib.sha256(whole.encode()).hexdigest()
