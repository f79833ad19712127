from django.db import models


class Artifact(models.Model):
    """A submission's validated files, known by their content; never changed.

    Attributes:
        digest: sha256 of the normalised tree.
        size: bytes, unpacked.
        entry: the file that is loaded.
        kind: how it is loaded.
    """

    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    files = models.PositiveIntegerField()
    entry = models.CharField(max_length=1000)
    kind = models.CharField(max_length=20)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"
