"""What a click on "Lập báo cáo" carries."""

from django import forms


class RequestForm(forms.Form):
    """The key of the button: the second click of a double is the same request."""

    key = forms.UUIDField(widget=forms.HiddenInput)
