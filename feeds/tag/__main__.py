"""Tag articles from standard input to standard output, as JSON lines: python -m feeds.tag."""

from __future__ import annotations

import sys

from feeds.tag import lines

if __name__ == "__main__":
    for line in lines(sys.stdin):
        print(line, file=sys.stdout if isinstance(line, str) else sys.stderr)
