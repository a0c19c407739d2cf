"""Find a second that no entry has: no two share their `updated`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta

_REMEMBERED = 10_000  # runs; with more the search begins anew, to hold memory flat
_SECOND = timedelta(seconds=1)


class Seconds:
    """Finds free seconds, and remembers the runs that are taken: a crawl has thousands in one hour."""

    def __init__(self, is_taken: Callable[[datetime], bool]) -> None:
        """Take what knows whether an entry has a second."""
        self._is_taken = is_taken
        self._earlier, self._later = _Runs(), _Runs()

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

    def _search(self, start: datetime, step: timedelta, known: _Runs, earliest: datetime) -> datetime:
        moment = start
        while moment >= earliest:
            if run := known.run(moment):
                moment = run[step > timedelta()] + step
            elif self._is_taken(moment):
                moment += step
            else:
                break
        if moment != start:  # the next search from any of them is one step
            known.add(*sorted((start, moment - step)))
        return moment


class _Runs:
    """Runs of seconds that follow one another, none touching another one."""

    def __init__(self) -> None:
        self._firsts: list[datetime] = []
        self._lasts: list[datetime] = []

    def run(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """Give the first and the last second of the run that holds a moment."""
        place = bisect_right(self._firsts, moment) - 1
        if place < 0 or self._lasts[place] < moment:
            return None
        return self._firsts[place], self._lasts[place]

    def add(self, first: datetime, last: datetime) -> None:
        """Add a run; those that it meets become one with it."""
        if len(self._firsts) > _REMEMBERED:
            self._firsts.clear()
            self._lasts.clear()
        low = bisect_left(self._lasts, first - _SECOND)
        high = bisect_right(self._firsts, last + _SECOND)
        if low < high:
            first, last = min(first, self._firsts[low]), max(last, self._lasts[high - 1])
        self._firsts[low:high] = [first]
        self._lasts[low:high] = [last]
