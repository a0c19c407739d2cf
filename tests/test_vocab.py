"""What the vocabularies promise to everyone who names a category."""

from __future__ import annotations

import pytest

from feeds import vocab
from feeds.model import Category
from feeds.selection import slugify
from feeds.tag.languages import KNOWN


def test_topic_has_scheme_term_and_label() -> None:
    """A Media Topic is found by its code and labelled in English."""
    topic = vocab.topic("20000638")

    assert topic == Category(
        "http://cv.iptc.org/newscodes/mediatopic/", "20000638", "international relations"
    )


def test_country_has_scheme_term_and_everyday_name() -> None:
    """A country is found by its ISO code and called as newspapers call it."""
    assert vocab.country("IR") == Category("http://cvx.iptc.org/iso3166-1a2/", "IR", "Iran")
    assert vocab.country("CD").label == "DR Congo"
    assert vocab.country("PS").label == "Palestine"


@pytest.mark.parametrize("code", ["", "ir", "EU", "UK", "ZZ"])
def test_what_is_no_country_code_is_a_key_error(code: str) -> None:
    """Codes that ISO reserves or never gave are no countries."""
    with pytest.raises(KeyError):
        vocab.country(code)


def test_unknown_topic_is_a_key_error() -> None:
    """A code outside the tree is refused."""
    with pytest.raises(KeyError):
        vocab.topic("99999999")


def test_all_countries_of_iso_3166_are_there() -> None:
    """ISO 3166-1 has 249 codes; Kosovo's XK comes on top and is marked as the user's own."""
    codes = list(vocab.countries())

    assert len(codes) == 250
    assert codes == sorted(codes)
    assert vocab.user_assigned() == {"XK"}


def test_every_country_has_a_name_in_every_language() -> None:
    """No name is missing in the fifteen languages that the table holds."""
    for names in vocab.country_names().values():
        assert set(names) == {*KNOWN}
        assert all(names.values())


def test_tree_has_seventeen_tops_and_every_concept_below_one() -> None:
    """The tree is whole: what is broader comes first, and each way up ends in one of 17 tops."""
    topics = vocab.topics()
    order = {term: place for place, term in enumerate(topics)}
    tops = [term for term, topic in topics.items() if topic.broader is None and topic.retired is None]

    assert len(tops) == 17
    for term, topic in topics.items():
        assert topic.broader is None or order[topic.broader] < order[term]
        assert topic.category.label


def test_ancestors_come_nearest_first() -> None:
    """The way up begins with the parent and ends at the top."""
    assert vocab.ancestors("11000000") == ()
    assert vocab.ancestors("20000638") == ("11000000",)
    assert vocab.ancestors("20000092")[-1] == "02000000"


def test_topic_has_labels_in_other_languages() -> None:
    """IPTC's own translations come with each concept."""
    labels = vocab.topics()["11000000"].labels

    assert labels["fr"] == "Politique"
    assert labels["ar"] == "سياسة"


def test_retired_topics_are_known_and_marked() -> None:
    """An old article may carry a concept that IPTC has withdrawn."""
    assert vocab.topics()["20000647"].retired == "2025-03-31"
    assert vocab.topics()["20000638"].retired is None


def test_slugs_of_topics_are_those_of_their_feeds() -> None:
    """What no topic of the user's own may be called is what the feeds of Media Topics are called."""
    labels = [topic.category.label for topic in vocab.topics().values()]

    assert vocab.topic_slugs().keys() == {slugify(label) for label in labels}
