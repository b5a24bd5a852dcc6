"""What the administrator says of a unit that is renamed, merged, split or moved."""

import hashlib
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField, RowsField, WholeNumberField
from clusters.lineage import ancestors
from clusters.models import Appointment, Cluster, Unit
from clusters.services.lineage import UnitName

NEW_UNITS = 4
SPAN = 5


class _ChangeForm(CleanTextMixin, forms.Form):
    """What all changes have in common: `seen` tells that what is typed was looked at before."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @property
    def fingerprint(self) -> str:
        """A mark of all that was typed, so that a preview is confirmed as it was read."""
        typed = sorted(
            (name, str(value))
            for name, value in self.data.items()
            if name not in ("seen", "confirm", "csrfmiddlewaretoken")
        )
        units = sorted(self.data.getlist("units")) if hasattr(self.data, "getlist") else []
        return hashlib.sha256(repr((typed, units)).encode()).hexdigest()

    @property
    def is_confirmed(self) -> bool:
        return "confirm" in self.data and self.cleaned_data.get("seen") == self.fingerprint

    def show_again(self) -> None:
        """Let the hidden field carry the mark of what is typed now."""
        typed: Any = self.data
        mark = self.fingerprint
        self.data = typed = typed.copy()
        typed["seen"] = mark


class _DatedForm(_ChangeForm):
    day = DayField(
        label=gettext_lazy("Từ ngày"),
        help_text=gettext_lazy("Ngày tên mới có hiệu lực; đơn vị cũ kết thúc ngày hôm trước."),
    )
    basis = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Số, ngày của quyết định."),
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        year = timezone.localdate().year
        if not year - SPAN <= day.year <= year + SPAN:
            text = _("Chọn ngày từ năm %(first)s đến năm %(last)s")
            params = {"first": year - SPAN, "last": year + SPAN}
            raise ValidationError(text, code="day", params=params)
        return day


def _name_fields(required: bool = True) -> dict[str, forms.Field]:
    return {
        "name": forms.CharField(
            label=gettext_lazy("Tên đơn vị mới"), max_length=200, required=required
        ),
        "short_name": forms.CharField(
            label=gettext_lazy("Tên gọi ngắn"), max_length=80, required=required
        ),
        "code": forms.CharField(
            label=gettext_lazy("Ký hiệu"),
            max_length=20,
            required=required,
        ),
    }


class _NamedForm(_DatedForm):
    name, short_name, code = _name_fields().values()
    field_order = ("units", "name", "short_name", "code", "day", "basis")

    def clean_code(self) -> str:
        return _code(self.cleaned_data["code"])

    def to(self) -> UnitName:
        """Return what the unit is called from the day on."""
        row = self.cleaned_data
        return UnitName(row["name"], row["short_name"], row["code"])

    def named(self) -> list[UnitName]:
        """Return the same for a page that shows one name or several."""
        return [self.to()]


def _code(code: str) -> str:
    if code:
        try:
            validate_slug(code)
        except ValidationError as error:
            text = _("Ký hiệu chỉ gồm chữ cái không dấu, chữ số, dấu - và _")
            raise ValidationError(text, code="invalid") from error
    return code


class RenameForm(_NamedForm):
    """Another name, short name or code, from a day on."""

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        initial = {"name": unit.name, "short_name": unit.short_name, "code": unit.code}
        super().__init__(*args, initial=initial, **kwargs)


class MergeForm(_NamedForm):
    """Which units become one with this one, and what it is called."""

    units = RowsField(
        Unit.objects.none(),
        label=gettext_lazy("Sáp nhập với"),
        widget=forms.SelectMultiple(attrs={"size": "8"}),
        help_text=gettext_lazy(
            "Chọn một hoặc nhiều đơn vị. Đơn vị nhận sáp nhập mà giữ tên thì ghi lại tên cũ."
        ),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        initial = {"name": unit.name, "short_name": unit.short_name, "code": unit.code}
        super().__init__(*args, initial=initial, **kwargs)
        others = Unit.objects.filter(valid_to=None).exclude(pk=unit.pk)
        self.fields["units"].queryset = others  # type: ignore[attr-defined]
        self.fields["units"].error_messages["required"] = _("Chọn đơn vị sáp nhập")


class _SplitFields(forms.BaseForm):
    """Adds the names of the new units, and a place for every person, before texts are cleaned."""

    def __init__(self, *args: Any, unit: Unit, people: list[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for number in range(1, NEW_UNITS + 1):
            for name, field in _name_fields(required=number <= 2).items():
                self.fields[f"{name}-{number}"] = field
        choices = [(str(n), _("Đơn vị mới thứ %(n)s") % {"n": n}) for n in range(1, NEW_UNITS + 1)]
        for row in people:
            label = f"{row.user} · {row.get_role_display()}"
            self.fields[f"person-{row.pk}"] = forms.ChoiceField(
                label=label, choices=choices, initial="1"
            )


class SplitForm(_DatedForm, _SplitFields):
    """The new units in order, and who goes to which of them."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, NEW_UNITS + 1):
            self._check_unit(number)
        known = {str(number) for number in self._numbers()}
        for row in self.people:
            name = f"person-{row.pk}"
            if name in cleaned and cleaned[name] not in known and not self.errors:
                text = _("Chọn một trong các đơn vị mới đã nhập")
                self.add_error(name, ValidationError(text, code="place"))
        return cleaned

    def _check_unit(self, number: int) -> None:
        """Refuse a new unit of which only a part is typed, and a code with strange letters."""
        typed = {
            name: self.cleaned_data.get(f"{name}-{number}") for name in UnitName.__annotations__
        }
        for name, value in typed.items():
            key = f"{name}-{number}"
            if any(typed.values()) and not value and key not in self.errors:
                self.add_error(key, ValidationError(_("Nhập đủ tên và ký hiệu"), code="required"))
        try:
            _code(typed["code"] or "")
        except ValidationError as error:
            self.add_error(f"code-{number}", error)

    def _numbers(self) -> list[int]:
        return [n for n in range(1, NEW_UNITS + 1) if self.cleaned_data.get(f"name-{n}")]

    def into(self) -> list[UnitName]:
        """Return what the new units are called."""
        row = self.cleaned_data
        return [
            UnitName(row[f"name-{n}"], row[f"short_name-{n}"], row[f"code-{n}"])
            for n in self._numbers()
        ]

    def places(self) -> dict[int, int]:
        """Return for each appointment (by key) to which of the new units it goes."""
        numbers = self._numbers()
        return {
            row.pk: numbers.index(int(self.cleaned_data[f"person-{row.pk}"])) for row in self.people
        }

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each new unit."""
        return [
            (n, [self[f"{name}-{n}"] for name in UnitName.__annotations__])
            for n in range(1, NEW_UNITS + 1)
        ]

    def persons(self) -> list[forms.BoundField]:
        """Return the field of every person who goes on."""
        return [self[f"person-{row.pk}"] for row in self.people]

    def facts(self) -> list[forms.BoundField]:
        """Return the fields of the change itself."""
        return [self["day"], self["basis"]]


class MoveForm(_ChangeForm):
    """From which cluster to which, and from which year on."""

    origin = forms.ModelChoiceField(
        Cluster.objects.none(), label=gettext_lazy("Rời cụm"), empty_label=gettext_lazy("Chọn cụm")
    )
    to = forms.ModelChoiceField(
        Cluster.objects.none(),
        label=gettext_lazy("Sang cụm"),
        empty_label=gettext_lazy("Chọn cụm"),
    )
    year = WholeNumberField(
        label=gettext_lazy("Từ năm"),
        min_value=1948,
        max_value=2200,
        help_text=gettext_lazy("Năm đang chạy giữ nguyên thành viên."),
    )
    basis = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Số, ngày của quyết định."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        year = timezone.localdate().year
        of_unit = Cluster.objects.filter(
            memberships__unit__in=ancestors(unit), memberships__year__gte=year
        ).distinct()
        initial: dict[str, Any] = {"year": year + 1, "origin": of_unit.first()}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["origin"].queryset = of_unit  # type: ignore[attr-defined]
        self.fields["to"].queryset = Cluster.objects.all()  # type: ignore[attr-defined]


class UnitFilterForm(CleanTextMixin, forms.Form):
    """The filters of the list. What makes no sense filters nothing."""

    q = forms.CharField(
        label=gettext_lazy("Tìm trong tên, ký hiệu"), max_length=100, required=False
    )
    ended = forms.ChoiceField(
        label=gettext_lazy("Đơn vị"),
        choices=[
            ("", gettext_lazy("Đang hoạt động")),
            ("1", gettext_lazy("Cả đơn vị đã kết thúc")),
        ],
        required=False,
    )

    def given(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
