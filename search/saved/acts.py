"""What people do with their saved searches: save, change, delete, open and close a feed, stop mail.

Invariant: only the owner does any of it, whoever else they are. What a search finds on the day
that its mails begin counts as known: mails tell of what is new from then on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.services import inputs
from coalitions.network.services.refusals import Refused, locked, require
from coalitions.network.viewers import viewer_for
from search.models import SavedSearch, SavedSearchFind
from search.models.saved import NAME_LIMIT
from search.saved.keys import digests_of, new_key
from search.saved.present import present_refs
from search.saved.question import Question, question_of
from search.saved.times import next_due
from search.service import SearchUnavailable, TooManyLabels

MOST: Final = 50
Frequency = SavedSearch.Frequency


def save_search(
    *, acting_user: Any, question: Question, name: str, frequency: str, language: str = "en"
) -> SavedSearch:
    """Keep a question under a name. Right: everybody with an account, for themselves."""
    require(_has_account(acting_user))
    name = _clean_name(name)
    frequency = inputs.clean_choice(frequency, Frequency)
    if question.empty:
        raise Refused(_("There is nothing to save. Search for something first."))
    account = get_user_model()._default_manager.get(pk=acting_user.pk)
    # What will be refused is not searched for, and nothing is locked while searching.
    _require_room(account, question)
    present = _present(account, question)
    now = timezone.now()
    with transaction.atomic():
        person = locked(account)
        own = _require_room(person, question)
        saved = SavedSearch.objects.create(
            owner=person,
            number=(own.aggregate(last=Max("number"))["last"] or 0) + 1,
            name=name,
            text=question.text,
            filters={facet: list(values) for facet, values in question.filters.items()},
            sort=question.sort,
            concepts=question.concepts,
            digest=question.digest,
            language=inputs.clean_interface_language(language),
            frequency=frequency,
            due=next_due(frequency, now),
            made=now,
        )
        _count_as_known(saved, present, now)
        audit.record("search.saved", acting_user=acting_user, thing=saved, frequency=frequency)
    return saved


def change_saved_search(
    saved: SavedSearch, *, acting_user: Any, name: str, frequency: str, paused: bool
) -> SavedSearch:
    """Rename, choose when mail comes, pause or go on. Right: its owner.

    What came while it was paused is told when it goes on.
    """
    require(_owns(acting_user, saved))
    name = _clean_name(name)
    frequency = inputs.clean_choice(frequency, Frequency)
    begins = frequency != Frequency.NEVER and saved.frequency == Frequency.NEVER
    present = _present(saved.owner, question_of(saved)) if begins else []
    now = timezone.now()
    with transaction.atomic():
        saved = locked(saved)
        goes_on = saved.paused and not paused
        changed = saved.frequency != frequency or saved.paused != paused
        saved.name, saved.frequency, saved.paused = name, frequency, paused
        if changed:
            saved.due = next_due(frequency, now)
            if goes_on and frequency == Frequency.AT_ONCE:
                saved.due = now
        saved.save(update_fields=["name", "frequency", "paused", "due"])
        if begins:
            _count_as_known(saved, present, now)
        audit.record(
            "search.saved_changed",
            acting_user=acting_user,
            thing=saved,
            frequency=frequency,
            paused=paused,
        )
    return saved


@transaction.atomic
def delete_saved_search(saved: SavedSearch, *, acting_user: Any) -> None:
    """Forget a search, with its feed and all that was known of it. Right: its owner."""
    require(_owns(acting_user, saved))
    saved = locked(saved)
    audit.record("search.saved_deleted", acting_user=acting_user, thing=saved)
    saved.delete()


@transaction.atomic
def open_feed(saved: SavedSearch, *, acting_user: Any) -> str:
    """Give the search a feed, or its feed a new address; return the key, this one time.

    An address that it had before no longer works. Right: its owner.
    """
    require(_owns(acting_user, saved))
    saved = locked(saved)
    key = new_key()
    saved.feed_digest, saved.feed_made = digests_of(key)[0], timezone.now()
    saved.save(update_fields=["feed_digest", "feed_made"])
    audit.record("search.feed_opened", acting_user=acting_user, thing=saved)
    return key


@transaction.atomic
def close_feed(saved: SavedSearch, *, acting_user: Any) -> SavedSearch:
    """Let the feed's address be unknown from now on. Right: its owner. Twice does no harm."""
    require(_owns(acting_user, saved))
    saved = locked(saved)
    if saved.feed_digest is not None:
        saved.feed_digest, saved.feed_made = None, None
        saved.save(update_fields=["feed_digest", "feed_made"])
        audit.record("search.feed_closed", acting_user=acting_user, thing=saved)
    return saved


@transaction.atomic
def stop_mails(person: Any) -> int:
    """Let no mail about saved searches go to `person`; the searches stay. Return how many it was.

    Right: whoever holds the link of a mail to this person, so nobody acts in the audit.
    """
    person = locked(person)
    mailing = SavedSearch.objects.filter(owner=person).exclude(frequency=Frequency.NEVER)
    stopped = list(mailing.select_for_update().order_by("pk"))
    for saved in stopped:
        saved.frequency, saved.due = Frequency.NEVER, None
        saved.save(update_fields=["frequency", "due"])
        audit.record("search.mails_stopped", acting_user=None, thing=saved)
    return len(stopped)


def _has_account(person: Any) -> bool:
    return bool(getattr(person, "is_authenticated", False)) and person.is_active


def _owns(person: Any, saved: SavedSearch) -> bool:
    return _has_account(person) and saved.owner_id == person.pk


def _clean_name(name: str) -> str:
    name = inputs.clean_line(name, limit=NAME_LIMIT)
    if not name:
        raise Refused(_("Give the search a name by which you will know it."))
    return name


def _require_room(person: Any, question: Question) -> QuerySet[SavedSearch]:
    """The searches that this person has; Refused where this one cannot be added."""
    own: QuerySet[SavedSearch] = SavedSearch.objects.filter(owner=person)
    same = own.filter(digest=question.digest).first()
    if same is not None:
        raise Refused(_("You have saved this search already, as “%(name)s”.") % {"name": same.name})
    if own.count() >= MOST:
        raise Refused(
            _("You have %(most)d saved searches. Delete one that you no longer need.")
            % {"most": MOST}
        )
    return own


def _present(person: Any, question: Question) -> list[str]:
    try:
        return present_refs(viewer_for(person), question)
    except (SearchUnavailable, TooManyLabels) as error:
        raise Refused(
            _("Search does not answer at the moment. Send this again in a minute.")
        ) from error


def _count_as_known(saved: SavedSearch, refs: list[str], now: datetime) -> None:
    """Mark what is there as told. Within the caller's transaction."""
    SavedSearchFind.objects.filter(saved_search=saved, told=False).update(told=True)
    known = set(SavedSearchFind.objects.filter(saved_search=saved).values_list("ref", flat=True))
    SavedSearchFind.objects.bulk_create(
        # The best stand last, so that what was seen last comes first in one order for all.
        SavedSearchFind(saved_search=saved, ref=ref, first_seen=now, told=True)
        for ref in reversed(refs)
        if ref not in known
    )
