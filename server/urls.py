"""All addresses of the server."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from server.operations import probes
from server.web.views.session import operators_only

handler400 = "server.web.views.failed.bad_request"
handler500 = "server.web.views.failed.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    # Answered before, but for the metrics as an operator sees them: here they have names.
    path("healthz", probes.live, name="live"),
    path("readyz", probes.ready, name="ready"),
    path("metrics", probes.metrics, name="metrics"),
    # In place of the admin pages' own form, where tries of passwords would not be counted.
    path("admin/login/", operators_only),
    path("admin/", admin.site.urls),
    path("api/", include("server.api.urls")),
    path("", include("server.web.manage_urls")),
    path("", include("server.web.urls")),
]
