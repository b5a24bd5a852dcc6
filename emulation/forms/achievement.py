"""What a unit enters for an achievement: the facts all have, and the particulars of a category."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import LONG_TEXT, CleanTextMixin, DayField, NumberField, WholeNumberField
from clusters.models import Unit
from emulation import facts
from emulation.forms.versioned import VersionedForm
from emulation.models import (
    Achievement,
    AdvancedModel,
    Category,
    CommunityActivity,
    Organization,
    ParliamentaryService,
    PolicyDocument,
    Season,
    State,
    Target,
)
from emulation.models.achievement import COMMUNITY_FIGURES
from emulation.models.season import days_of
from emulation.services import achievement as services
from emulation.uploads import MAX_SIZE

MEGABYTE = 1024 * 1024


def check_day(day: date | None, season: Season, today: date) -> None:
    """Refuse a day outside the season or after today."""
    first, last = days_of(season)
    if day and not first <= day <= min(last, today):
        raise ValidationError(
            _("Chọn ngày trong năm %(year)s, không sau hôm nay"),
            code="day",
            params={"year": season.year},
        )


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Any number of files; whether each is taken is judged when it is attached."""

    widget = FilesInput(
        attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx", "class": "form-control"}
    )

    def clean(self, value: Any) -> list[UploadedFile]:
        return [file for file in value or [] if file]


class TargetField(forms.ModelChoiceField):
    """Targets of the pledge: of the unit first, then those that the cluster shares."""

    def label_from_instance(self, obj: models.Model) -> str:
        assert isinstance(obj, Target)
        text = f"{obj.text} ({obj.measure})"
        return text if obj.unit_id else _("Chung của cụm: %(text)s") % {"text": text}


class AchievementForm(VersionedForm):
    """The facts that every achievement has. A draft needs the title alone."""

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
    description = forms.CharField(
        label=gettext_lazy("Diễn giải"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=gettext_lazy("Cách làm, kết quả, tác dụng; tối đa 5000 ký tự."),
    )
    entry_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, season: Season, unit: Unit, category: str, today: date, **kwargs: Any
    ) -> None:
        self.season, self.today = season, today
        super().__init__(*args, **kwargs)
        self.fields["started_on"].needed = True  # type: ignore[attr-defined]
        if category not in facts.WITH_ORGANIZATION:
            del self.fields["organization"]
        offered = Target.objects.filter(pledge__season=season).filter(
            models.Q(unit=unit) | models.Q(unit=None)
        )
        targets = self.fields["target"]
        assert isinstance(targets, forms.ModelChoiceField)
        targets.queryset = offered.order_by(models.F("unit").asc(nulls_last=True), "order")
        if not offered.exists():
            del self.fields["target"], self.fields["quantity"]

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


class EvidenceForm(forms.Form):
    """The files, in a form of their own because they stand below the particulars."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = _(
            "PDF, JPG, PNG, DOCX, XLSX; mỗi tệp tối đa %(size)s MB, mỗi thành tích tối đa "
            "%(files)s tệp. Chỉ tải nội dung không mật."
        ) % {"size": MAX_SIZE // MEGABYTE, "files": services.MAX_FILES}
        self.fields["files"] = FilesField(
            label=_("Ảnh, tài liệu minh chứng"), required=False, help_text=limits
        )


class ParticularsForm(CleanTextMixin, forms.ModelForm):
    """Particulars of a category; left empty as a whole they are asked for at sending."""

    def __init__(self, *args: Any, season: Season, today: date, **kwargs: Any) -> None:
        self.season, self.today = season, today
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                options: Any = field.choices
                field.choices = [("", _("Chọn")), *(pair for pair in options if pair[0])]


class PolicyDocumentForm(ParticularsForm):
    class Meta:
        model = PolicyDocument
        fields = ("kind", "number", "issuer", "issued_on", "about", "status")
        field_classes = {"issued_on": DayField}
        widgets = {"about": forms.Textarea(attrs={"rows": 2})}

    def clean_issued_on(self) -> date | None:
        day: date | None = self.cleaned_data["issued_on"]
        check_day(day, self.season, self.today)
        return day


class ParliamentaryServiceForm(ParticularsForm):
    term = WholeNumberField(
        label=gettext_lazy("Quốc hội khóa"),
        min_value=1,
        max_value=99,
        help_text=gettext_lazy("Bằng chữ số, ví dụ 14."),
    )
    petitions = WholeNumberField(label=gettext_lazy("Số kiến nghị của cử tri"), required=False)

    class Meta:
        model = ParliamentaryService
        fields = (
            "term", "sessions", "supervision", "interpellation", "voter_petition", "petitions",
        )  # fmt: skip
        help_texts = {"sessions": gettext_lazy("Ví dụ: 3, 4.")}


class CommunityActivityForm(ParticularsForm):
    sessions = WholeNumberField(label=gettext_lazy("Số buổi"), required=False)
    participants = WholeNumberField(label=gettext_lazy("Số người dự"), required=False)
    families = WholeNumberField(label=gettext_lazy("Số gia đình"), required=False)
    gifts = WholeNumberField(label=gettext_lazy("Số suất quà"), required=False)
    value = WholeNumberField(label=gettext_lazy("Trị giá (đồng)"), max_value=10**12, required=False)
    pupils = WholeNumberField(label=gettext_lazy("Số cháu"), required=False)

    class Meta:
        model = CommunityActivity
        fields = ("kind", *COMMUNITY_FIGURES)


class AdvancedModelForm(ParticularsForm):
    class Meta:
        model = AdvancedModel
        fields = ("kind", "name", "replicated")


PARTICULARS_FORMS: dict[str, type[ParticularsForm]] = {
    Category.POLICY_DOCUMENT: PolicyDocumentForm,
    Category.PARLIAMENT: ParliamentaryServiceForm,
    Category.COMMUNITY: CommunityActivityForm,
    Category.ADVANCED_MODEL: AdvancedModelForm,
}


class Entry:
    """The forms of one page taken together, for a new achievement or a stored one."""

    def __init__(
        self,
        *,
        season: Season,
        unit: Unit,
        category: str,
        today: date,
        stored: Achievement | None = None,
        data: Any = None,
        files: Any = None,
    ) -> None:
        self.category = category
        row = services.particulars(stored) if stored else None
        self.main = AchievementForm(
            data, initial=_initial(stored), season=season, unit=unit, category=category, today=today
        )
        if stored:
            del self.main.fields["entry_key"]
        self.evidence = EvidenceForm(data, files)
        self.details: ParticularsForm | None = None
        if category in PARTICULARS_FORMS:
            self.details = PARTICULARS_FORMS[category](
                data, initial=model_to_dict(row) if row else None, season=season, today=today
            )

    @property
    def forms(self) -> list[forms.BaseForm]:
        return [form for form in (self.main, self.details, self.evidence) if form is not None]

    def is_valid(self) -> bool:
        return not any(form.errors for form in self.forms)

    @property
    def key(self) -> UUID:
        key: UUID = self.main.cleaned_data["entry_key"]
        return key

    @property
    def version(self) -> int:
        version: int = self.main.cleaned_data["version"]
        return version

    @property
    def values(self) -> dict[str, Any]:
        """What the services take as values of the achievement."""
        given = self.main.cleaned_data
        return {name: given[name] for name in facts.FIELDS if name in given}

    @property
    def particulars(self) -> dict[str, Any]:
        """What the services take as particulars; empty where nothing was filled in or changed."""
        return dict(self.details.cleaned_data) if self.details else {}

    @property
    def files(self) -> list[UploadedFile]:
        found: list[UploadedFile] = self.evidence.cleaned_data.get("files", [])
        return found

    def differences(self, stored: Achievement) -> list[facts.Difference]:
        """Return where the stored achievement is not what was typed."""
        row = services.particulars(stored)
        typed: Mapping[str, Any] = self.particulars
        return [
            *facts.differences(stored, self.values, self.values),
            *facts.differences(row, typed, typed),
        ]


def _initial(stored: Achievement | None) -> dict[str, Any]:
    if stored is None:
        return {"entry_key": uuid4(), "version": 0}
    names = (*facts.FIELDS, "version")
    return {name: getattr(stored, name) for name in names}


class FilterForm(CleanTextMixin, forms.Form):
    """The filters of the list. What makes no sense filters nothing."""

    q = forms.CharField(label=gettext_lazy("Tìm trong tên, mã"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("Trạng thái"),
        choices=[("", gettext_lazy("Tất cả")), *State.choices],
        required=False,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        choices=[("", gettext_lazy("Tất cả")), *Category.choices],
        required=False,
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Đơn vị"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("Tất cả"),
    )
    # Comes from the figure of a target, which opens the achievements it is made of.
    target = forms.ModelChoiceField(
        queryset=Target.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, season: Season, units: models.QuerySet[Unit] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        targets = self.fields["target"]
        assert isinstance(targets, forms.ModelChoiceField)
        targets.queryset = Target.objects.filter(pledge__season=season)
        if units is None:
            del self.fields["unit"]
        else:
            field = self.fields["unit"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = units

    def given(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
