"""Domain signals, sent inside the transaction of the change; receivers only write rows.

`document_changed(document, audience_tightened: bool)`: text, facts, audience or version changed,
or it was trashed or restored. `documents_changed(documents, audience_tightened: bool)`: the same of
many by one act; whoever listens to one listens to both.
`document_purged(document)`: it is about to be deleted for good.
`version_added(version)`: its text is to be read.
`version_quarantined(version)`: a virus was found in it.
`space_nearly_used(place)`: of a workspace or an organisation; told once until it was emptied.
`share_requested(share_request)`, `share_request_closed(share_request)`: somebody asked for a step
up the ladder; it was answered or has ended.
"""

from django.dispatch import Signal

document_changed = Signal()
documents_changed = Signal()
document_purged = Signal()
version_added = Signal()
version_quarantined = Signal()
space_nearly_used = Signal()
share_requested = Signal()
share_request_closed = Signal()
