"""Fields and form habits that all apps share, and the forms of signing in."""

from decimal import Decimal
from functools import partial
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    UserChangeForm,
    UserCreationForm,
    UsernameField,
)
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.utils import ErrorDict, flatatt
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.models import User
from clusters.secrecy import EXPLANATION, find_mark
from clusters.vietnamese import format_number, has_forbidden, nfc, parse_number

LONG_TEXT = 5000
PASSWORD_RULES = gettext_lazy("Ít nhất 12 ký tự, không chỉ gồm chữ số, không giống tên đăng nhập.")


def no_forbidden(text: object) -> None:
    """Refuse what no field may hold: NUL, other controls, half a surrogate pair."""
    if isinstance(text, str) and has_forbidden(text):
        raise ValidationError(
            _("Nội dung có ký tự không đọc được. Xóa rồi gõ lại đoạn đó, không dán từ nơi khác."),
            code="forbidden",
        )


def no_mark(text: object, longest: int | None = None) -> None:
    """Refuse a text that carries a secrecy mark: the system holds unclassified content only.

    What is longer than `longest` is refused anyway and need not be read.
    """
    if not isinstance(text, str) or (longest and len(text) > longest):
        return
    if mark := find_mark(text):
        raise ValidationError(EXPLANATION, code="secret", params={"mark": mark})


def in_sentence(label: str | Promise | None) -> str:
    """Return a label as it stands inside a sentence: "Ngày ký" → "ngày ký", "VB mẫu" stays."""
    text = str(label or "")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


class Unsaved(QueryDict):
    """What somebody was typing and never sent: shown in the form again, without finding fault."""


class CleanTextMixin(forms.BaseForm):
    """Text reaches the fields in NFC, carries no secrecy mark, and every refusal says what to do.

    `keeps_text` is False for forms that store nothing (signing in, filters); names of accounts and
    passwords are never judged.
    """

    keeps_text = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.data = composed(self.data)
        for name, field in self.fields.items():
            label = in_sentence(field.label or name)
            _translate(field, label)
            if isinstance(field, forms.CharField):
                _guard(field, label)
                if self.keeps_text and not _is_credential(field):
                    judge = partial(no_mark, longest=field.max_length)
                    field.validators = [*field.validators, judge]

    def full_clean(self) -> None:
        if not isinstance(self.data, Unsaved):
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}


def composed(data: Any) -> Any:
    """Return a copy of submitted data with every text in NFC; keeps several values of one name."""
    if not hasattr(data, "setlist"):
        return {k: nfc(v) if isinstance(v, str) else v for k, v in data.items()}
    copy = data.copy()
    for name, values in data.lists():
        copy.setlist(name, [nfc(v) if isinstance(v, str) else v for v in values])
    return copy


def _is_credential(field: forms.CharField) -> bool:
    return isinstance(field, UsernameField) or isinstance(field.widget, forms.PasswordInput)


def _guard(field: forms.CharField, label: str) -> None:
    kept = [v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)]
    field.validators = [no_forbidden, *kept]
    # A browser would cut a pasted text off in silence; the message says what to do instead.
    field.widget.attrs.pop("maxlength", None)
    field.error_messages.setdefault(
        "max_length",
        _("Rút gọn %(label)s còn tối đa %%(limit_value)d ký tự; đang có %%(show_value)d")
        % {"label": label},
    )


def _translate(field: forms.Field, label: str) -> None:
    is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.DateField)
    required = _("Chọn %(label)s") if is_choice else _("Nhập %(label)s")
    own = forms.Field.default_error_messages["required"]
    if field.error_messages.get("required") is own:
        field.error_messages["required"] = required % {"label": label}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        field.error_messages["invalid_choice"] = _("Chọn một mục có trong danh sách")
    if isinstance(field, forms.ModelChoiceField):
        field.validate_no_null_characters = _no_such_choice  # type: ignore[method-assign]


def _no_such_choice(value: Any) -> None:
    if has_forbidden(str(value)):
        raise ValidationError(_("Chọn một mục có trong danh sách"), code="invalid_choice")


class NumberField(forms.Field):
    """A number typed the Vietnamese way; the bounds may be those of a model's number field.

    `places` is how many decimals are taken. An empty field is None.
    """

    # Asks the field's template to repeat the number in words, so that a slip is seen.
    in_words = True

    def __init__(
        self,
        *,
        places: int = 0,
        min_value: int | None = None,
        max_value: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.places, self.least = places, min_value or 0
        self.most = max_value if max_value is not None else 2**31 - 1
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "inputmode": "decimal" if places else "numeric",
                    "autocomplete": "off",
                    "class": "narrow",
                }
            ),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal | int) else value

    def to_python(self, value: Any) -> Decimal | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        try:
            return parse_number(typed)
        except ValueError as error:
            example = _("2310 hoặc 12,5") if self.places else "2310"
            raise ValidationError(
                _("Nhập %(label)s bằng chữ số, ví dụ %(example)s"),
                code="invalid",
                params={"label": in_sentence(self.label), "example": example},
            ) from error

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        label = in_sentence(self.label)
        if not self.least <= value <= self.most:
            raise ValidationError(
                _("Nhập %(label)s từ %(least)s đến %(most)s"),
                code="range",
                params={
                    "label": label,
                    "least": format_number(self.least),
                    "most": format_number(self.most),
                },
            )
        if value != round(value, self.places):
            whole = _("Nhập %(label)s bằng số nguyên, ví dụ 2310")
            short = _("Nhập %(label)s với tối đa %(places)s chữ số sau dấu phẩy")
            raise ValidationError(
                short if self.places else whole,
                code="places",
                params={"label": label, "places": self.places},
            )


class WholeNumberField(NumberField):
    """A NumberField for a model's integer column: gives int."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else int(number)


class DayField(forms.DateField):
    """A day: the browser's own picker where there is one, dd/mm/yyyy typed by hand where not."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y"])
        kwargs.setdefault(
            "widget", forms.DateInput(attrs={"type": "date", "class": "narrow"}, format="%Y-%m-%d")
        )
        super().__init__(**kwargs)
        self.error_messages["invalid"] = gettext_lazy(
            "Nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/09/2026"
        )


class QuickSelect(forms.Select):
    """A select written by Python: a template for each option costs more than the rows of a list."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the options; what is not a choice is not marked."""
        given = self.build_attrs(self.attrs, attrs) | {"name": name}
        chosen = {str(item) for item in self.format_value(value)}
        options = (
            (str(key), SafeString(" selected" if str(key) in chosen else ""), label)
            for key, label in self.choices
        )
        return format_html(
            "<select{}>{}</select>",
            flatatt(given),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by key; a key longer than a column is no choice, where Django would fall."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not str(key).isdecimal() or len(str(key)) > 18:
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class RowForm(CleanTextMixin, forms.ModelForm):
    """A row of a catalogue, as the administration edits it."""


class NewUserForm(CleanTextMixin, UserCreationForm):
    """A new account with its first password."""

    class Meta:
        model = User
        fields = ("username", "full_name", "rank", "position")
        field_classes = {"username": UsernameField}
        help_texts = {"username": gettext_lazy("Chữ cái không dấu, chữ số và @ . + - _")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_RULES


class UserForm(CleanTextMixin, UserChangeForm):
    """An account; its password is changed on a page of its own."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"username": UsernameField}


class ResetPasswordForm(CleanTextMixin, AdminPasswordChangeForm):
    """A password that the administration gives; typed in NFC, as signing in reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # There is no other way of signing in that an account could be limited to.
        self.fields.pop("usable_password", None)
        self.fields["password1"].help_text = PASSWORD_RULES


class SignInForm(CleanTextMixin, LoginForm):
    """One text for an unknown name and a wrong password, one for too many attempts."""

    keeps_text = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("Tên đăng nhập")
        self.fields["password"].label = gettext_lazy("Mật khẩu")
        self.fields["password"].help_text = ""
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
            _translate(self.fields[name], in_sentence(self.fields[name].label))
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean(self) -> Any:
        try:
            return super().clean()
        except ValidationError as error:
            if getattr(error, "code", "") == "too_many_login_attempts":
                text = _("Đã nhập sai nhiều lần. Chờ 5 phút rồi đăng nhập lại.")
            else:
                text = _("Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra rồi nhập lại.")
            raise ValidationError(text, code="refused") from error


class PasswordForm(CleanTextMixin, forms.Form):
    """Change the own password: the present one first, the new one twice."""

    old = forms.CharField(
        label=gettext_lazy("Mật khẩu đang dùng"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("Mật khẩu mới"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=PASSWORD_RULES,
    )
    again = forms.CharField(
        label=gettext_lazy("Nhập lại mật khẩu mới"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(_("Mật khẩu đang dùng không đúng. Nhập lại."), code="old")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError(_("Hai lần nhập mật khẩu mới chưa giống nhau."), code="again")
        return again
