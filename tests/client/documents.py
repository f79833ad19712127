"""What a server says of a competition and of a submission, as JSON."""

from typing import Any

COMPETITION: dict[str, Any] = {
    "slug": "halves",
    "title": "Halves",
    "course": {"slug": "spring", "title": "Spring school", "time_zone": "Europe/Prague"},
    "task": {"slug": "halves", "title": "Halves", "summary": "Left or right?"},
    "opens_at": "2026-01-01T00:00:00Z",
    "closes_at": "2036-01-01T00:00:00Z",
    "is_open": True,
    "metrics": [
        {"name": "log_loss", "title": "Log loss", "direction": "minimize", "digits": 4},
    ],
    "limits": {"wall_seconds": 60, "memory_mb": 512, "cpus": 1, "artifact_mb": 1},
    "quota": {"limit": 5, "used": 1, "left": 4, "resets_at": "2026-01-02T00:00:00Z"},
}
SUBMISSION: dict[str, Any] = {
    "id": "abc123",
    "url": "http://127.0.0.1/api/v1/submissions/abc123",
    "competition": "halves",
    "team": "student",
    "author": "student",
    "note": "first",
    "filename": "model.zip",
    "size": 100,
    "received_at": "2026-01-01T12:00:00Z",
    "status": "queued",
    "verdict": None,
    "message": None,
    "scores": [],
    "queue_position": 1,
    "practice_log": "",
    "practice_log_dropped": 0,
}
SCORES = [
    {"metric": "log_loss", "split": "public", "value": 0.25, "low": 0.2, "high": 0.3},
]
SCORED = SUBMISSION | {"status": "done", "verdict": "scored", "scores": SCORES}
ROW: dict[str, Any] = {
    "rank": 1,
    "team": "student",
    "score": {"metric": "log_loss", "value": 0.25, "low": 0.2, "high": 0.3},
    "secondary": [{"metric": "accuracy", "value": 0.9, "low": 0.8, "high": 1.0}],
    "submissions": 2,
    "submitted_at": "2026-01-01T12:00:00Z",
}
