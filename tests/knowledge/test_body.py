"""Links of a body: to documents and articles, for those who may see them; and its words."""

import pytest
from django.test import Client

from coalitions.access import STRANGER
from coalitions.network.viewers import viewer_for
from knowledge.blocks.document_link import document_key
from knowledge.body import access_of
from knowledge.text import article_text, body_as_data
from tests.knowledge.makers import make_article
from tests.worlds import make_document, make_organisation, make_person, make_workspace


@pytest.fixture
def owner():
    return make_organisation()


@pytest.fixture
def document(owner):
    return make_document(make_workspace(owner), owner, title="Crimson Ledger", rung="organisation")


def linking_to(key: str, note: str = "Opal remark", **fields):
    return make_article(
        "public", body=[("document_link", {"document": key, "note": note})], **fields
    )


@pytest.mark.parametrize("by", ["uuid", "reference"])
def test_a_document_is_linked_for_those_who_see_it_alone(owner, document, by):
    article = linking_to(str(getattr(document, by)))
    path = f"/en/knowledge/{article.slug}/"
    client = Client()
    client.force_login(make_person(owner))
    page = client.get(path).content.decode()
    assert "Crimson Ledger" in page
    assert "Opal remark" in page
    assert document.reference in page
    for user in (None, make_person(make_organisation())):
        client = Client()
        if user is not None:
            client.force_login(user)
        page = client.get(path).content.decode()
        for word in ("Crimson", "Opal", document.reference, str(document.uuid), "article-document"):
            assert word not in page


def test_a_link_to_a_hidden_document_and_to_none_are_the_same_page(document):
    article = linking_to(str(document.uuid), slug="same")
    path = "/en/knowledge/same/"
    with_document = Client().get(path).content
    article.body = [("document_link", {"document": "D-ZZZZ", "note": "Opal remark"})]
    article.save()
    assert Client().get(path).content == with_document


def test_documents_that_are_trashed_vanish_at_once(owner, document):
    from django.utils import timezone

    article, client = linking_to(document.reference), Client()
    client.force_login(make_person(owner))
    path = f"/en/knowledge/{article.slug}/"
    assert "Crimson" in client.get(path).content.decode()
    document.trashed = timezone.now()
    document.save()
    assert "Crimson" not in client.get(path).content.decode()


def test_two_queries_however_many_links(owner, django_assert_num_queries):
    person = make_person(owner)
    workspace = make_workspace(owner)
    documents = [make_document(workspace, owner) for _ in range(5)]
    article = make_article(
        "public", body=[("document_link", {"document": d.reference, "note": ""}) for d in documents]
    )
    viewer = viewer_for(person)
    body = list(article.body)
    with django_assert_num_queries(1):
        assert len(access_of(body, viewer).documents) == 10


def test_a_link_to_a_hidden_article_becomes_its_words():
    hidden, shown = make_article("network", slug="hushed"), make_article("public", slug="loud")
    draft = make_article("public", slug="unfinished", live=False)
    links = "".join(
        f'<a linktype="page" id="{page.pk}">words {page.slug}</a> '
        for page in (hidden, shown, draft)
    )
    body = [("rich_text", f'<p>{links} <a id="99999999" linktype="page">gone</a></p>')]
    article = make_article("public", body=body)
    path = f"/en/knowledge/{article.slug}/"
    page = Client().get(path).content.decode()
    assert '<a href="/en/knowledge/loud/">words loud</a>' in page
    assert "words hushed" in page
    assert "words unfinished" in page
    assert "gone" in page
    assert "/hushed/" not in page
    assert "/unfinished/" not in page
    client = Client()
    client.force_login(make_person(make_organisation()))
    assert '<a href="/en/knowledge/hushed/">' in client.get(path).content.decode()


def test_words_without_the_links(document):
    article = linking_to(str(document.uuid))
    article.body = [
        ("heading", "Alpha"),
        ("rich_text", "<p>Beta</p><p>Gamma</p>"),
        ("table", {"caption": "Delta", "rows": [["Epsilon", "Zeta"], ["Eta", "Theta"]]}),
        ("document_link", {"document": document.reference, "note": "Opal remark"}),
    ]
    words = article_text(article)
    for word in ("Alpha", "Beta Gamma", "Delta", "Theta"):
        assert word in words
    assert "Opal" not in words
    assert document.reference not in words
    assert [part["type"] for part in body_as_data(article, STRANGER)] == [
        "heading",
        "rich_text",
        "table",
    ]
    seen = body_as_data(article, viewer_for(document.created_by))
    assert seen[-1]["value"]["reference"] == document.reference


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("d-3f7k", "D-3F7K"),
        (
            "https://portal/en/documents/6F9619FF-8B86-D011-B42D-00CF4FC964FF/?page=3",
            "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        ),
        ("Document D-3F7KX, please", "D-3F7KX"),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_what_is_pasted_becomes_a_key(typed, kept):
    assert document_key(typed) == kept


def test_every_kind_of_part_is_written():
    article = make_article(
        "public",
        body=[
            ("heading", "Heading one"),
            ("heading", "Heading two"),
            ("rich_text", "<p>Some <b>bold</b> words</p>"),
            ("quotation", {"text": "Quoted", "attribution": "Speaker"}),
            (
                "legal_source",
                {
                    "instrument": "CRC",
                    "provision": "Article 3(1)",
                    "text": "In all",
                    "url": "https://example.org/crc",
                },
            ),
            ("table", {"caption": "Caption", "rows": [["H1", "H2"], ["r1", "<b>x</b>"]]}),
            ("key_message", "Remember"),
            ("image", {"image": None, "caption": ""}),
        ],
    )
    page = Client().get(f"/en/knowledge/{article.slug}/").content.decode()
    for piece in (
        '<h2 id="part-1">Heading one</h2>',
        'href="#part-2"',
        "<b>bold</b>",
        "<figcaption>Speaker</figcaption>",
        'href="https://example.org/crc" rel="noopener noreferrer"',
        '<th scope="col">H1</th>',
        '<th scope="row">r1</th>',
        "&lt;b&gt;x&lt;/b&gt;",
        'class="key-message"',
    ):
        assert piece in page, piece
