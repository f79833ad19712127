"""Addresses as people type and paste them."""

import pytest

from springboard import UsageError
from springboard.address import address_clean, address_is_private


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("https://school.example", "https://school.example"),
        ("school.example", "https://school.example"),
        (" School.Example/ ", "https://school.example"),
        ("https://school.example:443/competitions/halves/?a=b#c", "https://school.example"),
        ("http://school.example:80", "http://school.example"),
        ("http://school.example:8000/", "http://school.example:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("HTTP://LOCALHOST", "http://localhost"),
    ],
)
def test_it_is_brought_into_one_spelling(typed: str, clean: str) -> None:
    assert address_clean(typed) == clean
    assert address_clean(clean) == clean


@pytest.mark.parametrize(
    "typed",
    ["", "https://", "ftp://school.example", "file:///etc/passwd", "http://a b", "http://x:99999",
     "http://x:y", "http://[::1", "school.example\\evil.example", "http://%41"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="no server's address; write it like https://"):
        address_clean(typed)


@pytest.mark.parametrize(
    "typed",
    ["https://ada:secret@school.example", "ada:secret@school.example", "ftp://ada:secret@x:y"],
)
def test_a_password_in_it_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(UsageError, match="leave user name and password out") as caught:
        address_clean(typed)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("server", "private"),
    [
        ("https://school.example", True),
        ("http://school.example", False),
        ("http://localhost:8000", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:1", True),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost.evil.example", False),
    ],
)
def test_it_knows_who_can_listen(server: str, private: bool) -> None:
    assert address_is_private(server) is private
