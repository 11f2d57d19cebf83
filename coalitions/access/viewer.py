"""Who is looking: a frozen set of labels, and which labels let an SQL filter find rows.

Invariant: a viewer is computed per request from the primary database and never cached across
requests, so that revocation holds on the next one. Roles add no label.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from coalitions.access.labels import NETWORK, PUBLIC


@lru_cache(maxsize=1_024)
def _uuids(labels: frozenset[str], prefix: str) -> frozenset[UUID]:
    return frozenset(UUID(label[len(prefix) :]) for label in labels if label.startswith(prefix))


@dataclass(frozen=True)
class Viewer:
    """A person, an organisation's token, a link, or a stranger, as far as sight is concerned.

    `labels` is the whole of their sight. `user_uuid` is set for signed-in people only,
    `token_uuid` for tokens only; both serve the audit, never a filter.
    """

    labels: frozenset[str] = frozenset({PUBLIC})
    user_uuid: UUID | None = None
    token_uuid: UUID | None = None

    @property
    def is_stranger(self) -> bool:
        """Whether this viewer may see public things only."""
        return self.labels <= {PUBLIC}

    def sees(self, labels: Iterable[str]) -> bool:
        """Return whether a thing that carries `labels` is visible."""
        return not self.labels.isdisjoint(labels)

    @property
    def sees_public(self) -> bool:
        return PUBLIC in self.labels

    @property
    def sees_network(self) -> bool:
        return NETWORK in self.labels

    @property
    def coalitions(self) -> frozenset[UUID]:
        return _uuids(frozenset(self.labels), "coalition:")

    @property
    def workspaces(self) -> frozenset[UUID]:
        return _uuids(frozenset(self.labels), "workspace:")

    @property
    def organisations(self) -> frozenset[UUID]:
        return _uuids(frozenset(self.labels), "org:")

    @property
    def links(self) -> frozenset[UUID]:
        return _uuids(frozenset(self.labels), "link:")

    @property
    def sealed_workspaces(self) -> frozenset[UUID]:
        return _uuids(frozenset(self.labels), "sealed-workspace:")

    @property
    def sealed_organisations(self) -> frozenset[UUID]:
        return _uuids(frozenset(self.labels), "sealed-org:")


STRANGER = Viewer()
