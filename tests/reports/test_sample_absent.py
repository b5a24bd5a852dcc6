"""Where the sample is not: production refuses it, and a load that fails leaves nothing behind."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from clusters.models import User
from emulation.models import Season
from reports.sample import load as loading

pytestmark = pytest.mark.django_db


def said(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_logins_before_the_sample() -> None:
    with pytest.raises(CommandError, match="load_sample"):
        said("sample_logins")


@pytest.mark.parametrize("command", ["load_sample", "sample_logins"])
def test_production_refuses(command: str, settings: Any) -> None:
    settings.SAMPLE_LOGINS_ALLOWED = False
    with pytest.raises(CommandError, match=r"(?i)hệ thống dùng thật"):
        said(command)
    assert not User.objects.exists()


def test_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def count() -> int:
        root = Path(settings.MEDIA_ROOT)
        return sum(path.is_file() for path in root.rglob("*"))

    before = count()

    def fail() -> Season:
        assert count() > before
        raise RuntimeError("disk is full")

    monkeypatch.setattr(loading.write_2017, "write", fail)
    with pytest.raises(RuntimeError):
        loading.load()
    assert count() == before
    assert not Season.objects.exists()
    assert not User.objects.exists()
