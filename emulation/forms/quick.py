"""Thirty seconds on a phone: what, when, which kind, how much, a photo. The rest can follow."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import NumberField
from clusters.models import Unit
from emulation import proposals
from emulation.forms.achievement import AchievementForm, TargetField
from emulation.forms.entry import FilesField, FilesInput, limits
from emulation.forms.versioned import VersionedForm
from emulation.models import Achievement, Category, Season, Target

ASKED = ("title", "started_on", "category", "quantity", "target")
OWN = ("version", "entry_key")


class QuickForm(AchievementForm):
    """The five questions; everything else is completed on the full form."""

    category = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        choices=Category.choices,
        widget=forms.Select(attrs={"class": "narrow"}),
    )

    def __init__(
        self, *args: Any, key: UUID, category: str, season: Season, unit: Unit, today: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        initial = {"entry_key": key, "version": 0, "started_on": today, "category": category}
        super().__init__(
            *args, season=season, unit=unit, category="", today=today, initial=initial, **kwargs
        )
        for name in set(self.fields) - {*ASKED, *OWN}:
            del self.fields[name]
        title = self.fields["title"]
        title.required, title.needed, title.help_text = False, True, ""  # type: ignore[attr-defined]
        if "target" in self.fields:
            self._ask_shortly()
        self.order_fields(ASKED)

    def _ask_shortly(self) -> None:
        target, quantity = self.fields["target"], self.fields["quantity"]
        assert isinstance(target, TargetField)
        target.label, target.empty_label = _("Tính vào chỉ tiêu"), _("Đề xuất ở bước sau")
        quantity.label, quantity.help_text = _("Kết quả đạt được"), ""

    def clean(self) -> None:
        """A result without a target is all right here: the next page proposes one."""

    @property
    def values(self) -> dict[str, Any]:
        """What is right of that which was given."""
        return {name: self.cleaned_data[name] for name in ASKED if name in self.cleaned_data}

    @property
    def may_begin(self) -> bool:
        """Whether a draft can be made, though something is wrong."""
        return self.cleaned_data.keys() >= {*OWN, "category"}


class PhotoForm(forms.Form):
    """A photo taken now, or pictures and files that are there already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        camera = FilesInput(
            attrs={"accept": "image/*", "capture": "environment", "class": "form-control"}
        )
        self.fields["photos"] = FilesField(label=_("Chụp ảnh"), required=False, widget=camera)
        self.fields["files"] = FilesField(
            label=_("Ảnh, tài liệu có sẵn"), required=False, help_text=limits()
        )

    @property
    def files_given(self) -> list[UploadedFile]:
        """The files of both fields."""
        given = self.cleaned_data
        return [*given.get("photos", []), *given.get("files", [])]


class PlaceForm(VersionedForm):
    """Which target a result counts towards; the proposal is chosen already."""

    target = TargetField(
        label=gettext_lazy("Tính vào chỉ tiêu"), queryset=Target.objects.none(), empty_label=None
    )
    quantity = NumberField(label=gettext_lazy("Kết quả đạt được"), places=2, max_value=10**11)

    def __init__(self, *args: Any, achievement: Achievement, **kwargs: Any) -> None:
        initial = {
            "version": achievement.version,
            "quantity": achievement.quantity,
            "target": proposals.for_achievement(achievement),
        }
        super().__init__(*args, initial=initial, **kwargs)
        assert achievement.unit is not None
        target = self.fields["target"]
        assert isinstance(target, TargetField)
        target.queryset = proposals.offered(achievement.season, achievement.unit)
