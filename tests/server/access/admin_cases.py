"""The admin pages: for whoever runs the server, and closed to all others."""

from django.contrib import admin

from tests.server.access.case import Case
from tests.server.access.policies import everyone, known, operators

METHODS = ("get", "post", "put", "patch", "delete", "options")
# What may be changed by hand there, and what is only to be looked at.
CHANGED = {
    "accounts.apitoken", "accounts.user", "auth.group", "competitions.competition",
    "competitions.team", "courses.course", "courses.membership",
}  # fmt: skip
READ = {
    "competitions.announcement", "competitions.taskversion", "competitions.teamextension",
    "competitions.teammember", "courses.loggedaction", "leaderboards.standing",
    "submissions.artifact", "submissions.diagnostic", "submissions.evaluation",
    "submissions.score", "submissions.submission", "submissions.worker",
}  # fmt: skip
NOT_ADDED = {"accounts.apitoken", "competitions.team"}
# Nothing of it must be filled in: an empty form saves it.
EMPTY_SAVES = {"accounts.apitoken"}


def registered() -> set[str]:
    """The tables that the admin pages show."""
    return {model._meta.label_lower for model in admin.site._registry}


def row_key(label: str) -> str:
    """The world's key of a row of a table."""
    return f"row_of_{label.replace('.', '_')}"


def _page(path: str, status: int = 200, **others: int) -> Case:
    """A page of the operator's; Django answers most of them whatever the method."""
    statuses = dict.fromkeys(METHODS, status) | others
    return Case(path, **{method: operators(each) for method, each in statuses.items()})


def _of_model(label: str) -> list[Case]:
    pages = f"/admin/{label.replace('.', '/')}/"
    row = f"{pages}{{{row_key(label)}}}/"
    changed = label in CHANGED
    return [
        _page(pages),
        _page(f"{pages}add/", 200 if changed and label not in NOT_ADDED else 403),
        _page(row, 302),
        _page(f"{row}history/"),
        _page(f"{row}change/", post=302 if label in EMPTY_SAVES else 200 if changed else 403),
        _page(f"{row}delete/", 200 if changed else 403),
    ]


NO_CHANGE = {"post": 405, "put": 405, "patch": 405, "delete": 405}
ADMIN_CASES = (
    _page("/admin/"),
    # There is one door for all; who knocks at this one without being an operator is told so.
    Case("/admin/login/", get=known(403) | {"operator": 302}),
    # Who may not log out there is led to the front, and from there to the door.
    Case(
        "/admin/logout/",
        **{
            method: everyone(302) | {"operator": {"post": 302, "options": 200}.get(method, 405)}
            for method in METHODS
        },
    ),
    _page("/admin/password_change/", patch=405, delete=405),
    _page("/admin/password_change/done/", **NO_CHANGE),
    _page("/admin/autocomplete/", 403, options=200, **NO_CHANGE),
    _page("/admin/jsi18n/", **NO_CHANGE),
    _page("/admin/r/1/1/", 404),
    _page("/admin/accounts/"),
    _page("/admin/no/such/page/", 404),
    _page(f"/admin/accounts/user/{{{row_key('accounts.user')}}}/password/"),
    *(case for label in sorted(CHANGED | READ) for case in _of_model(label)),
)
