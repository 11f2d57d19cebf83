"""Words that a misspelt one may stand for.

A word is kept under itself and under each of its cuts, the word without one of its letters: two
words that share a cut differ by one letter left out, added, replaced or swapped, or nearly so.

Invariant: candidates are words that stood in records with one of the asker's labels; what only
others may see takes no place among them and next to no time. None is left out before it is known
which are still there: what has gone since is sorted out by whoever shows them, with `present`, and
so takes no place either, up to a number that real texts do not reach. A word goes from under a
label within a day of its last record there.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from search.engines.base import Access
from search.engines.embedded.databases import dialect
from search.engines.embedded.inserting import insert
from search.models import EmbeddedState, EntryLabel, EntryWords, LabelWord, Spelling

SHORTEST: Final = 4
LONGEST: Final = 30
# Of a beginning that very many words share, no more than this are looked at.
MAX_BEGUN: Final = 50
# No word of a language has nearly so many close ones; texts that were made for it may.
MAX_CLOSE: Final = 200
NAME: Final = "words"
PRUNED_EVERY: Final = timedelta(hours=20)
_CHUNK: Final = 1_000
_HIGHEST: Final = "\U0010ffff"
_Item = TypeVar("_Item")


def fit(words: Iterable[str]) -> list[str]:
    """The words worth correcting to, in order."""
    return sorted(w for w in words if SHORTEST <= len(w) <= LONGEST and w.isalpha())


def pack(words: Iterable[str]) -> bytes:
    """Words as a record keeps them."""
    return zlib.compress(" ".join(words).encode(), 1)


def unpack(vocabulary: bytes | memoryview) -> list[str]:
    """The words of a record, in order."""
    return zlib.decompress(bytes(vocabulary)).decode().split()


def cuts(word: str) -> set[str]:
    """The word itself, and it without each of its letters."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def add(words_of: Mapping[str, Collection[str]]) -> None:
    """Learn words by the labels they stand under. In one order, so that no two writers lock."""
    every = sorted(set().union(*words_of.values())) if words_of else []
    if not every:
        return
    listed = dialect().listed
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_spelling (cut, word) SELECT value, value FROM {listed}"  # noqa: S608
            " WHERE true ORDER BY value ON CONFLICT DO NOTHING RETURNING word",
            (json.dumps(every),),
        )
        # In the order of the table, which is faster than word by word; a double letter's cuts are
        # the same.
        pairs = [(w[:i] + w[i + 1 :], w) for (w,) in cursor.fetchall() for i in range(len(w))]
        pairs.sort()
        insert(Spelling, ("cut", "word"), pairs, known=True)
        cursor.executemany(
            f"INSERT INTO search_labelword (word, label) SELECT value, %s FROM {listed}"  # noqa: S608
            " WHERE true ORDER BY value ON CONFLICT DO NOTHING",
            [(label, json.dumps(sorted(words))) for label, words in sorted(words_of.items())],
        )


def add_labels(entry: int, labels: Collection[str]) -> None:
    """Put the words that a record holds under more labels."""
    held = EntryWords.objects.filter(pk=entry).values_list("vocabulary", flat=True).first()
    if held and labels:
        words = unpack(held)
        add(dict.fromkeys(labels, words))


def distance(one: str, other: str) -> int:
    """Letters left out, added, replaced or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def candidates(word: str, access: Access) -> list[str]:
    """Words close to this folded one that these labels may have seen, closest first."""
    if not SHORTEST <= len(word) <= LONGEST + 1 or not access.labels:
        return []
    tongue = dialect()
    close = tongue.among("s.cut", sorted(cuts(word)))
    seen = tongue.among(tongue.label, sorted(access.labels))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM (SELECT DISTINCT s.word FROM search_spelling s"  # noqa: S608
            f" WHERE {close.text} AND s.word <> %s AND EXISTS"
            f" (SELECT 1 FROM search_labelword l WHERE l.word = s.word AND {seen.text})) found"
            f" ORDER BY abs(length(word) - {len(word)}), word LIMIT {MAX_CLOSE}",
            (*close.params, word, *seen.params),
        )
        found = [row[0] for row in cursor.fetchall()]
    return _closest_first(word, found)


def closest(word: str, words: Iterable[str]) -> list[str]:
    """Those of some words that a folded one may stand for, closest first."""
    mine = cuts(word)
    near = (w for w in words if w != word and abs(len(w) - len(word)) < 2)
    return _closest_first(word, [w for w in near if not mine.isdisjoint(cuts(w))])


def _closest_first(word: str, found: list[str]) -> list[str]:
    return sorted(found, key=lambda w: (distance(word, w), w[0] != word[0], len(w), w))


def begun(starts: Sequence[str], access: Access) -> list[list[str]]:
    """For each beginning, words that begin so and that these labels may have seen."""
    found: list[list[str]] = [[] for _ in starts]
    if not starts or not access.labels:
        return found
    tongue = dialect()
    seen = tongue.among("label", sorted(access.labels))
    asked = (
        f"SELECT * FROM (SELECT DISTINCT %s, word FROM search_labelword WHERE word >= %s"  # noqa: S608
        f" AND word < %s AND {seen.text} ORDER BY word LIMIT {MAX_BEGUN}) begun"
    )
    params: list[Any] = []
    for place, start in enumerate(starts):
        params += [place, start, start + _HIGHEST, *seen.params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([asked] * len(starts)), params)
        for place, word in cursor.fetchall():
            found[place].append(word)
    return found


def clear() -> None:
    """Forget all words."""
    LabelWord.objects.all().delete()
    Spelling.objects.all().delete()


def adjust() -> None:
    """Prune, once a day."""
    state = EmbeddedState.objects.filter(name=NAME).first()
    if state is None or timezone.now() - state.changed > PRUNED_EVERY:
        prune()
        EmbeddedState.objects.update_or_create(name=NAME)


def prune() -> int:
    """Forget words under labels where no record holds them any more; return how many went wholly.

    Words are read before records: what is written meanwhile is not among those looked at.
    """
    known = _column("SELECT word FROM search_spelling WHERE word = cut")
    held: set[str] = set()
    for label in _column("SELECT DISTINCT label FROM search_labelword"):
        under = _column("SELECT word FROM search_labelword WHERE label = %s", label)
        there = _held(EntryWords.objects.filter(entry__in=_bearing(label)))
        gone = [(word, label) for word in under if word not in there]
        for chunk in _chunks(sorted(gone)):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(
                    "DELETE FROM search_labelword WHERE word = %s AND label = %s", chunk
                )
        held |= there
    held |= _held(EntryWords.objects.all())
    forgotten = sorted(word for word in known if word not in held)
    for words in _chunks(forgotten):
        with transaction.atomic():
            _forget(words)
    return len(forgotten)


def _bearing(label: str) -> QuerySet[EntryLabel, int]:
    return EntryLabel.objects.filter(label=label).values_list("entry_id", flat=True)


def _held(records: QuerySet[EntryWords]) -> set[str]:
    held: set[str] = set()
    for vocabulary in records.values_list("vocabulary", flat=True).iterator(_CHUNK):
        held.update(unpack(vocabulary))
    return held


def _column(statement: str, *params: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [row[0] for row in cursor.fetchall()]


def _chunks(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _forget(words: list[str]) -> None:
    pairs = [(cut, word) for word in words for cut in cuts(word)]
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM search_spelling WHERE cut = %s AND word = %s", pairs)
        cursor.executemany("DELETE FROM search_labelword WHERE word = %s", [(w,) for w in words])
