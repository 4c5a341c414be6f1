r"""LaTeX into tokens, each with its place in the line.

A token is a command (`\alpha`), a letter, a number, a symbol, or a remark: the content of
`\text{…}`, prose outside of `$…$`, or a plain word such as "hence". Spaces and sizes are dropped,
but a token remembers whether a thin or a wide space stood before it.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.commands import (
    BIG,
    DELIMITERS,
    FUNCTION_ALIASES,
    FUNCTIONS,
    IGNORED,
    KNOWN,
    NO_SCRIPTS,
    NO_SYMBOLS,
    OPTIMA,
    REMARKS,
    SILENT_GROUPS,
    SPACES,
    TAKES_SYMBOL,
    UNICODE,
    WIDE_SPACES,
)
from app.checker.reading.dollars import (
    come_in_pairs,
    condition_in,
    outside_of_dollars,
    outside_of_remarks,
)
from app.checker.reading.prose import WORDS
from app.checker.reading.rare import NUMBER_SETS, SPELLINGS

MAX_LINE_CHARACTERS = 2000
MAX_TOKENS = 600

_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_LETTERS = re.compile(r"[A-Za-z]+")
_BRACKET = re.compile(r"\s*(\\[A-Za-z]+|\\?[^\sA-Za-z])")
_PAIRS = {"||": "|", ":=": "coloneqq", "=:": "eqqcolon"}
_SPOKEN_FUNCTIONS = FUNCTIONS | FUNCTION_ALIASES.keys() | OPTIMA.keys() | {"KL", "Var", "Cov"}
_STARRED = ("operatorname*", "tag*")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Token:
    r"""`kind` is one of command, letter, word, number, symbol, remark, end. For a command the
    text has no backslash. `start` and `end` are offsets into the line, the end exclusive."""

    kind: str
    text: str
    start: int
    end: int
    space: str = ""  # what stood before: "", "thin" or "wide"

    def is_symbol(self, *texts: str) -> bool:
        return self.kind == "symbol" and self.text in texts

    def is_command(self, *texts: str) -> bool:
        return self.kind == "command" and self.text in texts


def tokenize(line: str, words: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens of a line, closed by one of kind "end".

    `words` are names of several letters that the derivation knows (ELBO, IG). Raises Unreadable
    for what KaTeX refuses too, Unclear for a line that is too long.
    """
    if len(line) > MAX_LINE_CHARACTERS:
        raise Unclear(f"it is longer than {MAX_LINE_CHARACTERS} characters")
    tokens = _Lexer(line, words).tokens()
    if len(tokens) > MAX_TOKENS:
        raise Unclear(f"it has more than {MAX_TOKENS} symbols")
    return tokens


class _Lexer:
    def __init__(self, line: str, words: frozenset[str]) -> None:
        self.line = line
        self.place = 0
        self.found: list[Token] = []
        self.space = ""
        self.words = words
        # With dollars in the line, what stands outside of them is prose.
        dollars = [match.start() for match in re.finditer(r"(?<!\\)\$", line)]
        places = outside_of_remarks(line, dollars)
        if not come_in_pairs(line, places):
            place = places[-1]
            raise Unreadable("a $ without a partner: take it out, or close it", place, place + 1)
        # Formulas outside of the dollars too: then the dollars mean nothing.
        self.ignores_dollars = any(
            _COMMAND.search(piece) for piece in outside_of_dollars(line, places)
        )
        self.is_prose = bool(places) and not self.ignores_dollars

    def tokens(self) -> list[Token]:
        self._read_until(len(self.line))
        self.found.append(Token("end", "", len(self.line), len(self.line), self.space))
        _check_braces(self.found)
        _check_scripts(self.found)
        _check_symbols(self.found)
        return _without_sizes(_with_fractions(_with_gradients(self.found)))

    def _read_until(self, end: int) -> None:
        while self.place < end:
            self._step()

    def _step(self) -> None:
        line, start = self.line, self.place
        character = line[start]
        if character == "$":
            self._dollar()
        elif self.is_prose:
            self._prose()
        elif character.isspace() or character == "~":
            self.place += 1
        elif character == "%":
            self.place = len(line)
        elif character == "\\":
            self._command()
        elif match := _NUMBER.match(line, start):
            self._add("number", match[0], match.end())
        elif character.isascii() and character.isalpha():
            self._letters()
        elif character in UNICODE:
            self._add("command", UNICODE[character], start + 1)
        elif line.startswith("...", start):
            self._add("command", "dots", start + 3)
        elif pair := _PAIRS.get(line[start : start + 2]):
            self._add("command", pair, start + 2)
        elif character in "−–":
            self._add("symbol", "-", start + 1)
        elif character in "()[]{}^_&+-*/=<>|,;:.!'?":
            self._add("symbol", character, start + 1)
        else:
            raise Unreadable(
                f"the character {character!r} is not part of a formula", start, start + 1
            )

    def _add(self, kind: str, text: str, end: int) -> None:
        self.found.append(Token(kind, text, self.place, end, self.space))
        self.space = ""
        self.place = end

    def _dollar(self) -> None:
        double = self.line[self.place : self.place + 2] == "$$"
        self.is_prose = not self.is_prose and not self.ignores_dollars
        self.place += 2 if double else 1
        self.space = "wide"

    def _prose(self) -> None:
        end = self.line.find("$", self.place)
        end = len(self.line) if end < 0 else end
        text = self.line[self.place : end]
        if text.strip():
            self._add("remark", text.strip(), end)
        self.place = end

    def _command(self) -> None:
        match = _COMMAND.match(self.line, self.place)
        if match is None:
            raise Unreadable("a backslash at the end", self.place, self.place + 1)
        name, end = SPELLINGS.get(match[1], match[1]), match.end()
        if name.endswith("*") and name not in _STARRED:
            name, end = name[:-1], end - 1
        if name in ("(", ")", "[", "]"):
            self.place, self.space = end, "wide"
        elif name in SPACES or name == "\n":
            self.space = self.space or "thin"
            self.place = end
        elif name in SILENT_GROUPS or name in ("tag*",):
            self.place = self._group(end)[1]
        elif name in WIDE_SPACES:
            self.space = "wide"
            self.place = end
        elif name in REMARKS:
            self._remark(*self._group(end))
        elif name in IGNORED:
            self.place = self._after_size(name, end)
        elif name == "operatorname*":
            self._add("command", "operatorname", end)
        elif name == "perp" and self.found and self.found[-1].is_command("perp"):
            # `\perp\!\!\!\perp` is one sign.
            self.found[-1] = replace(self.found[-1], end=end)
            self.place, self.space = end, ""
        elif name in NUMBER_SETS:
            self.found.append(Token("command", "mathbb", self.place, end, self.space))
            self._add("letter", NUMBER_SETS[name], end)
        elif name in ("argmax", "argmin"):
            self._add("word", name, end)
        elif name in KNOWN:
            self._add("command", name, end)
        else:
            raise Unreadable(f"\\{name} is not a command that KaTeX knows", self.place, end)

    def _remark(self, content: str, after: int) -> None:
        """What is in the braces that end before `after`. A condition in it is a formula, but
        not if all of it is a script."""
        is_script = bool(self.found) and self.found[-1].is_symbol("_", "^", "{")
        condition = condition_in(content)
        if condition is None or is_script:
            self._add("remark", content, after)
            return
        start, end = condition
        first = after - 1 - len(content)
        self._add("remark", content[: start - 1], first + start)
        self._read_until(first + end)
        self.place = first + end + 1
        self._remark(content[end + 1 :], after)

    def _after_size(self, name: str, end: int) -> int:
        r"""`\left.` is no bracket; KaTeX wants every \left closed by a \right."""
        if name not in BIG and name not in ("left", "right", "middle"):
            return end
        match = _BRACKET.match(self.line, end)
        if match is None or match[1] not in DELIMITERS:
            raise Unreadable(f"\\{name} needs a bracket after it", self.place, end)
        if name not in BIG:
            self.found.append(Token("size", name, self.place, end, self.space))
        if match[1] in "<>":
            angle = "langle" if match[1] == "<" else "rangle"
            self.found.append(Token("command", angle, match.start(1), match.end()))
            return match.end()
        return match.end() if match[1] == "." else end

    def _group(self, end: int) -> tuple[str, int]:
        """The content of the braces that come next, and the place after them."""
        start = end
        while start < len(self.line) and self.line[start].isspace():
            start += 1
        if start >= len(self.line) or self.line[start] != "{":
            raise Unreadable("a group in braces is missing here", self.place, end)
        depth = 0
        for place in range(start, len(self.line)):
            if self.line[place] == "{" and self.line[place - 1] != "\\":
                depth += 1
            elif self.line[place] == "}" and self.line[place - 1] != "\\":
                depth -= 1
                if depth == 0:
                    return self.line[start + 1 : place], place + 1
        raise Unreadable("this brace is never closed: add }", start, start + 1)

    def _letters(self) -> None:
        """A run of letters is a word that is known, a function, or a product of letters."""
        match = _LETTERS.match(self.line, self.place)
        assert match is not None
        run = match[0]
        next_character = self.line[match.end() : match.end() + 1]
        after_script = bool(self.found) and self.found[-1].is_symbol("_", "^")
        if after_script and len(run) > 1 and run not in self.words:
            # Without braces a script is one letter: `y_if(x)` is y_i f(x).
            self._add("letter", run[0], self.place + 1)
        elif len(run) > 1 and (run in self.words or run in _SPOKEN_FUNCTIONS):
            self._add("word", run, match.end())
        elif self._is_prose_word(run, next_character):
            self._add("remark", run, match.end())
        else:
            for offset, letter in enumerate(run, start=self.place):
                self.found.append(Token("letter", letter, offset, offset + 1, self.space))
                self.space = ""
            self.place = match.end()

    def _is_prose_word(self, run: str, next_character: str) -> bool:
        if len(run) == 1 or next_character in ("_", "^", "'") or self._in_braces():
            return False
        lowered = run.lower()
        if lowered in WORDS:
            return not run.isupper()
        return len(run) > 4 and run[1:].islower() and any(vowel in lowered for vowel in "aeiou")

    def _in_braces(self) -> bool:
        """Directly inside a script or a group: there, letters are names."""
        for token in reversed(self.found):
            if token.is_symbol("{"):
                return True
            if token.is_symbol("}") or token.kind == "remark":
                return False
        return False


def _check_braces(tokens: list[Token]) -> None:
    """KaTeX pairs braces before anything else, and takes an & only outside of them."""
    opened: list[Token] = []
    for token in tokens:
        if token.is_symbol("{") or token.is_command("begin"):
            opened.append(token)
        elif token.is_command("end") and opened and opened[-1].is_command("begin"):
            opened.pop()
        elif token.is_symbol("}"):
            while opened and opened[-1].is_command("begin"):
                opened.pop()
            if not opened:
                raise Unreadable("} without { before it: take it out", token.start, token.end)
            opened.pop()
        elif token.is_symbol("&") and opened and opened[-1].is_symbol("{"):
            raise Unreadable("an & inside of braces: take it out", token.start, token.end)
    braces = [token for token in opened if token.is_symbol("{")]
    if braces:
        raise Unreadable("this brace is never closed: add }", braces[-1].start, braces[-1].end)


def _check_scripts(tokens: list[Token]) -> None:
    """A script is a group, a symbol, or one of the commands that may do without braces."""
    for mark, script in pairwise(tokens):
        if not mark.is_symbol("_", "^"):
            continue
        what = "subscript" if mark.text == "_" else "superscript"
        if script.kind == "end" or script.space or script.kind == "size" or _ends_script(script):
            raise Unreadable(f"the {what} is missing here", mark.start, mark.end)
        if script.kind == "command" and script.text in NO_SCRIPTS:
            raise Unreadable(
                f"\\{script.text} needs braces around it as a {what}", script.start, script.end
            )


def _check_symbols(tokens: list[Token]) -> None:
    r"""`\hat x` and `\hat\mu`, but `\hat{\mathbf x}`."""
    for head, symbol in pairwise(tokens):
        if head.is_command(*TAKES_SYMBOL) and symbol.is_command(*NO_SYMBOLS):
            raise Unreadable(
                f"\\{symbol.text} needs braces around it after \\{head.text}",
                symbol.start,
                symbol.end,
            )


def _ends_script(token: Token) -> bool:
    return token.is_symbol("}", "&", "_", "^", "'") or token.is_command("\\")


def _with_gradients(tokens: list[Token]) -> list[Token]:
    r"""`\mathrm{grad}` as `\nabla`."""
    found = list(tokens)
    for place in range(len(tokens) - 1, -1, -1):
        if tokens[place].is_command("mathrm", "operatorname"):
            inside = found[place + 1 : place + 7]
            end = next((at for at, one in enumerate(inside) if one.is_symbol("}")), 0)
            if end and "".join(one.text for one in inside[: end + 1]) == "{grad}":
                nabla = replace(tokens[place], text="nabla", end=inside[end].end)
                found[place : place + end + 2] = [nabla]
    return found


def _with_fractions(tokens: list[Token]) -> list[Token]:
    r"""`{a \over b}` as `{\frac{a}{b}}`."""
    place = next((place for place, one in enumerate(tokens) if one.is_command("over")), None)
    if place is None:
        return tokens
    over = tokens[place]
    first = _end_of_group(tokens, place, -1) + 1
    last = _end_of_group(tokens, place, 1)
    if not first or tokens[last].kind == "end":
        raise Unclear("\\over without braces around the fraction")
    opened, closed = (replace(over, kind="symbol", text=brace) for brace in "{}")
    top, bottom = tokens[first:place], tokens[place + 1 : last]
    made = [replace(over, text="frac"), opened, *top, closed, opened, *bottom, closed]
    return _with_fractions([*tokens[:first], *made, *tokens[last:]])


def _end_of_group(tokens: list[Token], place: int, way: int) -> int:
    """The brace, or the \\left or \\right, that bounds the group around a place in this direction;
    -1 or the last place if none does."""
    depth = 0
    while 0 <= place + way < len(tokens) - 1:
        place += way
        token = tokens[place]
        is_size = token.kind == "size" and token.text != "middle"
        if token.is_symbol("{") or (is_size and token.text == "left"):
            depth += way
        elif token.is_symbol("}") or is_size:
            depth -= way
        if depth < 0:
            return place
    return place + way if way < 0 else len(tokens) - 1


def _without_sizes(tokens: list[Token]) -> list[Token]:
    r"""Drops \left and \right, which must come in pairs."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "size" and token.text == "left":
            opened.append(token)
        elif token.kind == "size":
            if not opened:
                raise Unreadable(rf"\{token.text} without \left before it", token.start, token.end)
            if token.text == "right":
                opened.pop()
    if opened:
        raise Unreadable(
            r"\left without \right: add \right) or \right.", opened[-1].start, opened[-1].end
        )
    return [token for token in tokens if token.kind != "size"]
