"""Pages by key: each starts after the last row of the one before, and none counts rows."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from server.refusals import Unprocessable

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_SALT = "keyset"


class _Serializer:
    """JSON with dates to the microsecond."""

    def dumps(self, values: Any) -> bytes:
        return DjangoJSONEncoder(separators=(",", ":")).encode(values).encode()

    def loads(self, data: bytes) -> Any:
        return signing.JSONSerializer().loads(data)


def cursor_encode(values: Sequence[object]) -> str:
    """Packs the key of a row (and what else the next page needs) into a cursor."""
    plain = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    return signing.dumps(plain, salt=_SALT, serializer=_Serializer, compress=True)


def cursor_decode(cursor: str, *, length: int) -> list[Any]:
    """Unpacks what `cursor_encode` packed.

    Raises:
        Unprocessable: it is no cursor of ours, or one of another list.
    """
    try:
        values = signing.loads(cursor, salt=_SALT, serializer=_Serializer)
    except signing.BadSignature:
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Unprocessable("The cursor is not valid; follow `next` of the page before, as it is.")
    return [_date_or_same(value) for value in values]


def limit_clean(limit: str | int | None) -> int:
    """Reads how many rows a page is to have.

    Raises:
        Unprocessable: it is no number between 1 and MAX_LIMIT.
    """
    if limit is None or limit == "":
        return DEFAULT_LIMIT
    text = str(limit)
    # Few digits: reading thousands of them is refused by the language itself.
    if text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MAX_LIMIT:
        return int(text)
    raise Unprocessable(f"limit is a number from 1 to {MAX_LIMIT}.")


def keyset_after(fields: Sequence[str], values: Sequence[object]) -> Q:
    """The condition for rows after a key, in ascending order of the fields.

    The first comparison is implied by the rest: it lets the database seek in an index.
    """
    condition = Q()
    equal = Q()
    for field, value in zip(fields, values, strict=True):
        condition |= equal & Q(**{f"{field}__gt": value})
        equal &= Q(**{field: value})
    return Q(**{f"{fields[0]}__gte": values[0]}) & condition


def keyset_before(fields: Sequence[str], values: Sequence[object]) -> Q:
    """The condition for rows before a key, in ascending order of the fields."""
    condition = Q()
    equal = Q()
    for field, value in zip(fields, values, strict=True):
        condition |= equal & Q(**{f"{field}__lt": value})
        equal &= Q(**{field: value})
    return Q(**{f"{fields[0]}__lte": values[0]}) & condition


def _date_or_same(value: Any) -> Any:
    if isinstance(value, str):
        return parse_datetime(value) or value
    return value
