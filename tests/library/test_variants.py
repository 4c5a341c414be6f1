"""Shorter and harder questions on the matter of a derivation."""

from pathlib import Path

import pytest

from app.library.loader import load_library
from app.library.models import Derivation, Library
from tests.library.helpers import HALF_SQUARE, VARIANT, messages, write_derivation

SHORTER = """
[[variants]]
id = 'one-step'
level = 'shorter'
title = 'Only the rule'
minutes = 2
prompt = 'Which rule?'
keeps = ['2']
hints = ['Think of $f(g(x))$.']
"""


def loaded(content: Path, variants: str) -> Library:
    write_derivation(content, "half-square.toml", HALF_SQUARE + variants)
    library = load_library(content)
    assert library.errors == ()
    return library


def varied(variant: str, old: str, new: str) -> str:
    assert variant.count(old) == 1, f"{old!r} is not in one place"
    return variant.replace(old, new)


def test_a_variant_follows_its_derivation(content: Path) -> None:
    library = loaded(content, VARIANT + SHORTER)

    assert list(library.derivations) == ["half-square", "square", "one-step"]
    assert [one.question.id for one in library.originals] == ["half-square"]
    assert [one.question.id for one in library.variants_of("half-square")] == ["square", "one-step"]
    assert library.variants_of("square") == ()


@pytest.mark.parametrize("member", ["half-square", "square", "one-step"])
def test_a_derivation_and_its_variants_are_a_family(content: Path, member: str) -> None:
    library = loaded(content, VARIANT + SHORTER)

    assert library.family_of(member) == {"half-square", "square", "one-step"}
    assert library[member].question.family == "half-square"


def test_what_is_not_in_the_library_is_a_family_of_its_own(content: Path) -> None:
    assert load_library(content).family_of("gone") == {"gone"}


def test_a_variant_asks_its_own_question(content: Path) -> None:
    question = loaded(content, SHORTER)["one-step"].question

    assert (question.title, question.minutes, question.prompt) == (
        "Only the rule",
        2,
        "Which rule?",
    )
    assert (question.level, question.variant_of, question.hint_count) == (
        "shorter",
        "half-square",
        1,
    )
    assert question.drill is None


def test_a_variant_has_the_minutes_of_a_derivation_where_it_says_none(content: Path) -> None:
    assert loaded(content, VARIANT)["square"].question.minutes == 5


def test_it_keeps_the_steps_that_it_names_with_their_slips(content: Path) -> None:
    library = loaded(content, VARIANT + SHORTER)
    original = library["half-square"]

    square, one_step = library["square"], library["one-step"]

    assert square.steps[0] == original.steps[0]
    assert [step.formula for step in square.steps[1:]] == [r"\nabla_w \mathcal{L} = 2 (w - y)"]
    assert square.slips == ()  # the only slip is that of a step which it does not keep
    assert one_step.steps == original.steps[1:]
    assert one_step.slips == original.slips


def test_its_steps_are_in_the_order_of_their_numbers(content: Path) -> None:
    variant = varied(VARIANT, "keeps = ['1']", "keeps = ['2']")
    variant = varied(variant, "number = '2'", "number = '1b'").replace("load_bearing = true", "")

    derivation = loaded(content, variant)["square"]

    assert [step.number for step in derivation.steps] == ["1b", "2"]


def test_its_own_slips_come_after_those_that_it_keeps(content: Path) -> None:
    slip = "\n[[variants.slips]]\nid = 'own'\nstep = '2'\nwrong = 'w = y'\nexplanation = 'No.'\n"

    derivation = loaded(content, SHORTER + slip)["one-step"]

    assert [slip.id for slip in derivation.slips] == ["sign", "own"]


def test_hints_are_never_those_of_the_derivation(content: Path) -> None:
    library = loaded(content, VARIANT + SHORTER)

    assert library["square"].hints == ()
    assert library["one-step"].hints == ("Think of $f(g(x))$.",)


BLOCKS = {
    "givens": ("tex = 'w, y \\in \\mathbb{R}'", "givens"),
    "names": ("tex = 'v = w'", "names"),
    "contexts": ("name = 'there'\nsets = ['w = y']", "contexts"),
}


def part(derivation: Derivation, name: str) -> tuple[object, ...]:
    holder = derivation.question if name == "givens" else derivation
    return tuple(getattr(holder, name))


@pytest.mark.parametrize("name", BLOCKS)
def test_a_world_of_its_own_replaces_that_of_the_derivation(content: Path, name: str) -> None:
    block, _ = BLOCKS[name]
    of_derivation = "".join(
        f"\n[[{one}]]\n{text}\n" for one, (text, _) in BLOCKS.items() if one != "givens"
    )
    own = f"\n[[variants.{name}]]\n{block.replace('w', 'v')}\n"

    library = loaded(content, of_derivation + VARIANT + own)

    original, variant = library["half-square"], library["square"]
    assert len(part(variant, name)) == 1
    assert part(variant, name) != part(original, name)
    for other in set(BLOCKS) - {name}:
        assert part(variant, other) == part(original, other) != ()


def test_everything_else_is_that_of_the_derivation(content: Path) -> None:
    library = loaded(content, VARIANT)

    original, variant = library["half-square"], library["square"]

    for name in ("insights", "gotchas", "followups", "reading"):
        assert getattr(variant, name) == getattr(original, name) != ()


def test_a_drawing_of_a_step_goes_where_the_step_goes(content: Path) -> None:
    """Another step with the same number has nothing to do with it."""
    picture = "\n[[pictures]]\nid = '{}'\nalt = 'A line.'\ncaption = 'The loss.'\nstep = '{}'\n"
    whole = picture.format("whole", "").replace("step = ''\n", "")
    drawn = whole + picture.format("first", 1) + picture.format("second", 2)
    (content / "pictures").mkdir()
    for name in ("whole", "first", "second"):
        (content / "pictures" / f"{name}.svg").write_text("<svg/>")

    library = loaded(content, drawn + VARIANT + SHORTER)

    def drawings(name: str) -> list[str]:
        return [picture.id for picture in library[name].pictures]

    assert drawings("half-square") == ["whole", "first", "second"]
    assert drawings("square") == ["whole", "first"]
    assert drawings("one-step") == ["whole", "second"]


def test_the_star_of_a_kept_step_stays(content: Path) -> None:
    derivation = loaded(content, SHORTER)["one-step"]

    assert [step.load_bearing for step in derivation.steps] == [True]


def test_a_star_of_its_own_makes_a_step_one_that_has_to_be_reached(content: Path) -> None:
    optional = HALF_SQUARE.replace("number = '1'\n", "number = '1'\nmust = false\n")
    variant = varied(SHORTER, "keeps = ['2']", "keeps = ['1']\nload_bearing = '1'")
    write_derivation(content, "half-square.toml", optional + variant)

    library = load_library(content)

    assert library["half-square"].must_steps == ("2",)
    assert library["one-step"].must_steps == ("1",)
    assert [step.load_bearing for step in library["one-step"].steps] == [True]
    assert not library["half-square"].steps[0].load_bearing


@pytest.mark.parametrize(
    ("variant", "problem"),
    [
        (
            varied(VARIANT, "id = 'square'", "id = 'half-square'"),
            "variants[1].id 'half-square' is the derivation's own: choose another",
        ),
        (
            VARIANT + varied(SHORTER, "'one-step'", "'square'"),
            "variants[2].id 'square' is already used by variants[1]: choose another",
        ),
        (
            varied(VARIANT, "keeps = ['1']", "keeps = ['1', '7']"),
            "variants[1].keeps[2] '7' is not a step of this derivation: use one of 1, 2",
        ),
        (
            varied(SHORTER, "keeps = ['2']\n", ""),
            "variants[1] has no steps: say which it keeps, keeps = ['1', '2'], or write its own",
        ),
        (
            varied(VARIANT, "number = '2'", "number = '1'"),
            "variants[1].steps[1].number '1' is among those it keeps: choose another",
        ),
        (
            VARIANT + "\n[[variants.steps]]" + VARIANT.partition("[[variants.steps]]")[2],
            "variants[1].steps[2].number '2' is already used by variants[1].steps[1]: "
            "choose another",
        ),
        (
            SHORTER
            + "\n[[variants.slips]]\nid = 'sign'\nstep = '2'\nwrong = 'w'\nexplanation = 'e'\n",
            "variants[1].slips[1].id 'sign' is among those it keeps: choose another",
        ),
        (
            SHORTER
            + "\n[[variants.slips]]\nid = 'own'\nstep = '1'\nwrong = 'w'\nexplanation = 'e'\n",
            "variants[1].slips[1].step '1' is not a step of this variant: use one of 2",
        ),
        (
            varied(SHORTER, "keeps = ['2']", "keeps = ['1']"),
            "variants[1] has no load-bearing step: add load_bearing = '1', with the number of "
            "the step that an interviewer waits for",
        ),
        (
            varied(SHORTER, "keeps = ['2']", "keeps = ['2']\nload_bearing = '1'"),
            "variants[1].load_bearing '1' is not a step of this variant: use one of 2",
        ),
        (
            varied(SHORTER, "'shorter'", "'easier'"),
            "variants[1].level is not right (Input should be 'shorter' or 'harder'): "
            "see content/README.md",
        ),
        (
            varied(SHORTER, "minutes = 2", "minuts = 2"),
            "variants[1].minuts is not a field: did you mean minutes?",
        ),
        (
            varied(VARIANT, "title = 'Result'\n", ""),
            "variants[1].steps[1].title is missing: add title = '…'",
        ),
    ],
)
def test_what_contradicts_itself_is_said_in_a_sentence(
    content: Path, variant: str, problem: str
) -> None:
    write_derivation(content, "half-square.toml", HALF_SQUARE + variant)

    assert messages(content) == [f"content/derivations/half-square.toml: {problem}"]


def test_a_variant_may_not_have_the_id_of_another_file(content: Path) -> None:
    other = HALF_SQUARE.replace("'half-square'", "'square'").replace("drill = 8\n", "")
    write_derivation(content, "square.toml", other)
    write_derivation(content, "half-square.toml", HALF_SQUARE + VARIANT)

    assert messages(content) == [
        "content/derivations/half-square.toml: variant 'square' has the id of square.toml: "
        "choose another"
    ]
    assert list(load_library(content).derivations) == ["square"]
