"""A forgotten password is set anew with a link that is sent by e-mail."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView, PasswordResetView
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse_lazy

from server.accounts.devices import device_remember
from server.accounts.models import User
from server.accounts.outgoing import mail_send
from server.accounts.throttles import password_link_asked
from server.refusals import TooMany
from server.web.pages import refusal_page


class ForgottenForm(PasswordResetForm):
    """Whose password is forgotten."""

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Sends the link beside this request, which takes as long where there is no account."""
        subject = render_to_string(subject_template_name, context).strip()
        body = render_to_string(email_template_name, context)
        message = EmailMessage(subject, body, from_email, [to_email])
        mail_send(message=message, about=f"account {context['user'].pk}")


class Forgotten(PasswordResetView):
    """Sends a link; the answer never tells whether an address has an account."""

    form_class = ForgottenForm
    template_name = "web/password/forgotten.html"
    email_template_name = "web/password/mail.txt"
    subject_template_name = "web/password/subject.txt"
    success_url = reverse_lazy("web:password_sent")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sends a link, unless too many were asked for."""
        try:
            password_link_asked(request, request.POST.get("email", ""))
        except TooMany as refusal:
            return refusal_page(request, refusal)
        return super().post(request, *args, **kwargs)

    @property
    def extra_email_context(self) -> dict[str, str]:  # type: ignore[override]  # made anew for each
        """Where the link leads: to our own address, whatever host the request names."""
        own = settings.SITE_URL or self.request.build_absolute_uri("/").rstrip("/")
        parts = urlsplit(own)
        return {"protocol": parts.scheme, "domain": parts.netloc}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether this server sends mails at all."""
        sends = not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
        return super().get_context_data(**kwargs) | {"sends_mail": sends}


class SetAnew(PasswordResetConfirmView):
    """Takes the new password of whoever has the link."""

    template_name = "web/password/new.html"
    success_url = reverse_lazy("web:log_in")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        """Sets the password."""
        response = super().form_valid(form)
        device_remember(self.request, response, form.user)
        return response
