"""What counts as a country in a text, and what only sounds like one."""

from __future__ import annotations

import pytest

from feeds import vocab
from feeds.model import Caption, RawArticle, StatedSubject
from feeds.tag import tag
from feeds.tag.gazetteer import places


def countries(raw: RawArticle, role: str = "subject", home: str | None = None) -> list[str]:
    found = tag(raw, home=home)
    return [t.category.term for t in found if t.category.scheme == vocab.COUNTRY_SCHEME and t.role == role]


TRAPS = [
    ("Georgia, the country", "Protests in Georgia", "Crowds filled Tbilisi as Georgian Dream won.", ["GE"]),
    (
        "Georgia, the state",
        "Georgia counts again",
        "In Atlanta, Georgia, Governor Kemp of Georgia spoke.",
        ["US"],
    ),
    ("Georgia, a girl", "Girl wins race", "Georgia Stevens won. Georgia was glad.", []),
    ("Jordan, the country", "Jordan shuts a border", "Jordan said in Amman that it would wait.", ["JO"]),
    ("Jordan, a man", "Star buys a club", "The player Michael Jordan paid. Jordan was glad.", []),
    ("Chad, the country", "Chad holds a vote", "Voters in Chad chose in N'Djamena.", ["TD"]),
    ("Chad, a man", "Receiver retires", "Mr Chad Johnson retired. Chad had played for ten years.", []),
    ("Turkey, the country", "Turkey calls a vote", "Turkey will vote in May, Ankara said.", ["TR"]),
    ("Türkiye", "Türkiye calls a vote", "Türkiye will vote in May.", ["TR"]),
    (
        "turkey, the bird",
        "How to roast a bird",
        "Turkey is best with stuffing and gravy. A roast needs time.",
        [],
    ),
    ("Niger", "Niger expels an envoy", "Niger gave him a day to leave Niamey.", ["NE"]),
    (
        "the Niger Delta",
        "Oil spill in the Niger Delta",
        "Farmers in the Niger Delta lost their fields.",
        ["NG"],
    ),
    ("Nigeria", "Nigeria votes", "Nigerians queued in Lagos.", ["NG"]),
    ("Guinea", "Guinea swears in a president", "Conakry was calm, Guinea's radio said.", ["GN"]),
    ("Guinea-Bissau", "Guinea-Bissau votes", "Guinea-Bissau votes on Sunday.", ["GW"]),
    ("Equatorial Guinea", "Equatorial Guinea votes", "Equatorial Guinea votes on Sunday.", ["GQ"]),
    ("Papua New Guinea", "Quake in Papua New Guinea", "Papua New Guinea was shaken.", ["PG"]),
    ("guinea pigs", "Guinea pigs on show", "Guinea pigs and a guinea pig won prizes.", []),
    (
        "Congo, by its capital",
        "Congo rebels advance",
        "M23 rebels in Congo took a town, Kinshasa said.",
        ["CD"],
    ),
    (
        "the other Congo",
        "Congo votes",
        "In Brazzaville, Sassou Nguesso of Congo voted in Brazzaville.",
        ["CG"],
    ),
    ("Mali", "Mali puts off a vote", "Mali's rulers in Bamako put off the vote.", ["ML"]),
    ("Dominica", "Storm over Dominica", "Dominica's capital Roseau is cut off.", ["DM"]),
    ("the Dominican Republic", "Dominican Republic votes", "Dominicans voted in Santo Domingo.", ["DO"]),
    ("Grenada", "Grenada votes", "Grenada votes on Sunday.", ["GD"]),
    ("Granada", "Festival in Granada", "Granada in Andalusia opens its festival.", ["ES"]),
    ("North Korea", "North Korea fires a missile", "Pyongyang said Kim Jong Un watched.", ["KP"]),
    ("South Korea", "South Korea chooses", "Seoul was calm. Korean voters queued.", ["KR"]),
    ("Kosovo", "Kosovo votes", "Kosovo voted; Pristina was calm.", ["XK"]),
    ("Taiwan", "Taiwan votes", "Taiwan voted; Taipei was calm.", ["TW"]),
    ("Palestine", "Palestinians bury a writer", "Mourners in Ramallah, in the West Bank, wept.", ["PS"]),
    ("Paris, Texas", "Man held in Paris", "Police in Paris, Texas, held a man. Paris is small.", ["US"]),
    ("Paris", "Man held in Paris", "Police in Paris held a man.", ["FR"]),
    ("London, Ontario", "Fire in London", "Crews in London, Ontario, fought a fire.", ["CA"]),
    ("London", "Fire in London", "Crews in London fought a fire.", ["GB"]),
    ("two by a hyphen", "Norwegian-Iranian man held", "A Norwegian-Iranian man was held.", ["IR", "NO"]),
    ("a comma between two", "Man held in Iran, Norway's ministry says", "He is well.", ["IR", "NO"]),
    ("Washington, the government", "Washington warns its allies", "Washington was clear.", ["US"]),
    ("Washington, a man", "Actor wins a prize", "Denzel Washington won. Washington thanked all.", []),
    ("British Columbia", "Snow in British Columbia", "British Columbia expects snow.", ["CA"]),
    ("Columbia University", "Columbia names a dean", "Columbia University named a dean.", ["US"]),
    ("Colombia", "Colombia votes", "Colombia votes on Sunday.", ["CO"]),
    ("Hassan", "Hassan wins again", "Sifan Hassan won the race.", []),
    ("us, the word", "Tell us more", "He told us that it was for us.", []),
    ("South Sudan", "South Sudan puts off a vote", "South Sudan said in Juba that it would wait.", ["SS"]),
    ("New Mexico", "New Mexico counts votes", "Counting goes on in Santa Fe, New Mexico.", ["US"]),
    ("Mexico", "Mexico counts votes", "Mexico counts votes.", ["MX"]),
    ("New England", "Snow in New England", "New England shivers.", ["US"]),
    ("Northern Ireland", "Northern Ireland waits", "Stormont sits again in Northern Ireland.", ["GB"]),
    ("Ireland", "Ireland waits", "The Taoiseach spoke in Dublin.", ["IE"]),
    ("Indian Ocean", "Ship adrift in the Indian Ocean", "The ship drifted across the Indian Ocean.", []),
    ("American Samoa", "American Samoa votes", "American Samoa votes.", ["AS"]),
    ("Samoa", "Samoa votes", "Samoa votes in Apia.", ["WS"]),
    ("a Korean, north or south", "Korean singer returns", "The Korean singer landed in Seoul.", ["KR"]),
    ("Kim", "North Korean leader Kim speaks", "Kim Jong Un spoke.", ["KP"]),
    (
        "the West Bank",
        "Raid in the West Bank",
        "The raid in Jenin, in the occupied West Bank, lasted an hour.",
        ["PS"],
    ),
    ("a bank in the west", "West bank of the river floods", "The west bank of the river is under water.", []),
    ("Guinea worm", "Guinea worm nearly gone", "Guinea worm is nearly gone.", []),
    ("Guinea fowl", "Guinea fowl escape", "The guinea fowl ran.", []),
    ("Republic of Congo", "Republic of Congo votes", "The Republic of Congo votes.", ["CG"]),
    (
        "Democratic Republic of Congo",
        "Democratic Republic of Congo votes",
        "The Democratic Republic of Congo votes.",
        ["CD"],
    ),
    ("Mali Empire", "Festival in Bali", "Bali opens its festival.", ["ID"]),
    ("Mali, a girl", "Mali wins a medal", "Mali Jones won. Her coach thanked Mali.", []),
    (
        "Granada, by a Spanish word",
        "Granada opens the Alhambra at night",
        "Spain's Granada opens the Alhambra.",
        ["ES"],
    ),
    (
        "Serbia on Kosovo",
        "Serbs in Kosovo protest",
        "Serbs in northern Kosovo protested to Pristina.",
        ["RS", "XK"],
    ),
    ("Chinese Taipei", "Chinese Taipei win gold", "Chinese Taipei won.", ["TW"]),
    (
        "Palestinian Authority",
        "Palestinian Authority pays salaries",
        "The Palestinian Authority paid.",
        ["PS"],
    ),
    (
        "East Palestine, Ohio",
        "Train burns in East Palestine",
        "Crews in East Palestine, Ohio, put it out.",
        ["US"],
    ),
    ("Palestine, Texas", "Storm in Palestine, Texas", "The storm hit Palestine, Texas.", ["US"]),
    ("Washington state", "Fire in Washington state", "Crews in Spokane, Washington, fought it.", ["US"]),
    (
        "George Washington",
        "Play on George Washington opens",
        "The play shows George Washington as a boy.",
        [],
    ),
    ("District of Columbia", "District of Columbia sues", "The District of Columbia sued.", ["US"]),
    ("Columbia, the sportswear", "Columbia recalls jackets", "Columbia Sportswear recalls jackets.", ["US"]),
    ("King Hassan", "King Hassan of Morocco is remembered", "Morocco remembers King Hassan.", ["MA"]),
    ("Rouhani by name", "Hassan Rouhani speaks", "Rouhani spoke.", ["IR"]),
    ("a US-backed group", "US-backed rebels in Syria advance", "The rebels advance in Syria.", ["SY"]),
    ("two parties by a hyphen", "Russia-Ukraine talks open", "The talks open.", ["RU", "UA"]),
    ("Sino-Indian", "Sino-Indian border quiet", "The Sino-Indian border is quiet.", ["CN", "IN"]),
    ("Athens, Georgia", "Student dies in Athens, Georgia", "She died in Athens, Georgia.", ["US"]),
    ("Athens", "Strike stops Athens trains", "Trains stood still in Athens.", ["GR"]),
    (
        "Moscow, Idaho",
        "Four students killed in Moscow, Idaho",
        "The house in Moscow, Idaho, is sealed.",
        ["US"],
    ),
    (
        "Birmingham, Alabama",
        "Fire in Birmingham, Alabama",
        "A church in Birmingham, Alabama, burned.",
        ["US"],
    ),
    ("Perth", "Perth swelters", "Perth will reach 44C, the bureau said.", ["AU"]),
    ("Kremlin", "Kremlin denies it", "The Kremlin denied it.", ["RU"]),
    ("White House", "White House denies it", "The White House denied it.", ["US"]),
    ("Downing Street", "Downing Street denies it", "Downing Street denied it.", ["GB"]),
    ("Elysee", "Elysee denies it", "The Elysee denied it.", ["FR"]),
    ("Knesset", "Knesset votes", "The Knesset voted.", ["IL"]),
    ("Blue House", "Blue House denies it", "The Blue House in Seoul denied it.", ["KR"]),
    ("Pentagon", "Pentagon denies it", "The Pentagon denied it.", ["US"]),
    ("Casa Rosada", "Casa Rosada denies it", "The Casa Rosada denied it.", ["AR"]),
    ("Aso Rock", "Aso Rock denies it", "Aso Rock denied it.", ["NG"]),
    ("French fries", "French fries, but crisp", "Cut the potatoes; French fries need hot oil.", []),
    ("German shepherd", "German shepherd finds a boy", "A German shepherd found the boy asleep.", []),
    ("Swiss cheese", "More holes than Swiss cheese", "The plan has more holes than Swiss cheese.", []),
    ("China, the plates", "Wedding china sells", "The china plates and teacups sold.", []),
    ("Panama hat", "Panama hats are back", "Wear a Panama hat with linen.", []),
    ("Brazil nuts", "Brazil nuts for the heart", "Eat two Brazil nuts a day.", []),
    ("Bermuda shorts", "Bermuda shorts are back", "Bermuda shorts need long socks.", []),
    ("Jersey City", "Jersey City elects a mayor", "Jersey City elects a mayor.", ["US"]),
    ("New Jersey", "New Jersey elects", "New Jersey elects a governor.", ["US"]),
    (
        "Lebanon, Pennsylvania",
        "Fire in Lebanon, Pennsylvania",
        "The fire in Lebanon, Pennsylvania, is out.",
        ["US"],
    ),
    ("Cuba Gooding", "Cuba Gooding in court", "Cuba Gooding denied it.", []),
    ("Israel, a man", "Boxer retires", "Israel Gonzalez retired. Israel had fought for ten years.", []),
    ("Paris Hilton", "Paris Hilton sings", "Paris Hilton sings. Paris was glad.", []),
    ("Ivory Coast", "Ivory Coast votes", "Ivorians vote in Abidjan.", ["CI"]),
    ("Timor", "East Timor votes", "Dili was calm.", ["TL"]),
    ("Macedonia", "North Macedonia votes", "Skopje was calm.", ["MK"]),
    ("Eswatini", "Eswatini votes", "Swazis vote in Mbabane.", ["SZ"]),
    ("Cape Verde", "Cape Verde votes", "Praia was calm.", ["CV"]),
    ("Burma", "Burma votes", "Rangoon was calm.", ["MM"]),
    ("Holland", "Holland wins", "The Dutch won.", ["NL"]),
    ("Britain", "Britain waits", "Britons wait.", ["GB"]),
    ("a stock split", "Board Approves Stock Split", "The board set a two-for-one split of the stock.", []),
    ("STOCK SPLIT", "BOARD SETS TWO-FOR-ONE STOCK SPLIT", "The board declared a split.", []),
    ("Split", "Ferry burns off Croatia", "Passengers were taken to Split.", ["HR"]),
    ("a sale", "SALE OF UNIT COMPLETED", "The sale of the unit is done.", []),
    ("nice, the word", "Nice try, says coach", "Nice weather helped.", []),
    ("Nice", "Lorry drives into crowd in Nice", "The promenade in Nice was full.", ["FR"]),
    ("reading, the word", "Reading rates fall", "Reading for pleasure is rarer.", []),
    ("Reading", "Man held after knife attack in Reading", "Police in Reading, Berkshire, hold him.", ["GB"]),
    (
        "Paris, far from any county",
        "American chefs move to Paris",
        "The US chefs left Washington and New York. America misses them, the US embassy in Paris said.",
        ["FR", "US"],
    ),
    (
        "Paris, in a county",
        "Two hurt in Paris crash",
        "The sheriff's deputies of Lamar County, Texas, closed the road in Paris.",
        ["US"],
    ),
    (
        "both Koreas",
        "North and South Korea trade broadcasts",
        "North and South Korea faced each other.",
        ["KP", "KR"],
    ),
    ("Chad le Clos", "Chad le Clos wins", "Chad le Clos won. Chad was glad.", []),
    (
        "an organisation's seat",
        "Kazakhstan hosts a summit",
        "The Shanghai Cooperation Organisation met.",
        ["KZ"],
    ),
    ("a treaty of Paris", "Ministers stand by Paris pact", "Japan stands by the Paris accord.", ["JP"]),
]


@pytest.mark.parametrize(
    ("headline", "lead", "want"), [row[1:] for row in TRAPS], ids=[row[0] for row in TRAPS]
)
def test_namesakes_are_told_apart(headline: str, lead: str, want: list[str]) -> None:
    """Each trap both ways: it counts where it is a country, and only there."""
    assert sorted(countries(RawArticle(headline, (lead,), language="en"))) == want


LANGUAGES = [
    (
        "ar",
        "بوتين يستقبل رئيسي في الكرملين",
        "بحث الجانبان العلاقات الروسية الإيرانية وقالت طهران إنها مهمة",
        ["IR", "RU"],
    ),
    ("ar", "مصر والأردن", "بحثت القاهرة وعمّان الأمر، وشكرت مصر الأردن", ["EG", "JO"]),
    (
        "fr",
        "Le chancelier allemand à Paris",
        "Le président français reçoit le chancelier allemand à Paris.",
        ["DE", "FR"],
    ),
    ("es", "El presidente mexicano viaja a Colombia", "México y Colombia hablan en Bogotá.", ["CO", "MX"]),
    ("pt", "Presidente brasileiro em Pequim", "O Brasil e a China falam.", ["BR", "CN"]),
    (
        "de",
        "Russischer Außenminister in Teheran",
        "Die russische und die iranische Seite sprachen.",
        ["IR", "RU"],
    ),
    (
        "ru",
        "Путин принял президента Ирана",
        "Президент России принял в Кремле президента Ирана.",
        ["IR", "RU"],
    ),
    ("tr", "Türkiye ve İran anlaştı", "Türkiye'nin ve İran'ın bakanları Ankara'da konuştu.", ["IR", "TR"]),
    ("fa", "دیدار پوتین در تهران", "رئیس جمهور روسیه به ایران رفت و در تهران گفتگو کرد", ["IR", "RU"]),
    ("zh", "普京会见伊朗总统", "俄罗斯总统普京在莫斯科会见伊朗总统。", ["IR", "RU"]),
]


@pytest.mark.parametrize(("language", "headline", "lead", "want"), LANGUAGES)
def test_countries_are_read_in_ten_languages(
    language: str, headline: str, lead: str, want: list[str]
) -> None:
    """Names, peoples and capitals are known in each language, whatever is written on to them."""
    raw = RawArticle(headline, (lead,), language=language)

    assert sorted(countries(raw)) == want


DECLINED = [
    ("de", "Kenias Präsident spricht", "Er sprach zu den Kenianern.", ["KE"]),
    ("de", "Der Zug hält", "Die Reisenden essen, zum ersten Male, in den Bergen.", []),
    ("de", "Litauische Richter klagen", "Die Litauer zogen nach Wilna.", ["LT"]),
    ("ru", "Выборы в Молдавии", "Молдавские власти ждут наблюдателей.", ["MD"]),
    ("ru", "Индивидуальный подход", "Кит и индикатор.", []),
    ("pt", "Serviço para o público", "Para servir, o serviço público chega a todos. No Natal, vitória.", []),
    ("pt", "Suicídio de Catarina", "O suicídio foi no domingo. Suíços souberam.", ["CH"]),
    ("es", "Al final, fines y medios", "Para fines buenos, cataratas. Quiten eso.", []),
    ("fr", "Monsieur Russell", "Russell parle.", []),
    ("ar", "صور ومشهد", "نشر صورا للمشهد من الصدر والزاوية.", []),
    ("pt", "Sérvios votam", "A Sérvia vota hoje.", ["RS"]),
    ("pt", "Líbios votam", "A Líbia vota hoje; a libido, não.", ["LY"]),
    ("es", "Un ticket vascular", "El cheque y el ticket.", []),
    ("es", "Vascos y checos", "Los vascos reciben a los checos.", ["ES", "CZ"]),
    ("es", "Granada recupera su barrio", "El barrio de Granada y su alcalde en Andalucía.", ["ES"]),
    ("fr", "Le bassin du Congo", "L'Amérique latine et l'océan Indien, selon l'accord de Paris.", []),
    ("fr", "Les Kirghizes votent", "Le Kirghizstan élit son président.", ["KG"]),
    ("ar", "السيول تجرف سيارات", "وقعت السيول في المغرب.", ["MA"]),
    ("ar", "زيارة إلى سيول", "وصل الوزير إلى كوريا الجنوبية.", ["KR"]),
    ("ar", "تقرير مالي رئيسي", "قدم المدير المالي تقريرا رئيسيا.", []),
    ("ar", "هجوم في مالي", "وقع الهجوم في مالي قرب باماكو.", ["ML"]),
    ("fa", "گزارش مالی", "این گزارش مالی است.", []),
    ("tr", "Sırplar sandık başında", "Sırp seçmenler oy verdi.", ["RS"]),
    ("zh", "美國與泰國", "泰國和美國的代表。", ["US", "TH"]),
]


@pytest.mark.parametrize(("language", "headline", "lead", "want"), DECLINED)
def test_names_are_read_as_a_language_declines_them(
    language: str, headline: str, lead: str, want: list[str]
) -> None:
    """Genitives, cases and peoples name a country; words that share their letters do not."""
    assert countries(RawArticle(headline, (lead,), language=language)) == want


def test_captions_agencies_and_outlets_count_for_nothing() -> None:
    """A picture from elsewhere, a wire service and a newspaper say nothing about the subject."""
    raw = RawArticle(
        "Minister resigns in Peru",
        ("The minister of Peru resigned, Lima said, the Anadolu Agency and the Times of India report.",),
        captions=(Caption("The harbour of Oslo, Norway", "Norway Press"),),
        agency="Xinhua",
        language="en",
    )

    assert countries(raw) == ["PE"]
    assert countries(raw, "mentioned") == []


def test_country_of_an_outlet_counts_less() -> None:
    """Who reported it is not what it is about; what the country does itself is."""
    source = "Peru's minister denied it, {} reported."
    for outlet in ("China's Xinhua", "China's state news agency Xinhua", "the Chinese daily Global Times"):
        raw = RawArticle("Minister denies it", (source.format(outlet),), language="en")
        assert (countries(raw), countries(raw, "mentioned")) == (["PE"], ["CN"])
    raw = RawArticle("Minister denies it", ("China's minister denied it, Xinhua reported.",), language="en")
    assert countries(raw) == ["CN"]


def test_country_as_property_of_something_counts_less() -> None:
    """A US-based group is not about the United States."""
    raw = RawArticle(
        "Kenya mourns a poet", ("Kenya mourns, the US-based group said in Nairobi.",), language="en"
    )

    assert countries(raw) == ["KE"]
    assert countries(raw, "mentioned") == ["US"]


def test_dateline_counts_only_where_nothing_else_is_named() -> None:
    """The place where a text was written is no subject beside a named one."""
    named = RawArticle("Peru chooses", ("Peru votes today.",), dateline="LONDON, March 3", language="en")
    unnamed = RawArticle("Prices rise", ("Prices rose again.",), dateline="LONDON, March 3", language="en")
    abroad = RawArticle(
        "Prices rise", ("Prices rose again.",), dateline="LONDON, Ontario, March 3", language="en"
    )

    assert countries(named) == ["PE"]
    assert countries(unnamed) == ["GB"]
    assert countries(abroad) == ["CA"]


def test_town_where_others_meet_is_no_subject() -> None:
    """Its country only lends the room, unless it is one of those who meet, or the text is about it."""
    lent = RawArticle(
        "Peru and Chile resume talks in Vienna",
        ("Peru and Chile met in Vienna.",),
        dateline="VIENNA",
        language="en",
    )
    own = RawArticle(
        "Peru and Austria hold talks in Vienna", ("Peru and Austria met in Vienna.",), language="en"
    )
    struck = RawArticle(
        "Peru and Chile mourn the dead in Vienna", ("A bomb went off in Vienna.",), language="en"
    )
    over = RawArticle(
        "Peru and Chile hold talks over unrest in Vienna", ("A bomb went off in Vienna.",), language="en"
    )

    assert (countries(lent), countries(lent, "mentioned")) == (["PE", "CL"], ["AT"])
    assert countries(own) == ["PE", "AT"]
    assert "AT" in countries(struck)
    assert "AT" in countries(over)


def test_town_where_others_play_is_no_subject() -> None:
    """A neutral ground lends its country no more than a table in Geneva does."""
    raw = RawArticle("Peru stun Chile with late goal in Vienna", ("Peru beat Chile.",), language="en")

    assert (countries(raw), countries(raw, "mentioned")) == (["PE", "CL"], ["AT"])


BRUSSELS = [
    ("en", "Brussels fines a carmaker", "The EU said that the bloc would act.", []),
    ("en", "Brussels tram hits a bus", "The tram hit a bus in the city.", ["BE"]),
    ("de", "Brüssel droht mit Zöllen", "Die EU-Kommission kündigte Zölle an.", []),
    ("fr", "Bruxelles : un incendie au marché", "Les pompiers de Bruxelles sont venus.", ["BE"]),
    ("es", "Bruselas multa a una empresa", "La Comisión Europea impuso la multa.", []),
    ("pt", "Bruxelas revê metas", "A Comissão Europeia e a UE divergem.", []),
]


@pytest.mark.parametrize(("language", "headline", "lead", "want"), BRUSSELS)
def test_brussels_is_the_union_among_its_bodies(
    language: str, headline: str, lead: str, want: list[str]
) -> None:
    """What the Union decides there is no news of Belgium, but what happens in the town is."""
    assert countries(RawArticle(headline, (lead,), language=language)) == want


def test_home_country_is_meant_where_none_is_named() -> None:
    """Local news names its towns, not its country: the outlet's home settles it."""
    local = RawArticle(
        "Council repairs the bridge", ("The council will repair it in spring.",), language="en"
    )
    foreign = RawArticle("Peru votes", ("Peru votes on Sunday, Lima said.",), language="en")

    assert countries(local, home="NZ") == ["NZ"]
    assert countries(local) == []
    assert countries(foreign, home="NZ") == ["PE"]


def test_what_the_document_states_stands_first() -> None:
    """A stated code is taken as stated, and says so; an unknown one is passed over."""
    stated = (StatedSubject(vocab.COUNTRY_SCHEME, "NO"), StatedSubject(vocab.COUNTRY_SCHEME, "ZZ"))
    first = tag(RawArticle("Peru votes", ("Peru votes.",), subjects=stated, language="en"))[0]

    assert (first.category.term, first.score, first.evidence) == ("NO", 1.0, "stated by the document")


def test_evidence_names_surface_place_and_kind() -> None:
    """A reader sees the words that spoke for a country, where they stand, and what they are."""
    raw = RawArticle("Iran seals a pact", ("Tehran agreed, Raisi said.",), language="en")

    assert tag(raw)[0].evidence.split("), ") == [
        '"Iran" in the headline (name',
        '"Tehran" in the lead (capital',
        '"Raisi" in the lead (leader, 2021-2024)',
    ]


@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fa", "fr", "pt", "ru", "tr", "zh"])
def test_every_code_in_the_tables_exists(language: str) -> None:
    """No curated or generated line names a country that ISO 3166-1 does not have."""
    codes = {sense.code for place in places(language).meanings() for sense in place.senses}

    assert codes <= set(vocab.countries())


def test_every_country_is_found_by_its_english_name() -> None:
    """Each of the 250 countries is a subject where its name is the headline."""
    lost = []
    for code, category in vocab.countries().items():
        if code not in countries(
            RawArticle(category.label, (f"News from {category.label}.",), language="en")
        ):
            lost.append(category.label)

    assert lost == []


@pytest.mark.parametrize("end", ["ع", "عُ", "عُم"])
def test_a_text_may_end_where_a_name_with_a_vowel_sign_goes_on(end: str) -> None:
    """As one that was cut off: its vowel sign is a token of its own, which is compared as nothing."""
    headline = "أعادت السلطات فتح الجسر"
    whole = RawArticle(headline, ("وصل الوزير إلى عُمان يوم الثلاثاء.",), language="ar")
    cut = RawArticle(headline, (f"وصل الوزير إلى {end}",), language="ar")

    assert countries(whole) == ["OM"]
    assert countries(cut) == []


def test_a_dateline_that_the_text_prints_is_not_of_its_words() -> None:
    """It says where an article was written: with another country in the text, it makes no subject."""
    lead = "OSLO, Dec 4 (Reuters) - Sweden's government raised its budget for Swedish schools."
    apart = lead.partition(" - ")[2]
    printed, told = (
        tag(RawArticle("Sweden raises its budget", (text,), dateline="OSLO")) for text in (lead, apart)
    )

    assert printed == told
    assert [t.category.term for t in printed if t.role == "subject" and t.category.term.isalpha()] == ["SE"]
