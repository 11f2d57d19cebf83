"""Which tables the indexes are made of, and which things a row of each belongs to.

Invariant: every column that `search.indexed` reads is here; rows that only say who asks (people,
affiliations, memberships) are not, because they change labels of viewers, not of records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Watch:
    """Which things a row of `table` belongs to: `keys` selects them, with {row} for the row.

    Updates count when one of `columns` changes; all count where none is named.
    """

    table: str
    kind: str
    keys: str
    columns: tuple[str, ...] = ()
    pk: str = "id"


_DOCUMENT = "SELECT d.uuid FROM documents_document d WHERE d.id = {row}.document_id"
_PAGE = (
    "SELECT d.uuid FROM documents_document d JOIN documents_documentversion v"
    " ON v.document_id = d.id WHERE v.id = {row}.version_id"
)
_ARTICLE = (
    "SELECT p.translation_key FROM wagtailcore_page p"
    " JOIN knowledge_articlepage a ON a.page_ptr_id = p.id WHERE p.id = {row}."
)
_OF_TYPE = (
    "SELECT {row}.translation_key FROM django_content_type t WHERE t.id = {row}.content_type_id"
    " AND t.app_label = 'knowledge' AND t.model = 'articlepage'"
)


def _documents_with(link: str, column: str, ids: str = "{row}.id") -> str:
    return (
        "SELECT d.uuid FROM documents_document d"  # noqa: S608
        f" JOIN documents_document_{link} l ON l.document_id = d.id WHERE l.{column} IN ({ids})"
    )


def _articles_with(link: str, column: str, ids: str = "{row}.id") -> str:
    return (
        "SELECT p.translation_key FROM wagtailcore_page p"  # noqa: S608
        f" JOIN knowledge_articlepage_{link} l ON l.articlepage_id = p.id"
        f" WHERE l.{column} IN ({ids})"
    )


_THEMES = "SELECT s.id FROM network_theme s WHERE s.id = {row}.id OR s.parent_id = {row}.id"
_PAGE_COLUMNS = (
    "translation_key",
    "locale_id",
    "live",
    "expire_at",
    "title",
    "path",
    "url_path",
    "content_type_id",
    "alias_of_id",
)
_DOCUMENT_COLUMNS = (
    "uuid",
    "reference",
    "title",
    "language",
    "type_id",
    "date",
    "owner_id",
    "workspace_id",
    "current_version_id",
    "created",
    "trashed",
)

WATCHES: Final = (
    Watch("documents_document", "document", "SELECT {row}.uuid", _DOCUMENT_COLUMNS),
    Watch("documents_documentaudience", "document", _DOCUMENT),
    Watch("documents_document_themes", "document", _DOCUMENT),
    Watch("documents_document_articles", "document", _DOCUMENT),
    Watch("documents_document_countries", "document", _DOCUMENT),
    Watch("documents_documentpage", "document", _PAGE),
    Watch(
        "network_workspace",
        "document",
        "SELECT d.uuid FROM documents_document d WHERE d.workspace_id = {row}.id",
        ("uuid", "coalition_id"),
    ),
    Watch(
        "network_theme",
        "document",
        _documents_with("themes", "theme_id", _THEMES),
        ("code", "parent_id"),
    ),
    Watch(
        "network_conventionarticle",
        "document",
        _documents_with("articles", "conventionarticle_id"),
        ("number",),
    ),
    Watch("network_country", "document", _documents_with("countries", "country_id"), ("code",)),
    Watch(
        "network_documenttype",
        "document",
        "SELECT d.uuid FROM documents_document d WHERE d.type_id = {row}.id",
        ("code",),
    ),
    Watch("wagtailcore_page", "article", _OF_TYPE, _PAGE_COLUMNS),
    Watch("knowledge_articlepage", "article", _ARTICLE + "page_ptr_id", pk="page_ptr_id"),
    Watch("knowledge_articlepage_themes", "article", _ARTICLE + "articlepage_id"),
    Watch("knowledge_articlepage_convention_articles", "article", _ARTICLE + "articlepage_id"),
    Watch("knowledge_articleaudience", "article", "SELECT {row}.translation_key"),
    Watch(
        "knowledge_articleaudience_coalitions",
        "article",
        "SELECT a.translation_key FROM knowledge_articleaudience a"
        " WHERE a.id = {row}.articleaudience_id",
    ),
    Watch(
        "network_theme",
        "article",
        _articles_with("themes", "theme_id", _THEMES),
        ("code", "parent_id"),
    ),
    Watch(
        "network_conventionarticle",
        "article",
        _articles_with("convention_articles", "conventionarticle_id"),
        ("number",),
    ),
    Watch("network_organisation", "organisation", "SELECT {row}.uuid"),
    Watch(
        "network_organisation_countries",
        "organisation",
        "SELECT o.uuid FROM network_organisation o WHERE o.id = {row}.organisation_id",
    ),
    Watch(
        "network_country",
        "organisation",
        "SELECT o.uuid FROM network_organisation o JOIN network_organisation_countries l"
        " ON l.organisation_id = o.id WHERE l.country_id = {row}.id",
        ("code",),
    ),
)
