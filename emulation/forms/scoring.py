"""Score sheets as forms: one field a criterion for the points, one for the note."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.vietnamese import format_number, parse_number
from emulation import scoring
from emulation.forms.versioned import VersionedForm
from emulation.models import Score, ScoreSheet
from emulation.sheets import Line, Part, Sheet


def _input(label: str, **attrs: str) -> forms.TextInput:
    """Return an input for a cell of the sheet: its label is not printed, so it is told."""
    return forms.TextInput(attrs={"class": "form-control", "aria-label": label} | attrs)


class PointsField(forms.CharField):
    """Points typed the Vietnamese way ("13,75"), within the range of one line of a sheet."""

    def __init__(self, score: Score, **kwargs: Any) -> None:
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


@dataclass(frozen=True)
class Row:
    """A line of the sheet with its two fields; `stored` is what somebody else saved meanwhile."""

    line: Line
    points: forms.BoundField
    note: forms.BoundField
    stored: str


class _Lines(forms.BaseForm):
    """Adds the fields of every line before CleanTextMixin looks at them."""

    lane: str
    note_label: Any

    def __init__(self, *args: Any, content: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        for line in content.lines:
            points, note = self.kept(line)
            code = {"code": line.criterion.code}
            self.fields[_points(line)] = PointsField(
                line.score, label=_("Điểm %(code)s") % code, initial=points
            )
            label = str(self.note_label % code)
            self.fields[_note(line)] = forms.CharField(
                label=label, max_length=500, required=False, initial=note, widget=_input(label)
            )

    def kept(self, line: Line) -> tuple[Decimal | None, str]:
        """Return the points and the note that are stored in this lane of a line."""
        return getattr(line.score, f"{self.lane}_score"), getattr(line.score, f"{self.lane}_note")


class SheetForm(VersionedForm, _Lines):
    """The unit's own lane of its sheet. With `is_final` every criterion needs points."""

    lane = "self"
    note_label = gettext_lazy("Giải trình %(code)s")

    def __init__(
        self, *args: Any, sheet: ScoreSheet, is_final: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"version": sheet.version}, **kwargs)
        self.is_final = is_final
        self.is_stale = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for line in self.content.lines if self.is_final else ():
            if _points(line) in cleaned and cleaned[_points(line)] is None:
                text = _("Nhập điểm %(code)s") % {"code": line.criterion.code}
                self.add_error(_points(line), ValidationError(text, code="missing"))
        return cleaned

    def values(self) -> dict[int, tuple[Decimal | None, str]]:
        """Return the lane as the services take it: {criterion id: (points, note)}."""
        return {
            line.criterion.pk: (self.cleaned_data[_points(line)], self.cleaned_data[_note(line)])
            for line in self.content.lines
        }

    def show_stored(self, content: Sheet, version: int) -> None:
        """Keep what was typed beside what somebody else saved, for the reader to compare."""
        self.is_stale = True
        self.content = content
        self.rebase(version)

    def parts(self) -> Iterator[tuple[Part, list[Row]]]:
        """Yield each part of the sheet with its rows."""
        for part in self.content.parts:
            yield part, [self._row(line) for line in part.lines]

    def _row(self, line: Line) -> Row:
        points, note = self[_points(line)], self[_note(line)]
        stored = ""
        if self.is_stale and self.values()[line.criterion.pk] != self.kept(line):
            stored_points, stored_note = self.kept(line)
            stored = " · ".join(filter(None, [format_number(stored_points, 2) or "–", stored_note]))
        return Row(line, points, note, stored)


class AppraiseForm(SheetForm):
    """The secretariat's lane: where the points differ from the unit's own, the reason belongs."""

    lane = "verified"
    note_label = gettext_lazy("Lý do, cách tính %(code)s")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for line in self.content.lines if self.is_final else ():
            points = cleaned.get(_points(line))
            differs = points is not None and points != line.score.self_score
            if differs and not cleaned.get(_note(line)) and _note(line) not in self.errors:
                text = _("Nêu lý do: điểm %(code)s khác điểm tự chấm")
                error = ValidationError(text, "reason", {"code": line.criterion.code})
                self.add_error(_note(line), error)
        return cleaned


def _points(line: Line) -> str:
    return f"points-{line.criterion.pk}"


def _note(line: Line) -> str:
    return f"note-{line.criterion.pk}"


class ReturnSheetForm(VersionedForm):
    """Why a sheet goes back to the unit."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Đơn vị đọc nguyên văn lý do này."),
        error_messages={"required": gettext_lazy("Nêu lý do trả lại bảng điểm")},
    )
