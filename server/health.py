"""Whether the web process answers: the server image's health check, run in its own container."""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 8


def main() -> int:
    """Asks for the page to log in, as the proxy would."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    port = os.environ.get("BIND", ":8000").rpartition(":")[2]
    request = urllib.request.Request(  # noqa: S310 a fixed scheme
        f"http://127.0.0.1:{port}/login/", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            print(answer.status)
            return 0
    except (urllib.error.URLError, OSError) as error:
        print(f"the web process does not answer: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
