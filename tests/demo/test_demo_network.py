"""Loading the demonstration: complete, through the services, repeatable, and nowhere else."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from coalitions.documents.care import rung_in_care
from coalitions.documents.models import (
    Document,
    DocumentAudience,
    DocumentLink,
    DocumentPage,
    DocumentVersion,
    FormerPlace,
    TextExtraction,
)
from coalitions.documents.services.linking import open_link
from coalitions.documents.space import fill_of
from coalitions.network.models import (
    Affiliation,
    AuditEntry,
    Coalition,
    Organisation,
    Programme,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.viewers import viewer_for
from knowledge.models import ArticlePage
from portal.accounts.models import User
from portal.demo.articles import read_articles
from portal.demo.directory import read_directory
from portal.demo.documents import read_documents
from portal.demo.loading import documents as loading_documents
from portal.demo.loading import leaving, state
from portal.demo.network import read_network
from search.service import find

PASSWORD = "lantern-at-the-pier"
PHRASE = "blue key stays on the hook"
TABLES: tuple[Any, ...] = (
    Organisation, Coalition, Programme, Workspace, User, Affiliation, WorkspaceMembership,
    Document, DocumentVersion, DocumentAudience, DocumentLink, DocumentPage, ArticlePage,
)  # fmt: skip


def made_by_leaving() -> list[int]:
    """The workspaces that organisations have because they left a coalition with documents."""
    return list(FormerPlace.objects.values_list("document__workspace", flat=True).distinct())


def run() -> str:
    out = io.StringIO()
    call_command("demo_network", stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in TABLES}


@pytest.fixture(scope="class")
def said(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[str]:
    """Load everything once, in a transaction that is taken back after the last test."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("var")
    patch.setenv("PORTAL_DEMO_PASSWORD", PASSWORD)
    patch.setattr("django.conf.settings.VAR_DIR", folder)
    with django_db_blocker.unblock(), transaction.atomic():
        yield run()
        transaction.set_rollback(True)
    patch.undo()


@pytest.mark.django_db
@pytest.mark.usefixtures("said")
class TestLoaded:
    def test_everything_is_there(self) -> None:
        network = read_network()
        assert Organisation.objects.count() == len(read_directory()) + len(network.organisations)
        assert Coalition.objects.count() == len(network.coalitions)
        assert len(made_by_leaving()) == 1
        assert Workspace.objects.count() == len(network.workspaces) + len(made_by_leaving())
        assert User.objects.count() == len(network.people)
        brought = len(leaving.GUESTS) + 1
        there = Document.objects.filter(trashed=None).count()
        assert there - brought == len(read_documents()) >= 30
        assert ArticlePage.objects.live().count() == len(read_articles()) >= 24

    def test_every_text_was_read_and_every_current_version_has_pages(self) -> None:
        states = Counter(TextExtraction.objects.values_list("state", flat=True))
        assert set(states) == {TextExtraction.State.DONE}
        marks = [loading_documents._submission(source) for source in read_documents()]
        for document in Document.objects.filter(versions__submission__in=marks).distinct():
            assert document.current_version is not None
            assert document.current_version.pages.count() >= 3, document.title

    def test_one_workspace_is_near_its_limit(self) -> None:
        fills = [fill_of(row) for row in Workspace.objects.exclude(pk__in=made_by_leaving())]
        assert sorted(fill.level for fill in fills) == ["", "", "", "", "filling"]

    def test_a_link_for_outsiders_lives_and_its_address_was_said(self, said: str) -> None:
        living = DocumentLink.objects.living().get()
        assert DocumentLink.objects.get(why="revoked").document == living.document
        found = re.search(r"password (\S+): \S+/en/links/(\S+)/", said)
        assert found is not None
        assert open_link(found[2], found[1]) == living

    def test_of_two_guests_one_left_its_document_and_the_other_took_it_along(self) -> None:
        gone, stayed = (
            DocumentVersion.objects.get(submission=leaving._mark(guest.name)).document
            for guest in leaving.GUESTS
        )
        assert gone.workspace.organisation == gone.owner
        assert gone.folder is not None
        assert stayed.workspace.coalition is not None
        assert rung_in_care(stayed) == "workspace"

    def test_another_organisation_added_a_version(self) -> None:
        version = DocumentVersion.objects.get(submission=leaving._mark(leaving.ADDED[0]))
        assert version.document.others_add_versions
        assert version.organisation != version.document.owner
        assert version.number == 2

    def test_page_37_of_the_handbook_holds_the_phrase(self) -> None:
        pages = DocumentPage.objects.filter(text__contains=PHRASE)
        assert [page.number for page in pages] == [37]

    def test_a_mistake_was_mended_and_a_document_is_reserved(self) -> None:
        for source in read_documents():
            if source.mistake is None and not source.reserved:
                continue
            final = DocumentVersion.objects.get(submission=loading_documents._submission(source))
            document = final.document
            if source.mistake is not None:
                newest = document.current_version
                assert newest is not None
                assert (newest.number, newest.restored_from) == (4, final.number)
                assert newest.sha256 == final.sha256
                assert newest.pages.count() == final.pages.count()
            reserved = document.reservations.in_force().exists()
            assert reserved == source.reserved

    def test_documents_stand_on_the_rung_of_their_source(self) -> None:
        for source in read_documents():
            version = DocumentVersion.objects.get(submission=loading_documents._submission(source))
            audience = DocumentAudience.objects.in_force().get(document=version.document)
            assert (audience.rung, audience.child_data) == (source.audience, source.child_data)
            assert version.document.owner.slug == source.owner
            assert version.number == (2 if source.draft else 1)

    def test_no_real_organisation_owns_anything(self) -> None:
        invented = {organisation.slug for organisation in read_network().organisations}
        for model, path in (
            (Document, "owner__slug"),
            (Affiliation, "organisation__slug"),
            (ArticlePage, "publisher__slug"),
        ):
            assert set(model.objects.values_list(path, flat=True)) <= invented

    def test_the_competitor_sees_nothing_of_the_other_coalition(self) -> None:
        viewer = viewer_for(User.objects.get(email="advocate@northwind.example"))
        seen = Document.objects.visible_to(viewer)
        others = seen.filter(workspace__coalition__slug="safe-roads")
        assert {a.rung for a in DocumentAudience.objects.filter(document__in=others)} <= {
            "public",
            "workspace",
        }
        assert not others.exclude(audiences__rung="public").exists()
        assert not seen.filter(title__contains="Bid strategy").exists()

    def test_a_word_in_one_language_finds_the_article_in_another(self) -> None:
        for word in ("kindersekstoerisme", "turismo sexual infantil", "tourisme sexuel pédophile"):
            found = find(viewer_for(None), word, filters={"kind": ["article"], "language": ["en"]})
            assert any("travel and tourism" in shown.title for shown in found.items), word
            assert [concept.code for concept in found.also] == ["travel-and-tourism"]
            plain = find(viewer_for(None), f'"{word}"', filters={"language": ["en"]})
            assert plain.items == ()

    def test_child_data_is_seen_in_its_workspace_only(self) -> None:
        document = Document.objects.get(audiences__child_data=True, audiences__until=None)
        for person in read_network().people:
            viewer = viewer_for(User.objects.get(email=person.email))
            member = "safe-roads-casework" in {role.workspace for role in person.workspaces}
            sees = Document.objects.visible_to(viewer).filter(pk=document.pk).exists()
            assert sees == member, person.email

    def test_the_sign_ins_are_printed_and_their_password_is_right(self, said: str) -> None:
        for person in read_network().sign_ins():
            assert person.email in said
            assert str(person.signin) in said
            assert User.objects.get(email=person.email).check_password(PASSWORD)
        assert PASSWORD in said

    def test_staff_are_editors_and_nobody_is_superuser(self) -> None:
        groups = {
            user.email: [group.name for group in user.groups.all()]
            for user in User.objects.exclude(groups=None)
        }
        assert groups == {
            "editor@lantern.example": ["Editors"],
            "reviewer@lantern.example": ["Reviewers"],
        }
        assert not User.objects.filter(is_superuser=True).exists()

    def test_translations_share_their_family(self) -> None:
        families = Counter(a.family for a in read_articles())
        keys = Counter(ArticlePage.objects.values_list("translation_key", flat=True))
        assert sorted(families.values()) == sorted(keys.values())

    def test_a_second_time_changes_nothing(self) -> None:
        before = counts()
        run()
        assert counts() == before
        assert AuditEntry.objects.filter(verb=state.COMPLETE).count() == 1

    def test_what_is_missing_is_added_again(self) -> None:
        source = read_documents()[0]
        version = DocumentVersion.objects.get(submission=loading_documents._submission(source))
        WorkspaceMembership.objects.filter(
            person__email="researcher@andesinfancia.example"
        ).delete()
        assert version.number in {1, 2}
        run()
        held = WorkspaceMembership.objects.filter(person__email="researcher@andesinfancia.example")
        assert held.count() == 1


@pytest.mark.django_db
class TestRefused:
    def test_a_database_with_people_is_left_alone(self) -> None:
        User.objects.create_user("somebody@example.org", name="Somebody")
        before = counts()
        with pytest.raises(CommandError, match="DATABASE_URL"):
            run()
        assert counts() == before
        assert not state.is_demonstration()

    def test_without_demo_mode_nothing_is_loaded(self, settings: Any) -> None:
        settings.DEMO_MODE = False
        with pytest.raises(CommandError, match="DEMO_MODE"):
            run()
        assert not Organisation.objects.exists()

    def test_demo_mode_off_refuses_a_demonstration_too(self, settings: Any) -> None:
        state.require_demonstration()
        settings.DEMO_MODE = False
        with pytest.raises(CommandError, match="DEMO_MODE"):
            run()


def test_the_directory_has_each_organisation_once() -> None:
    entries = read_directory()
    assert len(entries) == 69
    twice = next(entry for entry in entries if "ECPAT Nederland" in entry.name)
    assert twice.networks == ("dci", "ecpat")
    assert all(entry.source for entry in entries)
