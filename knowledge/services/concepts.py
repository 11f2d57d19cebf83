"""Changing the concepts: what each is called in every language.

Invariant: a code never changes; languages that are not named keep their labels; a concept has a
label, and is never broader than itself. Searches follow at once.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from coalitions.access import NotAllowed
from coalitions.language import analyse, clean, is_light, language_code
from coalitions.network.audit import record
from knowledge.models import Concept, ConceptLabel
from knowledge.models.concept import MAX_KEY, MAX_LABEL, label_key

MAX_LABELS = 40
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Labels = Mapping[str, Sequence[str]]


def may(user: Any, action: str) -> bool:
    """Return whether `user` may add, change or delete concepts."""
    return bool(user.is_active and user.has_perm(f"knowledge.{action}_concept"))


def _require(user: Any, action: str) -> None:
    if not may(user, action):
        raise NotAllowed("concepts are changed with the right over them alone")


def read_code(code: str) -> str:
    """Return the code of a new concept; ValidationError says what one is made of."""
    if not _CODE.fullmatch(code):
        raise ValidationError(
            _("Use small letters a–z, digits and dashes, such as child-marriage.")
        )
    return code


def read_labels(language: str, labels: Sequence[str]) -> list[str]:
    """Return the labels of one language, tidied; ValidationError says what to do about them."""
    if language not in dict(settings.LANGUAGES):
        raise ValidationError(_("There are no labels in the language “%s”.") % language[:20])
    tidy = [text for label in labels if (text := " ".join(clean(label).split()))]
    if len(tidy) > MAX_LABELS:
        raise ValidationError(_("At most %d labels in a language; leave some out.") % MAX_LABELS)
    keys: set[str] = set()
    for text in tidy:
        key = label_key(text)
        shown = text if len(text) <= 60 else f"{text[:59]}…"
        if len(text) > MAX_LABEL or len(key) > MAX_KEY:
            raise ValidationError(
                _("“%(label)s” is too long: a label has at most %(most)d characters.")
                % {"label": shown, "most": MAX_LABEL}
            )
        code = language_code(language)
        if not any(not is_light(word, (code,)) for word in analyse(text)):
            raise ValidationError(
                _("“%s” cannot be searched: a label needs a word that says something.") % shown
            )
        if key in keys:
            raise ValidationError(_("“%s” stands here twice; leave one out.") % shown)
        keys.add(key)
    return tidy


def _read(labels: Labels) -> dict[str, list[str]]:
    return {language: read_labels(language, texts) for language, texts in labels.items()}


def write_labels(concept: Concept, language: str, texts: Sequence[str]) -> bool:
    """Give `concept` these labels in this language, the first preferred. False: it had them."""
    held = {label.key: label for label in concept.labels.filter(language=language)}
    wanted = {(text, place == 0) for place, text in enumerate(texts)}
    if wanted == {(label.text, label.preferred) for label in held.values()}:
        return False
    keys = {label_key(text): place for place, text in enumerate(texts)}
    for key, label in held.items():
        if key not in keys:
            label.delete()
        elif label.preferred and keys[key]:
            label.preferred = False
            label.save(update_fields=["preferred"])
    for key, place in keys.items():
        label = held.get(key) or ConceptLabel(concept=concept, language=language)
        label.text, label.preferred = texts[place], place == 0
        label.save()
    return True


@transaction.atomic
def add_concept(
    *,
    acting_user: Any,
    code: str,
    labels: Labels,
    note: str = "",
    broader: Concept | None = None,
) -> Concept:
    """Enter a concept. `labels`: by language, the preferred one first.

    Raises NotAllowed without the right, ValidationError for a code that is taken or none, or labels
    that cannot be used.
    """
    _require(acting_user, "add")
    read = _read(labels)
    if not any(read.values()):
        raise ValidationError(_("Give the concept a label in at least one language."))
    concept = Concept(code=read_code(code), note=note, broader=broader)
    concept.full_clean()
    concept.save()
    for language, texts in read.items():
        write_labels(concept, language, texts)
    record("concept.added", acting_user=acting_user, thing=concept, code=code)
    return concept


@transaction.atomic
def change_concept(
    *,
    acting_user: Any,
    concept: Concept,
    labels: Labels,
    note: str | None = None,
    broader: Concept | None = None,
) -> Concept:
    """Change what a concept is called, its note and what is broader. Its code stays."""
    _require(acting_user, "change")
    read = _read(labels)
    kept: Concept = Concept.objects.select_for_update().get(pk=concept.pk)
    refuse_circle(kept, broader)
    changed = [name for name, texts in read.items() if write_labels(kept, name, texts)]
    if not kept.labels.exists():
        raise ValidationError(_("Give the concept a label in at least one language."))
    was = (kept.note, kept.broader)
    kept.note, kept.broader = kept.note if note is None else note, broader
    if changed or was != (kept.note, kept.broader):
        kept.full_clean()
        kept.save(update_fields=["note", "broader"])
        languages = " ".join(sorted(changed))
        record("concept.changed", acting_user=acting_user, thing=kept, languages=languages)
    return kept


def refuse_circle(concept: Concept, broader: Concept | None) -> None:
    """Raise ValidationError where `broader` is the concept itself or stands below it."""
    above, seen = broader.pk if broader is not None else None, set()
    while above is not None and above not in seen:
        if above == concept.pk:
            raise ValidationError(_("A concept cannot be broader than itself; choose another."))
        seen.add(above)
        above = Concept.objects.values_list("broader", flat=True).filter(pk=above).first()


@transaction.atomic
def delete_concept(*, acting_user: Any, concept: Concept) -> None:
    """Delete a concept with its labels. It is not loaded again by a later set-up."""
    _require(acting_user, "delete")
    record("concept.deleted", acting_user=acting_user, thing=concept, code=concept.code)
    concept.delete()
