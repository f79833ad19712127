"""What a backup says of itself: how it was made, and what is in it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from evaluators.errors import InfrastructureError

FACTS_BYTES = 4 << 20


class TableFacts(BaseModel):
    """A table.

    Attributes:
        model: `app.model`.
        columns: what the values of each line are, in their order.
        rows: how many lines.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(max_length=200)
    columns: tuple[str, ...]
    rows: NonNegativeInt


class Facts(BaseModel):
    """A backup's first member.

    Attributes:
        format: of the archive.
        made_at: when the database was as it is here.
        database: which kind it came from; any may be filled from it.
        migrations: `app.name` of those that made the tables, in order.
        tables: the tables.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    made_at: datetime
    database: str
    migrations: tuple[str, ...]
    tables: tuple[TableFacts, ...]


class Missing(BaseModel):
    """A backup's last member but one.

    Attributes:
        missing: what should be in it and is not, and why; empty as a rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    missing: tuple[str, ...] = ()


def facts_parse(content: bytes) -> Facts:
    """Reads a backup's first member.

    Raises:
        InfrastructureError: it is none that this version knows.
    """
    try:
        return Facts.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InfrastructureError(
            f"its backup.json is none that this version of Springboard can read ({where}: "
            f"{first['msg']}); restore with the version that made it, or a newer one"
        ) from error


def missing_parse(content: bytes) -> tuple[str, ...]:
    """Reads what a backup lacks.

    Raises:
        InfrastructureError: it is no such list.
    """
    try:
        return Missing.model_validate_json(content).missing
    except ValidationError as error:
        raise InfrastructureError(f"its missing.json is damaged: {error}") from error
