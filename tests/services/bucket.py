"""A real S3-compatible server, moto's, with one bucket."""

import sys
from importlib.util import find_spec
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.services.service import Service

KEY, SECRET = "springboard", "a/secret+of=the test"
NAME = "springboard"
_ASKED_ONCE = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 1})


class Bucket(Service):
    """A bucket that forgets everything when its server ends."""

    name = "bucket"
    variable = "STORAGE_URL"

    @classmethod
    def missing(cls) -> str:
        return "" if find_spec("moto") else "no S3-compatible server: pip install moto[s3]"

    @property
    def url(self) -> str:
        return f"s3://{KEY}:a%2Fsecret%2Bof%3Dthe%20test@127.0.0.1:{self.port}/{NAME}?tls=0"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self) -> bool:
        try:
            self.client(_ASKED_ONCE).create_bucket(Bucket=NAME)
        except (BotoCoreError, ClientError):
            return False
        return True

    def client(self, config: Config | None = None) -> Any:
        """The library's own client, to look at the bucket and to spoil it."""
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=config,
        )

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of what the bucket holds, of a thousand at most."""
        found = self.client().list_objects_v2(Bucket=NAME, Prefix=prefix)
        return [str(one["Key"]) for one in found.get("Contents", [])]

    def empty(self) -> None:
        """Removes all that the bucket holds."""
        client = self.client()
        for key in self.keys():
            client.delete_object(Bucket=NAME, Key=key)
