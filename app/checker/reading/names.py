"""Names with their scripts and arguments, and words that may be names.

The vocabulary of the derivation decides whether a bracket after a name holds its arguments or is
the next factor of a product.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.checker.reading.applications import read_function
from app.checker.reading.brackets import read_arguments, read_group
from app.checker.reading.commands import (
    DIVERGENCES,
    EXPECTATIONS,
    FUNCTION_ALIASES,
    FUNCTIONS,
    GREEK,
    OPTIMA,
)
from app.checker.reading.draws import read_divergence, read_expectation
from app.checker.reading.grammar import Grammar
from app.checker.reading.lookahead import (
    holds_arguments,
    holds_bar,
    holds_double_bar,
    holds_relation,
    opens_bracket,
)
from app.checker.reading.operators import read_optimum
from app.checker.reading.relations import read_indicator
from app.checker.reading.scripts import Deed, read_scripted, read_scripts, with_deeds
from app.checker.reading.symbols import read_base, read_lone_base
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Call, Function, Name, Node, Number
from app.checker.reading.vocabulary import LOSS_ALIASES, LOSSES

# A reading in which a value of the givens has its arguments in brackets.
ARGUMENTS = "a value with its arguments"
_SAME_WORD = {"variance": "Var", "bias": "Bias", "var": "Var", "elbo": "ELBO", "ig": "IG"}
_DEVIATIONS = ("std", "Std", "sd", "SD")
_DEFINES = ("coloneqq", "coloneq", "triangleq")
# These are written with square brackets too.
_IN_SQUARE_BRACKETS = ("H", "bb H", "KL", "I", "cal H", "sigma")


def read_name(reader: Grammar, base: str, start: Token, primes: int = 0) -> Node:
    """What follows the base: its scripts, its powers and, if it takes them, its arguments."""
    place = reader.place
    name, deeds = read_scripts(reader, base, start)
    knows = reader.vocabulary.knows
    if name.barred and base in reader.vocabulary.calls and len(name.subs) == 2:
        # `p_{c|v}` is `p(c|v)`
        function = Name(name.base, (), name.sup, name.primes)
        given = tuple(sub.node for sub in name.subs)
        pair = Call(function, given, ("|",), span=reader.span_from(start))
        return with_deeds(reader, pair, deeds, start)
    if primes:
        name = Name(name.base, name.subs, name.sup, name.primes + primes, span=name.span)
    if base in ("D", "bb D") and opens_bracket(reader) and _is_divergence(reader, name):
        return read_divergence(reader, start)
    if base == "e" and deeds and isinstance(deeds[0], Node) and not knows("e"):
        made = Function("exp", deeds[0], span=reader.span_from(start))
        return with_deeds(reader, made, deeds[1:], start)
    if base == "E" and not knows("E") and (reader.at("[") or (name.subs and reader.at("("))):
        reader.place = place
        return read_expectation(reader, "E")
    if _holds_a_matrix(reader, name):
        reader.met.add("a function of a matrix")
        if "a function of a matrix" in reader.choices:
            return _read_of_matrix(reader, name, deeds, start)
    if _takes_arguments(reader, name, deeds) or _is_being_defined(reader, name):
        return _read_call(reader, name, deeds, start)
    return with_deeds(reader, name, deeds, start)


def _is_divergence(reader: Grammar, name: Name) -> bool:
    r"""`D_{KL}(p, q)` and, where it is none of the writer's own, `D(p \| q)`."""
    if name.subs:
        return name.subs[0].text == "KL"
    if reader.vocabulary.knows(name.base) or not holds_double_bar(reader):
        return False
    reader.met.add("a divergence of one's own")
    return "a divergence of one's own" not in reader.choices


def _takes_arguments(reader: Grammar, name: Name, deeds: list[Deed]) -> bool:
    vocabulary = reader.vocabulary
    if name.base == "cal N":
        if reader.at("("):
            return True
        if not vocabulary.knows("cal N"):
            return False
    if (deeds and not vocabulary.knows(name.base)) or not reader.at("(", "["):
        return False
    if name.base in vocabulary.calls:
        if reader.at("(") and _is_factor_of_itself(reader, name.base):
            return False
        if reader.at("("):
            # A name may stand for a value and for a function: where the bracket is no list of
            # arguments, `L (…)` is read as a product first.
            is_value = name.base in vocabulary.values and not _is_loss(reader, name)
            if not is_value or holds_arguments(reader):
                return True
            reader.met.add("a sum as an argument")
            return "a sum as an argument" in reader.choices
        if name.base in vocabulary.words:
            return holds_arguments(reader)
        return name.base in _IN_SQUARE_BRACKETS
    if name.base in vocabulary.words and holds_arguments(reader):
        return True
    if not reader.at("("):
        return False
    if name.base in vocabulary.numbered and not name.subs:
        return True
    if name.base == "N" and holds_bar(reader):
        return True
    if _is_loss(reader, name):
        return True
    if vocabulary.knows(name.base):
        if name.base in LOSSES:
            return holds_arguments(reader)
        return _may_take_arguments(reader)
    return name.primes > 0 or holds_arguments(reader)


def _may_take_arguments(reader: Grammar) -> bool:
    """`p(x)` and `z_1(x)` may be products, or values with what they depend on."""
    inside = reader.tokens[reader.place + 1 : reader.closing_of(reader.place)]
    are_letters = all(
        token.kind in ("letter", "number")
        or token.is_symbol(",", "_", "{", "}")
        or token.is_command(*GREEK)
        for token in inside
    )
    if not are_letters or reader.ahead(1).kind == "number":
        return False
    reader.met.add(ARGUMENTS)
    return ARGUMENTS in reader.choices


def _is_being_defined(reader: Grammar, name: Name) -> bool:
    """The `y(w)` of `y(w) := Xw`, beside a vector y: nobody defines a product."""
    if not reader.at("(") or name.subs or name.primes:
        return False
    is_letter = reader.closing_of(reader.place) == reader.place + 2
    return is_letter and reader.ahead(3).is_command(*_DEFINES)


def _is_loss(reader: Grammar, name: Name) -> bool:
    """A loss has nothing to be multiplied with, and neither has one under another letter that the
    givens do not have."""
    knows = reader.vocabulary.knows
    return knows("cal L") and (
        name.base == "cal L" or (name.base in LOSS_ALIASES | {"L"} and not knows(name.base))
    )


def _holds_a_matrix(reader: Grammar, name: Name) -> bool:
    """`P(X)` is P times X, or the P that belongs to X."""
    letter = reader.ahead(1)
    is_matrix = letter.kind == "letter" and letter.text.isupper()
    is_known = reader.vocabulary.knows(name.base) and name.base not in reader.vocabulary.calls
    is_alone = reader.at("(") and reader.ahead(2).is_symbol(")")
    return is_known and len(name.base) == 1 and name.base.isupper() and is_matrix and is_alone


def _read_of_matrix(reader: Grammar, name: Name, deeds: Sequence[Deed], start: Token) -> Node:
    """A function of it if it is being defined, else its value."""
    call = _read_call(reader, name, deeds, start)
    if reader.at_command(*_DEFINES):
        return call
    return with_deeds(reader, name, deeds, start)


def _is_factor_of_itself(reader: Grammar, base: str) -> bool:
    r"""The bracket of `\sigma(1 - \sigma)` is a factor: a function is not its own argument."""
    inside = reader.tokens[reader.place + 1 : reader.closing_of(reader.place)]
    return base == "sigma" and any(
        token.is_command("sigma") and not following.is_symbol("(", "_", "'")
        for token, following in pairwise([*inside, reader.tokens[-1]])
    )


def _read_call(reader: Grammar, name: Name, deeds: Iterable[Deed], start: Token) -> Node:
    args, marks = read_arguments(reader)
    call = Call(name, args, marks, span=reader.span_from(start))
    return read_scripted(reader, with_deeds(reader, call, deeds, start))


def at_probability(reader: Grammar) -> bool:
    r"""`\Pr(…)`, `\mathbb{P}(…)` and `\mathrm{P}[…]` where the givens have a p(…)."""
    return "p" in reader.vocabulary.calls and reader.at("(", "[")


def read_probability(reader: Grammar, start: Token) -> Node:
    return _read_call(reader, Name("p", span=reader.span_from(start)), [], start)


def read_word(reader: Grammar, text: str, start: Token) -> Node:
    """What follows several letters: a function, an expectation, an optimum or a known name."""
    word = text.strip().replace(" ", "")
    lowered = word.lower()
    vocabulary = reader.vocabulary
    if word in DIVERGENCES and opens_bracket(reader):
        return read_scripted(reader, read_divergence(reader, start))
    if word in ("Var", "Cov") and reader.at("(", "[", "_"):
        return read_scripted(reader, read_expectation(reader, word))
    if word != "d" and (word in vocabulary.words or vocabulary.knows(word)):
        return read_name(reader, word, start)
    if word in ("P", "Pr") and at_probability(reader):
        return read_probability(reader, start)
    if lowered in OPTIMA:
        return read_scripted(reader, read_optimum(reader, OPTIMA[lowered]))
    if word in EXPECTATIONS and (
        len(word) > 1
        or (not vocabulary.knows(word) and (reader.at("[", "(", "_") or reader.at_command("{")))
    ):
        return read_scripted(reader, read_expectation(reader, EXPECTATIONS[word]))
    if word in _DEVIATIONS and reader.at("(", "["):
        variance = read_expectation(reader, "Var")
        return Function("sqrt", variance, span=reader.span_from(start))
    if word in FUNCTIONS or word in FUNCTION_ALIASES:
        return read_function(reader, word)
    if lowered in _SAME_WORD and _SAME_WORD[lowered] in vocabulary.words:
        return read_name(reader, _SAME_WORD[lowered], start)
    return read_name(reader, "I" if word == "Id" else word, start)


def read_blackboard(reader: Grammar, start: Token) -> Node:
    r"""What follows `\mathbb`."""
    base = read_base(reader)
    if base == "P" and at_probability(reader):
        return read_probability(reader, start)
    if base in ("E", "V", "P", "Var"):
        return read_expectation(reader, EXPECTATIONS[base])
    if base in ("1", "I"):
        return read_indicator(reader, start)
    if base == "KL" and opens_bracket(reader):
        return read_divergence(reader, start)
    return read_name(reader, base if base in ("D", "H") else f"bb {base}", start)


def read_plain_font(reader: Grammar, start: Token) -> Node:
    r"""What follows `\mathbf` and the like: `0`, `1`, a name, or a whole formula."""
    if _at_digit(reader, "0"):
        read_base(reader)
        return Number(0.0, span=reader.span_from(start))
    if _at_digit(reader, "1"):
        read_base(reader)
        if reader.at("[", "{") or reader.at_command("{") or _at_condition_below(reader):
            return read_indicator(reader, start)
        return read_name(reader, "ones", start)
    if not reader.at("{"):
        return read_name(reader, read_base(reader), start)
    base = read_lone_base(reader)
    return read_group(reader) if base is None else read_name(reader, base, start)


def _at_digit(reader: Grammar, digit: str) -> bool:
    if reader.at("{"):
        return reader.ahead(1).text == digit and reader.ahead(2).is_symbol("}")
    return reader.next.kind == "number" and reader.next.text == digit


def _at_condition_below(reader: Grammar) -> bool:
    below = reader.at("_") and reader.ahead(1).is_symbol("{")
    return below and holds_relation(reader, reader.place + 1)
