"""Gotchas and follow-ups as cards."""

from pathlib import Path

import pytest

from app.library.cards import Card, Deck, cards_of
from app.library.loader import load_library
from app.library.models import Library
from tests.library.helpers import HALF_SQUARE, ROW, VARIANT, changed, write_derivation

DECKS: tuple[Deck, ...] = ("gotchas", "followups")


def cards(content: Path, deck: Deck, text: str = HALF_SQUARE) -> list[Card]:
    write_derivation(content, "half-square.toml", text)
    library = load_library(content)
    assert library.errors == ()
    return cards_of(library, deck)


def ids(content: Path, text: str = HALF_SQUARE) -> list[str]:
    return [card.id for deck in DECKS for card in cards(content, deck, text)]


def test_a_gotcha_and_a_followup_are_a_card_each(content: Path) -> None:
    (gotcha,) = cards(content, "gotchas")
    (followup,) = cards(content, "followups")

    assert (gotcha.content.question, followup.content.question) == (
        "Unique?",
        "And for $n$ targets?",
    )
    for card in (gotcha, followup):
        assert (card.derivation, card.title) == ("half-square", "Derivative of a square")


def test_rows_of_the_table_come_before_the_gotchas_of_the_derivation(content: Path) -> None:
    (content / "gotchas.toml").write_text(ROW.replace("Unique?", "Smooth?"))

    assert [card.content.question for card in cards(content, "gotchas")] == ["Smooth?", "Unique?"]


def test_a_variant_adds_no_cards(content: Path) -> None:
    assert ids(content, HALF_SQUARE + VARIANT) == ids(content)


def test_followups_come_by_difficulty(content: Path) -> None:
    hard = "\n[[followups]]\nquestion = 'Hard?'\nanswer = 'Yes.'\ndifficulty = 3\n"
    easy = hard.replace("Hard?", "Easy?").replace("3", "1")
    text = HALF_SQUARE.replace("\n[[followups]]", f"{hard}{easy}\n[[followups]]")

    questions = [card.content.question for card in cards(content, "followups", text)]

    assert questions == ["Easy?", "And for $n$ targets?", "Hard?"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("right = 'Yes.'", "right = 'Yes, it is.'"),
        ("wrong = 'No.'", "wrong = 'Perhaps.'"),
        ("why = 'It is strictly convex.'", "why = 'The Hessian is positive.'"),
        ("answer = 'Their mean.'", "answer = 'The mean.'"),
        ("difficulty = 1", "difficulty = 3\nintuition = 'It balances.'"),
        ("title = 'Derivative of a square'", "title = 'A square'"),
        ("drill = 8\n", ""),
        ("'Unique?'", "'''\nUnique?\n'''"),
    ],
)
def test_a_card_stays_the_same_when_its_answer_changes(content: Path, old: str, new: str) -> None:
    assert ids(content, changed(old, new)) == ids(content)


def test_a_card_stays_the_same_wherever_it_stands(content: Path) -> None:
    before = ids(content)
    moved = HALF_SQUARE.replace(
        "\n[[gotchas]]",
        "\n[[gotchas]]\nquestion='First?'\nwrong='a'\nright='b'\nwhy='c'\n[[gotchas]]",
    )

    assert set(before) < set(ids(content, moved))


@pytest.mark.parametrize(
    ("old", "new"), [("'Unique?'", "'Is it unique?'"), ("$n$ targets", "$m$ targets")]
)
def test_another_question_is_another_card(content: Path, old: str, new: str) -> None:
    assert len(set(ids(content)) & set(ids(content, changed(old, new)))) == 1


def test_the_same_question_is_another_card_elsewhere(content: Path) -> None:
    before = set(ids(content))
    other = HALF_SQUARE.replace("'half-square'", "'other'").replace("drill = 8\n", "")
    write_derivation(content, "other.toml", other)

    assert len(set(ids(content)) - before) == 2


def test_no_two_cards_of_what_is_shipped_are_the_same(library: Library) -> None:
    found = [card.id for deck in DECKS for card in cards_of(library, deck)]

    assert len(found) > 100
    assert len(set(found)) == len(found)


def test_the_cards_that_are_shipped_come_in_the_order_of_the_drill(library: Library) -> None:
    titles = list(dict.fromkeys(card.title for card in cards_of(library, "followups")))

    assert titles == [one.question.title for one in library.originals if one.followups]
