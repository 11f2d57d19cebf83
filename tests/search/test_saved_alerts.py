"""Mail alerts: of what is new, to whoever may see it at that moment, naming nothing closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from coalitions.documents.models import DocumentAudience
from coalitions.network.models import WorkspaceMembership
from coalitions.network.signals import access_changed
from portal.notifications.models import OutgoingMail
from portal.notifications.services import pruning
from portal.notifications.tasks import prune_alerts, send_waiting
from portal.schedule import SCHEDULE
from search import outbox
from search.models import SavedSearch, SavedSearchFind, SearchAlert
from search.saved import running
from search.saved.acts import change_saved_search, delete_saved_search
from search.saved.question import Question
from search.saved.running import run_due, run_for
from search.saved.times import next_due
from search.saved.waking import wake
from search.service import SearchUnavailable
from tests import worlds
from tests.search.saving import WORD, Saving, a_day_passes, make_saving, morning, reindexed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Saving:
    return make_saving()


def body() -> str:
    return str(mail.outbox[-1].body)


# What is new ---------------------------------------------------------------------------------
def test_what_is_there_when_it_is_saved_is_no_news(world: Saving) -> None:
    world.document()
    world.save()
    assert morning() == 0
    assert not SearchAlert.objects.exists()


def test_what_is_new_is_told_once(world: Saving) -> None:
    world.document()
    saved = world.save()
    new = world.document()
    assert morning() == 1
    assert "no. 1: 1 new result" in body()
    assert f"/en/my/searches/{saved.uuid}/" in body()
    assert morning() == 0
    reindexed(new)
    assert morning() == 0


def test_hits_that_hold_some_of_the_words_only_are_no_news(world: Saving) -> None:
    world.save(question=Question(f"{WORD} lighthouse"))
    world.document()
    assert morning() == 0
    world.document(pages=(f"A {WORD} in a lighthouse.",))
    assert morning() == 1
    assert "1 new result" in body()


def test_one_mail_gathers_all_that_is_due(world: Saving) -> None:
    world.save()
    world.save(question=Question("river"), frequency="weekly")
    world.save(question=Question("mountain"))
    world.document()
    assert morning() == 1
    assert "2 new results" in mail.outbox[0].subject
    assert "no. 1: 1 new result" in body()
    assert "no. 2: 1 new result" in body()
    assert "no. 3" not in body()


def test_a_pause_keeps_what_came_for_later(world: Saving) -> None:
    saved = world.save()
    change_saved_search(saved, acting_user=world.reader, name="x", frequency="daily", paused=True)
    world.document()
    assert morning() == 0
    change_saved_search(saved, acting_user=world.reader, name="x", frequency="daily", paused=False)
    assert morning() == 1


def test_mail_that_begins_later_does_not_flood(world: Saving) -> None:
    saved = world.save(frequency="never")
    world.document()
    assert morning() == 0
    change_saved_search(saved, acting_user=world.reader, name="x", frequency="daily", paused=False)
    assert morning() == 0
    world.document()
    assert morning() == 1
    assert "1 new result" in body()


def test_broad_searches_are_read_page_by_page(world: Saving) -> None:
    saved = world.save()
    with mock.patch("search.saved.present.MAX_SIZE", 2):
        for _ in range(5):
            worlds_document = worlds.make_document(
                world.workspace, world.owner, rung="workspace", pages=(WORD,)
            )
            reindexed(worlds_document)
        assert morning() == 1
    assert "5 new results" in body()
    assert saved.finds.filter(told=True).count() == 5


# Who may see it ------------------------------------------------------------------------------
def test_nothing_closed_is_named_and_no_word_of_the_search(world: Saving) -> None:
    world.save(question=Question(WORD, {"kind": ("document", "article")}))
    closed = world.document("Secret moves")
    world.article("Known to all", "known-to-all")
    world.article("Of the network", "of-the-network", level="network")
    assert morning() == 1
    text = f"{mail.outbox[0].subject}\n{body()}"
    assert "Known to all" in text
    assert "/en/knowledge/known-to-all/" in text
    assert "and 2 more that you see after signing in" in text
    for secret in (
        closed.title,
        "moves",
        "Of the network",
        "of-the-network",
        str(closed.uuid),
        closed.reference,
        WORD,
        "My private name",
        "Quiet room",
        "Cedar",
        "river",
    ):
        assert secret not in text, secret


def test_public_child_data_is_not_named(world: Saving) -> None:
    world.save()
    world.document("Names of children", rung="organisation", child_data=True)
    assert morning() == 0


def test_need_to_know(world: Saving) -> None:
    closed = worlds.make_workspace(world.workspace.coalition, name="Closed room", need_to_know=True)
    member = worlds.make_person(world.owner)
    worlds.join(closed, member, world.owner)
    world.save()
    world.save(member)
    world.document("Hidden", rung="members", workspace=closed)
    assert morning() == 1
    assert mail.outbox[0].to == [member.email]
    assert "Hidden" not in body()


def test_a_lost_membership_ends_alerts(world: Saving) -> None:
    world.save()
    world.document()
    WorkspaceMembership.objects.get(person=world.reader).end()
    assert morning() == 0
    assert not SavedSearchFind.objects.exists()


def test_a_suspended_organisation_ends_alerts(world: Saving) -> None:
    world.save()
    world.document()
    world.article("Known to all", "known-to-all")
    worlds.suspend(world.other)
    assert morning() == 1
    assert "no. 1: 1 new result" in body()
    assert "Known to all" in body()


def test_access_that_ends_before_the_mail_is_sent(world: Saving) -> None:
    world.save()
    world.document()
    a_day_passes()
    assert run_due() == 1
    WorkspaceMembership.objects.get(person=world.reader).end()
    assert send_waiting() == 0
    assert OutgoingMail.objects.get().state == "needless"


def test_something_that_was_public_is_not_named_any_more(world: Saving) -> None:
    world.save()
    document = world.document("Open today", rung="public")
    a_day_passes()
    run_due()
    DocumentAudience.objects.filter(document=document).update(rung="workspace")
    assert send_waiting() == 1
    assert "Open today" not in body()
    assert "1 new result" in body()


@pytest.mark.parametrize("before_the_run", [True, False])
def test_a_deactivated_account_gets_nothing(world: Saving, before_the_run: bool) -> None:
    world.save()
    world.article()
    a_day_passes()
    if not before_the_run:
        run_due()
    world.reader.is_active = False
    world.reader.save()
    run_due()
    assert send_waiting() == 0
    assert SearchAlert.objects.count() == (0 if before_the_run else 1)


def test_a_title_cannot_forge_a_mail(world: Saving) -> None:
    world.save()
    world.document("One\r\nBcc: all@example.org\n\u202egro.live <b>&</b>", rung="public")
    assert morning() == 1
    letter = mail.outbox[0]
    assert letter.bcc == []
    assert letter.to == [world.reader.email]
    assert "- One Bcc: all@example.org gro.live <b>&</b>\n" in body()


def test_the_mail_is_in_the_language_of_the_account(world: Saving) -> None:
    world.reader.language = "fr"
    world.reader.save()
    saved = world.save(language="en")
    world.document()
    assert morning() == 1
    assert f"/fr/my/searches/{saved.uuid}/" in body()


# When ----------------------------------------------------------------------------------------
def test_windows() -> None:
    tuesday = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert next_due("never", tuesday) is None
    assert next_due("daily", tuesday) == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    assert next_due("daily", tuesday.replace(hour=5)) == tuesday.replace(hour=6)
    assert next_due("daily", tuesday.replace(hour=6)) == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    assert next_due("weekly", tuesday) == datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    monday = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    assert next_due("weekly", monday - timedelta(seconds=1)) == monday
    assert next_due("weekly", monday) == monday + timedelta(days=7)


def test_the_morning_is_that_of_the_portal(settings: Any) -> None:
    settings.ALERT_HOUR = 7
    with timezone.override("UTC"):
        settings.TIME_ZONE = "Europe/Amsterdam"
        summer = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        assert next_due("daily", summer) == datetime(2026, 7, 2, 5, 0, tzinfo=UTC)


def test_nothing_is_run_before_it_is_due(world: Saving) -> None:
    world.save()
    world.save(question=Question("river"), frequency="weekly")
    world.document()
    assert run_due() == 0
    a_day_passes()
    SavedSearch.objects.filter(frequency="weekly").update(due=timezone.now() + timedelta(days=3))
    assert run_due() == 1
    assert SavedSearchFind.objects.count() == 1
    daily = SavedSearch.objects.get(frequency="daily")
    assert daily.due is not None
    assert timezone.now() < daily.due <= timezone.now() + timedelta(days=1)


def rested() -> None:
    SavedSearch.objects.update(last_run=timezone.now() - timedelta(minutes=30))


def test_at_once_means_when_something_was_indexed(world: Saving) -> None:
    saved = world.save(frequency="at_once")
    rested()
    assert run_due() == 0
    world.document()
    assert run_due() == 1
    assert send_waiting() == 1
    saved.refresh_from_db()
    assert saved.due is not None
    assert saved.due > timezone.now() + running.LEASE


def test_at_once_is_ten_minutes_apart(world: Saving) -> None:
    saved = world.save(frequency="at_once")
    rested()
    world.document()
    assert run_due() == 1
    for _ in range(3):
        world.document()
        assert run_due() == 0
    saved.refresh_from_db()
    assert saved.due is not None
    assert timedelta(minutes=9) < saved.due - timezone.now() <= timedelta(minutes=10)
    SavedSearch.objects.update(due=timezone.now())
    assert run_due() == 1
    assert SearchAlert.objects.count() == 2
    assert SavedSearchFind.objects.filter(alert=SearchAlert.objects.last()).count() == 3


def test_the_first_is_told_as_soon_as_it_is_there(world: Saving) -> None:
    """The rest begins with an alert, not with the saving."""
    saved = world.save(frequency="at_once")
    world.document()
    assert run_due() == 1
    saved.refresh_from_db()
    assert saved.last_run is not None
    for _ in range(2):
        world.document()
        assert run_due() == 0
    saved.refresh_from_db()
    assert saved.due == saved.last_run + timedelta(minutes=10)


def test_a_run_that_told_nothing_delays_by_a_minute_at_most(world: Saving) -> None:
    saved = world.save(frequency="at_once")
    world.document(pages=("Of something else.",))
    assert run_due() == 0
    saved.refresh_from_db()
    assert saved.last_run is not None
    world.document()
    saved.refresh_from_db()
    assert saved.due == saved.last_run + timedelta(minutes=1)
    SavedSearch.objects.update(due=timezone.now())
    assert run_due() == 1


def test_what_comes_during_a_run_that_tells_is_gathered_too(world: Saving) -> None:
    saved = world.save(frequency="at_once")
    world.document()
    real = running.present_refs

    def and_then_a_change(*args: Any) -> list[str]:
        found = real(*args)
        world.document()
        return found

    with mock.patch.object(running, "present_refs", and_then_a_change):
        assert run_for(world.reader.pk) is not None
    saved.refresh_from_db()
    assert saved.last_run is not None
    assert saved.due == saved.last_run + timedelta(minutes=10)


def test_many_changes_cost_no_more_than_one(world: Saving, django_assert_num_queries: Any) -> None:
    world.save(frequency="at_once")
    for number in range(20):
        world.save(question=Question(f"river {number}"), frequency="at_once")
    rested()
    with django_assert_num_queries(2):
        assert wake() == 21
    with django_assert_num_queries(1):
        assert wake() == 0


def test_a_change_during_a_run_is_not_lost(world: Saving) -> None:
    saved = world.save(frequency="at_once")
    rested()
    world.document()
    real = running.present_refs

    def and_then_a_change(*args: Any) -> list[str]:
        found = real(*args)
        world.document()
        return found

    with mock.patch.object(running, "present_refs", and_then_a_change):
        assert run_for(world.reader.pk) is not None
    saved.refresh_from_db()
    assert saved.due is not None
    assert saved.due <= timezone.now() + timedelta(minutes=10)
    SavedSearch.objects.update(due=timezone.now())
    assert run_due() == 1
    assert SavedSearchFind.objects.filter(told=True).count() == 2


def test_who_comes_to_see_more_is_told_soon(world: Saving) -> None:
    saved = world.save(world.neighbour, frequency="at_once")
    world.save(frequency="at_once")
    rested()
    SavedSearch.objects.update(due=timezone.now() + timedelta(hours=5))
    access_changed.send(sender=None, people=[world.neighbour])
    due = SavedSearch.objects.filter(due__lte=timezone.now())
    assert list(due) == [saved]


def test_search_that_does_not_answer_is_asked_again(world: Saving) -> None:
    saved = world.save()
    world.document()
    a_day_passes()
    with mock.patch.object(running, "present_refs", side_effect=SearchUnavailable):
        assert run_due() == 0
    saved.refresh_from_db()
    assert saved.due is not None
    assert timedelta(0) < saved.due - timezone.now() <= running.TRY_AGAIN
    assert morning() == 1


# Nothing lost, nothing doubled -----------------------------------------------------------------
@pytest.mark.parametrize(
    "where",
    [
        "search.saved.running._untold",
        "search.saved.running._tell",
        "portal.notifications.owing.OutgoingMail.objects.bulk_create",
        "search.saved.running.SearchAlert.objects.create",
    ],
)
def test_a_failure_half_way_leaves_nothing_and_loses_nothing(world: Saving, where: str) -> None:
    saved = world.save()
    world.document()
    a_day_passes()
    with mock.patch(where, side_effect=RuntimeError), pytest.raises(RuntimeError):
        run_for(world.reader.pk)
    assert not SavedSearchFind.objects.exists()
    assert not SearchAlert.objects.exists()
    assert not OutgoingMail.objects.exists()
    saved.refresh_from_db()
    # The lease of the worker that failed: run again when it ends.
    assert saved.due is not None
    assert saved.due <= timezone.now() + running.LEASE
    SavedSearch.objects.update(due=timezone.now())
    assert run_due() == 1
    assert send_waiting() == 1
    assert morning() == 0


def test_one_persons_failure_does_not_stop_the_others(world: Saving) -> None:
    world.save()
    world.save(world.neighbour)
    world.article()
    a_day_passes()
    SavedSearch.objects.filter(owner=world.reader).update(due=timezone.now() - timedelta(hours=1))
    real = running.viewer_for

    def fails_for_one(person: Any) -> Any:
        if person == world.reader:
            raise RuntimeError
        return real(person)

    with mock.patch.object(running, "viewer_for", fails_for_one):
        assert run_due() == 1
    assert SearchAlert.objects.get().person == world.neighbour


def test_two_workers_tell_it_once(world: Saving) -> None:
    world.save()
    world.document()
    a_day_passes()
    real = running.present_refs

    def while_another_runs(*args: Any) -> list[str]:
        found = real(*args)
        with mock.patch.object(running, "present_refs", real):
            a_day_passes()
            run_due()
        return found

    with mock.patch.object(running, "present_refs", while_another_runs):
        assert run_for(world.reader.pk) is None
    assert SearchAlert.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_search_that_is_deleted_meanwhile(world: Saving) -> None:
    saved = world.save()
    world.document()
    a_day_passes()
    run_due()
    delete_saved_search(saved, acting_user=world.reader)
    assert send_waiting() == 0


def test_a_wake_is_written_with_the_index(world: Saving) -> None:
    """What wakes the searches commits with the removal of the row that speaks of the change."""
    world.save(frequency="at_once")
    rested()
    document = worlds.make_document(world.workspace, world.owner, rung="workspace", pages=(WORD,))
    with mock.patch("search.outbox.wake", side_effect=RuntimeError):
        reindexed(document)
    assert outbox.OutboxRow.objects.filter(key=str(document.uuid)).exists()


# Forgetting ------------------------------------------------------------------------------------
def test_old_alerts_are_forgotten_and_stay_told(world: Saving) -> None:
    saved = world.save()
    world.document()
    assert morning() == 1
    long_ago = timezone.now() - pruning.KEPT - timedelta(hours=1)
    SearchAlert.objects.update(made=long_ago)
    OutgoingMail.objects.update(created=long_ago)
    world.document()
    assert morning() == 1
    prune_alerts()
    assert SearchAlert.objects.count() == OutgoingMail.objects.count() == 1
    assert saved.finds.filter(told=True).count() == 2
    assert morning() == 0


def test_an_alert_whose_mail_still_waits_is_kept(world: Saving) -> None:
    world.save()
    world.document()
    a_day_passes()
    assert run_due() == 1
    SearchAlert.objects.update(made=timezone.now() - pruning.KEPT - timedelta(days=9))
    OutgoingMail.objects.update(created=timezone.now() - pruning.KEPT - timedelta(days=9))
    prune_alerts()
    assert send_waiting() == 1
    prune_alerts()
    assert not SearchAlert.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_forgetting_is_scheduled() -> None:
    assert prune_alerts.name in {entry["task"] for entry in SCHEDULE.values()}


# Stopping --------------------------------------------------------------------------------------
def stop_address() -> str:
    headers = mail.outbox[-1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(headers["List-Unsubscribe"])
    assert address.startswith("<http://127.0.0.1:8000/en/alerts/stop/")
    assert address.strip("<>") in body()
    return address.strip("<>").removeprefix("http://127.0.0.1:8000")


def test_one_click_stops_all_mail_without_signing_in(world: Saving) -> None:
    world.save()
    world.save(question=Question("river"), frequency="at_once")
    world.document()
    assert morning() == 1
    address = stop_address()
    client = Client(enforce_csrf_checks=True)
    asked = client.get(address)
    assert asked.status_code == 200
    assert SavedSearch.objects.exclude(frequency="never").count() == 2
    for person_fact in (world.reader.email, world.reader.name, "My private name"):
        assert person_fact not in asked.content.decode()
    done = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert done["Cache-Control"] == "private, no-store"
    assert done["Referrer-Policy"] == "no-referrer"
    assert not SavedSearch.objects.exclude(frequency="never").exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).content == done.content
    world.document()
    assert morning() == 0


def test_what_was_owed_before_is_not_sent_after_the_click(world: Saving) -> None:
    world.save()
    world.document()
    assert morning() == 1
    world.document()
    a_day_passes()
    assert run_due() == 1
    Client().post(stop_address())
    assert send_waiting() == 0


def test_forged_links_stop_nothing(world: Saving) -> None:
    world.save()
    for token in ("x", "a:b:c", world.reader.uuid.hex, "%00", "é"):
        for method in ("get", "post"):
            response = getattr(Client(), method)(f"/en/alerts/stop/{token}/")
            assert response.status_code in (400, 404), token
    assert SavedSearch.objects.get().frequency == "daily"
