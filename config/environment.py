"""Reads what an operator may set, and stops at the first value that makes no sense.

Every function raises ImproperlyConfigured with the name of the variable and what it should be.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0", ""}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# What Django's own deployment check asks of a secret.
SECRET_LENGTH, SECRET_LETTERS = 50, 5


def refuse(name: str, should: str) -> ImproperlyConfigured:
    """Return the error that names a variable and says what it should be."""
    return ImproperlyConfigured(f"{name}: {should}.")


def flag(name: str) -> bool:
    """Return a switch that is off unless set."""
    value = env.str(name, "").strip().lower()
    if value not in TRUE | FALSE:
        raise refuse(name, "write true or false")
    return value in TRUE


def level(name: str) -> str:
    """Return the level of the process logs, WARNING unless set."""
    value = env.str(name, "WARNING").upper()
    if value not in LEVELS:
        raise refuse(name, f"choose one of {', '.join(LEVELS)}")
    return value


def hosts(name: str, *, production: bool) -> list[str]:
    """Return the names under which the site is reached; loopback unless set."""
    found: list[str] = env.list(name, default=[] if production else ["127.0.0.1", "localhost"])
    if any("/" in host for host in found):
        raise refuse(name, "write names without scheme, separated by commas")
    if production and (not found or "*" in found):
        raise refuse(name, "name every host of a production site")
    return found


def origins(name: str) -> list[str]:
    """Return trusted origins, each with its scheme."""
    found: list[str] = env.list(name, default=[])
    if any(not origin.startswith(("https://", "http://")) for origin in found):
        raise refuse(name, "write addresses with scheme, such as https://thidua.example")
    return found


def secret(name: str, folder: Path, *, production: bool) -> str:
    """Return the installation's secret; outside production one is made on the first start."""
    given: str = env.str(name, "")
    if production and (len(given) < SECRET_LENGTH or len(set(given)) < SECRET_LETTERS):
        raise refuse(name, f"a production site needs {SECRET_LENGTH} random characters")
    if given:
        return given
    path = folder / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(SECRET_LENGTH))
    return path.read_text()


def database(name: str, folder: Path) -> dict[str, Any]:
    """Return the one database: PostgreSQL by address, else SQLite tuned for many writers."""
    if env.str(name, ""):
        return _postgresql(name)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "thidua.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
            ),
        },
    }


def _postgresql(name: str) -> dict[str, Any]:
    should = "write postgres://user:password@host:5432/name"
    try:
        found = dict(env.db(name))
    except (ValueError, ImproperlyConfigured) as error:
        raise refuse(name, should) from error
    if found.get("ENGINE") != "django.db.backends.postgresql" or not found.get("NAME"):
        raise refuse(name, should)
    return found | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def redis(name: str) -> str:
    """Return the address of Redis, "" where the queue is a folder."""
    value: str = env.str(name, "")
    if not value:
        return ""
    should = "write redis://host:6379/0"
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in ("redis", "rediss") and parts.netloc and parts.port != 0
    except ValueError as error:
        raise refuse(name, should) from error
    if not is_good:
        raise refuse(name, should)
    return value
