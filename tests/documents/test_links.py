"""Links for outsiders: who makes them, what their holder sees, and each way in which they end."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coalitions.access import NotAllowed, link_label
from coalitions.documents import services
from coalitions.documents.labels import document_labels, labels_of_audience
from coalitions.documents.linked import links_listed, viewer_for_link
from coalitions.documents.models import Document, DocumentLink, DocumentVersion
from coalitions.documents.models.link import LinkIsKept
from coalitions.documents.services.linking import LinkRefused, open_link, revoke_link
from coalitions.network.models import AuditEntry, Organisation, Workspace
from coalitions.network.querysets import people_visible_to
from search.indexed import labels_of, records_of
from tests import worlds
from tests.documents.conftest import World
from tests.documents.links import WORDS, make


def sees(link: DocumentLink, document: Document) -> bool:
    """Both halves of the rule, which must agree."""
    viewer = viewer_for_link(link)
    found = Document.objects.visible_to(viewer).filter(pk=document.pk).exists()
    document = Document.objects.get(pk=document.pk)
    assert viewer.sees(document_labels(document)) == found
    return found


def is_over(link: DocumentLink, secret: str, document: Document) -> bool:
    return not sees(link, document) and open_link(secret, WORDS) is None


def why(link: DocumentLink) -> str:
    return DocumentLink.objects.get(pk=link.pk).why


def test_the_holder_is_a_viewer_with_one_label(world: World, document: Document) -> None:
    public = worlds.make_document(world.workspace, world.owner, rung="public")
    link, _secret = make(world.editor, document)
    viewer = viewer_for_link(link)
    assert viewer.labels == {link_label(link.uuid)}
    assert list(Document.objects.visible_to(viewer)) == [document]
    assert link_label(link.uuid) in document_labels(document)
    assert not viewer.sees(document_labels(public))
    assert not Organisation.objects.visible_to(viewer).exists()
    assert not Workspace.objects.visible_to(viewer).exists()
    assert not people_visible_to(viewer).exists()


def test_of_the_address_a_digest_is_kept_and_of_the_password_a_hash(
    world: World, document: Document
) -> None:
    link, secret = make(world.editor, document)
    row = DocumentLink.objects.filter(pk=link.pk).values().get()
    kept = " ".join(str(value) for value in row.values())
    assert secret not in kept
    assert WORDS not in kept
    assert len(secret) >= 43
    assert row["secret_digest"] == hashlib.sha256(secret.encode()).hexdigest()
    audited = str(list(AuditEntry.objects.values()))
    assert secret not in audited
    assert WORDS not in audited
    assert open_link(str(link.uuid), WORDS) is None


def test_who_decides_the_audience_makes_links(world: World, document: Document) -> None:
    acting = worlds.make_person(world.owner)
    worlds.join(world.workspace, acting, world.owner, "coordinator")
    for person in (world.editor, acting):
        assert make(person, document)[0].made_by == person
    others = (world.contributor, world.coordinator, world.reader, world.colleague, world.stranger)
    for person in others:
        with pytest.raises(NotAllowed):
            make(person, document)
        with pytest.raises(NotAllowed):
            revoke_link(acting_user=person, link=document.links.first())
    assert document.links.living().count() == 2


@pytest.mark.parametrize(
    "terms",
    [{"days": 0}, {"days": 31}, {"downloads": 0}, {"downloads": 101}, {"password": "short"}],
)
def test_terms_have_bounds(world: World, document: Document, terms: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="link"):
        make(world.editor, document, **terms)
    assert not DocumentLink.objects.exists()


def test_a_link_lives_for_thirty_days_at_most(world: World, document: Document) -> None:
    link, _secret = make(world.editor, document, days=30)
    assert link.ends - link.since == timedelta(days=30)
    assert list(DocumentLink.objects.living(link.ends - timedelta(seconds=1))) == [link]
    assert not DocumentLink.objects.living(link.ends).exists()


def test_only_end_and_count_ever_change(world: World, document: Document) -> None:
    link, _secret = make(world.editor, document)
    with pytest.raises(LinkIsKept):
        link.save()
    with pytest.raises(LinkIsKept):
        link.save(update_fields=["password"])
    rows = DocumentLink.objects.filter(pk=link.pk)
    for wrong in ({"until": None}, {"downloads_made": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_the_form_sent_twice_makes_one_link(world: World, document: Document) -> None:
    link, _secret = make(world.editor, document)
    terms = services.linking.Terms(password=WORDS, days=1, downloads=1)
    with pytest.raises(LinkRefused, match="made"):
        services.linking.make_link(
            acting_user=world.editor, document=document, terms=terms, submission=link.submission
        )
    assert document.links.count() == 1


def test_a_document_has_so_many_links_at_once(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.linking, "MOST_LINKS", 1)
    link, _secret = make(world.editor, document)
    with pytest.raises(LinkRefused, match="too-many"):
        make(world.editor, document)
    assert revoke_link(acting_user=world.editor, link=link)
    make(world.editor, document)


def test_no_link_to_child_data(world: World) -> None:
    sealed = worlds.make_document(world.workspace, world.owner, child_data=True)
    with pytest.raises(LinkRefused, match="child-data"):
        make(world.editor, sealed)


def test_revoking_is_at_once_and_for_good(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    assert sees(link, document)
    assert open_link(secret, WORDS) == link
    assert revoke_link(acting_user=world.editor, link=link)
    assert is_over(link, secret, document)
    ended = DocumentLink.objects.get(pk=link.pk)
    assert (ended.why, ended.ended_by) == ("revoked", world.editor)
    assert not revoke_link(acting_user=world.editor, link=link)
    assert DocumentLink.objects.get(pk=link.pk).until == ended.until


@pytest.mark.parametrize("child_data_lifted", [False, True])
def test_child_data_ends_it_for_good(
    world: World, document: Document, child_data_lifted: bool
) -> None:
    link, secret = make(world.editor, document)
    services.mark_child_data(acting_user=world.contributor, document=document)
    assert why(link) == "child-data"
    if child_data_lifted:
        second = worlds.make_person(world.owner, "administrator")
        lift = services.propose_lift(acting_user=world.editor, document=document, reason="Nobody.")
        services.confirm_lift(acting_user=second, lift=lift)
    assert is_over(link, secret, document)


def test_a_step_down_ends_it_and_a_step_further_does_not(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    services.share_document(acting_user=world.editor, document=document, rung="network")
    assert sees(link, document)
    services.share_document(acting_user=world.editor, document=document, rung="coalition")
    assert why(link) == "narrowed"
    assert is_over(link, secret, document)
    services.share_document(acting_user=world.editor, document=document, rung="network")
    assert is_over(link, secret, document)


def test_a_step_down_that_is_written_ahead_ends_it_then(world: World, document: Document) -> None:
    """Whether the link was there before, or is made after; nobody has to announce the end."""
    soon = timezone.now() + timedelta(days=2)
    before, _secret = make(world.editor, document)
    services.share_document(acting_user=world.editor, document=document, rung="network", until=soon)
    after, _secret = make(world.editor, document)
    short, _secret = make(world.editor, document, days=1)
    for link in (before, after):
        row = DocumentLink.objects.get(pk=link.pk)
        assert (row.until, row.why) == (soon, "narrowed")
        assert link_label(link.uuid) in document_labels(document, soon - timedelta(seconds=1))
        assert link_label(link.uuid) not in document_labels(document, soon)
    assert why(short) == ""
    # The end is taken away: a link that was bound to it stays bound, and says until when.
    services.share_document(acting_user=world.editor, document=document, rung="network")
    assert DocumentLink.objects.get(pk=before.pk).until == soon


def test_the_trash_ends_it_for_good(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    services.trash_document(acting_user=world.editor, document=document)
    assert why(link) == "trashed"
    assert is_over(link, secret, document)
    services.restore_document(acting_user=world.editor, document=document)
    assert is_over(link, secret, document)


def test_the_trash_of_its_folder_ends_it(world: World, document: Document) -> None:
    folder = services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name="Letters"
    )
    services.move_document(
        acting_user=world.contributor, document=document, folder=folder, seen_in=None
    )
    link, secret = make(world.editor, document)
    services.trash_folder(acting_user=world.contributor, folder=folder, revision=folder.revision)
    assert why(link) == "trashed"
    services.restore_folder(acting_user=world.contributor, folder=folder)
    assert is_over(link, secret, document)


def test_the_setting_of_the_network_is_asked_at_each_request(
    world: World, document: Document, settings: Any
) -> None:
    link, secret = make(world.editor, document)
    settings.LINKS_FOR_OUTSIDERS = False
    assert is_over(link, secret, document)
    with pytest.raises(LinkRefused, match="off"):
        make(world.editor, document)
    [listed] = links_listed(document)
    assert (listed.lives, listed.why) == (False, "Switched off by a rule of the network")
    settings.LINKS_FOR_OUTSIDERS = True
    assert sees(link, document)


def test_a_suspended_owner_lets_nobody_in(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    worlds.suspend(world.owner)
    assert is_over(link, secret, document)


def test_another_owner_is_not_bound_by_it(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    Document.objects.filter(pk=document.pk).update(owner=world.partner)
    assert is_over(link, secret, document)


def test_deleting_for_good_takes_the_links_along(world: World, document: Document) -> None:
    make(world.editor, document, version=1)
    make(world.editor, document)
    services.trash_document(acting_user=world.editor, document=document)
    services.delete_for_good(acting_user=world.editor, document=document)
    assert not DocumentLink.objects.exists()
    assert not DocumentVersion.objects.exists()


def test_engines_are_given_no_label_of_a_link(world: World, document: Document) -> None:
    """Its holder never searches; so nothing waits for an index when a link ends."""
    make(world.editor, document)
    audience = document.audiences.in_force().get()
    assert labels_of_audience(document, audience) == {
        label for label in document_labels(document) if not label.startswith("link:")
    }
    given = set[str]().union(*labels_of("document", str(document.uuid)).values())
    for record in records_of("document", str(document.uuid)):
        given |= record.labels
    assert given
    assert not [label for label in given if label.startswith("link:")]


def test_acts_are_audited_without_words(world: World, document: Document) -> None:
    link, secret = make(world.editor, document, purpose="Court of the coast")
    open_link(secret, WORDS)
    revoke_link(acting_user=world.editor, link=link)
    rows = AuditEntry.objects.filter(object_uuid=link.uuid).order_by("pk")
    assert [(row.verb, row.actor) for row in rows] == [
        ("link.made", world.editor.uuid),
        ("link.opened", None),
        ("link.ended", world.editor.uuid),
    ]
    assert "Court" not in str(list(rows.values()))
