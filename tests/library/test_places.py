"""The line of each field of a content file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.places import lines_of, located

SOURCE = """id = 'a'
hints = [
  '''
  title = 'a trap inside a text'
  ''',
  'second',
]

[[steps]]
formula = '''
[[steps]]
'''
[[variants]]
id = 'b'
[[variants.steps]]
number = '1'
[[variants.steps]]
number = '2'
[[variants]]
[[variants.steps]]
number = '1'
"""


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        ("id 'a' is not the file's name", 1),
        ("hints[1] is empty", 3),
        ("hints[2] is empty", 6),
        ("steps[1].formula does not hold", 10),
        ("steps[1].title is missing", 9),
        ("variants[1].steps[2].number is not a step", 18),
        ("variants[2].steps[1].number is not a step", 21),
        ("variants[1].keeps: steps[1].formula does not hold", 13),
    ],
)
def test_a_sentence_gets_the_line_of_its_field(problem: str, line: int) -> None:
    assert located(SOURCE, problem) == f"line {line}: {problem}"


def test_a_field_that_is_nowhere_has_no_line() -> None:
    assert located(SOURCE, "title is missing: add title") == "title is missing: add title"


@given(st.text(alphabet="[]=.'\"ab1\n ", max_size=80), st.text(max_size=20))
def test_any_text_can_be_looked_through(source: str, problem: str) -> None:
    count = source.count("\n") + 1

    assert all(1 <= line <= count for line in lines_of(source).values())
    assert located(source, problem).endswith(problem)
