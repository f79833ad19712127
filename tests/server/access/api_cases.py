"""The API: who gets what."""

from tests.server.access.case import Case
from tests.server.access.policies import (
    elsewhere,
    everyone,
    far_staff,
    instructors,
    known,
    members,
    only,
    owners,
    staff,
)
from tests.server.access.web_cases import WATCHED, model_file

V1 = "/api/v1/"
COURSE = f"{V1}courses/spring"
HALVES = f"{V1}competitions/halves"
OPEN = f"{V1}competitions/open"
FAR = f"{V1}competitions/far"
NOWHERE = f"{V1}competitions/nowhere"
PASSWORD = {"username": "student", "password": "correct horse battery", "name": "phone"}
NEWS = {"title": "News", "text": "All is well."}
EXTENSION = {"team": "classmate", "closes_at": "2090-01-01T10:00"}
MEMBERS_OF_OPEN = members(200, outside=403)
STAFF_OF_OPEN = staff(200, outside=403)
# Not before it begins, but for those who open it.
BEGUN = staff(200)
CLASSMATES = members(200) | {"student": 404, "teammate": 404}
REMOVEDS = staff(200) | dict.fromkeys(("student", "teammate", "classmate"), 404)
FOREIGN_INSTRUCTOR = far_staff(403) | {"foreign_instructor": 200}
ONES = (
    ("submission", owners(200)),
    ("classmates", CLASSMATES),
    ("failed", CLASSMATES),
    ("removeds", REMOVEDS),
    ("far_submission", elsewhere(200)),
    ("unknown", known(404)),
)

API_CASES = (
    Case("/api/schema/", get=everyone(200)),
    Case("/api/docs/", get=everyone(200), options=everyone(405)),
    Case("/api/v1/no/such/address", **dict.fromkeys(
        ("get", "post", "put", "patch", "delete", "options"), everyone(404))),
    Case(f"{V1}operations", get=only("operator", 200)),
    Case(f"{V1}me", get=known(200)),
    Case(f"{V1}tokens", get=known(200), post=everyone(201), body=PASSWORD),
    Case(f"{V1}tokens/{{token}}", delete=only("student", 204)),
    Case(f"{V1}courses", get=known(200), post=only("operator", 201, 403),
         body={"slug": "mine", "title": "Mine", "time_zone": "Europe/Prague"}),
    Case(f"{V1}courses/join", post=known(200), body={"invite_code": "{far_code}"}),
    Case(COURSE, get=members(200), patch=instructors(200), body={"cpu_fallback": True}),
    Case(f"{V1}courses/autumn", get=elsewhere(200), patch=FOREIGN_INSTRUCTOR,
         body={"cpu_fallback": True}),
    *(
        Case(f"{V1}courses/autumn/{what}", get=far_staff(200))
        for what in ("members", "log", "log.csv", "tasks")
    ),
    Case(f"{FAR}/settings", get=far_staff(200), patch=far_staff(200), body={"daily_limit": 9}),
    Case(f"{FAR}/extensions", get=far_staff(200), post=far_staff(201),
         body=EXTENSION | {"team": "stranger"}),
    Case(f"{FAR}/announcements", get=elsewhere(200), post=far_staff(201), body=NEWS),
    *(Case(f"{FAR}/{what}", get=elsewhere(200)) for what in ("kit", "data", "leaderboard")),
    Case(f"{V1}courses/nowhere", get=known(404), patch=known(404), body={"cpu_fallback": True}),
    Case(f"{COURSE}/invite-code", post=staff(200)),
    Case(f"{COURSE}/members", get=staff(200)),
    # The student's own membership: one may always leave.
    Case(f"{COURSE}/members/{{student_member}}", patch=instructors(200),
         delete=staff(204) | {"student": 204}, body={"role": "assistant"}),
    Case(f"{COURSE}/members/{{assistant_member}}", patch=instructors(200), delete=staff(204),
         body={"role": "instructor"}),
    Case(f"{COURSE}/members/{{instructor_member}}", patch=instructors(409),
         delete=instructors(409), body={"role": "assistant"}),
    # Whether somebody is a member is the staff's to know.
    Case(f"{COURSE}/members/{{far_member}}", patch=instructors(404), delete=staff(404),
         body={"role": "assistant"}),
    Case(f"{COURSE}/log", get=staff(200)),
    Case(f"{COURSE}/log.csv", get=staff(200)),
    Case(f"{COURSE}/tasks", get=staff(200)),
    Case(f"{COURSE}/competitions", post=staff(201), body={
        "task": "{task}", "title": "Second", "opens_at": "2030-01-01T10:00",
        "closes_at": "2030-02-01T10:00"}),
    Case(f"{V1}competitions", get=everyone(200)),
    Case(HALVES, get=members(200)),
    Case(OPEN, get=WATCHED),
    Case(FAR, get=elsewhere(200)),
    Case(NOWHERE, get=known(404)),
    Case(f"{OPEN}/", get=everyone(404), post=everyone(404), put=everyone(404),
         patch=everyone(404), delete=everyone(404), options=everyone(404)),
    *(
        Case(f"{V1}competitions/{slug}/{what}", get=policy)
        for what in ("kit", "data")
        for slug, policy in (
            ("halves", members(200)), ("later", BEGUN), ("open", MEMBERS_OF_OPEN),
            ("nowhere", known(404)),
        )
    ),
    Case(f"{HALVES}/leaderboard", get=members(200)),
    Case(f"{HALVES}/leaderboard?split=private", get=staff(200)),
    Case(f"{OPEN}/leaderboard", get=WATCHED),
    Case(f"{OPEN}/leaderboard?split=private", get=STAFF_OF_OPEN),
    Case(f"{NOWHERE}/leaderboard", get=known(404)),
    Case(f"{HALVES}/submissions", get=members(200), post=members(202), body=model_file),
    Case(f"{OPEN}/submissions", get=MEMBERS_OF_OPEN, post=members(202, outside=403),
         body=model_file),
    Case(f"{V1}competitions/later/submissions", get=members(200), post=members(403),
         body=model_file),
    Case(f"{NOWHERE}/submissions", get=known(404), post=known(404), body=model_file),
    Case(f"{HALVES}/settings", get=staff(200), patch=staff(200), body={"daily_limit": 9}),
    Case(f"{OPEN}/settings", get=STAFF_OF_OPEN, patch=STAFF_OF_OPEN, body={"daily_limit": 9}),
    *(
        Case(f"{V1}competitions/{slug}/{what}", post=policy)
        for what in ("reveal", "unreveal")
        for slug, policy in (
            ("halves", instructors(200)), ("open", instructors(200, outside=403)),
            ("nowhere", known(404)),
        )
    ),
    Case(f"{HALVES}/extensions", get=staff(200), post=staff(201), body=EXTENSION),
    Case(f"{OPEN}/extensions", get=STAFF_OF_OPEN, post=staff(201, outside=403), body=EXTENSION),
    Case(f"{HALVES}/extensions/{{extension}}", delete=staff(204)),
    Case(f"{HALVES}/extensions/{{far_extension}}", delete=staff(404)),
    Case(f"{HALVES}/announcements", get=members(200), post=staff(201), body=NEWS),
    Case(f"{OPEN}/announcements", get=WATCHED, post=staff(201, outside=403), body=NEWS),
    Case(f"{HALVES}/announcements/{{announcement}}", patch=staff(200), delete=staff(204),
         body={"text": "All is better."}),
    Case(f"{HALVES}/announcements/{{far_announcement}}", patch=staff(404), delete=staff(404),
         body={"text": "All is better."}),
    *(
        Case(f"{V1}competitions/{slug}/{what}", get=policy)
        for what in ("all-submissions", "submissions.csv", "standings.csv")
        for slug, policy in (
            ("halves", staff(200)), ("open", STAFF_OF_OPEN), ("nowhere", known(404)),
            ("far", far_staff(200)),
        )
    ),
    *(
        Case(f"{V1}submissions/{{{key}}}{part}", get=policy)
        for part in ("", "/diagnostics")
        for key, policy in ONES
    ),
    *(
        # What failed has no pictures.
        Case(f"{V1}submissions/{{{key}}}/diagnostics/error_by_stratum.png",
             get=known(404) if key == "failed" else policy)
        for key, policy in ONES
    ),
    Case(f"{V1}submissions/{{submission}}/diagnostics/nothing.png", get=known(404)),
    # The student's own upload is the student's already.
    Case(f"{V1}submissions/{{submission}}/upload",
         get=owners(200) | dict.fromkeys(("student", "teammate"), 403)),
    Case(f"{V1}submissions/{{classmates}}/upload",
         get=CLASSMATES | {"classmate": 403}),
    Case(f"{V1}submissions/{{far_submission}}/upload", get=far_staff(200)),
    Case(f"{V1}submissions/{{removeds}}/upload", get=REMOVEDS),
    Case(f"{V1}submissions/{{failed}}/judge-again", post=staff(200) | {
        "student": 404, "teammate": 404}),
    Case(f"{V1}submissions/{{waiting}}/judge-again", post=staff(409) | {"classmate": 404}),
    Case(f"{V1}submissions/{{submission}}/judge-again", post=staff(409) | {"classmate": 404}),
    Case(f"{V1}submissions/{{far_submission}}/judge-again",
         post=far_staff(409)),
    Case(f"{V1}submissions/{{unknown}}/judge-again", post=known(404)),
    *(
        Case(f"{V1}competitions/{slug}/judge-again", post=policy)
        for slug, policy in (
            ("halves", staff(200)), ("open", STAFF_OF_OPEN), ("nowhere", known(404)),
            ("far", far_staff(200)),
        )
    ),
    Case(f"{V1}submissions/{{waiting}}/cancel", post=owners(200)),
    Case(f"{V1}submissions/{{submission}}/cancel", post=owners(409)),
    Case(f"{V1}submissions/{{unknown}}/cancel", post=known(404)),
)  # fmt: skip
