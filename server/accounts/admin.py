"""Accounts and tokens for operators."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from server.accounts.models import ApiToken, User


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts."""

    list_display = ("username", "email", "display_name", "is_active", "is_staff", "date_joined")
    search_fields = ("username", "email", "display_name")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("email", "display_name")}),
        (
            "Permissions",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "display_name", "password1", "password2"),
            },
        ),
    )


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens: operators may revoke them, never make or read one."""

    list_display = ("user", "name", "hint", "created", "last_used", "revoked")
    search_fields = ("user__username", "name")
    fields = ("user", "name", "hint", "created", "last_used", "revoked")
    readonly_fields = ("user", "name", "hint", "created", "last_used")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A list that could be asked for hashes would tell them letter by letter."""
        return not lookup.startswith("hash") and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only its owner can make one, since its text is shown once."""
        return False
