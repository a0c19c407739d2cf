"""Results of shards merge in any order, and twice, to what one shard of all would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feeds.backfill.results import ShardResult, Sighting, Tally, load, merge, newest, save
from feeds.model import Problem

HELD = 3
FEEDS = ("", "countries NO", "topics 04000000")
sightings = st.builds(
    Sighting,
    time=st.integers(1, 6).map("2025-01-0{}T00:00:00+00:00".format),
    id=st.sampled_from("abcdefgh"),
    text=st.sampled_from("jklmnop"),
    captured=st.sampled_from(["", "2025-02-01T00:00:00+00:00", "2025-02-02T00:00:00+00:00"]),
    file=st.sampled_from(["a.warc.gz", "b.warc.gz"]),
    place=st.integers(0, 2),
    number=st.integers(0, 1),
    dated=st.booleans(),
    words=st.sampled_from([b"x", b"y\xff"]),
)
contents = st.dictionaries(st.sampled_from(FEEDS), st.lists(sightings, max_size=12))
problems = st.builds(Problem, st.sampled_from("ab"), st.none() | st.integers(1, 3), st.sampled_from("mn"))
tallies = st.dictionaries(
    st.sampled_from(["s1", "s2", "s3"]),
    st.builds(Tally, st.integers(0, 9), st.integers(0, 9), st.lists(problems, max_size=2).map(tuple)),
)


def result(found: dict[str, list[Sighting]], counted: dict[str, Tally]) -> ShardResult:
    """What map_shard gives of these."""
    return ShardResult(HELD, {name: newest(some, HELD) for name, some in found.items()}, counted)


results = st.builds(result, contents, tallies)


@given(results, results)
def test_the_order_of_two_does_not_matter(one: ShardResult, other: ShardResult) -> None:
    """Merging is commutative."""
    assert merge(one, other) == merge(other, one)


@given(results, results, results)
def test_the_order_of_merging_does_not_matter(one: ShardResult, two: ShardResult, three: ShardResult) -> None:
    """Merging is associative."""
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(results, results)
def test_merging_again_changes_nothing(one: ShardResult, other: ShardResult) -> None:
    """Merging is idempotent: a task that an engine ran twice does no harm."""
    both = merge(one, other)

    assert merge(one, one) == one
    assert merge(both, one) == both


@given(contents, contents)
def test_two_shards_give_what_one_of_both_would(
    one: dict[str, list[Sighting]], other: dict[str, list[Sighting]]
) -> None:
    """Nothing that is cut off early would have been left in the end."""
    both = {name: [*one.get(name, ()), *other.get(name, ())] for name in {*one, *other}}

    assert merge(result(one, {}), result(other, {})) == result(both, {})


def test_results_are_read_as_they_were_written(tmp_path_factory: object) -> None:
    """For any result; see the law below."""

    @given(results)
    def law(one: ShardResult) -> None:
        save(path, one)
        assert load(path) == one

    path = tmp_path_factory.mktemp("results") / "a.json.gz"  # type: ignore[attr-defined]
    law()
    path.write_bytes(path.read_bytes()[:-9])
    assert load(path) is None
