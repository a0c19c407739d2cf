"""Know where readers comment: each comment is followed by a button that answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_ANSWERS = frozenset(
    [
        "reply",
        "reply to comment",
        "antworten",
        "antwort",
        "répondre",
        "responder",
        "rispondi",
        "beantwoorden",
        "odpowiedz",
        "odpovědět",
        "ответить",
        "відповісти",
        "svara",
        "svar",
        "vastaa",
        "yanıtla",
        "رد",
        "الرد",
        "पर प्रतिक्रिया दें",
        "जवाब दें",
        "返信",
        "回复",
        "回覆",
        "답글",
        "balas",
        "trả lời",
    ]
)
_HEADING = re.compile(
    r"(?:\d{1,5}\s+)?(?:reader )?(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti"
    r"|reacties|komentarze|komentarzy|komentáře|комментари\w{1,3}|kommentarer|yorumlar|تعليقات|コメント|评论|評論|댓글)"
    r"(?:\s*\(?\d{1,5}\)?)?:?",
    re.IGNORECASE,
)
_FEWEST = 2  # comments
_APART = 15  # lines between two answers to comments of one list


def places(keys: Sequence[str]) -> Iterator[int]:
    """Give the places of the lines, folded, between the heading of a list of comments and the last answer.

    >>> list(places(["the end.", "2 comments", "ana", "so true.", "reply", "bo", "no.", "reply", "home"]))
    [1, 2, 3, 4, 5, 6, 7]
    """
    answers = [place for place, key in enumerate(keys) if key in _ANSWERS]
    while answers:
        count = 1
        while count < len(answers) and answers[count] - answers[count - 1] <= _APART:
            count += 1
        if count >= _FEWEST and (start := _heading(keys, answers[0])) is not None:
            yield from range(start, answers[count - 1] + 1)
        answers = answers[count:]


def _heading(keys: Sequence[str], answer: int) -> int | None:
    near = range(answer - 1, max(answer - _APART, -1), -1)
    return next((place for place in near if _HEADING.fullmatch(keys[place])), None)
