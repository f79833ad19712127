"""What each of the cast gets at the addresses with which a course is run."""

from tests.server.api.case import Case

PEOPLE = (
    "student", "classmate", "assistant", "instructor",
    "stranger", "foreign_assistant", "foreign_instructor", "anonymous",
)  # fmt: skip
ELSEWHERE = (404, 404, 404, 401)


def members(status: int) -> tuple[int, ...]:
    return (status,) * 4 + ELSEWHERE


def staff(status: int) -> tuple[int, ...]:
    return (403, 403, status, status, *ELSEWHERE)


def instructors(status: int) -> tuple[int, ...]:
    return (403, 403, 403, status, *ELSEWHERE)


def _competition() -> dict[str, object]:
    return {
        "task": "{task}",
        "title": "Second",
        "opens_at": "2030-01-01T10:00",
        "closes_at": "2030-02-01T10:00",
    }


def _extension() -> dict[str, object]:
    return {"team": "classmate", "closes_at": "2090-01-01T10:00"}


MANAGE_CASES = [
    Case(
        "post",
        "courses",
        (201,) * 7 + (401,),
        lambda: {"slug": "mine", "title": "Mine", "time_zone": "Europe/Prague"},
    ),
    Case("get", "courses/spring", members(200)),
    Case("get", "courses/nowhere", (404,) * 7 + (401,)),
    Case("patch", "courses/spring", instructors(200), lambda: {"cpu_fallback": True}),
    Case("post", "courses/spring/invite-code", staff(200)),
    Case("get", "courses/spring/members", staff(200)),
    # The student's own membership: one may always leave.
    Case("delete", "courses/spring/members/{student}", (204, 403, 204, 204, *ELSEWHERE)),
    Case("delete", "courses/spring/members/{assistant}", (403, 403, 204, 204, *ELSEWHERE)),
    Case("delete", "courses/spring/members/{instructor}", (403, 403, 403, 409, *ELSEWHERE)),
    Case("delete", "courses/spring/members/{stranger}", (404,) * 7 + (401,)),
    Case(
        "patch",
        "courses/spring/members/{student}",
        instructors(200),
        lambda: {"role": "assistant"},
    ),
    Case("get", "courses/spring/log", staff(200)),
    Case("get", "courses/spring/tasks", staff(200)),
    Case("post", "courses/spring/competitions", staff(201), _competition),
    Case("get", "competitions/halves/settings", staff(200)),
    Case("patch", "competitions/halves/settings", staff(200), lambda: {"daily_limit": 9}),
    Case("post", "competitions/halves/reveal", instructors(200)),
    Case("post", "competitions/halves/unreveal", instructors(200)),
    Case("get", "competitions/halves/extensions", staff(200)),
    Case("post", "competitions/halves/extensions", staff(201), _extension),
    Case("delete", "competitions/halves/extensions/{extension}", staff(204)),
    Case("get", "competitions/halves/announcements", members(200)),
    Case(
        "post",
        "competitions/halves/announcements",
        staff(201),
        lambda: {"title": "News", "text": "All is well."},
    ),
    Case(
        "patch",
        "competitions/halves/announcements/{announcement}",
        staff(200),
        lambda: {"text": "All is better."},
    ),
    Case("delete", "competitions/halves/announcements/{announcement}", staff(204)),
    Case("get", "competitions/halves/all-submissions", staff(200)),
    Case("get", "competitions/halves/submissions.csv", staff(200)),
    Case("get", "competitions/halves/standings.csv", staff(200)),
    # The student's own upload is the student's already; a classmate may not know of it.
    Case("get", "submissions/{submission}/upload", (403, 404, 200, 200, *ELSEWHERE)),
    # Whoever may watch a public competition reads its announcements, and no more.
    Case("get", "competitions/open/announcements", (200,) * 8),
    Case("get", "competitions/open/settings", (403, 403, 200, 200, 403, 403, 403, 401)),
    Case("get", "competitions/open/all-submissions", (403, 403, 200, 200, 403, 403, 403, 401)),
    Case("get", "competitions/open/standings.csv", (403, 403, 200, 200, 403, 403, 403, 401)),
    Case("post", "competitions/open/reveal", (403, 403, 403, 200, 403, 403, 403, 401)),
]
