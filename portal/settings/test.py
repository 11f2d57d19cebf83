"""The fast suite: SQLite by default, PostgreSQL when DATABASE_URL says so, no broker needed."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("PORTAL_VAR", tempfile.mkdtemp(prefix="portal-test-"))

from portal.settings.base import *
from portal.settings.base import ELASTICSEARCH, VAR_DIR, env
from portal.settings.databases import database_from

SECRET_KEY = "only-for-tests-" + "x" * 50
DEMO_MODE = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database_from(env, default=f"sqlite:///{VAR_DIR / 'test.sqlite3'}")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Tests that are marked for it name the server themselves; no other test speaks to one.
ELASTICSEARCH = {**ELASTICSEARCH, "url": ""}
CLAMD_URL = ""
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ACCOUNT_RATE_LIMITS = False
CRASH_POINTS = True
for _folder in ("incoming", "documents", "media"):
    Path(VAR_DIR, _folder).mkdir(parents=True, exist_ok=True)
