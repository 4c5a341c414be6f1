"""What a reader has to know of a derivation's names: the same glyph means different things."""

import re
from dataclasses import dataclass, field, replace

# Letters of a loss: `L(\\theta)` is the loss, not a product.
LOSSES = frozenset(["cal L", "cal J", "J", "ell"])
# Other letters that people use for the loss of the givens, and for the bound.
LOSS_ALIASES = frozenset(
    ["ell", "l", "J", "cal J", "E", "cal E", "C", "CE", "Loss", "loss", "cost"]
)
BOUND_ALIASES = frozenset(["cal L", "L", "cal F", "F"])
# Capitals at the start of a line that stand for something.
_INTRODUCED = re.compile(
    r"(?:\\text\{[Ll]et\s*\}|[Ll]et\b|[$\s])*([A-Z]{2,6})(?:\([^()=]*\))?\s*&?\s*"
    r"(?::?=|\\coloneqq\b|\\triangleq\b|\\equiv\b)"
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Vocabulary:
    """`bases` are the names without their scripts; `calls` those that take brackets; `sups` the
    superscripts that belong to a name (`W^Q`, not `x^2`); `values` those that stand for one
    quantity, so that a derivative in front of them ends with them."""

    bases: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    # Functions that take their number as a subscript: R_m, also written R(m).
    numbered: frozenset[str] = frozenset()
    sups: dict[str, frozenset[str]] = field(default_factory=dict)

    def knows(self, base: str) -> bool:
        return base in self.bases

    def words_in(self, line: str) -> frozenset[str]:
        r"""Its words, and the RSS of `RSS(w) = \|y - Xw\|^2`: letters of which none is a name."""
        introduced = _INTRODUCED.match(line)
        if introduced is None or any(map(self.knows, introduced[1])):
            return self.words
        return self.words | {introduced[1]}

    @property
    def has_times(self) -> bool:
        r"""Whether names have a value at the time t, such as `\mu_k^t`, and t is nothing else."""
        return not self.knows("t") and any("t" in sups for sups in self.sups.values())

    def with_name(self, base: str, sup: str, *, takes_brackets: bool) -> "Vocabulary":
        """Also with a name that the writer has defined."""
        sups = self.sups
        if sup:
            sups = {**sups, base: sups.get(base, frozenset()) | {sup}}
        return replace(
            self,
            bases=self.bases | {base},
            calls=self.calls | {base} if takes_brackets else self.calls,
            # A vector of the givens stays what it is where a function gets its letter.
            values=self.values | {base}
            if not takes_brackets or base in self.bases - self.calls
            else self.values,
            words=self.words | {base}
            if base.isalpha() and base.isascii() and len(base) > 1
            else self.words,
            sups=sups,
        )
