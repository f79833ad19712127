"""The API's documentation, and the answer to addresses that it does not have."""

from typing import Any

from django.http import Http404
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class DocsView(SpectacularSwaggerSplitView):
    """The schema, browsable, from this server's own files and with nothing inline."""

    permission_classes = [AllowAny]
    template_name = "api/docs.html"
    http_method_names = ["get", "head"]  # what REST framework says of OPTIONS fits no page


class NowhereView(APIView):
    """Answers for addresses that the API does not have."""

    schema = None
    permission_classes = [AllowAny]
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses whatever the method."""
        raise Http404
