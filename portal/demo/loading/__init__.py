"""Loading the demonstration into a database, through the services that people use.

Invariant: safe to repeat, also after a crash half-way: every step leaves alone what is there.
Nothing is written to a database that is not a demonstration (see `state`).
"""

from __future__ import annotations

from collections.abc import Callable

from portal.demo.documents import read_documents
from portal.demo.loading import (
    articles,
    directory,
    documents,
    leaving,
    links,
    network,
    people,
    searches,
    sharing,
    space,
    state,
    trash,
)
from portal.demo.network import DemoNetwork, read_network
from portal.home.founding import set_up_portal

Say = Callable[[str], None]


def load(password: str, say: Say) -> DemoNetwork:
    """Load everything that is missing; `say` hears a line for every step."""
    state.require_demonstration()
    invented = read_network()
    say("Site, languages, editors' groups and concepts")
    set_up_portal()
    say("Directory of real organisations")
    directory.load_directory()
    say("Invented organisations, coalitions, programmes and workspaces")
    network.load_network(invented)
    say("People and their places")
    people.load_people(invented, password)
    sources = read_documents(invented)
    say(f"{len(sources)} documents")
    documents.load_documents(sources, invented, say)
    trash.load_trash(invented)
    sharing.load_sharing()
    links.load_links(say)
    leaving.load_leaving(invented)
    say("Articles")
    articles.load_articles(invented, say)
    say("Search")
    documents.catch_up_search()
    say("Saved searches")
    searches.load_searches(invented)
    space.load_space(invented)
    state.mark_complete()
    return invented
