"""To whom the cluster is handed over, and from which day."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField, RowsField
from clusters.models import Unit, User


class NextHeadForm(CleanTextMixin, forms.Form):
    """Head and deputy of next year and the day; asked first, for the people depend on them."""

    head = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Cụm trưởng năm sau"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )
    deputy = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Cụm phó năm sau"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )
    day = DayField(
        label=gettext_lazy("Nhận bàn giao từ ngày"),
        help_text=gettext_lazy("Thư ký hiện nay giữ quyền đến hết ngày hôm trước."),
    )

    def __init__(
        self, *args: Any, members: list[Unit], first: date, last: date, **kwargs: Any
    ) -> None:
        self.first, self.last = first, last
        super().__init__(*args, **kwargs)
        offered = Unit.objects.filter(pk__in=[unit.pk for unit in members])
        for name in ("head", "deputy"):
            self.fields[name].queryset = offered  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not self.first <= day <= self.last:
            text = _("Chọn ngày từ hôm nay đến %(last)s")
            raise ValidationError(text, code="day", params={"last": f"{self.last:%d/%m/%Y}"})
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("head") and cleaned["head"] == cleaned.get("deputy"):
            text = _("Cụm trưởng và cụm phó phải là hai đơn vị.")
            self.add_error("deputy", ValidationError(text, code="same"))
        return cleaned


class _People(RowsField):
    """Users with the units they work in."""

    def __init__(self, **kwargs: Any) -> None:
        self.homes: dict[int, str] = {}
        super().__init__(User.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        parts = (str(obj), obj.rank, obj.position, self.homes.get(obj.pk, ""))
        return " · ".join(filter(None, parts))


class HandOverForm(NextHeadForm):
    """The whole of it: with the people who become secretaries of the cluster."""

    people = _People(
        label=gettext_lazy("Người nhận vai trò thư ký cụm"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Chọn ít nhất một người nhận vai trò thư ký")},
    )
    source = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Hội nghị, nghị quyết đã bầu cụm trưởng, cụm phó."),
    )

    def __init__(self, *args: Any, homes: dict[int, str], **kwargs: Any) -> None:
        self.homes = homes
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, _People)
        field.homes = homes
        field.queryset = User.objects.filter(pk__in=homes)
        for name in ("head", "deputy", "day"):
            self.fields[name].widget = self.fields[name].hidden_widget()

    @property
    def is_of_one_unit(self) -> bool:
        """All who are offered work in one unit: nobody could judge that one."""
        return len(set(self.homes.values())) == 1
