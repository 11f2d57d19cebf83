"""Files by program, through the one place that answers them."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from coalitions.documents.models import Document, DocumentVersion
from coalitions.network.models import AuditEntry
from tests.api.asking import API, ask, is_problem, token_for
from tests.documents.pages import streamed
from tests.worlds import make_document, make_organisation, make_person, make_workspace

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.4 the words of the file"


@pytest.fixture
def document() -> Document:
    """A document of the network with its file in the storage."""
    owner = make_organisation()
    made = make_document(make_workspace(owner), owner, rung="network")
    version = made.versions.get()
    version.file.storage.save(version.file.name, ContentFile(CONTENT))
    DocumentVersion.objects.filter(pk=version.pk).update(size=len(CONTENT))
    return made


def test_a_token_gets_the_file_and_the_audit_its_name(document: Document) -> None:
    path = f"documents/{document.uuid}/versions/1/download/"
    organisation = make_organisation()
    token, headers = token_for(organisation, "read:network")
    answer = ask(path, {**headers, "Accept": "application/pdf"})
    assert answer.status_code == 200
    assert streamed(answer) == CONTENT
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get(verb="document.downloaded")
    assert entry.acting_organisation == organisation.uuid
    assert entry.details["token"] == str(token.uuid)
    part = ask(path, {**headers, "Range": "bytes=0-3"})
    assert part.status_code == 206
    assert streamed(part) == b"%PDF"
    head = Client().head(API + path, headers=headers)
    assert head.headers["Content-Length"] == str(len(CONTENT))


def test_who_may_not_see_it_gets_the_problem_of_what_is_missing(document: Document) -> None:
    path = f"documents/{document.uuid}/versions/1/download/"
    client = Client()
    client.force_login(make_person(make_organisation(kind="partner")))
    _token, headers = token_for(make_organisation(), "read:coalition", "read:organisation")
    for answer in (ask(path), ask(path, headers), ask(path, client=client)):
        is_problem(answer, 404)
    is_problem(ask(path, {"Authorization": "Bearer npt_none"}), 401)
    assert not AuditEntry.objects.filter(verb="document.downloaded").exists()


def test_a_public_file_is_kept_by_no_cache_either(document: Document) -> None:
    row = document.audiences.get()
    row.end()
    document.audiences.create(
        rung="public", decided_by=row.decided_by, organisation=row.organisation
    )
    answer = ask(f"documents/{document.uuid}/versions/1/download/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
