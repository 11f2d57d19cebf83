"""Pages of versions: their list, two compared, one restored, a document reserved."""

import re
import time
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from coalitions.documents import services, tasks
from coalitions.documents.models import Document, DocumentPage, DocumentVersion, Reservation
from portal.accounts.models import User
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of

HUGE = "9" * 40


def main_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def words_of(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", main_of(answer)).split())


def post(user: User, path: str, **values: str) -> HttpResponse:
    return client_of(user).post(path, values)


@pytest.fixture
def second(world: World, document: Document) -> DocumentVersion:
    """A second version of three pages, one changed, with its text read."""
    added = services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(files.pdf("Alpha page", "The rights of every child", "Gamma page")),
        name="Second.pdf",
        note="Every child now",
    )
    tasks.extract(added.pk)
    return added


def reserve(document: Document, by: User, hours: int = 2) -> Reservation:
    return services.reserve_document(acting_user=by, document=document, hours=hours)


def test_the_list_of_versions(world: World, document: Document, second: DocumentVersion) -> None:
    shown = words_of(get(world.reader, page_of(document, "versions/")))
    for words in ("Version 2", "Newest", "Every child now", "3 pages", "PDF", "KB"):
        assert words in shown, words
    assert world.contributor.name in shown
    assert "Restore" not in shown
    assert "Restore" in words_of(get(world.contributor, page_of(document, "versions/")))
    services.share_document(acting_user=world.editor, document=document, rung="public")
    for viewer in (world.stranger, None):
        away = words_of(get(viewer, page_of(document, "versions/")))
        assert world.contributor.name not in away
        assert "Version 1" in away
    services.restore_version(acting_user=world.editor, document=document, number=1, seen=2)
    again = words_of(get(world.reader, page_of(document, "versions/")))
    assert "Restored from version 1" in again
    for page in ("0", "x", HUGE, "-1"):
        assert get(world.reader, page_of(document, "versions/"), page=page).status_code == 200


def test_choosing_two_versions(world: World, document: Document, second: DocumentVersion) -> None:
    path = page_of(document, "versions/")
    chosen = get(world.reader, path, old="1", new="2")
    assert chosen.headers["Location"] == page_of(document, "versions/1/compare/2/")
    for old, new in (("1", "3"), (HUGE, "1"), ("x", "-1"), ("", "")):
        assert get(world.reader, path, old=old, new=new).status_code == 200


def test_what_changed_by_words(world: World, document: Document, second: DocumentVersion) -> None:
    path = page_of(document, "versions/1/compare/2/")
    inline = main_of(get(world.reader, path))
    removed = re.findall(r"<del>(.*?)</del>", inline)
    added = re.findall(r"<ins>(.*?)</ins>", inline)
    assert [re.sub(r"<span.*?</span>", "", words) for words in removed] == ["the"]
    assert [re.sub(r"<span.*?</span>", "", words) for words in added] == ["every"]
    assert "removed:" in removed[0]
    assert "added:" in added[0]
    assert "1 line changed" in inline
    assert "Page 2" in inline
    side = main_of(get(world.reader, path, view="side"))
    cells = re.findall(r"<td.*?</td>", side, flags=re.DOTALL)
    changed = [cell for cell in cells if "<del>" in cell or "<ins>" in cell]
    assert len(changed) == 2
    assert "<ins>" not in changed[0]
    assert "<del>" not in changed[1]
    back = main_of(get(world.reader, page_of(document, "versions/2/compare/1/")))
    assert "every<" in re.findall(r"<del>(.*?)</del>", back)[0]
    assert "It is the same file" in words_of(
        get(world.reader, page_of(document, "versions/1/compare/1/"))
    )
    for page in ("7", "x", HUGE):
        assert get(world.reader, path, page=page, view="nonsense").status_code == 200


def test_old_versions_have_the_audience_of_today(
    world: World, document: Document, second: DocumentVersion
) -> None:
    ends = ("versions/", "versions/1/", "versions/1/compare/2/")
    for end in ends:
        assert get(world.reader, page_of(document, end)).status_code == 200
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    for end in ends:
        assert get(world.reader, page_of(document, end)).status_code == 404
        assert get(world.colleague, page_of(document, end)).status_code == 200
    for end in ("versions/9/compare/1/", f"versions/1/compare/{HUGE}/", "versions/0/compare/1/"):
        assert get(world.colleague, page_of(document, end)).status_code == 404


def test_what_has_no_text_is_not_compared(
    world: World, document: Document, second: DocumentVersion
) -> None:
    for data, words in ((files.png(), "A picture has no text"), (files.pdf("Late"), "being read")):
        added = services.add_version(
            acting_user=world.contributor,
            document=document,
            content=files.content(data),
            name="x.png" if data.startswith(b"\x89") else "x.pdf",
        )
        if "picture" in words:
            tasks.extract(added.pk)
        path = page_of(document, f"versions/1/compare/{added.number}/")
        assert words in words_of(get(world.reader, path))


def test_a_long_text_is_compared_in_a_second(
    world: World, document: Document, second: DocumentVersion
) -> None:
    """154 pages of 50 lines, each line changed; and one line of a million letters.

    Counted in the time of this thread alone: other work on the machine is not the page's.
    """
    for number, version in enumerate((document.versions.get(number=1), second), 1):
        DocumentPage.objects.filter(version=version).delete()
        DocumentPage.objects.bulk_create(
            DocumentPage(
                version=version,
                number=page,
                language="en",
                text="\n".join(
                    f"- Line {line} of page {page} says that children number {number} have rights."
                    for line in range(50)
                ),
            )
            for page in range(1, 155)
        )
    path = page_of(document, "versions/1/compare/2/")
    client = client_of(world.reader)

    def fastest(view: str) -> tuple[float, str]:
        answers = []
        for _ in range(3):
            started = time.thread_time()
            answer = client.get(path, {"view": view})
            answers.append((time.thread_time() - started, words_of(answer)))  # type: ignore[arg-type]
        return min(answers)

    for view in ("inline", "side"):
        seconds, words = fastest(view)
        assert seconds < 1
        assert "7700 lines changed" in words
    DocumentPage.objects.filter(version=second, number=1).update(text="child " * 200_000)
    seconds, words = fastest("inline")
    assert seconds < 1
    assert "very long" in words


def test_restoring_by_its_page(world: World, document: Document, second: DocumentVersion) -> None:
    path = page_of(document, "versions/1/restore/")
    shown = words_of(get(world.editor, path))
    assert "added as a new version after version 2" in shown
    for user in (world.reader, world.coordinator, world.stranger):
        assert get(user, path).status_code == 404
        assert post(user, path, seen="2").status_code == 404
    late = post(world.editor, path, seen="1", note="because")
    assert "Somebody added a version meanwhile" in words_of(late)
    assert "because" in main_of(late)
    assert 'name="seen" value="2"' in main_of(late)
    for seen in ("", "x", HUGE, "-1"):
        assert post(world.editor, path, seen=seen).status_code == 200
    assert post(world.editor, path, seen="2", note="n" * 501).status_code == 200
    assert post(world.editor, path, seen="2", note="\x00").status_code == 200
    assert document.versions.count() == 2
    assert post(world.editor, path, seen="2", note="We were wrong").status_code == 302
    newest = document.versions.first()
    assert newest is not None
    assert (newest.number, newest.restored_from, newest.note) == (3, 1, "We were wrong")
    assert post(world.editor, path, seen="2").status_code == 302  # the same form again
    assert document.versions.count() == 3
    for number in ("9", HUGE):
        away = page_of(document, f"versions/{number}/restore/")
        assert get(world.editor, away).status_code == 404


def test_reserving_and_being_kept_out(world: World, document: Document) -> None:
    path = page_of(document, "reservation/")
    assert "Reserve this document" in words_of(get(world.contributor, path))
    for hours in ("", "3", HUGE, "x", "-1"):
        assert post(world.contributor, path, hours=hours).status_code == 200
    assert not Reservation.objects.exists()
    assert post(world.contributor, path, hours="4").status_code == 302
    mine = words_of(get(world.contributor, page_of(document)))
    assert "You are editing this document until" in mine
    told = words_of(get(world.reader, page_of(document)))
    assert f"{world.owner.name} is editing this document until" in told
    assert f"Reserved by {world.contributor.name}" in told
    assert "Lift the reservation" not in told
    assert "Lift the reservation" in words_of(get(world.coordinator, page_of(document)))
    add = page_of(document, "versions/add/")
    kept_out = main_of(get(world.editor, add))
    assert "is editing this document" in kept_out
    assert 'type="file"' not in kept_out
    sent = client_of(world.editor).post(
        add, {"file": SimpleUploadedFile("x.pdf", files.pdf("Mine")), "note": "my note"}
    )
    assert "Somebody else is editing this document" in words_of(sent)  # type: ignore[arg-type]
    assert "my note" in main_of(sent)  # type: ignore[arg-type]
    late = post(world.editor, path, hours="1")
    assert "is reserved" in words_of(late)
    assert document.versions.count() == 1


def test_lifting_a_reservation(world: World, document: Document) -> None:
    lift = page_of(document, "reservation/lift/")
    held = reserve(document, world.contributor)
    for user in (world.reader, world.colleague, world.stranger):
        assert post(user, lift, reservation=str(held.uuid)).status_code == 404
        assert get(user, page_of(document, "reservation/")).status_code == 404
    for seen in ("", "x", "\x00", str(uuid4()), str(document.uuid)):
        answer = client_of(world.coordinator).post(lift, {"reservation": seen}, follow=True)
        assert "left as it is" in words_of(answer)  # type: ignore[arg-type]
    assert Reservation.objects.in_force().exists()
    page = main_of(get(world.coordinator, page_of(document, "reservation/")))
    assert str(held.uuid) in page
    done = client_of(world.coordinator).post(lift, {"reservation": str(held.uuid)}, follow=True)
    assert "not reserved any more" in words_of(done)  # type: ignore[arg-type]
    assert not Reservation.objects.in_force().exists()
    assert get(world.contributor, lift).status_code == 405


def test_a_reservation_of_another_document_is_not_lifted(world: World, document: Document) -> None:
    other = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(files.pdf("Other")),
        name="other.pdf",
    )
    held, wrong = reserve(other, world.contributor), reserve(document, world.contributor)
    post(world.coordinator, page_of(document, "reservation/lift/"), reservation=str(held.uuid))
    assert set(Reservation.objects.in_force()) == {held, wrong}


def test_strangers_are_not_told(world: World, document: Document) -> None:
    reserve(document, world.contributor)
    services.share_document(acting_user=world.editor, document=document, rung="public")
    for end in ("", "versions/"):
        for viewer in (None, world.stranger):
            assert "is editing" not in words_of(get(viewer, page_of(document, end)))
        assert "is editing" in words_of(get(world.colleague, page_of(document, end)))


def test_many_versions(world: World, document: Document) -> None:
    first = document.versions.get()
    for number in range(2, 60):
        DocumentVersion.objects.create(
            document=document,
            number=number,
            file=first.file.name,
            name=first.name,
            size=1,
            media_type=first.media_type,
            sha256="0" * 64,
            uploader=world.contributor,
            organisation=world.owner,
        )
    page = words_of(get(world.reader, page_of(document)))
    assert "All versions" in page
    assert "Version 55" in page
    assert "Version 54" not in page
    assert "Version 1 " in words_of(get(world.reader, page_of(document, "versions/"), page="2"))


def test_the_api_says_what_was_restored(
    world: World, document: Document, second: DocumentVersion
) -> None:
    services.restore_version(acting_user=world.editor, document=document, number=1, seen=2)
    services.share_document(acting_user=world.editor, document=document, rung="public")
    rows = get(None, f"/api/v1/documents/{document.uuid}/versions/").json()["results"]
    assert [(row["number"], row["restored_from"]) for row in rows] == [
        (3, 1),
        (2, None),
        (1, None),
    ]
    listed = get(None, "/api/v1/documents/").json()["results"]
    assert [row["version"]["number"] for row in listed] == [3]


def test_lists_say_who_edits_to_those_inside(world: World, document: Document) -> None:
    place = f"/en/workspaces/{world.workspace.uuid}/documents/"
    services.share_document(acting_user=world.editor, document=document, rung="public")
    assert "is editing until" not in words_of(get(world.reader, place))
    reserve(document, world.contributor)
    for view in ("list", "grid"):
        inside = main_of(get(world.reader, place, view=view))
        assert re.search(rf"{re.escape(world.owner.name)}</bdi> is editing until", inside)
        assert "data-version-form" not in inside
        assert "data-version-form" in main_of(get(world.contributor, place, view=view))
        for viewer in (None, world.stranger):
            outside = main_of(get(viewer, "/en/documents/", view=view))
            assert document.title in outside
            assert "diting" not in outside
