"""A scheme in the browser: the frame, a row of fields for each criterion, a line a condition."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, NumberField
from emulation.models import Scheme
from emulation.models.achievement import Category
from emulation.models.pledge import TargetGroup
from emulation.models.scheme import KINDS, METHODS, ActualSource
from emulation.scheme_check import Fault, Line, Plan
from emulation.scoring import GRADES, TIE_BREAKS, Kind, Method

MOST, SPARE, LARGEST = 400, 3, 99_999
PREFIX = "tc"
NOTHING = ("", gettext_lazy("không"))
CELL = {"class": "form-control", "autocomplete": "off"}


def _number(label: Any, *, required: bool = True) -> NumberField:
    return NumberField(
        label=label, places=2, min_value=-LARGEST, max_value=LARGEST, required=required,
        widget=forms.TextInput(attrs=CELL | {"inputmode": "decimal", "size": "7"}),
    )  # fmt: skip


def _choice(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=widget)


class CriterionRow(CleanTextMixin, forms.Form):
    """One criterion or group."""

    order = NumberField(
        label=gettext_lazy("Thứ tự"), max_value=9999, places=1, required=False,
        widget=forms.TextInput(attrs=CELL | {"size": "4", "inputmode": "decimal"}),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("Mã"), max_length=12, widget=forms.TextInput(attrs=CELL | {"size": "8"})
    )
    parent = forms.CharField(
        label=gettext_lazy("Nhóm"), max_length=12, required=False,
        widget=forms.TextInput(attrs=CELL | {"size": "8"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Tiêu chí"), max_length=300,
        widget=forms.Textarea(attrs=CELL | {"rows": 2, "cols": 36}),
    )  # fmt: skip
    kind = _choice(gettext_lazy("Cách chấm"), KINDS)
    method = _choice(gettext_lazy("Cách tính điểm"), METHODS, required=False)
    actual_source = _choice(gettext_lazy("Nguồn số liệu"), ActualSource.choices)
    category = _choice(
        gettext_lazy("Loại thành tích"), [NOTHING, *Category.choices], required=False
    )
    target_group = _choice(
        gettext_lazy("Nhóm chỉ tiêu"), [NOTHING, *TargetGroup.choices], required=False
    )
    min_score = _number(gettext_lazy("Tối thiểu"))
    max_score = _number(gettext_lazy("Tối đa"))
    points_each = _number(gettext_lazy("Điểm mỗi lần"), required=False)
    guidance = forms.CharField(
        label=gettext_lazy("Hướng dẫn"), max_length=1000, required=False,
        widget=forms.Textarea(attrs=CELL | {"rows": 2, "cols": 30}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def line(self) -> Line:
        """Return the row as plain data."""
        given = dict(self.cleaned_data)
        given["kind"], given["method"] = Kind(given["kind"]), Method(given["method"])
        given["name"] = " ".join(given["name"].split())
        return Line(**{name: given[name] for name in Line._fields})


class _Rows(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Bỏ")
        form.fields["DELETE"].widget.attrs["aria-label"] = _("Bỏ tiêu chí này")

    def kept(self) -> list[CriterionRow]:
        """Return the rows that stay, in the order that was typed."""
        rows = [
            (form.cleaned_data.get("order") or Decimal(place), place, form)
            for place, form in enumerate(self.forms, 1)
            if form.cleaned_data.get("code") and form not in self.deleted_forms
        ]
        return [form for _order, _place, form in sorted(rows, key=lambda row: row[:2])]


RowSet = forms.formset_factory(
    CriterionRow, formset=_Rows, extra=SPARE, max_num=MOST, absolute_max=MOST + SPARE,
    validate_max=True, can_delete=True,
)  # fmt: skip


def row_set(plan: Plan, data: Any = None) -> _Rows:
    """Return the rows of a plan to edit, with a few empty ones at the end."""
    initial = [
        row._asdict()
        | {"order": Decimal(place), "kind": row.kind.value, "method": row.method.value}
        for place, row in enumerate(plan.lines, 1)
    ]
    made = RowSet(data, initial=initial, prefix=PREFIX)
    assert isinstance(made, _Rows)
    for form in made.forms:
        # An empty spare row has its choices preset, and is still empty.
        form.fields["kind"].initial = Kind.QUALITATIVE.value
        form.fields["actual_source"].initial = ActualSource.TYPED.value
        form.fields["min_score"].initial = Decimal(0)
    return made


class FrameForm(CleanTextMixin, forms.Form):
    """What holds for the whole scheme, and the conditions that are on."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    name = forms.CharField(label=gettext_lazy("Tên thang điểm"), max_length=200)
    source = forms.CharField(label=gettext_lazy("Căn cứ"), max_length=300, required=False)
    ceiling = _number(gettext_lazy("Tổng tối đa, kể cả thưởng"))
    lead_group = forms.CharField(
        label=gettext_lazy("Nhóm xét trước khi bằng điểm"), max_length=12, required=False
    )
    bonus_group = forms.CharField(
        label=gettext_lazy("Nhóm điểm thưởng"), max_length=12, required=False
    )
    penalty_group = forms.CharField(
        label=gettext_lazy("Nhóm điểm trừ"), max_length=12, required=False
    )
    gap_limit = NumberField(
        label=gettext_lazy("Chênh lệch phải nêu căn cứ"), places=2, max_value=999
    )

    def __init__(self, *args: Any, scheme: Scheme, plan: Plan, **kwargs: Any) -> None:
        self.plan = plan
        names = ("name", "source", "ceiling", "lead_group", "bonus_group", "penalty_group")
        initial = {name: getattr(plan, name) for name in (*names, "gap_limit")}
        super().__init__(*args, initial=initial | {"edits": scheme.edits}, **kwargs)
        self._add_steps(plan.tie_breaks)
        labels = (_("Xuất sắc"), _("Tốt"), _("Khá"), _("Trung bình"))
        for (_least, grade), label in zip(GRADES, labels, strict=True):
            self.fields[f"grade_{grade.value}"] = NumberField(
                label=_("%(grade)s từ (%%)") % {"grade": label}, places=2, max_value=100,
                initial=plan.grades.get(grade.value), required=False,
            )  # fmt: skip
        for place, rule in enumerate(plan.rules):
            self.fields[f"rule_{place}"] = forms.BooleanField(
                label=rule.name, required=False, initial=rule.is_on
            )
            if rule.limit is not None:
                self.fields[f"limit_{place}"] = NumberField(
                    label=_("Ngưỡng"), places=2, max_value=9999, initial=rule.limit
                )

    def _add_steps(self, steps: Sequence[str]) -> None:
        words = {
            "group_a": _("điểm nhóm xét trước"), "penalty": _("ít điểm trừ hơn"),
            "bonus": _("điểm thưởng cao hơn"), "ballot": _("kết quả bỏ phiếu kín"),
            "women": _("ưu tiên tỷ lệ nữ"), "meeting": _("quyết định của hội nghị"),
        }  # fmt: skip
        for place in range(len(TIE_BREAKS)):
            self.fields[f"step_{place}"] = forms.ChoiceField(
                label=_("Bằng điểm, bước %(n)s") % {"n": place + 1},
                choices=[NOTHING, *words.items()], required=False,
                initial=steps[place] if place < len(steps) else "",
            )  # fmt: skip

    def made(self, lines: Sequence[Line]) -> Plan:
        """Return the whole plan as it was typed."""
        given = self.cleaned_data
        names = ("name", "source", "ceiling", "lead_group", "bonus_group", "penalty_group")
        grades = {g.value: given.get(f"grade_{g.value}") for _least, g in GRADES}
        return replace(
            self.plan,
            **{name: given[name] for name in names},
            gap_limit=given["gap_limit"],
            lines=list(lines),
            tie_breaks=tuple(
                step for n in range(len(TIE_BREAKS)) if (step := given.get(f"step_{n}"))
            ),
            grades={name: least for name, least in grades.items() if least is not None},
            rules=[
                rule._replace(is_on=given[f"rule_{n}"], limit=given.get(f"limit_{n}", rule.limit))
                for n, rule in enumerate(self.plan.rules)
            ],
        )

    def add_faults(self, faults: Sequence[Fault], rows: Sequence[CriterionRow]) -> None:
        """Put each fault of the plan at its field."""
        for fault in faults:
            if fault.line is not None:
                rows[fault.line].add_error(fault.field, fault.text)
            else:
                self.add_error(fault.field if fault.field in self.fields else None, fault.text)
