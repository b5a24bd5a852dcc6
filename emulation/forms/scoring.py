"""Score sheets as forms: one field a criterion for the points, one for the note."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, NumberField, QuickSelect
from clusters.vietnamese import format_number, parse_number
from emulation import lanes, scoring
from emulation.forms.versioned import VersionedForm
from emulation.models import Basis, CrossScore, Score, ScoreSheet
from emulation.services.cells import Entry, entry_of
from emulation.sheets import Line, Part, Sheet
from emulation.standings import Lane


def _input(label: str, **attrs: str) -> forms.TextInput:
    """Return an input for a cell of the sheet: its label is not printed, so it is told."""
    return forms.TextInput(attrs={"class": "form-control", "aria-label": label} | attrs)


class PointsField(forms.CharField):
    """Points typed the Vietnamese way ("13,75"), within the range of one line of a sheet."""

    def __init__(self, score: Score | CrossScore, **kwargs: Any) -> None:
        self.score = score
        attrs = {"inputmode": "decimal", "autocomplete": "off", "size": "7"}
        super().__init__(required=False, widget=_input(kwargs["label"], **attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            points = parse_number(typed)
            scoring.check_score(self._rule(), points)
        except scoring.ScoreOutOfRange as refused:
            raise ValidationError(self._out_of_range(refused.code), code=refused.code) from refused
        except ValueError as error:
            text = _("Nhập điểm %(code)s bằng chữ số, dấu phẩy cho phần lẻ, ví dụ 13,75")
            raise ValidationError(text, "invalid", {"code": self._code}) from error
        return points

    @property
    def _code(self) -> str:
        return self.score.criterion.code

    def _rule(self) -> scoring.CriterionRule:
        return scoring.CriterionRule(
            code=self._code,
            kind=scoring.Kind(self.score.criterion.kind),
            max_score=self.score.max_score,
            min_score=self.score.min_score,
            points_each=None,
            group="",
        )

    def _out_of_range(self, code: str) -> str:
        values = {
            "code": self._code,
            "least": format_number(self.score.min_score),
            "most": format_number(self.score.max_score),
        }
        if code == "too_precise":
            return _("Điểm %(code)s có tối đa 2 chữ số sau dấu phẩy") % values
        if code == "below_min":
            return (
                _("Điểm tối thiểu của %(code)s là %(least)s. Nhập số từ %(least)s đến %(most)s.")
                % values
            )
        return (
            _("Điểm tối đa của %(code)s là %(most)s. Nhập số từ %(least)s đến %(most)s.") % values
        )


def _number(label: str, initial: Decimal | None) -> NumberField:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "size": "9"}
    return NumberField(
        label=label, places=2, max_value=10**10 - 1, required=False, initial=initial,
        widget=_input(label, **attrs),
    )  # fmt: skip


def line_fields(line: Line, kept: Entry, lane: str, note_label: Any) -> dict[str, forms.Field]:
    """Return the fields of one line by what they hold; one that is computed has none but a note."""
    code = {"code": line.criterion.code}
    made: dict[str, forms.Field] = {}
    if lane != "cross" and line.criterion.method:
        if not line.is_computed:
            made["actual"] = _number(_("Thực hiện %(code)s") % code, kept.actual)
            if line.criterion.method in lanes.TAKES_TARGET:
                made["target"] = _number(_("Chỉ tiêu %(code)s") % code, kept.target)
    else:
        label = _("Điểm %(code)s") % code
        made["points"] = PointsField(line.score, label=label, initial=kept.score)
    if not made:
        return made
    label = str(note_label % code)
    made["note"] = forms.CharField(
        label=label, max_length=500, required=False, initial=kept.note, widget=_input(label)
    )
    if lane == Lane.VERIFIED:
        label = _("Căn cứ %(code)s") % code
        made["basis"] = forms.ChoiceField(
            label=label, required=False, initial=kept.basis,
            choices=[("", _("Tự xác định căn cứ")), *Basis.choices],
            widget=QuickSelect(attrs={"class": "form-select", "aria-label": label}),
        )  # fmt: skip
    return made


def entry_from(cleaned: dict[str, Any], ending: str = "") -> Entry:
    """Return what was typed into the fields of one line."""
    return Entry(
        cleaned.get(f"points{ending}"), cleaned.get(f"note{ending}", ""),
        cleaned.get(f"actual{ending}"), cleaned.get(f"target{ending}"),
        cleaned.get(f"basis{ending}", ""),
    )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the sheet with its fields; `stored` is what somebody else saved meanwhile.

    `token` names the content that the page was made from.
    """

    line: Line
    fields: dict[str, forms.BoundField]
    stored: str
    token: str

    @property
    def points(self) -> forms.BoundField | None:
        return self.fields.get("points")

    @property
    def amounts(self) -> list[forms.BoundField]:
        """The fields of an actual value and its target."""
        return [self.fields[name] for name in ("actual", "target") if name in self.fields]

    @property
    def note(self) -> forms.BoundField | None:
        return self.fields.get("note")

    @property
    def basis(self) -> forms.BoundField | None:
        return self.fields.get("basis")


class _Lines(forms.BaseForm):
    """Adds the fields of every line before CleanTextMixin looks at them."""

    lane: str
    note_label: Any

    def __init__(self, *args: Any, content: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        for line in content.lines:
            made = line_fields(line, self.kept(line), self.lane, self.note_label)
            for name, field in made.items():
                self.fields[f"{name}-{line.criterion.pk}"] = field

    def kept(self, line: Line) -> Entry:
        """Return what is stored in this lane of a line."""
        return entry_of(line.score, Lane(self.lane))


class SheetForm(VersionedForm, _Lines):
    """The unit's own lane of its sheet. With `is_final` every criterion needs points."""

    lane = "self"
    note_label = gettext_lazy("Giải trình %(code)s")

    def __init__(self, *args: Any, sheet: Any, is_final: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": sheet.version}, **kwargs)
        self.is_final = is_final
        self.is_stale = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for line in self.content.lines if self.is_final else ():
            for what in ("points", "actual", "target"):
                self._require(cleaned, line, what)
        return cleaned

    def _require(self, cleaned: dict[str, Any], line: Line, what: str) -> None:
        name = f"{what}-{line.criterion.pk}"
        if cleaned.get(name, "") is not None:
            return
        if what == "target" and line.criterion.method not in lanes.NEEDS_TARGET:
            return
        texts = {
            "points": _("Nhập điểm %(code)s"),
            "actual": _("Nhập số thực hiện %(code)s"),
            "target": _("Nhập chỉ tiêu %(code)s"),
        }
        text = texts[what] % {"code": line.criterion.code}
        self.add_error(name, ValidationError(text, code="missing"))

    def values(self) -> dict[int, Entry]:
        """Return the lane as the services take it: {criterion id: entry}."""
        return {
            line.criterion.pk: entry_from(self.cleaned_data, f"-{line.criterion.pk}")
            for line in self.content.lines
            if f"note-{line.criterion.pk}" in self.fields
        }

    def show_stored(self, content: Sheet, version: int) -> None:
        """Keep what was typed beside what somebody else saved, for the reader to compare."""
        self.is_stale = True
        self.content = content
        self.rebase(version)

    def parts(self) -> Iterator[tuple[Part, list[Row]]]:
        """Yield each part of the sheet with its rows."""
        typed = self.values() if self.is_stale else {}
        for part in self.content.parts:
            yield part, [self._row(line, typed.get(line.criterion.pk)) for line in part.lines]

    def _row(self, line: Line, typed: Entry | None) -> Row:
        kept = self.kept(line)
        names = [name for name in ("points", "actual", "target", "note", "basis")
                 if f"{name}-{line.criterion.pk}" in self.fields]  # fmt: skip
        fields = {name: self[f"{name}-{line.criterion.pk}"] for name in names}
        stored = ""
        if typed is not None and typed != kept:
            value = kept.actual if "actual" in fields else kept.score
            stored = " · ".join(filter(None, [format_number(value, 2) or "–", kept.note]))
        return Row(line, fields, stored, kept.token)


class AppraiseForm(SheetForm):
    """The secretariat's lane: where the points differ from the unit's own, the reason belongs."""

    lane = "verified"
    note_label = gettext_lazy("Lý do, cách tính %(code)s")

    def __init__(self, *args: Any, gap_limit: Decimal = Decimal(0), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gap_limit = gap_limit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for line in self.content.lines if self.is_final else ():
            points = cleaned.get(f"points-{line.criterion.pk}")
            gap = abs(points - (line.own or 0)) if points is not None else Decimal(0)
            note = f"note-{line.criterion.pk}"
            if gap > self.gap_limit and not cleaned.get(note) and note not in self.errors:
                text = _("Nêu lý do: điểm %(code)s khác điểm tự chấm")
                error = ValidationError(text, "reason", {"code": line.criterion.code})
                self.add_error(note, error)
        return cleaned


class _More(forms.BaseForm):
    """Takes fields made at run time before CleanTextMixin looks at them."""

    def __init__(self, *args: Any, more: dict[str, forms.Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(more)


class CellForm(CleanTextMixin, _More, forms.Form):
    """One line as it is sent while it is typed; `was` names what it was typed over."""

    was = forms.CharField(max_length=32, required=False)

    def __init__(self, *args: Any, line: Line, kept: Entry, lane: str, **kwargs: Any) -> None:
        more = line_fields(line, kept, lane, gettext_lazy("Ghi chú %(code)s"))
        super().__init__(*args, more=more, **kwargs)

    def entry(self) -> Entry:
        """Return what was typed."""
        return entry_from(self.cleaned_data)


class ExplainForm(VersionedForm, _More):
    """The unit's answer to the first appraisal, line by line."""

    def __init__(self, *args: Any, sheet: ScoreSheet, content: Sheet, **kwargs: Any) -> None:
        self.lines, more = list(content.lines), {}
        for line in self.lines:
            label = _("Giải trình %(code)s") % {"code": line.criterion.code}
            more[f"text-{line.criterion.pk}"] = forms.CharField(
                label=label, max_length=1000, required=False, initial=line.score.explanation,
                widget=forms.Textarea(
                    attrs={"rows": 2, "class": "form-control", "aria-label": label}
                ),
            )  # fmt: skip
        super().__init__(*args, initial={"version": sheet.version}, more=more, **kwargs)

    def rows(self) -> Iterator[tuple[Line, forms.BoundField]]:
        """Yield each line that the unit may want to answer, those with a gap first."""
        order = sorted(self.lines, key=lambda line: line.own == line.score.first_score)
        for line in order:
            yield line, self[f"text-{line.criterion.pk}"]

    def texts(self) -> dict[int, str]:
        """Return the answers as the service takes them."""
        return {
            line.criterion.pk: self.cleaned_data[f"text-{line.criterion.pk}"] for line in self.lines
        }


class ReturnSheetForm(VersionedForm):
    """Why a sheet goes back to the unit."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Đơn vị đọc nguyên văn lý do này."),
        error_messages={"required": gettext_lazy("Nêu lý do trả lại bảng điểm")},
    )
