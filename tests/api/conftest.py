"""Rates are counted anew in each test."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_rates() -> None:
    cache.clear()
