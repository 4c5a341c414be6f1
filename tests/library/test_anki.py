"""A package for Anki holds what it should, and a later one never doubles a note."""

import sqlite3
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.library.anki import package_of_all, package_of_one
from app.library.loader import load_library
from app.library.models import Library
from tests.helpers import NOON, Flashcard, flashcards_of
from tests.library.helpers import HALF_SQUARE, ROW, VARIANT, changed, write_derivation

STEP, GOTCHA, FOLLOWUP = "Coldboard key step", "Coldboard gotcha", "Coldboard follow-up"


def cards(content: Path, text: str = HALF_SQUARE, now_ms: int = NOON) -> list[Flashcard]:
    """What is in the package of the small derivation, after it was changed to `text`."""
    write_derivation(content, "half-square.toml", text)
    library = load_library(content)
    assert library.errors == ()
    return flashcards_of(package_of_all(library, now_ms))


def card(found: list[Flashcard], kind: str, place: int = 0) -> Flashcard:
    return [one for one in found if one.kind == kind][place]


def test_steps_gotchas_and_followups_become_cards_in_this_order(content: Path) -> None:
    found = cards(content)

    assert [one.kind for one in found] == [STEP, STEP, GOTCHA, FOLLOWUP]
    assert {one.deck for one in found} == {"Coldboard::Derivative of a square"}
    assert {one.fields["Derivation"] for one in found} == {"Derivative of a square"}
    assert card(found, GOTCHA).tags == {"coldboard::gotcha", "coldboard::half-square"}
    assert card(found, FOLLOWUP).tags == {"coldboard::follow-up", "coldboard::half-square"}
    assert card(found, STEP).tags == {"coldboard::key-step", "coldboard::half-square"}


def test_a_key_step_asks_for_its_formula_and_says_if_it_is_load_bearing(content: Path) -> None:
    found = cards(content)

    assert card(found, STEP, 0).fields["Star"] == ""
    assert card(found, STEP, 1).fields == {
        "Step": "Step 2: Result",
        "Formula": r"\[ \nabla_w \mathcal{L} = w - y \]",
        "Explanation": "The sign turns it around.",
        "Star": "★ load-bearing",
        "Derivation": "Derivative of a square",
    }
    assert "coldboard::load-bearing" in card(found, STEP, 1).tags


def test_a_gotcha_and_a_followup_have_what_belongs_behind_them(content: Path) -> None:
    text = changed("difficulty = 1", "intuition = 'They all *pull*.'\ndifficulty = 1")

    found = cards(content, text)

    assert list(card(found, GOTCHA).fields.values()) == [
        "Unique?",
        "No.",
        "Yes.",
        "It is strictly convex.",
        "Derivative of a square",
    ]
    assert card(found, FOLLOWUP).fields == {
        "Question": r"And for \(n\) targets?",
        "Answer": "Their mean.",
        "Intuition": "They all <em>pull</em>.",
        "Derivation": "Derivative of a square",
    }


def test_rows_of_the_gotcha_table_are_cards_too_unless_the_derivation_asks_the_same(
    content: Path,
) -> None:
    other = ROW.replace("Unique?", "Convex?").replace("'No.'", "'Sometimes.'")
    (content / "gotchas.toml").write_text(ROW.replace("'No.'", "'Never.'") + other)

    found = cards(content)

    asked = {one.fields["Question"]: one.fields["Wrong"] for one in found if one.kind == GOTCHA}
    assert asked == {"Unique?": "No.", "Convex?": "Sometimes."}


def test_a_later_package_has_the_same_notes_whatever_their_answers_are(content: Path) -> None:
    earlier = cards(content)
    text = HALF_SQUARE
    for old, new in [
        ("Yes.", "Yes, always."),
        ("Their mean.", "The mean of them."),
        ("= w - y", "= -y + w"),
        ("'Result'", "'The result'"),
        ("'Derivative of a square'", "'A square'"),
        ("targets?'", "\n  targets?'''"),
        ("question = 'And", "question = '''And"),
    ]:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)

    later = cards(content, text, NOON + 1)

    assert [one.guid for one in later] == [one.guid for one in earlier]
    assert [one.fields for one in later] != [one.fields for one in earlier]


def test_the_names_of_notes_never_change(content: Path) -> None:
    """Learners have imported them: another way to make them would double every card."""
    assert [one.guid for one in cards(content)] == [
        "dpcb(k/TZL",
        "zz.p!@Y]7q",
        "Q$l|Jk`IpO",
        "cO=!5+IzPn",
    ]


def test_another_question_is_another_note(content: Path) -> None:
    before = card(cards(content), GOTCHA)

    after = card(cards(content, changed("Unique?", "Is it unique?")), GOTCHA)

    assert after.guid != before.guid


def test_every_question_of_the_library_is_asked_once(library: Library) -> None:
    found = flashcards_of(package_of_all(library, NOON))

    asked = {
        (one.question.id, gotcha.question) for one in library.originals for gotcha in one.gotchas
    }
    asked |= {(row.derivation, row.question) for row in library.gotchas}
    others = sum(len(one.steps) + len(one.followups) for one in library.originals)
    assert len(found) == len({one.guid for one in found}) == len(asked) + others
    assert len({one.deck for one in found}) == len(library.originals)


def test_what_is_left_out_is_left_out_alone(library: Library) -> None:
    everything = flashcards_of(package_of_all(library, NOON))
    without = flashcards_of(package_of_all(library, NOON, without={"ols"}))

    assert without == [one for one in everything if "coldboard::ols" not in one.tags]
    assert len(without) < len(everything)


def test_one_derivation_is_the_same_alone(library: Library) -> None:
    everything = flashcards_of(package_of_all(library, NOON))
    alone = flashcards_of(package_of_one(library, "ols", NOON))

    assert alone == [one for one in everything if "coldboard::ols" in one.tags]


def test_a_variant_has_its_steps_and_those_that_it_keeps_are_not_doubled(content: Path) -> None:
    original = cards(content, HALF_SQUARE + VARIANT)
    library = load_library(content)

    kept, own = flashcards_of(package_of_one(library, "square", NOON))

    assert kept.guid == card(original, STEP).guid
    assert kept.fields == card(original, STEP).fields
    assert own.fields["Formula"] == r"\[ \nabla_w \mathcal{L} = 2 (w - y) \]"
    assert own.fields["Derivation"] == "Derivative of a whole square"
    assert own.guid not in {one.guid for one in original}
    assert {kept.deck, own.deck} == {"Coldboard::Derivative of a whole square"}


@pytest.mark.parametrize(
    ("prose", "field"),
    [
        ("the *loss* is $x^2$", r"the <em>loss</em> is \(x^2\)"),
        (r"for \$5 and `a < b`", "for $5 and <code>a &lt; b</code>"),
        ("if $a<b$ & $c \\& d>e$", r"if \(a&lt;b\) &amp; \(c \&amp; d&gt;e\)"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("$<img src=x onerror=alert(1)>$", r"\(&lt;img src=x onerror=alert(1)&gt;\)"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        (r"$\frac{1}{{{2}}}$ {{Why}} {{c1::x}}", r"\(\frac{1}{{{2}}}\) {{Why}} {{c1::x}}"),
        (r"\(no\) formula", r"\<span></span>(no\) formula"),
        (r"nor \[this\]", r"nor \<span></span>&#91;this\]"),
        ("[sound:a.mp3] and [latex]", "&#91;sound:a.mp3] and &#91;latex]"),
    ],
)
def test_prose_becomes_html_that_says_no_more_than_its_author(
    content: Path, prose: str, field: str
) -> None:
    found = cards(content, changed("'It is strictly convex.'", f"'''{prose}'''"))

    assert card(found, GOTCHA).fields["Why"] == field


def test_a_formula_of_several_rows_stays_whole(content: Path) -> None:
    formula = r"\begin{aligned} a &< b \\[2pt] &= c \end{aligned}"

    found = cards(content, changed(r"'\nabla_w \mathcal{L} = w - y'", f"'{formula}'"))

    shown = r"\[ \begin{aligned} a &amp;&lt; b \\[2pt] &amp;= c \end{aligned} \]"
    assert card(found, STEP, 1).fields["Formula"] == shown


def test_a_title_opens_no_deck_inside_its_own(content: Path) -> None:
    found = cards(content, changed("'Derivative of a square'", "'One::two <b>'"))

    assert {one.deck for one in found} == {"Coldboard::One:two <b>"}
    assert {one.fields["Derivation"] for one in found} == {"One::two &lt;b&gt;"}


def test_the_package_is_whole_and_nothing_is_left_on_the_disk(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    package = package_of_all(library, NOON)

    assert list(tmp_path.iterdir()) == []
    with ZipFile(BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as collection:
        assert archive.testzip() is None
        assert archive.read("media") == b"{}"
        collection.deserialize(archive.read("collection.anki2"))
        assert collection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        [models] = collection.execute("SELECT models FROM col").fetchone()
    assert ".nightMode" in models
