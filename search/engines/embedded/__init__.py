"""The engine inside Django's own database: SQLite FTS5, or tsvector on PostgreSQL.

Invariant: it changes in the transaction of whoever calls it, so that a tightened audience holds
with the change itself. What differs between the two: SQLite scores with BM25F over title, body
and parts, and public things have a table of their own; PostgreSQL scores with `ts_rank` times
an inverse document frequency of the scope asked. Both find the same sets.

What an order alone can tell: a word weighs more the fewer records of the index asked hold it, and
a signed-in person's index holds hidden ones. With hidden records of another subject added (SQLite,
400 visible ones, three common words asked) 13, 54 and 93 of a hundred orders of ten hits changed
somewhere, and 0, 2.5 and 8.5 of a hundred first hits, for a hundredth, a tenth and as many as the
visible ones. That tells of the amount of common words, of no record; a stranger's order never
changed. `tests/search/test_order.py` measures it.

`statement` is one answer's SQL, `sqlite` and `postgresql` are what differs in it, `answering`
reads it; `document_rows` and `reranking` serve large indexes on SQLite; `tokens` weighs words;
`suggestions`, `spellings` and `looking` answer smaller questions; `writing` changes it all.
"""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
