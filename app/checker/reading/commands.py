"""The LaTeX commands that the checker knows, by what they do.

A command that stands in none of these tables makes a line unreadable, as it does in KaTeX.
"""

from app.checker.reading.rare import DRAWN


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREEK = _words("""
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi
    Pi Sigma Upsilon Phi Psi Omega
""")
VARIANTS = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho"}
LETTER_LIKE = {"ell": "ell", "imath": "i", "jmath": "j", "hbar": "hbar", "aleph": "aleph"}

ACCENTS = {
    "hat": "hat",
    "widehat": "hat",
    "tilde": "tilde",
    "widetilde": "tilde",
    "bar": "bar",
    "overline": "bar",
    "dot": "dot",
    "ddot": "ddot",
    "check": "check",
    "breve": "breve",
    "acute": "acute",
    "grave": "grave",
    "mathring": "ring",
}
# A bold or an arrowed letter is the letter.
PLAIN_FONTS = _words("""
    mathbf boldsymbol bm pmb mathit mathnormal mathsf mathtt vec bold mathbfit underline
""")
CALLIGRAPHIC = _words("mathcal mathscr mathfrak")
EXTREMES = frozenset(["lambda", "sigma"])
UPRIGHT = _words("mathrm operatorname textrm textsf")
FONTS = PLAIN_FONTS | UPRIGHT
REMARKS = _words("textbf textit emph text mbox textnormal hbox textup intertext texttt")

FUNCTIONS = _words("""
    log ln exp sin cos tan tanh sinh cosh arctan det tr Tr trace diag rank sign sgn softmax
    logsumexp LSE softplus ReLU relu sigmoid vec abs sqrt logit Re
""")
FUNCTION_ALIASES = {
    "ln": "log",
    "Tr": "tr",
    "trace": "tr",
    "sgn": "sign",
    "LSE": "logsumexp",
    "relu": "ReLU",
    "diagonal": "diag",
    "Diag": "diag",
    "erf": "erf",
    "rk": "rank",
    "Rank": "rank",
    "Rang": "rank",
    "rang": "rank",
    "Spur": "tr",
    "Sp": "tr",
    "sigm": "sigmoid",
    "Softmax": "softmax",
}
EXPECTATIONS = {
    "E": "E",
    "Var": "Var",
    "var": "Var",
    "V": "Var",
    "Cov": "Cov",
    "cov": "Cov",
    "Exp": "E",
    "P": "P",
    "Pr": "P",
}
DIVERGENCES = _words("KL D_KL")
OPTIMA = {
    "max": "max",
    "min": "min",
    "argmax": "argmax",
    "argmin": "argmin",
    "sup": "max",
    "inf": "min",
}
SUMS = {"sum": "sum", "prod": "prod", "int": "integral", "iint": "integral", "oint": "integral"}

RELATIONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "lt": "<",
    "gt": ">",
    "ne": "!=",
    "neq": "!=",
    "equiv": "=",
    "approx": "~",
    "simeq": "~",
    "cong": "~",
    "sim": "sim",
    "propto": "propto",
    "succeq": "psd",
    "succ": "pd",
    "preceq": "nsd",
    "prec": "nd",
    "in": "in",
    "notin": "notin",
    "subset": "subset",
    "subseteq": "subset",
    "coloneqq": ":=",
    "coloneq": ":=",
    "triangleq": ":=",
    "eqqcolon": "=:",
    "doteq": ":=",
    "leftarrow": "<-",
    "gets": "<-",
    "to": "->",
    "rightarrow": "->",
    "longrightarrow": "->",
    "mapsto": "->",
    "perp": "perp",
    "ll": "<<",
    "gg": ">>",
    "lesssim": "~",
    "gtrsim": "~",
}
CONNECTORS = {
    "implies": "implies",
    "Rightarrow": "implies",
    "Longrightarrow": "implies",
    "therefore": "implies",
    "iff": "iff",
    "Leftrightarrow": "iff",
    "Longleftrightarrow": "iff",
    "leftrightarrow": "iff",
    "because": "because",
    "impliedby": "because",
    "Leftarrow": "because",
    "land": "and",
    "wedge": "and",
}
QUANTIFIERS = _words("forall exists")

PRODUCTS = _words("cdot times odot circ ast star")
SPACES = frozenset([",", ";", ":", "!", ">", " ", "thinspace", "enspace", "medspace", "nobreak"])
WIDE_SPACES = _words("quad qquad hfill enskip")
BIG = _words("""
    big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm
""")
# What may stand after these and after \left: KaTeX takes nothing else.
DELIMITERS = _words(r"""
    ( ) [ ] \{ \} < > / | \| . \lparen \rparen \lbrack \rbrack \lbrace \rbrace \lfloor \rfloor
    \lceil \rceil \langle \rangle \lt \gt \lvert \rvert \lVert \rVert \vert \Vert \lgroup \rgroup
    \backslash \uparrow \Uparrow \downarrow \Downarrow \updownarrow \Updownarrow ⟨ ⟩
""")
IGNORED = BIG | _words("""
    left right middle displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber
    notag checkmark square blacksquare blacktriangle Box Diamond normalsize small large Large it bf
    sf cal rm mathstrut strut hline allowbreak
""")
# These take one group that says nothing about the mathematics.
SILENT_GROUPS = _words("tag label phantom hphantom vphantom color textcolor hspace")
# These take one group that is the mathematics.
TRANSPARENT = _words("""
    boxed fbox cancel bcancel xcancel mathop mathbin mathrel mathord smash rlap llap
""")
BRACES_WITH_REMARK = _words("underbrace overbrace underbracket overbracket")
FRACTIONS = _words("frac dfrac tfrac cfrac")
DOTS = _words("dots ldots cdots dotsc dotsb dotsm vdots ddots")

# Symbols that people paste, as the command that they stand for.
UNICODE = {
    "≤": "le",
    "≥": "ge",
    "≠": "ne",
    "≈": "approx",
    "∝": "propto",
    "∈": "in",
    "·": "cdot",
    "×": "times",
    "⊙": "odot",
    "∘": "circ",
    "∇": "nabla",
    "∂": "partial",
    "∑": "sum",
    "∏": "prod",
    "∫": "int",
    "√": "sqrt",
    "∞": "infty",
    "⊤": "top",
    "→": "to",
    "←": "gets",
    "⇒": "implies",
    "⟹": "implies",
    "⇔": "iff",
    "∀": "forall",
    "‖": "|",
    "∥": "|",
    "⟨": "langle",
    "⟩": "rangle",
    "…": "dots",
    "ℓ": "ell",
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ϵ": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ϕ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
    "Γ": "Gamma",
    "Δ": "Delta",
    "Θ": "Theta",
    "Λ": "Lambda",
    "Σ": "Sigma",
    "Φ": "Phi",
    "Ψ": "Psi",
    "Ω": "Omega",
}

# One symbol under its accents and fonts begins with these, and a factor with these or more.
SYMBOL_STARTS = GREEK | LETTER_LIKE.keys() | ACCENTS.keys() | FONTS | CALLIGRAPHIC
FACTOR_STARTS = (
    SYMBOL_STARTS
    | FRACTIONS
    | SUMS.keys()
    | TRANSPARENT
    | BRACES_WITH_REMARK
    | DOTS
    | _words(r"""
        log ln exp sin cos tan tanh sinh cosh arctan det sqrt max min sup inf arg mathbb nabla
        partial infty langle underset overset lvert lVert { lbrace begin Pr emptyset Re binom
        lbrack top
    """)
)
# KaTeX takes them as a script only in braces.
NO_SCRIPTS = (
    ACCENTS.keys()
    | BRACES_WITH_REMARK
    | TRANSPARENT
    | _words("""
        bm pmb boldsymbol vec underline operatorname sqrt overset underset stackrel substack begin
        sum prod log ln lg exp sin cos tan tanh sinh cosh arctan det max min sup inf arg Pr lim
        limsup liminf bigcup bigcap bigoplus bigotimes xleftarrow xrightarrow implies iff impliedby
    """)
)
# These take a group or a symbol, and KaTeX takes no such command for a symbol.
TAKES_SYMBOL = ACCENTS.keys() | FONTS | CALLIGRAPHIC | FRACTIONS | {"mathbb"}
NO_SYMBOLS = TAKES_SYMBOL | BRACES_WITH_REMARK | {"sqrt"}
# KaTeX knows them; here they have no value.
OUTSIDE = DRAWN | _words("""
    lim limsup liminf bigcup bigcap bigoplus bigotimes lfloor lceil mod bmod pmod oplus cup cap
    setminus emptyset varnothing angle hookrightarrow xrightarrow xleftarrow uparrow downarrow
    oslash vee dagger Im prime substack not neg stackrel
""")
OTHER = _words(r"""
    infty top intercal mathsf mathbb nabla partial mid vert Vert lvert rvert lVert rVert parallel
    lbrace rbrace langle rangle lfloor rfloor lceil rceil prime emptyset varnothing cup cap setminus
    pm mp begin end sqrt stackrel overset underset overline substack not neg oplus otimes bigcup
    bigcap div angle hookrightarrow xrightarrow xleftarrow uparrow downarrow Pr dagger arg bigg lim
    limsup liminf mod bmod pmod binom Re Im vee lor oslash colon backslash & % # _ $ | { } \
    bigoplus bigotimes supset supseteq Vdash vdash models bot bullet over
""")

KNOWN = (
    GREEK
    | LETTER_LIKE.keys()
    | ACCENTS.keys()
    | PLAIN_FONTS
    | CALLIGRAPHIC
    | UPRIGHT
    | REMARKS
    | SUMS.keys()
    | _words("log ln lg exp sin cos tan tanh sinh cosh arctan det sqrt max min sup inf arg")
    | (RELATIONS.keys() - {"=", "<", ">"})
    | CONNECTORS.keys()
    | QUANTIFIERS
    | PRODUCTS
    | SPACES
    | WIDE_SPACES
    | IGNORED
    | SILENT_GROUPS
    | TRANSPARENT
    | BRACES_WITH_REMARK
    | FRACTIONS
    | DOTS
    | OTHER
    | DRAWN
)
