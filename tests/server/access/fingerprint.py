"""One text for all that the server keeps: whoever changes nothing leaves it as it is."""

import hashlib

from django.apps import apps
from django.conf import settings
from django.db import models

# Noted once a minute, whoever asks what.
LEFT_OUT = {("accounts", "apitoken", "last_used")}
# Archives are built when they are first asked for, of what anybody could build them of; a probe is
# gone at once, and leaves its folder.
CACHES = {"archives", "probes"}


def fingerprint() -> str:
    """Names the content of all tables, and the files in the storage."""
    digest = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        digest.update(f"{model._meta.db_table}\n".encode())
        for row in model._base_manager.order_by("pk").values_list(*_columns(model)):
            digest.update(f"{row}\n".encode())
    for path in sorted(settings.STORAGE_DIR.rglob("*")):
        relative = path.relative_to(settings.STORAGE_DIR)
        if relative.parts[0] not in CACHES:
            digest.update(f"{relative}\n".encode())
    return digest.hexdigest()


def _columns(model: type[models.Model]) -> list[str]:
    meta = model._meta
    return [
        field.attname
        for field in meta.concrete_fields
        if (meta.app_label, meta.model_name, field.name) not in LEFT_OUT
    ]
