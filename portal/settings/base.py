"""What every installation shares. Values that differ come from the environment.

Invariant: nothing here is secret, and nothing here opens a door: DEBUG is off, hosts are
empty, the second-factor doors of Wagtail and Django lead to our own sign-in.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.settings.engines import elasticsearch_from
from portal.settings.environment import Environment
from portal.settings.scanner import scanner_from

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = Environment()

DEBUG = False
DEMO_MODE = False
ALLOWED_HOSTS: list[str] = []
VAR_DIR = Path(env.str("PORTAL_VAR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "portal.accounts",
    "portal.home",
    "portal.notifications",
    "portal.api",
    "portal.demo",
    "search",
    "knowledge",
    "coalitions.documents",
    "coalitions.network",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.accounts.people_screen.PeopleScreenConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "drf_spectacular",
    "corsheaders",
    "csp",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.home.middleware.InputGuardMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.CacheOutageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "coalitions.network.middleware.ViewerMiddleware",
    "coalitions.documents.middleware.ClosedFileMiddleware",
    "portal.home.middleware.PrivacyHeadersMiddleware",
    "portal.home.middleware.OneMissingPageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "knowledge.middleware.AdminDoorMiddleware",
    "knowledge.middleware.CheckedRedirectMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.context.portal",
            ],
            "builtins": ["portal.home.templatetags.portal_ui"],
        },
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# One backend: with Django's own beside it a wrong password would be hashed twice, and the time
# of the answer would tell whether there is an account.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:my-work"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
PASSWORD_RESET_TIMEOUT = 4 * 3600
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an accepted invitation has proven the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LoginForm",
    "reset_password": "portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.ResetPasswordKeyForm",
    "user_token": "portal.accounts.forms.UserTokenForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "portal.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.forms.MfaReauthenticateForm",
    "activate_totp": "portal.accounts.forms.ActivateTOTPForm",
}

# Languages ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("nl", _("Dutch")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("pt", _("Portuguese")),
    ("de", _("German")),
]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
INTERFACE_LANGUAGES = ("en", "nl", "fr", "es", "ar")
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
TIME_ZONE = "UTC"
USE_TZ = True
WAGTAIL_USER_TIME_ZONES = [
    "UTC",
    "Europe/Amsterdam",
    "Asia/Bangkok",
    "America/La_Paz",
    "Africa/Dakar",
]

# Files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("PORTAL_STATIC", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "portal" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
DOCUMENTS_ROOT = VAR_DIR / "documents"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": {
        "BACKEND": "coalitions.documents.storage.DurableFileSystemStorage",
        "OPTIONS": {"location": str(DOCUMENTS_ROOT)},
    },
}
# What a ZIP of several documents holds at most, in bytes.
ZIP_MAX_BYTES = env.int("ZIP_MAX_BYTES", default=2 * 1024**3)
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", default=200 * 1024 * 1024)
FILE_UPLOAD_TEMP_DIR = str(VAR_DIR / "incoming")
FILE_UPLOAD_HANDLERS = ["coalitions.documents.upload_handlers.LimitedTemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o640
DOCUMENT_MAX_FILES = 50
# What is in the trash is deleted for good after so many days.
DOCUMENT_TRASH_DAYS = max(env.int("DOCUMENT_TRASH_DAYS", default=30), 0)
# Whether people may make time-limited links for outsiders, and whether those that were made open.
LINKS_FOR_OUTSIDERS = env.bool("LINKS_FOR_OUTSIDERS", default=True)
# Where the virus scanner listens; empty: there is none, and files are open at once.
CLAMD_URL = scanner_from(env)
# Uploads that are sent in parts are kept for so many days after the last part.
UPLOAD_KEPT_DAYS = max(env.int("UPLOAD_KEPT_DAYS", default=7), 1)
# Who sends less than so many bytes a second, for so many seconds, is asked to come again.
UPLOAD_SLOWEST = 2 * 1024
UPLOAD_PATIENCE = 10
# So much of the disk stays free: an upload that would take it is not begun.
UPLOAD_DISK_RESERVE = 256 * 1024 * 1024
# So many files in parts arrive at once in one process of the web server; its other threads answer.
UPLOADS_PER_PROCESS = max(env.int("UPLOADS_PER_PROCESS", default=5), 1)
# The usual space for all versions of all files: of a workspace, of an organisation. 0: no limit.
WORKSPACE_MAX_BYTES = max(env.int("WORKSPACE_MAX_BYTES", default=20 * 1024**3), 0)
ORGANISATION_MAX_BYTES = max(env.int("ORGANISATION_MAX_BYTES", default=50 * 1024**3), 0)
WORKSPACE_MAX_FOLDERS = max(env.int("WORKSPACE_MAX_FOLDERS", default=5_000), 1)
# Far above DOCUMENT_MAX_FILES: beyond this Django answers a bare 400 instead of our words.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

# Work in the background --------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost/"
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {}
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
)
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # A cache that hangs is as good as one that is down: both are said as 503.
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Search ------------------------------------------------------------------------------------
ELASTICSEARCH = elasticsearch_from(env)
# From so many records on, SQLite answers searches from a row per record; 0: never.
SEARCH_DOCUMENT_ROWS_FROM = max(env.int("SEARCH_DOCUMENT_ROWS_FROM", default=20_000), 0)

# Mail --------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 30
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
OPERATOR_TOKEN = env.str("OPERATOR_TOKEN", default="")
# The hour of the morning (of TIME_ZONE) at which alerts of saved searches are written.
ALERT_HOUR = min(max(env.int("ALERT_HOUR", default=6), 0), 23)

# Knowledge base ----------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Network Portal"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_PAGE_MODEL = "wagtailcore.Page"
WAGTAILIMAGES_IMAGE_MODEL = "knowledge.KnowledgeImage"
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 10
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False

# API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.authentication.OrganisationTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.ReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttling.ViewerRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"viewer": env.str("API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "portal.api.problems.problem_handler",
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_METADATA_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Network Portal API",
    "DESCRIPTION": "Read-only access to what the caller may see.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["portal.api.schema.only_v1"],
}
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/v1/.*$"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After"]

# Headers -----------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.home.views.csrf.failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
