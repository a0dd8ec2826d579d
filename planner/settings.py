"""Every setting, read from the environment here and nowhere else."""

import os
import secrets
import sys
import tempfile
import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from planner import secret_key, sqlite
from planner.addresses import channel_layer, database, django_cache, hosts_of, origin_of
from planner.profiles import profile_named

BASE_DIR = Path(__file__).resolve().parent.parent
# They read a file and print: no session to sign, and nothing left behind in a folder.
KEYLESS_COMMANDS = {"evaluate", "check_design", "verify_bundle", "make_campus"}


def env(name: str, default: str = "") -> str:
    """A variable of the environment; empty counts as unset."""
    return os.environ.get(name) or default


def env_number(name: str, default: int) -> int:
    """A whole number of the environment.

    Raises
    ------
    ImproperlyConfigured
        If it is no whole number above zero.
    """
    text = env(name, str(default))
    if not text.isdecimal() or int(text) == 0:
        raise ImproperlyConfigured(f"{name} is {text!r}; it takes a whole number above zero.")
    return int(text)


def env_list(name: str) -> list[str]:
    """A comma-separated variable of the environment."""
    return [part.strip() for part in env(name).split(",") if part.strip()]


# --- Where and how it runs -----------------------------------------------------------------

DATA_DIR = Path(env("PLENUM_DATA", str(BASE_DIR / "var"))).absolute()
PROFILE = profile_named(env("PLENUM_PROFILE", "embedded"))
PORT = env_number("PLENUM_PORT", 8000)
"""The port people see; it is part of cookie names and origins."""

DEBUG = False
if len(sys.argv) > 1 and sys.argv[1] in KEYLESS_COMMANDS:
    SECRET_KEY = secrets.token_urlsafe(64)
else:
    SECRET_KEY = env("SECRET_KEY") or secret_key.read_or_make(
        Path(env("SECRET_KEY_FILE", str(DATA_DIR / "secret-key")))
    )
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")

ORIGINS = env_list("ORIGINS") or [f"http://{host}:{PORT}" for host in PROFILE.hosts]
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or hosts_of(ORIGINS)
CSRF_TRUSTED_ORIGINS = ORIGINS

# A unix socket's path may have 107 bytes at most; a project deep in the tree gets a short one.
_socket = DATA_DIR / "valkey.sock"
if len(os.fsencode(_socket)) > 100:
    _name = sha256(os.fsencode(DATA_DIR)).hexdigest()[:12]
    _socket = Path(tempfile.gettempdir()) / f"plenum-{os.getuid()}-{_name}" / "valkey.sock"
VALKEY_SOCKET = _socket
BROKER_URL = env("BROKER_URL", f"redis+socket://{VALKEY_SOCKET}?virtual_host=0")
LAYER_URL = env("LAYER_URL", f"unix://{VALKEY_SOCKET}?db=1")
CACHE_URL = env("CACHE_URL", f"unix://{VALKEY_SOCKET}?db=2")

# --- Apps and pages ------------------------------------------------------------------------

INSTALLED_APPS = [
    "servestatic.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "ninja",
    "csp",
    "django_vite",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "audit",
    "accounts",
    "notices",
    "catalog",
    "layouts",
    "weather",
    "analysis",
    "economics",
    "reviews",
    "sharing",
    "evidence",
    "reports",
    "planner",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "planner.middleware.StreamMiddleware",
    "planner.middleware.ReferenceMiddleware",
    "csp.middleware.CSPMiddleware",
    "planner.middleware.PrivacyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "planner.middleware.SetUpFirstMiddleware",
    "planner.middleware.FormsOnlyMiddleware",
    "planner.middleware.RightsOnceMiddleware",
    "planner.middleware.RefusalMiddleware",
    "planner.problems.ProblemMiddleware",
]
ROOT_URLCONF = "planner.urls"
ASGI_APPLICATION = "planner.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notices.selectors.bell",
            ],
        },
    }
]
# Pages do without a built front end, and say so where it is missing.
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

# --- Storage -------------------------------------------------------------------------------

WAL_IS_SAFE = sqlite.install()
DATABASES = {"default": database(env("DATABASE_URL"), DATA_DIR, wal=WAL_IS_SAFE)}
if not WAL_IS_SAFE and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    warnings.warn(
        "This SQLite is older than 3.51.3: using its slower rollback journal.", stacklevel=1
    )
CACHES = {"default": django_cache(CACHE_URL)}
CHANNEL_LAYERS = {"default": channel_layer(LAYER_URL)}
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
AUDIT_WITNESS = Path(env("AUDIT_WITNESS", str(DATA_DIR / "audit-witness")))
"""Seals of the audit trail outside its database; best on another disk or machine."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
"""The largest body at all: a design file. Edits have their own, smaller limit."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = False
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE_DIR / "static" / "build" / "manifest.json",
        "static_url_prefix": "build",
    }
}

# --- People --------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PROFILE.https
"""Browsers let passkeys work on http://localhost, and on no bare address."""
MFA_TOTP_ISSUER = "Plenum"

# --- E-mail: printed by default, sent when a server is named -------------------------------

EMAIL_HOST = env("EMAIL_HOST")
EMAIL_BACKEND = (
    "django.core.mail.backends." + ("smtp" if EMAIL_HOST else "console") + ".EmailBackend"
)
EMAIL_PORT = int(env("EMAIL_PORT", "587"))
EMAIL_HOST_USER = env("EMAIL_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD")
EMAIL_USE_TLS = env("EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "plenum@localhost")

# --- Sign-in by an organisation's own directory: off unless a server is named ----------------

OIDC_SERVER = env("OIDC_SERVER")
"""The issuer's address; its discovery document says the rest."""
OIDC_ORGANISATION = env("OIDC_ORGANISATION")
"""The id of the organisation that newcomers join; without it, only known people get in."""
OIDC_ROLE = env("OIDC_ROLE", "guest")
OIDC_NAME = env("OIDC_NAME", "your organisation")
if OIDC_SERVER:
    INSTALLED_APPS += [
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ]
    SOCIALACCOUNT_ADAPTER = "accounts.oidc.OrganisationSignIn"
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
    SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "directory",
                    "name": OIDC_NAME,
                    "client_id": env("OIDC_CLIENT_ID"),
                    "secret": env("OIDC_SECRET"),
                    "settings": {"server_url": OIDC_SERVER},
                }
            ],
        }
    }

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
"""The editor's own script reads the token from its cookie."""
CSRF_FAILURE_VIEW = "planner.pages.csrf_failure"

# --- The profile: what differs between one person's machine and a server --------------------

SESSION_COOKIE_NAME = PROFILE.cookie_name("session", PORT)
CSRF_COOKIE_NAME = PROFILE.cookie_name("csrf", PORT)
SESSION_COOKIE_SECURE = PROFILE.https
CSRF_COOKIE_SECURE = PROFILE.https
SECURE_SSL_REDIRECT = PROFILE.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = PROFILE.hsts_s
SECURE_HSTS_INCLUDE_SUBDOMAINS = PROFILE.https
SECURE_HSTS_PRELOAD = PROFILE.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROFILE.behind_proxy else None

# --- Headers -------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Plotly marks the pixels of its maps and the bars of its legends by style attributes.
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        # Browsers also hold what a form leads to against this.
        "form-action": [SELF, *([origin_of(OIDC_SERVER)] if OIDC_SERVER else [])],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Jobs ----------------------------------------------------------------------------------

CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A job may run for hours; a shorter time-out would hand it to a second worker meanwhile.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 3600, "socket_timeout": 10}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 3600
CELERY_TASK_TIME_LIMIT = 3660
CELERY_TASK_DEFAULT_QUEUE = "plenum"
CELERY_TASK_QUEUES = [Queue("plenum")]
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.1}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000
"""[kB]; a child that has grown past it is replaced after its task."""
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONCURRENCY = env_number("PLENUM_WORKERS", 2)
CELERY_TIMEZONE = "UTC"

# --- Logs ----------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "reference": {"()": "planner.logs.AddReference"},
        "secrets": {"()": "planner.logs.HideSecrets"},
    },
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(name)s [%(reference)s] %(message)s",
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["reference", "secrets"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"level": "WARNING"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
LOGGING_CONFIG = "logging.config.dictConfig"
