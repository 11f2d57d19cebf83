"""Figures that no change may fall below, on judged collections that lie beside the repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from search.concepts import thesaurus
from search.evaluation import evaluate, read_collection
from tests.search.test_elasticsearch import URL

DATA = os.environ.get("PORTAL_SHARED_DATA", configured.BASE_DIR.parent / "shared" / "data")
FOLDER = Path(DATA) / "relevance"
FLOORS = {"xquad-en": 0.94, "xquad-nl": 0.90, "cran": 0.38}
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.nightly,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the judged collections are not here"),
]


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.json"


@pytest.mark.parametrize("name", FLOORS)
def test_the_embedded_engine(name: str) -> None:
    assert evaluate(read_collection(path_of(name)), "embedded", thesaurus()).ndcg >= FLOORS[name]


@pytest.mark.services
@pytest.mark.skipif(not URL, reason="ELASTICSEARCH_URL names no server")
@pytest.mark.parametrize("name", FLOORS)
def test_elasticsearch(name: str, settings: Any) -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": URL}
    found = evaluate(read_collection(path_of(name)), "elasticsearch", thesaurus())
    assert found.ndcg >= FLOORS[name]
