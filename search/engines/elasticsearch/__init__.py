"""Elasticsearch under the contract of engines.

What differs from the embedded engine: what is written is found after the server's next refresh
(a second), unless it was written with `refresh`; a record that was taken away keeps its place in
the statistics of words, and so in the order, until segments are merged (`expunge`, nightly).
"""

from search.engines.elasticsearch.engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine"]
