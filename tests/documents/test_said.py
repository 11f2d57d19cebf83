"""What is said once about all files: by the plain form and in parts; names taken out on the way."""

import pytest

from coalitions.documents.models import Document
from coalitions.network.models import DocumentType, Programme, Theme
from tests import worlds
from tests.documents import files, telling, tus
from tests.documents.conftest import World
from tests.documents.pages import client_of, page_of, send, text_of
from tests.documents.tus import in_parts

each = pytest.mark.parametrize("name", telling.MADE)


def things(world: World) -> tuple[DocumentType, list[Theme], Programme]:
    kind = DocumentType.objects.order_by("pk")[0]
    themes = list(Theme.objects.order_by("pk")[:2])
    return (
        kind,
        themes,
        Programme.objects.create(
            code="P-1", names={"en": "Harbour lights"}, coalition=world.coalition
        ),
    )


def judged(document: Document, kind: DocumentType, themes: list[Theme], place: Programme) -> None:
    assert document.type == kind
    assert set(document.themes.all()) == set(themes)
    assert document.programme == place


def test_once_for_all(world: World) -> None:
    kind, themes, place = things(world)
    send(
        world,
        files.upload("a.txt", b"lanterns"),
        files.upload("b.txt", b"harbour"),
        type=kind.pk,
        themes=[theme.pk for theme in themes],
        programme=place.pk,
    )
    assert Document.objects.count() == 2
    for document in Document.objects.all():
        judged(document, kind, themes, place)
    keys = ",".join(str(theme.pk) for theme in themes)
    upload = in_parts(
        world, "c.txt", b"sea", type=str(kind.pk), themes=keys, programme=str(place.pk)
    )
    assert upload.version is not None
    judged(upload.version.document, kind, themes, place)


def test_a_programme_of_elsewhere_is_no_choice(world: World) -> None:
    hidden = Programme.objects.create(
        code="P-2",
        names={"en": "Telltale programme"},
        coalition=worlds.make_coalition(world.outside),
    )
    page = text_of(send(world, files.upload("a.txt", b"lanterns"), programme=hidden.pk))
    assert "Telltale programme" not in page
    assert not Document.objects.exists()
    client = tus.Tus(world, world.contributor)
    for said in ({"programme": str(hidden.pk)}, {"themes": "9" * 40}, {"type": "x"}):
        assert client.begin(10, **said).status_code == 400


def test_what_was_lost_meanwhile_is_left_out(world: World) -> None:
    kind, themes, place = things(world)
    client = tus.Tus(world, world.contributor)
    keys = ",".join(str(theme.pk) for theme in themes)
    said = {"type": str(kind.pk), "themes": keys, "programme": str(place.pk)}
    path = client.begun(3, filename="c.txt", **said)
    Programme.objects.filter(pk=place.pk).update(coalition=worlds.make_coalition(world.outside).pk)
    client.send(path, b"sea")
    document = Document.objects.get()
    assert document.programme is None
    assert document.themes.count() == 2
    assert document.type == kind


@each
def test_names_are_taken_out_before_anybody_sees_them(world: World, name: str) -> None:
    data = telling.MADE[name]()
    page = text_of(send(world, files.upload(name, data), authors_out="on"))
    document = Document.objects.get()
    assert page_of(document, "versions/1/authors/") in page
    with document.versions.get().file.open() as file:
        assert telling.MARK not in telling.everything_in(file.read())
    again = text_of(send(world, files.upload(name, data), authors_out="on"))
    assert "Already here" in again
    assert in_parts(world, name, data, authorsOut="1").state == "here"
    assert in_parts(world, name, data).state == "stored"


def test_also_of_a_new_version(world: World, document: Document) -> None:
    client = client_of(world.contributor)
    address = page_of(document, "versions/add/")
    client.post(address, {"file": files.upload("a.docx", telling.docx()), "authors_out": "on"})
    with document.versions.get(number=2).file.open() as file:
        assert telling.MARK not in telling.everything_in(file.read())


def test_a_file_whose_names_would_stay_is_refused(world: World) -> None:
    signed = telling.pdf(signed=True)
    page = text_of(
        send(world, files.upload("a.pdf", signed), files.upload("b.txt", b"b"), authors_out="on")
    )
    assert "cannot be taken out" in page
    assert [document.title for document in Document.objects.all()] == ["b"]
    upload = in_parts(world, "a.pdf", signed, authorsOut="1")
    assert (upload.state, upload.refusal) == ("refused", "authors")
    answer = client_of(world.contributor).get(
        f"/en/workspaces/{world.workspace.uuid}/uploads/{upload.uuid}/"
    )
    assert "cannot be taken out" in answer.json()["message"]
