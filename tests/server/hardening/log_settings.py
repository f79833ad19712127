"""The tests' settings for a server that logs all it can, and that has an operator to mail to."""

from server.settings.test import *  # noqa: F403 - Django reads settings as one module's names
from server.settings.test import AUTH_PASSWORD_VALIDATORS, VAR_DIR

ADMINS = [("Operator", "operator@example.org")]
SERVER_EMAIL = "server@example.org"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mails"
AUTHENTICATION_BACKENDS = [
    "tests.server.hardening.faults.FailingBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    *AUTH_PASSWORD_VALIDATORS,
    {"NAME": "tests.server.hardening.faults.FailingValidator"},
]
