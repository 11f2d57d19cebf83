"""Pictures and letters of pages in bad times: many ask at once, a file holds up its process, the
storage is another machine."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File

from coalitions.documents import copies, images, letters, purging, sandbox, services, sweeping
from coalitions.documents.images import THUMBNAIL, Busy, NoPicture, page_image
from coalitions.documents.letters import page_letters
from coalitions.documents.models import Document, DocumentVersion
from coalitions.documents.reading import limits
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import get, page_of
from tests.documents.test_storage import FarAway
from tests.documents.test_turning_pages import add


class Counted(FarAway):
    """Notes each time that a file is fetched."""

    fetched = 0

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        self.fetched += 1
        return super()._open(name, mode)


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Counted:
    storage = Counted()
    monkeypatch.setattr(DocumentVersion._meta.get_field("file"), "storage", storage)
    for module in ("incoming", "services.adding", "purging"):
        monkeypatch.setattr(f"coalitions.documents.{module}.documents_storage", lambda: storage)
    return storage


def copied() -> list[Path]:
    return sorted(sandbox.work_folder().iterdir())


def hold_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let no drawing come to an end; note what is asked."""
    asked: list[str] = []

    def run(what: str, *rest: Any) -> dict[str, Any]:
        asked.append(what)
        return {"reason": "too-slow"}

    monkeypatch.setattr(sandbox, "run", run)
    return asked


@pytest.mark.parametrize("width", ["1000", str(THUMBNAIL)])
def test_nobody_waits_long_for_a_turn(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setattr(images, "PATIENCE", 0.05)
    path = page_of(document, "versions/1/pages/1.png")
    with images.AT_ONCE, images.AT_ONCE:
        busy = get(world.reader, path, width=width)
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
        assert busy.headers["Cache-Control"] == "private, no-store"
        assert busy.content.startswith(b"503: many pages are being drawn")
        assert get(world.stranger, path, width=width).status_code == 404
    assert get(world.reader, path, width=width).status_code == 200
    with images.AT_ONCE, images.AT_ONCE:  # what is kept needs no turn
        assert get(world.reader, path, width=width).status_code == 200
    for _ in range(2):
        assert images.AT_ONCE.acquire(blocking=False)
    for _ in range(2):
        images.AT_ONCE.release()


def test_a_drawing_is_ended_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.wall_seconds("image") == limits.wall_seconds("thumbnails") <= 15
    source = tmp_path / "a.pdf"
    source.write_bytes(files.pdf())
    monkeypatch.setitem(limits.SECONDS, "image", -5)
    drawn = sandbox.run("image", "pdf", "application/pdf", source, str(tmp_path / "b"), "1", "100")
    assert drawn == {"reason": "too-slow"}


@pytest.mark.parametrize("width", [1000, THUMBNAIL])
def test_what_could_not_be_drawn_is_tried_again_later(
    document: Document, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    version = document.versions.get()
    with monkeypatch.context() as trouble:
        asked = hold_up(trouble)
        for _ in range(3):
            with pytest.raises(NoPicture):
                page_image(version, 2, width)
        assert len(asked) == 1
    with pytest.raises(NoPicture):
        page_image(version, 2, width)
    assert page_image(version, 1, width)
    (mark,) = images.image_folder().rglob(f"*{images.FAILED}")
    long_ago = time.time() - images.AGAIN_SECONDS - 1
    os.utime(mark, (long_ago, long_ago))
    assert page_image(version, 2, width)


def test_a_file_of_slow_pages_takes_no_more_turns(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = add(world, files.pdf(*map(str, range(40))), "long.pdf").versions.get()
    asked = hold_up(monkeypatch)
    for page in range(1, 41):
        with pytest.raises(NoPicture):
            page_image(long, page, THUMBNAIL)
    assert len(asked) == images.MOST_FAILED
    with pytest.raises(NoPicture):
        page_image(document.versions.get(), 1)
    assert len(asked) == images.MOST_FAILED + 1


def test_what_was_drawn_before_the_end_is_kept(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(*arguments: str) -> dict[str, Any]:
        Path(arguments[4], "1.png").write_bytes(b"drawn")
        return {"reason": "too-slow"}

    version = document.versions.get()
    monkeypatch.setattr(sandbox, "run", half)
    assert page_image(version, 1, THUMBNAIL) == b"drawn"
    with pytest.raises(NoPicture):
        page_image(version, 2, THUMBNAIL)


def test_pages_that_are_not_there_start_nothing_and_leave_nothing(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = hold_up(monkeypatch)
    unread = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(files.png(30, 20)),
        name="a.png",
    )
    for sent, page in ((document, 4), (document, 100_001), (unread, 2), (document, 10**300)):
        with pytest.raises(NoPicture):
            page_image(sent.versions.get(), page)
    assert asked == []
    assert list(images.image_folder().rglob("*")) == []


def test_a_file_elsewhere_is_fetched_once(world: World, remote: Counted) -> None:
    sent = add(world, files.pdf("One child", "Two children", "Three"), "a.pdf")
    version = sent.versions.get()
    for page in (1, 2, 3):
        assert page_letters(version, page) is not None
        assert page_image(version, page)
    assert remote.fetched == 1
    (copy,) = copied()
    assert copy.read_bytes() == remote.held[str(version.file.name)]
    assert copy.stat().st_mode & 0o077 == 0
    remote.held.clear()  # what is gone from the storage is read from no copy
    with pytest.raises(NoPicture):
        page_image(version, 1, 2000)
    services.trash_document(acting_user=world.editor, document=sent)
    assert purging.purge_document(sent.pk)
    assert copied() == []


def test_copies_of_what_no_version_names_are_swept(world: World, remote: Counted) -> None:
    used, exchanged = (add(world, files.pdf(f"N {n}"), "a.pdf").versions.get() for n in range(2))
    for version in (used, exchanged):
        with sandbox.local_file(version):
            pass
    DocumentVersion.objects.filter(pk=exchanged.pk).update(file="ab/another")
    assert sweeping._sweep_copies(sandbox.work_folder()) == 1
    assert [path.name for path in copied()] == [f"kept-{used.file.name}".replace("/", "-")]


def test_copies_take_so_much_and_no_more(
    world: World, remote: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [add(world, files.pdf(f"Number {number}"), "a.pdf") for number in range(4)]
    versions = [sent.versions.get() for sent in documents]
    for place, copy in enumerate(copied()):
        os.utime(copy, (place, place))
    monkeypatch.setattr(copies, "KEPT_BYTES", int(versions[0].size * 2.5))
    with sandbox.local_file(versions[0]) as used:  # the latest use counts
        before = used.read_bytes()
        for version in versions[1:]:
            copies.forget(str(version.file.name), sandbox.work_folder())
            with sandbox.local_file(version):
                pass
        assert used.read_bytes() == before
        kept = [path for path in copied() if path.name.startswith("kept-")]
        assert len(kept) == 2
    monkeypatch.setattr(copies, "KEPT_BYTES", 10)
    for copy in kept:
        copy.unlink()
    assert page_image(versions[3], 1)
    assert copied() == []


def test_a_large_file_elsewhere_is_not_fetched_for_its_letters(
    world: World, remote: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = add(world, files.pdf("A child"), "a.pdf").versions.get()
    copies.forget(str(version.file.name), sandbox.work_folder())
    monkeypatch.setattr(letters, "MOST_FETCHED", 100)
    assert page_letters(version, 1) is None
    assert remote.fetched == 1
    assert page_image(version, 1)
    assert page_letters(version, 1) is not None
    assert remote.fetched == 2


def test_a_storage_that_does_not_answer(
    world: World, remote: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TheLibrarysOwn(Exception):
        pass

    def away(name: str) -> bool:
        raise TheLibrarysOwn

    sent = add(world, files.pdf("A child"), "a.pdf")
    monkeypatch.setattr(remote, "exists", away)
    with pytest.raises(Busy):
        page_image(sent.versions.get(), 1)
    assert get(world.reader, page_of(sent, "versions/1/pages/1.png")).status_code == 503
    page = get(world.reader, page_of(sent), q="child")
    assert (page.status_code, b"<mark" in page.content) == (200, True)
