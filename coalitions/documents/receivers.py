"""What happens with documents when the network changes: inside the sender's transaction."""

from typing import Any

from django.dispatch import receiver

from coalitions.documents.services.leaving import settle_documents
from coalitions.network.signals import Leaving, organisation_left


@receiver(organisation_left, dispatch_uid="documents.leaving")
def settle(sender: Any, leaving: Leaving, **kwargs: Any) -> None:
    """Let the documents of an organisation that left stay or go."""
    settle_documents(leaving)
