"""What is indexed: articles, documents and organisations, with the labels they carry.

Invariant: everything is read from the primary database at the moment of asking. What nobody may
see has no labels and is no record. A thing's key is its family: all its languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings

from coalitions.documents.labels import audience_of as document_audience
from coalitions.documents.labels import labels_of_audience
from coalitions.documents.models import Document, DocumentAudience, DocumentPage
from coalitions.network.labels import organisation_labels
from coalitions.network.models import ConventionArticle, Organisation, Theme
from knowledge.labels import article_labels, audience_of
from knowledge.models import ArticlePage
from knowledge.text import article_text
from search.country_names import country_names
from search.records import PageText, Record, Words, midnight


def ref_of(kind: str, key: object, locale: str = "") -> str:
    """The name of a record in every index."""
    return f"{kind}:{key}:{locale}" if locale else f"{kind}:{key}"


class Ref(NamedTuple):
    """The parts of a ref."""

    kind: str
    key: UUID
    locale: str


def parse_ref(ref: str) -> Ref:
    """Take a ref apart; raises ValueError for what is none."""
    kind, key, *locale = ref.split(":")
    return Ref(kind, UUID(key), locale[0] if locale else "")


def theme_codes(themes: list[Theme]) -> tuple[str, ...]:
    """Codes of themes and of the themes above them, so that a theme finds its sub-themes."""
    codes = {theme.code for theme in themes}
    return tuple(sorted(codes | {theme.parent.code for theme in themes if theme.parent}))


def article_numbers(articles: Iterable[ConventionArticle]) -> tuple[str, ...]:
    """Numbers of articles of the Convention, as facet values."""
    return tuple(sorted(str(article.number) for article in articles))


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


# Documents -----------------------------------------------------------------------------------
def page_language(document: Document, page: DocumentPage) -> str:
    """The language that a page's text is analysed in, when indexed and when marked."""
    return document.language or page.language


def _document(key: str) -> Document | None:
    found: Document | None = (
        Document.objects.filter(uuid=key)
        .select_related("owner", "workspace__coalition", "current_version", "type")
        .first()
    )
    return found


def _document_labels(key: str) -> dict[str, frozenset[str]]:
    document = _document(key)
    audience = document_audience(document) if document is not None else None
    if document is None or document.trashed is not None or audience is None:
        return {}
    return {ref_of("document", key): labels_of_audience(document, audience)}


def _document_ends(key: str) -> dict[str, datetime | None]:
    document = _document(key)
    audience = document_audience(document) if document is not None else None
    if document is None or audience is None:
        return {}
    return {ref_of("document", key): _last_of(document, audience)}


def _last_of(document: Document, audience: DocumentAudience) -> datetime | None:
    """From when on nobody sees it: never, where a narrower audience follows the present one."""
    follows = audience.until and document_audience(document, audience.until)
    return None if follows else audience.until


def _document_records(key: str) -> list[Record]:
    document = _document(key)
    audience = document_audience(document) if document is not None else None
    if document is None or document.trashed is not None or audience is None:
        return []
    version = document.current_version
    pages = version.pages.readable().order_by("number") if version is not None else ()
    countries = document.countries.values_list("code", flat=True)
    return [
        Record(
            ref=ref_of("document", key),
            locale=document.language,
            family=str(document.uuid),
            labels=labels_of_audience(document, audience),
            facets={
                "kind": ("document",),
                "language": (document.language,) if document.language else (),
                "organisation": (str(document.owner.uuid),),
                "country": tuple(sorted(countries)),
                "theme": theme_codes(list(document.themes.select_related("parent"))),
                "article": article_numbers(document.articles.all()),
                "workspace": (str(document.workspace.uuid),),
                "type": (document.type.code,) if document.type else (),
                "year": (str((document.date or document.created).year),),
            },
            date=midnight(document.date, document.created),
            titles=(Words(document.title, document.language), Words(document.reference, "")),
            pages=tuple(
                PageText(page.number, page.text, page_language(document, page), page.anchor)
                for page in pages
            ),
            until=_last_of(document, audience),
        )
    ]


# Articles ------------------------------------------------------------------------------------
def _articles(key: str) -> list[ArticlePage]:
    return list(
        ArticlePage.objects.filter(translation_key=key)
        .published()
        .select_related("locale", "publisher")
    )


def _article_labels(key: str) -> dict[str, frozenset[str]]:
    return {
        ref_of("article", key, article.language): labels
        for article in _articles(key)
        if (labels := article_labels(article))
    }


def _article_ends(key: str) -> dict[str, datetime | None]:
    audience = audience_of(UUID(key))
    last = audience.until if audience is not None else None
    return {
        ref_of("article", key, article.language): _earliest(article.expire_at, last)
        for article in _articles(key)
    }


def article_words(article: ArticlePage) -> str:
    """The text of an article that is searched and shown in snippets."""
    return f"{article.summary}\n\n{article_text(article)}"


def _article_records(key: str) -> list[Record]:
    audience = audience_of(UUID(key))
    records = []
    for article in _articles(key):
        labels = article_labels(article)
        if audience is None or not labels:
            continue
        language = article.language
        records.append(
            Record(
                ref=ref_of("article", key, language),
                locale=language,
                family=key,
                labels=labels,
                facets={
                    "kind": ("article",),
                    "language": (language,),
                    "organisation": (str(article.publisher.uuid),),
                    "theme": theme_codes(list(article.themes.all())),
                    "article": article_numbers(article.convention_articles.all()),
                    "year": (str(article.date.year),),
                },
                date=midnight(article.date),
                titles=(Words(article.title, language),),
                pages=(PageText(0, article_words(article), language),),
                until=_earliest(article.expire_at, audience.until),
            )
        )
    return records


# Organisations -------------------------------------------------------------------------------
def _organisation(key: str) -> Organisation | None:
    return Organisation.objects.filter(uuid=key).first()


def _organisation_labels(key: str) -> dict[str, frozenset[str]]:
    organisation = _organisation(key)
    if organisation is None:
        return {}
    return {ref_of("organisation", key): organisation_labels(organisation)}


def _organisation_records(key: str) -> list[Record]:
    organisation = _organisation(key)
    if organisation is None:
        return []
    codes = sorted(organisation.countries.values_list("code", flat=True))
    return [
        Record(
            ref=ref_of("organisation", key),
            locale="",
            family=str(organisation.uuid),
            labels=organisation_labels(organisation),
            facets={
                "kind": ("organisation",),
                "language": tuple(str(code) for code in organisation.languages or ()),
                "organisation": (str(organisation.uuid),),
                "country": tuple(codes),
            },
            date=organisation.created,
            titles=tuple(Words(name, code) for code, name in sorted(organisation.names.items())),
            pages=tuple(PageText(0, words.text, words.language) for words in country_names(codes)),
        )
    ]


# All -----------------------------------------------------------------------------------------
class Kind(NamedTuple):
    """How to read one kind of thing."""

    records: Callable[[str], list[Record]]
    labels: Callable[[str], dict[str, frozenset[str]]]
    all_keys: Callable[[], Iterator[UUID]]
    ends: Callable[[str], dict[str, datetime | None]] = lambda key: {}


KINDS: Final[dict[str, Kind]] = {
    "organisation": Kind(
        _organisation_records,
        _organisation_labels,
        lambda: Organisation.objects.values_list("uuid", flat=True).iterator(),
    ),
    "article": Kind(
        _article_records,
        _article_labels,
        lambda: (
            ArticlePage.objects.filter(live=True)
            .order_by("translation_key")
            .values_list("translation_key", flat=True)
            .distinct()
            .iterator()
        ),
        _article_ends,
    ),
    "document": Kind(
        _document_records,
        _document_labels,
        lambda: (
            Document.objects.filter(trashed__isnull=True).values_list("uuid", flat=True).iterator()
        ),
        _document_ends,
    ),
}


def refs_of(kind: str, key: str) -> list[str]:
    """Every ref that this thing may have in an index, whether it has records now or not."""
    if kind == "article":
        return [ref_of(kind, key, code) for code, _name in settings.LANGUAGES]
    if kind not in KINDS:
        raise KeyError(kind)
    return [ref_of(kind, key)]


def records_of(kind: str, key: str) -> list[Record]:
    """The records of one thing now, in all its languages; none where nobody may see it."""
    return KINDS[kind].records(key)


def labels_of(kind: str, key: str) -> dict[str, frozenset[str]]:
    """The labels of one thing's records now, without reading its text."""
    return KINDS[kind].labels(key)


def ends_of(kind: str, key: str) -> dict[str, datetime]:
    """From when on nobody may see one thing's records, where that is known."""
    return {ref: end for ref, end in KINDS[kind].ends(key).items() if end is not None}


def objects() -> Iterator[tuple[str, str]]:
    """Kind and key of everything that may be indexed."""
    for name, kind in KINDS.items():
        for key in kind.all_keys():
            yield name, str(key)
