"""The API's documentation, and the answer to addresses that it does not have."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from server.security import HEADER, POLICY


class DocsView(SpectacularSwaggerSplitView):
    """The schema, browsable, from this server's own files."""

    permission_classes = [AllowAny]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lets the page style itself: it writes its styles into the page."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers[HEADER] = f"{POLICY}; style-src 'self' 'unsafe-inline'"
        return response


class NowhereView(APIView):
    """Answers for addresses that the API does not have."""

    schema = None
    permission_classes = [AllowAny]
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses whatever the method."""
        raise Http404
