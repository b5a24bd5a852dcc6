"""What a click on "Lập báo cáo" carries."""

from django import forms


class RequestForm(forms.Form):
    """The key of the button: the second click of a double is the same request.

    `fairness` asks for the annex on what the order hangs on.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    fairness = forms.BooleanField(required=False, widget=forms.HiddenInput)
