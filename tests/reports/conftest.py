"""The sample, loaded once for all tests of a module; what a test changes is undone after it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from reports.sample.load import load


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sample(loaded: None, db: None) -> None:
    """Both seasons of the sample."""
