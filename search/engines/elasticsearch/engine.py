"""The engine of installations that have a search server: two pairs of aliases, one contract.

Invariant: a stranger's question goes to the index of public things and to no other; what the
server does not answer in whole and in time is `SearchUnavailable`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from search.engines.base import Access, Engine, Query, Results, Term, Tokens, TookTooLong
from search.engines.counting import clamp
from search.engines.elasticsearch import aliases, client, holding, writing
from search.engines.elasticsearch.aliases import Names
from search.engines.elasticsearch.answers import results_of, total_of
from search.engines.elasticsearch.asking import Question
from search.engines.elasticsearch.mapping import audience
from search.engines.index_docs import Held, IndexDoc

Shares = Callable[[Sequence[Term], Access], Mapping[Tokens, float]]


class ElasticsearchEngine(Engine):
    """See `Engine`. `refresh`: what is written is found at once, which tests need.

    `shares` tells by which share of its weight a form of a word counts; this server weighs each
    form for itself.
    """

    name = "elasticsearch"

    def __init__(
        self, names: Names | None = None, *, refresh: bool = False, shares: Shares | None = None
    ) -> None:
        self.names = names or Names(settings.ELASTICSEARCH["prefix"])
        self.refresh = refresh
        self._shares = shares

    # Asking ----------------------------------------------------------------------------------
    def search(self, query: Query, access: Access) -> Results:
        """Words that must all be there first; any of them where that fills no page."""
        if not access.labels:
            return results_of(None, query)
        shares = self._shares_of(query, access)
        deadline = client.Deadline()
        with client.trouble():
            all_words = Question(query, access, relaxed=False, shares=shares)
            found = self._ask(all_words, deadline)
            if found.total < query.size and query.can_relax:
                exact = found.total
                any_word = Question(
                    query, access, relaxed=True, some_exact=bool(exact), shares=shares
                )
                found = self._ask(any_word, deadline, exact)
        return found

    def _ask(
        self, question: Question, deadline: client.Deadline, exact: int | None = None
    ) -> Results:
        """`exact`: how many hold all words, where any of them is enough."""
        query = question.query
        side = "public" if question.access.public_only else "all"

        def answer(page: int) -> Mapping[str, Any]:
            seconds = deadline.left()
            body = question.body(page, seconds)
            asked = client.asking().options(request_timeout=seconds)
            found: Mapping[str, Any] = asked.search(
                index=self.names.read(side),
                body=body,
                preference="portal",
                allow_partial_search_results=False,
            ).body
            if found.get("timed_out"):
                raise TookTooLong("Elasticsearch took too long")
            return found

        found = answer(query.page)
        page, _, _ = clamp(query, total_of(found))
        if page != query.page and (query.page > 1 or page > 1):
            found = answer(page)
        return results_of(found, query, exact)

    def _shares_of(self, query: Query, access: Access) -> Mapping[Tokens, float]:
        if self._shares is None or query.sort != "relevance":
            return {}
        return self._shares([term for clause in query.counted for term in clause.terms], access)

    def scores(
        self, query: Query, access: Access, refs: Collection[str], *, relaxed: bool = False
    ) -> Mapping[str, float]:
        """The server's scores, without what sets those apart that hold all words."""
        if not (access.labels and refs and query.counted):
            return {}
        shares = self._shares_of(query, access)
        question = Question(query, access, relaxed=relaxed, shares=shares)
        side = "public" if access.public_only else "all"
        with client.trouble():
            found = client.writing().search(
                index=self.names.read(side), body=question.scores(refs), preference="portal"
            )
            hits = found["hits"]["hits"]
        return {str(hit["fields"]["ref"][0]): float(hit["_score"]) for hit in hits}

    # Writing ---------------------------------------------------------------------------------
    def index(self, docs: Iterable[IndexDoc], *, refresh: bool = False) -> int:
        """Write whole records to both indices, or take them out of the public one."""
        return self._send(writing.of_docs(self.names, docs), refresh=refresh)

    def delete(
        self, refs: Iterable[str], *, version: int | None = None, refresh: bool = False
    ) -> int:
        """Remove records from both indices."""
        return self._send(writing.of_refs(self.names, refs, version), refresh=refresh)

    def relabel(
        self, ref: str, labels: Iterable[str], version: int, *, refresh: bool = False
    ) -> bool:
        """Read a record's tokens back and write them with these labels."""
        with client.trouble():
            body = holding.source_of(client.writing(), self.names, ref)
        if body is None:
            return False
        new = frozenset(labels)
        facets = {name: tuple(values) for name, values in body["facets"].items()}
        facets.pop("audience", None)
        body = {**body, "labels": sorted(new), "facets": audience(facets, new)}
        self._send(writing.writes(self.names, ref, version, body), refresh=refresh)
        return True

    def _send(self, actions: Iterable[dict[str, Any]], *, refresh: bool) -> int:
        with client.trouble():
            return writing.send(
                client.writing(), self.names, actions, refresh=refresh or self.refresh
            )

    def clear(self) -> None:
        """Forget everything: new indices take the place of the old."""
        self.adopt(self.beside())

    # What is held ----------------------------------------------------------------------------
    def count(self) -> int:
        """How many records are held now."""
        with client.trouble():
            return holding.count(client.writing(), self.names)

    def held(self, refs: Collection[str] | None = None) -> Mapping[str, Held]:
        """What is held now: of some refs as last written, of all as of one moment."""
        with client.trouble():
            if refs is None:
                return holding.held_of_all(client.writing(), self.names, "all")
            return holding.held_by_ref(client.writing(), self.names, refs)

    def held_of_family(self, family: str) -> Mapping[str, Held]:
        """What is held now of one thing in all its languages."""
        with client.trouble():
            return holding.held_of_family(client.writing(), self.names, family)

    def held_publicly(self) -> Mapping[str, Held]:
        """What the index of public things holds now, to compare it with the other."""
        with client.trouble():
            return holding.held_of_all(client.writing(), self.names, "public")

    # Indices ---------------------------------------------------------------------------------
    def ensure(self) -> None:
        """Make the indices and aliases that are missing."""
        with client.trouble():
            aliases.ensure(client.writing(), self.names)

    def beside(self) -> ElasticsearchEngine:
        """An engine of fresh indices that nobody asks yet."""
        names = replace(self.names, beside=f"beside-{secrets.token_hex(4)}")
        with client.trouble():
            aliases.ensure(client.writing(), names)
        return ElasticsearchEngine(names, refresh=self.refresh, shares=self._shares)

    def adopt(self, beside: ElasticsearchEngine) -> None:
        """Ask and feed the indices of `beside` from now on, in one step; delete the old ones.

        A write that was under way to the old indices is lost with them: what changed since the
        building began must be brought in step once more after this. `beside` is of no use then.
        """
        with client.trouble():
            aliases.swap(client.writing(), self.names, beside.names)

    def drop(self) -> None:
        """Delete the indices of this engine."""
        with client.trouble():
            aliases.drop(client.writing(), self.names)

    def is_there(self) -> bool:
        """Whether both indices can be asked and written to; raises where nobody knows."""
        with client.trouble():
            return aliases.are_there(client.asking(), self.names)

    def sweep(self) -> None:
        """Delete what buildings beside this engine left behind that came to no end."""
        with client.trouble():
            aliases.sweep(client.writing(), self.names)

    def state(self) -> dict[str, Any]:
        """`health` (green, yellow, red) and, by side, the indices with their counts."""
        with client.trouble():
            return aliases.state(client.asking(), self.names)

    def refresh_now(self) -> None:
        """Let everything that is written be found."""
        with client.trouble():
            holding.refresh(client.writing(), self.names)

    def expunge(self) -> None:
        """Merge away what was deleted, so that the statistics of words forget it too."""
        patient: Elasticsearch = client.writing().options(request_timeout=600, max_retries=0)
        with client.trouble():
            holding.expunge(patient, self.names)
