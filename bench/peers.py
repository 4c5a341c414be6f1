"""SymPy and math-verify on typed lines, for `bench.checker`, in an environment that has them.

A list of lines comes on stdin as JSON. Each is split at its relations, as these tools read one
formula at a time, and holds if all neighbours are found to be equal. They are told no names: what
is measured is the line as it was typed.
"""

import contextlib
import importlib
import json
import re
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

SECONDS = 5
RELATION = re.compile(r"=|\\leq?(?![a-z])|\\geq?(?![a-z])|<|>")
Read = Callable[[str], Any]
Same = Callable[[Any, Any], bool]


def main() -> None:
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, too_long)
    lines = json.load(sys.stdin)
    answers = {}
    # Whatever a tool prints is not ours.
    with contextlib.redirect_stdout(sys.stderr):
        for name, make in TOOLS.items():
            try:
                read, same = make()
            except ImportError:
                continue
            judged(read, same, "x + x = 2 x")
            rows = [judged(read, same, line) for line in lines]
            columns = zip(*rows, strict=True)
            answers[name] = dict(zip(("read", "holds", "took"), map(list, columns), strict=True))
    json.dump(answers, sys.stdout)


def judged(read: Read, same: Same, line: str) -> tuple[bool, bool, float]:
    """Whether the line was read and whether it holds, and the milliseconds of both together."""
    start = time.perf_counter()
    was_read = holds = False
    with contextlib.suppress(Exception), at_most(SECONDS):
        sides = [read(side) for side in RELATION.split(line.replace("&", ""))]
        was_read = True
        holds = len(sides) > 1 and all(map(same, sides, sides[1:]))
    return was_read, holds, (time.perf_counter() - start) * 1000


def sympy_tool(backend: str) -> tuple[Read, Same]:
    sympy = importlib.import_module("sympy")
    parse_latex = importlib.import_module("sympy.parsing.latex").parse_latex
    options = {"strict": True} if backend == "antlr" else {}
    parse_latex("x", backend=backend, **options)

    def read(side: str) -> Any:
        """Its readings: Lark gives a tree of them where there are several."""
        found = parse_latex(side, backend=backend, **options)
        return getattr(found, "children", [found])

    def same(left: Any, right: Any) -> bool:
        return any(sympy.simplify(a - b) == 0 for a in left for b in right)

    return read, same


def math_verify_tool() -> tuple[Read, Same]:
    tool = importlib.import_module("math_verify")
    latex = [tool.LatexExtractionConfig()]

    def read(side: str) -> Any:
        found = tool.parse(f"${side}$", extraction_config=latex)
        if not found or isinstance(found[0], str):
            raise ValueError("only its text was found")
        return found

    def same(left: Any, right: Any) -> bool:
        return bool(tool.verify(left, right))

    return read, same


TOOLS: dict[str, Callable[[], tuple[Read, Same]]] = {
    "SymPy, ANTLR": lambda: sympy_tool("antlr"),
    "SymPy, Lark": lambda: sympy_tool("lark"),
    "math-verify": math_verify_tool,
}


@contextlib.contextmanager
def at_most(seconds: int) -> Iterator[None]:
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def too_long(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main()
