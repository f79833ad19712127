"""How the installation is, for its operators."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from server.accounts.models import User
from server.operations.overview import overview
from server.refusals import NotFound
from server.web.pages import person_page


@require_safe
@person_page
def operations(request: HttpRequest, person: User) -> HttpResponse:
    """Shows how everything is, or the part of that page that changes.

    Raises:
        NotFound: whoever is logged in is no operator, and need not know of it.
    """
    if not person.is_staff:
        raise NotFound("Check the address.")
    part = bool(request.headers.get("HX-Request"))
    template = "web/parts/operations.html" if part else "web/operations.html"
    context = {"overview": overview(), "sweep_seconds": settings.SWEEP_SECONDS}
    return render(request, template, context)
