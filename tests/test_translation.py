"""English is complete: every Vietnamese text in the sources has a translation that fits it."""

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import polib
import pytest
from django import forms
from django.conf import settings
from django.utils import formats, translation

pytestmark = pytest.mark.once

ENGLISH = Path("locale/en/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
VIETNAMESE = re.compile(r"[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
# The product, the currency, and what is stamped on paper.
NAMES = re.compile(r"Thi Đua|đồng|“Có”|“Không”|Loại, Việc đã làm…|Danh mục|TUYỆT MẬT|TỐI MẬT|MẬT")
# What `makemessages` takes out of a template, comments too.
MARKED = re.compile(
    r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}"
    r"|{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}"
    r"|{%\s*translate\b.*?%}|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What `makemessages` finds today, in a copy, so that the checkout is left alone."""
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed")
    copy = tmp_path_factory.mktemp("copy")
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", "*.html"],
        cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, names):
        if not name.startswith(("tests/", "benchmarks/")) and (settings.BASE_DIR / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(settings.BASE_DIR / name, copy / name)
    (copy / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-location"],
        cwd=copy, check=True, capture_output=True,
        env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
    )  # fmt: skip
    return polib.pofile(str(copy / ENGLISH))


@pytest.fixture(scope="module")
def english() -> polib.POFile:
    return polib.pofile(str(settings.BASE_DIR / ENGLISH))


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def texts(entry: polib.POEntry) -> list[str]:
    return [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]


def test_every_text_is_translated(sources: polib.POFile, english: polib.POFile) -> None:
    known = {key(entry) for entry in english.translated_entries()}
    assert sorted(key(entry) for entry in sources if key(entry) not in known) == []


def test_nothing_is_kept_that_no_source_says(sources: polib.POFile, english: polib.POFile) -> None:
    said = {key(entry) for entry in sources}
    assert sorted(key(entry) for entry in english if key(entry) not in said) == []


def test_english_has_a_singular_and_a_plural(english: polib.POFile) -> None:
    assert english.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    for entry in english:
        assert len(texts(entry)) == (2 if entry.msgid_plural else 1), entry.msgid


def test_placeholders_survive_translation(english: polib.POFile) -> None:
    for entry in english:
        for text in texts(entry):
            found = sorted(set(PLACEHOLDER.findall(text)))
            assert found == sorted(set(PLACEHOLDER.findall(entry.msgid))), entry.msgid


def test_english_is_plain_english(english: polib.POFile) -> None:
    for entry in english:
        for text in texts(entry):
            assert not VIETNAMESE.search(NAMES.sub("", text)), text
            assert not re.search(r"!|\bplease\b", text, re.IGNORECASE), text
            assert entry.msgid[-1:] not in ".…:" or text[-1:] == entry.msgid[-1:], text


def test_the_compiled_file_is_current(english: polib.POFile) -> None:
    compiled = polib.mofile(str(settings.BASE_DIR / ENGLISH.with_suffix(".mo")))
    assert {key(entry): texts(entry) for entry in compiled} == {
        key(entry): texts(entry) for entry in english.translated_entries()
    }


def test_templates_have_no_vietnamese_that_is_not_marked() -> None:
    """Printed documents are Vietnamese in both languages."""
    found = []
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        if path.is_relative_to(settings.BASE_DIR / "templates/reports/print"):
            continue
        text = NAMES.sub("", MARKED.sub("", path.read_text()))
        # The button that leads back to Vietnamese says so in Vietnamese.
        text = text.replace('lang="vi">Tiếng Việt<', "")
        if match := VIETNAMESE.search(text):
            found.append((path.name, text[match.start() - 20 : match.end() + 20]))
    assert found == []


def test_sources_are_vietnamese_and_the_interface_speaks_both() -> None:
    with translation.override("en"):
        assert translation.gettext("Thành tích") == "Achievements"
    with translation.override("vi"):
        assert translation.gettext("Thành tích") == "Thành tích"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_days_and_numbers_are_written_one_way_in_both(language: str) -> None:
    day = date(2026, 9, 5)
    with translation.override(language):
        assert formats.date_format(day) == "05/09/2026"
        assert forms.DateField().clean("05/09/2026") == forms.DateField().clean("2026-09-05") == day
        assert formats.localize(Decimal("1234.5")) == "1.234,5"
