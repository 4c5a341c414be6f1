import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.library.prose import Segment, segments


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("", ()),
        ("only words", (Segment("text", "only words"),)),
        ("$x^2$", (Segment("math", "x^2"),)),
        ("so $x$,", (Segment("text", "so "), Segment("math", "x"), Segment("text", ","))),
        ("*so*", (Segment("emphasis", "so"),)),
        ("`log1p`", (Segment("code", "log1p"),)),
        (r"\$5 each", (Segment("text", "$5 each"),)),
        (r"$\$5$", (Segment("math", r"\$5"),)),
        ("`a$b`", (Segment("code", "a$b"),)),
        ("$a * b * c$", (Segment("math", "a * b * c"),)),
        ("2 * 3 * 4", (Segment("text", "2 * 3 * 4"),)),
        ("2*3*4", (Segment("text", "2*3*4"),)),
        ("a ` alone", (Segment("text", "a ` alone"),)),
    ],
)
def test_it_cuts_prose_into_segments(prose: str, expected: tuple[Segment, ...]) -> None:
    assert segments(prose) == expected


@pytest.mark.parametrize("prose", ["costs $5", "$x", "x$", "$x$ and $", "$$", r"$a\$"])
def test_a_dollar_without_its_partner_is_an_error(prose: str) -> None:
    with pytest.raises(ValueError, match=r"without its partner .*: close the formula"):
        segments(prose)


MARKS = {"text": ("", ""), "math": ("$", "$"), "emphasis": ("*", "*"), "code": ("`", "`")}


def joined(pieces: tuple[Segment, ...]) -> str:
    prose = ""
    for kind, text in pieces:
        left, right = MARKS[kind]
        prose += left + (text.replace("$", r"\$") if kind == "text" else text) + right
    return prose


@given(st.text(alphabet=st.sampled_from(list("ab \\$*`{}\n")) | st.characters()))
@example(r"\\$x$")
@example("*a*`b`$c$")
def test_joining_the_segments_gives_the_text_back(prose: str) -> None:
    try:
        pieces = segments(prose)
    except ValueError:
        assert "$" in prose
    else:
        assert joined(pieces) == prose
        assert all(piece.text for piece in pieces)


WORDS = st.text(alphabet="abc xyz", min_size=1).map(lambda text: f"({text})")
PIECES = st.builds(
    Segment, st.sampled_from(["math", "emphasis", "code"]), st.from_regex(r"[a-z]+", fullmatch=True)
)


@settings(max_examples=50)
@given(st.lists(st.tuples(WORDS, PIECES)))
def test_cutting_joined_segments_gives_the_segments_back(pairs: list[tuple[str, Segment]]) -> None:
    pieces = tuple(piece for word, marked in pairs for piece in (Segment("text", word), marked))

    assert segments(joined(pieces)) == pieces
