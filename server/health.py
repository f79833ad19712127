"""Whether the web process answers: the server image's health check, run in its own container."""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 8


def main() -> int:
    """Asks whether it is alive. What else is wrong would not be mended by another container."""
    port = os.environ.get("BIND", ":8000").rpartition(":")[2]
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/healthz", timeout=SECONDS
        ) as answer:  # a fixed scheme
            print(answer.status)
            return 0
    except (urllib.error.URLError, OSError) as error:
        print(f"the web process does not answer: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
