"""Settings that all installations share; dev, production and test build on them."""

import logging
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from evaluators.installation import data_folder, secret_text
from server.settings import env
from server.settings.storage_url import storage

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.text("SPRINGBOARD_VAR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

TASKS_DIR = Path(env.text("SPRINGBOARD_TASKS", str(BASE_DIR / "tasks"))).resolve()
KITS_DIR = Path(env.text("SPRINGBOARD_KITS", str(BASE_DIR / "starter_kits"))).resolve()
DATA_DIR = data_folder(VAR_DIR)
# The best sandbox that works here, or the name of one.
SANDBOX = env.text("SPRINGBOARD_SANDBOX", "auto")
# Who may create courses: operators only, or everybody with an account. A course's staff open any
# task as a competition, and so see its hidden items.
COURSE_CREATION = env.choice("SPRINGBOARD_COURSE_CREATION", ("staff", "anyone"))

DEBUG = False
SECRET_KEY = env.text(
    "SECRET_KEY", secret_text(VAR_DIR / "secret" / "django_key", lambda: secrets.token_urlsafe(50))
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
# What links in mails begin with; the host that was asked, where it is not set.
SITE_URL = env.site("SITE_URL", "")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "bootstrap",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "server.accounts",
    "server.courses",
    "server.competitions",
    "server.submissions",
    "server.leaderboards",
    "server.api",
    "server.backup",
    "server.web",
]

MIDDLEWARE = [
    # First, so that no answer is without: neither a refused host's nor a file's.
    "server.security.security_headers",
    "server.logs.request_id.request_id",
    "server.operations.probes.probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "server.urls"
WSGI_APPLICATION = "server.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Transactions are short and where they are needed: never around an upload.
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Two weeks after the log-in, wherever it was: students use machines of the school too.
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = SESSION_COOKIE_AGE
DEVICE_COOKIE_NAME = "device"
PASSWORD_RESET_TIMEOUT = 24 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGE = storage("STORAGE_URL", f"file://{VAR_DIR / 'storage'}")
# As it may be told; its secret is nowhere but in the backend's settings.
STORAGE_URL = STORAGE.shown
# The storage, where it is a folder; else where files lie on their way there.
STORAGE_DIR = STORAGE.folder or VAR_DIR / "storage"
STORAGES = {
    "default": STORAGE.backend,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Copies of what lies in a storage elsewhere; those that were used longest ago go first.
COPIES_DIR = VAR_DIR / "copies"
COPIES_BYTES = env.count("SPRINGBOARD_CACHE_MB", 5000) * 1024 * 1024

# Uploads pass through files on the storage's own disk, so that keeping one is a new name for it.
FILE_UPLOAD_TEMP_DIR = STORAGE_DIR / "incoming"
STORAGE_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
# Where a submission is received, a handler of its own takes the place of this one.
FILE_UPLOAD_HANDLERS = ["server.no_files.NoFiles"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1

CELERY_BROKER_URL = env.broker("BROKER_URL", "filesystem://")
# Whoever submits does not wait for a broker that is down: the next sweep rings instead.
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0,
    "connect_retries_timeout": 2,
}
if CELERY_BROKER_URL.startswith("filesystem://"):
    BROKER_DIR = VAR_DIR / "broker"
    BROKER_DIR.mkdir(mode=0o700, exist_ok=True)
    for folder in ("messages", "control"):
        (BROKER_DIR / folder).mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    # One that neither answers nor refuses would be waited for without end.
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_connect_timeout": 2, "socket_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker for as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
# The database is the truth: a lost message is made good by the sweep, a second one finds nothing.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_TIMEZONE = "UTC"
# A worker that is silent for so long is taken for dead; it reports six times as often.
LEASE_SECONDS = env.integer("SPRINGBOARD_LEASE_SECONDS", 30)
if LEASE_SECONDS < 2:
    raise ImproperlyConfigured(
        f"SPRINGBOARD_LEASE_SECONDS is {LEASE_SECONDS}; write 2 or more, all workers the same."
    )
# A worker that is told to end and has not finished by then gives back what it judges.
STOP_SECONDS = env.count("SPRINGBOARD_STOP_SECONDS", 80)
SWEEP_SECONDS = env.integer("SPRINGBOARD_SWEEP_SECONDS", 15)
STORAGE_SWEEP_SECONDS = 6 * 3600.0
SESSIONS_SWEEP_SECONDS = 24 * 3600.0
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "leaderboards.sweep",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS},
    },
    "storage": {
        "task": "submissions.storage_sweep",
        "schedule": STORAGE_SWEEP_SECONDS,
        "options": {"expires": STORAGE_SWEEP_SECONDS},
    },
    "sessions": {
        "task": "accounts.sessions_sweep",
        "schedule": SESSIONS_SWEEP_SECONDS,
        "options": {"expires": SESSIONS_SWEEP_SECONDS},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# Where mail goes: printed, until a server is named.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "springboard@localhost")
if EMAIL_URL := env.text("EMAIL_URL", ""):
    mail = urlsplit(EMAIL_URL)
    if mail.scheme not in {"smtp", "smtps"} or not mail.hostname:
        raise ImproperlyConfigured("EMAIL_URL must be smtp://user:password@host:587 or smtps://...")
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = mail.hostname, mail.port or (465 if mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        unquote(mail.username or ""),
        unquote(mail.password or ""),
    )
    EMAIL_USE_SSL, EMAIL_USE_TLS = mail.scheme == "smtps", mail.scheme == "smtp"
    EMAIL_TIMEOUT = 15

CACHES = {
    "default": {
        # Throttles count in it: all web processes of this machine together.
        "BACKEND": "server.file_cache.FileCache",
        "LOCATION": str(VAR_DIR / "cache.sqlite3"),
    }
}
if CACHE_URL := env.text("CACHE_URL", ""):
    if not CACHE_URL.startswith(("redis://", "rediss://")):
        # No word of the URL itself: it may have a password.
        raise ImproperlyConfigured(
            "CACHE_URL is of no cache known here; write redis://host:6379/0."
        )
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
    }

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "server.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "server.api.schema.ProblemSchema",
    "DEFAULT_THROTTLE_CLASSES": ["server.api.throttles.UserThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "user": "600/min",
        "join": "20/min",
        "password_device": "10/min",
        "password_here": "10/min",
        "password_here_hour": "30/hour",
        "password_account": "100/hour",
        # Behind one address may sit a whole class: of its passwords only wrong ones count.
        "password_address": "120/min",
        "sign_up": "500/hour",
        "link_email": "5/hour",
        "link_address": "100/hour",
    },
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "server.api.negotiation.LenientNegotiation",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "server.api.errors.problem_response",
    "NUM_PROXIES": env.count("NUM_PROXIES", 0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Springboard",
    "DESCRIPTION": "Competitions, submissions and leaderboards of machine-learning courses.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {"KindEnum": "server.competitions.models.Kind.choices"},
}

# Who bears it may read the metrics; without one, whoever asks on this machine.
METRICS_TOKEN = env.secret("METRICS_TOKEN", least=20)
# Lines for people, or an object a line for machines.
LOG_FORMAT = env.choice("LOG_FORMAT", ("text", "json"))
# Of what Python warns, too.
logging.captureWarnings(LOG_FORMAT == "json")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "server.logs.text.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "server.logs.json_lines.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    # Without the framework's handler that mails failures: with them it mails what was sent.
    "loggers": {"django": {"handlers": []}},
}
