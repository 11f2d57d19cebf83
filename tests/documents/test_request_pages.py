"""Pages of asking and answering: who finds them, and what they tell to whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from coalitions.documents import services
from coalitions.documents.models import Document, ShareRequest
from coalitions.network.models import Workspace
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of

REASON = "Needed for the hearing <b>in May</b>"


@pytest.fixture
def asked(world: World, document: Document) -> ShareRequest:
    sent = client_of(world.reader).post(
        page_of(document, "ask/"), {"rung": "network", "reason": REASON}
    )
    assert sent.status_code == 302
    return ShareRequest.objects.get()


def address(document: Document, asked: ShareRequest) -> str:
    return page_of(document, f"requests/{asked.uuid}/")


def test_asking_offers_what_is_further(world: World, document: Document) -> None:
    assert "Ask to share it further" in get(world.reader, page_of(document)).content.decode()
    page = get(world.reader, page_of(document, "ask/")).content.decode()
    for value in ("coalition", "network", "public"):
        assert f'value="{value}"' in page
    assert 'value="organisation"' not in page
    client = client_of(world.reader)
    for fields in (
        {},
        {"rung": "network", "reason": " "},
        {"rung": "members", "reason": "x"},
        {"rung": "x\x00", "reason": "x\x00"},
        {"rung": "network", "reason": "x" * 1001},
        {"rung": "network", "reason": "\u200b"},
    ):
        answer = client.post(page_of(document, "ask/"), fields)
        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()
    assert not ShareRequest.objects.exists()


def test_strangers_ask_for_nothing_even_of_public_documents(
    world: World, document: Document
) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="public")
    assert "Ask to share" not in get(None, page_of(document)).content.decode()
    assert get(None, page_of(document, "ask/")).status_code == 302
    assert get(world.stranger, page_of(document, "ask/")).status_code == 200


def test_who_finds_a_request(world: World, document: Document, asked: ShareRequest) -> None:
    for user in (world.coordinator, world.contributor, world.colleague, world.stranger):
        assert get(user, address(document, asked)).status_code == 404
        assert REASON[:10] not in get(user, page_of(document)).content.decode()
    own = get(world.reader, address(document, asked)).content.decode()
    assert "Withdraw your request" in own
    assert 'value="grant"' not in own
    decider = get(world.editor, address(document, asked)).content.decode()
    assert "&lt;b&gt;in May" in decider
    assert "People of 3 organisations in 0 countries" in decider
    assert world.reader.name in decider


def test_a_request_of_another_document_is_missing(
    world: World, document: Document, asked: ShareRequest
) -> None:
    other = worlds.make_document(world.workspace, world.owner)
    client = client_of(world.editor)
    for wrong in (address(other, asked), page_of(document, f"requests/{uuid4()}/")):
        for answer in (client.get(wrong), client.post(wrong, {"answer": "grant"})):
            assert answer.status_code == 404
    asked.refresh_from_db()
    assert asked.is_open


def test_granting(world: World, document: Document, asked: ShareRequest) -> None:
    assert "Request to share: " in get(world.editor, "/en/my/").content.decode()
    for user in (world.reader, world.coordinator, world.contributor):
        client_of(user).post(address(document, asked), {"answer": "grant"})
        assert document.audiences.in_force().get().rung == "workspace"
    last = (timezone.now() + timedelta(days=3)).date().isoformat()
    client = client_of(world.editor)
    wrong = client.post(address(document, asked), {"answer": "grant", "until": "2020-01-01"})
    assert "Choose today or a later day" in wrong.content.decode()
    client.post(address(document, asked), {"answer": "grant", "until": last})
    row = document.audiences.in_force().get()
    assert row.rung == "network"
    assert row.until is not None
    page = get(world.stranger, page_of(document)).content.decode()
    assert "Then back to: Workspace" not in page
    again = client.post(address(document, asked), {"answer": "refuse", "note": "No"}, follow=True)
    assert "answered or ended in the meantime" in again.content.decode()
    assert "Granted" in get(world.reader, page_of(document)).content.decode()


def test_refusing_says_why(world: World, document: Document, asked: ShareRequest) -> None:
    client = client_of(world.editor)
    silent = client.post(address(document, asked), {"answer": "refuse"}).content.decode()
    assert "Say why not." in silent
    client.post(address(document, asked), {"answer": "refuse", "note": "Not before June."})
    told = get(world.reader, address(document, asked)).content.decode()
    assert "Not before June." in told
    assert "Refused" in told
    assert "Not before June." not in get(world.coordinator, page_of(document)).content.decode()


def test_whoever_lost_sight_is_told_nothing(
    world: World, document: Document, asked: ShareRequest
) -> None:
    client = client_of(world.reader)
    assert "Your requests" in client.get("/en/my/").content.decode()
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    assert client.get(address(document, asked)).status_code == 404
    assert client.post(address(document, asked), {"answer": "withdraw"}).status_code == 404
    page = client.get("/en/my/").content.decode()
    assert "Your requests" not in page
    assert document.title not in page


def test_a_step_back_says_what_it_ends(
    world: World, document: Document, asked: ShareRequest
) -> None:
    get(world.reader, page_of(document, "versions/1/download/"))
    page = get(world.editor, page_of(document, "share/organisation/")).content.decode()
    assert "It was downloaded 1 time so far." in page
    assert "1 open request ends." in page


def test_the_end_of_a_step(world: World, document: Document) -> None:
    client = client_of(world.editor)
    last = (timezone.now() + timedelta(days=3)).date()
    share = page_of(document, "share/network/")
    client.post(share, {"from": "workspace", "until": last.isoformat()})
    page = client.get(page_of(document)).content.decode()
    assert "Then back to: Workspace." in page
    assert f'value="{last.isoformat()}"' in client.get(share).content.decode()
    client.post(share, {"from": "network", "until": ""})
    assert document.audiences.in_force().get().until is None


def test_lifting_takes_two(world: World, document: Document) -> None:
    second = worlds.make_person(world.owner, "administrator")
    services.mark_child_data(acting_user=world.editor, document=document)
    lift = page_of(document, "child-data/lift/")
    for user in (world.contributor, world.reader, world.coordinator, world.colleague):
        assert get(user, lift).status_code == 404
        assert client_of(user).post(lift, {"answer": "propose", "reason": "x"}).status_code == 404
    first = client_of(world.editor)
    assert (
        "second person reads it"
        in first.post(lift, {"answer": "propose", "reason": "\u200b"}).content.decode()
    )
    first.post(lift, {"answer": "propose", "reason": "Faces are covered."})
    proposal = document.lifts.get()
    own = first.get(lift).content.decode()
    assert 'value="confirm"' not in own
    first.post(lift, {"answer": "confirm", "proposal": str(proposal.uuid)})
    assert document.audiences.in_force().get().child_data
    assert "Child data: a second person" in get(second, "/en/my/").content.decode()
    assert "Child data: a second person" not in get(world.editor, "/en/my/").content.decode()
    other = client_of(second)
    other.post(lift, {"answer": "confirm", "proposal": str(uuid4())})
    assert document.audiences.in_force().get().child_data
    other.post(lift, {"answer": "confirm", "proposal": str(proposal.uuid)})
    assert not document.audiences.in_force().get().child_data


def without_coalition(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the workspace leave its coalition right before the service `name` is called."""
    service = getattr(services, name)

    def later(**said: object) -> object:
        Workspace.objects.filter(pk=world.workspace.pk).update(
            coalition=None, organisation=world.owner
        )
        return service(**said)

    monkeypatch.setattr(services, name, later)


def test_a_rung_that_went_meanwhile_is_explained(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "It cannot be shared so"
    asked = services.ask_to_share(
        acting_user=world.reader, document=document, rung="coalition", reason="Needed"
    )
    without_coalition(world, monkeypatch, "ask_to_share")
    form = {"rung": "coalition", "reason": "Needed"}
    assert (
        words in client_of(world.contributor).post(page_of(document, "ask/"), form).content.decode()
    )
    Workspace.objects.update(coalition=world.coalition, organisation=None)
    without_coalition(world, monkeypatch, "grant_request")
    path = page_of(document, f"requests/{asked.uuid}/")
    answer = client_of(world.editor).post(path, {"answer": "grant", "note": ""}, follow=True)
    assert words in answer.content.decode()
    Workspace.objects.update(coalition=world.coalition, organisation=None)
    without_coalition(world, monkeypatch, "share_document")
    path = page_of(document, "share/coalition/")
    answer = client_of(world.editor).post(path, {"from": "workspace", "until": ""}, follow=True)
    assert words in answer.content.decode()
    assert document.audiences.in_force().get().rung == "workspace"


@pytest.mark.parametrize("end", ["share/coalition/", "requests/{}/"])
def test_an_end_that_cannot_be_is_explained(
    world: World,
    document: Document,
    asked: ShareRequest,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()

    def refuse(*_said: object) -> None:
        raise services.WrongEnd

    monkeypatch.setattr("coalitions.documents.services.sharing._check_end", refuse)
    form = {"from": "workspace", "until": tomorrow, "answer": "grant", "note": ""}
    page = client_of(world.editor).post(page_of(document, end.format(asked.uuid)), form)
    assert page.status_code == 200
    assert "This end cannot be" in page.content.decode()
    asked.refresh_from_db()
    assert asked.is_open


def test_a_step_further_says_that_an_end_was_planned_and_keeps_it(
    world: World, document: Document
) -> None:
    client = client_of(world.editor)
    day = (timezone.now() + timedelta(days=9)).date()
    step = page_of(document, "share/coalition/")
    client.post(step, {"from": "workspace", "until": day.isoformat()})
    assert "An end is planned" not in client.get(step).content.decode()
    further = page_of(document, "share/network/")
    page = client.get(further).content.decode()
    assert "An end is planned" in page
    assert "goes back to: Workspace" in page
    assert f'value="{day.isoformat()}"' in page
    client.post(further, {"from": "coalition", "until": day.isoformat()})
    rows = document.audiences.exclude(until=F("since")).order_by("since")
    assert list(rows.values_list("rung", flat=True))[-2:] == ["network", "workspace"]
    assert (
        "An end is planned"
        not in client.get(page_of(document, "share/workspace/")).content.decode()
    )


def test_granting_says_that_an_end_was_planned(
    world: World, document: Document, asked: ShareRequest
) -> None:
    day = (timezone.now() + timedelta(days=9)).date()
    client = client_of(world.editor)
    services.withdraw_request(acting_user=world.reader, request=asked)
    client.post(
        page_of(document, "share/coalition/"), {"from": "workspace", "until": day.isoformat()}
    )
    request = services.ask_to_share(
        acting_user=world.reader, document=document, rung="network", reason="More"
    )
    page = client.get(page_of(document, f"requests/{request.uuid}/")).content.decode()
    assert "An end is planned" in page
    assert f'value="{day.isoformat()}"' in page
