"""The storage: durable names, no addresses, and one that is not on this machine."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from django.utils import timezone

from coalitions.documents import services, sweeping, tasks
from coalitions.documents.models import DocumentPage, DocumentVersion, TextExtraction, version
from coalitions.documents.storage import DurableFileSystemStorage
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import streamed


class FarAway(Storage):
    """Like S3: its files have no path on this machine."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def _save(self, name: str, content: "File[Any]") -> str:
        self.held[name] = b"".join(content.chunks())
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        return ContentFile(self.held[name])

    def exists(self, name: str) -> bool:
        return name in self.held

    def delete(self, name: str) -> None:
        self.held.pop(name, None)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folders = {name.split("/")[0] for name in self.held}
        names = [name.split("/")[1] for name in self.held if name.startswith(f"{path}/")]
        return ([], names) if path else (sorted(folders), [])

    def get_modified_time(self, name: str) -> datetime:
        return timezone.now() - timedelta(minutes=50)


def sent(data: bytes) -> TemporaryUploadedFile:
    upload = TemporaryUploadedFile("a.txt", "text/plain", len(data), None)
    upload.write(data)
    return upload


def test_an_upload_is_moved_and_others_are_copied(tmp_path: Path) -> None:
    storage = DurableFileSystemStorage(location=tmp_path / "kept")
    upload = sent(b"moved")
    arrived = Path(upload.temporary_file_path())
    inode = arrived.stat().st_ino
    storage.save("ab/one", upload)
    stored = tmp_path / "kept" / "ab" / "one"
    assert (stored.read_bytes(), stored.stat().st_ino) == (b"moved", inode)
    assert not arrived.exists()
    upload.close()
    storage.save("ab/two", ContentFile(b"copied"))
    assert (tmp_path / "kept" / "ab" / "two").read_bytes() == b"copied"
    assert sorted(path.name for path in (tmp_path / "kept" / "ab").iterdir()) == ["one", "two"]
    assert stored.stat().st_mode & 0o007 == 0


def test_an_upload_on_another_disk_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = DurableFileSystemStorage(location=tmp_path / "kept")
    upload = sent(b"far away")
    original = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if "kept" not in str(self):
            raise OSError(18, "Invalid cross-device link")
        return original(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    storage.save("ab/one", upload)
    assert (tmp_path / "kept" / "ab" / "one").read_bytes() == b"far away"


def test_files_have_no_address() -> None:
    with pytest.raises(ValueError, match="no address"):
        storages["documents"].url("ab/x")
    assert not Path(settings.DOCUMENTS_ROOT).is_relative_to(settings.MEDIA_ROOT)


def test_paths_out_of_the_storage_are_refused(tmp_path: Path) -> None:
    storage = DurableFileSystemStorage(location=tmp_path / "kept")
    with pytest.raises(Exception, match=r"\.\."):
        storage.save("../out", File(BytesIO(b"x")))


def test_a_storage_that_is_not_on_this_machine(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = FarAway()
    field = DocumentVersion._meta.get_field("file")
    monkeypatch.setattr(field, "storage", remote)
    for module in ("incoming", "services.adding", "sweeping"):
        monkeypatch.setattr(f"coalitions.documents.{module}.documents_storage", lambda: remote)
    assert version.documents_storage() is storages["documents"]
    document = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(files.pdf("Kept far away")),
        name="a.pdf",
    )
    assert document.current_version is not None
    tasks.extract(document.current_version.pk)
    assert TextExtraction.objects.get().reason == ""
    assert DocumentPage.objects.get().text == "Kept far away"
    client = Client()
    client.force_login(world.reader)
    where = f"/en/documents/{document.uuid}/versions/1/"
    part = client.get(where + "download/", headers={"Range": "bytes=1-3"})
    assert streamed(part) == b"PDF"
    assert client.get(where + "pages/1.png").status_code == 200
    remote.save("ab/orphan", ContentFile(b"x"))
    assert sweeping.sweep() == 1
    assert not remote.exists("ab/orphan")
    assert remote.exists(str(document.current_version.file.name))
