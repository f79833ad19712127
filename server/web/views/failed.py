"""What is shown where a request failed, with the number by which its log is found."""

from django.http import HttpRequest, HttpResponse
from django.template import loader

from server.logs.context import log_names


def server_error(request: HttpRequest) -> HttpResponse:
    """The server failed."""
    return _page("500.html", 500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request was malformed."""
    return _page("400.html", 400)


def _page(template: str, status: int) -> HttpResponse:
    # Without the request: whose it is may be what can't be known.
    context = {"request_id": log_names().get("request", "")}
    return HttpResponse(loader.get_template(template).render(context), status=status)
