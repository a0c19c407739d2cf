"""Dates as the world prints them, each read or refused: a wrong date is worse than none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from feeds.calendars import date_line
from feeds.dates import date
from feeds.extract import extract
from feeds.model import DatePlace, Dating, Document, RawArticle, StatedDate

CAPTURED = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)


def dated(
    text: str,
    language: str | None = None,
    place: DatePlace = "date line",
    url: str | None = None,
    captured: datetime | None = CAPTURED,
    zone: str = "UTC",
    seen: str | None = None,
) -> Dating:
    """What a line that an article prints says of its time, as each kind of document gives it."""
    line = date_line(text) if place == "date line" else None
    stated = [StatedDate(d.text, d.label, place, 1, seen) for d in line.stated] if line else []
    if place == "metadata":
        stated = [StatedDate(text, "published", place)]
    raw = RawArticle("Lamp out", ("The lamp is out.",), dates=tuple(stated), language=language, url=url)
    return date(raw, captured, UTC if zone == "UTC" else ZoneInfo(zone))


READ = """
en  Published 3 May 2025                           2025-05-03
en  Published On 3 May 20253 May 2025              2025-05-03
en  May 3rd, 2025                                  2025-05-03
en  Saturday, 3 May 2025                           2025-05-03
en  Posted on Sat May 3, 2025                      2025-05-03
en  03-May-25                                      2025-05-03
en  May 3, '25                                     2025-05-03
en  3 MAY 2025                                     2025-05-03
en  2025-05-03                                     2025-05-03
en  2025/05/03                                     2025-05-03
en  2025.05.03                                     2025-05-03
en  Published: 3 May 2025, 10:15 GMT               2025-05-03 10:15
en  3 May 2025 10:15 UTC+2                         2025-05-03 08:15
en  May 3, 2025 10:15 a.m. ET                      2025-05-03 14:15
en  January 3, 2025 10:15 a.m. ET                  2025-01-03 15:15
en  May 3, 2025, 5 p.m. EDT                        2025-05-03 21:00
en  May 3, 2025 12:05 AM GMT                       2025-05-03 00:05
en  May 3, 2025 12:05 PM GMT                       2025-05-03 12:05
en  May 3, 2025 10:15 PDT                          2025-05-03 17:15
en  3 May 2025 10:15 +0530                         2025-05-03 04:45
en  3 May 2025 10:15 IST                           2025-05-03
en  3 May 2025 10:15 CST                           2025-05-03
en  3 May 2025 23:30 JST                           2025-05-03 14:30
de  Veröffentlicht am 3. Mai 2025                  2025-05-03
de  3. Mai 2025, 10:15 Uhr MESZ                    2025-05-03 08:15
de  Samstag, 3. Mai 2025                           2025-05-03
de  Stand: 03.05.2025                              2025-05-03
de  03.05.25                                       2025-05-03
de  3. Jänner 2025                                 2025-01-03
fr  Publié le 3 mai 2025                           2025-05-03
fr  Publié le 03/05/2025 à 10h15                   2025-05-03 10:15
fr  1er août 2025                                  2025-08-01
fr  samedi 3 mai 2025                              2025-05-03
es  Publicado el 3 de mayo de 2025                 2025-05-03
es  3 de setiembre de 2025                         2025-09-03
es  sábado, 3 mayo 2025                            2025-05-03
es  03/05/2025 10:15                               2025-05-03 10:15
pt  Publicado em 3 de maio de 2025                 2025-05-03
pt  03/05/2025 às 10h15                            2025-05-03 10:15
pt  3 de março de 2025                             2025-03-03
it  Pubblicato il 3 maggio 2025                    2025-05-03
it  sabato 3 maggio 2025                           2025-05-03
nl  Gepubliceerd op 3 mei 2025                     2025-05-03
sv  Publicerad 3 maj 2025                          2025-05-03
nb  Publisert 3. mai 2025                          2025-05-03
da  3. maj 2025                                    2025-05-03
fi  3. toukokuuta 2025                             2025-05-03
pl  Opublikowano 3 maja 2025                       2025-05-03
pl  3 listopada 2025                               2025-11-03
hr  3. listopada 2025.                             2025-10-03
hr  3. svibnja 2025.                               2025-05-03
cs  Publikováno 3. května 2025                     2025-05-03
hu  2025. május 3.                                 2025-05-03
ro  3 mai 2025                                     2025-05-03
tr  Yayınlanma: 3 Mayıs 2025                       2025-05-03
tr  3 MAYIS 2025                                   2025-05-03
tr  3 HAZİRAN 2025                                 2025-06-03
tr  Giriş Tarihi: 3.05.2025 10:15                  2025-05-03 10:15
ru  Опубликовано 3 мая 2025                        2025-05-03
ru  3 мая 2025 г., 10:15 МСК                       2025-05-03 07:15
uk  3 травня 2025                                  2025-05-03
bg  3 май 2025                                     2025-05-03
el  3 Μαΐου 2025                                   2025-05-03
ar  نشر في 3 مايو 2025                              2025-05-03
ar  نُشر: 10:15-3 مايو 2025 م ـ 06 ذو القعدة 1446 هـ     2025-05-03 10:15
ar  3 مايو 2025 م - 6 ذو القعدة 1446هـ                2025-05-03
ar  السبت ٣ أيار ٢٠٢٥                               2025-05-03
ar  3 تشرين الثاني 2025                             2025-11-03
ar  3 كانون الثاني 2025                             2025-01-03
ar  3 ماي 2025                                      2025-05-03
ar  3 مايو 2025 10:15 بتوقيت غرينتش                 2025-05-03 10:15
ar  14 ذو القعدة 1446 هـ - 3 مايو 2025              2025-05-03
fa  ۱۳ اردیبهشت ۱۴۰۴                                2025-05-03
fa  1404/02/13                                     2025-05-03
fa  شنبه ۱۳ اردیبهشت ۱۴۰۴                           2025-05-03
ur  شائع 3 مئی 2025                                 2025-05-03
hi  3 मई 2025                                       2025-05-03
id  3 Mei 2025                                     2025-05-03
vi  3 tháng 5, 2025                                2025-05-03
vi  ngày 3 tháng 5 năm 2025                        2025-05-03
zh  发布时间：2025-05-03 10:15                        2025-05-03 10:15
zh  2025年5月3日                                    2025-05-03
ja  公開日 2025年5月3日                              2025-05-03
ja  令和7年5月3日                                    2025-05-03
ja  2025年5月3日 午後5時30分                          2025-05-03 17:30
ko  입력 2025.05.03 10:15                            2025-05-03 10:15
ko  2025년 5월 3일                                   2025-05-03
es  Escrito por: Ana Ruiz | Fecha: 03/05/2025      2025-05-03
fr  Publié le 3 mai 2025 à 10h15, mis à jour le 3 mai 2025 à 11h02   2025-05-03 10:15
zh  Source: Lamp News| 2025-05-03 10:15:32|Editor: Li Ming   2025-05-03 10:15
uk  3 травня 2025 р. 10:15                         2025-05-03 10:15
lv  2025. gada 3. maijā                            2025-05-03
is  3. maí 2025                                    2025-05-03
mk  3 мај 2025                                     2025-05-03
be  3 мая 2025                                     2025-05-03
ka  3 მაისი, 2025                                  2025-05-03
hy  3 մայիսի, 2025                                 2025-05-03
bn  ৩ ডিসেম্বর ২০২৫                                2025-12-03
mr  3 डिसेंबर 2025                                  2025-12-03
bg  3 декември 2025, 10:15 ч.                      2025-12-03 10:15
sr  četvrtak, 3. april 2025. u 10:15               2025-04-03 10:15
el  3 Μάιος 2025                                   2025-05-03
de  (dpa/mk) – 03.05.2025                          2025-05-03
ps  ۱۳ ثور ۱۴۰۴                                     2025-05-03
"""
ROWS = [line for line in READ.strip().splitlines() if "  " in line]


@pytest.mark.parametrize("row", ROWS)
def test_date_lines_of_many_languages_are_read(row: str) -> None:
    """Each is read as it is printed, with its time of day where the zone is certain."""
    language, rest = row[:2], row[2:].strip()
    at = rest.rindex("20")
    text, expected = rest[:at].strip(), rest[at:]

    found = dated(text, language)

    day_only = len(expected) == 10
    moment = datetime.fromisoformat(f"{expected} 12:00" if day_only else expected).replace(tzinfo=UTC)
    assert found.published == moment, found.basis
    assert found.precision == ("day" if day_only else "minute")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("03/04/2025", "en"),  # March or April
        ("03-04-2025", "en"),
        ("3/4/25", "en"),
        ("3 listopada 2025", "en"),  # October in Croatian, November in Polish
        ("3 listopada 2025", None),
        ("Monday, 3 May 2025", "en"),  # it was a Saturday
        ("14 ذو القعدة 1446 هـ", "ar"),
        ("1446/11/05", "ar"),
        ("05/11/1446", "ar"),
        ("31 February 2025", "en"),
        ("30.02.2025", "de"),
        ("May 2025", "en"),
        ("2025", "en"),
        ("3 May", "en"),
        ("Copyright 2025", "en"),
        ("10:15", "en"),
        ("3 hours ago", "en"),
        ("yesterday at 10:15", "en"),
        ("3 May 2031", "en"),  # after the capture
        ("1-2-25", "en"),
        ("Version 1.2.25.4", "en"),
        ("25.13.2025", "de"),
        ("3 พฤษภาคม 2568", "th"),
        ("He was born on 3 May 2025 in a small town of the north, they said.", "en"),
        ("Today is Saturday, 3 May 2025", "en"),  # the page's clock
        ("Сегодня 3 мая 2025", "ru"),
        ("Partly cloudy 12°C Oslo May 3, 2025", "en"),
        ("On view until May 3, 2025", "en"),
        ("Results for the quarter ended 31 March 2025 were better than what analysts had expected", "en"),
    ],
)
def test_what_is_not_certain_is_refused(text: str, language: str | None) -> None:
    """Two readings, no such day, no day at all, another calendar, the body's own dates."""
    assert dated(text, language).published is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Updated 3 May 2025", "updated"),
        ("Last modified: May 3, 2025", "updated"),
        ("Aktualisiert: 3. Mai 2025", "updated"),
        ("Mis à jour le 3 mai 2025", "updated"),
        ("Actualizado el 3 de mayo de 2025", "updated"),
        ("Atualizado em 3 de maio de 2025", "updated"),
        ("Aggiornato il 3 maggio 2025", "updated"),
        ("Bijgewerkt op 3 mei 2025", "updated"),
        ("Uppdaterad 3 maj 2025", "updated"),
        ("Oppdatert 3. mai 2025", "updated"),
        ("Aktualizacja: 3 maja 2025", "updated"),
        ("Güncelleme: 3 Mayıs 2025", "updated"),
        ("Обновлено 3 мая 2025", "updated"),
        ("Оновлено 3 травня 2025", "updated"),
        ("آخر تحديث 3 مايو 2025", "updated"),
        ("بروزرسانی ۱۳ اردیبهشت ۱۴۰۴", "updated"),
        ("اپ ڈیٹ 3 مئی 2025", "updated"),
        ("更新时间 2025年5月3日", "updated"),
        ("更新日 2025年5月3日", "updated"),
        ("수정 2025.05.03", "updated"),
        ("Published 3 May 2025", "published"),
        ("Veröffentlicht: 3. Mai 2025", "published"),
        ("نشر في 3 مايو 2025", "published"),
        ("公開日 2025年5月3日", "published"),
    ],
)
def test_updated_is_told_from_published(text: str, label: str) -> None:
    """The label says which of the two it is, in each language."""
    line = date_line(text)

    assert line is not None
    assert [found.label for found in line.dates] == [label]


def test_a_line_may_tell_both() -> None:
    """`Published ... Updated ...` on one line gives each its own."""
    line = date_line("Published 3 May 2025 10:15 | Updated 4 May 2025 09:00")

    assert line is not None
    assert [(d.label, d.text) for d in line.dates] == [
        ("published", "Published 3 May 2025 10:15"),
        ("updated", "Updated 4 May 2025 09:00"),
    ]


@pytest.mark.parametrize(
    ("text", "published", "precision"),
    [
        ("19 sec ago", "2026-06-01 10:29", "minute"),
        ("5 min ago", "2026-06-01 10:25", "minute"),
        ("Published 3 hours ago", "2026-06-01 10:30", "day"),
        ("an hour ago", "2026-06-01 10:30", "day"),
        ("1 hour 20 minutes ago", "2026-06-01 09:10", "minute"),
        ("hace 3 horas", "2026-06-01 10:30", "day"),
        ("vor 2 Stunden", "2026-06-01 10:30", "day"),
        ("il y a 5 minutes", "2026-06-01 10:25", "minute"),
        ("há 3 horas", "2026-06-01 10:30", "day"),
        ("3 ore fa", "2026-06-01 10:30", "day"),
        ("3 uur geleden", "2026-06-01 10:30", "day"),
        ("för 3 timmar sedan", "2026-06-01 10:30", "day"),
        ("3 godziny temu", "2026-06-01 10:30", "day"),
        ("3 saat önce", "2026-06-01 10:30", "day"),
        ("3 часа назад", "2026-06-01 10:30", "day"),
        ("منذ 3 ساعات", "2026-06-01 10:30", "day"),
        ("۳ ساعت پیش", "2026-06-01 10:30", "day"),
        ("3 گھنٹے قبل", "2026-06-01 10:30", "day"),
        ("3小时前", "2026-06-01 10:30", "day"),
        ("3時間前", "2026-06-01 10:30", "day"),
        ("3시간 전", "2026-06-01 10:30", "day"),
        ("3 jam yang lalu", "2026-06-01 10:30", "day"),
        ("Yesterday, 14:30", "2026-05-31 12:00", "day"),
        ("Heute, 08:30 Uhr", "2026-06-01 10:30", "day"),
    ],
)
def test_relative_times_count_from_a_stated_capture(text: str, published: str, precision: str) -> None:
    """With the capture known to the minute they tell a time or a day, and say what they were counted from."""
    found = dated(text, seen=CAPTURED.isoformat())

    assert found.published == datetime.fromisoformat(published).replace(tzinfo=UTC), found.basis
    assert found.precision == precision
    assert found.inferred
    assert found.basis.endswith("counted from its capture, 2026-06-01 10:30 UTC.")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("3 hours ago", None),  # only the file's time is known
        ("3 hours ago", "2026-06-01"),  # the day of capture alone
        ("10 hours ago", "2026-06-01T10:30:00+00:00"),  # on either side of midnight
        ("3 days ago", "2026-06-01T10:30:00+00:00"),
        ("2 weeks ago", "2026-06-01T10:30:00+00:00"),
        ("3 years ago", "2026-06-01T10:30:00+00:00"),
        ("Yesterday, 14:30", "2026-06-01T22:30:00+00:00"),  # in half of the world it is another day
    ],
)
def test_relative_times_that_do_not_tell_the_day_are_refused(text: str, seen: str | None) -> None:
    """Without a moment to count from, or across midnight, they date nothing."""
    assert dated(text, seen=seen).published is None


@pytest.mark.parametrize(
    ("language", "url", "zone", "captured", "day"),
    [
        ("en-US", None, "UTC", CAPTURED, (2025, 3, 4)),
        ("en-GB", None, "UTC", CAPTURED, (2025, 4, 3)),
        ("fr", None, "UTC", CAPTURED, (2025, 4, 3)),
        ("en", "https://a.example/2025/03/04/lamp", "UTC", CAPTURED, (2025, 3, 4)),
        ("en", None, "America/New_York", CAPTURED, (2025, 3, 4)),
        ("en", None, "Europe/London", CAPTURED, (2025, 4, 3)),
        ("en", None, "UTC", datetime(2025, 3, 6, tzinfo=UTC), (2025, 3, 4)),  # April was yet to come
    ],
)
def test_day_and_month_are_settled_by_what_else_is_known(
    language: str, url: str | None, zone: str, captured: datetime, day: tuple[int, int, int]
) -> None:
    """The language's order, the address, the outlet's zone or the day of capture settle 03/04/2025."""
    found = dated("03/04/2025", language, url=url, zone=zone, captured=captured).published

    assert found is not None
    assert (found.year, found.month, found.day) == day


def test_the_dateline_settles_the_order() -> None:
    """`03/04/2025` over a text from April 2 is of April, for news is printed within days."""
    stated = (
        StatedDate("03/04/2025 10:15", "published", "date line", 1),
        StatedDate("April 2", "published", "dateline", 2),
    )

    found = date(RawArticle("Lamp out", ("The lamp is out.",), dates=stated, language="en"), CAPTURED, UTC)

    assert found.published == datetime(2025, 4, 3, 10, 15, tzinfo=UTC)


def test_another_date_of_the_article_settles_the_order() -> None:
    """`Updated 23/04/2025` says that the day stands first in `03/04/2025`, too."""
    dates = (
        StatedDate("03/04/2025", "published", "date line"),
        StatedDate("Updated 23/04/2025", "updated", "date line"),
    )

    found = date(RawArticle("Lamp out", ("The lamp is out.",), dates=dates, language="en"), CAPTURED)

    assert found.published == datetime(2025, 4, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-05-03T10:15:30Z", "2025-05-03 10:15:30"),
        ("2025-05-03T10:15:30.123+02:00", "2025-05-03 08:15:30"),
        ("2025-05-03 10:15:30 +0200", "2025-05-03 08:15:30"),
        ("20250503T101530Z", "2025-05-03 10:15:30"),
        ("2025-05-03T10:15-0400", "2025-05-03 14:15:00"),
        ("Sat, 03 May 2025 10:15:30 GMT", "2025-05-03 10:15:00"),
        ("Sat, 03 May 2025 10:15:30 +0200", "2025-05-03 08:15:00"),
        ("Sat, 3 May 2025 10:15 EDT", "2025-05-03 14:15:00"),
        ("2025-05-03", "2025-05-03 12:00:00"),
    ],
)
def test_metadata_are_read_exactly(text: str, moment: str) -> None:
    """ISO 8601 in its forms and the form of mail headers."""
    found = dated(text, place="metadata")

    assert found.published == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "May 2025",
        "2025",
        "2025-05",
        "03/04/2025",
        "2025-13-03",
        "2025-02-30T10:00:00Z",
        "today",
        "0000-00-00",
    ],
)
def test_metadata_without_a_day_date_nothing(text: str) -> None:
    """A month, a year or an impossible day is not filled up from the clock."""
    assert dated(text, place="metadata").published is None


def test_an_outlets_own_zone_settles_a_name_that_several_zones_have() -> None:
    """IST is India's time for an outlet in India."""
    found = dated("3 May 2025 10:15 IST", "en", zone="Asia/Kolkata")

    assert (found.published, found.precision) == (datetime(2025, 5, 3, 4, 45, tzinfo=UTC), "minute")


def test_a_time_that_is_left_out_is_accounted_for() -> None:
    """The basis says why a time that everyone can read is not the article's."""
    unsure = dated("3 May 2025 10:15 IST", "en")
    late = dated("1 June 2026 18:00", "en")

    assert (unsure.precision, late.precision) == ("day", "day")
    assert "the hour is left out, for IST names several time zones" in unsure.basis
    assert "the hour is left out, for it is later than the capture" in late.basis


def test_a_time_after_the_capture_is_that_of_another_zone() -> None:
    """Where the printed time is still to come at capture, only the day is known, and no later than it."""
    found = dated("1 June 2026 18:00", "en")

    assert (found.published, found.precision) == (CAPTURED, "day")


def test_a_document_passes_on_when_it_was_taken() -> None:
    """A text capture's relative stamp is dated by a stated capture, not by the file's time."""
    text = (
        "Lamp out in the harbour\n\n3 hours ago\n\n"
        "The lamp on the old pier went out on Monday, the port authority said in a statement to it.\n\n"
        "It will be replaced within the week, and ships are told to keep away from the rocks until then.\n"
    )
    known = Document("a.txt", "text/plain", text, CAPTURED, "", captured_stated=True)
    unknown = Document("a.txt", "text/plain", text, CAPTURED, "")

    (first,) = extract(known).articles
    (second,) = extract(unknown).articles

    assert date(first, CAPTURED).published == CAPTURED
    assert date(second, CAPTURED).published is None


def test_no_zone_of_the_machine_shows() -> None:
    """A time without a zone is told in the outlet's, whatever it is."""
    tokyo = timezone(timedelta(hours=9))
    raw = RawArticle("L", ("B",), dates=(StatedDate("3 May 2025 10:15", "published", "date line"),))

    assert date(raw, None, tokyo).published == datetime(2025, 5, 3, 1, 15, tzinfo=UTC)
