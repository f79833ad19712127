"""`python -m springboard`: the student's command line."""

import sys

from springboard.cli import main

if __name__ == "__main__":
    sys.exit(main())
