"""`manage.py search_explain "words" --as EMAIL`: why this person gets this answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from coalitions.access import STRANGER, Viewer
from coalitions.network.viewers import viewer_for
from search.engines.base import Clause, SearchUnavailable, TooManyLabels
from search.explaining import Explanation, words_of

MOST = 100


class Command(BaseCommand):
    help = (
        "Say how a query is read and what each of its first hits scores on, for one person, in"
        " the order that this person gets; nothing is told of what they may not see."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The query, the person, how many hits."""
        parser.add_argument("words")
        parser.add_argument("--as", dest="email", help="address of an account; without: a stranger")
        parser.add_argument("--limit", type=int, default=5, help="hits to explain (at most 100)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask as the person, and say why."""
        viewer, language = _reader(options["email"])
        size = min(max(options["limit"], 1), MOST)
        try:
            with translation.override(language):
                explanation = Explanation(viewer, options["words"], size)
                lines = (*_query(explanation), *_answer(explanation))
            for line in lines:
                self.stdout.write(line)
        except (SearchUnavailable, TooManyLabels) as error:
            raise CommandError(f"No answer: {error}.") from error


def _reader(email: str | None) -> tuple[Viewer, str]:
    """The person, and the language that they read the portal in."""
    if email is None:
        return STRANGER, settings.LANGUAGE_CODE
    user = get_user_model().objects.filter(email__iexact=email.replace("\0", "")).first()
    if user is None:
        raise CommandError(f"No account has the address {email}.")
    return viewer_for(user), user.language


def _kind(clause: Clause, explanation: Explanation) -> str:
    if clause not in explanation.query.counted:
        return "does not count (function word)"
    kind = "phrase, always needed" if clause.phrase else "counts"
    holders = explanation.holders[clause]
    return f"{kind}; {holders} of {explanation.records} visible records"


def _query(explanation: Explanation) -> Iterator[str]:
    query, found = explanation.query, explanation.found
    whole = "" if found.complete else ", standing in for the one beside it"
    yield f"Engine: {found.engine_name}{whole}"
    yield "Words, in the forms looked for:"
    for clause in query.clauses:
        yield f"  {words_of(clause)}: {_kind(clause, explanation)}"
    for term in query.exclusions:
        yield f"  not {' | '.join(' '.join(s) for s in term.sequences)}"
    for pair in query.pairs:
        yield f"  neighbours: {' '.join(pair)}"
    for concept in found.also:
        names = ", ".join(f"{text} ({language})" for language, text in concept.labels)
        yield f"  also searched for {concept.typed} ({concept.code}): {names}"


def _answer(explanation: Explanation) -> Iterator[str]:
    results = explanation.found.results
    how = f", {results.exact} with all words" if results.relaxed else ""
    yield f"Found: {explanation.found.total}{how}"
    scores = explanation.scores
    for place, (item, hit, page) in enumerate(explanation.hits, 1):
        on = f", page {hit.page}" if hit.page else ""
        score = f": {scores[hit.ref]:.4g}" if hit.ref in scores else ""
        yield f"{place}. {item.title} ({item.kind} {item.uuid}{on}){score}"
        if page is None:
            continue
        for reason in explanation.reasons(hit, page):
            times = ", ".join(f"{name} {n}" for name, n in reason.times.items() if n)
            alone = f"{reason.score:.4g}  " if reason.score is not None else ""
            yield f"     {alone}{reason.words}: {times or 'not on this page'}"
        if explanation.titled(page):
            yield "     its title is the query"
        if item.language == explanation.query.locale:
            yield "     it is in the reader's language"
    if scores:
        yield (
            f"Scores are those of {explanation.found.engine_name}; before a clause, what it scores"
            " alone, on its best page. What holds all words stands first."
        )
