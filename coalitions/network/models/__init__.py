"""The network's tables, one file per noun."""

from coalitions.network.models.affiliation import Affiliation
from coalitions.network.models.audit import AuditEntry
from coalitions.network.models.coalition import Coalition, CoalitionMembership, OnLeaving
from coalitions.network.models.invitation import Invitation
from coalitions.network.models.organisation import Organisation, Suspension
from coalitions.network.models.programme import Programme
from coalitions.network.models.vocabulary import ConventionArticle, Country, DocumentType, Theme
from coalitions.network.models.workspace import Workspace, WorkspaceMembership

__all__ = [
    "Affiliation",
    "AuditEntry",
    "Coalition",
    "CoalitionMembership",
    "ConventionArticle",
    "Country",
    "DocumentType",
    "Invitation",
    "OnLeaving",
    "Organisation",
    "Programme",
    "Suspension",
    "Theme",
    "Workspace",
    "WorkspaceMembership",
]
