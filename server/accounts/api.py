"""Tokens, and who one is."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.models import User
from server.accounts.person import person
from server.accounts.selectors import tokens_of
from server.accounts.services import IssuedToken, token_create, token_revoke
from server.accounts.throttles import password_tried


class Me(serializers.Serializer[User]):
    """Who one is."""

    username = serializers.CharField()
    email = serializers.EmailField()
    display_name = serializers.CharField()


class Token(serializers.Serializer[Any]):
    """A token, without its text."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="The token's first characters.")
    created = serializers.DateTimeField()
    last_used = serializers.DateTimeField(allow_null=True)


class NewToken(serializers.Serializer[IssuedToken]):
    """A token, with its text."""

    id = serializers.IntegerField(source="token.id")
    name = serializers.CharField(source="token.name")
    token = serializers.CharField(
        source="text", help_text="Keep it: it is shown this once. Send it as a bearer token."
    )


class Credentials(serializers.Serializer[None]):
    """What a token is given for."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=500, trim_whitespace=False)
    name = serializers.CharField(max_length=60, help_text="To tell your tokens apart.")


class MeView(APIView):
    """Who one is."""

    @extend_schema(responses=Me)
    def get(self, request: Request) -> Response:
        """Says whose token this is."""
        return Response(Me(person(request)).data)


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class TokensView(APIView):
    """A person's tokens."""

    parser_classes = [JSONParser, FormParser]

    def get_permissions(self) -> list[BasePermission]:
        """A token is given for a password; all else needs one."""
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    @extend_schema(responses=Token(many=True))
    def get(self, request: Request) -> Response:
        """Lists your tokens that still work."""
        return Response(Token(tokens_of(user=person(request)), many=True).data)

    @extend_schema(request=Credentials, responses={201: NewToken}, auth=[])
    @method_decorator(sensitive_variables("credentials", "given", "issued"))
    def post(self, request: Request) -> Response:
        """Gives a token for a user name and a password. Its text is shown this once."""
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        given = credentials.validated_data
        tried = password_tried(request._request, given["username"])
        user = authenticate(
            request._request, username=given["username"], password=given["password"]
        )
        if not isinstance(user, User):
            raise AuthenticationFailed("The user name or the password is wrong.")
        tried.succeeded()
        issued = token_create(user=user, name=given["name"])
        return Response(NewToken(issued).data, status=status.HTTP_201_CREATED)


class TokenView(APIView):
    """One token."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revokes a token; it stops working at once."""
        token_revoke(user=person(request), token_id=token_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
