"""The forms of one page of entry taken together: facts, particulars of the category, files."""

from collections.abc import Mapping, Set
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from clusters.models import Unit
from emulation import facts
from emulation.forms.achievement import AchievementForm
from emulation.forms.particulars import PARTICULARS_FORMS, ParticularsForm
from emulation.models import Achievement, Season
from emulation.returns import FILES
from emulation.services import achievement as services
from emulation.services.evidence import MAX_FILES
from emulation.uploads import MAX_SIZE

MEGABYTE = 1024 * 1024
# Fields of the forms that are no parts of the achievement.
OWN = ("version", "entry_key")


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Any number of files; whether each is taken is judged when it is attached."""

    widget = FilesInput(
        attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx", "class": "form-control"}
    )

    def clean(self, value: Any) -> list[UploadedFile]:
        return [file for file in value or [] if file]


def limits() -> str:
    """Say which files are taken, how large and how many."""
    return _(
        "PDF, JPG, PNG, DOCX, XLSX; mỗi tệp tối đa %(size)s MB, mỗi thành tích tối đa "
        "%(files)s tệp. Chỉ tải nội dung không mật."
    ) % {"size": MAX_SIZE // MEGABYTE, "files": MAX_FILES}


class EvidenceForm(forms.Form):
    """The files, in a form of their own because they stand below the particulars."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(
            label=_("Ảnh, tài liệu minh chứng"), required=False, help_text=limits()
        )


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
        key: UUID | None = None,
        data: Any = None,
        files: Any = None,
    ) -> None:
        self.category, self.unit, self.is_new = category, unit, stored is None
        self.locked: list[facts.Fact] = []
        self.are_files_open = True
        row = services.particulars(stored) if stored else None
        self.main = AchievementForm(
            data,
            initial=_initial(stored, key),
            season=season,
            unit=unit,
            category=category,
            today=today,
        )
        title = self.main.fields["title"]
        title.required, title.needed = False, True  # type: ignore[attr-defined]
        self.main.offer_earlier(unit, category, stored)
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
        """Whether a draft may be stored: nothing is wrong, and something is there."""
        if any(form.errors for form in self.forms):
            return False
        if self.is_new and self._is_empty():
            self.main.add_error("title", _("Nhập việc đã làm, hoặc chọn ảnh"))
            return False
        return True

    def _is_empty(self) -> bool:
        return not (any(self.values.values()) or self.particulars or self.files)

    @property
    def may_begin(self) -> bool:
        """Whether a new draft can be made of what is right, though something else is wrong."""
        return bool(self.main.cleaned_data.keys() >= set(OWN)) and not self._is_empty()

    def lock(self, achievement: Achievement, opened: Set[str] | None) -> None:
        """Take the parts out of the forms that are not open, and keep them as lines to read."""
        if opened is None:
            return
        row = services.particulars(achievement)
        lines = [*facts.of_achievement(achievement), *facts.of_particulars(row)]
        self.locked = [line for line in lines if line.text and line.name not in opened]
        self.are_files_open = FILES in opened
        for form in filter(None, (self.main, self.details)):
            for name in set(form.fields) - opened - set(OWN):
                del form.fields[name]
        if self.details is not None and not self.details.fields:
            self.details = None

    def pin(self, notes: Mapping[str, str]) -> None:
        """Let each field carry what the secretariat asks to complete in it."""
        for form in self.forms:
            for name in notes.keys() & form.fields.keys():
                pin_note(form[name], notes[name])

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
        is_right = self.details is not None and not self.details.errors
        return dict(self.details.cleaned_data) if self.details and is_right else {}

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


def pin_note(field: forms.BoundField, note: str) -> None:
    """Show a note of the secretariat above the field, and read it out with the field."""
    field.field.note = note  # type: ignore[attr-defined]
    hint = [f"{field.auto_id}_helptext"] if field.help_text else []
    field.field.widget.attrs["aria-describedby"] = " ".join([*hint, f"{field.auto_id}_note"])


def _initial(stored: Achievement | None, key: UUID | None) -> dict[str, Any]:
    if stored is None:
        return {"entry_key": key or uuid4(), "version": 0}
    names = (*facts.FIELDS, "version")
    return {name: getattr(stored, name) for name in names}
