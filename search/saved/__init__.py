"""Saved searches: kept questions, mail about what is new, feeds.

Invariant: every run is the owner's own search of that moment (`search.service.find`), and what
leaves the portal, by mail or feed, names nothing that a stranger could not read here.
"""
