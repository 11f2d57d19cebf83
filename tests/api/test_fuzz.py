"""Whatever a program sends, within the description and beside it: no 500, only described answers.

A few examples per address, the same in every run, so that it stays quick.
"""

from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks

from portal.api.throttling import ViewerRateThrottle
from tests.api.asking import PROBLEM

FEW = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


load_all_checks()
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())


@pytest.fixture(autouse=True)
def _no_rate(monkeypatch: Any) -> None:
    monkeypatch.setattr(ViewerRateThrottle, "rate", "100000/min", raising=False)


@pytest.mark.django_db
@schema.parametrize()
@FEW
def test_any_request_is_answered(case: Any) -> None:
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    client = Client(raise_request_exception=False)
    answer = client.generic(case.method, f"{case.formatted_path}?{query}", headers=headers)
    assert answer.status_code in (200, 301, 302, 400, 401, 404, 405, 406, 429), answer.content
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == PROBLEM
