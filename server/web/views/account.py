from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import User
from server.accounts.selectors import tokens_of
from server.accounts.services import IssuedToken, token_create
from server.accounts.services import token_revoke as revoke
from server.courses.selectors import course_creation_allowed, memberships_of
from server.web.forms import TokenForm
from server.web.pages import person_page, posted


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def account(request: HttpRequest, person: User) -> HttpResponse:
    """An account with its courses and tokens; a POST issues a token and shows it this once."""
    form = TokenForm(posted(request))
    issued: IssuedToken | None = None
    if request.method == "POST" and form.is_valid():
        try:
            issued = token_create(user=person, name=form.cleaned_data["name"])
        except ValidationError as error:
            form.refuse(error)
    context = {
        "form": TokenForm() if issued else form,
        "issued": issued,
        "tokens": list(tokens_of(user=person)),
        "may_create_course": course_creation_allowed(user=person),
        "memberships": list(memberships_of(user=person)),
        "server": request.build_absolute_uri("/").rstrip("/"),
    }
    status = 422 if form.errors else 200
    return render(request, "web/account.html", context, status=status)


@require_POST
@person_page
def token_revoke(request: HttpRequest, person: User, token_id: int) -> HttpResponse:
    """Makes a token useless."""
    revoke(user=person, token_id=token_id)
    messages.success(request, "The token is revoked: programs that use it are refused from now on.")
    return redirect("web:account")
