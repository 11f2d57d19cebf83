"""Turning pages: thumbnails, the size of a page, the way to the next; what no page asks for."""

import io
import re

import pytest
from PIL import Image

from coalitions.documents import images, sandbox, services, tasks
from coalitions.documents.images import THUMBNAIL, TOGETHER, NoPicture, page_image
from coalitions.documents.models import Document
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import get, page_of
from tests.documents.test_version_pages import HUGE, main_of, words_of


def add(world: World, data: bytes, name: str) -> Document:
    sent = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
        language="en",
    )
    assert sent.current_version_id is not None
    tasks.extract(sent.current_version_id)
    return sent


def test_a_thumbnail_is_checked_and_kept(world: World, document: Document) -> None:
    path = page_of(document, "versions/1/pages/2.png")
    small = get(world.reader, path, width=str(THUMBNAIL))
    with Image.open(io.BytesIO(small.content)) as picture:
        assert picture.width == THUMBNAIL
    assert small.headers["Cache-Control"] == "private, no-store"
    kept = sorted(path.name for path in images.image_folder().rglob("*.png"))
    assert kept == ["1-160.png", "2-160.png", "3-160.png"]
    for width in ("161", "0", HUGE, "x"):
        assert get(world.reader, path, width=width).content != small.content
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    assert get(world.reader, path, width=str(THUMBNAIL)).status_code == 404
    assert get(world.colleague, path, width=str(THUMBNAIL)).content == small.content


def test_thumbnails_are_drawn_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    long = add(world, files.pdf(*(f"Page {number}" for number in range(1, 27))), "long.pdf")
    version = long.versions.get()
    runs: list[tuple[str, ...]] = []
    real = sandbox.run

    def noted(*arguments: object) -> dict[str, object]:
        runs.append(tuple(map(str, arguments[6:])))
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "run", noted)
    for page in (5, 1, 12, 26, 25):
        assert page_image(version, page, THUMBNAIL).startswith(b"\x89PNG")
    assert [pages[0] for pages in runs] == ["5", "26"]
    assert all(len(pages) == TOGETHER for pages in runs)
    for page in (27, 36, 0, 100_001):
        with pytest.raises(NoPicture):
            page_image(version, page, THUMBNAIL)


def test_a_page_that_cannot_be_drawn_spoils_no_other(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = document.versions.get()
    monkeypatch.setattr(sandbox, "run", lambda *arguments: {"reason": "crashed"})
    with pytest.raises(NoPicture):
        page_image(version, 1, THUMBNAIL)
    monkeypatch.undo()
    assert page_image(version, 2, THUMBNAIL)


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (files.png(400, 300), "a.png", True),
        (b"%PDF-1.4 broken", "a.pdf", False),
        (files.pdf(password="x"), "a.pdf", False),
        (b"words", "a.txt", False),
    ],
)
def test_thumbnails_of_every_kind(world: World, data: bytes, name: str, found: bool) -> None:
    sent = add(world, data, name)
    path = page_of(sent, "versions/1/pages/1.png")
    assert get(world.reader, path, width="160").status_code == (200 if found else 404)
    assert get(world.reader, page_of(sent, "versions/1/pages/")).status_code == 200


def test_all_pages_at_a_glance(world: World, document: Document) -> None:
    path = page_of(document, "versions/1/pages/")
    shown = main_of(get(world.reader, path))
    assert shown.count("<img") == 3
    assert shown.count('loading="lazy"') == shown.count('width="160" height="226"') == 3
    assert f'href="{page_of(document)}?page=2"' in shown
    assert "Page 2" in shown
    for page in ("0", "2", "x", HUGE):
        assert get(world.reader, path, page=page).status_code == 200
    for number in ("2", "0", HUGE):
        away = page_of(document, f"versions/{number}/pages/")
        assert get(world.reader, away).status_code == 404
    assert get(world.stranger, path).status_code == 404


def test_pages_without_pictures_show_their_beginnings(world: World) -> None:
    slides = add(world, files.pptx("The first slide", "Another one"), "a.pptx")
    shown = words_of(get(world.reader, page_of(slides, "versions/1/pages/")))
    assert "Slide 2 Another one" in shown
    assert "<img" not in main_of(get(world.reader, page_of(slides, "versions/1/pages/")))


def test_the_size_of_a_page(world: World, document: Document) -> None:
    usual = main_of(get(world.reader, page_of(document), page="2"))
    assert "zoom-100" in usual
    assert 'tabindex="0"' not in usual
    assert usual.count('aria-current="true"') == 1
    large = main_of(get(world.reader, page_of(document), page="2", zoom="200", q="child"))
    assert "zoom-200" in large
    assert 'tabindex="0"' in large
    assert 'pages/2.png?width=2000" alt' in large
    following = re.findall(r'rel="next" href="([^"]+)"', large)
    assert following
    assert all("zoom=200" in link and "q=child" in link for link in following)
    assert 'name="zoom" value="200"' in large
    for zoom in ("0", "99", "1000", HUGE, "x", ""):
        assert "zoom-100" in main_of(get(world.reader, page_of(document), zoom=zoom))
    assert "Size of the page" not in words_of(get(world.reader, page_of(document), view="text"))


def test_the_type_and_size_stand_on_the_links(world: World, document: Document) -> None:
    shown = main_of(get(world.reader, page_of(document)))
    links = re.findall(r"<a [^>]*versions/1/download/[^>]*>(.*?)</a>", shown, flags=re.DOTALL)
    assert len(links) == 2
    assert all("PDF" in link and "KB" in link for link in links)
