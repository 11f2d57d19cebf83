"""Production: refuses to start half-configured, in one line that names the variable."""

from pathlib import Path

from portal.settings.base import *
from portal.settings.base import PUBLIC_URL, STORAGES, VAR_DIR, env
from portal.settings.databases import database_from
from portal.settings.environment import refuse

for _name, _why in (
    ("SECRET_KEY", "set it to a long random text (50 characters or more)"),
    ("DATABASE_URL", "set it, for example postgres://user:password@host/portal"),
    ("ALLOWED_HOSTS", "set it to the portal's host names, separated by commas"),
    ("PUBLIC_URL", "set it to the portal's address, for example https://portal.example.org"),
    ("REDIS_URL", "set it, for example redis://host:6379/0"),
    ("EMAIL_URL", "set it, for example smtp+tls://user:password@host:587"),
    ("DEFAULT_FROM_EMAIL", "set it to the address that mail is sent from"),
):
    if not env.str(_name, default="").strip():
        refuse(_name, _why)

if env.bool("DEBUG", default=False):
    refuse("DEBUG", "must be off in production; remove it")

DEBUG = False
DEMO_MODE = False
SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50:
    refuse("SECRET_KEY", "is shorter than 50 characters; make a longer one")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS", "name the portal's hosts; with * a forged host gets into mailed links")
DATABASES = {"default": database_from(env)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3") and not env.bool(
    "ALLOW_SQLITE", default=False
):
    refuse("DATABASE_URL", "names SQLite; use PostgreSQL, or set ALLOW_SQLITE=1 if you mean it")

vars().update(env.email_url("EMAIL_URL"))
if not PUBLIC_URL.startswith(("https://", "http://")):
    refuse("PUBLIC_URL", "is no address; write https://portal.example.org")
try:
    for _folder in ("incoming", "documents", "media"):
        Path(VAR_DIR, _folder).mkdir(parents=True, exist_ok=True)
except OSError:
    refuse("PORTAL_VAR", f"names a folder that cannot be written ({VAR_DIR})")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
if env.str("S3_BUCKET", default=""):
    STORAGES["documents"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "default_acl": None,
            "querystring_auth": True,
            "querystring_expire": 60,
            "file_overwrite": False,
            # What is read goes to a temporary file beyond this, not into memory.
            "max_memory_size": 10 * 1024 * 1024,
        },
    }
