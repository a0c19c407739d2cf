"""Users define topics, mixes and regions of their own, and correct by hand; each rule explains itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feeds import fixes, vocab
from feeds.config import Config, Mix, OwnTopic, Selection
from feeds.model import ConfigError
from feeds.tag.rules import Rules
from feeds.vocab import country, topic
from tests.conftest import NOW, Newsroom, capture
from tests.values import raw, tags

HARBOURS = OwnTopic(
    "harbours", "Harbours", any=("harbour*", "quay"), none=("airport",), parent="medtop:20000337"
)
LATER = NOW + timedelta(hours=1)


def terms(rules: Rules, **fields: object) -> dict[str, str]:
    """Give the terms that an article about Norway gets, with their roles."""
    return {t.category.term: t.role for t in rules.apply("id", raw(**fields), tags())}


def test_an_own_topic_needs_one_of_its_words_and_brings_its_parent() -> None:
    """With the evidence, and everything above the parent."""
    found = Rules((HARBOURS,)).apply("id", raw(), tags())
    own = {t.category.label: t.evidence for t in found[len(tags()) :]}

    assert next(iter(own)) == "Harbours"
    assert own["Harbours"] == 'your rule: "harbour*" in the headline'
    assert own[topic("20000337").label] == "includes Harbours"


def test_what_was_taken_away_by_hand_is_not_brought_back_by_a_rule() -> None:
    """Neither the topic above one's own, nor one above that."""
    for gone, stays in (("20000337", "04000000"), ("04000000", "20000337")):
        rules = Rules((HARBOURS,), fixes={"id": fixes.parse([f"-medtop:{gone}"])})
        found = {tag.category.term for tag in rules.apply("id", raw(), tags())}

        assert gone not in found
        assert {stays, "harbours"} <= found


@pytest.mark.parametrize(
    ("rule", "fields", "role"),
    [
        (OwnTopic("x", "X", any=("harbour",)), {}, "subject"),
        (OwnTopic("x", "X", any=("Harbour",)), {"headline": "HARBOUR"}, "subject"),
        (OwnTopic("x", "X", any=("harb",)), {}, None),
        (OwnTopic("x", "X", any=("new harbour",)), {}, "subject"),
        (OwnTopic("x", "X", all=("harbour", "mayor")), {}, "subject"),
        (OwnTopic("x", "X", all=("harbour", "school")), {}, None),
        (OwnTopic("x", "X", any=("harbour",), none=("mayor",)), {}, None),
        (OwnTopic("x", "X", any=("harbour",), countries=("NO",)), {}, "subject"),
        (OwnTopic("x", "X", any=("harbour",), countries=("SE",)), {}, None),  # it is only mentioned
        (
            OwnTopic("x", "X", any=("zebra",)),
            {"body": ("Long words stand here. " * 60, "A zebra came.")},
            "mentioned",
        ),
        (OwnTopic("x", "X", any=("ميناء",)), {"headline": "افتتاح ميناء جديد"}, "subject"),
    ],
)
def test_a_rules_words_decide(rule: OwnTopic, fields: dict[str, object], role: str | None) -> None:
    """Whole words, in any case, with a star for any ending; one mention far down is no subject."""
    assert terms(Rules((rule,)), **fields).get("x") == role


@pytest.mark.parametrize(
    ("mix", "fields", "holds"),
    [
        (Mix("m", "M", countries=("NO", "DK")), {}, True),
        (Mix("m", "M", countries=("SE",)), {}, False),
        (Mix("m", "M", topics=("medtop:04000000",)), {}, True),
        (Mix("m", "M", topics=("harbours",)), {}, True),
        (Mix("m", "M", countries=("NO",), topics=("medtop:15000000",)), {}, False),
        (Mix("m", "M", agencies=("reuters",)), {"agency": "Reuters"}, True),
        (Mix("m", "M", agencies=("reuters",)), {"agency": "AFP"}, False),
        (Mix("m", "M", languages=("en",)), {"language": "en-GB"}, True),
        (Mix("m", "M", languages=("en",)), {"language": "ar"}, False),
        (Mix("m", "M", any=("mayor",), none=("school",)), {}, True),
    ],
)
def test_a_mix_holds_what_meets_every_condition(mix: Mix, fields: dict[str, object], holds: bool) -> None:
    """And nothing else."""
    assert ("m" in terms(Rules((HARBOURS,), (mix,)), **fields)) == holds


def test_a_region_holds_what_its_countries_hold() -> None:
    """Subjects alone: Sweden is only mentioned."""
    found = Rules(regions=("154", "155")).apply("id", raw(), tags())

    assert [(t.category.label, t.evidence) for t in found[len(tags()) :]] == [
        ("Northern Europe", "includes Norway")
    ]


def test_every_country_stands_in_one_subregion() -> None:
    """Antarctica alone has none."""
    leaves = [
        r
        for r in vocab.regions().values()
        if not any(o.broader == r.category.term for o in vocab.regions().values())
    ]
    members = [code for region in leaves for code in region.countries]

    assert len(members) == len(set(members))
    assert set(vocab.countries()) - set(members) == {"AQ"}


def test_a_fix_takes_away_and_adds() -> None:
    """What is added brings the broader topics, and says that it was set by hand."""
    fix = fixes.parse(["-NO", "+DK", "+medtop:20000638"])
    found = Rules(fixes={"id": fix}).apply("id", raw(), tags())

    assert country("NO") not in {t.category for t in found}
    assert [(t.category.term, t.evidence) for t in found][:2] == [
        ("DK", "set by hand"),
        ("SE", '"Sweden" in the text'),
    ]
    assert topic("11000000") in {t.category for t in found}


@pytest.mark.parametrize(
    "text",
    [
        "x = 3\n",
        "[a]\ncategories = ['IR']\n",
        "[a]\ncategories = ['+XX']\n",
        "[a]\nother = 1\n",
        "[a\n",
        "[a]\ncategories = 'x'\n",
    ],
)
def test_a_spoilt_file_of_fixes_is_said_with_its_line(tmp_path: Path, text: str) -> None:
    """People edit it by hand."""
    path = tmp_path / "fixes.toml"
    path.write_text(text)

    with pytest.raises(ConfigError, match=r"fixes\.toml: ?|fixes\.toml:\d+: "):
        fixes.load(path)


def test_fixes_survive_being_written_and_read(tmp_path: Path) -> None:
    """Whatever the headline holds."""
    known = {"urn:uuid:1": fixes.parse(["+IR", "-medtop:11000000"], 'A "quoted" \\ headline')}
    fixes.save(tmp_path / "fixes.toml", known)

    assert fixes.load(tmp_path / "fixes.toml") == known


def test_a_fix_by_hand_survives_every_build(newsroom: Newsroom) -> None:
    """The next build follows it, and no `updated` moves."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = newsroom.feed().entries[0]

    told = newsroom.run("fix", before.id, "--country", "-NO", "--country", "+DK")
    assert (told.exit_code, told.stdout) == (0, "")
    assert f"corrected “{before.title}”; the next build follows it" in told.stderr
    newsroom.build(now=LATER)
    newsroom.build("--full", now=LATER)

    assert newsroom.feed("countries/no").entries == []
    assert newsroom.feed("countries/dk").entries[0].updated == before.updated
    assert "country: DK subject 1.00: set by hand" in newsroom.run("explain", before.id).stdout
    why = newsroom.run("explain", before.id, "--feed", "countries/no").stdout
    assert why == "countries/no: not in it, for it was taken away by hand (fixes.toml)\n"


def test_a_fix_that_can_not_be_is_refused(newsroom: Newsroom) -> None:
    """One line, and nothing is written."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    known = newsroom.feed().entries[0].id

    for arguments in (
        [known, "--country", "NO"],
        [known, "--country", "+XX"],
        [known],
        ["unknown", "--country", "+NO"],
    ):
        result = newsroom.run("fix", *arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert not (newsroom.root / "fixes.toml").exists()


RULES = """
[topics.harbours]
label = "Harbours"
any = ["harbour*"]
[[mixes]]
slug = "north"
title = "The North"
countries = ["NO", "SE"]
[feeds]
regions = ["154"]
"""


def test_plan_shows_what_a_configuration_would_change_and_build_does_so(newsroom: Newsroom) -> None:
    """With headlines, before anything is written; also for articles whose captures are gone."""
    path = newsroom.add("a.txt", capture())
    newsroom.build()
    before = newsroom.files()
    path.unlink()
    (newsroom.root / "new.toml").write_text(RULES)

    planned = newsroom.run("plan", "-c", "new.toml").stdout.splitlines()
    signs = [(line.split("\t")[0], line.split("\t")[1]) for line in planned]
    assert signs == [("+", "mixes/north"), ("+", "regions/northern-europe"), ("+", "topics/harbours")]
    assert planned[0].endswith("Norway Opens a New Harbour in Bergen")
    assert newsroom.files() == before

    newsroom.build("-c", "new.toml", now=LATER)
    for _, slug in signs:
        assert [e.updated for e in newsroom.feed(slug).entries] == [NOW.isoformat()]
    same = newsroom.run("plan", "-c", "new.toml")
    assert (same.stdout, same.stderr) == ("", "feeds: note: no feed would change\n")
    assert not [t for t in newsroom.feed().entries[0].tags if t.scheme == vocab.MIX_SCHEME]


def test_plan_shows_feeds_that_come_and_go_by_their_own_keys(newsroom: Newsroom) -> None:
    """Mentions that count from now on, and feeds that are left out."""
    newsroom.add(
        "a.txt", capture(lead="Norway opened a new harbour in Bergen. A ship from Sweden came first.")
    )
    newsroom.build()
    keys = '[feeds]\nmentions = true\nexclude = ["countries/no"]\n'
    (newsroom.root / "new.toml").write_text(keys)

    planned = newsroom.run("plan", "-c", "new.toml").stdout.splitlines()
    assert [line.split("\t")[:2] for line in planned] == [["+", "countries/se"], ["-", "countries/no"]]

    newsroom.build("-c", "new.toml", now=LATER)
    (newsroom.root / "feeds.toml").write_text(keys)
    assert newsroom.run("plan").stdout == ""


def test_plan_counts_the_newest_articles_of_each_feed(newsroom: Newsroom) -> None:
    """As a feed holds them: what leaves it lets none in that was too old."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    newsroom.add("b.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June."))
    newsroom.build(now=LATER)
    (newsroom.root / "new.toml").write_text("[feeds]\nlimit = 1\n")
    newest, older = (entry.id for entry in newsroom.feed().entries)

    planned = newsroom.run("plan", "-c", "new.toml").stdout.splitlines()
    assert [line.split("\t")[:3] for line in planned if "\tall\t" in line] == [["-", "all", older]]

    newsroom.run("fix", newest, "--withdraw")
    (newsroom.root / "feeds.toml").write_text("[feeds]\nlimit = 1\n")
    planned = newsroom.run("plan").stdout.splitlines()
    assert [line.split("\t")[:3] for line in planned if "\tall\t" in line] == [
        ["-", "all", newest],
        ["+", "all", older],
    ]


def test_a_renaming_that_meets_no_feed_is_named(newsroom: Newsroom) -> None:
    """By plan, and by the build that first heeds it; not where it did its work."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    renamed = '[renamed]\n"countries/no" = "countries/norway"\n"topics/trnsport" = "topics/ships"\n'
    (newsroom.root / "feeds.toml").write_text(renamed)
    note = 'feeds: note: renamed."topics/trnsport": no feed has that slug'

    assert note in newsroom.run("plan").stderr
    assert note in newsroom.run("build").stderr
    assert "renamed" not in newsroom.run("build").stderr
    assert (newsroom.output / "countries/norway.atom").exists()


def test_what_is_taken_away_by_hand_stays_away_beside_a_narrower_topic() -> None:
    """Who adds a narrow topic and takes away the broad one means both."""
    fix = fixes.parse(["+medtop:20000638", "-medtop:11000000"])
    found = Rules(fixes={"id": fix}).apply("id", raw(), tags())

    assert topic("20000638") in {t.category for t in found}
    assert topic("11000000") not in {t.category for t in found}


def test_explain_says_what_spoke_for_a_feed_that_an_article_is_not_in(newsroom: Newsroom) -> None:
    """A namesake that was read otherwise, and words that were too few."""
    newsroom.add(
        "a.txt",
        capture(
            "Council Repairs Bridge in Atlanta",
            "Workers in Atlanta, Georgia, closed the bridge for the repair, the mayor said on Monday.",
        ),
    )
    newsroom.build()
    known = newsroom.feed().entries[0].id

    def why(slug: str) -> str:
        return newsroom.run("explain", known, "--feed", slug).stdout

    assert '"Georgia" in the lead is read as United States (region)' in why("countries/ge")
    assert why("countries/fj") == "countries/fj: not in it, for nothing in the article speaks for Fiji\n"
    assert '"workers" in the lead: ' in why("topics/labour")
    assert "1.4 points, and it takes 3.7" in why("topics/labour")


def test_explain_names_the_conditions_that_do_not_hold(newsroom: Newsroom) -> None:
    """Of a mix and of a topic; and each rule of the user's stands in what explain prints."""
    newsroom.add("a.txt", capture())
    rules = '[topics.x]\nlabel="X"\nany=["zebra"]\ncountries=["SE"]\n'
    rules += '[[mixes]]\nslug="m"\ntitle="M"\nlanguages=["tr"]\n'
    (newsroom.root / "feeds.toml").write_text(RULES + rules)
    newsroom.build()
    id_ = newsroom.feed().entries[0].id

    def why(slug: str) -> str:
        return newsroom.run("explain", id_, "--feed", slug).stdout

    assert why("mixes/m") == "mixes/m: not in it, for these conditions do not hold: languages\n"
    assert why("topics/x") == "topics/x: not in it, for these conditions do not hold: countries, any\n"
    assert why("regions/154").startswith("regions/154: in it, for includes Norway")
    assert "Harbours (subject)" in newsroom.run("explain", id_).stdout
    assert "mixes/m\tM\t0\t0" in newsroom.run("list", "feeds").stdout


def test_what_the_configuration_defines_has_its_feed_from_the_start() -> None:
    """So that one can subscribe before the first article."""
    from feeds.selection import plan

    config = Config(topics=(HARBOURS,), mixes=(Mix("m", "M", any=("x",)),), feeds=Selection(regions=("150",)))

    assert [p.slug for p in plan([], {}, config)] == ["all", "mixes/m", "topics/harbours", "regions/europe"]
