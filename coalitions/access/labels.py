"""Labels as strings. Invariant: a label names a uuid, never a title, slug or address."""

from uuid import UUID

PUBLIC = "public"
NETWORK = "network"


def coalition_label(uuid: UUID) -> str:
    """Return the label of people of a coalition's active member organisations."""
    return f"coalition:{uuid}"


def workspace_label(uuid: UUID) -> str:
    """Return the label of a workspace's members."""
    return f"workspace:{uuid}"


def organisation_label(uuid: UUID) -> str:
    """Return the label of an organisation's people and of its tokens with read:organisation."""
    return f"org:{uuid}"


def sealed_organisation_label(uuid: UUID) -> str:
    """Return the label of an organisation's people alone; no token ever carries it."""
    return f"sealed-org:{uuid}"


def sealed_workspace_label(uuid: UUID) -> str:
    """Return the label of a workspace's members for things with child data."""
    return f"sealed-workspace:{uuid}"


def user_label(uuid: UUID) -> str:
    """Return the label of one person."""
    return f"user:{uuid}"


def link_label(uuid: UUID) -> str:
    """Return the label of whoever holds one time-limited link."""
    return f"link:{uuid}"
