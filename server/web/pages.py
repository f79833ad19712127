"""What all pages share: who asks, how a refusal is shown, and in which time zone."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from server.accounts.models import User
from server.refusals import Refusal

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
PersonView = Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]


def page(view: View[P]) -> View[P]:
    """Makes a view a page: a refusal becomes a page that says what to do.

    Somebody who has not logged in is sent to log in where a page is not for everyone, since what
    is refused may well be theirs.
    """

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            if refusal.status in {403, 404} and person_of(request) is None:
                return _log_in_first(request)
            return refusal_page(request, refusal)

    return wrapped


def person_page(view: PersonView[P]) -> View[P]:
    """Makes a view a page for those who have logged in, and hands it who asks."""

    @page
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person = person_of(request)
        if person is None:
            return _log_in_first(request)
        return view(request, person, *args, **kwargs)

    return wrapped


def person_of(request: HttpRequest) -> User | None:
    """Returns who asks, or None if they have not logged in."""
    return request.user if isinstance(request.user, User) else None


def posted(request: HttpRequest) -> QueryDict | None:
    """Returns what a form was sent with, or None if it has not been sent."""
    return request.POST if request.method == "POST" else None


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Shows why a request is refused and what to do."""
    response = render(request, "web/refusal.html", {"refusal": refusal}, status=refusal.status)
    if refusal.retry_at is not None:
        seconds = (refusal.retry_at - timezone.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


def render_in(
    zone: ZoneInfo,
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Renders a page whose times are those of a course's time zone."""
    with timezone.override(zone):
        return render(request, template, context, status=status)


def _log_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page is asked for: the page itself, loaded again, leads to the log-in.
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
