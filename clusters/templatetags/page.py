"""What templates need beyond Django's own: a block shown twice, error lists, Vietnamese numbers."""

from decimal import Decimal
from typing import Any, TypedDict

from django import template
from django.forms import BaseForm, BoundField
from django.forms.boundfield import BoundWidget
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from clusters.vietnamese import format_number, number_words, parse_number

register = template.Library()


class ErrorLink(TypedDict):
    """One fault of a form; `target` is the id of its field, "" where it concerns the whole."""

    target: str
    text: str


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> str:
    """Render a block of this page where it is wanted a second time, or only if it says anything."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return SafeString(block.render(context).strip() if block else "")


def _errors_of(form: BaseForm) -> list[ErrorLink]:
    found: list[ErrorLink] = []
    for name, texts in form.errors.items():
        target = form[name].id_for_label or form[name].auto_id if name in form.fields else ""
        found += [ErrorLink(target=str(target), text=str(text)) for text in texts]
    return found


@register.simple_tag
def error_list(*forms: Any) -> list[ErrorLink]:
    """Return the faults of the given forms, formsets and lists of forms, in order.

    What is no form (a name that the page does not know) counts for nothing.
    """
    found: list[ErrorLink] = []
    for item in forms:
        if isinstance(item, BaseForm):
            found += _errors_of(item)
        elif item and not isinstance(item, str):
            found += error_list(*item)
    return found


@register.filter
def number(value: Decimal | int | None) -> str:
    """Return a number as Vietnamese readers write it, whatever the language of the page."""
    return format_number(value) if isinstance(value, Decimal | int) else ""


@register.filter
def in_words(field: BoundField) -> str:
    """Return in words the whole number that a field holds, in groups of digits outside Vietnamese.

    "" where it holds none, or one that is read at a glance.
    """
    value = field.value()
    try:
        read = parse_number(value) if isinstance(value, str) else Decimal(value)
        if read < 1000 or read != int(read):
            return ""
        return number_words(int(read)) if get_language() == "vi" else format_number(read, 0)
    except (TypeError, ValueError, ArithmeticError):
        return ""


@register.simple_tag
def choice_input(choice: BoundWidget) -> str:
    """Render one radio button or check box of a group, in the look of the design."""
    choice.data["attrs"]["class"] = "form-check-input"
    return choice.tag()
