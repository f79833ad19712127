from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from server.accounts.devices import device_remember
from server.accounts.models import User
from server.accounts.services import user_create
from server.accounts.throttles import account_made, password_tried
from server.refusals import Forbidden, TooMany
from server.web.forms import LogInForm, SignUpForm
from server.web.pages import page, person_of, person_page, posted, refusal_page

BACKEND = "django.contrib.auth.backends.ModelBackend"


class LogIn(LoginView):
    """Logs somebody in and leads them to where they wanted to go."""

    template_name = "web/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Checks a password, unless too many were tried."""
        try:
            self._tried = password_tried(request, request.POST.get("username", ""))
        except TooMany as refusal:
            return refusal_page(request, refusal)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Logs in whoever knew the password, and knows the device again the next time."""
        self._tried.succeeded()
        response = super().form_valid(form)
        user = form.get_user()
        if isinstance(user, User):
            device_remember(self.request, response, user)
        return response


@require_safe
@person_page
def operators_only(request: HttpRequest, person: User) -> HttpResponse:
    """Leads to the admin pages through the one door there is, where tries are counted.

    Raises:
        Forbidden: whoever is logged in is no operator.
    """
    if not person.is_staff:
        raise Forbidden("These pages are for the server's operators. Log out, then in as one.")
    target = next_address(request)
    return redirect(target if target.startswith(reverse("admin:index")) else "admin:index")


@require_POST
@page
def log_out(request: HttpRequest) -> HttpResponse:
    """Logs somebody out."""
    logout(request)
    return redirect("web:home")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@page
def sign_up(request: HttpRequest) -> HttpResponse:
    """Makes an account, logs its owner in and leads them to where they wanted to go."""
    target = next_address(request)
    if person_of(request) is not None:
        return redirect(target)
    form = SignUpForm(posted(request))
    if request.method == "POST" and form.is_valid():
        account_made(request)
        try:
            user = user_create(**form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            login(request, user, backend=BACKEND)
            response = redirect(target)
            device_remember(request, response, user)
            return response
    context = {"form": form, "next": target}
    return render(request, "web/sign_up.html", context, status=422 if form.errors else 200)


def next_address(request: HttpRequest) -> str:
    """Returns where to go next: what the request names if it is a page of ours, else home."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return resolve_url("web:home")
