"""All addresses of the server."""

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/", include("server.api.urls")),
]
if apps.is_installed("server.web"):
    urlpatterns.append(path("", include("server.web.urls")))
