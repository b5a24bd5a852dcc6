"""What is entered of the pledge: its parts, the titles registered, its settling, a signature."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.forms import LONG_TEXT, CleanTextMixin, DayField
from emulation.forms.movement import day_in_season
from emulation.forms.versioned import VersionedForm
from emulation.models import Pledge, Season
from emulation.services.pledge import CEREMONY, SHORTEST_REASON, TEXT

# From the highest to the lowest rank of officers (Law 37/2018/QH14, article 21).
RANKS = (
    *("Đại tướng", "Thượng tướng", "Trung tướng", "Thiếu tướng"),
    *("Đại tá", "Thượng tá", "Trung tá", "Thiếu tá"),
    *("Đại úy", "Thượng úy", "Trung úy", "Thiếu úy"),
)
MOST_TITLES = 12


def reason_field(*, required: bool = True) -> forms.CharField:
    """Return the field for the reason of a change after the settling."""
    short = gettext_lazy("Nêu lý do điều chỉnh, ít nhất 20 ký tự")
    return forms.CharField(
        label=gettext_lazy("Lý do điều chỉnh"),
        required=required,
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Giao ước đã chốt: lý do hiện trên trang giao ước, ít nhất 20 ký tự."
        ),
        error_messages={"min_length": short},
    )


def _part(label: Any, rows: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
    )


class PledgeForm(VersionedForm):
    """The parts of the pledge in the order of the paper (domain.md 5.3), then its ceremony."""

    basis = _part(
        gettext_lazy("Căn cứ"), 4, gettext_lazy("Mỗi dòng một căn cứ; tối đa 5000 ký tự.")
    )
    content = _part(
        gettext_lazy("Nội dung giao ước"),
        8,
        gettext_lazy("Nhiệm vụ cụm cùng thực hiện; chỉ tiêu ghi ở trang chỉ tiêu."),
    )
    measures = _part(
        gettext_lazy("Biện pháp, tổ chức thực hiện"),
        6,
        gettext_lazy("Phát động tại đơn vị, sơ kết, tổng kết, chấm điểm."),
    )
    signed_on = DayField(
        label=gettext_lazy("Ngày ký kết"),
        required=False,
        help_text=gettext_lazy("Ngày tổ chức lễ ký; đơn vị ký sau ngày này là ký chậm."),
    )
    place = forms.CharField(label=gettext_lazy("Nơi ký"), max_length=200, required=False)
    witness = forms.CharField(
        label=gettext_lazy("Đại diện cơ quan thường trực chứng kiến"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Cấp bậc, họ tên, chức vụ."),
    )
    # Only a change of the text itself needs it: the service asks.
    reason = reason_field(required=False)

    def __init__(self, *args: Any, season: Season, pledge: Pledge | None, **kwargs: Any) -> None:
        self.season, self.pledge = season, pledge
        initial: dict[str, Any] = {"version": pledge.version if pledge else 0}
        if pledge:
            initial |= {name: getattr(pledge, name) for name in (*TEXT, *CEREMONY)}
        super().__init__(*args, initial=initial, **kwargs)
        if pledge is None or pledge.settled_at is None:
            del self.fields["reason"]

    def clean_signed_on(self) -> date | None:
        return day_in_season(self.cleaned_data["signed_on"], self.season)

    def values(self) -> dict[str, Any]:
        """Return what the service takes as the parts of the pledge."""
        return {name: self.cleaned_data[name] for name in (*TEXT, *CEREMONY)}


class _Titles(forms.Form):
    """Adds the choice of known titles before CleanTextMixin looks at the fields."""

    titles = forms.MultipleChoiceField(
        label=gettext_lazy("Danh hiệu, hình thức khen thưởng"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    more = forms.CharField(
        label=gettext_lazy("Danh hiệu khác"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Mỗi dòng một danh hiệu, ghi đúng tên đầy đủ."),
    )
    reason = reason_field()
    before = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)


class TitlesForm(CleanTextMixin, _Titles):
    """The titles that a unit registers: those registered before to tick, others to write."""

    def __init__(
        self,
        *args: Any,
        known: Sequence[str],
        stored: Sequence[str],
        is_settled: bool,
        **kwargs: Any,
    ) -> None:
        initial = {"titles": list(stored), "before": "\n".join(stored)}
        super().__init__(*args, initial=initial, **kwargs)
        field = self.fields["titles"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(title, title) for title in known]
        if not known:
            del self.fields["titles"]
        if not is_settled:
            del self.fields["reason"]

    def clean_more(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["more"].splitlines() if line.strip()]
        if any(len(line) > 200 for line in lines):
            raise ValidationError(_("Rút gọn mỗi danh hiệu còn tối đa 200 ký tự"), code="long")
        return lines

    def clean(self) -> None:
        if len(self.wanted()) > MOST_TITLES:
            text = _("Đăng ký tối đa %(n)s danh hiệu")
            raise ValidationError(text, code="many", params={"n": MOST_TITLES})

    def wanted(self) -> list[str]:
        """Return the titles ticked and written, each once."""
        given = [*self.cleaned_data.get("titles", []), *self.cleaned_data.get("more", [])]
        return list(dict.fromkeys(given))

    def seen(self) -> list[str]:
        """Return the titles that were stored when the form was shown."""
        return [line for line in self.cleaned_data.get("before", "").splitlines() if line]

    def rebase(self, stored: Sequence[str]) -> None:
        """Keep what was chosen, and let the next saving go over what is stored now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["before"] = "\n".join(stored)


class SettleForm(VersionedForm):
    """What the secretary read before settling: the text by its version, the targets by `seen`."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SignForm(CleanTextMixin, forms.Form):
    """Who signs; with `on_paper` the secretary also tells the day."""

    signer = forms.CharField(label=gettext_lazy("Họ và tên người ký"), max_length=120)
    rank = forms.CharField(
        label=gettext_lazy("Cấp bậc"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "cap-bac", "autocomplete": "off"}),
    )
    position = forms.CharField(label=gettext_lazy("Chức vụ"), max_length=120)
    signed_on = DayField(label=gettext_lazy("Ngày ký trên bản giấy"))

    def __init__(self, *args: Any, on_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not on_paper:
            del self.fields["signed_on"]
