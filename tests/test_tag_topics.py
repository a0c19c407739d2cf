"""What an article's words say about its topics."""

from __future__ import annotations

import pytest

from feeds import vocab
from feeds.model import RawArticle, StatedSubject
from feeds.tag import tag
from feeds.tag.topics import lexicon


def topics(raw: RawArticle) -> list[str]:
    return [t.category.label for t in tag(raw) if t.category.scheme == vocab.TOPIC_SCHEME]


NEWS = [
    ("Voters choose a parliament", "Polling stations opened for the general election.", "election"),
    (
        "Ambassadors meet",
        "The two foreign ministers discussed sanctions.",
        "international relations",
    ),
    ("Central bank holds its rate", "Inflation slowed, the central bank said.", "economy"),
    ("Profit doubles at a brewer", "Net income and revenue rose in the quarter.", "business information"),
    ("Man held after a stabbing", "Police arrested a suspect in the murder.", "crime"),
    ("Jury finds a banker guilty", "The judge will pass sentence; the court was full.", "judiciary"),
    ("Suicide bomber strikes a market", "No group claimed the attack by a suicide bomber.", "act of terror"),
    ("Troops shell a town", "Rebels said airstrikes and artillery hit the town.", "armed conflict"),
    ("Envoys seek a ceasefire deal", "The peace talks resume; a truce is near.", "peace process"),
    ("Quake levels a village", "The earthquake killed ten; a landslide followed.", "disaster"),
    (
        "Two die as cars collide",
        "The crash closed the road; both drivers died.",
        "accident and emergency incident",
    ),
    ("Measles outbreak closes a clinic", "Doctors urge vaccination against measles.", "health"),
    ("Carbon emissions rise", "Climate change will get worse, greenhouse gas data show.", "environment"),
    ("Pupils sit new exams", "Teachers and schools prepare for the exams.", "education"),
    ("Nurses vote to strike", "The trade union wants better wages for workers.", "labour"),
    ("Pope opens the holy year", "Bishops and pilgrims filled the cathedral.", "religion"),
    ("Telescope finds a planet", "Astronomers at the space agency saw a galaxy.", "natural science"),
    (
        "Phone maker shows a chip",
        "The smartphone runs new software.",
        "technology and engineering",
    ),
    ("Shelter opens for the homeless", "The charity fights poverty and racism.", "society"),
    ("Striker scores twice", "The football club won the cup final; the coach cheered.", "sport"),
    ("Blizzard on its way", "Forecasters expect heavy snow and strong winds.", "weather"),
    (
        "Director wins at the film festival",
        "The actress and the director of the movie cried.",
        "arts and entertainment",
    ),
    ("Chef opens a restaurant", "The menu has recipes from her cookbook.", "lifestyle and leisure"),
    ("Drones hit a port", "Air defence systems shot down most of the missiles.", "armed conflict"),
    ("Shop delivers parcels by drone", "The drones are steered by software.", "technology and engineering"),
    ("Senate votes for a budget", "Senators approved the bill by 51 votes to 49.", "government"),
    (
        "Parliament passes a climate law",
        "The bill sets a target for greenhouse gas emissions.",
        "climate change",
    ),
]


@pytest.mark.parametrize(("headline", "lead", "want"), NEWS)
def test_article_gets_its_topic(headline: str, lead: str, want: str) -> None:
    """A plain piece of news gets the concept that a reader would look for it under."""
    assert want in topics(RawArticle(headline, (lead,), language="en"))


OTHERS = [
    ("fr", "Élection présidentielle", "Les électeurs votent, le scrutin est serré.", "election"),
    ("es", "El fiscal pide prisión", "El juez y el tribunal abren el juicio.", "crime, law and justice"),
    ("ar", "فوز المنتخب", "فاز لاعبو المنتخب في مباراة كرة القدم أمام الجمهور", "sport"),
    ("ar", "مشروع الطاقة المتجددة", "بدأ العمل في شبكة الكهرباء والربط الكهربائي", "renewable energy"),
    ("ar", "كشف أثري في الجنوب", "عثر علماء الآثار على مقبرة ونقوش قديمة.", "archaeology"),
    ("ar", "إطلاق غزلان في محمية", "المحمية تؤوي حيوانات مهددة بالانقراض.", "conservation"),
    ("de", "Lokführer treten in den Ausstand", "Die Gewerkschaft fordert mehr Lohn.", "labour relations"),
    ("de", "Landkreis vor der Stichwahl", "Die Wahllokale öffnen um acht Uhr.", "election"),
    (
        "de",
        "Lebenslang für Einbrecher",
        "Das Landgericht verurteilte den Angeklagten.",
        "sentencing (criminal)",
    ),
    ("de", "Neue Nullzinspolitik", "Die Zentralbank senkt den Leitzins.", "central bank"),
    ("es", "Crecida del río anega un barrio", "Las lluvias y el desbordamiento.", "flood"),
    ("es", "El alcalde dimite", "El ayuntamiento vota una moción de censura.", "government"),
    ("fr", "Les chirurgiens cessent le travail", "Un préavis de grève est déposé.", "labour relations"),
    ("fr", "Un gang incendie une gare", "Les bandits réclament une rançon.", "organised crime"),
    ("pt", "Copom sobe a taxa básica", "O Banco Central teme a inflação.", "central bank"),
    ("pt", "Enxurrada desaloja famílias", "A cheia alagou o bairro.", "flood"),
]


@pytest.mark.parametrize(("language", "headline", "lead", "want"), OTHERS)
def test_topics_are_read_in_other_languages(language: str, headline: str, lead: str, want: str) -> None:
    """Arabic, French, German, Portuguese and Spanish have lexicons, down to narrower concepts."""
    assert want in topics(RawArticle(headline, (lead,), language=language))


COMPOUNDS = [
    ("Warum die Ortsratswahl zählt", "Die Ortsratswahl ist am Sonntag.", "election"),
    ("Der Fährstreik geht weiter", "Der Fährstreik trifft alle.", "labour"),
    ("Nach dem Reaktorunfall", "Der Reaktorunfall war 1986.", "disaster, accident and emergency incident"),
]


@pytest.mark.parametrize(("headline", "lead", "want"), COMPOUNDS)
def test_compound_is_read_by_its_ending(headline: str, lead: str, want: str) -> None:
    """A German compound that no lexicon lists has the sense of its last part."""
    assert want in topics(RawArticle(headline, (lead,), language="de"))


ALIKE = [
    ("de", "Eine Auswahl, ein Beispiel", "Die Auswahl ist ein gutes Beispiel für ein Vorurteil."),
    ("de", "Gesellschaft und Landschaft", "Die Landschaft ist fehlerhaft und dauerhaft."),
    ("fr", "Aide aux voisins", "Cette aide est manifestement importante, et l'information utile."),
    ("fr", "Mais pas aujourd'hui", "Mais le prix est élevé, et c'est sérieux ; on vient de lui parler."),
    ("fr", "Une double question", "L'opérateur double la mise, l'opération est double."),
    ("pt", "Amigos se reúnem", "Eles se reúnem e ela ia com eles."),
    ("es", "Ninguno lo sabe", "Ninguno de ellos hizo la medición; sin embargo, vino ayer."),
    ("pt", "Particularmente difícil", "É particularmente grande, e todos concordam."),
    ("de", "So genommen", "Ich glaube, das ist falsch genommen, und es klärt sich."),
    ("ar", "لدينا وقت فقط", "وقف أمام الباب، وهذا صحيح وطبيعي، وطالبت به أمامنا."),
    ("ar", "الرياض", "يهدف المشروع إلى ذلك."),
]


@pytest.mark.parametrize(("language", "headline", "lead"), ALIKE)
def test_word_that_only_begins_or_ends_alike_says_nothing(language: str, headline: str, lead: str) -> None:
    """A stem or an ending must not catch the common words that share its letters."""
    assert topics(RawArticle(headline, (lead,), language=language)) == []


def test_topic_brings_what_is_broader_and_says_so() -> None:
    """A concept below the top level comes with its ancestors, which name it as their reason."""
    raw = RawArticle(
        "Ambassadors meet", ("The diplomats and foreign ministers met at the embassy.",), language="en"
    )
    evidence = {t.category.label: t.evidence for t in tag(raw)}

    assert "international relations" in evidence
    assert "includes international relations" in evidence["politics and government"]


def test_weak_words_give_no_topic() -> None:
    """Where nothing speaks clearly, no topic is better than a wrong one."""
    assert topics(RawArticle("A quiet day", ("Nothing much was said about it.",), language="en")) == []


def test_set_phrase_hides_the_words_that_mislead() -> None:
    """A bargaining chip is no semiconductor, and a war of words is no war."""
    raw = RawArticle("War of words goes on", ("It was a bargaining chip in a war of words.",), language="en")

    assert topics(raw) == []


MISLED = [
    (
        "Drones strike a town",
        "The shelling went on as drones and missiles came in.",
        "science and technology",
    ),
    ("Parliament votes for a tax", "Lawmakers voted to pass it, 80 votes to 40.", "election"),
    ("Council votes to close a pool", "Councillors voted against a delay.", "election"),
]


@pytest.mark.parametrize(("headline", "lead", "unwanted"), MISLED)
def test_company_of_a_word_tells_what_it_speaks_for(headline: str, lead: str, unwanted: str) -> None:
    """Drones in a war are no gadgets, and a vote in parliament is no election."""
    found = topics(RawArticle(headline, (lead,), language="en"))

    assert found
    assert unwanted not in found


METAPHORS = [
    ("de", "Preiskrieg der Discounter", "Der Handel klagt über sinkende Gewinne.", "conflict, war and peace"),
    ("fr", "La guerre des prix fait rage", "En Bourse, les bénéfices reculent.", "conflict, war and peace"),
    ("es", "Terremoto político tras la dimisión", "El presidente y los diputados callan.", "disaster"),
    ("pt", "Chuva de críticas ao governo", "Os deputados criticam o ministro.", "weather"),
    ("ar", "عاصفة في البرلمان", "تبادل النواب والوزراء الاتهامات في البرلمان.", "weather"),
    ("en", "Race against time for a budget", "Ministers and senators debate the bill.", "sport"),
]


@pytest.mark.parametrize(("language", "headline", "lead", "unwanted"), METAPHORS)
def test_metaphor_is_not_taken_at_its_word(language: str, headline: str, lead: str, unwanted: str) -> None:
    """A price war is no war, and a political earthquake buries nobody."""
    found = topics(RawArticle(headline, (lead,), language=language))

    assert found
    assert unwanted not in found


def test_stated_topic_brings_what_is_broader() -> None:
    """A medtop code in the document counts as it stands."""
    raw = RawArticle("A", ("B",), subjects=(StatedSubject(vocab.TOPIC_SCHEME, "20000638"),), language="en")

    assert topics(raw) == ["international relations", "politics and government"]


@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fr", "pt"])
def test_lexicon_names_only_current_concepts(language: str) -> None:
    """Every code in a lexicon is in the tree and not retired."""
    for term in lexicon(language).meanings():
        for concept, _ in term.weights:
            assert vocab.topics()[concept].retired is None


@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fr", "pt"])
def test_no_bare_number_is_a_term(language: str) -> None:
    """Figures stand in every kind of news; a comma within one would cut a term in two."""
    assert [
        term.text for term in lexicon(language).meanings() if term.text.isdigit() or term.text[:2] == "00"
    ] == []
