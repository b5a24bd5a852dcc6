"""Points as tables print them: two decimals, decimal comma, true minus sign."""

from decimal import Decimal

from django import template

from clusters.vietnamese import format_number

register = template.Library()
MISSING = "–"


@register.filter
def points(value: Decimal | None) -> str:
    """Print a score with two decimals, a dash where there is none."""
    return MISSING if value is None else format_number(value, 2)


@register.filter
def signed(value: Decimal | None) -> str:
    """Print a bonus or a loss with its sign; zero has none."""
    text = points(value)
    return f"+{text}" if value is not None and value > 0 else text
