"""A forgotten password is set anew with a link that is sent by e-mail."""

from typing import Any

from django.contrib.auth.views import PasswordResetConfirmView, PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from server.refusals import TooMany
from server.web.pages import refusal_page
from server.web.throttle import password_tried


class Forgotten(PasswordResetView):
    """Sends a link; the answer never tells whether an address has an account."""

    template_name = "web/password/forgotten.html"
    email_template_name = "web/password/mail.txt"
    subject_template_name = "web/password/subject.txt"
    success_url = reverse_lazy("web:password_sent")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sends a link, unless too many were asked for."""
        try:
            password_tried(request, request.POST.get("email", ""))
        except TooMany as refusal:
            return refusal_page(request, refusal)
        return super().post(request, *args, **kwargs)


class SetAnew(PasswordResetConfirmView):
    """Takes the new password of whoever has the link."""

    template_name = "web/password/new.html"
    success_url = reverse_lazy("web:log_in")
