"""Loading the concepts that come with the portal, from one file per topic.

Invariant: safe to repeat, and what staff changed stays. Every label is loaded once in the life of
an installation (`ConceptSeed` remembers it): one that was renamed, demoted or deleted since, and a
concept that was deleted, do not come back. A label that a newer file adds is joined to the
concept, as an alternative where its language has a preferred one already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from coalitions.network.audit import record
from knowledge.models import Concept, ConceptLabel, ConceptSeed, ThesaurusStamp
from knowledge.models.concept import label_key
from knowledge.services.concepts import read_labels

FOLDER = Path(__file__).parents[1] / "concepts"
# The fast reader where the library was built with it; both make plain values alone.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ConceptFileError(ValueError):
    """A file that cannot be used; the message names it and what to change."""


@dataclass(frozen=True, slots=True)
class ConceptSource:
    """A concept as the files give it; labels by language, the preferred one first."""

    code: str
    labels: Mapping[str, tuple[str, ...]]
    note: str = ""
    broader: str = ""


@dataclass(slots=True)
class _Loading:
    sources: list[ConceptSource]
    concepts: dict[str, Concept] = field(default_factory=dict)
    seeds: dict[str, ConceptSeed] = field(default_factory=dict)


def read_concepts(folder: Path = FOLDER) -> list[ConceptSource]:
    """Return the concepts of the files, in order. Raises ConceptFileError."""
    found: dict[str, ConceptSource] = {}
    for path in sorted(folder.glob("*.yaml")):
        entries = yaml.load(path.read_text(encoding="utf-8"), _SafeLoader)  # noqa: S506
        for entry in entries or []:
            source = _source(path, entry)
            if source.code in found:
                raise ConceptFileError(f"{path.name}: {source.code} stands twice")
            found[source.code] = source
    for source in found.values():
        if source.broader and source.broader not in found:
            raise ConceptFileError(f"{source.code}: there is no broader {source.broader}")
    return list(found.values())


def _source(path: Path, entry: Any) -> ConceptSource:
    if not isinstance(entry, dict) or not entry.get("code"):
        raise ConceptFileError(f"{path.name}: an entry without a code")
    entry = dict(entry)
    code, note = str(entry.pop("code")), str(entry.pop("note", ""))
    broader = str(entry.pop("broader", ""))
    labels = {}
    for language, texts in entry.items():
        if language not in dict(settings.LANGUAGES) or not isinstance(texts, list):
            raise ConceptFileError(f"{path.name}: {code}: {language} is no list of labels")
        try:
            labels[language] = tuple(read_labels(language, [str(text) for text in texts]))
        except ValidationError as error:
            raise ConceptFileError(f"{path.name}: {code}: {error.messages[0]}") from None
    if not any(labels.values()):
        raise ConceptFileError(f"{path.name}: {code} has no label")
    return ConceptSource(code, labels, note, broader)


@transaction.atomic
def load_concepts(sources: Iterable[ConceptSource] | None = None) -> int:
    """Load what was never loaded before; return the number of labels that were added."""
    load = _Loading(list(read_concepts() if sources is None else sources))
    load.seeds = {seed.code: seed for seed in ConceptSeed.objects.select_for_update()}
    load.concepts = {concept.code: concept for concept in Concept.objects.all()}
    fresh = _make_concepts(load)
    added = _make_labels(load)
    _join_broader(load, fresh)
    if fresh or added:
        record(
            "concepts.loaded",
            acting_user=None,
            thing=ThesaurusStamp.renew(),
            concepts=len(fresh),
            labels=added,
        )
    return added


def _make_concepts(load: _Loading) -> list[ConceptSource]:
    """Make the concepts of codes never loaded, unless staff have made such a one themselves."""
    fresh = [source for source in load.sources if source.code not in load.seeds]
    wanted = [source for source in fresh if source.code not in load.concepts]
    if not fresh:
        return []
    Concept.objects.bulk_create(Concept(code=s.code, note=s.note) for s in wanted)
    load.concepts = {concept.code: concept for concept in Concept.objects.all()}
    load.seeds |= {source.code: ConceptSeed(code=source.code) for source in fresh}
    return wanted


def _make_labels(load: _Loading) -> int:
    held: dict[tuple[int, str], set[str]] = {}
    for pk, language, key in ConceptLabel.objects.values_list("concept", "language", "key"):
        held.setdefault((pk, language), set()).add(key)
    made: list[ConceptLabel] = []
    touched: list[ConceptSeed] = []
    for source in load.sources:
        seed, concept = load.seeds[source.code], load.concepts.get(source.code)
        remembered = set(seed.labels)
        new = [
            (language, text)
            for language, texts in source.labels.items()
            for text in texts
            if f"{language} {label_key(text)}" not in remembered
        ]
        if new or seed.pk is None:
            seed.labels += [f"{language} {label_key(text)}" for language, text in new]
            touched.append(seed)
        if concept is not None:
            made += _labels(concept, new, held)
    ConceptSeed.objects.bulk_create(
        touched, update_conflicts=True, update_fields=["labels"], unique_fields=["code"]
    )
    if made:
        ConceptLabel.objects.bulk_create(made)
    return len(made)


def _labels(
    concept: Concept, new: Iterable[tuple[str, str]], held: dict[tuple[int, str], set[str]]
) -> list[ConceptLabel]:
    """Rows for what the concept lacks; the first of a language without any is preferred."""
    made = []
    for language, text in new:
        keys, key = held.setdefault((concept.pk, language), set()), label_key(text)
        if key not in keys:
            made.append(
                ConceptLabel(
                    concept=concept, language=language, text=text, key=key, preferred=not keys
                )
            )
            keys.add(key)
    return made


def _join_broader(load: _Loading, fresh: list[ConceptSource]) -> None:
    joined = []
    for source in fresh:
        concept, above = load.concepts[source.code], load.concepts.get(source.broader)
        if above is not None:
            concept.broader = above
            joined.append(concept)
    if joined:
        Concept.objects.bulk_update(joined, ["broader"])
