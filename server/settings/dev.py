"""One machine without any service: what `make demo` and `make serve` use."""

from server.settings.base import *  # noqa: F403 - Django reads settings as one module's names

DEBUG = False  # Even here: a debug page shows settings, and memory grows with every query.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

INSTALLED_APPS += ["server.demo"]  # noqa: F405
