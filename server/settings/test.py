"""Tests: a database file of their own, since threads can't share one in memory."""

import atexit
import os
import shutil
import tempfile

# Workers and web servers that a test starts as processes of their own inherit the folder.
if "SPRINGBOARD_VAR" not in os.environ:
    os.environ["SPRINGBOARD_VAR"] = tempfile.mkdtemp(prefix="springboard-test-")
    atexit.register(shutil.rmtree, os.environ["SPRINGBOARD_VAR"], ignore_errors=True)

from server.settings.base import *  # noqa: E402, F403
from server.settings.base import DATABASES, REST_FRAMEWORK, VAR_DIR  # noqa: E402

DATABASES["default"].setdefault("TEST", {})["NAME"] = (
    VAR_DIR / "test.sqlite3" if "sqlite3" in DATABASES["default"]["ENGINE"] else None
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
REST_FRAMEWORK = REST_FRAMEWORK | {"TEST_REQUEST_DEFAULT_FORMAT": "json"}
