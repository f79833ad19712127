"""Reads STORAGE_URL: a folder of this machine, or a bucket of an S3-compatible server."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from server.settings import env

ADDRESSING = ("path", "virtual", "auto")
_OPTIONS = ("addressing", "region", "tls")
_FORMS = (
    "write file:///absolute/folder, s3://KEY:SECRET@host:port/bucket, or s3:///bucket?region=... "
    "for Amazon's own; a / in the secret is %2F"
)


@dataclass(frozen=True, slots=True)
class StorageChosen:
    """Where uploads and results are kept.

    Attributes:
        backend: Django's settings of it.
        folder: the folder, where it is one of this machine.
        shown: its URL without the secret, fit for a log.
    """

    backend: dict[str, Any] = field(repr=False)
    folder: Path | None
    shown: str


def storage(name: str, default: str) -> StorageChosen:
    """Turns a storage URL into Django's settings. What it says of a wrong one holds no secret.

    Args:
        name: the variable.
        default: the URL where it is not set.

    Raises:
        ImproperlyConfigured: the URL is of no storage that Springboard knows.
    """
    try:
        parts = urlsplit(env.text(name, default))
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a bad host or port; {_FORMS}.") from error
    if parts.scheme == "file":
        return _files(name, parts)
    if parts.scheme == "s3":
        return _bucket(name, parts, port)
    raise ImproperlyConfigured(f"{name} begins with {parts.scheme or 'no scheme'!r}; {_FORMS}.")


def _files(name: str, parts: SplitResult) -> StorageChosen:
    folder = Path(unquote(parts.path))
    if parts.netloc or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} names no folder of this machine; {_FORMS}.")
    return StorageChosen(
        backend={
            "BACKEND": "server.storage.synced_files.SyncedFiles",
            "OPTIONS": {
                "location": folder,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        },
        folder=folder,
        shown=f"file://{folder}",
    )


def _bucket(name: str, parts: SplitResult, port: int | None) -> StorageChosen:
    bucket = unquote(parts.path.strip("/"))
    if not bucket or "/" in bucket:
        raise ImproperlyConfigured(f"{name} must name one bucket after the host; {_FORMS}.")
    if bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured(
            f"{name} has only one of key and secret; {_FORMS}. Without both they come from where "
            "boto3 looks: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine."
        )
    options = _options(name, parts.query)
    host = parts.hostname and (f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname)
    place = f"{host or ''}{f':{port}' if port else ''}"
    scheme = "https" if options["tls"] == "1" else "http"
    return StorageChosen(
        backend={
            "BACKEND": "server.storage.bucket.Bucket",
            "OPTIONS": {
                "bucket_name": bucket,
                "access_key": unquote(parts.username) if parts.username else None,
                "secret_key": unquote(parts.password) if parts.password else None,
                "endpoint_url": f"{scheme}://{place}" if place else None,
                # Servers of one's own mostly have no regions, and all take this one.
                "region_name": options["region"] or ("us-east-1" if place else None),
                # A bucket of Amazon's has a name in the DNS; of others hardly one has.
                "addressing_style": options["addressing"] or ("path" if place else "auto"),
            },
        },
        folder=None,
        shown=f"s3://{place}/{bucket}",
    )


def _options(name: str, query: str) -> dict[str, str]:
    given = parse_qsl(query, keep_blank_values=True)
    options = {"addressing": "", "region": "", "tls": "1"} | dict(given)
    if unknown := sorted({key for key, _ in given} - set(_OPTIONS)):
        raise ImproperlyConfigured(
            f"{name} has the option {unknown[0]!r}; it may have {', '.join(_OPTIONS)}."
        )
    if options["tls"] not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} has tls={options['tls']!r}; write tls=1 or tls=0.")
    if options["addressing"] not in ("", *ADDRESSING):
        raise ImproperlyConfigured(
            f"{name} has addressing={options['addressing']!r}; write {' or '.join(ADDRESSING)}."
        )
    return options
