"""Pages as pictures: checked like downloads, kept privately."""

import pytest

from coalitions.documents import services, tasks
from coalitions.documents.images import image_folder
from coalitions.documents.models import Document
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import get, page_of


def test_page_images_are_checked_like_downloads(world: World, document: Document) -> None:
    image = page_of(document, "versions/1/pages/2.png")
    first = get(world.reader, image)
    assert first.content.startswith(b"\x89PNG")
    assert first.headers["Cache-Control"] == "private, no-store"
    kept = [path for path in image_folder().rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["2-1000.png"]
    assert get(world.reader, image).content == first.content
    for number in ("0", "4", "100001", "9" * 40):
        away = page_of(document, f"versions/1/pages/{number}.png")
        assert get(world.reader, away).status_code == 404
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    assert get(world.reader, image).status_code == 404
    assert get(world.colleague, image).status_code == 200


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (files.png(3000, 2000), "a.png", 200),
        (b"%PDF-1.4 broken", "a.pdf", 404),
        (files.pdf(password="x"), "a.pdf", 404),
        (b"words", "a.txt", 404),
        (files.png(12_000, 12_000), "a.png", 404),
    ],
)
def test_pictures_of_every_kind(world: World, data: bytes, name: str, status: int) -> None:
    sent = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
    )
    assert get(world.reader, page_of(sent, "versions/1/pages/1.png")).status_code == status
    assert get(world.reader, page_of(sent, "versions/1/pages/2.png")).status_code == 404
    tasks.sweep_extractions()
    assert get(world.reader, page_of(sent)).status_code == 200
