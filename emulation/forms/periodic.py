"""The windows of periodic reports, what a unit reports, and the secretary's answers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, DayField
from emulation.forms.versioned import VersionedForm
from emulation.models import Drive, Period, PeriodicReport, PeriodKind, Season
from emulation.models.season import days_of
from emulation.periods import KINDS, ahead
from emulation.services.periodic import PARTS

LONGEST = 20_000
REASON = 1000


class PeriodKindsForm(CleanTextMixin, forms.Form):
    """Which kinds of usual windows the cluster takes."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Loại kỳ báo cáo"),
        choices=[(kind.value, kind.label) for kind in PeriodKind if kind.value in KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Chọn ít nhất một loại kỳ báo cáo")},
    )
    cut = DayField(
        label=gettext_lazy("Số liệu năm tính đến ngày"),
        required=False,
        help_text=gettext_lazy(
            "Cụm tổng kết trong tháng 11 thì chốt sớm hơn ngày 14/12. Các kỳ khác giữ nguyên."
        ),
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, initial={"cut": season.counted_to}, **kwargs)


class PeriodForm(VersionedForm):
    """One period with dates of its own."""

    name = forms.CharField(label=gettext_lazy("Tên kỳ báo cáo"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Loại kỳ báo cáo"), choices=PeriodKind.choices)
    drive = forms.ModelChoiceField(
        Drive.objects.none(),
        label=gettext_lazy("Đợt thi đua"),
        required=False,
        empty_label=gettext_lazy("Không gắn với đợt nào"),
        help_text=gettext_lazy("Gắn với một đợt thì báo cáo chỉ lấy thành tích của đợt đó."),
    )
    start = DayField(label=gettext_lazy("Số liệu từ ngày"))
    end = DayField(label=gettext_lazy("Đến hết ngày"))
    due_on = DayField(label=gettext_lazy("Hạn gửi"))

    def __init__(
        self,
        *args: Any,
        season: Season,
        period: Period | None = None,
        drive: Drive | None = None,
        **kwargs: Any,
    ) -> None:
        self.season = season
        names = ("name", "kind", "drive", "start", "end", "due_on", "version")
        initial: dict[str, Any] = {"version": 0}
        if period:
            initial = {name: getattr(period, name) for name in names}
        elif drive:
            initial |= {
                "name": drive.name[:120], "kind": PeriodKind.DRIVE, "drive": drive,
                "start": drive.starts_on, "end": drive.ends_on,
            }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        field = self.fields["drive"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = season.drives.all()
        if not field.queryset.exists():
            del self.fields["drive"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = days_of(self.season)
        for name in ("start", "end"):
            day = cleaned.get(name)
            if day and not first <= day <= last:
                text = _("Chọn ngày từ %(first)s đến %(last)s") % {
                    "first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}",
                }  # fmt: skip
                self.add_error(name, ValidationError(text, code="season"))
        start, end, due = (cleaned.get(name) for name in ("start", "end", "due_on"))
        if start and end and end < start:
            self.add_error("end", ValidationError(_("Chọn ngày không trước ngày bắt đầu")))
        if end and due and due < end:
            self.add_error("due_on", ValidationError(_("Chọn hạn gửi từ ngày chốt số liệu trở đi")))
        if end and due and due.year > end.year + 1:
            self.add_error("due_on", ValidationError(_("Chọn hạn gửi trong vòng một năm")))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _part(label: Any, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, required=False, widget=widget)


class ReportForm(VersionedForm):
    """The three parts of a periodic report (domain.md 5.5, interim report).

    A report that is not there yet begins as the `proposal`; `shows` is what was typed so far.
    """

    results = _part(gettext_lazy("Kết quả thực hiện"), 16)
    shortcomings = _part(gettext_lazy("Tồn tại, hạn chế"), 5)
    tasks = _part(gettext_lazy("Nhiệm vụ kỳ tới"), 6)

    def __init__(
        self,
        *args: Any,
        period: Period,
        report: PeriodicReport | None,
        proposal: Mapping[str, str],
        shows: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        texts = {name: getattr(report, name) for name in PARTS} if report else proposal
        initial = {"version": report.version if report else 0, **texts, **(shows or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["tasks"].label = ahead(period.kind, period.season.year)

    def texts(self) -> dict[str, str]:
        """Return what was typed, with one kind of line ends."""
        return {name: "\n".join(self.cleaned_data[name].splitlines()) for name in PARTS}


class ReturnForm(VersionedForm):
    """Why a report goes back."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ít nhất 20 ký tự; đơn vị đọc nguyên văn lý do này."),
        error_messages={
            "required": gettext_lazy(
                "Nêu lý do trả lại, ít nhất 20 ký tự, để đơn vị biết cần bổ sung gì"
            )
        },
    )


class ExcuseForm(CleanTextMixin, forms.Form):
    """Why a unit need not send a report."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do miễn gửi"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Đơn vị và lãnh đạo phụ trách cụm đọc nguyên văn lý do này."),
    )
