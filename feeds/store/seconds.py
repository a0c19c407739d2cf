"""Find a second that no entry has: no two share their `updated`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

_REMEMBERED = 50_000  # seconds; with more the search begins anew, to hold memory flat
_SECOND = timedelta(seconds=1)


class Seconds:
    """Finds free seconds, and remembers how far on the next one is: a crawl has thousands in one hour."""

    def __init__(self, is_taken: Callable[[datetime], bool]) -> None:
        """Take what knows whether an entry has a second."""
        self._is_taken = is_taken
        self._earlier: dict[datetime, datetime] = {}  # taken seconds, with where the search goes on
        self._later: dict[datetime, datetime] = {}

    def free(self, wanted: datetime, earliest: datetime) -> datetime:
        """Give a second that no entry has, near `wanted` and never before `earliest`.

        The search goes back in time first: a hundred articles that are first seen now must not lie in the
        future.
        """
        found = self._search(wanted, -_SECOND, self._earlier, earliest)
        if found >= earliest:
            return found
        start = max(wanted, earliest)
        return self._search(start, _SECOND, self._later, start)

    def _search(
        self, moment: datetime, step: timedelta, known: dict[datetime, datetime], earliest: datetime
    ) -> datetime:
        if len(known) > _REMEMBERED:
            known.clear()
        passed = []
        while moment >= earliest:
            if (further := known.get(moment)) is None:
                if not self._is_taken(moment):
                    break
                further = moment + step
            passed.append(moment)
            moment = further
        for one in passed:  # the next search from any of them is one step
            known[one] = moment
        return moment
