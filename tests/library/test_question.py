"""What a page may hold before the end."""

from pathlib import Path

from app.library.loader import load_library
from app.library.models import Question


def test_a_question_has_no_field_that_answers_it() -> None:
    assert set(Question.model_fields) == {
        "id",
        "title",
        "drill",
        "minutes",
        "prompt",
        "givens",
        "hint_count",
        "variant_of",
        "level",
    }


def test_a_question_tells_how_many_hints_there_are_and_none_of_them(content: Path) -> None:
    derivation = load_library(content)["half-square"]

    assert derivation.question.hint_count == len(derivation.hints) == 2
    assert derivation.hints[0] not in derivation.question.model_dump_json()
