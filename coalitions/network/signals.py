"""Domain signals, sent inside the transaction of the change; receivers only write rows.

`organisation_changed(organisation)`, `access_changed(people)`: the sight of these users changed,
`invitation_sent(invitation)`, `invitation_accepted(invitation, person, created)`: `created` says
whether the account was made with it; its address is proven by the link.
"""

from django.dispatch import Signal

organisation_changed = Signal()
access_changed = Signal()
invitation_sent = Signal()
invitation_accepted = Signal()
