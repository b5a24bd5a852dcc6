"""Judges the rows of a file with the forms of the page, and the upload itself.

The forms are made once for a category and filled anew for each row: a thousand rows would else
copy their fields and ask for the targets a thousand times.
"""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin
from clusters.models import Unit
from clusters.vietnamese import nfc
from emulation import facts
from emulation.forms.achievement import AchievementForm
from emulation.forms.particulars import PARTICULARS_FORMS, ParticularsForm
from emulation.importing.columns import BY_NAME, COLUMNS, NO, YES, Column, Kind, plain_head
from emulation.importing.table import MAX_PROBLEMS, Problem, Row
from emulation.models import Category, CommunityKind, Organization, Season
from emulation.services.importing import Entry, Key, same_entry

# What "yes" and "no" may look like in a cell.
_FLAGS = {"có": YES, "x": YES, "true": YES, "1": YES, "không": NO, "false": NO, "0": NO, "-": NO}
# Returns the address of (row, column, head of the column) in the file.
Address = Callable[[int, int, str], str]


class UploadForm(CleanTextMixin, forms.Form):
    """The file of an import; whether it is taken is judged when it is kept."""

    file = forms.FileField(
        label=gettext_lazy("Tệp Excel hoặc Word đã điền theo mẫu"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.docx", "class": "form-control"}),
        help_text=gettext_lazy(
            "XLSX, DOCX, tối đa 20 MB, 2000 dòng. Chỉ tải nội dung không mật. Tệp được giữ lại làm "
            "chứng cứ của lần nhập."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = _("Chọn tệp")
        field = self.fields["file"]
        field.error_messages |= {"required": chosen, "missing": chosen, "empty": _("Tệp rỗng")}


def _options(field: Any) -> dict[str, Any]:
    """Return {label: value} of a field with a list; labels that stand twice get a number."""
    found: dict[str, Any] = {}
    for value, label in field.choices:
        text = nfc(str(label))
        if not value:
            continue
        copies = sum(1 for known in found if known == text or known.startswith(f"{text} ("))
        # A ModelChoiceField wraps its keys.
        plain = getattr(value, "value", value)
        found[f"{text} ({copies + 1})" if text in found else text] = plain
    return found


class RowForms:
    """The forms of one season and unit."""

    def __init__(self, *, season: Season, unit: Unit, today: date) -> None:
        self.season, self.unit, self.today = season, unit, today
        self._made: dict[str, tuple[AchievementForm, ParticularsForm | None]] = {}
        self._options: dict[str, dict[str, Any]] = {
            "category": {nfc(str(kind.label)): kind.value for kind in Category}
        }
        self._by_plain: dict[str, dict[str, Any]] = {}

    def forms_of(self, category: str) -> tuple[AchievementForm, ParticularsForm | None]:
        """Return the two forms of a category, made at the first call."""
        if category not in self._made:
            main = AchievementForm(
                season=self.season, unit=self.unit, category=category, today=self.today
            )
            for name in ("target", "drive"):
                if name in main.fields:
                    _answer_from_memory(main.fields[name])
            kind = PARTICULARS_FORMS.get(category)
            details = kind(season=self.season, today=self.today) if kind else None
            self._made[category] = main, details
        return self._made[category]

    def choices(self) -> dict[str, list[str]]:
        """Return what the drop-down lists of the template offer, by name of the column."""
        lists = [column for column in COLUMNS if column.kind is Kind.CHOICE]
        found = {column.name: list(self.options(column)) for column in lists}
        flags = {column.name: [YES, NO] for column in COLUMNS if column.kind is Kind.FLAG}
        return {name: labels for name, labels in (found | flags).items() if labels}

    def options(self, column: Column) -> dict[str, Any]:
        """Return {label: value} of a column with a list; empty where this season has none."""
        if column.name not in self._options:
            field = self._field(column)
            self._options[column.name] = _options(field) if field else {}
        return self._options[column.name]

    def _field(self, column: Column) -> forms.Field | None:
        """Return the field behind a column, from a category that has it."""
        for category in (column.category,) if column.category else Category.values:
            main, details = self.forms_of(category)
            form: forms.BaseForm | None = details if column.category else main
            if form is not None and column.key in form.fields:
                return form.fields[column.key]
        return None

    def value(self, column: Column, text: str) -> Any:
        """Return what the form takes for the text of a cell; raise ValidationError."""
        if column.kind is Kind.FLAG:
            flag = _FLAGS.get(plain_head(text))
            if flag is None:
                raise ValidationError(_("Ghi “Có” hoặc “Không”"))
            return "on" if flag == YES else None
        if column.kind is not Kind.CHOICE:
            return text
        options = self.options(column)
        if column.name not in self._by_plain:
            self._by_plain[column.name] = {plain_head(label): v for label, v in options.items()}
        found = self._by_plain[column.name].get(plain_head(text))
        if found is None:
            close = get_close_matches(text, list(options), 1, 0.6)
            raise ValidationError(
                _("Không có trong danh sách. Có phải “%(close)s”?") % {"close": close[0]}
                if close
                else _("Không có trong danh sách. Chọn một mục ở trang Danh mục của tệp mẫu")
            )
        return found


def _answer_from_memory(field: Any) -> None:
    """Let a field find the rows that it offers without a query for each."""
    known = {row.pk: row for row in field.queryset}

    def to_python(value: Any) -> Any:
        return known.get(value)

    field.to_python = to_python


def _fill(form: Any, data: Mapping[str, Any]) -> dict[str, list[ValidationError]]:
    """Fill a form anew and return its errors by field."""
    form.data, form.is_bound = dict(data), True
    form._errors = None
    form.__dict__.pop("changed_data", None)
    if isinstance(form, forms.ModelForm):
        form.instance = form._meta.model()
        # A query for each; the fields have the same bounds, and the database the last word.
        form.instance.validate_constraints = _nothing
    found: dict[str, list[ValidationError]] = form.errors.as_data()
    return found


def _nothing(exclude: object = None) -> None:
    return None


class RowCheck:
    """Judges one row after the other, and remembers what was there before."""

    def __init__(
        self,
        row_forms: RowForms,
        *,
        heads: Mapping[str, int],
        address: Address,
        known: Mapping[Key, str],
        problems: list[Problem],
    ) -> None:
        self.forms, self.heads, self.address = row_forms, heads, address
        self.known, self.problems = known, problems
        self.told = {where for where, _text in problems}
        self.seen: dict[Key, str] = {}
        self.entries: list[Entry] = []
        self.has_secret = False

    @property
    def is_full(self) -> bool:
        """Tell whether more problems would be of no use to whoever mends the file."""
        return len(self.problems) >= MAX_PROBLEMS

    def judge(self, row: Row) -> None:
        """Add the row's entry, or the problems that it has."""
        before = len(self.problems)
        category = self._category(row)
        if category is None:
            return
        entry = self._entry(row, category, *self._data(row, category))
        if entry is not None:
            self._compare(entry)
            if len(self.problems) == before:
                self.entries.append(entry)

    def where(self, row: Row, name: str) -> str:
        """Return the address of a row's cell, filled or empty; the row where it has no column."""
        if name in row.cells:
            return row.cells[name][0]
        if name in self.heads:
            return self.address(row.number, self.heads[name], BY_NAME[name].head)
        return row.place

    def _add(self, row: Row, name: str, *texts: str) -> None:
        """Name a cell, once: the reader or a list may have named it before."""
        where = self.where(row, name)
        if where not in self.told:
            self.problems += [(where, text) for text in texts]
        self.told.add(where)

    def _add_errors(self, row: Row, name: str, errors: list[ValidationError]) -> None:
        self.has_secret |= any(error.code == "secret" for error in errors)
        self._add(row, name, *(text for error in errors for text in error.messages))

    def _category(self, row: Row) -> str | None:
        text = row.cells.get("category", ("", ""))[1]
        if not text.strip():
            self._add(row, "category", _("Chọn loại"))
            return None
        try:
            category: str = self.forms.value(BY_NAME["category"], text)
        except ValidationError as error:
            self._add(row, "category", *error.messages)
            return None
        return category

    def _data(self, row: Row, category: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what the two forms get; name the cells that they would not understand."""
        main, details = self.forms.forms_of(category)
        data: dict[str, Any] = {"version": "0", "entry_key": str(uuid4())}
        particulars: dict[str, Any] = {}
        for name, (_where, text) in row.cells.items():
            column = BY_NAME[name]
            if name == "category" or not text.strip():
                continue
            form = details if column.category == category else None if column.category else main
            try:
                value = self.forms.value(column, text)
            except ValidationError as error:
                self._add(row, name, *error.messages)
                continue
            if form is not None and column.key in form.fields:
                (particulars if column.category else data)[column.key] = value
            elif value is not None:
                self._add(row, name, self._unused(category))
        return data, particulars

    def _unused(self, category: str) -> str:
        said = _("Cột này không dùng cho loại “%(category)s”. Xóa ô, hoặc đổi loại")
        return said % {"category": Category(category).label}

    def _entry(
        self, row: Row, category: str, data: dict[str, Any], particulars: dict[str, Any]
    ) -> Entry | None:
        main, details = self.forms.forms_of(category)
        for name, errors in _fill(main, data).items():
            self._add_errors(row, name, errors)
        found: dict[str, Any] = {}
        if details is not None and particulars:
            for name, errors in _fill(details, particulars).items():
                self._add_errors(row, f"{category}.{name}", errors)
            found = dict(details.cleaned_data)
        given = main.cleaned_data
        values = {n: given[n] for n in facts.FIELDS if n in given}
        if not {"title", "started_on"} <= values.keys():
            return None
        return Entry(self.where(row, "title"), values | {"category": category}, found)

    def _compare(self, entry: Entry) -> None:
        """Name an entry that stands twice in the file, or is there already."""
        if first := self.seen.get(entry.key):
            said = _("Trùng tên, ngày, loại với %(first)s. Xóa một dòng") % {"first": first}
            self.problems.append((entry.address, said))
        elif code := self.known.get(entry.key):
            self.problems.append((entry.address, same_entry(code)))
        self.seen.setdefault(entry.key, entry.address)


def sample_row(season: Season) -> dict[str, Any]:
    """Return the sample row of the template."""
    return {
        "category": str(Category.COMMUNITY.label),
        "title": "Tặng quà gia đình chính sách nhân ngày 27/7",
        "started_on": date(season.year, 7, 25),
        "organization": str(Organization.YOUTH_UNION.label),
        "description": "Đoàn Thanh niên thăm 12 gia đình, trao 12 suất quà.",
        "community.kind": str(CommunityKind.GIFT.label),
        "community.families": 12,
        "community.gifts": 12,
        "community.value": 6_000_000,
    }
