"""The words of a scheme: kinds of criteria, methods, grades. Pure; `scoring` gives them meaning."""

from enum import StrEnum


class Kind(StrEnum):
    """How a criterion is scored (domain.md §4.1)."""

    GROUP = "GROUP"
    QUANTITATIVE = "QUANTITATIVE"
    QUALITATIVE = "QUALITATIVE"
    COUNT = "COUNT"
    PLUS_MINUS = "PLUS_MINUS"


class Method(StrEnum):
    """How points follow from an actual value (domain.md §4.1, §4.4); TYPED: somebody gives them."""

    TYPED = ""
    PROPORTIONAL = "PROPORTIONAL"
    BANDED = "BANDED"
    HALF_PLUS_LEADER = "HALF_PLUS_LEADER"
    ON_TIME = "ON_TIME"
    EACH = "EACH"


class Grade(StrEnum):
    """Class of a total (domain.md §4.5), from the best."""

    EXCELLENT = "EXCELLENT"
    GOOD = "GOOD"
    FAIR = "FAIR"
    AVERAGE = "AVERAGE"
    WEAK = "WEAK"
