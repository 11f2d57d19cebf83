"""Scopes × rungs × kinds of organisation, against an oracle written from the prose.

A token carries: public always; network with `read:network`, unless its organisation is a partner;
the coalitions of its organisation with `read:coalition`; its organisation with `read:organisation`.
A workspace, and anything with child data: never. A suspended organisation's tokens: public only.
"""

from itertools import combinations
from typing import Any

import pytest
from django.test import Client

from coalitions.documents.models import Document
from coalitions.network.models import Organisation
from tests.api.asking import ask, ids, token_for
from tests.worlds import (
    affiliate,
    join,
    make_coalition,
    make_document,
    make_organisation,
    make_person,
    make_workspace,
    suspend,
)

pytestmark = pytest.mark.django_db
SCOPES = ("read:network", "read:coalition", "read:organisation")
SCOPE_SETS = [chosen for size in range(4) for chosen in combinations(SCOPES, size)]
RUNGS = ("members", "organisation", "workspace", "coalition", "network", "public")
KINDS = ("dci_section", "ecpat_member", "ecpat_affiliate", "secretariat", "partner")


def world(kind: str) -> dict[str, Any]:
    """Return an owner of `kind`, a coalition member of `kind`, an outsider of `kind`, documents."""
    owner, ally, outsider = (make_organisation(kind=kind) for _ in range(3))
    workspace = make_workspace(make_coalition(owner, ally))
    by = make_person(owner)
    documents = {
        (rung, sealed): make_document(workspace, owner, by=by, rung=rung, child_data=sealed)
        for rung in RUNGS
        for sealed in (False, True)
    }
    return {"owner": owner, "ally": ally, "outsider": outsider, "documents": documents}


def may_see(who: str, kind: str, scopes: tuple[str, ...], rung: str, sealed: bool) -> bool:
    """Say from the prose whether a token sees a document of the owner."""
    if sealed or rung == "members":
        return False
    if rung == "public":
        return True
    height = RUNGS.index(rung)
    if "read:network" in scopes and kind != "partner" and height >= RUNGS.index("network"):
        return True
    in_coalition = who in ("owner", "ally")
    if "read:coalition" in scopes and in_coalition and height >= RUNGS.index("coalition"):
        return True
    return "read:organisation" in scopes and who == "owner"


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_sees_what_its_scopes_say(kind: str) -> None:
    made = world(kind)
    documents: dict[tuple[str, bool], Document] = made["documents"]
    seen_at_all = 0
    for who in ("owner", "ally", "outsider"):
        for scopes in SCOPE_SETS:
            _token, headers = token_for(made[who], *scopes)
            expected = {
                str(document.uuid)
                for (rung, sealed), document in documents.items()
                if may_see(who, kind, scopes, rung, sealed)
            }
            assert ids("documents/", headers) == expected, (who, scopes)
            seen_at_all += len(expected)
    assert seen_at_all > 24 * 1


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("sealed", [False, True])
def test_every_address_of_a_document_agrees(rung: str, sealed: bool) -> None:
    made = world("ecpat_member")
    document = made["documents"][rung, sealed]
    missing = {path: ask(path).content for path in _addresses("0" * 8 + str(document.uuid)[8:])}
    for who in ("owner", "outsider"):
        for scopes in ((), SCOPES):
            _token, headers = token_for(made[who], *scopes)
            expected = may_see(who, "ecpat_member", scopes, rung, sealed)
            for path, nothing in zip(_addresses(document.uuid), missing.values(), strict=True):
                answer = ask(path, headers)
                # The files of these documents are not in the storage; that is another 404.
                if expected and "download" not in path:
                    assert answer.status_code == 200, (who, scopes, path)
                else:
                    assert answer.status_code == 404, (who, scopes, path)
                    assert answer.content == nothing


def _addresses(uuid: Any) -> list[str]:
    base = f"documents/{uuid}/"
    return [
        base,
        f"{base}versions/",
        f"{base}pages/",
        f"{base}versions/1/pages/",
        f"{base}versions/1/download/",
    ]


def test_a_suspended_organisations_token_holds_public_only() -> None:
    made = world("ecpat_member")
    _token, headers = token_for(made["owner"], *SCOPES)
    assert len(ids("documents/", headers)) == 5
    suspend(made["owner"])
    assert ids("documents/", headers) == {str(made["documents"]["public", False].uuid)}


def test_leaving_the_coalition_holds_on_the_next_request() -> None:
    made = world("ecpat_member")
    _token, headers = token_for(made["ally"], "read:coalition")
    coalition = str(made["documents"]["coalition", False].uuid)
    assert coalition in ids("documents/", headers)
    made["ally"].coalition_memberships.get().end()
    assert coalition not in ids("documents/", headers)
    assert ask(f"documents/{coalition}/", headers).status_code == 404


def test_narrowing_an_audience_holds_on_the_next_request() -> None:
    made = world("ecpat_member")
    document = made["documents"]["network", False]
    _token, headers = token_for(made["outsider"], "read:network")
    path = f"documents/{document.uuid}/"
    assert ask(path, headers).status_code == 200
    row = document.audiences.get()
    row.end()
    document.audiences.create(
        rung="organisation", decided_by=row.decided_by, organisation=row.organisation
    )
    assert ask(path, headers).status_code == 404
    assert ask("documents/", headers).json()["results"] == [] or str(document.uuid) not in ids(
        "documents/", headers
    )


def test_a_trashed_document_is_gone_for_everybody() -> None:
    made = world("ecpat_member")
    document = made["documents"]["public", False]
    from django.utils import timezone

    Document.objects.filter(pk=document.pk).update(trashed=timezone.now())
    _token, headers = token_for(made["owner"], *SCOPES)
    assert ask(f"documents/{document.uuid}/", headers).status_code == 404
    assert str(document.uuid) not in ids("documents/")


def test_organisations_follow_their_listing() -> None:
    hidden = make_organisation(listed=False)
    shown = make_organisation()
    partner = make_organisation(kind=Organisation.Kind.PARTNER)
    cases = [
        (None, False),
        (token_for(shown, "read:network")[1], True),
        (token_for(shown, "read:coalition", "read:organisation")[1], False),
        (token_for(partner, *SCOPES)[1], False),
        (token_for(hidden, "read:organisation")[1], True),
        (token_for(hidden)[1], False),
    ]
    for headers, expected in cases:
        found = ids("organisations/", headers)
        assert str(shown.uuid) in found
        assert (str(hidden.uuid) in found) is expected
        status = ask(f"organisations/{hidden.slug}/", headers).status_code
        assert status == (200 if expected else 404)


def test_a_signed_in_person_sees_here_what_they_see_elsewhere(client: Client) -> None:
    owner, other = make_organisation(), make_organisation()
    workspace = make_workspace(make_coalition(owner, other), need_to_know=True)
    reader, outsider = make_person(other), make_person(other)
    join(workspace, reader, other)
    document = make_document(workspace, owner, child_data=True)
    client.force_login(reader)
    found = ask(f"documents/{document.uuid}/", client=client)
    assert found.status_code == 200
    assert found.json()["workspace"]["id"] == str(workspace.uuid)
    assert found.json()["child_data"] is True
    client.force_login(outsider)
    assert ask(f"documents/{document.uuid}/", client=client).status_code == 404


def test_a_token_beside_a_session_decides_alone(client: Client) -> None:
    owner, other = make_organisation(), make_organisation()
    document = make_document(make_workspace(owner), owner)
    person = make_person(owner)
    client.force_login(person)
    assert ask(f"documents/{document.uuid}/", client=client).status_code == 200
    _token, headers = token_for(other, *SCOPES)
    assert ask(f"documents/{document.uuid}/", headers, client).status_code == 404
    assert ask("documents/", {"Authorization": "Bearer nonsense"}, client).status_code == 401


def test_affiliations_that_ended_and_accounts_that_ended_see_nothing(client: Client) -> None:
    owner = make_organisation()
    document = make_document(make_workspace(owner), owner)
    person = make_person()
    affiliation = affiliate(person, owner)
    client.force_login(person)
    path = f"documents/{document.uuid}/"
    assert ask(path, client=client).status_code == 200
    affiliation.end()
    assert ask(path, client=client).status_code == 404
    affiliate(person, owner)
    assert ask(path, client=client).status_code == 200
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert ask(path, client=client).status_code == 404
