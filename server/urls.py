"""All addresses of the server."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/", include("server.api.urls")),
    path("", include("server.web.manage_urls")),
    path("", include("server.web.urls")),
]
