"""What the scheduler sends, a worker knows: a misspelt task would only fail at night."""

from django.conf import settings

from portal.celery import app
from portal.schedule import SCHEDULE


def test_every_scheduled_task_is_known() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


def test_messages_are_nudges() -> None:
    """Jobs are rows: nothing is kept of a task, and a killed worker's is given to another."""
    assert settings.CELERY_TASK_IGNORE_RESULT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
