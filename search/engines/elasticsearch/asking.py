"""One question to the server: what matches, what it scores, what is counted.

Invariant: labels, ends and what is withheld are filters of the query itself, so that nothing is
counted that they leave out; the facets chosen come after counting, and each facet's own counts
pass over its own choice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from elasticsearch.dsl import query as q
from elasticsearch.dsl.function import BoostFactor, Exp, ScoreFunction

from search.engines.base import (
    BEST_PAGES,
    ECHO_WEIGHT,
    FACETS,
    MAX_OFFSET,
    PAIR_WEIGHT,
    Access,
    Clause,
    Echo,
    Query,
    Term,
    Tokens,
)
from search.engines.concepts import by_echoes, concepts_of

_TITLE, _BODY, _SEAM, _PARTS = "pages.title", "pages.body", "pages.seam", "pages.parts"
# One score over the fields of a page. A sum over fields would let a rare word of a short title
# outweigh the text. Weights under 1 are refused, so the parts of compounds are the measure.
_WHOLE: Final = [f"{_TITLE}^10", f"{_BODY}^2"]
_WITH_PARTS: Final = [*_WHOLE, f"{_PARTS}^1"]
# A seam finds phrases over the end of a page; the page that holds them whole must win.
SEAM_WEIGHT: Final = 0.01
# More than any sum of words can score: what holds all words stands above what holds any.
EXACT_WEIGHT: Final = 4096
# Shares of the score that are added for a title that is the query, and for being of today; half
# of that for being of a year ago. Being in the reader's language decides between those that score
# alike.
TITLE_BOOST: Final = 0.25
RECENCY_BOOST: Final = 0.05
LANGUAGE_BOOST: Final = 0.05
RECENCY_HALF_LIFE: Final = "365d"
# A phrase of the server's saturates late: measured on pages of real files, a little more finds one
# page more at its place, and costs no other collection anything.
_PAIR: Final = 1.25 * PAIR_WEIGHT
# A facet has fewer values than this.
MAX_VALUES: Final = 5_000


def _any(queries: Iterable[q.Query]) -> q.Query:
    alternatives = list(queries)
    return alternatives[0] if len(alternatives) == 1 else q.Bool(should=alternatives)


def _phrase(field: str, sequence: Tokens, *, boost: float = 1) -> q.Query:
    return q.MatchPhrase(field, {"query": " ".join(sequence), "boost": boost})


def _holding(sequences: Iterable[Tokens], *, parts: bool) -> list[q.Query]:
    """Queries of pages that hold one of these sequences; single words are looked up together."""
    sequences = list(sequences)
    singles = sorted({sequence[0] for sequence in sequences if len(sequence) == 1})
    fields = (_TITLE, _BODY, _PARTS) if parts else (_TITLE, _BODY)
    found: list[q.Query] = [q.Terms(field, singles) for field in fields] if singles else []
    for sequence in sequences:
        if len(sequence) > 1:
            found += [_phrase(field, sequence) for field in (_TITLE, _BODY, _SEAM)]
    return found


def _scoring(sequence: Tokens, *, parts: bool, share: float = 1.0) -> q.Query:
    """The score of a page for one sequence; in any field as if all were one."""
    words = " ".join(sequence)
    if len(sequence) == 1:
        return q.CombinedFields(fields=_WITH_PARTS if parts else _WHOLE, query=words, boost=share)
    whole = q.Bool(
        must=[q.CombinedFields(fields=_WHOLE, query=words, operator="and", boost=share)],
        filter=[_any(_phrase(field, sequence) for field in (_TITLE, _BODY))],
    )
    seam = q.ConstantScore(filter=_phrase(_SEAM, sequence), boost=SEAM_WEIGHT)
    return q.DisMax(queries=[whole, seam])


def _best(queries: Iterable[q.Query]) -> q.Query:
    alternatives = list(queries)
    return alternatives[0] if len(alternatives) == 1 else q.DisMax(queries=alternatives)


def _term_holds(terms: Iterable[Term]) -> list[q.Query]:
    terms = list(terms)
    words = [s for term in terms if not term.phrase for s in term.sequences]
    phrases = [s for term in terms if term.phrase for s in term.sequences]
    return [*_holding(words, parts=True), *_holding(phrases, parts=False)]


def _echo_holds(echo: Echo) -> q.Query:
    words = dict.fromkeys(echo.words)
    return q.Bool(filter=[_any(_holding([word], parts=True)) for word in words])


def _pages(query: q.Query) -> q.Query:
    return q.Nested(path="pages", query=query)


def _records(terms: Iterable[Term], echoes: Iterable[Echo] = ()) -> q.Query:
    """Records with a page that holds one of the terms or the whole of one echo."""
    return _pages(_any([*_term_holds(terms), *(_echo_holds(echo) for echo in echoes)]))


def _clause_scores(clause: Clause, shares: Mapping[Tokens, float]) -> q.Query:
    """Of the forms of a word the best one counts: a page is in one language."""
    return _best(
        _scoring(sequence, parts=not term.phrase, share=shares.get(sequence, 1.0))
        for term in clause.terms
        for sequence in term.sequences
    )


def _concepts(clauses: Sequence[Clause]) -> list[q.Query]:
    """Of a concept's labels the best one counts, and less than the words themselves."""
    return [_best(_echo_scores(echo) for echo in concept) for concept in concepts_of(clauses)]


def _echo_scores(echo: Echo) -> q.Query:
    words = dict.fromkeys(echo.words)
    return q.Bool(must=[_scoring(word, parts=True) for word in words], boost=ECHO_WEIGHT)


def _pair_scores(pair: Tokens) -> q.Query:
    # In the text alone: a title is too short for its words to stand far apart. A long row sums up
    # more words, and neighbours with others between them say less.
    return _phrase(_BODY, pair, boost=_PAIR * (2 / len(pair)) ** 2)


class Question:
    """One query for one access; `relaxed`: any of the words is enough.

    `some_exact`: some records hold all of the words nevertheless, and come first. `shares`: by
    which share of its weight a form of a word counts, where not by the whole.
    """

    def __init__(
        self,
        query: Query,
        access: Access,
        *,
        relaxed: bool,
        some_exact: bool = False,
        shares: Mapping[Tokens, float] | None = None,
    ) -> None:
        self.query, self.access, self.relaxed = query, access, relaxed
        self.some_exact, self.shares = some_exact, shares or {}
        self.now = datetime.now(tz=UTC)

    def _clauses(self, clauses: Sequence[Clause]) -> list[q.Query]:
        """What must hold. The clauses of one concept say its echoes once: all words, or an echo."""
        found: list[q.Query] = []
        for echoes, alike in by_echoes(clauses):
            if not echoes or len(alike) == 1:
                found += [_records(clause.terms, echoes) for clause in alike]
            else:
                words = q.Bool(filter=[_records(clause.terms) for clause in alike])
                found.append(_any([words, _records((), echoes)]))
        return found

    def _scored(self) -> q.Query:
        """Records by their best page, with the best pages beside."""
        counted = self.query.counted
        scores = [*(_clause_scores(clause, self.shares) for clause in counted), *_concepts(counted)]
        best: q.Query = q.Nested(
            path="pages",
            query=q.Bool(
                should=[_pair_scores(pair) for pair in self.query.pairs],
                must=[_any(scores)],
            ),
            score_mode="max",
            inner_hits={
                # Long pages are several, of one number.
                "size": 2 * BEST_PAGES,
                "_source": False,
                "stored_fields": "_none_",
                "docvalue_fields": ["pages.n"],
            },
        )
        if self.query.sort == "date":
            return best
        today = self.now.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()
        recency = {"origin": today, "scale": RECENCY_HALF_LIFE, "decay": 0.5}
        functions: list[ScoreFunction] = [
            BoostFactor(weight=1),
            # Where there is no date, the server would take it for today.
            Exp(date=recency, weight=RECENCY_BOOST, filter=q.Exists(field="date")),
        ]
        if self.query.locale:
            own = q.Terms("locale", [self.query.locale])
            functions.append(BoostFactor(weight=LANGUAGE_BOOST, filter=own))
        if self.query.titles:
            same = q.Terms("titles", sorted(self.query.titles))
            functions.append(BoostFactor(weight=TITLE_BOOST, filter=same))
        return q.FunctionScore(
            query=best, functions=functions, score_mode="sum", boost_mode="multiply"
        )

    def _matching(self) -> q.Query:
        """Everything but the facets chosen."""
        counted = self.query.counted
        needed = self.query.required if self.relaxed else counted
        filters: list[q.Query] = [q.Terms("labels", sorted(self.access.labels))]
        # A single clause is held by every page that scores.
        filters += self._clauses(needed) if len(counted) > 1 else []
        without: list[q.Query] = [q.Range("until", {"lte": self.now.isoformat()})]
        if self.access.withheld:
            without.append(q.Terms("ref", sorted(self.access.withheld)))
        if self.query.exclusions:
            without.append(_records(self.query.exclusions))
        should: list[q.Query] = []
        if self.some_exact:
            exact = q.Bool(filter=self._clauses(counted))
            should.append(q.ConstantScore(filter=exact, boost=EXACT_WEIGHT))
        return q.Bool(
            must=[self._scored()] if counted else [],
            filter=filters,
            must_not=without,
            should=should,
            minimum_should_match=0,
        )

    def _chosen(self, *, but: str = "") -> list[dict[str, Any]]:
        return [
            {"terms": {f"facets.{name}": sorted(values)}}
            for name, values in sorted(self.query.filters.items())
            if name != but
        ]

    def _counts(self) -> dict[str, Any]:
        counts: dict[str, Any] = {}
        for name in FACETS:
            values = {"terms": {"field": f"facets.{name}", "size": MAX_VALUES}}
            others = self._chosen(but=name)
            counts[name] = (
                {"filter": {"bool": {"filter": others}}, "aggs": {"values": values}}
                if others
                else values
            )
        return counts

    def body(self, page: int, seconds: float) -> dict[str, Any]:
        """The request of one page, to be answered within these seconds."""
        size = self.query.size
        first = min((max(page, 1) - 1) * size, MAX_OFFSET - 1)
        by_date: list[Any] = [{"date": {"order": "desc", "missing": "_last"}}, {"ref": "asc"}]
        by_score = self.query.sort == "relevance" and self.query.counted
        body: dict[str, Any] = {
            "query": self._matching().to_dict(),
            "from": first,
            "size": min(size, MAX_OFFSET - first),
            "sort": ["_score", *by_date] if by_score else by_date,
            "aggs": self._counts(),
            "track_total_hits": True,
            "timeout": f"{max(1, int(seconds * 900))}ms",
            # Whole sources are long, and nothing but the name is wanted.
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": ["ref"],
        }
        if self.query.filters:
            body["post_filter"] = {"bool": {"filter": self._chosen()}}
        return body

    def scores(self, refs: Collection[str]) -> dict[str, Any]:
        """The request for what these records score, and nothing for holding all words."""
        matching = self._matching()
        matching.should = []
        scored = q.Bool(must=[matching], filter=[q.Terms("ref", sorted(refs))])
        return {
            "query": scored.to_dict(),
            "size": len(refs),
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": ["ref"],
        }
