"""Revealing the private board."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from server.accounts.models import User
from server.competitions.selectors import competition_access, last_deadline
from server.competitions.services import board_reveal
from server.web.pages import person_page
from server.web.views.competition import tab_page


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def reveal(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """Asks whether to reveal or hide the private board, and does it on a POST."""
    access = competition_access(user=person, slug=slug)
    access.require_instructor()
    competition = access.competition
    if request.method == "POST":
        # The button says what it does: a page that was open for long must not do the opposite.
        revealed = request.POST.get("revealed") == "yes"
        board_reveal(competition=competition, actor=person, revealed=revealed)
        messages.success(
            request,
            "Participants see the private scores now."
            if revealed
            else "The private scores are hidden from participants again.",
        )
        return redirect("manage:competition", slug=slug)
    last = last_deadline(competition=competition)
    context = {"last_deadline": last, "still_open": timezone.now() < last}
    return tab_page(request, access, "manage_reveal", context)
