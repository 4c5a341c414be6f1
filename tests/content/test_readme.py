"""What content/README.md shows is true: its derivation, its lines, its cases."""

import json
import re

import pytest

from app.checker import Checker
from app.library.checking import checker_of
from app.library.models import (
    Derivation,
    DerivationFile,
    Frozen,
    KnownName,
    NamedContext,
    Setting,
    Slip,
    Step,
)
from app.library.reading import read_file
from app.library.verifying.formulas import disagreements
from app.library.verifying.prose import wrong_prose
from app.settings import ROOT

README = (ROOT / "content" / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path_factory: pytest.TempPathFactory) -> DerivationFile:
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example
    path = tmp_path_factory.mktemp("content") / "half-square.toml"
    path.write_text(example[1], encoding="utf-8")
    return read_file(path, DerivationFile)


@pytest.fixture
def checker(file: DerivationFile) -> Checker:
    return checker_of(Derivation.from_file(file))


def test_the_checker_agrees_with_the_derivation(file: DerivationFile) -> None:
    assert list(disagreements(file)) == []


def test_its_sentences_are_right(file: DerivationFile) -> None:
    assert file.settings

    assert list(wrong_prose(file)) == []


def test_every_line_gets_the_verdict_that_is_written_beside_it(checker: Checker) -> None:
    rows = re.findall(r"^\| `(.+)` \| (\w+) \|(.*)\|$", README, re.MULTILINE)
    assert len(rows) > 10

    findings = checker.check([line for line, _, _ in rows])

    assert {row[1] for row in rows} == {
        "holds", "fails", "defines", "unclear", "unreadable", "remark",
    }  # fmt: skip
    for finding, (_, verdict, because) in zip(findings, rows, strict=True):
        assert finding.verdict == verdict, finding
        step = re.search(r"step (\d)", because)
        assert step is None or int(step[1]) in finding.steps, finding
        slip = re.search(r"slip `([a-z-]+)`", because)
        assert finding.slip == (slip and slip[1]), finding
        assert ("at the optimum" in because) <= (finding.where == "at the optimum")


def test_the_steps_of_the_example_are_told_apart(checker: Checker) -> None:
    chain_rule, result = checker.check(
        [r"\nabla_w \mathcal{L} = -(y - w)", r"\nabla_w \mathcal{L} = w - y"]
    )

    assert (chain_rule.steps, result.steps) == ((1,), (2,))


def test_the_cases_get_their_verdicts(checker: Checker) -> None:
    block = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert block
    cases = [json.loads(line) for line in block[1].splitlines()]
    assert len(cases) == 2
    for case in cases:
        findings = checker.check(case["lines"])
        assert [finding.verdict for finding in findings] == case["expect"]
        assert [verdict in ("holds", "fails") for verdict in case["expect"]] == [
            expression is not None for expression in case["numpy"]
        ]
        assert case.get("step") is None or case["step"] in findings[-1].parts
        assert findings[-1].slip == case.get("slip")
        for field in case:
            assert f"`{field}`" in README


@pytest.mark.parametrize("model", [Step, Slip, KnownName, NamedContext, Setting])
def test_every_field_is_in_the_readme(model: type[Frozen]) -> None:
    for field in model.model_fields:
        assert re.search(rf"^#? ?{field} = |`{field}`", README, re.MULTILINE), field
