"""Make a corpus of captures: so many articles of about 3 kB, over 50 topics and 100 countries.

    python bench/scale/corpus.py FOLDER ARTICLES [--first NUMBER]

One article in each file, in folders by day, 40 a day, so that a hundred thousand are seven years of them.
The same numbers give the same bytes.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2019, 1, 1, tzinfo=UTC)
A_DAY = 40
LENGTH = 3000

COUNTRIES = """
Norway Sweden Denmark Finland Iceland Estonia Latvia Lithuania Poland Germany France Spain Portugal Italy
Austria Switzerland Belgium Netherlands Ireland Greece Bulgaria Romania Hungary Serbia Croatia Slovenia
Slovakia Ukraine Russia Belarus Moldova Turkey Iran Iraq Syria Lebanon Israel Egypt Libya Tunisia Algeria
Morocco Sudan Ethiopia Kenya Uganda Tanzania Rwanda Burundi Somalia Nigeria Ghana Senegal Mali Angola
Zambia Zimbabwe Botswana Namibia Mozambique Madagascar Malawi Cameroon Gabon Benin Togo India Pakistan
Bangladesh Nepal Bhutan Afghanistan Kazakhstan Uzbekistan Kyrgyzstan Tajikistan Turkmenistan Mongolia
China Japan Vietnam Thailand Cambodia Laos Malaysia Indonesia Philippines Australia Fiji Samoa Canada
Mexico Cuba Haiti Jamaica Guatemala Honduras Nicaragua Panama Colombia
""".split()
TOPICS = (
    "parliament passed the election law",
    "the central bank raised interest rates",
    "the court sentenced the minister",
    "striking workers marched for higher wages",
    "doctors warned of a measles outbreak",
    "the football league began",
    "floods destroyed hundreds of homes",
    "scientists launched a research satellite",
    "the army shelled the border",
    "police arrested a suspect in the murder",
    "the government signed a trade agreement",
    "oil prices fell sharply",
    "students returned to the schools",
    "the bishop opened the cathedral",
    "the film festival began",
    "a wildfire burned the forest",
    "inflation slowed again",
    "refugees crossed the border",
    "the embassy was closed",
    "sanctions were imposed",
    "the opposition boycotted the vote",
    "the airline cancelled flights",
    "a train derailed",
    "the museum showed old paintings",
    "the stock exchange fell",
    "carbon emissions rose",
    "the vaccine was approved",
    "the mayor resigned over corruption",
    "the tennis final was played",
    "a ceasefire was signed",
    "the budget was cut",
    "the union called a strike",
    "the harvest failed after the drought",
    "the volcano erupted",
    "an earthquake struck",
    "the bank reported profits",
    "the software company hired engineers",
    "the prison was searched",
    "the trial began",
    "the president met the foreign minister",
    "the novel won the prize",
    "the cyclist won the race",
    "the temple reopened",
    "the university cut tuition",
    "the hospital lacked nurses",
    "the power plant shut down",
    "gas exports resumed",
    "the housing market cooled",
    "the theatre opened",
    "the referendum was held",
)
WORDS = """
officials said after the meeting that talks would continue while people in the region waited for further
news and several speakers asked how long the work might take because earlier plans had been changed twice
since spring when the first report appeared and neighbours noted that little had happened so far although
many promises were made in public by those who should know what is needed and when it can be done
""".split()


@dataclass(frozen=True, slots=True)
class Made:
    """An article of the corpus, and what it was made to be about."""

    number: int
    headline: str
    paragraphs: tuple[str, ...]
    country: str
    topic: str

    @property
    def day(self) -> datetime:
        """When it appeared."""
        return day(self.number)


def article(number: int) -> Made:
    """Give an article by its number."""
    chance = random.Random(number)
    country, other = chance.sample(COUNTRIES, 2)
    topic = chance.choice(TOPICS)
    name = f"{chance.choice(WORDS)} {number}"
    headline = f"{country}: {topic[0].upper()}{topic[1:]} as {name}"
    lead = f"In {country} {topic} this week, number {number} in a series of such events, as {name} was told."
    paragraphs = [lead]
    size = len(headline) + len(lead)
    while size < LENGTH:
        words = " ".join(chance.choices(WORDS, k=chance.randint(30, 60)))
        paragraph = (
            f"{words[0].upper()}{words[1:]}, and in {chance.choice((country, country, other))} {topic}."
        )
        paragraphs.append(paragraph)
        size += len(paragraph)
    return Made(number, headline, tuple(paragraphs), country, topic)


def text(made: Made) -> str:
    """Give an article as a capture."""
    return (
        "\n\n".join((made.headline, f"{made.day:%B} {made.day.day}, {made.day.year}", *made.paragraphs))
        + "\n"
    )


def day(number: int) -> datetime:
    """Give the day of an article."""
    return BEGIN + timedelta(days=number // A_DAY)


def write(folder: Path, number: int) -> Path:
    """Write an article into its folder."""
    path = folder / f"{day(number):%Y/%m/%d}" / f"{day(number):%Y-%m-%d}-{number}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(article(number)), encoding="utf-8")
    return path


def make(folder: Path, articles: int, first: int = 0) -> None:
    """Write so many articles."""
    for number in range(first, first + articles):
        write(folder, number)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[4]) if "--first" in sys.argv else 0)
