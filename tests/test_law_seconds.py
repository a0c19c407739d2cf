"""Each entry gets the free second that a plain search would find, at a price that does not grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.store.seconds import Seconds

BEGIN = datetime(2025, 12, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
wishes = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


def plain(taken: set[datetime], wanted: datetime, earliest: datetime) -> datetime:
    """Look at each second: first back to the earliest, then on."""
    moment = wanted
    while moment >= earliest and moment in taken:
        moment -= SECOND
    if moment < earliest:
        moment = max(wanted, earliest)
        while moment in taken:
            moment += SECOND
    return moment


@given(wishes)
def test_it_is_the_second_that_a_plain_search_finds(given_wishes: list[tuple[int, int]]) -> None:
    """Whatever is wanted, in whatever order."""
    taken: set[datetime] = set()
    seconds = Seconds(taken.__contains__)

    for wanted, earliest in given_wishes:
        wish = BEGIN + wanted * SECOND, BEGIN + earliest * SECOND
        found = seconds.free(*wish)
        assert found == plain(taken, *wish)
        taken.add(found)


class Asked:
    """Says which seconds are taken, and counts how often it was asked."""

    def __init__(self, taken: set[datetime]) -> None:
        self._taken, self.asked = taken, 0

    def __call__(self, moment: datetime) -> bool:
        """Say whether a second is taken."""
        self.asked += 1
        return moment in self._taken


def test_a_crawl_with_more_articles_than_seconds_costs_no_more_for_each() -> None:
    """Five thousand articles of ten minutes ask a few times each, not thousands of times."""
    taken: set[datetime] = set()
    is_taken = Asked(taken)
    seconds = Seconds(is_taken)
    for number in range(5000):
        taken.add(seconds.free(BEGIN + number * 7 % 600 * SECOND, BEGIN - timedelta(days=1)))

    assert len(taken) == 5000
    assert is_taken.asked < 5 * 5000


def test_a_day_with_more_articles_than_seconds_costs_no_more_for_each() -> None:
    """However many seconds are taken in a row, they are looked at once, and remembered as one run."""
    taken = {BEGIN + number * SECOND for number in range(100_000)}
    is_taken = Asked(taken)
    seconds = Seconds(is_taken)
    for _ in range(100):
        taken.add(seconds.free(BEGIN, BEGIN))

    assert max(taken) == BEGIN + 100_099 * SECOND
    assert is_taken.asked < 100_000 + 5 * 100
