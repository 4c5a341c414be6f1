"""The examples of the page about the checker get the verdicts that they are examples of."""

from app.library.examples import load_examples
from app.library.loader import load_library
from app.library.verifying.formulas import wrong_examples
from app.settings import ROOT

CONTENT = ROOT / "content"
TOPICS = load_examples(CONTENT)
VERDICTS = {"holds", "fails", "defines", "unclear", "unreadable", "remark"}


def test_every_example_gets_its_verdict() -> None:
    library = load_library(CONTENT)

    assert list(wrong_examples(TOPICS, library.derivations)) == []


def test_they_cover_the_verdicts_and_most_derivations() -> None:
    examples = [example for topic in TOPICS for example in topic.examples]

    assert {verdict for example in examples for verdict in example.verdicts} == VERDICTS
    assert len({name for topic in TOPICS for name in topic.derivations}) >= 8


def test_every_topic_has_something_to_see() -> None:
    assert len(TOPICS) >= 10
    assert len({topic.id for topic in TOPICS}) == len(TOPICS)
    for topic in TOPICS:
        assert topic.spellings or topic.examples, topic.id
        for row in topic.spellings:
            assert len(row.ways) >= 2, row.means
