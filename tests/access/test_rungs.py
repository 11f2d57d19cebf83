"""The ladder accumulates, and child data seals."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from coalitions.access import LADDER, Rung, audience_labels, ladder_for, rung_of_labels

ORGANISATION, WORKSPACE, COALITION = uuid4(), uuid4(), uuid4()


def labels(
    rung: Rung, *, coalition: UUID | None = COALITION, child_data: bool = False
) -> frozenset[str]:
    return audience_labels(
        rung,
        organisation=ORGANISATION,
        workspace=WORKSPACE,
        coalition=coalition,
        child_data=child_data,
    )


def test_each_rung_holds_those_below() -> None:
    for lower, upper in pairwise(LADDER):
        assert labels(lower) < labels(upper)


def test_members_only_hides_from_the_owners_other_people() -> None:
    assert labels(Rung.MEMBERS) == {f"workspace:{WORKSPACE}"}


@pytest.mark.parametrize("rung", list(Rung))
def test_child_data_leaves_only_sealed_labels(rung: Rung) -> None:
    assert all(label.startswith("sealed-") for label in labels(rung, child_data=True))
    assert labels(rung, child_data=True)


def test_a_workspace_of_one_organisation_has_no_coalition_rung() -> None:
    ladder = ladder_for(need_to_know=False, in_coalition=False, child_data=False)
    assert Rung.COALITION not in ladder
    assert not any(label.startswith("coalition:") for label in labels(Rung.PUBLIC, coalition=None))


def test_need_to_know_starts_at_members_only() -> None:
    ladder = ladder_for(need_to_know=True, in_coalition=True, child_data=False)
    assert ladder[0] is Rung.MEMBERS
    assert Rung.ORGANISATION not in ladder


def test_child_data_is_offered_nothing_beyond_the_workspace() -> None:
    ladder = ladder_for(need_to_know=False, in_coalition=True, child_data=True)
    assert ladder == (Rung.ORGANISATION, Rung.WORKSPACE)


@pytest.mark.parametrize("rung", list(Rung))
def test_the_rung_is_read_back_from_the_labels(rung: Rung) -> None:
    assert rung_of_labels(labels(rung)) is rung
    sealed = rung_of_labels(labels(rung, child_data=True))
    assert sealed is (rung if rung in (Rung.MEMBERS, Rung.ORGANISATION) else Rung.WORKSPACE)


def test_labels_of_a_person_alone_are_on_no_rung() -> None:
    assert rung_of_labels({f"user:{uuid4()}"}) is rung_of_labels(()) is None
