"""Notes as HTML. They may hold anything: HTML in them stays text, pictures are not fetched."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_READER = MarkdownIt("commonmark", {"html": False}).disable("image")


def markdown(text: str) -> Markup:
    return Markup(_READER.render(text))
