"""Who is shown how full a room is, who is warned, who sets the limit, what a plan is answered."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from coalitions.documents import services
from coalitions.documents.models import Folder, Space
from coalitions.network.models import Organisation
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, text_of
from tests.documents.rooms import SIZE, add, limit, plan
from tests.documents.tus import Tus

USED = "<bdi>2.0\xa0KB</bdi> of <bdi>2.4\xa0KB</bdi> are used (<bdi>83 %</bdi>)"


@pytest.fixture
def administrator(world: World) -> User:
    return worlds.make_person(world.owner, "administrator")


@pytest.fixture
def filled(world: World) -> None:
    """Both rooms hold 2040 of 2450 bytes: more than four fifths."""
    assert SIZE == 2080
    add(world.workspace, world.contributor)
    for place in (world.workspace, world.owner):
        limit(place, 2500)


def space_of(place: Any) -> str:
    if isinstance(place, Organisation):
        return f"/en/organisations/{place.slug}/space/"
    return f"/en/workspaces/{place.uuid}/space/"


@pytest.mark.usefixtures("filled")
def test_the_pages_of_figures_and_who_gets_them(
    world: World, administrator: User, keeper: User
) -> None:
    everybody = [
        world.editor,
        world.contributor,
        world.reader,
        world.coordinator,
        world.colleague,
        world.stranger,
        administrator,
        keeper,
    ]
    for place, seeing in (
        (world.workspace, [world.coordinator]),
        (world.owner, [administrator]),
        (world.partner, []),
    ):
        for user in everybody:
            answer = get(user, space_of(place))
            if user in seeing:
                assert USED in text_of(answer)
                assert '<meter class="space-bar"' in text_of(answer)
            elif user == keeper and place != world.workspace:
                assert answer.status_code == 200
                assert "are used" not in text_of(answer)
            else:
                assert answer.status_code == 404
    assert Client().get(space_of(world.owner)).status_code == 404
    assert Client().get(space_of(world.workspace)).status_code == 302
    assert (
        get(world.coordinator, space_of(worlds.make_workspace(world.coalition))).status_code == 404
    )


@pytest.mark.usefixtures("filled")
def test_the_bar_stands_on_the_pages_of_the_places_themselves(
    world: World, administrator: User, keeper: User
) -> None:
    about = f"/en/workspaces/{world.workspace.uuid}/about/"
    assert USED in text_of(get(world.coordinator, about))
    for user in (world.contributor, world.reader, world.editor):
        assert "are used" not in text_of(get(user, about))
    page = f"/en/organisations/{world.owner.slug}/"
    assert USED in text_of(get(administrator, page))
    for other in (world.editor, world.contributor, world.stranger, keeper, None):
        assert "are used" not in text_of(get(other, page))
    assert space_of(world.owner) in text_of(get(keeper, page))
    assert "It takes space until then." in text_of(
        get(world.coordinator, f"/en/workspaces/{world.workspace.uuid}/trash/")
    )


@pytest.mark.usefixtures("filled")
def test_contributors_are_warned_in_words_before_they_choose(world: World) -> None:
    document = world.workspace.documents.get()
    upload = f"/en/workspaces/{world.workspace.uuid}/upload/"
    version = f"/en/documents/{document.uuid}/versions/add/"
    for words, size in (
        ("Most of the space of this workspace is used.", 2500),
        ("The space of this workspace is nearly used up.", 2100),
        ("The space of this workspace is used up.", 2000),
    ):
        limit(world.workspace, size)
        for address in (upload, version):
            page = text_of(get(world.contributor, address))
            assert words in page
            assert "are used" not in page
    assert "Most of the space of the organisation" in text_of(get(world.contributor, upload))
    page = text_of(get(world.coordinator, upload))
    assert "<bdi>100 %</bdi>" in page
    assert "of the organisation that the files" not in page  # the coordinator acts for another one
    limit(world.workspace, 0)
    limit(world.owner, 0)
    assert "of the space" not in text_of(get(world.contributor, upload))


@pytest.mark.usefixtures("filled")
def test_a_secretariat_sets_the_limit(world: World, administrator: User, keeper: User) -> None:
    page = space_of(world.owner)
    assert 'name="gigabytes"' not in text_of(get(administrator, page))
    assert client_of(administrator).post(page, {"gigabytes": "1"}).status_code == 404
    assert client_of(world.coordinator).post(space_of(world.workspace)).status_code == 404
    assert client_of(keeper).post(space_of(world.workspace), {"gigabytes": 1}).status_code == 404
    for wrong in ("-1", "much", "NaN", "1e9", "99999999999", "0.00001", "\x00"):
        answer = client_of(keeper).post(page, {"gigabytes": wrong})
        assert answer.status_code == 200
        assert "error" in text_of(answer)
    answer = client_of(keeper).post(page, {"gigabytes": "2.5"}, follow=True)
    assert "The limit has been set." in text_of(answer)
    assert Space.objects.get(organisation=world.owner).limit == 2.5 * 1024**3
    assert 'value="2.5"' in text_of(get(keeper, page))
    client_of(keeper).post(page, {"gigabytes": ""})
    assert Space.objects.get(organisation=world.owner).limit is None


def test_a_keeper_who_is_a_member_sets_the_limit_of_a_workspace(world: World, keeper: User) -> None:
    worlds.affiliate(keeper, world.partner)
    worlds.join(world.workspace, keeper, world.partner)
    page = space_of(world.workspace)
    assert "are used" not in text_of(get(keeper, page))
    assert client_of(keeper).post(page, {"gigabytes": "1"}).status_code == 302
    assert Space.objects.get(workspace=world.workspace).limit == 1024**3


# A plan ---------------------------------------------------------------------------------------
def test_all_files_are_looked_at_before_the_first_is_sent(world: World) -> None:
    limit(world.workspace, 3000)
    assert plan(world.contributor, world.workspace, bytes=3000).status_code == 204
    assert b"this file" in plan(world.contributor, world.workspace, bytes=3001).content
    answer = plan(world.contributor, world.workspace, bytes=3001, files=2)
    assert answer.status_code == 507
    assert answer.content.decode().startswith("There is not enough space in this workspace for all")
    assert "2.9\xa0KB" in plan(world.coordinator, world.workspace, bytes=3001).content.decode()
    # What this person has begun with is among what they choose again.
    Tus(world, world.contributor).begun(2000)
    assert plan(world.contributor, world.workspace, bytes=3000).status_code == 204
    assert plan(world.coordinator, world.workspace, bytes=3000).status_code == 507


def test_all_folders_are_counted_before_the_first_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "WORKSPACE_MAX_FOLDERS", 4)
    plans = services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name="Plans"
    )
    for paths, status in (
        ([], 204),
        (["plans/a/", "Plans/A/b/", "PLANS/c/"], 204),
        (["plans/a/", "plans/b/", "plans/c/", "plans/d/"], 422),
        (["x/y/z/", "x/"], 204),
        (["a/", "b/", "c/", "d/"], 422),
        (["./", "//", "con/", "?/", "a" * 300 + "/"], 204),
    ):
        assert plan(world.contributor, world.workspace, bytes=1, paths=paths).status_code == status
    inside = str(plans.uuid)
    told = plan(world.contributor, world.workspace, bytes=1, folder=inside, paths=["a/b/c/d/"])
    assert told.status_code == 422
    assert "at most 4 folders" in told.content.decode()
    assert Folder.objects.count() == 1


def test_a_plan_that_cannot_be_read_and_one_of_elsewhere(world: World) -> None:
    for wrong in (
        {},
        {"bytes": -1},
        {"bytes": True},
        {"bytes": "1"},
        {"bytes": 1, "files": "2"},
        {"bytes": 1, "files": -2},
        {"bytes": 1, "paths": "a/"},
        {"bytes": 1, "paths": [1]},
        {"bytes": 1, "folder": 3},
        {"bytes": 1, "folder": "no uuid"},
        {"bytes": 10**30},
    ):
        assert plan(world.contributor, world.workspace, **wrong).status_code == 400
    address = f"/en/workspaces/{world.workspace.uuid}/uploads/plan/"
    for body in (b"", b"[]", b"{", b"\xff", b"[" * 100_000):
        answer = client_of(world.contributor).post(address, body, content_type="application/json")
        assert answer.status_code == 400
    paths = [f"{'long' * 20} {n}/" for n in range(40_000)]
    assert plan(world.contributor, world.workspace, bytes=1, paths=paths).status_code == 422
    other = worlds.make_workspace(world.coalition)
    worlds.join(other, world.coordinator, world.partner, "coordinator")
    theirs = services.make_folder(acting_user=world.coordinator, workspace=other, name="Theirs")
    for folder in (theirs.uuid, uuid4()):
        answer = plan(world.contributor, world.workspace, bytes=1, folder=str(folder))
        assert (answer.status_code, b"not there any more" in answer.content) == (422, True)
    for user in (world.reader, world.editor, world.colleague, world.stranger):
        assert plan(user, world.workspace, bytes=1).status_code == 404
    assert plan(world.contributor, other, bytes=1).status_code == 404
    assert plan(None, world.workspace, bytes=1).status_code == 302
