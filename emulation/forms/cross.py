"""A cross sheet as a form, and who scores whom."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin
from clusters.models import Unit
from emulation.forms.scoring import SheetForm
from emulation.models import CrossScore, CrossSheet, Season
from emulation.services.cells import Entry
from emulation.sheets import Line


class CrossForm(SheetForm):
    """What a unit gives another: points and a remark a criterion, whatever its method."""

    lane = "cross"
    note_label = gettext_lazy("Nhận xét %(code)s")

    def __init__(self, *args: Any, sheet: CrossSheet, **kwargs: Any) -> None:
        self.given = given(sheet)
        super().__init__(*args, sheet=sheet, **kwargs)
        for line in self.content.lines:
            if line.is_computed:
                for name in ("points", "note"):
                    self.fields.pop(f"{name}-{line.criterion.pk}", None)

    def kept(self, line: Line) -> Entry:
        """Return what the unit has given this line so far."""
        return self.given.get(line.criterion.pk, Entry())

    def scores(self) -> dict[int, tuple[Decimal | None, str]]:
        """Return the lines as the service takes them."""
        return {key: (entry.score, entry.note) for key, entry in self.values().items()}


def given(cross: CrossSheet) -> dict[int, Entry]:
    """Return what a cross sheet holds by criterion; one query."""
    rows = CrossScore.objects.filter(cross_sheet=cross).values_list("criterion", "score", "note")
    return {key: Entry(score, note) for key, score, note in rows.order_by()}


class AssignForm(CleanTextMixin, forms.Form):
    """One more unit that scores another."""

    scored = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Đơn vị được chấm"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )  # fmt: skip
    scorer = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Đơn vị chấm"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )  # fmt: skip

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = season.units()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scored") and cleaned.get("scored") == cleaned.get("scorer"):
            text = _("Đơn vị không tự chấm chéo chính mình.")
            self.add_error("scorer", ValidationError(text, code="own"))
        return cleaned
