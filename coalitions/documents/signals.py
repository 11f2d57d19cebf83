"""Domain signals, sent inside the transaction of the change; receivers only write rows.

`document_changed(document, audience_tightened: bool)`: text, facts, audience or version changed,
or it was trashed or brought back. `version_added(version)`: its text is to be read.
"""

from django.dispatch import Signal

document_changed = Signal()
version_added = Signal()
