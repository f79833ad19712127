"""A server that others reach: starts only when its secrets and hosts are given."""

from django.core.exceptions import ImproperlyConfigured

from server.settings import env
from server.settings.base import *  # noqa: F403 - Django reads settings as one module's names
from server.settings.base import REST_FRAMEWORK, STORAGES

SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY has fewer than 50 characters; make a long random one.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS has a *, so that anyone could make the server speak of a host of theirs; "
        "write its own names."
    )
# A link that sets a password never leads to where a request's Host header points, not even to
# another port of this machine.
SITE_URL = env.site("SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}")
CSRF_TRUSTED_ORIGINS = env.words(
    "CSRF_TRUSTED_ORIGINS", ",".join(f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS)
)

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
DEVICE_COOKIE_NAME = "__Host-device"
if env.flag("BEHIND_PROXY", default=True):
    # Only behind a proxy that sets these headers itself; otherwise a client could forge them.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    REST_FRAMEWORK = REST_FRAMEWORK | {"NUM_PROXIES": env.count("NUM_PROXIES", 1)}
if not env.text("EMAIL_URL", ""):
    # Printed mails would leave links that set passwords in the log.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
}
