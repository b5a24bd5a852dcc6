"""The weights of a unit's targets make up 100. Pure: decimals in, a balance and its words out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from clusters.vietnamese import format_number

FULL = Decimal(100)
Key = TypeVar("Key")


@dataclass(frozen=True)
class Balance:
    """The sum of some weights; `missing` is what lacks to 100, below zero what is too much."""

    total: Decimal

    @property
    def missing(self) -> Decimal:
        return FULL - self.total

    @property
    def is_full(self) -> bool:
        return self.total == FULL


def balance(weights: Iterable[Decimal]) -> Balance:
    """Return the balance of the weights of one unit's targets."""
    return Balance(sum(weights, Decimal(0)))


def unbalanced(weights: Mapping[Key, Iterable[Decimal]]) -> dict[Key, Balance]:
    """Return those whose weights do not make up 100, in the order given.

    Where nobody has any target of their own, only the cluster has: then nothing is unbalanced.
    """
    rows = {key: list(given) for key, given in weights.items()}
    if not any(rows.values()):
        return {}
    found = {key: balance(given) for key, given in rows.items()}
    return {key: sums for key, sums in found.items() if not sums.is_full}


def said(found: Balance) -> str:
    """Say how the weights stand: "Tổng trọng số 85 – còn thiếu 15"."""
    values = {"total": format_number(found.total), "rest": format_number(abs(found.missing))}
    if found.is_full:
        return _("Tổng trọng số 100 – đủ")
    if found.missing > 0:
        return _("Tổng trọng số %(total)s – còn thiếu %(rest)s") % values
    return _("Tổng trọng số %(total)s – thừa %(rest)s") % values
