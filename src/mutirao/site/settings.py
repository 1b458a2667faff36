# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings of the installation, read from environment variables. Settings of a network live in its own tables."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent
DATA = Path(os.environ.get("MUTIRAO_DATA") or ROOT / "var")
DATA.mkdir(parents=True, exist_ok=True)


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.lower() in ("1", "true", "yes", "on", "sim")


def _secret() -> str:
    """The installation's secret: from the environment, or made once and kept readable by its owner only."""
    if given := os.environ.get("MUTIRAO_SECRET_KEY"):
        return given
    path = DATA / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        made = secrets.token_urlsafe(50)
        temporary = DATA / f".secret_key.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(made)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # whoever comes first wins; the other reads what is there
        temporary.unlink()
        return path.read_text().strip()


SECRET_KEY = _secret()
DEBUG = _flag("MUTIRAO_DEBUG", default=False)
ALLOWED_HOSTS = [host for host in os.environ.get("MUTIRAO_HOSTS", "*").split(",") if host]
HTTPS = _flag("MUTIRAO_HTTPS", default=False)
ADDRESS = os.environ.get("MUTIRAO_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
"""Where people reach this installation: for links in letters, which no request asks for."""
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("MUTIRAO_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "mutirao.site",
    "mutirao.purchasing",
    "mutirao.treasury",
    "mutirao.ledger",
    "mutirao.governance",
    "mutirao.payments",
    "mutirao.admission",
    "mutirao.territory",
    "mutirao.memory",
    "mutirao.catalogue",
    "mutirao.notices",
    "mutirao.network",
    "mutirao.kernel",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "template_partials",
    "rules",
]

MIDDLEWARE = [
    "mutirao.site.observing.ObservingMiddleware",
    "mutirao.site.streaming.StreamingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mutirao.site.api.door.ApiDoorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mutirao.site.offline.middleware.OfflineMiddleware",
    "mutirao.site.middleware.DeviceMiddleware",
    "mutirao.site.api.door.ApiTokenMiddleware",
    "mutirao.site.middleware.PersonLanguageMiddleware",
    "mutirao.site.middleware.NetworkMiddleware",
    "mutirao.site.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "mutirao.site.urls"
ASGI_APPLICATION = "mutirao.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mutirao.site.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "mutirao.kernel.templatetags.formats"],
        },
    },
]
FORM_RENDERER = "mutirao.site.templatetags.form_renderer.FormRenderer"

# --- Database -------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or "sqlite:///" + quote(str(DATA / "mutirao.sqlite3")),
        # Under ASGI every request runs in a thread of its own, and a connection belongs to its thread: one that is kept
        # is never used again and stays open until it is collected. Django too advises 0 here. A pool in front of
        # PostgreSQL (PgBouncer) keeps connections warm; whoever serves by WSGI threads may set a number of seconds.
        conn_max_age=int(os.environ.get("MUTIRAO_DB_MAX_AGE", "0")),
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Deferred transactions under WAL fail with lock errors as soon as two people write; IMMEDIATE ones queue.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;",
    }
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("MUTIRAO_TEST_DB")}
else:
    # Behind PgBouncer a cursor that outlives its transaction would be left on another connection.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    # Whoever looks which sessions are open (`./mutirao restore` does) reads whose they are.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("application_name", "mutirao")
TENANT_MODEL = "network.Network"

# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "network.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # a letter may take its time where the connection is weak
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "mutirao.network.accounts.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever owns the account learns of every change of its keys
# Wrong passwords and codes: for one account five in five minutes, for one address ten a minute.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/300s/key",
    # A whole assembly may sit behind one address.
    "login": f"{os.environ.get('MUTIRAO_SIGN_INS_PER_MINUTE', '120')}/m/ip",
}
MFA_ADAPTER = "mutirao.network.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "mutirao.network.account_forms.AuthenticateForm",
    "reauthenticate": "mutirao.network.account_forms.ReauthenticateByCodeForm",
    "activate_totp": "mutirao.network.account_forms.ActivateTOTPForm",
    "add_webauthn": "mutirao.network.account_forms.AddPasskeyForm",
    "edit_webauthn": "mutirao.network.account_forms.EditPasskeyForm",
}
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # without TLS browsers offer passkeys on the machine itself only
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
# The proxy in front is trusted to name the client only where the installation says so.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MUTIRAO_PROXIES", "0"))

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
if os.environ.get("MUTIRAO_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["MUTIRAO_SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("MUTIRAO_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("MUTIRAO_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("MUTIRAO_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = _flag("MUTIRAO_SMTP_TLS", default=True)
DEFAULT_FROM_EMAIL = os.environ.get("MUTIRAO_FROM_EMAIL", "mutirao@localhost")

# Where browsers let themselves be reached: the only addresses that web push is ever sent to.
PUSH_SERVICES = [
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
    *filter(None, os.environ.get("MUTIRAO_PUSH_SERVICES", "").split(",")),
]

# --- Language, time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", _("Português")), ("es", _("Espanhol")), ("fr", _("Francês")), ("en", _("Inglês"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True
USE_I18N = True

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashed names once collected; the plain finders while developing and testing.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _flag("MUTIRAO_COLLECTED_STATIC", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not _flag("MUTIRAO_COLLECTED_STATIC", default=False)
WHITENOISE_ROOT = Path(__file__).resolve().parent / "root"
"""What browsers and search engines ask for without being told: /favicon.ico, /robots.txt."""
WHITENOISE_AUTOREFRESH = DEBUG
# Counts of tries, and codes of the second step that were used, are shared by every process: of this machine in files,
# of several machines in Redis.
CACHE_URL = os.environ.get("MUTIRAO_CACHE_URL", "")
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL, "KEY_PREFIX": "mutirao",
    }
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if os.environ.get("MUTIRAO_CACHE") == "memory"
    else {
        "BACKEND": "mutirao.kernel.file_cache.SharedFileCache",
        "LOCATION": DATA / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}  # fmt: skip
MOST_REQUEST_BYTES = 64 * 1024 * 1024  # with its files; a proxy in front should say the same
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A needs list of a large round has two fields a good and enterprise on the technicians' table.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Safety ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mutirao.site.errors.csrf_failure"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # No other program under the same domain can set these for us.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30

# --- Background work ------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "mutirao.kernel.task_backend.JobTableBackend", "QUEUES": ["default"]}}
# amqp://… gives the ids of jobs to Celery on RabbitMQ; without it the processes that serve, or `./mutirao work`, look.
BROKER = os.environ.get("MUTIRAO_BROKER", "")
EMBEDDED_WORKER = _flag("MUTIRAO_EMBEDDED_WORKER", default=not BROKER)
JOB_LEASE_SECONDS = float(os.environ.get("MUTIRAO_JOB_LEASE", "60"))

# --- What the installation tells ------------------------------------------------------------------------------------
LOG_FORMAT = "json" if os.environ.get("MUTIRAO_LOG_FORMAT") == "json" else "plain"
SLOW_QUERY_SECONDS = float(os.environ.get("MUTIRAO_SLOW_QUERY_SECONDS", "0.5"))
METRICS_TOKEN = os.environ.get("MUTIRAO_METRICS_TOKEN", "")
# Whoever looks after the installation hears when no backup was made for so many hours; 0: none are expected.
BACKUP_HOURS = int(os.environ.get("MUTIRAO_BACKUP_HOURS", "0"))
# Besides the people who hold the operator's right.
OPERATOR_EMAIL = [
    address.strip() for address in os.environ.get("MUTIRAO_OPERATOR_EMAIL", "").split(",") if address.strip()
]
ERASURE_DAYS = int(os.environ.get("MUTIRAO_ERASURE_DAYS", "7"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_addresses": {"()": "mutirao.site.observing.WithoutAddresses"}},
    "formatters": {
        "plain": {
            "()": "mutirao.site.observing.PlainLines",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "mutirao.site.observing.JsonLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["without_addresses"]}
    },
    "root": {"handlers": ["console"], "level": os.environ.get("MUTIRAO_LOG_LEVEL", "WARNING")},
    # A line for each request where a machine reads them.
    "loggers": {"mutirao.request": {"level": "INFO" if LOG_FORMAT == "json" else "NOTSET"}},
}
