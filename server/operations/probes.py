"""What machines ask for: is it alive, is it ready, its metrics."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from server.operations.access import is_local, is_trusted
from server.operations.metrics import metrics_text
from server.operations.readiness import NEEDED, State, readiness


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Says that the web process answers. It asks nobody else: a restart would not mend others."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Says which parts are well; 503 where no submission could be taken."""
    found = readiness()
    # What is wrong with a part names hosts and folders.
    told = is_local(request) or is_trusted(request)
    checks = {
        part.value: {"ok": one.ok, "needed": part in NEEDED}
        | ({"detail": one.detail} if told else {})
        for part, one in found.parts.items()
    }
    status = 503 if found.state is State.UNREADY else 200
    return JsonResponse({"status": found.state.value, "checks": checks}, status=status)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics in Prometheus' text format, for its token, this machine, or an operator."""
    if not is_trusted(request) and not getattr(request.user, "is_staff", False):
        raise Http404
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)


def probes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers machines before host and https are checked.

    They come by an address, not by the server's name, and without TLS. What they are answered
    repeats nothing of what they sent.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        match request.path_info:
            case "/healthz":
                return live(request)
            case "/readyz":
                return ready(request)
            case "/metrics" if is_trusted(request):
                return metrics(request)
        return get_response(request)

    return middleware
