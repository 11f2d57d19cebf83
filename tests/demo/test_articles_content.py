"""The demonstration articles are whole, consistent, long enough and say who they come from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from portal.demo.article_markup import MarkupError, inline_html, parse_body
from portal.demo.articles import (
    CONTENT,
    LANGUAGES,
    PUBLISHER,
    THEMES,
    ArticleError,
    DemoArticle,
    read_articles,
)

ARTICLES = read_articles()
OFFICIAL_HOSTS = ("https://www.ohchr.org/", "https://www.coe.int/", "https://wetten.overheid.nl/")
FRONT = """---
family: a-family
language: en
source: true
title: "A title"
slug: a-title
summary: A summary.
audience: public
themes: [violence]
articles: [19]
date: 2026-03-01
---
Some text.
"""


def name(article: DemoArticle) -> str:
    return f"{article.family}.{article.language}"


def write(folder: Path, text: str, file_name: str = "a-family.en.md") -> Path:
    (folder / file_name).write_text(text, encoding="utf-8")
    return folder


def test_there_are_at_least_24_articles_in_five_languages() -> None:
    counts = Counter(article.language for article in ARTICLES)
    assert len(ARTICLES) >= 24
    assert set(counts) == set(LANGUAGES)
    assert min(counts.values()) >= 3


def test_every_file_is_read() -> None:
    assert {f"{name(article)}.md" for article in ARTICLES} == {
        path.name for path in CONTENT.iterdir()
    }


@pytest.mark.parametrize("article", ARTICLES, ids=name)
def test_an_article_has_400_words_or_more_and_every_kind_that_helps_the_reader(
    article: DemoArticle,
) -> None:
    kinds = Counter(kind for kind, _ in article.blocks)
    assert article.word_count >= 400
    assert kinds["heading"] >= 3
    assert kinds["legal_source"] == kinds["key_message"] == 1
    assert 2026_03_01 <= int(article.date.strftime("%Y%m%d")) <= 2026_11_30


@pytest.mark.parametrize("article", ARTICLES, ids=name)
def test_links_go_to_official_pages_only(article: DemoArticle) -> None:
    for url in re.findall(r"https://[^\s\"'<)]+", repr(article.blocks)):
        assert url.startswith(OFFICIAL_HOSTS)


def test_families_share_what_must_be_shared_and_some_have_several_languages() -> None:
    families: defaultdict[str, list[DemoArticle]] = defaultdict(list)
    for article in ARTICLES:
        families[article.family].append(article)
    assert sum(len(members) >= 2 for members in families.values()) >= 8
    assert any({m.language for m in members} == set(LANGUAGES) for members in families.values())
    for members in families.values():
        assert [member.source for member in members].count(True) == 1
        assert len({(m.audience, m.coalition, m.themes, m.articles) for m in members}) == 1
        assert len({member.language for member in members}) == len(members)
        assert len({member.title for member in members}) == len(members)


def test_slugs_are_unique_in_a_language_and_every_theme_is_used() -> None:
    slugs = [(article.language, article.slug) for article in ARTICLES]
    assert len(set(slugs)) == len(slugs)
    assert {theme for article in ARTICLES for theme in article.themes} == set(THEMES)


def test_audiences_of_all_kinds_and_mostly_public() -> None:
    audiences = Counter(article.audience for article in ARTICLES)
    assert audiences["public"] > len(ARTICLES) / 2
    assert audiences["network"] == 3
    assert {a.coalition for a in ARTICLES if a.coalition} == {"safe-roads", "open-classrooms"}


def test_sources_come_before_their_translations() -> None:
    seen: set[str] = set()
    for article in ARTICLES:
        assert article.source or article.family in seen
        seen.add(article.family)


def test_outdated_terms_stand_only_in_quotation_marks_or_titles_of_treaties() -> None:
    for article in ARTICLES:
        if article.language == "en":
            text = re.sub(r"&quot;[^&]*&quot;", "", repr(article.blocks))
            text = text.replace(
                "sale of children, child prostitution and child pornography (2000)", ""
            )
            assert not re.search(r"child (pornography|prostitut|sex tourism)|kiddie", text, re.I)


def test_quoted_people_are_roles_of_invented_organisations() -> None:
    marks = ("invented", "demo", "verzonnen", "inventée", "démonstration", "inventado")
    marks += ("demostración", "مخترعة", "العرض التوضيحي", "للعرض")
    assert "demonstration" in PUBLISHER
    for article in ARTICLES:
        for kind, value in article.blocks:
            if kind == "quotation":
                assert any(mark in dict(value)["attribution"] for mark in marks)  # type: ignore[arg-type]


def test_text_is_escaped_and_marked_up() -> None:
    assert inline_html("a < b & **bold** *it* [t](https://x.org/)") == (
        'a &lt; b &amp; <b>bold</b> <i>it</i> <a href="https://x.org/">t</a>'
    )
    assert "<script" not in inline_html("<script>alert(1)</script>")
    assert inline_html("[t](javascript:alert)") == "[t](javascript:alert)"


def test_blocks_keep_their_order() -> None:
    body = "One\ntwo.\n\n- a\n  b\n- c\n\n## Head\n> Said.\n> — Role\n\nEnd."
    assert parse_body(body) == [
        ("rich_text", "<p>One two.</p><ul><li>a b</li><li>c</li></ul>"),
        ("heading", "Head"),
        ("quotation", {"text": "Said.", "attribution": "Role"}),
        ("rich_text", "<p>End.</p>"),
    ]


def test_a_table_may_hold_commas_in_quotation_marks() -> None:
    [(kind, value)] = parse_body('```table\ncaption: C\nA, B\n"x, y", z\n```')
    assert kind == "table"
    assert value == {"caption": "C", "rows": [["A", "B"], ["x, y", "z"]]}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("# Big", "line 1"),
        ("text\n\n> no attribution", "line 3: a quotation"),
        ("```table\ncaption: C\nA, B\n1\n```", "same number"),
        ("```table\nA, B\n1, 2\n```", "caption"),
        ("```key-message\n\n```", "needs text"),
        ("```key-message\ntext", "not closed"),
        ("```video\nx\n```", "unknown block"),
        ("```legal-source\ninstrument: X\n```", "needs provision, text"),
        ("```legal-source\ninstrument: X\nprovision: 1\ntext: t\nurl: http://x\n```", "https"),
        ("```legal-source\n- a\n```", "keys"),
        ("```legal-source\na: [\n```", "not valid YAML"),
    ],
)
def test_a_body_outside_the_subset_is_refused_with_its_line(body: str, message: str) -> None:
    with pytest.raises(MarkupError, match=re.escape(message)):
        parse_body(body)


def test_a_well_formed_file_is_read(tmp_path: Path) -> None:
    [article] = read_articles(write(tmp_path, FRONT))
    assert article.blocks == (("rich_text", "<p>Some text.</p>"),)
    assert article.coalition is None
    assert article.word_count == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("---\nfamily", "family", "front matter"),
        ("language: en", "language: xx", "language is one of"),
        ("language: en", "language: nl", "it is called a-family.nl.md"),
        ("source: true", "source: false", "exactly one language is the source"),
        ("source: true", "source: perhaps", "true or false"),
        ("slug: a-title", "slug: A Title", "small letters"),
        ("summary: A summary.\n", "", "lacks summary"),
        ("summary: A summary.", "summary: A summary.\nauthor: X", "unknown keys: author"),
        ("audience: public", "audience: everyone", "audience is one of"),
        ("audience: public", "audience: coalition", "names it"),
        ("audience: public", "audience: public\ncoalition: safe-roads", "only an article"),
        ("audience: public", "audience: coalition\ncoalition: other", "coalition is one of"),
        ("[violence]", "[other]", "unknown themes: other"),
        ("[violence]", "[violence, violence]", "each once"),
        ("[19]", "[55]", "articles 1 to 54"),
        ("[19]", "[true]", "articles 1 to 54"),
        ("date: 2026-03-01", "date: soon", "date is a day"),
        ("Some text.\n", "", "body is empty"),
        ("Some text.", "# Wrong", "line 13"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ArticleError, match=re.escape(message)):
        read_articles(write(tmp_path, FRONT.replace(old, new)))


def test_translations_of_one_family_must_agree(tmp_path: Path) -> None:
    write(tmp_path, FRONT)
    translation = FRONT.replace("language: en", "language: nl").replace("true", "false")
    write(tmp_path, translation.replace("public", "network"), "a-family.nl.md")
    with pytest.raises(ArticleError, match="share audience"):
        read_articles(tmp_path)
    write(tmp_path, translation.replace("2026-03-01", "2026-02-01"), "a-family.nl.md")
    with pytest.raises(ArticleError, match="before its source"):
        read_articles(tmp_path)
    write(tmp_path, translation, "a-family.nl.md")
    assert [article.language for article in read_articles(tmp_path)] == ["en", "nl"]


def test_a_slug_twice_in_a_language_is_refused(tmp_path: Path) -> None:
    write(tmp_path, FRONT)
    write(tmp_path, FRONT.replace("family: a-", "family: b-"), "b-family.en.md")
    with pytest.raises(ArticleError, match="has the slug a-title"):
        read_articles(tmp_path)
