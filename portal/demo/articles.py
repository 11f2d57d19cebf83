"""The knowledge articles of the demonstration network, read from their Markdown files.

Pure: no model, no database. Invariant: what `read_articles` returns is whole and consistent (one
source per family, one audience per family, no slug twice in a language, known codes only), or it
raises ArticleError naming the file and what to change.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from portal.demo.article_markup import Block, MarkupError, parse_body, squeezed

Audience = Literal["public", "network", "coalition"]

CONTENT = Path(__file__).parent / "content" / "articles"
PUBLISHER = "Lantern Secretariat (demonstration)"
AUDIENCES: tuple[str, ...] = get_args(Audience)
LANGUAGES: tuple[str, ...] = ("en", "nl", "fr", "es", "ar")
COALITIONS: frozenset[str] = frozenset({"safe-roads", "open-classrooms"})
THEMES: tuple[str, ...] = (
    "sexual-exploitation",
    "juvenile-justice",
    "migration",
    "violence",
    "girls-rights",
    "youth-care",
    "family-law",
    "poverty",
    "education",
)
CONVENTION_ARTICLES = range(1, 55)

_REQUIRED = {
    "family", "language", "source", "title", "slug", "summary", "audience", "themes", "articles",
    "date",
}  # fmt: skip
_OPTIONAL = {"coalition"}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAG = re.compile(r"<[^>]+>")


class ArticleError(ValueError):
    """An article file that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True)
class DemoArticle:
    """One article in one language; articles that share `family` are translations of each other."""

    family: str
    language: str
    source: bool
    title: str
    slug: str
    summary: str
    audience: Audience
    coalition: str | None
    themes: tuple[str, ...]
    articles: tuple[int, ...]
    date: datetime.date
    blocks: tuple[Block, ...]

    @property
    def word_count(self) -> int:
        """Words of our own text: everything but the treaty provisions in legal sources."""
        words = (word for text in self._own_texts() for word in text.split())
        return sum(any(map(str.isalnum, word)) for word in words)

    def _own_texts(self) -> Iterable[str]:
        for kind, value in self.blocks:
            if isinstance(value, str):
                yield _TAG.sub(" ", value)
            elif kind == "quotation":
                yield str(dict(value)["text"])
            elif kind == "table":
                yield from (
                    cell for row in cast(list[list[str]], dict(value)["rows"]) for cell in row
                )


def read_articles(folder: Path = CONTENT) -> list[DemoArticle]:
    """Read and check every article of `folder`; sources come before their translations."""
    articles = [_read(path) for path in sorted(folder.glob("*.md"))]
    _check_families(articles)
    _check_slugs(articles)
    return sorted(articles, key=lambda a: (a.date, a.family, not a.source, a.language))


def _read(path: Path) -> DemoArticle:
    try:
        article = _parse(path.read_text(encoding="utf-8"))
    except (ArticleError, MarkupError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ArticleError(f"{path.name}: {error}") from error
    expected = f"{article.family}.{article.language}.md"
    if path.name != expected:
        raise ArticleError(f"{path.name}: by its family and language it is called {expected}")
    return article


def _parse(text: str) -> DemoArticle:
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise ArticleError("the file starts with front matter between two lines of '---'")
    front, body = text[4:].split("\n---\n", 1)
    meta = yaml.safe_load(front)
    if not isinstance(meta, dict):
        raise ArticleError("the front matter is a list of 'key: value' lines")
    if missing := sorted(_REQUIRED - set(meta)):
        raise ArticleError(f"the front matter lacks {', '.join(missing)}")
    if unknown := sorted(set(meta) - _REQUIRED - _OPTIONAL):
        raise ArticleError(f"the front matter has unknown keys: {', '.join(unknown)}")
    blocks = parse_body(body, first_line=front.count("\n") + 4)
    if not blocks:
        raise ArticleError("the body is empty")
    return DemoArticle(
        family=_slug(meta, "family"),
        language=_choice(meta, "language", LANGUAGES),
        source=_boolean(meta, "source"),
        title=_text(meta, "title"),
        slug=_slug(meta, "slug"),
        summary=_text(meta, "summary"),
        audience=cast(Audience, _choice(meta, "audience", AUDIENCES)),
        coalition=_coalition(meta),
        themes=_themes(meta),
        articles=_numbers(meta),
        date=_date(meta),
        blocks=tuple(blocks),
    )


def _text(meta: Mapping[str, object], key: str) -> str:
    value = meta[key]
    if not isinstance(value, str) or not value.strip():
        raise ArticleError(f"{key} is a text")
    return squeezed(value)


def _slug(meta: Mapping[str, object], key: str) -> str:
    value = _text(meta, key)
    if not _SLUG.fullmatch(value):
        raise ArticleError(f"{key} has small letters, digits and single hyphens only: {value}")
    return value


def _choice(meta: Mapping[str, object], key: str, choices: Iterable[str]) -> str:
    value = _text(meta, key)
    if value not in choices:
        raise ArticleError(f"{key} is one of {', '.join(choices)}, not {value}")
    return value


def _boolean(meta: Mapping[str, object], key: str) -> bool:
    value = meta[key]
    if not isinstance(value, bool):
        raise ArticleError(f"{key} is true or false")
    return value


def _date(meta: Mapping[str, object]) -> datetime.date:
    value = meta["date"]
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise ArticleError("date is a day such as 2026-03-31")
    return value


def _coalition(meta: Mapping[str, object]) -> str | None:
    if meta["audience"] != "coalition":
        if "coalition" in meta:
            raise ArticleError("only an article for a coalition names one")
        return None
    if "coalition" not in meta:
        raise ArticleError("an article for a coalition names it")
    return _choice(meta, "coalition", sorted(COALITIONS))


def _themes(meta: Mapping[str, object]) -> tuple[str, ...]:
    values = meta["themes"]
    if not isinstance(values, list) or not values or len(set(values)) != len(values):
        raise ArticleError("themes is a list of theme codes, each once")
    if unknown := [str(value) for value in values if value not in THEMES]:
        raise ArticleError(f"unknown themes: {', '.join(unknown)}")
    return tuple(values)


def _numbers(meta: Mapping[str, object]) -> tuple[int, ...]:
    values = meta["articles"]
    if not isinstance(values, list) or not values or len(set(values)) != len(values):
        raise ArticleError("articles is a list of numbers of Convention articles, each once")
    if not all(type(value) is int and value in CONVENTION_ARTICLES for value in values):
        raise ArticleError("the Convention has the articles 1 to 54")
    return tuple(values)


def _check_families(articles: Iterable[DemoArticle]) -> None:
    families: defaultdict[str, list[DemoArticle]] = defaultdict(list)
    for article in articles:
        families[article.family].append(article)
    for family, members in families.items():
        if sum(member.source for member in members) != 1:
            raise ArticleError(f"{family}: exactly one language is the source")
        shared = {
            (m.audience, m.coalition, frozenset(m.themes), frozenset(m.articles)) for m in members
        }
        if len(shared) != 1:
            raise ArticleError(
                f"{family}: all languages share audience, themes and Convention articles"
            )
        source = next(member for member in members if member.source)
        if any(member.date < source.date for member in members):
            raise ArticleError(f"{family}: a translation is dated before its source")


def _check_slugs(articles: Iterable[DemoArticle]) -> None:
    seen: set[tuple[str, str]] = set()
    for article in articles:
        key = (article.language, article.slug)
        if key in seen:
            raise ArticleError(
                f"{article.family}: another article in this language has the slug {article.slug}"
            )
        seen.add(key)
