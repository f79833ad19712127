"""The pages: who gets what."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.server.access.case import Case
from tests.server.access.policies import everyone, guests, known, members, only, owners, staff


def model_file() -> dict[str, object]:
    return {"file": SimpleUploadedFile("model.py", b"class Model: ..."), "message": "a try"}


SIGN_UP = {
    "username": "newcomer",
    "email": "newcomer@example.org",
    "password": "correct horse battery",
}
# Whoever may watch a public competition: but for those outside the course only to watch.
WATCHED = everyone(200)
# There is a token for the metrics, and nobody bears it.
METRICS = everyone(404) | {"operator": 200}
TAKES_PART = members(200, outside=403)

WEB_CASES = (
    Case("/", get=everyone(200)),
    Case("/healthz", get=everyone(200)),
    Case("/readyz", get=everyone(200)),
    Case("/metrics", get=METRICS),
    Case("/operations/", get=only("operator", 200)),
    Case("/signup/", get=guests(200), post=guests(302), body=SIGN_UP),
    # Django's own views: a PUT is a POST without fields, and who is logged in is led on.
    Case(
        "/login/",
        get=guests(200), post=guests(200), put=guests(200), patch=guests(405), delete=guests(405),
        options=guests(200), body={"username": "student", "password": "wrong"},
    ),
    Case("/logout/", post=everyone(302)),
    Case(
        "/password/",
        get=everyone(200), post=everyone(302), put=everyone(200), options=everyone(200),
        body={"email": "student@example.org"},
    ),
    Case("/password/sent/", get=everyone(200), options=everyone(200)),
    # Of a link that is not valid it says so, whatever is asked.
    Case(
        "/password/x/y/",
        **dict.fromkeys(("get", "post", "put", "patch", "delete", "options"), everyone(200)),
    ),
    Case("/account/", get=known(200), post=known(200), body={"name": "laptop"}),
    Case("/account/tokens/{token}/revoke/", post=only("student", 302)),
    Case("/account/tokens/0/revoke/", post=known(404)),
    # The students' package: pip does not log in.
    Case("/client/{wheel}", get=everyone(200)),
    Case("/client/other-1.0-py3-none-any.whl", get=everyone(404)),
    Case("/join/", get=known(200), post=known(302), body={"invite_code": "{far_code}"}),
    Case("/join/{far_code}/", get=everyone(200), post=known(302) | {"anonymous": 200}),
    Case("/join/no-such-code/", get=everyone(200), post=known(422) | {"anonymous": 200}),
    *(
        Case(f"/competitions/{slug}/{page}", get=policy)
        for page in ("", "data/", "kit/", "leaderboard/")
        for slug, policy in (
            ("halves", members(200)),
            ("later", members(200)),
            ("open", WATCHED),
            ("nowhere", known(404)),
        )
    ),
    Case("/competitions/halves/submit/", get=members(200), post=members(302), body=model_file),
    Case("/competitions/open/submit/", get=TAKES_PART, post=TAKES_PART | members(302, 403),
         body=model_file),
    Case("/competitions/later/submit/", get=members(200), post=members(403), body=model_file),
    Case("/competitions/nowhere/submit/", get=known(404), post=known(404), body=model_file),
    Case("/competitions/halves/submissions/", get=members(200)),
    Case("/competitions/open/submissions/", get=TAKES_PART),
    Case("/competitions/nowhere/submissions/", get=known(404)),
    Case("/competitions/halves/teams/{team}/baseline/", post=staff(302), body={"baseline": "1"}),
    Case("/competitions/halves/teams/{far_team}/baseline/", post=staff(404)),
    Case("/competitions/open/teams/{team}/baseline/", post=staff(404, outside=403)),
    # A short address leads on, whether there is anything or not.
    Case("/c/halves", get=everyone(302)),
    Case("/c/nowhere", get=everyone(302)),
    Case("/c/halves/wall", get=members(200)),
    Case("/c/open/wall", get=WATCHED),
    Case("/c/nowhere/wall", get=known(404)),
    *(
        Case(f"/submissions/{{{key}}}/{page}", get=policy)
        for page in ("", "status/")
        for key, policy in (
            ("submission", owners(200)),
            ("waiting", owners(200)),
            ("classmates", members(200) | {"student": 404, "teammate": 404}),
            # Who was removed from the course keeps a place on its board, and sees no more.
            ("removeds", staff(200) | dict.fromkeys(("student", "teammate", "classmate"), 404)),
            ("unknown", known(404)),
        )
    ),
    Case("/submissions/{waiting}/cancel/", get=owners(200), post=owners(302)),
    Case("/submissions/{submission}/cancel/", get=owners(200), post=owners(302)),
    Case("/submissions/{unknown}/cancel/", get=known(404), post=known(404)),
)  # fmt: skip
