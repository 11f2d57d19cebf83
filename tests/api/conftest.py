"""Rates are counted anew in each test; and a small library."""

import pytest
from django.core.cache import cache

from coalitions.documents.models import Document
from tests.worlds import make_document, make_organisation, make_person, make_workspace


@pytest.fixture(autouse=True)
def _fresh_rates() -> None:
    cache.clear()


@pytest.fixture
def library(db: None) -> list[Document]:
    """Twelve public documents."""
    owner = make_organisation()
    workspace = make_workspace(owner)
    by = make_person(owner)
    return [
        make_document(workspace, owner, by=by, rung="public", pages=("one", "two", "three"))
        for _number in range(12)
    ]
