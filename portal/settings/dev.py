"""`make run`: the demonstration network on SQLite, on loopback, seen as a visitor sees it."""

import secrets
from pathlib import Path

from portal.settings.base import *
from portal.settings.base import VAR_DIR, env
from portal.settings.databases import database_from


def _kept_secret(path: Path) -> str:
    """Return the installation's own key, made at the first start and kept beside the data."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


DEBUG = env.bool("DEBUG", default=False)
DEMO_MODE = True
SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret(VAR_DIR / "secret-key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": database_from(env, default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
for _folder in (VAR_DIR / "incoming", VAR_DIR / "documents", VAR_DIR / "media", VAR_DIR / "mail"):
    _folder.mkdir(parents=True, exist_ok=True)
if not env.str("REDIS_URL", default=""):
    for _folder in (VAR_DIR / "broker" / "queue", VAR_DIR / "broker" / "control"):
        _folder.mkdir(parents=True, exist_ok=True)
