"""Every id in every address and form of the document room, swapped for one of elsewhere.

One person, who may do everything in one place, asks and sends all that its pages hold, with an id
of a place that they know nothing of. It is answered as an id that nothing has ever had, nothing of
the other place is told, and nothing of it changes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from coalitions.documents import services, urls
from coalitions.documents.models import Document, DocumentVersion, Folder
from coalitions.documents.services.linking import Terms, make_link
from coalitions.network.models import AuditEntry, Organisation, Programme
from portal.accounts.models import User
from tests import worlds
from tests.visibility.scene import pdf_of
from tests.visibility.test_acts import WATCHED

pytestmark = pytest.mark.django_db

ELSEWHERE = "Quillfeather"
OURS = tuple(f"/en/{room}/" for room in ("documents", "workspaces", "coalitions", "organisations"))
# A link for outsiders is no matter of the person who asks; see the tests of links.
FOR_OUTSIDERS = {"open-link", "outside", "outside-download", "link"}
# Their bodies are not forms; ids in them are tried by the tests of uploads.
NO_FORMS = {"uploads", "plan-uploads", "resume"}


@dataclass
class Place:
    """A workspace with one of everything that has an id."""

    owner: Organisation
    person: User
    ids: dict[str, str]
    # What two fields take in place of a uuid, and what never was such a thing.
    others: dict[str, str]


def make_place(name: str) -> Place:
    owner, partner = (worlds.make_organisation(f"{name} {one}") for one in ("owner", "partner"))
    coalition = worlds.make_coalition(owner, partner, name=f"{name} coalition")
    workspace = worlds.make_workspace(coalition, name=f"{name} workspace", language="en")
    person, second = (worlds.make_person(owner, "administrator", name=f"{name} p") for _ in "12")
    reader = worlds.make_person(partner, name=f"{name} reader")
    for member, of, role in (
        (person, owner, "coordinator"),
        (second, owner, "contributor"),
        (reader, partner, "reader"),
    ):
        worlds.join(workspace, member, of, role)
    at = {"acting_user": person, "workspace": workspace}
    folder, other, gone = (services.make_folder(**at, name=f"{name} {n}") for n in "abc")

    def add(title: str, place: Folder | None = None, **said: Any) -> Document:
        content = ContentFile(pdf_of(f"{name} {title}"))
        title = f"{name} {title}"
        return services.add_document(
            **at, content=content, name="a.pdf", title=title, folder=place, language="en", **said
        )

    document, trashed = add("document", folder), add("trashed")
    sealed, moved = add("sealed", child_data=True), add("moved", gone)
    services.add_version(
        acting_user=person, document=document, content=ContentFile(pdf_of("x")), name="b.pdf"
    )
    services.trash_document(acting_user=person, document=trashed)
    services.trash_folder(acting_user=person, folder=gone, revision=1)
    asked, own = (
        services.ask_to_share(acting_user=who, document=document, rung=rung, reason=f"{name} why")
        for who, rung in ((reader, "network"), (person, "public"))
    )
    terms = Terms("lantern-beside-water", days=3, downloads=5, purpose=f"{name} purpose")
    things = {
        "workspace": workspace,
        "coalition": coalition,
        "owner": owner,
        "partner": partner,
        "folder": folder,
        "other": other,
        "gone": gone,
        "document": document,
        "trashed": trashed,
        "sealed": sealed,
        "moved": moved,
        "asked": asked,
        "own": own,
        "link": make_link(acting_user=person, document=document, terms=terms)[0],
        "reservation": services.reserve_document(acting_user=person, document=document, hours=4),
        "lift": services.propose_lift(acting_user=second, document=sealed, reason=f"{name} so"),
        "upload": services.begin_upload(
            **at, chosen=services.Chosen(name="c.pdf", length=9, rung="workspace")
        ),
    }
    programme = Programme.objects.create(
        code=f"{name.lower()}-programme", names={"en": f"{name} programme"}, coalition=coalition
    )
    Document.objects.filter(pk=document.pk).update(translation_of=sealed, programme=programme)
    ids = {key: str(thing.uuid) for key, thing in things.items()}
    return Place(owner, person, ids, {sealed.reference: "D-0000", str(programme.pk): "999999"})


def addresses(place: Place) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of each route, with the ids of this place in it."""
    ids = place.ids
    first = {
        "documents": ["document", "sealed", "trashed"],
        "workspaces": ["workspace"],
        "coalitions": ["coalition"],
    }
    inner = {"asked": ["asked", "own"], "folder": ["folder", "gone"]}
    for route in urls.urlpatterns:
        path = str(route.pattern)
        if route.name in FOR_OUTSIDERS:
            continue
        path = path.replace("<slug:rung>", "network").replace("<slug:slug>", place.owner.slug)
        path = re.sub(r"<int:(\w+)>", lambda m: "2" if m[1] == "new" else "1", path)
        kind = path.split("/")[0]
        for outer in first.get(kind, [""]):
            name = re.search(r"<uuid:(?!uuid)(\w+)>", path)
            for key in inner.get(name[1], [name[1]]) if name else [""]:
                filled = path.replace("<uuid:uuid>", ids.get(outer, ""))
                filled = re.sub(r"<uuid:\w+>", ids.get(key, ""), filled)
                assert "<" not in filled, f"Say what stands for the parts of {path}."
                yield str(route.name), f"/en/{filled}"


def swapped(text: str, here: Place, there: Place | None) -> Iterator[str]:
    """Yield the text with each id of `here` in it replaced, by one of `there` or by any."""
    for key, value in here.ids.items():
        if value in text:
            yield text.replace(value, there.ids[key] if there else str(UUID(int=4 << 76 | 2 << 62)))
    if f"/{here.owner.slug}/" in text:
        slug = there.owner.slug if there else "no-such-organisation"
        yield text.replace(f"/{here.owner.slug}/", f"/{slug}/")


def exchanged(name: str, value: str, here: Place, there: Place) -> list[tuple[str, str]]:
    """Return, for what a field holds, an id of `there` and one that never was."""
    pairs = zip(swapped(value, here, there), swapped(value, here, None), strict=True)
    if name not in ("programme", "translation_of") or value not in here.others:
        return list(pairs)
    place = list(here.others).index(value)
    return [(list(there.others)[place], here.others[value])]


def seen(response: HttpResponse) -> tuple[int, str, str]:
    """Return what can be told apart of an answer; echoed ids and tokens aside."""
    assert response.status_code < 500
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    text = body.decode(errors="replace")
    assert ELSEWHERE not in text
    for noise in (r"[0-9a-f]{8}-[0-9a-f-]{27}", r"D-\w{4}", r"[0-9a-zA-Z]{64}", r"nonce-[^\"' ]+"):
        text = re.sub(noise, "", text)
    text = re.sub(r'(name="undo" value|nonce|href|action|value)="[^"]*"', "", text)
    return response.status_code, response.headers.get("Location", "").split("?")[0][:14], text


def alike(one: tuple[int, str, str], other: tuple[int, str, str]) -> bool:
    """Whether two answers say the same; what they say differently is shown."""
    lines = unified_diff(one[2].splitlines(), other[2].splitlines(), n=0, lineterm="")
    told = [line for line in lines if line[:1] in "+-" and line.strip("+- ")]
    assert (one[:2], told) == (other[:2], [])
    return True


def state() -> list[Any]:
    """All rows that an act could have changed."""
    return [list(model._default_manager.order_by("pk").values()) for model in WATCHED]


def test_addresses_hold_no_id_of_elsewhere() -> None:
    here, there = make_place("Here"), make_place(ELSEWHERE)
    client = Client()
    client.force_login(here.person)
    before, tried = state(), 0
    for _name, path in addresses(here):
        for one, unknown in zip(swapped(path, here, there), swapped(path, here, None), strict=True):
            for method in (client.get, client.post):
                answers = [seen(method(address)) for address in (one, unknown)]
                assert alike(*answers), one
                assert answers[0][0] in (404, 405), (one, answers[0][0])
                tried += 1
    assert tried > 150
    assert state() == before


Fields = dict[str, list[str]]


def forms_in(response: HttpResponse, path: str) -> Iterator[tuple[str, Fields, Fields]]:
    """Yield each form that is sent: where to, what it holds, and what can be chosen in it."""
    if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
        return
    page = BeautifulSoup(response.content, "html.parser")
    for form in page.find_all("form", method="post"):
        holds: Fields = {}
        offers: Fields = {}
        parts = form.find_all(["input", "select", "textarea", "button"])
        if form.get("id"):
            parts += page.find_all(attrs={"form": form["id"]})
        for part in parts:
            name, kind = part.get("name"), part.get("type", "text")
            if not name or kind == "file" or name == "csrfmiddlewaretoken":
                continue
            options = [one.get("value", "") for one in part.find_all("option")]
            values = options or [part.get("value", "") or part.text]
            offers.setdefault(name, []).extend(values)
            if part.name != "button" and (
                kind not in ("checkbox", "radio") or part.has_attr("checked")
            ):
                chosen = [one.get("value", "") for one in part.find_all("option", selected=True)]
                holds.setdefault(name, []).extend(chosen or values[:1])
        action = form.get("action") or path
        if action.startswith(OURS):
            yield action, holds, offers


def sendings(holds: Fields, offers: Fields) -> Iterator[Fields]:
    """Yield what a person could send: with each button, and with each thing chosen."""
    acts = {
        name: offers[name] for name in ("act", "answer") if name not in holds and name in offers
    }
    picked = {name: offers[name][:1] for name in ("document", "folder") if name in offers}
    for name, values in acts.items() or {"": [""]}.items():
        for value in dict.fromkeys(values):
            yield {**picked, **holds, name: [value], "mark": ["yes"], "confirmed": ["yes"]}


def send(client: Client, action: str, fields: Fields) -> HttpResponse:
    """Send it, and take back whatever it did."""
    client.cookies.pop("messages", None)
    with transaction.atomic():
        response = client.post(action, fields)
        if response.streaming:
            response = HttpResponse(b"".join(response), status=response.status_code)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return response


def test_forms_take_no_id_of_elsewhere() -> None:
    here, there = make_place("Here"), make_place(ELSEWHERE)
    client = Client()
    client.force_login(here.person)
    theirs = {UUID(value) for value in there.ids.values()}
    audited = AuditEntry.objects.filter(object_uuid__in=theirs).count()
    before, tried, known = state(), set(), set()
    queue = [
        form
        for name, path in addresses(here)
        if name not in NO_FORMS
        for form in forms_in(client.get(path), path)
    ]
    more = [
        form
        for action, holds, offers in queue
        if "selection" in action
        for fields in sendings(holds, {**offers, "folder": offers.get("folder", [])})
        for form in forms_in(
            send(client, action, {k: v for k, v in fields.items() if k != "confirmed"}), action
        )
    ]
    for action, holds, offers in chain(queue, more):
        for fields in sendings(holds, offers):
            for name, values in offers.items():
                for value in values:
                    for one, unknown in exchanged(name, value, here, there):
                        signature = (action, name, one, str(sorted(fields.items())))
                        if signature in known:
                            continue
                        known.add(signature)
                        answers = []
                        for said in (one, unknown):
                            client.cookies.pop("messages", None)
                            with transaction.atomic():
                                answers.append(seen(client.post(action, {**fields, name: [said]})))
                                rows = AuditEntry.objects.filter(object_uuid__in=theirs)
                                assert rows.count() == audited, (action, name)
                                transaction.set_rollback(True)
                        assert alike(*answers), (action, name)
                        tried.add((re.sub(r"[0-9a-f-]{36}", "", action), name))
    assert state() == before
    names = {name for _action, name in tried}
    choices = {"document", "folder", "place", "programme", "translation_of"}
    assert choices | {"seen", "seen_in", "proposal", "reservation"} <= names
    assert DocumentVersion.objects.count() == 10
