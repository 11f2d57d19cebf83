"""The invented network is whole, consistent, and cannot be mistaken for real organisations."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from portal.demo.checking import INVENTED, check_network
from portal.demo.fields import DemoContentError
from portal.demo.network import CONTENT, SIGN_INS, DemoWorkspaceRole, read_network

FACTS = CONTENT.parent.parent / "facts"


def test_the_network_has_the_agreed_size() -> None:
    network = read_network()
    assert len(network.organisations) == 10
    assert {c.slug: len(c.members) for c in network.coalitions} == {
        "safe-roads": 6,
        "open-classrooms": 4,
    }
    assert len(network.workspaces) == 5
    assert len(network.programmes) == 3
    assert {w.need_to_know for w in network.workspaces} == {True, False}
    assert {w.coalition is None for w in network.workspaces} == {True, False}


def test_every_sign_in_is_there_once() -> None:
    assert [person.signin for person in read_network().sign_ins()] == list(SIGN_INS)


def test_the_competitor_sees_neither_the_coalition_nor_the_network() -> None:
    network = read_network()
    competitor = next(p for p in network.people if p.signin == "competitor")
    organisations = {a.organisation for a in competitor.affiliations}
    safe_roads = next(c for c in network.coalitions if c.slug == "safe-roads")
    assert organisations.isdisjoint(term.organisation for term in safe_roads.members)
    kinds = {o.kind for o in network.organisations if o.slug in organisations}
    assert kinds == {"partner"}


def test_no_invented_name_is_a_real_one() -> None:
    with (FACTS / "organisations.csv").open(encoding="utf-8") as file:
        real = {row["name"] for row in csv.DictReader(file)}
    names = [pair for o in read_network().organisations for pair in o.names.items()]
    assert {name for _, name in names}.isdisjoint(real)
    assert all(name.endswith(INVENTED[language]) for language, name in names)


def test_the_facts_are_seventy_and_each_has_a_source() -> None:
    with (FACTS / "organisations.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 70
    assert all(row["source"] and row["country"] and row["kind"] for row in rows)
    with (FACTS / "country_presence.csv").open(encoding="utf-8") as file:
        presence = list(csv.DictReader(file))
    assert len(presence) == 19
    assert all(row["source"] for row in presence)


def test_everybody_has_an_address_that_receives_no_mail() -> None:
    assert all(person.email.endswith(".example") for person in read_network().people)


def test_a_role_in_a_place_without_part_in_it_is_refused() -> None:
    network = read_network()
    intruder = replace(
        next(p for p in network.people if p.signin == "competitor"),
        workspaces=(DemoWorkspaceRole("safe-roads-casework", "northwind-legal-aid", "reader"),),
    )
    people = tuple(intruder if p.email == intruder.email else p for p in network.people)
    with pytest.raises(DemoContentError, match="cannot act for northwind-legal-aid"):
        check_network(replace(network, people=people))


def test_an_organisation_that_does_not_say_it_is_invented_is_refused() -> None:
    network = read_network()
    first = replace(network.organisations[0], names={"en": "A Real Organisation"})
    with pytest.raises(DemoContentError, match=r"end the name with \(demonstration\)"):
        check_network(replace(network, organisations=(first, *network.organisations[1:])))
