"""What is said of a derivation while it is being written."""

import time
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library.verifying.drafts import MAX_BLOCKS, DraftReport, report_of
from tests.library.helpers import HALF_SQUARE, VARIANT

LOSS = {"tex": r"\mathcal{L}(w) = \frac{1}{2} (y - w)^2"}
MOST_SECONDS = 5


def whole(**changes: Any) -> dict[str, Any]:
    """A draft in which nothing is wrong, but for the changes."""
    draft = tomllib.loads(HALF_SQUARE)
    draft["givens"] = [{"tex": r"w, y \in \mathbb{R}"}, LOSS]
    # The two steps of the small derivation say the same to a checker.
    draft["steps"] = draft["steps"][1:]
    return draft | changes


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in whole().items() if name not in names}


def step(**changes: Any) -> dict[str, Any]:
    return {**whole()["steps"][0], **changes}


def about(report: DraftReport) -> list[str]:
    """The fields that the sentences are about."""
    return [problem.partition(" ")[0] for problem in report.problems]


def test_nothing_is_said_of_a_draft_that_is_right() -> None:
    report = report_of(whole())

    assert report.problems == ()
    assert report.judged
    assert report.file is not None
    assert report.file.id == "half-square"


def test_an_empty_draft_lacks_everything_and_nothing_was_judged() -> None:
    report = report_of({})

    assert about(report) == ["id", "title", "prompt", "givens", "steps"]
    assert (report.file, report.judged) == (None, False)


@pytest.mark.parametrize("name", ["id", "title", "prompt"])
def test_an_unfinished_draft_is_judged_as_far_as_it_goes(name: str) -> None:
    wrong = step(formula=r"\nabla_w \mathcal{L} = y - w")

    report = report_of({**without(name, "slips"), "steps": [wrong]})

    assert about(report) == [name, "steps[1].formula"]
    assert "does not hold" in report.problems[1]
    assert report.judged
    assert report.file is None


def test_an_unfinished_draft_in_which_the_formulas_are_right_lacks_its_gaps_alone() -> None:
    report = report_of(without("title"))

    assert about(report) == ["title"]
    assert report.judged


def test_a_step_is_judged_before_it_is_explained() -> None:
    bare = {"number": "1", "formula": r"\nabla_w \mathcal{L} = y - w"}

    report = report_of(whole(steps=[bare], slips=[]))

    assert about(report) == ["steps[1].title", "steps[1].explanation", "steps[1].formula"]


def test_a_block_keeps_its_place_where_one_before_it_cannot_be_read() -> None:
    wrong = step(number="3", formula=r"\nabla_w \mathcal{L} = y - w")

    report = report_of(whole(steps=[{}, step(), wrong], slips=[]))

    assert about(report)[-1] == "steps[3].formula"


def test_a_draft_without_givens_has_no_world_to_judge_in() -> None:
    report = report_of(without("givens"))

    assert about(report) == ["givens"]
    assert not report.judged


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"givens": [{"tex": r"w, y \in \mathbb{R}"}, {"tex": r"w \in"}, LOSS]}, "givens[2].tex"),
        ({"names": [{"tex": r"v = w"}, {"tex": r"v \in \mathbb{R}^"}]}, "names[2].tex"),
        ({"contexts": [{"name": "there", "sets": ["w = y", "w ="]}]}, "contexts[1].sets[2]"),
        ({"steps": [step(formula=r"\nabla_w \mathcal{L} = )")]}, "steps[1].formula"),
        ({"steps": [step(formula=r"\nabla_w \mathcal{L} = q")]}, "steps[1].formula"),
        ({"steps": [step(forms=["w = w + 1"])]}, "steps[1].forms[1]"),
        ({"slips": []}, ""),
        (
            {"slips": [dict(whole()["slips"][0], wrong=r"\nabla_w \mathcal{L} = w - y")]},
            "slips[1].wrong",
        ),
        ({"slips": [dict(whole()["slips"][0], step="7")]}, "slips[1].step"),
        ({"steps": [step(load_bearing=False)]}, "steps"),
        ({"steps": [step(), step()]}, "steps[2].number"),
        ({"minutes": 0}, "minutes"),
        ({"gotchas": [{}]}, "gotchas[1].question gotchas[1].wrong gotchas[1].right gotchas[1].why"),
        ({"colour": "red"}, "colour"),
        ({"pictures": [{"id": "x", "alt": "x", "caption": "x"}]}, "pictures[1].id"),
    ],
)
def test_every_problem_begins_with_the_field_that_it_is_about(
    changes: dict[str, Any], fields: str
) -> None:
    assert about(report_of(whole(**changes))) == fields.split()


def test_a_drawing_that_is_there_is_no_problem() -> None:
    draft = whole(pictures=[{"id": "curve", "alt": "x", "caption": "x"}])

    assert report_of(draft, pictures={"curve"}).problems == ()


def test_formulas_in_the_prose_are_judged_once_the_rest_is_right() -> None:
    says = {"insights": [r"If $y - w = 0$, then $\mathcal{L} = 0$."]}

    (problem,) = report_of(whole(**says)).problems

    assert problem.startswith("insights[1] states y - w = 0, which fails (")
    assert report_of(whole(**says, supposed=["y - w = 0"])).problems == ()


def test_the_variants_of_a_draft_are_judged_once_the_rest_is_right() -> None:
    variants = tomllib.loads(VARIANT.replace("keeps = ['1']", "keeps = []"))["variants"]

    report = report_of(whole(variants=variants))
    earlier = report_of(whole(variants=variants, steps=[step(formula="w = y")]))

    assert about(report) == ["variants[1].steps[1].formula"]
    assert about(earlier) == ["steps[1].formula"]


@pytest.mark.parametrize("name", ["givens", "steps", "slips", "hints", "variants", "nonsense"])
def test_too_many_blocks_are_not_even_read(name: str) -> None:
    report = report_of(whole(**{name: [{}] * (MAX_BLOCKS + 1)}))

    assert report.problems == (f"{name} has more than {MAX_BLOCKS} entries: take some out",)
    assert (report.file, report.judged) == (None, False)


def test_too_many_forms_of_a_step_are_not_read_either() -> None:
    crowded = step(forms=["w = w"] * (MAX_BLOCKS + 1))
    variant = tomllib.loads(VARIANT)["variants"][0] | {"steps": [step(), crowded]}

    report = report_of(whole(steps=[crowded], variants=[variant]))

    assert about(report) == ["steps[1].forms", "variants[1].steps[2].forms"]


def test_as_many_as_there_may_be_are_read() -> None:
    assert report_of(whole(hints=["Which rule?"] * MAX_BLOCKS)).problems == ()


# --- what nobody should write --------------------------------------------------------------------

CIRCULAR = [
    [r"x \in \mathbb{R}", "f(x) = g(x)", "g(x) = f(x)"],
    [r"a = b", "b = a"],
    [
        r"x, z, \theta \in \mathbb{R}",
        r"p_\theta(x) = \frac{p_\theta(x|z)}{p_\theta(z|x)}",
        r"p_\theta(x|z) = p_\theta(x) p_\theta(z|x)",
        r"p_\theta(z|x) = \frac{p_\theta(x|z)}{p_\theta(x)}",
    ],
    [
        r"p_\theta(x), p_\theta(x|z), p_\theta(z|x) \in \mathbb{R}",
        r"p_\theta(x|z) = p_\theta(z|x) p_\theta(x)",
        r"p_\theta(z|x) = p_\theta(x|z) / p_\theta(x)",
    ],
    [r"f(x) = f(f(x))"],
]


@pytest.mark.parametrize("contexts", [[], [{"name": "there", "sets": ["x = 1"]}]])
@pytest.mark.parametrize("formula", ["f(x) = g(x)", "a = b", r"p_\theta(x) = p_\theta(z|x)"])
@pytest.mark.parametrize("circle", CIRCULAR, ids=lambda circle: circle[-1])
def test_givens_that_define_each_other_are_a_problem(
    circle: list[str], formula: str, contexts: list[dict[str, Any]]
) -> None:
    """However they go round, the author gets a sentence."""
    draft = whole(givens=[{"tex": tex} for tex in circle], contexts=contexts, slips=[])

    report = report_of(draft | {"steps": [step(formula=formula)]})

    assert report.problems


HOSTILE = [
    r"x \in \mathbb{R}^{99999999}",
    r"A \in \mathbb{R}^{5000 \times 5000}",
    r"A \in \mathbb{R}^{300 \times 300 \times 300}",
    r"x \in \mathbb{R}^{10^{10^{10}}}",
    r"x \in \mathbb{R}^{-1}",
    r"x \in \{0, 1\}^{64}",
    r"n \in \{1, \dots, 10^{12}\}",
    r"i = 1, \dots, 10^9",
    "(" * 3_000 + "w" + ")" * 3_000,
    "f(w) = " + "(" * 50 + "w" + ")" * 50,
    "f(w) = " + r"\frac{1}{" * 150 + "w" + "}" * 150,
    "f(w) = " + "-" * 1_900 + "w",
    r"\hat{" * 300 + "w" + "}" * 300 + r" \in \mathbb{R}",
    "x" * 100_000,
    "\\",
    "\0",
    "\ud800",
    r"\in",
    r"\in \mathbb{R}",
    r"x, \in \mathbb{R}",
    "=",
]


ODD = ["&", "%", r"R m, n \mathbb{Z} {Z}", r"V \in \mathbb{R}^V d {I} = V", r"\mathbb", ",", "1"]


def shown(tex: str) -> str:
    return ascii(tex[:20])


@pytest.mark.parametrize("tex", HOSTILE, ids=shown)
@pytest.mark.parametrize("name", ["givens", "names"])
def test_a_hostile_declaration_is_a_problem_and_a_quick_one(name: str, tex: str) -> None:
    draft = whole()
    draft[name] = [*draft.get(name, []), {"tex": tex}]
    place = len(draft[name])
    begun = time.process_time()

    report = report_of(draft)

    assert time.process_time() - begun < MOST_SECONDS
    assert about(report) == [f"{name}[{place}].tex"]


@pytest.mark.parametrize("tex", HOSTILE, ids=shown)
def test_a_hostile_formula_is_a_problem_and_a_quick_one(tex: str) -> None:
    begun = time.process_time()

    report = report_of(whole(steps=[step(formula=tex)]))

    assert time.process_time() - begun < MOST_SECONDS
    assert about(report) == ["steps[1].formula"]


@pytest.mark.parametrize("tex", [*HOSTILE, *ODD], ids=shown)
def test_whatever_stands_wherever_a_report_comes_back(tex: str) -> None:
    begun = time.process_time()

    for changes in (
        {"contexts": [{"name": "there", "sets": [tex]}]},
        {"givens": [{"tex": tex}]},
        {"givens": [*whole()["givens"], {"tex": tex}]},
        {"steps": [step(forms=[tex], excludes=[tex], may_use=[tex], contains=[tex])]},
        {"slips": [dict(whole()["slips"][0], wrong=tex)]},
    ):
        assert isinstance(report_of(whole(**changes)), DraftReport)

    assert time.process_time() - begun < MOST_SECONDS


SHAPES: list[Any] = [
    True,
    10**400,
    float("nan"),
    float("inf"),
    "\ud800",
    {},
    [None],
    [[]],
    [{}],
    [{"tex": None}],
    [{"tex": {}}],
    [{"number": 10**30}],
    {"a": {"a": {}}},
]


@pytest.mark.parametrize("name", [*whole(), "names", "contexts", "variants", "nonsense"])
def test_a_field_of_the_wrong_form_is_a_problem(name: str) -> None:
    """Nothing is there to be judged, which would take longer than all else."""
    for shape in SHAPES:
        report = report_of({**without("steps", "slips"), name: shape})

        assert [one for one in about(report) if one.startswith(name)], shape
        assert report.file is None, shape
        for problem in report.problems:
            problem.encode()  # it can be sent


texts = st.text(max_size=12) | st.just("\ud800")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from([*whole(), "names", "contexts", "variants", "pictures"]) | texts


@given(st.dictionaries(fields, values, max_size=5), st.booleans())
@settings(max_examples=60)
def test_any_draft_gets_a_report(changes: dict[str, Any], is_whole: bool) -> None:
    report = report_of({**(whole() if is_whole else {}), **changes})

    for problem in report.problems:
        assert problem.encode()
    assert report.problems or report.file is not None
