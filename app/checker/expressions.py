r"""Tokens into the tree of one expression: sums, products, scripts, applications.

From loose to tight: `a + b`; `a \odot b`; products by juxtaposition, `\cdot` and `/`; prefixes such
as `\log`, `\sum`, `\nabla`; scripts and brackets. Where a glyph has several meanings (a bracket
after a name, `|`, `'`), the vocabulary of the derivation and the place decide. Where the notation
itself has two readings (how far a `\log` without brackets reaches), `choices` says which to take and
`met` collects those that came up.
"""

from app.checker import operators
from app.checker.commands import (
    ACCENTS,
    BRACES_WITH_REMARK,
    CALLIGRAPHIC,
    DOTS,
    EXPECTATIONS,
    FRACTIONS,
    FUNCTION_ALIASES,
    FUNCTIONS,
    GREEK,
    LETTER_LIKE,
    OPTIMA,
    PLAIN_FONTS,
    RELATIONS,
    SUMS,
    TRANSPARENT,
    UPRIGHT,
    VARIANTS,
)
from app.checker.cursor import Cursor
from app.checker.failures import Unclear, Unreadable
from app.checker.tokens import Token
from app.checker.tree import (
    Add,
    Assigned,
    At,
    Bars,
    Call,
    Cases,
    Chain,
    Component,
    Derivative,
    Differential,
    Divide,
    Dots,
    Expectation,
    Function,
    Indicator,
    Inner,
    ListOf,
    Matrix,
    Name,
    Negate,
    Node,
    Norm,
    Number,
    Optimum,
    Placeholder,
    Power,
    Product,
    SetOf,
    Sub,
    Sum,
    Transpose,
)
from app.checker.vocabulary import LOSSES, Vocabulary

_PREFIX_COMMANDS = (
    GREEK
    | set(LETTER_LIKE)
    | set(ACCENTS)
    | PLAIN_FONTS
    | CALLIGRAPHIC
    | UPRIGHT
    | FRACTIONS
    | set(SUMS)
    | TRANSPARENT
    | BRACES_WITH_REMARK
    | DOTS
    | {"log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "det", "sqrt"}
    | {"max", "min", "sup", "inf", "arg", "mathbb", "nabla", "partial", "infty", "langle"}
    | {"underset", "overset"}
    | {"lvert", "lVert", "{", "lbrace", "begin", "Pr", "emptyset", "Re", "binom", "lbrack", "top"}
)
_KL_NAMES = ("KL", "D_KL")
_SAME_WORD = {"variance": "Var", "bias": "Bias", "var": "Var", "elbo": "ELBO", "ig": "IG"}
# KaTeX knows them; here they have no value.
_OUTSIDE = frozenset(
    ["lim", "limsup", "liminf", "bigcup", "bigcap", "bigoplus", "bigotimes", "lfloor", "lceil", "mod", "bmod", "pmod", "oplus", "cup", "cap", "setminus", "emptyset", "varnothing", "angle", "hookrightarrow", "xrightarrow", "xleftarrow", "uparrow", "downarrow", "oslash", "vee", "dagger", "Im", "nabla1", "prime", "substack", "not", "neg", "stackrel"]
)
_ANGLES = {"theta", "phi", "omega", "alpha", "vartheta"}


class Reader(Cursor):
    def __init__(
        self,
        tokens: list[Token],
        vocabulary: Vocabulary,
        choices: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(tokens)
        self.vocabulary = vocabulary
        self.choices = choices
        self.met: set[str] = set()
        self._closers: list[str] = []
        self._bar_in_subscript = False
        self.in_rows = 0  # inside a matrix or cases, where \\\\ ends a row

    # --- from loose to tight -------------------------------------------------------------------

    def expression(self) -> Node:
        with self.deeper():
            start = self.next
            terms = [self._signed_term(first=True)]
            while self._goes_on() or self.at_command("pm", "mp"):
                if self.at_command("pm", "mp"):
                    raise Unclear("± stands for two formulas: write them one by one")
                terms.append(self._signed_term(first=False))
            return terms[0] if len(terms) == 1 else Add(tuple(terms), span=self.span_from(start))

    def _goes_on(self) -> bool:
        """A sign, also one that begins the next row of an alignment."""
        if self.at("+", "-"):
            return True
        if self.in_rows or not self.at_command("\\"):
            return False
        place = self.place + 1
        while self.tokens[place].is_symbol("&"):
            place += 1
        if self.tokens[place].is_symbol("+", "-"):
            self.place = place
            return True
        return False

    def _signed_term(self, *, first: bool) -> Node:
        start = self.next
        negative = False
        if not first or self.at("+", "-"):
            negative = self.take().text == "-"
            while self.at("+", "-"):
                negative ^= self.take().text == "-"
        body = self.term()
        return Negate(body, span=self.span_from(start)) if negative else body

    def term(self) -> Node:
        start = self.next
        parts = [self.product()]
        while self.at("*") or self.at_command("odot", "circ", "ast", "star", "otimes"):
            outer = self.take().text == "otimes"
            parts.append(self.product())
            if outer:
                right = parts.pop()
                parts[-1] = Product((parts[-1], Transpose(right)), span=self.span_from(start))
        if len(parts) == 1:
            return parts[0]
        return Product(tuple(parts), "odot", span=self.span_from(start))

    def product(self) -> Node:
        start = self.next
        factors = [self.factor()]
        segments: list[Node] = []
        while True:
            if self.at_command("cdot", "times"):
                self.take()
                segments.append(self._joined(factors, start))
                factors = [self._factor_after_sign()]
            elif self.at("|") and self.ahead(1).is_symbol("_") and not self._closes("bars"):
                factors[-1] = self._evaluated(factors[-1])
            elif self.at("/") or self.at_command("oslash", "div"):
                self.take()
                top = self._joined(factors, start)
                bottom = self.factor()
                if isinstance(bottom, Differential) and isinstance(factors[-1], Differential):
                    # `dL/dw` in one line
                    slope = Derivative((bottom.name,), factors[-1].name, span=self.span_from(start))
                    factors = [*factors[:-1], slope]
                    continue
                factors = [Divide(top, bottom, span=self.span_from(start))]
            elif self.starts_factor() and not self.is_shape_remark(self.place):
                factors.append(self.factor())
            else:
                break
        if not segments:
            return self._joined(factors, start)
        segments.append(self._joined(factors, start))
        return Product(tuple(segments), "cdot", span=self.span_from(start))

    def _evaluated(self, body: Node) -> Node:
        start = self.take()
        self.expect("_")
        opened = self.next
        self.expect("{")
        conditions = [operators.read_condition(self)]
        while self.accept(","):
            conditions.append(operators.read_condition(self))
        self.expect("}", opened)
        return At(body, tuple(conditions), span=self.span_from(start))

    def is_shape_remark(self, place: int) -> bool:
        """`\\quad (c \\times m)` says a shape."""
        if not self.tokens[place].is_symbol("(") or self.tokens[place].space != "wide":
            return False
        end = self.closing_of(place)
        inside = self.tokens[place + 1 : end] if end is not None else []
        return any(token.is_command("times") for token in inside) and all(
            token.is_command("times") or token.kind in ("letter", "number") or token.is_symbol("/")
            for token in inside
        )

    def _factor_after_sign(self) -> Node:
        """`a \\cdot -b` is written now and then."""
        if self.at("-"):
            start = self.take()
            return Negate(self.factor(), span=self.span_from(start))
        return self.factor()

    def _joined(self, factors: list[Node], start: Token) -> Node:
        if len(factors) == 1:
            return factors[0]
        return Product(tuple(factors), span=self.span_from(start))

    def starts_factor(self) -> bool:
        token = self.next
        if token.kind in ("number", "letter", "word"):
            return True
        if token.kind == "remark":
            return self._is_named_remark(token)
        if token.kind == "symbol":
            if token.text == "|":
                return not self._closes("bars", "args")
            if token.text == "(" and self.holds_relation(self.place):
                return False
            return token.text in "([{" or (token.text == "!" and False)
        if token.kind == "command":
            if token.text in ("|", "Vert"):
                return not self._closes("norm", "args")
            if token.text in ("underset", "overset"):
                return not self._stacks_relation()
            if token.text in ("vert",):
                return not self._closes("bars", "args")
            return token.text in _PREFIX_COMMANDS
        return False

    def _stacks_relation(self) -> bool:
        """`\\overset{\\text{Jensen}}{\\ge}` is a relation with a remark over it."""
        first_end = self.closing_of(self.place + 1)
        if first_end is None:
            if self.ahead(1).kind != "remark":
                return False
            first_end = self.place + 1
        place = first_end + 1
        if place < len(self.tokens) and self.tokens[place].is_symbol("{"):
            place += 1
        return place < len(self.tokens) and _is_relation(self.tokens[place])

    def _closes(self, *kinds: str) -> bool:
        return bool(self._closers) and self._closers[-1] in kinds

    def holds_relation(self, place: int) -> bool:
        """Whether the bracket at `place` holds a condition, such as `(i \\ne j)`, or a remark."""
        end = self.closing_of(place)
        if end is None:
            return False
        depth = 0
        inside = self.tokens[place + 1 : end]
        if inside and all(token.kind == "remark" for token in inside):
            return True
        for token in inside:
            if token.is_symbol("(", "[", "{") or token.is_command("{"):
                depth += 1
            elif token.is_symbol(")", "]", "}") or token.is_command("}"):
                depth -= 1
            elif depth == 0 and _is_relation(token) and not token.is_command("sim", "mapsto"):
                return True
        return False

    # --- prefixes --------------------------------------------------------------------------------

    def factor(self) -> Node:
        with self.deeper():
            token = self.next
            if token.kind == "end":
                raise self.unexpected("a formula")
            if self._is_differential(token):
                return self._differential()
            if token.kind == "command":
                if token.text in ("underset", "overset"):
                    self._unstack()
                    return self.factor()
                if token.text in SUMS:
                    return operators.read_sum(self)
                if token.text in ("max", "min", "sup", "inf", "arg"):
                    return self.scripted(operators.read_optimum(self))
                if token.text == "nabla":
                    return operators.read_nabla(self)
                if token.text == "partial":
                    return operators.read_partial(self)
                if token.text in FUNCTIONS or token.text in FUNCTION_ALIASES:
                    if token.text not in ("sqrt", "vec"):
                        return self._function(self.take().text)
                if token.text == "Pr":
                    self.take()
                    if "p" in self.vocabulary.calls and self.at("("):
                        return self._named("p", token)
                    return self.scripted(operators.read_expectation(self, "P"))
            return self.scripted(self._atom())

    def _is_differential(self, token: Token) -> bool:
        """`dw` and `d\\mathcal{L}` in one piece, where d is not a number that multiplies."""
        if token.is_command("mathrm", "rm"):
            inside = self.tokens[self.place + 1 : self.place + 5]
            texts = [one.text for one in inside]
            if texts[:1] == ["d"]:
                following = inside[1]
            elif texts[:3] == ["{", "d", "}"]:
                following = inside[3]
            else:
                return False
            return following.kind == "letter" or (
                following.kind == "command"
                and following.text in CALLIGRAPHIC | GREEK | set(ACCENTS) | PLAIN_FONTS
            )
        if token.kind != "letter" or token.text != "d":
            return False
        following = self.ahead(1)
        if following.start != token.end and following.space != "":
            return False
        if following.kind == "letter":
            return following.start == token.end and following.text in self.vocabulary.bases
        return following.kind == "command" and following.text in CALLIGRAPHIC

    def _differential(self) -> Node:
        start = self.take()
        if start.kind == "command":
            self.upright_text()
        name = self.factor()
        if not isinstance(name, Name):
            raise Unclear("a differential of something that is not a name")
        return Differential(name, span=self.span_from(start))

    def _unstack(self) -> None:
        """`\\underset{x}{\\max}` is `\\max_x`."""
        place = self.place
        first_end = self.closing_of(place + 1)
        second_end = self.closing_of(first_end + 1) if first_end is not None else None
        if first_end is None or second_end is None:
            raise self.unexpected("two groups")
        script = self.tokens[place + 1 : first_end + 1]
        body = self.tokens[first_end + 2 : second_end]
        mark = "_" if self.next.text == "underset" else "^"
        script_mark = Token("symbol", mark, self.next.start, self.next.end)
        self.tokens = [
            *self.tokens[:place],
            *body,
            script_mark,
            *script,
            *self.tokens[second_end + 1 :],
        ]

    def _function(self, name: str) -> Node:
        start = self.tokens[self.place - 1]
        name = FUNCTION_ALIASES.get(name, name)
        subs: tuple[Sub, ...] = ()
        power: Node | None = None
        primes = 0
        while self.at("_", "^", "'"):
            if self.accept("'"):
                primes += 1
            elif self.accept("_"):
                subs = self.subscript()
            else:
                self.take()
                power = self._script_expression()
        body = self._argument(name)
        made: Node = Function(name, body, subs, primes, span=self.span_from(start))
        if power is not None:
            made = Power(made, power, span=self.span_from(start))
        return made if name not in ("det", "tr", "diag", "softmax") else self.scripted(made)

    def _argument(self, name: str) -> Node:
        r"""What a function without or with brackets is applied to.

        `\log \frac{p}{q}` ends with the fraction, `\log \pi_k \mathcal{N}(…)` takes the product,
        `\cos m\theta` and `\cos(n-m)\theta` end with the angle.
        """
        if self.at("(", "[") or self.at_command("{", "lbrace"):
            inside = self.bracketed()
            if (
                name in ("cos", "sin", "tan")
                and self._is_angle(self.next)
                and not _has_angle(inside)
            ):
                return Product((inside, self.factor()), span=inside.span)
            while self.at("'") or (self.at("^") and name in ("det", "tr", "diag", "softmax")):
                break
            return inside
        start = self.next
        if self.at("-"):
            self.take()
            return Negate(self._argument(name), span=self.span_from(start))
        first = self.factor()
        factors = [first]
        if isinstance(first, Divide | Sum | Expectation | Optimum) or (
            name in ("cos", "sin", "tan") and _has_angle(first)
        ):
            return first
        while self._continues_argument():
            if "narrow function" in self.choices:
                self.met.add("narrow function")
                break
            self.met.add("narrow function")
            factors.append(self.factor())
            if name in ("cos", "sin", "tan") and _has_angle(factors[-1]):
                break
        joined = self._joined(factors, start)
        if self.at("/"):
            # `\\log p/q` is read both ways.
            self.met.add("quotient in a function")
            if "quotient in a function" in self.choices:
                self.take()
                return Divide(joined, self.factor(), span=self.span_from(start))
        return joined

    def _continues_argument(self) -> bool:
        token = self.next
        if not self.starts_factor() or token.space == "wide":
            return False
        if token.kind == "word" or token.is_symbol("(", "[", "|"):
            return token.kind == "word" and token.text in self.vocabulary.words
        if token.kind == "remark":
            return False
        functions = FUNCTIONS | set(SUMS) | {"max", "min", "arg", "nabla", "partial", "{", "|"}
        return not (token.kind == "command" and (token.text in functions or token.text == "mathbb"))

    def _is_angle(self, token: Token) -> bool:
        return token.kind == "command" and token.text in _ANGLES

    # --- atoms -----------------------------------------------------------------------------------

    def _atom(self) -> Node:
        token = self.next
        if token.kind == "number":
            self.take()
            return Number(float(token.text), span=self.span_from(token))
        if token.kind == "letter":
            self.take()
            return self._named(self._letter_base(token), token)
        if token.kind in ("word", "remark"):
            if token.kind == "remark" and not (
                self._is_named_remark(token) or token.text.strip().isalpha()
            ):
                raise self.unexpected("a formula")
            self.take()
            return self.word(token.text.strip(), token)
        if token.kind == "symbol":
            if token.text in "([":
                return self.bracketed()
            if token.text == "{":
                return self.group()
            if token.text == "|":
                return self._bars("|")
        if token.kind == "command":
            return self._command()
        raise self.unexpected("a formula")

    def _letter_base(self, token: Token) -> str:
        return token.text

    def _command(self) -> Node:
        token = self.next
        name = token.text
        if name in ("{", "lbrace", "langle", "lbrack"):
            return self._angle() if name == "langle" else self.bracketed()
        if name in ("|", "Vert", "lVert"):
            return self._norm()
        if name in ("vert", "lvert"):
            return self._bars(name)
        self.take()
        if name in GREEK:
            return self._named(VARIANTS.get(name, name), token)
        if name in LETTER_LIKE:
            return self._named(LETTER_LIKE[name], token)
        if name == "dot":
            base = self._base_in_group()
            if base in self.vocabulary.calls:
                return self._named(base, token, primes=1)
            return self._named(f"dot {base}", token)
        if name in ACCENTS:
            return self._named(f"{ACCENTS[name]} {self._base_in_group()}", token)
        if name in PLAIN_FONTS:
            return self._plain_font(token)
        if name in CALLIGRAPHIC:
            return self._named(f"cal {self._base_in_group()}", token)
        if name == "mathbb":
            return self._blackboard(token)
        if name in UPRIGHT:
            return self.word(self.upright_text(), token)
        if name in FRACTIONS:
            return operators.read_fraction(self, token)
        if name == "sqrt":
            return self._root(token)
        if name in TRANSPARENT:
            return self.group()
        if name in BRACES_WITH_REMARK:
            body = self.group()
            while self.at("_", "^"):
                self.take()
                self.skip_script()
            return body
        if name == "infty":
            return Number(float("inf"), span=self.span_from(token))
        if name in DOTS:
            return Dots(span=self.span_from(token))
        if name == "begin":
            return operators.read_environment(self, token)
        if name == "Re":
            return self._function("Re")
        if name == "binom":
            raise Unclear("binomial coefficients are outside of what is checked")
        self.place -= 1
        if name in _OUTSIDE:
            raise Unclear(f"\\{name} is outside of what is checked")
        raise self.unexpected("a formula")

    def word(self, text: str, token: Token) -> Node:
        """A name of several letters: a function, an expectation, an optimum or a known name."""
        text = text.replace("\\,", " ").strip()
        squeezed = text.replace(" ", "")
        if squeezed in _KL_NAMES and self._opens_divergence():
            return self.scripted(operators.read_divergence(self, token))
        if squeezed in ("Var", "Cov") and self.at("(", "[", "_"):
            return self.scripted(operators.read_expectation(self, squeezed))
        if squeezed in self.vocabulary.words or squeezed in self.vocabulary.bases:
            if not (len(squeezed) == 1 and squeezed == "d" and self.vocabulary.knows("d")):
                return self._named(squeezed, token)
        if squeezed.lower() in OPTIMA and len(squeezed) > 2:
            return self.scripted(operators.read_optimum(self, squeezed.lower()))
        if squeezed in EXPECTATIONS and (len(squeezed) > 1 or not self.vocabulary.knows(squeezed)):
            if len(squeezed) > 1 or self.at("[", "(", "_") or self.at_command("{"):
                return self.scripted(operators.read_expectation(self, EXPECTATIONS[squeezed]))
        if squeezed in FUNCTIONS or squeezed in FUNCTION_ALIASES:
            return self._function(squeezed)
        if squeezed.lower() in _SAME_WORD and _SAME_WORD[squeezed.lower()] in self.vocabulary.words:
            return self._named(_SAME_WORD[squeezed.lower()], token)
        if squeezed in ("I", "Id") and len(squeezed) <= 2:
            return self._named("I", token)
        return self._named(squeezed, token)

    def _opens_divergence(self) -> bool:
        return self.at("(", "[") or self.at_command("{", "lbrace", "lbrack")

    def _is_named_remark(self, token: Token) -> bool:
        r"""`\text{ELBO}` and `\text{softmax}` are names, `\text{so}` is not."""
        text = token.text.strip()
        if not text or " " in text or self.place >= len(self.tokens):
            return False
        following = (
            self.tokens[self.tokens.index(token, self.place) + 1]
            if token in self.tokens[self.place : self.place + 1]
            else self.next
        )
        known = (
            text in self.vocabulary.words
            or text in FUNCTIONS
            or text in FUNCTION_ALIASES
            or text in OPTIMA
            or (text in EXPECTATIONS and following.is_symbol("(", "[", "_"))
            or (text in _KL_NAMES)
        )
        return known or (text.isalpha() and following.is_symbol("_", "^"))

    def _blackboard(self, token: Token) -> Node:
        base = self._base_in_group()
        if base in ("E", "V", "P") or base == "Var":
            return operators.read_expectation(self, EXPECTATIONS[base])
        if base in ("1", "I"):
            return operators.read_indicator(self, token)
        if base == "KL" and self._opens_divergence():
            return operators.read_divergence(self, token)
        if base in ("D", "H"):
            return self._named(base, token)
        return self._named(f"bb {base}", token)

    def _plain_font(self, token: Token) -> Node:
        if self._group_is("1") or self._group_is("0"):
            digit = self._base_in_group()
            if digit == "0":
                return Number(0.0, span=self.span_from(token))
            if self.at("[", "{") or self.at_command("{") or self._indicator_subscript():
                return operators.read_indicator(self, token)
            return self._named("ones", token)
        if self.at("{"):
            inside = self._simple_group()
            if inside is not None:
                return self._named(inside, token)
            return self.group()
        return self._named(self._base_in_group(), token)

    def _indicator_subscript(self) -> bool:
        if not (self.at("_") and self.ahead(1).is_symbol("{")):
            return False
        return self.holds_relation(self.place + 1)

    def _group_is(self, text: str) -> bool:
        if self.next.kind == "number" and self.next.text == text:
            return True
        return self.at("{") and self.ahead(1).text == text and self.ahead(2).is_symbol("}")

    def _simple_group(self) -> str | None:
        """The base in `{w}` or `{\\hat w}`, and None for anything longer."""
        end = self.closing_of(self.place)
        place = self.place
        if end is None:
            raise Unreadable("this brace is never closed: add }", self.next.start, self.next.end)
        try:
            base = self._base_in_group()
        except Unreadable:
            base = ""
        if base and self.place == end + 1:
            return base
        self.place = place
        return None

    def _base_in_group(self) -> str:
        """The one symbol that an accent or a font is put on."""
        if self.accept("{"):
            opened = self.tokens[self.place - 1]
            base = self._base_in_group()
            self.expect("}", opened)
            return base
        token = self.take()
        if token.kind in ("letter", "word", "number"):
            return token.text if token.kind != "letter" or not self._more_letters() else token.text
        if token.kind == "command":
            if token.text in GREEK:
                return VARIANTS.get(token.text, token.text)
            if token.text in LETTER_LIKE:
                return LETTER_LIKE[token.text]
            if token.text in ACCENTS:
                return f"{ACCENTS[token.text]} {self._base_in_group()}"
            if token.text in PLAIN_FONTS:
                return self._base_in_group()
            if token.text in CALLIGRAPHIC:
                return f"cal {self._base_in_group()}"
            if token.text in UPRIGHT:
                return self.upright_text().strip()
        if token.kind == "remark":
            return token.text.strip()
        if token.kind != "end":
            self.place -= 1
        raise self.unexpected("a symbol")

    def _more_letters(self) -> bool:
        return False

    def upright_text(self) -> str:
        r"""The letters in `\mathrm{…}`."""
        if not self.at("{"):
            token = self.take()
            if token.kind in ("letter", "word", "number"):
                return token.text
            self.place -= token.kind != "end"
            raise self.unexpected("a name")
        opened = self.take()
        text = ""
        while not self.at("}"):
            token = self.next
            if token.kind == "end":
                raise Unreadable("this brace is never closed: add }", opened.start, opened.end)
            text += " " + token.text if token.space and text else token.text
            self.take()
        self.take()
        return text

    def _root(self, token: Token) -> Node:
        order: Node | None = None
        if self.accept("["):
            order = self.expression()
            self.expect("]")
        body = self.one_argument()
        if order is not None:
            return Power(body, Divide(Number(1.0), order), span=self.span_from(token))
        return Function("sqrt", body, span=self.span_from(token))

    # --- brackets ----------------------------------------------------------------------------------

    def group(self) -> Node:
        """`{…}` as a formula; one token without braces counts as a group."""
        if not self.at("{"):
            return self.one_argument()
        opened = self.take()
        self._closers.append("group")
        body = self.expression()
        self._closers.pop()
        if self.at(","):
            items = [body]
            while self.accept(","):
                items.append(self.expression())
            body = ListOf(tuple(items))
        self.expect("}", opened)
        return body

    def one_argument(self) -> Node:
        r"""What `\frac` takes: a group, or a single token (`\frac12`, `\sqrt d`)."""
        with self.deeper():
            return self._one_argument()

    def _one_argument(self) -> Node:
        token = self.next
        if self.at("{"):
            if self.ahead(1).is_symbol("}"):
                raise Unreadable("an empty group: write a formula", token.start, self.ahead(1).end)
            return self.group()
        if token.kind == "number":
            return self._one_digit()
        if token.kind == "letter":
            self.take()
            return Name(token.text, span=self.span_from(token))
        if token.kind in ("word", "remark"):
            self.take()
            return Name(token.text.strip(), span=self.span_from(token))
        if token.is_symbol("*") or token.is_command("star", "ast"):
            self.take()
            return Name("*", span=self.span_from(token))
        if token.kind == "command":
            plain = GREEK | set(LETTER_LIKE) | set(ACCENTS) | PLAIN_FONTS | CALLIGRAPHIC | UPRIGHT
            if token.text in plain:
                # One symbol only: what follows is not a script of it.
                return Name(self._base_in_group(), span=self.span_from(token))
            if token.text in _PREFIX_COMMANDS:
                return self._atom()
        raise self.unexpected("a group in braces")

    def _one_digit(self) -> Node:
        token = self.next
        if len(token.text) == 1:
            self.take()
            return Number(float(token.text), span=self.span_from(token))
        rest = Token("number", token.text[1:], token.start + 1, token.end)
        self.tokens = [*self.tokens[: self.place], rest, *self.tokens[self.place + 1 :]]
        from app.checker.tree import Span

        return Number(float(token.text[0]), span=Span(token.start, token.start + 1))

    def bracketed(self) -> Node:
        r"""`(…)`, `[…]` or `\{…\}`: one expression, a list, or a condition."""
        opened = self.take()
        if opened.kind == "command" and self._is_set_builder():
            return self._set_builder(opened)
        closer = {"(": ")", "[": "]", "{": "}", "lbrace": "rbrace", "lbrack": "rbrack"}[opened.text]
        self._closers.append("bracket")
        items = [self._item()]
        mark = ","
        while self.at(",", ";"):
            mark = self.take().text
            if mark == ";" or not self._at_closer(opened, closer):
                items.append(self._item())
        self._closers.pop()
        self._close(opened, closer)
        span = self.span_from(opened)
        if len(items) > 1:
            return ListOf(tuple(items), mark, span=span)
        if isinstance(items[0], Chain):
            return Indicator(items[0], span=span)
        return items[0]

    def _is_set_builder(self) -> bool:
        """`\\{ i : \\alpha_i > 0 \\}`, right after the bracket."""
        return self.next.kind == "letter" and (
            self.ahead(1).is_symbol(":", "|") or self.ahead(1).is_command("mid")
        )

    def _set_builder(self, opened: Token) -> Node:
        end = self.closing_of(self.place - 1)
        if end is None:
            raise Unreadable(r"this brace is never closed: add \}", opened.start, opened.end)
        self.place = end + 1
        return SetOf("values", (), name="builder", span=self.span_from(opened))

    def _item(self) -> Node:
        start = self.next
        body = self.expression()
        if _is_relation(self.next):
            sides, relations = [body], []
            while _is_relation(self.next):
                relations.append(RELATIONS[self.take().text])
                sides.append(self.expression())
            return Chain(tuple(sides), tuple(relations), span=self.span_from(start))
        return body

    def _at_closer(self, opened: Token, closer: str) -> bool:
        if opened.kind == "command":
            return self.at_command(closer)
        return self.at(closer)

    def _close(self, opened: Token, closer: str) -> None:
        if self._at_closer(opened, closer):
            self.take()
        elif opened.kind == "symbol" and opened.text in "([" and self.at(")", "]"):
            raise Unreadable(
                f"{opened.text} is closed by {self.next.text}: add {closer}",
                opened.start,
                self.next.end,
            )
        else:
            shown = f"\\{closer}" if opened.kind == "command" else closer
            if self.at_end:
                raise Unreadable(
                    f"the formula ends before this bracket is closed: add {shown}",
                    opened.start,
                    opened.end,
                )
            raise self.unexpected(shown)

    def _bars(self, text: str) -> Node:
        opened = self.take()
        self._closers.append("bars")
        body = self.expression()
        self._closers.pop()
        if self.at("|") or self.at_command("vert", "rvert"):
            self.take()
            return Bars(body, span=self.span_from(opened))
        raise Unreadable("this bar is never closed: add |", opened.start, opened.end)

    def _norm(self) -> Node:
        opened = self.take()
        self._closers.append("norm")
        body = self.expression()
        self._closers.pop()
        if not self.at_command("|", "Vert", "rVert"):
            raise Unreadable(r"this norm is never closed: add \|", opened.start, opened.end)
        self.take()
        kind = ""
        if self.at("_"):
            self.take()
            kind = self.script_text()
        return Norm(body, kind, span=self.span_from(opened))

    def _angle(self) -> Node:
        opened = self.take()
        left = self.expression()
        self.expect(",")
        right = self.expression()
        if not self.at_command("rangle"):
            raise Unreadable(r"this bracket is never closed: add \rangle", opened.start, opened.end)
        self.take()
        return Inner(left, right, span=self.span_from(opened))

    # --- names and scripts ---------------------------------------------------------------------------

    def _named(self, base: str, start: Token, primes: int = 0) -> Node:
        """A name with its scripts, its powers and, if it takes them, its arguments."""
        self._bar_in_subscript = False
        name, wraps = self._scripts_of(base, start)
        if self._bar_in_subscript and base in self.vocabulary.calls and len(name.subs) == 2:
            # `p_{c|v}` is `p(c|v)`
            pair = Call(
                Name(name.base, (), name.sup, name.primes),
                tuple(sub.node for sub in name.subs),
                ("|",),
                span=self.span_from(start),
            )
            return self._wrapped(pair, wraps, start)
        if primes:
            name = Name(name.base, name.subs, name.sup, name.primes + primes, span=name.span)
        if name.base in ("D", "bb D") and name.subs and name.subs[0].text == "KL":
            if self._opens_divergence():
                return operators.read_divergence(self, start)
        if name.base == "e" and wraps and wraps[0][0] == "power" and not self.vocabulary.knows("e"):
            exponent = wraps[0][1]
            assert exponent is not None
            made: Node = Function("exp", exponent, span=self.span_from(start))
            return self._wrapped(made, wraps[1:], start)
        if (
            name.base == "E"
            and not self.vocabulary.knows("E")
            and (self.at("[") or (name.subs and self.at("(", "[")))
        ):
            self.place = self.tokens.index(start, 0) + 1
            return operators.read_expectation(self, "E")
        if name.base == "cal N" and self.at("("):
            return self._call(name, wraps, start)
        if name.base == "cal N" and not self.vocabulary.knows("cal N"):
            return self._wrapped(name, wraps, start)
        if wraps and not self.vocabulary.knows(name.base):
            return self._wrapped(name, wraps, start)
        if self._takes_arguments(name):
            return self._call(name, wraps, start)
        return self._wrapped(name, wraps, start)

    def _takes_arguments(self, name: Name) -> bool:
        if name.base in self.vocabulary.calls:
            if self.at("("):
                return not self._is_factor_bracket(name)
            if self.at("[") and name.base in self.vocabulary.words:
                return self._holds_arguments()
            return self.at("[") and name.base in ("H", "bb H", "KL", "I", "cal H")
        if self.at("(") and name.base in self.vocabulary.numbered and not name.subs:
            return True
        if self.at("(", "[") and name.base in self.vocabulary.words and self._holds_arguments():
            return True
        if self.at("(") and name.base in LOSSES and self._holds_arguments():
            return True
        if name.base == "N" and self.at("(") and self._holds_bar():
            return True
        if not self.at("(") or self.vocabulary.knows(name.base) or name.primes:
            return self.at("(") and name.primes > 0 and not self.vocabulary.knows(name.base)
        return self._holds_arguments()

    def _holds_bar(self) -> bool:
        end = self.closing_of(self.place)
        inside = self.tokens[self.place : end]
        return any(token.is_symbol("|", ";") or token.is_command("mid") for token in inside)

    def _is_factor_bracket(self, name: Name) -> bool:
        """A name may stand for a value and for a function: `L (…)` is a product if the bracket
        cannot be a list of arguments."""
        return name.base in self.vocabulary.values and not self._holds_arguments()

    def _holds_arguments(self) -> bool:
        """Names, separators and little else: `(t)`, `(x, y)`, `(y|x)`, `(w^*, b, \\alpha)`."""
        end = self.closing_of(self.place)
        if end is None:
            return True
        depth = 0
        for token in self.tokens[self.place + 1 : end]:
            if token.is_symbol("(", "[", "{"):
                depth += 1
            elif token.is_symbol(")", "]", "}"):
                depth -= 1
            elif (depth == 0 and token.is_command("odot", "circ", "otimes", "times")) or (depth == 0 and (
                token.is_symbol("+", "-", "/") or token.is_command("cdot", "frac")
            )):
                return False
        return True

    def _call(self, name: Name, wraps: list[tuple[str, Node | None]], start: Token) -> Node:
        opened = self.take()
        args, marks = self.arguments(opened)
        call = Call(name, args, marks, span=self.span_from(start))
        return self.scripted(self._wrapped(call, wraps, start))

    def arguments(self, opened: Token) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        args: list[Node] = []
        marks: list[str] = []
        closer = ")" if opened.text == "(" else "]"
        self._closers.append("args")
        while True:
            args.append(self._argument_item())
            mark = self._argument_mark()
            if mark is None:
                break
            marks.append(mark)
        self._closers.pop()
        self._close(opened, closer)
        return tuple(args), tuple(marks)

    def _argument_item(self) -> Node:
        start = self.next
        if self.at_command("cdot", "bullet") or self.at("."):
            self.take()
            return Placeholder(span=self.span_from(start))
        item = self.expression()
        if self.at("="):
            self.take()
            return Assigned(item, self.expression(), span=self.span_from(start))
        return item

    def _argument_mark(self) -> str | None:
        if self.at(",", ";", "|"):
            mark = self.take().text
            return "|" if mark == ";" else mark
        if self.at_command("mid", "vert", "|", "Vert", "parallel"):
            kind = "|" if self.next.text in ("mid", "vert") else "||"
            self.take()
            if kind == "|" and (self.at_command("mid", "vert") or self.at("|")):
                self.take()
                kind = "||"
            return kind
        if self.at_command("succ", "prec"):
            return self.take().text
        if self.at(">"):
            self.take()
            return "succ"
        return None

    def _scripts_of(self, base: str, start: Token) -> tuple[Name, list[tuple[str, Node | None]]]:
        """Subscripts, superscripts and primes of a name, split into what belongs to the name and
        what is done to it."""
        subs: tuple[Sub, ...] = ()
        sup, primes = "", 0
        wraps: list[tuple[str, Node | None]] = []
        seen_sub = seen_sup = False
        while self.at("_", "^", "'"):
            if self.accept("'"):
                if seen_sup:
                    raise self._double("superscript")
                primes += 1
                continue
            token = self.take()
            if token.text == "_":
                if seen_sub:
                    raise self._double("subscript")
                seen_sub = True
                subs = self.subscript()
            else:
                if seen_sup:
                    raise self._double("superscript")
                seen_sup = True
                sup, more_primes, wraps, index = self._superscript(base)
                primes += more_primes
                subs = (*subs, *index)
        return Name(base, subs, sup, primes, span=self.span_from(start)), wraps

    def _double(self, what: str) -> Unreadable:
        token = self.tokens[self.place - 1]
        return Unreadable(
            f"a second {what} on one symbol: put the first in braces", token.start, token.end
        )

    def scripted(self, body: Node) -> Node:
        """Powers, transposes and components of anything that is not a bare name."""
        start = self.tokens[max(self.place - 1, 0)]
        seen_sub = seen_sup = False
        while self.at("_", "^", "'"):
            if self.accept("'"):
                body = Transpose(body, span=body.span)
                continue
            token = self.take()
            if token.text == "_":
                if seen_sub:
                    raise self._double("subscript")
                seen_sub = True
                if isinstance(body, Name) and not body.primes and not body.subs:
                    # `{\\bf x}_i` is x_i
                    body = Name(body.base, self.subscript(), body.sup, span=body.span)
                    continue
                body = Component(body, self.subscript(), span=self.span_from(start))
                continue
            if seen_sup:
                raise self._double("superscript")
            seen_sup = True
            base = body.base if isinstance(body, Name) else ""
            sup, _, wraps, index = self._superscript(base)
            if sup and isinstance(body, Name):
                body = Name(body.base, body.subs, body.sup + sup, body.primes, span=body.span)
            elif sup:
                raise Unclear(f"the superscript {sup} has no meaning here")
            if index:
                body = Component(body, index, span=body.span)
            body = self._wrapped(body, wraps, start)
        return body

    def _wrapped(self, body: Node, wraps: list[tuple[str, Node | None]], start: Token) -> Node:
        for kind, exponent in wraps:
            span = self.span_from(start)
            if kind == "transpose":
                body = Transpose(body, span=span)
            elif kind == "pinv":
                body = Function("pinv", body, span=span)
            else:
                assert exponent is not None
                body = Power(body, exponent, span=span)
        return body

    def _superscript(
        self, base: str
    ) -> tuple[str, int, list[tuple[str, Node | None]], tuple[Sub, ...]]:
        """The part of the name, the primes, what is done to the value, and an index `^{(i)}`."""
        if not self.at("{"):
            return self._short_superscript(base)
        end = self.closing_of(self.place)
        opened = self.take()
        if end is None:
            raise Unreadable("this brace is never closed: add }", opened.start, opened.end)
        text = "".join(token.text for token in self.tokens[self.place : end])
        if not text:
            raise Unreadable("an empty superscript", opened.start, self.next.end)
        if text in self.vocabulary.sups.get(base, ()) and text != "*":
            self.place = end + 1
            return text, 0, [], ()
        sup, primes, wraps = "", 0, []
        while not self.at("}"):
            token = self.next
            if token.is_symbol("*") or token.is_command("ast", "star"):
                self.take()
                sup += "*"
            elif token.is_command("prime") or token.is_symbol("'"):
                self.take()
                primes += 1
            elif self._is_transpose(token):
                self._take_transpose()
                wraps.append(("transpose", None))
            elif token.is_symbol("-") and self._is_transpose(self.ahead(1)):
                self.take()
                self._take_transpose()
                wraps += [("power", Number(-1.0)), ("transpose", None)]
            elif token.is_command("dagger") or (
                token.is_symbol("+") and self.ahead(1).is_symbol("}")
            ):
                self.take()
                wraps.append(("pinv", None))
            elif token.is_symbol("(") and self.closing_of(self.place) == end - 1:
                return self._indexed_superscript(base, end)
            elif token.kind == "letter" and token.text in self.vocabulary.sups.get(base, ()):
                self.take()
                sup += token.text
            elif token.is_command("mathrm", "rm", "operatorname") and base == "e":
                wraps.append(("power", self.expression()))
            elif token.kind in ("remark",) or token.is_command("mathrm", "rm", "operatorname"):
                sup += token.text if token.kind == "remark" and self.take() else ""
                if token.kind != "remark":
                    self.take()
                    sup += self.upright_text()
                if sup == "T":
                    sup = ""
                    wraps.append(("transpose", None))
            else:
                wraps.append(("power", self.expression()))
        self.expect("}", opened)
        return sup, primes, wraps, ()

    def _indexed_superscript(
        self, base: str, end: int
    ) -> tuple[str, int, list[tuple[str, Node | None]], tuple[Sub, ...]]:
        text = "".join(token.text for token in self.tokens[self.place : end])
        self.take()
        node = self.expression()
        self.expect(")")
        self.expect("}")
        if isinstance(node, Name | Number):
            return "", 0, [], (Sub(node, text[1:-1]),)
        return text, 0, [], ()

    def _short_superscript(
        self, base: str
    ) -> tuple[str, int, list[tuple[str, Node | None]], tuple[Sub, ...]]:
        token = self.next
        if token.is_symbol("*") or token.is_command("ast", "star"):
            self.take()
            return "*", 0, [], ()
        if token.is_symbol("+") or token.is_command("dagger"):
            self.take()
            return "", 0, [("pinv", None)], ()
        if token.is_command("prime"):
            self.take()
            return "", 1, [], ()
        if self._is_transpose(token, base):
            self._take_transpose()
            return "", 0, [("transpose", None)], ()
        if token.text in self.vocabulary.sups.get(base, ()):
            self.take()
            return token.text, 0, [], ()
        return "", 0, [("power", self.one_argument())], ()

    def _means_time(self, base: str) -> bool:
        """`\\mu^t` is μ at time t; `W^t` is a transpose."""
        return not (len(base) == 1 and base.isupper()) or "t" in self.vocabulary.sups.get(base, ())

    def _is_transpose(self, token: Token, base: str = "") -> bool:
        if token.is_command("top", "intercal", "bot"):
            return True
        if token.kind == "letter" and token.text in ("T", "t"):
            return not self.vocabulary.knows("T") and (
                token.text == "T" or not self._means_time(base)
            )
        if token.is_command("mathsf", "mathrm", "mathbf", "mathtt", "rm", "boldsymbol", "mathit"):
            place = self.tokens.index(token, self.place)
            following = self.tokens[place + 1 : place + 3]
            inside = following[1] if following and following[0].is_symbol("{") else following[0]
            return inside.text == "T"
        return token.kind == "remark" and token.text == "T"

    def _take_transpose(self) -> None:
        token = self.take()
        if token.kind == "command" and token.text not in ("top", "intercal", "bot"):
            if self.accept("{"):
                self.take()
                self.expect("}")
            else:
                self.take()

    def _script_expression(self) -> Node:
        return self.group() if self.at("{") else self.one_argument()

    def subscript(self) -> tuple[Sub, ...]:
        """The items of a subscript: `ij`, `2,j` and `2j` are two items each, `n-m` is one."""
        if not self.at("{"):
            token = self.next
            node = self.one_argument()
            return (Sub(node, _text_of(self.tokens, token, self), span=node.span),)
        opened = self.take()
        items: list[Sub] = []
        self._closers.append("group")
        while not self.at("}"):
            if self.at(",") or self.at(";"):
                self.take()
                continue
            if self.at("|") or self.at_command("mid"):
                self.take()
                self._bar_in_subscript = True
                continue
            if self.at(":"):
                self.take()
                items.append(Sub(Placeholder(), ":"))
                continue
            items.extend(self._sub_items())
        self._closers.pop()
        self.expect("}", opened)
        return tuple(items)

    def _sub_items(self) -> list[Sub]:
        start = self.place
        if self.next.kind == "remark":
            token = self.take()
            return [Sub(Name(token.text.strip()), token.text.strip())]
        if self.at("*"):
            self.take()
            return [Sub(Name("*"), "*")]
        self._closers.append("args")
        node = self._item()
        self._closers.pop()
        text = self.text_between(start, self.place)
        if (
            isinstance(node, Product)
            and node.op == ""
            and all(isinstance(factor, Name | Number) for factor in node.factors)
        ):
            # `ij` is a pair of indices, but `ref` is one word: the world decides by the text.
            return [Sub(factor, _own_text(factor), span=factor.span) for factor in node.factors]
        return [Sub(node, text, span=node.span)]

    def text_between(self, start: int, end: int) -> str:
        skip = {"{", "}", "mathrm", "rm", "text", "operatorname", "mathbf", "boldsymbol", "mathcal"}
        return "".join(token.text for token in self.tokens[start:end] if token.text not in skip)

    def script_text(self) -> str:
        """A script that is only a label, such as the F of a Frobenius norm."""
        start = self.place
        self.skip_script()
        return self.text_between(start, self.place)

    def skip_script(self) -> None:
        if self.at("{"):
            end = self.closing_of(self.place)
            if end is None:
                raise Unreadable(
                    "this brace is never closed: add }", self.next.start, self.next.end
                )
            self.place = end + 1
        elif self.at_end or self.at("}", ")", "]"):
            raise self.unexpected("a script")
        elif self.at_command(*UPRIGHT, *PLAIN_FONTS):
            self.take()
            self.upright_text()
        else:
            self.take()


def _is_relation(token: Token) -> bool:
    if token.kind == "symbol":
        return token.text in ("=", "<", ">")
    return token.kind == "command" and token.text in RELATIONS


def _has_angle(node: Node) -> bool:
    from app.checker.tree import walk

    return any(isinstance(one, Name) and one.base in _ANGLES for one in walk(node))


def _own_text(node: Node) -> str:
    if isinstance(node, Name):
        return (
            node.base + "".join(f"_{sub.text}" for sub in node.subs) + "'" * node.primes + node.sup
        )
    assert isinstance(node, Number)
    return f"{node.value:g}"


def _text_of(tokens: list[Token], token: Token, reader: Reader) -> str:
    if token.kind == "command" and token.text in (UPRIGHT | PLAIN_FONTS):
        start = tokens.index(token)
        return reader.text_between(start, reader.place)
    if token.kind == "number":
        return token.text[:1]
    return token.text


__all__ = ["Cases", "Derivative", "Matrix", "Reader"]
