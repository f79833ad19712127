"""The pages on which a course is run: who gets what."""

from tests.server.access.case import Case
from tests.server.access.policies import elsewhere, far_staff, instructors, known, only, staff
from tests.server.access.web_cases import model_file

COURSE = "/manage/spring/"
HALVES = "/competitions/halves/manage/"
OPEN = "/competitions/open/manage/"
LATER = {"closes_at": "2080-01-01T10:00"}
EXTENSION = {"team": "classmate", **LATER}
NEWS = {"title": "News", "text": "All is well."}
REVEAL = {"revealed": "yes"}
# A participant's own membership: one may always leave.
OWN = staff(200) | {"student": 200}

MANAGE_CASES = (
    Case(
        "/create-course/",
        get=only("operator", 200, 403), post=only("operator", 302, 403),
        body={"slug": "mine", "title": "Mine", "time_zone": "UTC"},
    ),
    Case(COURSE, get=staff(200)),
    Case("/manage/autumn/", get=far_staff(200)),
    Case("/manage/nowhere/", get=known(404)),
    Case(f"{COURSE}invite-code/", get=staff(200), post=staff(302)),
    Case(f"{COURSE}log/", get=staff(200)),
    Case(f"{COURSE}settings/", get=instructors(200), post=instructors(302),
         body={"cpu_fallback": "on"}),
    Case(f"{COURSE}members/", get=staff(200)),
    Case(f"{COURSE}members/{{student_member}}/remove/", get=OWN,
         post=staff(302) | {"student": 302}),
    Case(f"{COURSE}members/{{assistant_member}}/remove/", get=staff(200), post=staff(302)),
    Case(f"{COURSE}members/{{instructor_member}}/remove/", get=instructors(200),
         post=instructors(302)),
    Case(f"{COURSE}members/{{far_member}}/remove/", get=staff(404), post=staff(404)),
    Case(f"{COURSE}members/{{student_member}}/role/", get=instructors(200), post=instructors(302),
         body={"role": "assistant"}),
    Case(f"{COURSE}members/{{far_member}}/role/", get=instructors(404), post=instructors(404),
         body={"role": "assistant"}),
    Case(
        f"{COURSE}open/", get=staff(200), post=staff(302),
        body={
            "task": "{task}", "title": "Second", "opens_at": "2030-01-01T10:00",
            "closes_at": "2030-02-01T10:00", "daily_limit": "5", "invalid_daily_limit": "20",
            "queue_limit": "5", "visibility": "course", "kind": "standard",
        },
    ),
    Case(HALVES, get=staff(200)),
    Case(OPEN, get=staff(200, outside=403)),
    Case("/competitions/nowhere/manage/", get=known(404)),
    # Without the name of what the form showed, nothing is saved.
    Case(f"{HALVES}edit/", get=staff(200), post=staff(422)),
    Case(f"{OPEN}edit/", get=staff(200, outside=403), post=staff(422, outside=403)),
    Case(f"{HALVES}deadline/", post=staff(302), body=LATER),
    Case(f"{OPEN}deadline/", post=staff(302, outside=403), body=LATER),
    Case(f"{HALVES}extensions/", post=staff(302), body=EXTENSION),
    Case(f"{OPEN}extensions/", post=staff(302, outside=403), body=EXTENSION),
    Case(f"{HALVES}extensions/{{extension}}/withdraw/", post=staff(302)),
    Case(f"{HALVES}extensions/{{far_extension}}/withdraw/", post=staff(404)),
    Case(f"{HALVES}reveal/", get=instructors(200), post=instructors(302), body=REVEAL),
    Case(f"{OPEN}reveal/", get=instructors(200, outside=403), post=instructors(302, outside=403),
         body=REVEAL),
    Case(f"{HALVES}announce/", get=staff(200), post=staff(302), body=NEWS),
    Case(f"{OPEN}announce/", get=staff(200, outside=403), post=staff(302, outside=403), body=NEWS),
    *(
        Case(f"{HALVES}announcements/{{announcement}}/{page}/", get=staff(200), post=staff(302),
             body=NEWS)
        for page in ("edit", "delete")
    ),
    *(
        Case(f"{HALVES}announcements/{{far_announcement}}/{page}/", get=staff(404),
             post=staff(404), body=NEWS)
        for page in ("edit", "delete")
    ),
    Case(f"{HALVES}judge-again/", post=staff(302)),
    Case(f"{OPEN}judge-again/", post=staff(302, outside=403)),
    Case("/competitions/far/manage/judge-again/", post=far_staff(302)),
    Case("/submissions/{failed}/judge-again/", post=staff(302) | {"student": 404, "teammate": 404}),
    Case("/submissions/{submission}/judge-again/", post=staff(302) | {"classmate": 404}),
    Case("/submissions/{far_submission}/judge-again/", post=far_staff(302)),
    Case("/submissions/{unknown}/judge-again/", post=known(404)),
    Case(f"{HALVES}submissions/", get=staff(200)),
    Case(f"{OPEN}submissions/", get=staff(200, outside=403)),
    Case("/competitions/far/manage/submissions/", get=far_staff(200)),
    # The other way round: whoever runs this course is nobody in the other one.
    Case("/competitions/far/manage/reveal/",
         get=far_staff(403) | {"foreign_instructor": 200},
         post=far_staff(403) | {"foreign_instructor": 302},
         body=REVEAL),
    *(
        Case(f"/competitions/far/{page}", get=elsewhere(200))
        for page in ("", "data/", "kit/", "submissions/", "leaderboard/")
    ),
    Case("/competitions/far/submit/", get=elsewhere(200), post=elsewhere(302), body=model_file),
    Case("/c/far/wall", get=elsewhere(200)),
    Case("/competitions/far/manage/", get=far_staff(200)),
    *(Case(f"/submissions/{{far_submission}}/{page}", get=elsewhere(200))
      for page in ("", "status/")),
    Case("/competitions/later/manage/", get=staff(200)),
)  # fmt: skip
