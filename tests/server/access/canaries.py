"""What is secret, and who may see it: each secret as it would look in an answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.models import Session

from server.accounts.models import ApiToken, User
from server.courses.models import Action
from server.courses.services import action_log
from tests.server.access.people import MEMBERS, PEOPLE, STAFF
from tests.server.access.secrets import (
    EXTENDED,
    MEMORY,
    PRACTICE,
    PRIVATE,
    PUBLIC,
    SECONDS,
    SIZES,
    TOO_GOOD,
    digest_of,
)
from tests.server.access.world import World

# Whoever runs the server may look at all rows of its tables.
OPERATOR = ("operator",)
OURS = (*STAFF, *OPERATOR)
THEIRS = ("foreign_assistant", "foreign_instructor", *OPERATOR)
TEAM = ("student", "teammate")
# Who sees what one of the people sent, and what came of it; who was removed sees no more.
SENT_BY = {
    "student": (*TEAM, *OURS),
    "classmate": ("classmate", *OURS),
    "removed": OURS,
    "stranger": ("stranger", *THEIRS),
}
STAFF_OF = {"student": OURS, "classmate": OURS, "removed": OURS, "stranger": THEIRS}


@dataclass(frozen=True)
class Canary:
    """Something secret.

    Attributes:
        texts: what an answer that holds it holds, in one or the other form.
        seen_by: who may see it, and does.
    """

    name: str
    texts: tuple[str, ...]
    seen_by: frozenset[str]


def canaries(world: World) -> list[Canary]:
    """All that is secret in a world."""
    action_log(
        course=world.cast.course,
        actor=world.cast.instructor,
        action=Action.COURSE_CREATE,
        subject="logged-in-spring",
    )
    return [
        *_of_submissions(world),
        *_of_evaluations(),
        *_of_courses(world),
        *_of_people(world),
        *_of_nobody(world),
    ]


def _canary(name: str, texts: Iterable[str], seen_by: Iterable[str]) -> Canary:
    return Canary(name, tuple(texts), frozenset(seen_by))


def _of_submissions(world: World) -> Iterator[Canary]:
    for name, evaluation in world.evaluations.items():
        submission, ended = evaluation.submission, evaluation.finished_at
        assert ended is not None
        of_course = set(STAFF_OF[name]) - {"operator"}
        yield _canary(f"exact end of {name}", [f"{ended:%H:%M:%S.%f}"], of_course)
        yield _canary(f"upload of {name}", [f"upload-of-{name}"], of_course)
        yield _canary(f"file name of {name}", [f"file-of-{name}"], SENT_BY[name])
        yield _canary(f"message of {name}", [f"message-of-{name}"], SENT_BY[name])
        yield _canary(f"sha256 of {name}", [submission.sha256], SENT_BY[name])
        yield _canary(f"id of {name}'s submission", [submission.public_id], SENT_BY[name])
        yield _canary(f"key of {name}'s upload", [submission.storage_key], OPERATOR)
    yield _canary("message of a failed one", ["message-of-failed"], SENT_BY["classmate"])
    yield _canary("error", ["error-told-to-staff"], OURS)


def _of_evaluations() -> Iterator[Canary]:
    for name, seen_by in SENT_BY.items():
        board = (*MEMBERS, *OPERATOR) if name != "stranger" else SENT_BY[name]
        yield _canary(f"public score of {name}", [f"{PUBLIC[name]}"], board)
        yield _canary(f"private score of {name}", [f"{PRIVATE[name]:.0f}"], STAFF_OF[name])
        practice = [f"{PRACTICE[name]}", f"{PRACTICE[name]:.4f}"]
        yield _canary(f"practice score of {name}", practice, seen_by)
        yield _canary(f"practice log of {name}", [f"practice-log-of-{name}"], seen_by)
        yield _canary(f"judged log of {name}", [f"judged-log-of-{name}"], STAFF_OF[name])
        yield _canary(f"caption of {name}", [f"caption-of-{name}"], seen_by)
        yield _canary(f"picture of {name}", [f"picture-of-{name}"], set(seen_by) - {"operator"})
        yield _canary(f"artifact of {name}", [digest_of(name)], seen_by)
        yield _canary(f"entry of {name}", [f"entry_of_{name}"], seen_by)
        size = [f"{SIZES[name]}", f"{SIZES[name] / 1e6:.0f} MB"]
        yield _canary(f"artifact's size of {name}", size, seen_by)
        # Participants are told them coarsely: exactly they would carry hidden inputs out.
        yield _canary(f"seconds of {name}", [f"{SECONDS[name]}"], STAFF_OF[name])
        memory = [f"{MEMORY[name]}", f"{MEMORY[name]:.0f} MB"]
        yield _canary(f"memory of {name}", memory, STAFF_OF[name])
        yield _canary(f"worker of {name}", [f"worker-of-{name}"], STAFF_OF[name])
    yield _canary("threshold of suspicion", [f"{TOO_GOOD}", f"{TOO_GOOD:.4f}"], OURS)
    yield _canary("worker's host", ["host-of-worker"], OPERATOR)
    yield _canary("worker's GPU", ["GPU-of-worker"], OPERATOR)


def _of_courses(world: World) -> Iterator[Canary]:
    cast = world.cast
    yield _canary("invite code", [cast.course.invite_code], OURS)
    yield _canary("other invite code", [cast.other_course.invite_code], THEIRS)
    yield _canary("other course", ["Autumn school"], ("stranger", *THEIRS))
    yield _canary("course's log", ["logged-in-spring"], OURS)
    yield _canary("announcement", ["Welcome to halves"], (*MEMBERS, *OPERATOR))
    yield _canary("other announcement", ["Welcome to far"], ("stranger", *THEIRS))
    for slug, seen_by in (("halves", SENT_BY["student"]), ("far", SENT_BY["stranger"])):
        at = EXTENDED[slug]
        texts = [f"{at:%Y-%m-%d}", f"{at:%d %b %Y}", f"{at:%b. %d, %Y}", f"{at:%B %d, %Y}"]
        yield _canary(f"extension in {slug}", texts, seen_by)


def _of_people(world: World) -> Iterator[Canary]:
    staff_of = {"removed": OPERATOR, "operator": OPERATOR} | dict.fromkeys(MEMBERS, OURS)
    for user in User.objects.order_by("pk"):
        seen_by = {user.username, *staff_of.get(user.username, THEIRS)}
        yield _canary(f"address of {user.username}", [user.email], seen_by)
    hint = ApiToken.objects.get(pk=world.keys["token"]).hint
    yield _canary("first characters of a token", [hint], ("student", *OPERATOR))


def _of_nobody(world: World) -> Iterator[Canary]:
    seed = (settings.VAR_DIR / "secret" / "seed").read_text().strip()
    tokens = [visitor.token for visitor in world.visitors.values() if visitor.token]
    yield _canary("labels and hidden inputs", ["labels-and-hidden-inputs"], ())
    yield _canary("statistics", ["statistics-of-"], ())
    yield _canary("predictions", ["predictions-of-"], ())
    yield _canary("seed", [seed], ())
    yield _canary("secret key", [settings.SECRET_KEY], ())
    yield _canary("passwords", [user.password for user in User.objects.all()], ())
    yield _canary("tokens", [world.token, *tokens], ())
    yield _canary("hashes of tokens", [token.hash for token in ApiToken.objects.all()], ())
    yield _canary("sessions", [session.session_key for session in Session.objects.all()], ())


def allowed(name: str, planted: Iterable[Canary]) -> set[str]:
    """The names of what one of the people may see."""
    assert name in PEOPLE
    return {canary.name for canary in planted if name in canary.seen_by}
