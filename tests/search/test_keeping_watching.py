"""Whatever way a row changes, the change is noted in its transaction, for every engine."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from coalitions.documents.models import Document, DocumentAudience, DocumentPage
from coalitions.network.models import (
    Affiliation,
    ConventionArticle,
    Country,
    DocumentType,
    Organisation,
    Theme,
    Workspace,
)
from knowledge.models import ArticleAudience, ArticlePage, HomePage
from search import outbox, watching
from search.models import Feed, OutboxRow
from search.watched import WATCHES
from tests import worlds
from tests.knowledge.makers import index_of, make_article, make_site

pytestmark = pytest.mark.django_db

Act = Callable[[Any], object]


def sql(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.fixture
def world() -> Any:
    make_site()
    owner = worlds.make_organisation("Owner")
    coalition = worlds.make_coalition(owner)
    workspace = worlds.make_workspace(coalition)
    report = worlds.make_document(workspace, owner, rung="coalition", pages=("alpha", "beta"))
    other = worlds.make_document(workspace, owner, pages=("gamma",))
    parent = Theme.objects.filter(parent=None).first()
    theme = Theme.objects.create(code="narrow", parent=parent)
    article = make_article("coalition", coalition, publisher=owner, themes=[theme])
    report.themes.add(theme)
    report.articles.add(ConventionArticle.objects.get(number=34))
    report.countries.add(Country.objects.get(code="NL"))
    kind = DocumentType.objects.first()
    Document.objects.filter(pk=report.pk).update(type=kind)
    owner.countries.add(Country.objects.get(code="TH"))
    OutboxRow.objects.all().delete()
    return SimpleNamespace(
        owner=owner,
        coalition=coalition,
        workspace=workspace,
        report=report,
        other=other,
        theme=theme,
        parent=parent,
        kind=kind,
        article=article,
        d=("document", str(report.uuid)),
        e=("document", str(other.uuid)),
        a=("article", str(article.translation_key)),
        o=("organisation", str(owner.uuid)),
    )


def noted(engine: str = "embedded") -> set[tuple[str, str]]:
    return set(OutboxRow.objects.filter(engine=engine).values_list("kind", "key"))


CHANGES: dict[str, tuple[Act, str]] = {
    "document": (lambda w: Document.objects.filter(pk=w.report.pk).update(title="New"), "d"),
    "trashed": (lambda w: Document.objects.update(trashed=timezone.now()), "de"),
    "document by hand": (
        lambda w: sql("UPDATE documents_document SET title = 'x' WHERE id = %s", w.report.pk),
        "d",
    ),
    "page": (lambda w: DocumentPage.objects.filter(text="alpha").update(text="omega"), "d"),
    "page deleted": (lambda w: DocumentPage.objects.filter(text="alpha").delete(), "d"),
    "pages in bulk": (
        lambda w: DocumentPage.objects.bulk_create(
            DocumentPage(version=w.report.current_version, number=n, text="x")
            for n in range(10, 60)
        ),
        "d",
    ),
    "page moved": (
        lambda w: DocumentPage.objects.filter(text="alpha").update(
            version=w.other.current_version, number=7
        ),
        "de",
    ),
    "version set": (
        lambda w: Document.objects.filter(pk=w.report.pk).update(current_version=None),
        "d",
    ),
    "audience ended": (
        lambda w: w.report.audiences.update(until=timezone.now()),
        "d",
    ),
    "audience rung": (lambda w: DocumentAudience.objects.update(rung="members"), "de"),
    "sealed": (lambda w: w.report.audiences.update(child_data=True), "d"),
    "audience by hand": (
        lambda w: sql("DELETE FROM documents_documentaudience WHERE document_id = %s", w.report.pk),
        "d",
    ),
    "theme taken": (lambda w: w.report.themes.clear(), "d"),
    "theme given": (lambda w: w.other.themes.add(w.theme), "e"),
    "article given": (lambda w: w.other.articles.add(ConventionArticle.objects.first()), "e"),
    "country given": (lambda w: w.other.countries.set(Country.objects.all()[:3]), "e"),
    "workspace": (
        lambda w: Workspace.objects.filter(pk=w.workspace.pk).update(**elsewhere()),
        "de",
    ),
    "theme code": (lambda w: Theme.objects.filter(pk=w.theme.pk).update(code="new"), "da"),
    "theme above": (lambda w: Theme.objects.filter(pk=w.parent.pk).update(code="new"), "da"),
    "theme moved": (lambda w: Theme.objects.filter(pk=w.theme.pk).update(parent=None), "da"),
    "number": (
        lambda w: ConventionArticle.objects.filter(number=34).update(number=340),
        "d",
    ),
    "type code": (lambda w: DocumentType.objects.filter(pk=w.kind.pk).update(code="new"), "d"),
    "country code": (lambda w: Country.objects.filter(code="NL").update(code="XX"), "d"),
    "country of organisation": (
        lambda w: Country.objects.filter(code="TH").update(code="XX"),
        "o",
    ),
    "organisation": (
        lambda w: Organisation.objects.filter(pk=w.owner.pk).update(listed=False),
        "o",
    ),
    "organisation's countries": (lambda w: w.owner.countries.clear(), "o"),
    "article body": (lambda w: ArticlePage.objects.update(summary="New"), "a"),
    "article title": (lambda w: ArticlePage.objects.filter(pk=w.article.pk).update(title="x"), "a"),
    "article taken down": (
        lambda w: sql("UPDATE wagtailcore_page SET live = %s WHERE id = %s", False, w.article.pk),
        "a",
    ),
    "article expired": (
        lambda w: ArticlePage.objects.filter(pk=w.article.pk).update(expire_at=timezone.now()),
        "a",
    ),
    "article moved": (
        lambda w: ArticlePage.objects.filter(pk=w.article.pk).update(url_path="/elsewhere/"),
        "a",
    ),
    "list moved": (lambda w: move_the_list(), "a"),
    "article deleted": (lambda w: w.article.delete(), "a"),
    "article's themes": (lambda w: _rows_of(w.article.themes).delete(), "a"),
    "article's audience": (lambda w: ArticleAudience.objects.update(level="public"), "a"),
    "audience's coalitions": (lambda w: ArticleAudience.objects.get().coalitions.clear(), "a"),
}


def elsewhere() -> dict[str, Any]:
    return {"coalition": worlds.make_coalition(worlds.make_organisation("Third"))}


def move_the_list() -> None:
    index_of("nl").delete()
    index_of().move(HomePage.objects.get(locale__language_code="nl"), "last-child")


def _rows_of(manager: Any) -> Any:
    return manager.through.objects.all()


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_noted(world: Any, name: str) -> None:
    act, letters = CHANGES[name]
    Feed.objects.create(name="beside")
    act(world)
    expected = {getattr(world, letter) for letter in letters}
    for engine in ("embedded", "beside"):
        found = {thing for thing in noted(engine) if thing in (world.d, world.e, world.a, world.o)}
        assert found == expected


def test_nothing_is_noted_of_what_no_index_holds(world: Any) -> None:
    Document.objects.filter(pk=world.report.pk).update(changed=timezone.now())
    ArticlePage.objects.filter(pk=world.article.pk).update(has_unpublished_changes=True, numchild=0)
    sql("UPDATE wagtailcore_page SET draft_title = 'x' WHERE id = %s", world.article.pk)
    Theme.objects.update(labels={"en": "Other words"})
    Workspace.objects.update(name="Other")
    assert noted() - {world.a} == set()


def test_an_unfed_engine_has_no_rows(world: Any) -> None:
    Document.objects.update(title="New")
    assert set(OutboxRow.objects.values_list("engine", flat=True)) == {"embedded"}


def test_a_transaction_leaves_one_row_for_a_thing(world: Any) -> None:
    for title in "abc":
        Document.objects.filter(pk=world.report.pk).update(title=title)
        world.report.themes.set([world.parent])
        outbox.note(*world.d)
    assert OutboxRow.objects.count() == 1


def test_what_is_rolled_back_is_not_noted(world: Any) -> None:
    with transaction.atomic():
        Document.objects.update(title="New")
        assert noted()
        transaction.set_rollback(True)
    assert not noted()


def test_a_change_of_a_thing_that_a_worker_is_at_has_a_row_of_its_own(world: Any) -> None:
    Document.objects.filter(pk=world.report.pk).update(title="a")
    claim = outbox._claim("embedded")
    assert claim is not None
    assert set(claim.things) == {world.d}
    # On PostgreSQL this stands for another transaction than the one that the test runs in.
    OutboxRow.objects.update(xact=1)
    Document.objects.filter(pk=world.report.pk).update(title="b")
    assert OutboxRow.objects.count() == 2
    assert outbox._claim("embedded") is None


def test_a_change_is_found_after_the_worker_came(world: Any) -> None:
    outbox.note(*world.d)
    outbox.drain()
    Document.objects.filter(pk=world.report.pk).update(title="Wombat")
    assert outbox.drain() == 1
    assert not noted()


def test_affiliations_act_through_the_viewers_labels(world: Any) -> None:
    """A changed affiliation changes who asks, not what is indexed: nothing has to be noted."""
    person = worlds.make_person(world.owner)
    OutboxRow.objects.all().delete()
    Affiliation.objects.filter(person=person).update(until=timezone.now())
    assert not noted()


# Making and lifting ------------------------------------------------------------------------------
def test_every_table_is_watched_in_every_way(world: Any) -> None:
    wanted = {name for name, _, _ in watching.triggers(connection.vendor)}
    assert set(watching.present(connection)) == wanted
    assert len(wanted) == 3 * len(WATCHES)


def test_making_again_changes_nothing_and_mends_what_is_missing(world: Any) -> None:
    before = watching.present(connection)
    name, table = next(iter(before.items()))
    watching._drop(connection, {name: table})
    watching.install(connection)
    assert watching.present(connection) == before
    watching.lift(connection)
    assert watching.present(connection) == {}
    Document.objects.update(title="Unseen")
    assert not noted()
    watching.install(connection)
    assert watching.present(connection) == before
