"""The project's settings for the tests: own folders, quick hashes, plain static files.

Every process of a parallel run gets a folder, a database and a broker of its own. A worker that
a test starts reads this file too and is pointed at the database of that test by TEST_DATABASE.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# What an operator may have set must not reach the tests; the two servers are set on purpose.
for _name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "LOG_LEVEL", "PORT", "PRODUCTION"):
    os.environ.pop(_name, None)
os.environ["SECRET_KEY"] = "only-for-tests"
_process = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
if "TEST_FOLDER" not in os.environ:
    os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix="thidua-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
os.environ["DATA_DIR"] = str(Path(os.environ["TEST_FOLDER"]) / _process)
if os.environ.get("REDIS_URL") and "TEST_DATABASE" not in os.environ:
    # One Redis database for each process, from the number in the address on.
    _server, _, _first = os.environ["REDIS_URL"].rpartition("/")  # redis://host:port/number
    os.environ["REDIS_URL"] = f"{_server}/{int(_first) + int(_process.removeprefix('gw'))}"

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir(exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if "TEST_DATABASE" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: a browser's server and a worker open it beside the test.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA secure_delete=ON;"
    )
