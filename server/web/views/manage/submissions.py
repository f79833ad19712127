"""All submissions of a competition, with filter and search."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from server.accounts.models import User
from server.submissions.selectors import (
    submissions_filtered,
    submissions_page,
)
from server.web.manage_forms import SubmissionSearch
from server.web.pages import person_page
from server.web.views.competition import tab_page
from server.web.views.manage.competition import staff_access
from server.web.views.submissions import lines_of


@require_safe
@person_page
def submissions(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """The submissions of all teams that a filter lets through, newest first."""
    access = staff_access(person, slug)
    form = SubmissionSearch(request.GET)
    wanted = form.wanted()
    cursor = request.GET.get("cursor") or None
    found = submissions_page(
        submissions=submissions_filtered(competition=access.competition, wanted=wanted),
        cursor=cursor,
    )
    context = {
        "form": form,
        "lines": lines_of(found.rows),
        "next_cursor": found.next_cursor,
        "cursor": cursor,
        "filtered": not wanted.is_empty,
        "wanted": urlencode({k: v for k, v in form.cleaned_data.items() if v}),
    }
    return tab_page(request, access, "manage_submissions", context)
