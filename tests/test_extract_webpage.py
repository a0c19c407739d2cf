"""Web pages: what is taken from markup, what from the text, and what is left out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.dates import date
from feeds.extract import webpage
from feeds.model import Caption, Document, DocumentError, RawArticle, StatedDate

FIXTURES = Path(__file__).parent / "fixtures" / "webpage"
PROSE = "<p>The council met on Monday to talk about the water that it takes from the lake behind it.</p>"


def page(text: str, url: str | None = None) -> Document:
    """A page as the reader hands it on."""
    return Document("page.html", "text/html", text, None, "", url)


def read(name: str) -> tuple[RawArticle, ...]:
    """The articles of a fixture."""
    return webpage.extract(page((FIXTURES / name).read_text("utf-8"))).articles


def test_markup_states_headline_dates_writer_and_address() -> None:
    """What JSON-LD and OpenGraph state is taken before what is printed."""
    (article,) = read("one-article.html")

    assert article.headline == "Harbour bridge reopens after nine months"
    assert article.byline == ("Mara Lindqvist",)
    assert article.agency == "Reuters"
    assert article.url == "https://post.example/news/harbour-bridge-reopens"
    assert article.image == "https://post.example/i/bridge.jpg"
    assert article.language == "en-GB"
    assert article.dates == (
        StatedDate("2024-03-05T08:30:00+01:00", "published", "metadata"),
        StatedDate("2024-03-05T10:00:00+01:00", "updated", "metadata"),
    )


def test_body_holds_introduction_paragraphs_and_headings_alone() -> None:
    """Bylines, captions, promotions, related articles and notices stay out of the text."""
    (article,) = read("one-article.html")

    assert [paragraph[:20] for paragraph in article.body] == [
        "Ferries stop at noon",
        "PORTVIK: The harbour",
        "What it cost",
        "Repairs came to 14 m",
        "The toll remains at ",
    ]


def test_caption_is_apart_from_its_credit() -> None:
    """A picture's supplier is told from its words."""
    (article,) = read("one-article.html")

    assert article.captions == (Caption("The bridge on Tuesday morning.", "Ola Berg"),)


def test_page_of_several_articles_gives_each() -> None:
    """Repeated containers are articles, each with its own date, writers and address."""
    river, library, tram = read("several-articles.html")

    assert river.headline == "River falls below the winter mark"
    assert len(river.body) == 2
    assert library.byline == ("Ines Duarte", "Paul Okafor")
    assert library.captions == (Caption("A drill among the novels."),)
    assert library.body[-1].startswith("The idea came from a reader")
    assert tram.dates == (StatedDate("2024-05-06T18:45:00Z", "published", "metadata"),)


def test_articles_link_is_resolved_against_the_page() -> None:
    """A relative link in a page of several articles becomes absolute when the page's address is known."""
    text = (FIXTURES / "several-articles.html").read_text("utf-8")

    first = webpage.extract(page(text, "https://post.example/archive")).articles[0]

    assert first.url == "https://post.example/2024/05/07/river"


def test_several_statements_with_bodies_and_one_heading_each_are_several_articles() -> None:
    """Two complete stories below one another are two articles, though the page has a script for each."""
    story = (
        '<section><h1>{0}</h1><p>{1}</p><p>{1}</p></section><script type="application/ld+json">{2}</script>'
    )
    prose = "The council of {0} met on Monday to talk about the water that it takes from the lake behind it."
    markup = "".join(
        story.format(
            name, prose.format(name), f'{{"@type":"NewsArticle","headline":"{name}","author":"Ann {name}"}}'
        )
        for name in ("Northam", "Southam")
    )

    articles = webpage.extract(page(f"<html><body>{markup}</body></html>")).articles

    assert [article.headline for article in articles] == ["Northam", "Southam"]
    assert [article.byline for article in articles] == [("Ann Northam",), ("Ann Southam",)]


def test_sections_of_one_article_stay_together() -> None:
    """A page that states itself to be one article is not split at its subheadings."""
    sections = "".join(
        f"<section><h2><a href='#{n}'>Part {n}</a></h2>{PROSE * 2}</section>" for n in range(3)
    )
    text = f'<meta property="og:type" content="article"><h1>Water</h1><article>{sections}</article>'

    (article,) = webpage.extract(page(f"<html><body>{text}</body></html>")).articles

    assert len(article.body) == 9


def test_text_that_only_a_script_holds_is_read() -> None:
    """A page built in the browser has its text in JSON-LD alone."""
    text = '{"@type": "NewsArticle", "headline": "Lamp out", "articleBody": "Lamps broke.\\n\\nAll dark.",}'
    script = f'<script type="application/ld+json">{text}</script>'

    (article,) = webpage.extract(page(f"<html>{script}</html>")).articles

    assert article.headline == "Lamp out"
    assert article.body == ("Lamps broke.", "All dark.")


def test_heading_that_begins_like_a_byline_is_none() -> None:
    """Below the text, a line of another article names no writer."""
    text = f"<h1>Water</h1>{PROSE * 3}<div>Von der Quelle zum Meer</div><div>Di Roma in Roma</div>"

    (article,) = webpage.extract(page(f"<html><body>{text}</body></html>")).articles

    assert article.byline == ()


def test_several_whole_statements_are_several_articles() -> None:
    """Where the text stands in scripts alone, each statement with a body is an article."""
    told = '{{"@type":"Article","headline":"{0}","articleBody":"{1}"}}'
    story = f'<script type="application/ld+json">{told}</script>'
    text = "".join(story.format(name, f"The council of {name} met. " * 12) for name in ("Northam", "Southam"))

    articles = webpage.extract(page(f"<html><body>{text}</body></html>")).articles

    assert [article.headline for article in articles] == ["Northam", "Southam"]


def test_archive_without_signs_is_split_at_its_headlines() -> None:
    """Containers with headings as long as headlines are articles; the date line in each is its own."""
    item = "<div class='item'><h2>{0} council to meet about the water again</h2><p>{1} May 2024</p>{2}</div>"
    text = "".join(item.format(name, n, PROSE * 5) for n, name in enumerate(("Northam", "Southam"), 3))

    articles = webpage.extract(page(f"<html><body><h1>Archive</h1>{text}</body></html>")).articles

    assert [article.headline.split()[0] for article in articles] == ["Northam", "Southam"]
    assert [date.text for article in articles for date in article.dates] == ["3 May 2024", "4 May 2024"]


def test_brief_of_one_short_sentence_is_an_article() -> None:
    """Where no paragraph is long, the short sentences under the heading are the text."""
    text = "<h1>Lamp out</h1><p>By Ann Holm</p><p>The lamp in Mill Street went out on Monday.</p>"

    (article,) = webpage.extract(page(f"<html><body>{text}<p>Contact</p></body></html>")).articles

    assert article.body == ("The lamp in Mill Street went out on Monday.",)
    assert article.byline == ("Ann Holm",)


def test_printed_byline_and_date_serve_where_nothing_is_stated() -> None:
    """Without metadata, the byline and the date line between heading and text are taken as printed."""
    text = f"<h1>Water</h1><p>By Ann Holm</p><p>Published 3 May 2024, 10:15</p>{PROSE * 3}"

    (article,) = webpage.extract(page(f"<html><body>{text}</body></html>")).articles

    assert article.byline == ("Ann Holm",)
    assert article.dates == (StatedDate("Published 3 May 2024, 10:15", "published", "date line"),)
    assert len(article.body) == 3


def test_links_other_than_http_are_refused() -> None:
    """An address that a browser would run is none."""
    head = '<link rel="canonical" href="javascript:alert(1)"><meta property="og:image" content="data:text/x">'

    (article,) = webpage.extract(page(f"<html>{head}<body><h1>Water</h1>{PROSE * 3}</body></html>")).articles

    assert article.url is None
    assert article.image is None


@pytest.mark.parametrize(
    "text", ["<html></html>", "<!doctype html>", "<html><body><nav>Home</nav></body></html>"]
)
def test_page_without_an_article_is_refused(text: str) -> None:
    """A page that holds no article says so, with its name."""
    with pytest.raises(DocumentError, match=r"page\.html: a web page without"):
        webpage.extract(page(text))


def test_depth_beyond_reason_costs_only_itself() -> None:
    """A page nested a hundred thousand deep is refused or cut, in no time and without a crash."""
    with pytest.raises(DocumentError):
        webpage.extract(page("<div>" * 100_000 + "Deep down"))


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("<!DOCTYPE html><title>A</title>", True),
        ("\ufeff<!-- saved --><HTML><body>", True),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', True),
        ("<article><h1>A</h1>", True),
        ('<?xml version="1.0"?><rss version="2.0">', False),
        ('<!DOCTYPE nitf SYSTEM "nitf.dtd" [<!ENTITY a "b">]><nitf>', False),
        ("RIYADH: The council met.", False),
        ('{"version": "https://jsonfeed.org/version/1.1"}', False),
    ],
)
def test_claim_goes_by_content(text: str, claimed: bool) -> None:
    """A page is told by its first element, whatever its name or media type says."""
    assert webpage.claims(Document("a.txt", "text/plain", text, None, "")) is claimed


def test_a_canonical_link_of_one_step_is_the_articles_address() -> None:
    """And one that leads to the site's front page is nobody's."""
    page = (
        '<html><head><title>Harbour</title><link rel="canonical" href="{}"></head>'
        "<body><article><h1>Harbour opens</h1>"
        "<p>Norway opened a new harbour in Bergen this week, after years of talks with the city.</p>"
        "<p>The harbour board said that the work would take three years.</p></article></body></html>"
    )
    for link, url in (
        ("https://paper.example/harbour", "https://paper.example/harbour"),
        ("https://paper.example/", None),
    ):
        document = Document("a.html", "text/html", page.format(link), None, "0")
        assert webpage.extract(document).articles[0].url == url


@pytest.mark.parametrize(
    ("line", "dates"),
    [
        ("3 hours ago", [("3 hours ago", "published")]),
        ("Updated 3 May 2025", [("Updated 3 May 2025", "updated")]),
        (
            "3 May 2025 | Updated 4 May 2025",
            [("3 May 2025", "published"), ("Updated 4 May 2025", "updated")],
        ),
        ("Aktualisiert am 03.05.2025 um 10:15 Uhr", [("Aktualisiert am 03.05.2025 um 10:15 Uhr", "updated")]),
    ],
)
def test_printed_line_tells_published_from_updated(line: str, dates: list[tuple[str, str]]) -> None:
    """A line below the heading is read with its labels, and a time counted from now is kept as printed."""
    text = f"<html><body><article><h1>Water</h1><p class='when'>{line}</p>{PROSE * 3}</article></body></html>"

    (article,) = webpage.extract(page(text)).articles

    assert [(stated.text, stated.kind) for stated in article.dates] == dates


@pytest.mark.parametrize(
    "headline", ["Just a moment...", "Access Denied", "404 Not Found", "Page introuvable"]
)
def test_page_that_bars_the_way_is_no_article(headline: str) -> None:
    """A check for robots or a missing page is named for what it is."""
    with pytest.raises(DocumentError, match="stands before an article or instead of it"):
        webpage.extract(page(f"<html><body><h1>{headline}</h1>{PROSE * 2}</body></html>"))


def test_page_without_the_tags_that_may_be_left_out_is_read() -> None:
    """HTML may lack html, head and body; a script at the top takes none of the text with it."""
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Water"}</script>'

    (article,) = webpage.extract(page(f"{script}<article><h1>Water</h1>{PROSE * 2}</article>")).articles

    assert len(article.body) == 2


def test_heading_in_the_article_goes_before_the_sites_name() -> None:
    """A site's own name may be a main heading, too."""
    text = f"<html><body><h1>Lake Post</h1><article><h1>Water</h1>{PROSE * 2}</article></body></html>"

    (article,) = webpage.extract(page(text)).articles

    assert article.headline == "Water"


def test_posts_of_a_running_report_are_one_article() -> None:
    """A heading that says `live:` holds the posts together, whatever elements they stand in."""
    post = "<article><h2>Level rises</h2><time datetime='2024-01-22T19:40Z'>19:40</time>{}</article>"
    text = f"<html><body><h1>Flood live: the water today</h1>{post.format(PROSE) * 3}</body></html>"

    (article,) = webpage.extract(page(text)).articles

    assert article.headline == "Flood live: the water today"


OTHER = '<a href="/x">The other story</a>'
TEASER = '<li itemscope><a href="/{0}">Of day {0}</a><meta itemprop="datePublished" content="{0}"></li>'


@pytest.mark.parametrize(
    "around",
    [
        "<div>Tuesday, 5 March 2024, 10:15</div>{}",  # the page's clock
        '{}<aside><h3>Latest</h3><time datetime="2024-03-03T10:00Z">3 March</time> OTHER</aside>',
        '{}<ul><li>OTHER <time datetime="2024-03-03">3 March</time></li></ul>',
        '{}<ul><li>OTHER <span itemprop="datePublished">3 March 2024</span></li></ul>',
        "{}<ul>" + TEASER.format("2024-01-03") + TEASER.format("2024-02-03") + "</ul>",
        "{}<h3>Other news</h3><div>OTHER</div><div>Published 3 March 2024</div>",
        "{}<footer>Updated 5 March 2024</footer>",
        "{}<p>Copyright 2024 Lake Post. 5 March 2024</p>",
        "{}<p>On 5 March 2024 the lake was full for the first time since the mill was built beside it.</p>",
    ],
)
def test_dates_of_others_are_not_the_articles(around: str) -> None:
    """The page's clock, other stories, the footer and the text itself date nothing."""
    text = around.replace("OTHER", OTHER).format(f"<h1>Water</h1>{PROSE * 2}")

    (article,) = webpage.extract(page(f"<html><body>{text}</body></html>")).articles

    assert date(article, None).published is None


@pytest.mark.parametrize(
    "around",
    [
        '<h1>Water</h1><time datetime="2024-03-05">5 March 2024</time>{}',
        '<meta itemprop="datePublished" content="2024-03-05"><h1>Water</h1>{}<ul>'
        + TEASER.format("2024-01-03"),
        '<div itemscope><h1>Water</h1>{}<meta itemprop="datePublished" content="2024-03-05"></div>',
        "<h1>Water</h1><p>5 March 2024</p>{}<h3>Other news</h3><div>Published 3 March 2024</div>",
        "<h1>Water</h1>{}<div>Published 5 March 2024</div>",
        "<h1>Water</h1>{}<h3>About</h3><ul><li>Date 05.03.2024</li><li>Author: Ana Ruiz</li></ul>",
    ],
)
def test_dates_of_the_article_are_found_among_others(around: str) -> None:
    """Between heading and text, in the article's own item, right below the text, or beside its writer."""
    (article,) = webpage.extract(page(f"<html><body>{around.format(PROSE * 2)}</body></html>")).articles

    assert date(article, None).published == datetime(2024, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        ("<ul><li>Ten wells in the hills above the lake</li><li>Two pumps</li></ul>", 2),
        ("<ol><li>Two pumps</li><li>Ten wells</li></ol>", 2),
        ("<ul><li>Two pumps</li><li><a href='/x'>Ten wells</a></li></ul>", 0),
        ("<ul class='share-buttons'><li>Print</li><li>Save</li></ul>", 0),
    ],
)
def test_short_items_belong_to_a_list_of_text(listed: str, kept: int) -> None:
    """Where a longer item, or its place between paragraphs without a link, shows that it is one."""
    menu = "<ul><li>Print</li><li>Save</li></ul>"
    text = f"<article><h1>Water</h1>{menu}{PROSE * 2}{listed}{PROSE}{menu}</article>"
    (article,) = webpage.extract(page(text)).articles

    assert len([words for words in article.body if len(words) < 60]) == kept
