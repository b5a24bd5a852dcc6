"""The settings stop the start at the first value that makes no sense."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent.parent
OURS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "TEST_DATABASE", "DJANGO_ALLOW_ASYNC_UNSAFE")
PRODUCTION = {
    "PRODUCTION": "true",
    "SECRET_KEY": "k9V2m4Q7w1X8z3B6n5T0r2Y4u6I8o1P3a5S7d9F1g3H5j7K9l2Z4x6",
    "ALLOWED_HOSTS": "thidua.example",
}


def python(tmp_path: Path, *arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run Python as an operator would, with none of our variables set but the given ones."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    folder = {"DATA_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=HOUSE,
        env=inherited | folder | values,
        capture_output=True,
        text=True,
        check=False,
    )


def start(tmp_path: Path, **values: str) -> tuple[int, str]:
    """Read the settings in a process of its own; return its exit code and its last words."""
    done = python(tmp_path, "-c", "from config import settings", **values)
    return done.returncode, (done.stderr.splitlines() or [""])[-1]


def setting(tmp_path: Path, name: str, **values: str) -> str:
    """Return a setting as a process started with these values sees it."""
    done = python(tmp_path, "-c", f"from config import settings; print(settings.{name})", **values)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PRODUCTION", "perhaps", "PRODUCTION"),
        ("DEBUG", "2", "DEBUG"),
        ("DATABASE_URL", "mysql://localhost/thidua", "postgres://"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "postgres://localhost:port/thidua", "DATABASE_URL"),
        ("DATABASE_URL", "postgres://localhost", "DATABASE_URL"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL"),
        ("REDIS_URL", "http://localhost:6379/0", "REDIS_URL"),
        ("REDIS_URL", "redis://localhost:port/0", "REDIS_URL"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("ALLOWED_HOSTS", "https://thidua.example", "ALLOWED_HOSTS"),
        ("CSRF_TRUSTED_ORIGINS", "thidua.example", "CSRF_TRUSTED_ORIGINS"),
    ],
)
def test_nonsense_stops_the_start(tmp_path: Path, variable: str, value: str, said: str) -> None:
    code, words = start(tmp_path, **{variable: value})
    assert code != 0
    assert "ImproperlyConfigured" in words
    assert said in words


def test_good_values_start(tmp_path: Path) -> None:
    assert start(tmp_path) == (0, "")
    assert start(tmp_path, **PRODUCTION) == (0, "")
    addresses = {"DATABASE_URL": "postgres:///thidua", "REDIS_URL": "redis://:word@queue"}
    assert start(tmp_path, DEBUG="yes", LOG_LEVEL="INFO", **addresses) == (0, "")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "thidua.example,*"),
        ("DEBUG", "true"),
    ],
)
def test_production_refuses_what_is_not_safe(tmp_path: Path, variable: str, value: str) -> None:
    code, words = start(tmp_path, **(PRODUCTION | {variable: value}))
    assert code != 0
    assert variable in words


def test_production_passes_the_deployment_check(tmp_path: Path) -> None:
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    done = python(tmp_path, *check, **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_sample_accounts_sign_in_outside_production_alone(tmp_path: Path) -> None:
    assert setting(tmp_path, "SAMPLE_LOGINS_ALLOWED") == "True"
    assert setting(tmp_path, "SAMPLE_LOGINS_ALLOWED", **PRODUCTION) == "False"


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = (setting(tmp_path, "SECRET_KEY") for _ in range(2))
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_two_addresses_switch_database_and_broker(tmp_path: Path) -> None:
    addresses = {"DATABASE_URL": "postgres://an@db/thidua", "REDIS_URL": "redis://queue:6379/0"}
    engine = setting(tmp_path, "DATABASES['default']['ENGINE']", **addresses)
    assert engine == "django.db.backends.postgresql"
    assert setting(tmp_path, "CELERY_BROKER_URL", **addresses) == "redis://queue:6379/0"
