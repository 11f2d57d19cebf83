"""Work in the background: publishing and ending articles at the time that was set.

Invariant: idempotent, and never what keeps an article hidden. An article past its end is seen by
nobody from that instant on, by `visible_to`; this only brings Wagtail's books up to date.
"""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="knowledge.publish_scheduled")
def publish_scheduled() -> None:
    """Publish and unpublish what is due, by Wagtail's own command."""
    call_command("publish_scheduled", verbosity=0)
