"""The facts that every achievement has, and the filters of the list."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import LONG_TEXT, CleanTextMixin, DayField, NumberField, QuickSelect
from clusters.models import Unit
from emulation import facts, proposals
from emulation.forms.particulars import check_day
from emulation.forms.versioned import VersionedForm
from emulation.models import (
    Achievement,
    Category,
    CommunityActivity,
    CommunityKind,
    Drive,
    Organization,
    Season,
    State,
    Target,
)
from emulation.models.particulars import COMMUNITY_FIGURES

MEGABYTE = 1024 * 1024


class TargetField(forms.ModelChoiceField):
    """Targets of the pledge: of the unit first, then those that the cluster shares."""

    def label_from_instance(self, obj: models.Model) -> str:
        assert isinstance(obj, Target)
        text = f"{obj.text} ({obj.measure})"
        return text if obj.unit_id else _("Chung của cụm: %(text)s") % {"text": text}


class EarlierField(forms.ModelChoiceField):
    """Achievements of the unit which a new one may continue."""

    def label_from_instance(self, obj: models.Model) -> str:
        assert isinstance(obj, Achievement)
        day = f" ({obj.started_on:%d/%m/%Y})" if obj.started_on else ""
        return f"{obj.code} {obj.title}{day}"


class AchievementForm(VersionedForm):
    """The facts that every achievement has."""

    title = forms.CharField(
        label=gettext_lazy("Việc đã làm"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Một câu: việc gì, ở đâu; tối đa 300 ký tự."),
    )
    started_on = DayField(label=gettext_lazy("Ngày"), required=False)
    ended_on = DayField(label=gettext_lazy("Đến ngày"), required=False)
    organization = forms.ChoiceField(
        label=gettext_lazy("Tổ chức quần chúng chủ trì"),
        choices=[("", "–"), *Organization.choices],
        required=False,
    )
    target = TargetField(
        label=gettext_lazy("Chỉ tiêu giao ước"),
        queryset=Target.objects.none(),
        required=False,
        empty_label=gettext_lazy("Không tính vào chỉ tiêu nào"),
    )
    quantity = NumberField(
        label=gettext_lazy("Kết quả tính vào chỉ tiêu"),
        places=2,
        max_value=10**11,
        required=False,
        help_text=gettext_lazy("Theo đơn vị tính của chỉ tiêu, trong ngoặc ở ô trên."),
    )
    drive = forms.ModelChoiceField(
        label=gettext_lazy("Đợt thi đua"),
        queryset=Drive.objects.none(),
        required=False,
        empty_label=gettext_lazy("Không thuộc đợt nào"),
    )
    continues = EarlierField(
        label=gettext_lazy("Tiếp nối thành tích"),
        queryset=Achievement.objects.none(),
        required=False,
        empty_label=gettext_lazy("Không tiếp nối thành tích nào"),
    )
    description = forms.CharField(
        label=gettext_lazy("Diễn giải"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=gettext_lazy("Cách làm, kết quả, tác dụng; tối đa 5000 ký tự."),
    )
    is_internal = forms.BooleanField(
        label=gettext_lazy("Lưu hành nội bộ"),
        required=False,
        help_text=gettext_lazy("Vẫn là nội dung không mật; đánh dấu để không phổ biến ra ngoài."),
    )
    entry_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, season: Season, unit: Unit, category: str, today: date, **kwargs: Any
    ) -> None:
        self.season, self.unit, self.today = season, unit, today
        super().__init__(*args, **kwargs)
        self.fields["started_on"].needed = True  # type: ignore[attr-defined]
        if category not in facts.WITH_ORGANIZATION:
            del self.fields["organization"]
        targets = self.fields["target"]
        assert isinstance(targets, forms.ModelChoiceField)
        targets.queryset = proposals.offered(season, unit)
        if not targets.queryset.exists():
            del self.fields["target"], self.fields["quantity"]
        offer_drives(self, season)

    def offer_earlier(self, unit: Unit, category: str, stored: Achievement | None = None) -> None:
        """Let what the unit did before in the category be continued; else do not ask."""
        known = models.Q(pk=stored.continues_id) if stored else models.Q(pk=None)
        same = models.Q(season=self.season, unit=unit, category=category, parent=None)
        rows = Achievement.objects.filter(known | same).exclude(title="")
        rows = rows.exclude(state=State.WITHDRAWN)
        if stored:
            rows = rows.exclude(pk=stored.pk)
        field = self.fields["continues"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows.select_related("season").order_by("-started_on", "-pk")
        if not rows.exists():
            del self.fields["continues"]

    def clean_started_on(self) -> date | None:
        day: date | None = self.cleaned_data["started_on"]
        check_day(day, self.season, self.today)
        return day

    def clean_ended_on(self) -> date | None:
        day: date | None = self.cleaned_data["ended_on"]
        check_day(day, self.season, self.today)
        return day

    def clean_quantity(self) -> Decimal | None:
        """Return the number with two decimals, as the database gives it back."""
        number: Decimal | None = self.cleaned_data["quantity"]
        return None if number is None else number.quantize(Decimal("0.01"))

    def clean(self) -> None:
        first, last = self.cleaned_data.get("started_on"), self.cleaned_data.get("ended_on")
        if last and not first and "started_on" not in self.errors:
            self.add_error("started_on", _("Chọn ngày bắt đầu, hoặc để trống ô Đến ngày"))
        if first and last and last < first:
            self.add_error("ended_on", _("Chọn ngày kết thúc không trước ngày bắt đầu"))
        if self.cleaned_data.get("quantity") is not None and not self._has("target"):
            self.add_error(
                "target", _("Chọn chỉ tiêu mà kết quả tính vào, hoặc xóa ô kết quả bên dưới")
            )

    def _has(self, name: str) -> bool:
        return name in self.errors or bool(self.cleaned_data.get(name))


def offer_drives(form: forms.BaseForm, season: Season) -> None:
    """Let the drives of the season be chosen; where it has none, do not ask."""
    field = form.fields["drive"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = season.drives.all()
    if not field.queryset.exists():
        del form.fields["drive"]


class FilterForm(CleanTextMixin, forms.Form):
    """The filters of the list. What makes no sense filters nothing."""

    keeps_text = False
    q = forms.CharField(label=gettext_lazy("Tìm trong tên, mã"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("Trạng thái"),
        choices=[("", gettext_lazy("Tất cả")), *State.choices],
        required=False,
        widget=QuickSelect,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        choices=[("", gettext_lazy("Tất cả")), *Category.choices],
        required=False,
        widget=QuickSelect,
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Đơn vị"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("Tất cả"),
        widget=QuickSelect,
    )
    # Comes from the figure of a target, which opens the achievements it is made of.
    target = forms.ModelChoiceField(
        queryset=Target.objects.none(), required=False, widget=forms.HiddenInput
    )

    drive = forms.ModelChoiceField(
        label=gettext_lazy("Đợt thi đua"),
        queryset=Drive.objects.none(),
        required=False,
        empty_label=gettext_lazy("Tất cả"),
        widget=QuickSelect,
    )
    organization = forms.ChoiceField(
        label=gettext_lazy("Tổ chức quần chúng"),
        choices=[("", gettext_lazy("Tất cả")), *Organization.choices],
        required=False,
        widget=QuickSelect,
    )
    # Come from the sums of community work, which open what they are made of.
    activity = forms.ChoiceField(
        choices=[("", ""), *CommunityKind.choices], required=False, widget=forms.HiddenInput
    )
    figure = forms.ChoiceField(
        choices=[("", ""), *((name, name) for name in COMMUNITY_FIGURES)],
        required=False,
        widget=forms.HiddenInput,
    )
    judged = forms.ChoiceField(
        choices=[("", ""), ("counted", ""), ("waiting", "")],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(
        self, *args: Any, season: Season, units: models.QuerySet[Unit] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_drives(self, season)
        targets = self.fields["target"]
        assert isinstance(targets, forms.ModelChoiceField)
        targets.queryset = Target.objects.filter(pledge__season=season)
        if units is None:
            del self.fields["unit"]
        else:
            field = self.fields["unit"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = units

    def said(self) -> list[str]:
        """Return in words the filters that have no field on the page."""
        given = self.given()
        words = []
        if "activity" in given:
            words.append(str(CommunityKind(given["activity"]).label))
        if "figure" in given:
            words.append(facts.named(CommunityActivity, given["figure"]))
        if "judged" in given:
            words.append(_("đã thẩm định") if given["judged"] == "counted" else _("chờ thẩm định"))
        return words

    def given(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
