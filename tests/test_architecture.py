"""The house stands as planned, and the checks that say so can fail."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import architecture

pytestmark = pytest.mark.once

HOUSE = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def house() -> architecture.Sources:
    """All texts of the project by path: what git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    found = {}
    for name in listed:
        path = HOUSE / name
        if path.is_file():
            # Fonts and pictures hold no text; only their place is looked at.
            content = path.read_bytes()
            found[name] = "" if b"\0" in content else content.decode()
    return found


@pytest.mark.parametrize("check", architecture.CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_as_planned(
    check: Callable[[architecture.Sources], Iterator[str]], house: architecture.Sources
) -> None:
    assert len(house) > 50
    found = list(check(house))
    assert not found, "\n".join(found)


LONG_FUNCTION = "def long() -> None:\n" + "    pass\n" * 60
BAD = [
    (architecture.upward_imports, "journal/services.py", "from clusters.models import Unit"),
    (architecture.upward_imports, "awards/services.py", "import reports.content"),
    (architecture.upward_imports, "reports/views/home.py", "from config import settings"),
    (architecture.upward_imports, "emulation/models/season.py", "from emulation import services"),
    (architecture.upward_imports, "emulation/models/season.py", "from ..services import scoring"),
    (architecture.upward_imports, "emulation/scoring.py", "from emulation.models import Season"),
    (architecture.upward_imports, "clusters/permissions.py", "import clusters.forms"),
    (architecture.impure_rules, "emulation/scoring.py", "from django.db import models"),
    (architecture.hidden_imports, "reports/pdf.py", "def f() -> None:\n    import weasyprint"),
    (
        architecture.hidden_imports,
        "reports/pdf.py",
        "def f() -> None:\n    import weasyprint  # noqa: PLC0415",
    ),
    (architecture.untyped_functions, "awards/admin.py", "def f(x: int): ..."),
    (architecture.untyped_functions, "awards/admin.py", "class A:\n    def f(self, x) -> int: ..."),
    (architecture.untyped_functions, "awards/admin.py", "def f(*args) -> int: ..."),
    (architecture.undocumented_rules, "awards/permissions.py", "def can_see() -> bool: ..."),
    (architecture.undocumented_rules, "emulation/scoring.py", "def total() -> int: ..."),
    (architecture.too_long, "awards/views/award.py", "x = 1\n" * 401),
    (architecture.too_long, "templates/base.html", "<p>\n" * 401),
    (architecture.too_long, "awards/views/award.py", LONG_FUNCTION),
    (architecture.inline_code, "templates/base.html", '<p style="color: red">'),
    (architecture.inline_code, "templates/base.html", '<a href="#" onclick="go()">'),
    (architecture.inline_code, "templates/base.html", "<script>go()</script>"),
    (architecture.misplaced, "scratch/notes.txt", ""),
    (architecture.misplaced, "awards/utils.py", ""),
    (architecture.misplaced, "awards/utils/money.py", ""),
    (architecture.foreign_places, "docs/run.md", "cd " + "/ho" + "me/an/thidua"),
    (architecture.foreign_places, "Makefile", "pip -i https://py" + "pi.org/simple"),
]


@pytest.mark.parametrize(("check", "path", "text"), BAD)
def test_a_bad_sample_is_found(
    check: Callable[[architecture.Sources], Iterator[str]], path: str, text: str
) -> None:
    assert len(list(check({path: text}))) == 1


GOOD = [
    ("emulation/scoring.py", 'from decimal import Decimal\ndef total() -> Decimal:\n    "Sum."'),
    ("emulation/services/score.py", "from emulation import permissions, scoring"),
    ("reports/pdf.py", "def f() -> None:\n    # Heavy.\n    import pydyf\n    import weasyprint"),
    ("emulation/uploads.py", "from django.utils.translation import gettext_lazy as _"),
    ("config/urls.py", "from reports.views import home"),
    ("awards/migrations/0002_more.py", "from awards import services\ndef f(x): ..."),
    ("static/vendor/bootstrap/bootstrap.min.css", "a{}\n" * 500),
    ("tests/emulation/test_scoring.py", "from config import settings"),
    ("templates/base.html", '<script src="{% static "js/thidua.js" %}" defer></script>'),
    ("templates/reports/print/report.html", '<col style="width: 8%">'),
    ("docs/run.md", "It keeps its files in var/ and /tmp."),
]


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_a_good_sample_passes(path: str, text: str) -> None:
    found = [line for check in architecture.CHECKS for line in check({path: text})]
    assert found == []
