"""The second line against classified content: services ask it where no form stands before them."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from clusters.secrecy import EXPLANATION, marked


def check_unclassified(values: Mapping[str, object]) -> None:
    """Raise ValidationError({field: …}, code="secret") where a text carries a secrecy mark."""
    if found := marked(values):
        raise ValidationError(
            {
                name: ValidationError(EXPLANATION, code="secret", params={"mark": mark})
                for name, mark in found.items()
            }
        )
