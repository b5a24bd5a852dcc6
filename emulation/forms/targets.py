"""The targets of one unit, or of the cluster, on one page: a row of fields each."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, NumberField
from clusters.vietnamese import parse_number
from emulation.forms.pledge import reason_field
from emulation.models import Direction, Pledge, Target, TargetGroup
from emulation.services.targets import MOST, Line
from emulation.weights import Balance, balance

SPARE = 3
PREFIX = "ct"


class TargetRow(CleanTextMixin, forms.Form):
    """One target; `pk` names the stored row."""

    text = forms.CharField(
        label=gettext_lazy("Nội dung, chỉ tiêu"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Nhóm"), choices=TargetGroup.choices, initial=TargetGroup.POLITICAL
    )
    measure = forms.CharField(label=gettext_lazy("Đơn vị tính"), max_length=40)
    planned = NumberField(label=gettext_lazy("Giao ước"), places=2, max_value=10**11)
    direction = forms.ChoiceField(
        label=gettext_lazy("Chiều"), choices=Direction.choices, initial=Direction.MORE
    )
    weight = NumberField(label=gettext_lazy("Trọng số"), places=2, max_value=100, required=False)
    order = NumberField(label=gettext_lazy("Thứ tự"), max_value=999, required=False)
    note = forms.CharField(label=gettext_lazy("Ghi chú"), max_length=200, required=False)
    part_of = forms.TypedChoiceField(
        label=gettext_lazy("Góp vào chỉ tiêu chung"), coerce=int, empty_value=None, required=False
    )
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**31 - 1)

    def __init__(self, *args: Any, shared: Sequence[Target] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("planned", "weight", "order"):
            self.fields[name].in_words = False  # type: ignore[attr-defined]
        if shared is None:
            del self.fields["part_of"], self.fields["weight"]
        else:
            field = self.fields["part_of"]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", _("Không góp")), *((row.pk, row.text) for row in shared)]

    def line(self) -> Line:
        """Return the row as the service takes it."""
        given = self.cleaned_data
        return Line(
            pk=given["pk"],
            group=given["group"],
            text=" ".join(given["text"].split()),
            measure=given["measure"],
            planned=given["planned"],
            direction=given["direction"],
            weight=given.get("weight") or Decimal(0),
            note=given["note"],
            part_of_id=given.get("part_of"),
        )


class TargetRows(forms.BaseFormSet):
    """All rows of a table; a row to delete is not judged."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Xóa chỉ tiêu này")

    def filled(self) -> list[TargetRow]:
        """Return the rows that stay, in the order that was typed."""
        kept = [
            (form.cleaned_data.get("order") or Decimal(place), place, form)
            for place, form in enumerate(self.forms, 1)
            if form.cleaned_data.get("text") and form not in self.deleted_forms
        ]
        return [form for _order, _place, form in sorted(kept, key=lambda entry: entry[:2])]

    @property
    def judged(self) -> list[forms.Form]:
        """The rows whose faults are told."""
        if not self.is_bound:
            return list(self.forms)
        return [form for form in self.forms if not form.cleaned_data.get("DELETE")]


TargetSet = forms.formset_factory(
    TargetRow, formset=TargetRows, extra=SPARE, max_num=MOST, absolute_max=MOST + SPARE,
    validate_max=True, can_delete=True,
)  # fmt: skip


def target_set(
    data: Any = None,
    *,
    shared: Sequence[Target] | None,
    initial: Sequence[dict[str, Any]] | None = None,
) -> TargetRows:
    """Return the rows of a table; `shared` are the cluster's targets for a unit's, else None."""
    kwargs: Any = {"shared": shared}
    made = TargetSet(data, initial=initial, prefix=PREFIX, form_kwargs=kwargs)
    assert isinstance(made, TargetRows)
    made.extra = 1 if initial else SPARE
    return made


class SeenForm(CleanTextMixin, forms.Form):
    """What the page showed, and after the settling why it is changed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = reason_field()

    def __init__(self, *args: Any, pledge: Pledge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pledge.settled_at is None:
            del self.fields["reason"]


def rows_of(targets: Iterable[Target]) -> list[dict[str, Any]]:
    """Return stored targets as the rows of the form begin."""
    names = ("pk", "group", "text", "measure", "planned", "direction", "weight", "note")
    return [
        {name: getattr(row, name) for name in names} | {"part_of": row.part_of_id, "order": order}
        for order, row in enumerate(targets, 1)
    ]


def rows_from(shared: Sequence[Target]) -> list[dict[str, Any]]:
    """Return the cluster's targets as a unit's rows to begin with: the number is the unit's own."""
    names = ("group", "text", "measure", "direction")
    return [
        {name: getattr(row, name) for name in names} | {"part_of": row.pk, "order": order}
        for order, row in enumerate(shared, 1)
    ]


def typed_balance(rows: TargetRows) -> Balance:
    """Return the balance of the weights that stand in the form and can be read."""
    found = []
    for form in rows:
        value = form["weight"].value()
        try:
            weight = parse_number(value) if isinstance(value, str) else Decimal(value or 0)
        except ValueError:
            continue
        if not form["DELETE"].value():
            found.append(weight)
    return balance(found)
