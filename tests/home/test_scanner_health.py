"""What operators learn of the virus scanner, and that the portal is up without it."""

from typing import Any

import pytest
from django.test import Client

from coalitions.documents.models import VirusScan
from portal.home import health
from tests import worlds
from tests.documents.clamd_server import standing_in

TOKEN = "operator-" + "x" * 30

pytestmark = pytest.mark.django_db


def checks(settings: Any) -> dict[str, Any]:
    settings.OPERATOR_TOKEN = TOKEN
    health.forget()
    response = Client().get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    found: dict[str, Any] = response.json()["checks"]
    return found


def test_without_a_scanner_there_is_nothing_to_tell(settings: Any) -> None:
    assert not {"virus_scanner", "virus_scans"} & set(checks(settings))


def test_operators_learn_whether_it_answers_and_how_many_wait(settings: Any) -> None:
    organisation = worlds.make_organisation()
    place = worlds.make_workspace(worlds.make_coalition(organisation))
    for state in ("waiting", "infected", "clean", ""):
        document = worlds.make_document(place, organisation)
        if state:
            VirusScan.objects.create(version=document.current_version, state=state)
    with standing_in() as scanner:
        settings.CLAMD_URL = scanner.url
        found = checks(settings)
        assert found["virus_scanner"]["ok"]
        assert found["virus_scans"]["detail"].startswith("2 waiting, oldest ")
        assert found["virus_scans"]["detail"].endswith(" s, 1 infected, 0 failed")
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    assert checks(settings)["virus_scanner"]["detail"] == "ScannerDown"
    assert Client().get("/readyz").json() == {"status": "ok"}
