"""On every way in, a picture is stored without what its camera wrote into it."""

import hashlib
import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import Image

from coalitions.documents import services
from coalitions.documents.models import Document, DocumentVersion
from tests.documents import files, pictures
from tests.documents.conftest import World
from tests.documents.pages import client_of, page_of, send, text_of
from tests.documents.tus import in_parts

MADE = {"a.jpg": pictures.jpeg, "a.png": pictures.png, "a.webp": pictures.webp}
each = pytest.mark.parametrize("name", MADE)


def judged(version: DocumentVersion, tmp_path: Path) -> bytes:
    """What is stored tells nothing; its checksum and size are its own; no copy lies about."""
    with version.file.open() as file:
        stored: bytes = file.read()
    assert not any(secret in stored for secret in pictures.SECRETS)
    assert version.sha256 == hashlib.sha256(stored).hexdigest()
    assert version.size == len(stored)
    with Image.open(io.BytesIO(stored)) as image:
        image.load()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"Telltale Camera" not in path.read_bytes()
    return stored


@each
def test_by_the_plain_form_and_again(world: World, tmp_path: Path, name: str) -> None:
    data = MADE[name]()
    assert "Stored" in text_of(send(world, files.upload(name, data)))
    version = DocumentVersion.objects.get()
    stored = judged(version, tmp_path)
    # Noticed when the same picture is sent again, and when what was downloaded is sent back.
    for same in (data, stored):
        assert "Already here" in text_of(send(world, files.upload("again-" + name, same)))
    assert DocumentVersion.objects.count() == 1


@each
def test_in_parts(world: World, tmp_path: Path, name: str) -> None:
    data = MADE[name]()
    assert in_parts(world, name, data, cut=500).state == "stored"
    judged(DocumentVersion.objects.get(), tmp_path)
    assert in_parts(world, "again-" + name, data, cut=500).state == "here"


def test_as_a_new_version(world: World, document: Document, tmp_path: Path) -> None:
    data = pictures.jpeg(6)
    client = client_of(world.contributor)
    for _ in range(2):
        page = client.post(
            page_of(document, "versions/add/"),
            {"file": files.upload("p.jpg", data), "submission": str(uuid4())},
            follow=True,
        )
    assert "is already here as version 2" in text_of(page)
    stored = judged(document.versions.get(number=2), tmp_path)
    with Image.open(io.BytesIO(stored)) as image:
        assert dict(image.getexif()) == {0x0112: 6}


def test_a_file_of_an_upload_handler(world: World, tmp_path: Path) -> None:
    data = pictures.png()
    with TemporaryUploadedFile("p.png", "image/png", len(data), None) as file:
        file.write(data)
        file.seek(0)
        added = services.add_document(
            acting_user=world.contributor, workspace=world.workspace, content=file, name="p.png"
        )
    assert added.current_version is not None
    judged(added.current_version, tmp_path)


@each
def test_a_damaged_one_is_refused_with_a_way_out(world: World, tmp_path: Path, name: str) -> None:
    damaged = MADE[name]()[:600]
    page = text_of(send(world, files.upload(name, damaged)))
    assert "This picture is damaged" in page
    assert "save it again" in page
    assert not Document.objects.exists()
    upload = in_parts(world, name, damaged, cut=500)
    assert (upload.state, upload.refusal) == ("refused", "picture")
    assert not any(path.is_file() for path in (tmp_path / "documents").rglob("*"))


def test_a_picture_that_says_it_is_a_pdf_is_a_picture(world: World, tmp_path: Path) -> None:
    whole = pictures.jpeg()
    disguised = whole[:2] + pictures.segment(0xFE, b"%PDF-1.7 telltale-note") + whole[2:]
    send(world, files.upload("a.jpg", disguised))
    version = DocumentVersion.objects.get()
    assert version.media_type == "image/jpeg"
    judged(version, tmp_path)


def test_a_page_image_stands_upright(world: World) -> None:
    send(world, files.upload("a.jpg", pictures.jpeg(6)))
    document = Document.objects.get()
    picture = client_of(world.reader).get(page_of(document, "versions/1/pages/1.png"))
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.size == (24, 40)
