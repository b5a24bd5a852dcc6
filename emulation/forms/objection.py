"""An objection to a published score, and its answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin
from emulation.models import Objection, Score

DECISIONS = [
    ("accepted", gettext_lazy("Chấp nhận")),
    ("refused", gettext_lazy("Không chấp nhận")),
]


class LineField(forms.ModelChoiceField):
    """Lines of a sheet by the name of their criterion."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.criterion)


class ObjectionForm(CleanTextMixin, forms.Form):
    """Which line, why, and one new piece of evidence."""

    score = LineField(label=gettext_lazy("Tiêu chí"), queryset=Score.objects.none())
    text = forms.CharField(
        label=gettext_lazy("Nội dung kiến nghị"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )
    wanted = forms.DecimalField(
        label=gettext_lazy("Điểm đề nghị"), max_digits=7, decimal_places=2, required=False,
        localize=True,
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("Minh chứng mới"), required=False)

    def __init__(self, *args: Any, lines: Sequence[Score], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["score"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Score.objects.filter(pk__in=[row.pk for row in lines]).select_related(
            "criterion", "sheet__season", "sheet__unit"
        )


class AnswerForm(CleanTextMixin, forms.Form):
    """The decision with its reasons, and the new value where it is accepted."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Quyết định"), choices=DECISIONS, widget=forms.RadioSelect
    )
    value = forms.DecimalField(
        label=gettext_lazy("Kết quả mới"), max_digits=12, decimal_places=2, required=False,
        localize=True,
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, objection: Objection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = (
            gettext_lazy("Số liệu thực hiện; điểm tính theo đó.")
            if objection.score.criterion.method
            else gettext_lazy("Điểm thẩm định mới, khi chấp nhận.")
        )
