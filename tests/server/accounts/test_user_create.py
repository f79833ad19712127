import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from server.accounts.models import User
from server.accounts.services import user_create
from tests.server.cast import PASSWORD

pytestmark = pytest.mark.django_db


def test_it_creates_an_account() -> None:
    user = user_create(
        username="ada", email="ada@example.org", password=PASSWORD, display_name="Ada L."
    )
    assert str(user) == "Ada L."
    assert user.check_password(PASSWORD)


def test_it_says_all_that_is_wrong_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        user_create(username="a b", email="nowhere", password="123", display_name="\u202eadA")
    assert set(refused.value.message_dict) == {"username", "email", "password", "display_name"}


@pytest.mark.parametrize(
    ("username", "email"), [("ADA", "other@example.org"), ("other", "ADA@example.org")]
)
def test_names_and_addresses_differ_by_more_than_case(username: str, email: str) -> None:
    user_create(username="ada", email="ada@example.org", password=PASSWORD)
    with pytest.raises(ValidationError):
        user_create(username=username, email=email, password=PASSWORD)


def test_the_database_holds_them_apart_too() -> None:
    user_create(username="ada", email="ada@example.org", password=PASSWORD)
    with pytest.raises(IntegrityError):
        User.objects.create(username="eda", email="Ada@Example.org")
