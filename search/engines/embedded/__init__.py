"""The engine inside Django's own database: SQLite FTS5, or tsvector on PostgreSQL.

Invariant: it changes in the transaction of whoever calls it, so that a tightened audience holds
with the change itself. What differs between the two: SQLite scores with BM25F over title, body
and parts, and public things have a table of their own; PostgreSQL scores with `ts_rank` times
an inverse document frequency of the scope asked. Both find the same sets.

`statement` is one answer's SQL, `sqlite` and `postgresql` are what differs in it, `answering`
reads it; `document_rows` and `reranking` serve large indexes on SQLite; `tokens` weighs words;
`suggestions`, `spellings` and `looking` answer smaller questions; `writing` changes it all.
"""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
