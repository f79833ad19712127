"""Diagnostics of an evaluation, and their pictures."""

from collections.abc import Sequence

from django.core.files.base import File

from server.refusals import NotFound
from server.submissions.models import Diagnostic
from server.submissions.selectors.access import SubmissionAccess
from server.submissions.storage import stored_open

NO_PICTURE = "There is no such picture of this submission."


def diagnostics_of(*, access: SubmissionAccess) -> Sequence[Diagnostic]:
    """Returns what is told of the latest evaluation, in its order; nothing before it has ended."""
    if access.evaluation.is_active:
        # Pages that wait ask every second.
        return []
    return list(Diagnostic.objects.filter(evaluation=access.evaluation).order_by("pk"))


def diagnostic_picture(*, access: SubmissionAccess, name: str) -> "File[bytes]":
    """Opens the picture of a diagnostic, a PNG.

    Raises:
        NotFound: there is no such diagnostic, or it has no picture.
    """
    found = Diagnostic.objects.filter(evaluation=access.evaluation, name=name).first()
    if found is None or not found.picture_key:
        raise NotFound(NO_PICTURE)
    return stored_open(key=found.picture_key, missing=NO_PICTURE)
