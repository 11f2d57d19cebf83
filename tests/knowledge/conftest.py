"""Every test of this room stands on an empty site with its pages and groups."""

import pytest
from django.core.cache import cache

from tests.knowledge.makers import make_site


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    cache.clear()
    make_site()
