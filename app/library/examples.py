"""The examples of the page that explains the checker: notation by topic, and what is said of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from app.library.fields import Identifier, Latex, Plain, Prose
from app.library.models import Frozen
from app.library.reading import Broken, read_file

FILE_NAME = "checker-examples.toml"

Verdict = Literal["holds", "fails", "defines", "unclear", "unreadable", "remark"]


class Spellings(Frozen):
    """Ways to write the same thing in the world of a derivation."""

    derivation: Identifier
    means: Prose
    ways: tuple[Latex, ...] = Field(min_length=1)


class Example(Frozen):
    """Lines that are typed one after the other, and the verdict on each. They need not be LaTeX:
    some show what is said of a line that breaks off."""

    derivation: Identifier
    lines: tuple[str, ...] = Field(min_length=1)
    verdicts: tuple[Verdict, ...]
    remark: Prose


class Topic(Frozen):
    id: Identifier
    title: Plain
    text: Prose
    spellings: tuple[Spellings, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def derivations(self) -> list[str]:
        """Of every row, in order: what must not be shown while it is attempted."""
        rows: tuple[Spellings | Example, ...] = (*self.spellings, *self.examples)
        return [row.derivation for row in rows]


class ExamplesFile(Frozen):
    topics: tuple[Topic, ...]


def load_examples(folder: Path) -> tuple[Topic, ...]:
    """The topics of a content folder; none if it has no such file. Raises Broken."""
    path = folder / FILE_NAME
    if not path.exists():
        return ()
    topics = read_file(path, ExamplesFile).topics
    problems = tuple(_uneven(topics))
    if problems:
        raise Broken(*problems)
    return topics


def _uneven(topics: tuple[Topic, ...]) -> Iterator[str]:
    for at, topic in enumerate(topics, start=1):
        for place, example in enumerate(topic.examples, start=1):
            if len(example.lines) != len(example.verdicts):
                yield (
                    f"topics[{at}].examples[{place}].verdicts has {len(example.verdicts)} entries "
                    f"for {len(example.lines)} lines: write one for each"
                )
