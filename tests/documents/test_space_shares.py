"""Nobody takes the room of others: by announcing, by versions, by asking often how much is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from coalitions.documents import services, tries
from coalitions.documents.full import SpaceRefused
from coalitions.documents.models import Document, ResumableUpload
from coalitions.documents.permissions import rights_on
from coalitions.documents.services import resuming, space
from coalitions.documents.space import fill_of, warnings_for
from coalitions.documents.uploads import parts
from coalitions.network.models import AuditEntry, DocumentType, Theme
from coalitions.network.services import end_workspace_membership
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import send
from tests.documents.rooms import SIZE, add, limit, plan
from tests.documents.tus import TEXT, Tus, row_of


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DOCUMENT_MAX_BYTES", 3000)


# Announcing -----------------------------------------------------------------------------------
@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("kind", ["workspace", "organisation"])
def test_one_person_announces_a_tenth_of_a_room(world: World, tus: Tus, kind: str) -> None:
    limit(world.workspace if kind == "workspace" else world.owner, 50_000)
    second = worlds.make_person(world.owner)
    worlds.join(world.workspace, second, world.owner, "contributor")
    path = tus.begun(3000)
    assert tus.begin(2001).status_code == 429
    tus.begun(2000)
    answer = tus.begin(1)
    assert (answer.status_code, b"unfinished uploads" in answer.content) == (429, True)
    Tus(world, second).begun(3000)  # each has their own tenth
    tus.send(path, b"a" * 1000)
    assert tus.begin(1001).status_code == 429
    tus.begun(1000)  # what has come is not owed any more
    ResumableUpload.objects.update(expires=timezone.now())
    tus.begun(3000)


@pytest.mark.usefixtures("small_files")
def test_the_largest_file_always_fits_the_share(world: World, tus: Tus) -> None:
    limit(world.workspace, 4000)
    limit(world.owner, 0)
    tus.begun(3000)
    assert tus.begin(1).status_code == 429
    limit(world.workspace, 0)
    tus.begun(3000)


def test_all_is_counted_under_the_locks(
    world: World, tus: Tus, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    taking, counting = space.take_space, resuming._let_announce

    def take(*args: Any, **more: Any) -> None:
        assert transaction.get_connection().in_atomic_block
        seen.append("locked")
        taking(*args, **more)

    def count(*args: Any) -> None:
        seen.append("counted")
        counting(*args)

    monkeypatch.setattr(resuming, "take_space", take)
    monkeypatch.setattr(resuming, "_let_announce", count)
    tus.begun()
    assert seen == ["locked", "counted"]


def test_who_was_taken_out_reserves_nothing(world: World, tus: Tus) -> None:
    tus.begun(5000)
    assert fill_of(world.workspace).coming == fill_of(world.owner).coming == 5000
    User.objects.filter(pk=world.contributor.pk).update(is_active=False)
    assert fill_of(world.workspace).coming == 0
    User.objects.filter(pk=world.contributor.pk).update(is_active=True)
    membership = world.workspace.memberships.get(person=world.contributor)
    end_workspace_membership(membership, acting_user=world.contributor)
    assert fill_of(world.workspace).coming == fill_of(world.owner).coming == 0
    worlds.affiliate(world.contributor, world.partner)
    worlds.join(world.workspace, world.contributor, world.partner, "contributor")
    assert fill_of(world.workspace).coming == 0  # it was begun for another organisation


# An upload that ended meanwhile ---------------------------------------------------------------
@pytest.mark.parametrize("gone", [False, True])
def test_a_part_brings_no_upload_back(
    tus: Tus, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    path = tus.begun()
    row = row_of(path)
    append = parts.Part.append

    def ended(part: parts.Part, *args: Any) -> None:
        append(part, *args)
        mine = ResumableUpload.objects.filter(pk=row.pk)
        if gone:
            mine.delete()
        else:
            mine.update(expires=timezone.now() - timedelta(seconds=1))

    monkeypatch.setattr(parts.Part, "append", ended)
    answer = tus.send(path, TEXT[:100])
    assert (answer.status_code, b"Begin it again" in answer.content) == (410, True)
    assert not ResumableUpload.objects.filter(expires__gt=timezone.now()).exists()


# Versions -------------------------------------------------------------------------------------
def test_a_version_takes_the_room_of_whoever_sends_it(world: World) -> None:
    document = add(world.workspace, world.contributor)
    others = worlds.make_person(world.partner)
    worlds.join(world.workspace, others, world.partner, "contributor")
    services.let_others_add_versions(acting_user=world.editor, document=document, allowed=True)
    limit(world.owner, SIZE)
    limit(world.partner, 10)

    def version(text: bytes) -> None:
        services.add_version(
            acting_user=others, document=document, content=ContentFile(text), name="a.txt"
        )

    version(b"ten bytes.")
    assert (fill_of(world.owner).used, fill_of(world.partner).used) == (SIZE, 10)
    assert fill_of(world.workspace).used == SIZE + 10
    with pytest.raises(SpaceRefused) as refused:
        version(b"!")
    assert refused.value.code == "organisation"
    for user, place in ((others, world.partner), (world.contributor, world.owner)):
        acting = rights_on(user, document).organisation
        assert acting is not None
        told = warnings_for(user, document.workspace, acting)
        assert [warning.place for warning in told] == [place]


# Asking how much is left ----------------------------------------------------------------------
def test_a_plan_tells_what_is_left_in_hundredths_alone(world: World) -> None:
    cache.clear()
    limit(world.workspace, 10_000)
    add(world.workspace, world.contributor)  # 7920 are left
    assert SIZE == 2080
    for size, status in ((7900, 204), (7901, 507), (7920, 507), (7921, 507)):
        assert plan(world.contributor, world.workspace, bytes=size).status_code == status
    assert plan(world.coordinator, world.workspace, bytes=7920).status_code == 204
    assert plan(world.coordinator, world.workspace, bytes=7921).status_code == 507
    add(world.workspace, world.contributor, b"x" * 7920)  # what fits is stored all the same


def test_plans_are_not_asked_for_without_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setitem(tries.RATES, "plan", "2/5m/user")
    for status in (204, 204, 429):
        assert plan(world.contributor, world.workspace, bytes=1).status_code == status
    assert plan(world.coordinator, world.workspace, bytes=1).status_code == 204
    cache.clear()


# What is said on the way in -------------------------------------------------------------------
def test_what_was_said_survives_a_crash_in_between(
    world: World, tus: Tus, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, other = DocumentType.objects.order_by("pk")[:2]
    theme = Theme.objects.order_by("pk")[0]
    path = tus.begun(type=str(kind.pk), themes=str(theme.pk))

    def crash(name: str) -> None:
        if name == "uploads.document-stored":
            raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(resuming, "reached", crash)
        with pytest.raises(SystemExit):
            tus.send(path, TEXT)
    document = Document.objects.get()
    assert document.type is None
    services.edit_details(acting_user=world.contributor, document=document, type=other)
    assert tus.send(path, b"", SIZE).status_code == 204
    assert row_of(path).state == "stored"
    assert Document.objects.get().type == other  # somebody said it meanwhile
    assert list(document.themes.all()) == [theme]
    assert AuditEntry.objects.filter(verb="document.edited").count() == 2


def test_a_form_sent_twice_takes_nothing_back(world: World) -> None:
    kind, other = DocumentType.objects.order_by("pk")[:2]
    mark = "6f9a2c3e-58f1-4a55-9d27-0f3a8c1b7e42"
    for _round in range(2):
        send(world, files.upload("a.txt", TEXT), submission=mark, type=kind.pk)
        document = Document.objects.get()
        document.refresh_from_db()
        if not _round:
            assert document.type == kind
            services.edit_details(acting_user=world.contributor, document=document, type=other)
    assert document.type == other
