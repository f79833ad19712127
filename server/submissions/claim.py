"""What a worker holds while it judges."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """An evaluation that a worker has taken.

    Attributes:
        evaluation_id: its row.
        token: the fencing token: whatever the worker writes is refused once this is stale.
        public_id: its public id, for logs.
        submission: its submission's public id, for logs.
        queue: the queue that it waited in.
        task_slug: the task to judge with.
        task_version: the digest that the task's files must have.
        data_version: the digest that the prepared data must have.
        storage_key: where the upload lies.
        upload_sha256: the digest that the upload must have.
        filename: as the participant named the upload.
        longest: seconds after which something of ours hangs, whatever the task allows.
    """

    evaluation_id: int
    token: int
    public_id: str
    submission: str
    queue: str
    task_slug: str
    task_version: str
    data_version: str
    storage_key: str
    upload_sha256: str
    filename: str
    longest: float


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a worker hears when it reports that it lives.

    Attributes:
        is_ours: whether the claim still holds.
        cancel_requested: whether to stop.
    """

    is_ours: bool
    cancel_requested: bool = False
