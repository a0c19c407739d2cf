"""Add the picture of an article as Media RSS, for Atom and RSS alike."""

from __future__ import annotations

from typing import Any

from feeds.model import Article
from feeds.urls import web_url
from feeds.write.told import picture_type, plain

MEDIA_NAMESPACE = "http://search.yahoo.com/mrss/"
_MEDIA = f"{{{MEDIA_NAMESPACE}}}"


def add_media(element: Any, article: Article) -> None:
    """Add the picture to an entry or item, with its caption and who supplied it as they are printed."""
    from lxml import etree

    url = web_url(article.raw.image)
    if url is None:
        return
    kind = picture_type(url)
    attributes = {"url": url, **({"type": kind} if kind else {}), "medium": "image"}
    picture = etree.SubElement(element, f"{_MEDIA}content", attributes)
    if article.raw.captions:
        caption = article.raw.captions[0]
        if plain(caption.text):
            etree.SubElement(picture, f"{_MEDIA}description", type="plain").text = plain(caption.text)
        if caption.credit and plain(caption.credit):
            # What is printed is who supplied the picture; EBU's list has this role for it.
            role = {"role": "distribution company", "scheme": "urn:ebu"}
            etree.SubElement(picture, f"{_MEDIA}credit", role).text = plain(caption.credit)
    etree.SubElement(element, f"{_MEDIA}thumbnail", url=url)
