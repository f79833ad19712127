"""All addresses of the server, as its URL configuration has them."""

from collections.abc import Iterator, Sequence

from django.urls import URLPattern, URLResolver, get_resolver, resolve

Pattern = URLPattern | URLResolver


def routes() -> list[str]:
    """The route of every pattern, as `resolve` names it."""
    return list(_routes(get_resolver().url_patterns, ""))


def route_of(path: str) -> str:
    """The route that leads from a path to a view."""
    return str(resolve(path.partition("?")[0]).route)


def _routes(patterns: Sequence[Pattern], before: str) -> Iterator[str]:
    for pattern in patterns:
        # Django leaves the mark of a beginning out, where something comes before it.
        route = before + str(pattern.pattern).removeprefix("^" if before else "")
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
