"""Changing the words of the vocabularies. Codes and numbers never change; nothing is deleted.

Invariant: only what a language is called changes, so that no link, filter or record breaks.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.network.audit import record
from coalitions.network.models import ConventionArticle, DocumentType, Theme

Term = Theme | DocumentType | ConventionArticle
MAX_LABEL = 160


def labels_field(term: Term | type[Term]) -> str:
    """Return the name of the field that holds the labels by language."""
    model = term if isinstance(term, type) else type(term)
    return "titles" if issubclass(model, ConventionArticle) else "labels"


def may_relabel(user: Any, model: type[Term]) -> bool:
    """Return whether `user` may change the words of this vocabulary."""
    return bool(user.is_active and user.has_perm(f"network.change_{model._meta.model_name}"))


def relabel_term(*, acting_user: Any, term: Term, labels: Mapping[str, str]) -> None:
    """Give `term` these labels by language. Languages not named keep theirs; English stays.

    Raises NotAllowed without the right, ValidationError for a label that is empty or too long.
    """
    if not may_relabel(acting_user, type(term)):
        raise NotAllowed("changing a vocabulary needs the right over it")
    name = labels_field(term)
    with transaction.atomic():
        kept = type(term)._default_manager.select_for_update().get(pk=term.pk)
        after = dict(getattr(kept, name))
        for language, label in labels.items():
            after[language] = label.strip()
        after = {language: label for language, label in after.items() if label}
        if not after.get("en"):
            raise ValidationError("The English label cannot be empty.")
        if any(len(label) > MAX_LABEL for label in after.values()):
            raise ValidationError(f"A label has at most {MAX_LABEL} characters.")
        if after == getattr(kept, name):
            return
        changed = sorted(set(after.items()) ^ set(getattr(kept, name).items()))
        setattr(term, name, after)
        term.save(update_fields=[name])
        record(
            "vocabulary.relabelled",
            acting_user=acting_user,
            thing=term,
            term=term.pk,
            languages=" ".join(sorted({language for language, _label in changed})),
        )
