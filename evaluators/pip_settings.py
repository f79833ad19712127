"""Where the package client is told to look for packages, for what it can't fetch itself."""

import ast
import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from evaluators.errors import InfrastructureError

# What comes later wins: files say `global` or name a command, the environment says all else.
SECTIONS = ("global", "download", ":env:")
TIMEOUT_SECONDS = 15.0
ASKING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PipSettings:
    """What pip's files and the environment say, as `pip download` would take them.

    Attributes:
        index_url: of the index of packages; None for the client's own default.
        extra_index_urls: of more indexes.
        find_links: folders and pages that list archives.
        no_index: whether indexes are left aside.
        trusted_hosts: hosts whose certificates are not looked at.
        certificates: a file or folder of certificate authorities; None for the default ones.
        proxy: its URL, if one is set for pip alone.
        timeout: seconds without an answer.
    """

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    trusted_hosts: tuple[str, ...] = ()
    certificates: Path | None = None
    proxy: str | None = None
    timeout: float = TIMEOUT_SECONDS

    @classmethod
    def parse(cls, listing: str) -> Self:
        """Reads the answer of `pip config list`: lines of SECTION.KEY='VALUE'.

        Raises:
            InfrastructureError: a line is not of that form, or timeout is no number.
        """
        found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
        try:
            for line in listing.splitlines():
                name, _, value = line.partition("=")
                section, _, key = name.rpartition(".")
                if section in found:
                    found[section][key] = str(ast.literal_eval(value))
            effective = {
                key: value for section in SECTIONS for key, value in found[section].items()
            }
            timeout = float(effective.get("default-timeout", effective.get("timeout", "15")))
        except (ValueError, SyntaxError) as error:
            raise InfrastructureError(f"pip's configuration can't be read: {error}") from error
        certificates = effective.get("cert")
        return cls(
            index_url=effective.get("index-url"),
            extra_index_urls=tuple(effective.get("extra-index-url", "").split()),
            find_links=tuple(effective.get("find-links", "").split()),
            no_index=effective.get("no-index", "").lower() in {"1", "true", "yes", "on"},
            trusted_hosts=tuple(effective.get("trusted-host", "").split()),
            certificates=Path(certificates) if certificates else None,
            proxy=effective.get("proxy") or None,
            timeout=timeout,
        )

    @property
    def verify(self) -> bool | ssl.SSLContext:
        """How certificates are checked, as httpx takes it."""
        if self.certificates is None:
            return True
        if self.certificates.is_dir():
            return ssl.create_default_context(capath=self.certificates)
        return ssl.create_default_context(cafile=self.certificates)


def pip_settings() -> PipSettings:
    """Asks pip for its configuration.

    Raises:
        InfrastructureError: it does not answer.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=ASKING_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InfrastructureError(f"pip does not tell its configuration: {error}") from error
    return PipSettings.parse(done.stdout)
