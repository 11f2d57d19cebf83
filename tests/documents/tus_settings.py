"""Settings of the real servers of uploads: less patience, and no work beside requests."""

from portal.settings.test import *  # noqa: F403

UPLOAD_PATIENCE = 1
CELERY_TASK_ALWAYS_EAGER = False
