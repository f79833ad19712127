"""What people fill in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class PageForm(forms.Form):
    """A form that can show what a service found wrong."""

    def refuse(self, error: ValidationError) -> None:
        """Shows what a service found wrong, beside the fields where it knows them."""
        problems = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, messages in problems.items():
            field = name if name in self.fields and name != NON_FIELD_ERRORS else None
            for message in messages:
                self.add_error(field, message)


class SignUpForm(PageForm):
    """A new account."""

    username = forms.CharField(
        label="User name",
        max_length=150,
        help_text="Letters, digits and @ . + - _",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(
        label="Name on the leaderboard",
        max_length=60,
        required=False,
        help_text="What others see. Your user name, if you leave it empty.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    email = forms.EmailField(
        label="Email address",
        help_text="Seen by your course's staff only.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        help_text="At least 8 characters, not only digits, and none of the common ones.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class LogInForm(AuthenticationForm):
    """Who one is."""

    error_messages = {
        "invalid_login": (
            "This user name and password don't belong together. Check both; upper and lower case "
            "matter."
        ),
        "inactive": "This account is closed. Ask your instructor.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"


class TokenForm(PageForm):
    """A new API token."""

    name = forms.CharField(
        label="Name of the new token",
        max_length=60,
        help_text="Where you will use it, such as “laptop” or “Colab”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class JoinForm(PageForm):
    """An invite code."""

    invite_code = forms.CharField(
        label="Invite code",
        max_length=40,
        help_text="Your instructor gives it out; it looks like abcd-efgh-jkmn.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class SubmitForm(PageForm):
    """A submission's note. The file is not a field: it is streamed, and checked by its service."""

    message = forms.CharField(
        label="Message",
        max_length=200,
        required=False,
        help_text="What you tried, for yourself and your course's staff. May stay empty.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
