"""Everybody is told once that views and downloads are recorded, until they say they read it."""

import pytest
from django.test import Client

from coalitions.network.models import AuditEntry
from portal.accounts.models import Acknowledgement
from tests import worlds

pytestmark = pytest.mark.django_db
NOTICE = "This portal records who opens and who downloads"
ADDRESS = "/en/account/notice/"


def test_it_stands_on_every_page_until_it_was_read(client: Client) -> None:
    person = worlds.make_person(worlds.make_organisation())
    assert NOTICE not in client.get("/en/documents/").content.decode()
    client.force_login(person)
    for address in ("/en/my/", "/en/documents/"):
        assert NOTICE in client.get(address).content.decode()
    answer = client.post(ADDRESS, {"next": "/en/documents/"})
    assert answer["Location"] == "/en/documents/"
    assert NOTICE not in client.get("/en/my/").content.decode()
    client.post(ADDRESS)
    assert Acknowledgement.objects.get().person == person
    assert AuditEntry.objects.filter(verb="account.notice_acknowledged").count() == 1
    client.logout()
    client.force_login(person)
    assert NOTICE not in client.get("/en/my/").content.decode()


def test_where_it_goes_back_to(client: Client) -> None:
    assert client.post(ADDRESS).status_code == 302
    assert not Acknowledgement.objects.exists()
    client.force_login(worlds.make_person())
    assert client.get(ADDRESS).status_code == 405
    for elsewhere in ("https://example.org/", "//example.org", ""):
        answer = client.post(ADDRESS, {"next": elsewhere})
        assert answer["Location"] == "/en/my/"
