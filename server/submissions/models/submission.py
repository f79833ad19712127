from django.conf import settings
from django.db import models
from django.db.models import Q

from server.competitions.models import Competition, Team
from server.ids import PUBLIC_ID_LENGTH, public_id
from server.plain_text import validate_plain_text


class Submission(models.Model):
    """One upload of a team; never changed.

    Attributes:
        filename: as the participant named it; never used as a path.
        size: bytes of the upload.
        sha256: digest of the upload.
        storage_key: where the storage keeps it.
        received_at: when the request arrived; the dates of the competition are held to it.
        idempotency_key: the key of the request, or empty.
    """

    public_id = models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=public_id, editable=False
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="submissions")
    competition = models.ForeignKey(
        Competition, on_delete=models.PROTECT, related_name="submissions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    message = models.CharField(max_length=200, blank=True, validators=[validate_plain_text])
    filename = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=100, unique=True)
    received_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="submission_idempotency_key_unique",
            )
        ]
        indexes = [
            models.Index(fields=["team", "received_at"]),
            models.Index(fields=["competition", "received_at"]),
        ]

    def __str__(self) -> str:
        return self.public_id
