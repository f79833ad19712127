"""How a request is read, and that it is answered in the one form there is."""

from collections.abc import Iterable

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from server.api.parsers import ShallowJSONParser


class LenientNegotiation(DefaultContentNegotiation):
    """Chooses as the client prefers, else the first form.

    A client that accepts only a zip is refused in JSON rather than with a word about forms, and a
    download is no renderer's business at all.
    """

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """Returns the parser for what was sent; of JSON, ours, whatever a view names."""
        chosen: BaseParser | None = super().select_parser(request, parsers)
        return ShallowJSONParser() if type(chosen) is JSONParser else chosen

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Returns the renderer and its media type."""
        try:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(
                request, renderers, format_suffix
            )
        except NotAcceptable:
            first = next(iter(renderers))
            return first, first.media_type or ""
        return chosen
