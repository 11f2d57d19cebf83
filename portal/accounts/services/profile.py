"""How a person is named, and in which language and colours they read."""

from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.network import audit
from portal.accounts.models import User

FIELDS = ("name", "language", "theme")


@transaction.atomic
def change_profile(person: User, *, acting_user: User, **facts: str) -> User:
    """Change what is given of `name`, `language` and `theme`. Right: the person alone."""
    if acting_user.pk != person.pk or not acting_user.is_active:
        raise NotAllowed("A profile is changed by the person themself.")
    fresh = User.objects.select_for_update().get(pk=person.pk)
    changed = [name for name in FIELDS if name in facts and getattr(fresh, name) != facts[name]]
    for name in changed:
        setattr(fresh, name, facts[name])
    fresh.full_clean(exclude=["password"])
    if changed:
        fresh.save(update_fields=changed)
        audit.record(
            "account.profile_changed",
            acting_user=acting_user,
            thing=fresh,
            fields=",".join(changed),
        )
    return fresh
