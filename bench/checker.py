"""How long the checker takes over a typed line, and what else could: `python -m bench.checker`.

All lines of all cases in `content/derivations/*.cases.jsonl`, warm, on one core; a derivation of
twelve lines; a world from its givens; the import in a fresh interpreter. Beside it, in the same
run, SymPy and math-verify on a sample of the same lines, from a virtual environment that is made
for this and thrown away (`bench.peers`).
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, compress
from pathlib import Path

import numpy as np

from app.checker import Checker
from app.library.checking import checker_of, contexts_of, names_of
from app.library.models import Derivation
from bench.roundtrip import at
from bench.server import ROOT, load_average
from tests.content.cases import CASES, LIBRARY, Case, of_derivation

ROUNDS = 5
TWELVE = 12
MOST_MS = 100
EVERY = 6  # one line of six is for the others too
PEERS = ("sympy", "antlr4-python3-runtime==4.11.*", "lark", "math-verify")
SHARES = (0.5, 0.95, 0.99, 1)
IMPORT = """
import time
start = time.perf_counter()
import numpy
between = time.perf_counter()
import app.checker
print((between - start) * 1000, (time.perf_counter() - between) * 1000)
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A line that stands alone and claims something, and whether it is right."""

    derivation: str
    line: str
    right: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """What a tool made of the claims: read at all, taken for right, milliseconds."""

    read: Sequence[bool]
    holds: Sequence[bool]
    took: Sequence[float]


def main() -> int:
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}; load average {load_average()}")
    show_import()
    slowest = show_lines()
    show_peers()
    within = slowest <= MOST_MS
    print(f"To reach: a line in {MOST_MS} ms. {'Reached.' if within else 'NOT reached.'}")
    return 0 if within else 1


def show_import() -> None:
    """As people have it: with the bytecode of an import before, wherever it may be kept here."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        run = partial(subprocess.run, capture_output=True, check=True, cwd=ROOT, env=environment)
        _, *runs = [run([sys.executable, "-c", IMPORT]) for _ in range(1 + ROUNDS)]
    numpy, ours = (
        statistics.median(times)
        for times in zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
    )
    print(f"import in a fresh interpreter, ms: numpy {numpy:.0f}, app.checker after it {ours:.0f}")


# --- our own times -------------------------------------------------------------------------------


def show_lines() -> float:
    """The slowest line in ms, after a table with a row for each derivation."""
    print("ms: world from the givens, checker with steps and slips, a warm line, twelve lines")
    names = ("lines", "world", "checker", "p50", "p95", "p99", "max", "twelve")
    print(f"{'':22}" + "".join(f"{name:>9}" for name in names))
    every: list[float] = []
    for derivation in LIBRARY.derivations.values():
        cases = of_derivation(derivation.question.id)
        world = statistics.median(timed(partial(only_world, derivation)) for _ in range(ROUNDS))
        whole = statistics.median(timed(partial(built, derivation)) for _ in range(ROUNDS))
        checker = checker_of(derivation)
        took = [of_line for case in cases for of_line in times_of(checker, case)]
        every.extend(took)
        twelve = usual_time(checker, twelve_lines(cases))
        show_row(derivation.question.id, took, (world, whole), twelve)
    show_row("all", every)
    return max(every)


def show_row(
    name: str, took: Sequence[float], built: Sequence[float] = (), twelve: float = 0
) -> None:
    times = "".join(f"{at(share, took):9.2f}" for share in SHARES)
    first = "".join(f"{one:9.0f}" for one in built) or f"{'–':>9}" * 2
    last = f"{twelve:9.1f}" if twelve else f"{'–':>9}"
    print(f"{name:22}{len(took):9,}{first}{times}{last}")


def only_world(derivation: Derivation) -> Checker:
    return Checker(
        [given.tex for given in derivation.question.givens],
        names_of(derivation),
        contexts_of(derivation),
    )


def built(derivation: Derivation) -> Checker:
    """Anew, whatever is kept."""
    return checker_of.__wrapped__(derivation)


def times_of(checker: Checker, case: Case) -> list[float]:
    """A time for each line; those of one case share the time of the whole."""
    return [usual_time(checker, case.lines) / len(case.lines)] * len(case.lines)


def usual_time(checker: Checker, lines: Sequence[str]) -> float:
    """The median of some rounds, after one that does not count."""
    checker.check(lines)
    return statistics.median(timed(partial(checker.check, lines)) for _ in range(ROUNDS))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def twelve_lines(cases: Iterable[Case]) -> list[str]:
    """The longest cases without a wrong line, one after the other."""
    right = [case for case in cases if {"holds", "defines"} >= set(case.expect)]
    right.sort(key=lambda case: -len(case.lines))
    return list(chain.from_iterable(case.lines for case in right))[:TWELVE]


# --- others --------------------------------------------------------------------------------------


def show_peers() -> None:
    claims = [
        Claim(case.derivation, case.lines[0], case.expect[0] == "holds")
        for case in CASES
        if len(case.lines) == 1 and case.expect[0] in ("holds", "fails")
    ][::EVERY]
    right = sum(claim.right for claim in claims)
    print(f"{right} right and {len(claims) - right} wrong lines, as typed; ms a line")
    names = ("read", "right: ✓", "wrong: ✓", "p50", "p95")
    print(f"{'':22}" + "".join(f"{name:>9}" for name in names))
    ours = coldboard(claims)
    show_answers("Coldboard", claims, ours)
    others = peers([claim.line for claim in claims])
    if isinstance(others, str):
        print(f"SymPy and math-verify are not compared: {others}")
        return
    for name, answers in others.items():
        show_answers(name, claims, answers)
        print(f"{'    ratio':49}" + "".join(f"{ratio:8.0f}×" for ratio in ratios(answers, ours)))


def show_answers(name: str, claims: Sequence[Claim], answers: Answers) -> None:
    """✓ are the lines that the tool takes for right; the times are of those that it reads."""
    counts = (
        sum(answers.read),
        sum(held for held, claim in zip(answers.holds, claims, strict=True) if claim.right),
        sum(held for held, claim in zip(answers.holds, claims, strict=True) if not claim.right),
    )
    took = list(compress(answers.took, answers.read))
    times = "".join(f"{at(share, took):9.2f}" for share in (0.5, 0.95))
    print(f"{name:22}" + "".join(f"{count:9}" for count in counts) + times)


def ratios(theirs: Answers, ours: Answers) -> list[float]:
    """On the lines that they read."""
    a, b = (list(compress(answers.took, theirs.read)) for answers in (theirs, ours))
    return [at(share, a) / at(share, b) for share in (0.5, 0.95)]


def coldboard(claims: Iterable[Claim]) -> Answers:
    verdicts, took = [], []
    for claim in claims:
        checker = checker_of(LIBRARY[claim.derivation])
        took.append(usual_time(checker, [claim.line]))
        verdicts.append(checker.check([claim.line])[0].verdict)
    read = [verdict != "unreadable" for verdict in verdicts]
    return Answers(read, [verdict == "holds" for verdict in verdicts], took)


def peers(lines: Sequence[str]) -> dict[str, Answers] | str:
    """The answers of each tool, or a sentence that says why there are none."""
    with tempfile.TemporaryDirectory(prefix="coldboard-bench-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS]
        installed = subprocess.run(pip, capture_output=True, text=True, check=False)
        if installed.returncode:
            return "they could not be installed (is there a network?)."
        script = str(Path(__file__).with_name("peers.py"))
        ran = subprocess.run(
            [python, script], input=json.dumps(lines), capture_output=True, text=True, check=False
        )
    if ran.returncode:
        return ran.stderr.strip().splitlines()[-1]
    return {name: Answers(**answers) for name, answers in json.loads(ran.stdout).items()}


if __name__ == "__main__":
    sys.exit(main())
