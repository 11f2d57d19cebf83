"""Domain signals of search, sent inside the transaction of the change; receivers only write rows.

`alert_owed(alert)`: a person is owed one mail about what is new in their saved searches.
"""

from django.dispatch import Signal

alert_owed = Signal()
