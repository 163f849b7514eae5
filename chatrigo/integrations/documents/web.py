"""Web pages: the text that a visitor would read, without menus and without what is hidden."""

import re
from pathlib import Path

from lxml import html
from lxml.etree import ParserError
from trafilatura import extract, extract_metadata

from chatrigo.integrations.documents.found import MOST_TEXT, Document, Unreadable, visible
from chatrigo.integrations.documents.plain import blocks_of

SHORTEST = 40
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*0|text-indent\s*:\s*-\d{3,}|left\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_NEVER_SHOWN = ("script", "style", "template", "noscript", "iframe", "object", "svg")


def read(path: Path) -> Document:
    try:
        tree = html.fromstring(path.read_bytes())
    except (ParserError, ValueError):
        raise Unreadable("sources.page_empty") from None
    title = _title(tree)
    uncover(tree)
    text = extract(
        tree,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_links=False,
        include_images=False,
        favor_recall=True,
        deduplicate=False,
    )
    found = visible(text or "")
    if len(found) < SHORTEST:
        found = visible(tree.text_content())
    if len(found) < SHORTEST:
        raise Unreadable("sources.page_empty")
    notice = "sources.cut_text" if len(found) > MOST_TEXT else ""
    blocks = list(blocks_of(found[:MOST_TEXT], headings=True))
    return Document("html", title, blocks, notice=notice)


def uncover(tree: html.HtmlElement) -> None:
    """Take out what a visitor does not see: an instruction for machines may hide there."""
    for element in list(tree.iter()):
        if element.getparent() is None or not isinstance(element.tag, str):
            continue
        if element.tag in _NEVER_SHOWN or _is_hidden(element):
            element.drop_tree()


def _is_hidden(element: html.HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDING.search(element.get("style") or ""))
    )


def _title(tree: html.HtmlElement) -> str:
    found = extract_metadata(tree)
    named = (found.title if found else None) or tree.findtext(".//title") or ""
    return visible(named)[:300]
