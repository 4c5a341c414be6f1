"""The LaTeX commands that the checker knows, by what they do.

A command that stands in none of these tables makes a line unreadable, as it does in KaTeX.
"""

GREEK = frozenset(
    ["alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "varpi", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"]
)
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
PLAIN_FONTS = frozenset(
    ["mathbf", "boldsymbol", "bm", "pmb", "mathit", "mathnormal", "mathsf", "mathtt", "vec", "bold", "mathbfit", "underline"]
)
CALLIGRAPHIC = frozenset(["mathcal", "mathscr", "mathfrak"])
UPRIGHT = frozenset(["mathrm", "operatorname", "operatorname*", "rm", "textrm", "textsf"])
REMARKS = frozenset(
    [
        "textbf",
        "textit",
        "emph",
        "text",
        "mbox",
        "textnormal",
        "hbox",
        "textup",
        "intertext",
        "texttt",
    ]
)

FUNCTIONS = frozenset(
    ["log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "det", "tr", "Tr", "trace", "diag", "rank", "sign", "sgn", "softmax", "logsumexp", "LSE", "softplus", "ReLU", "relu", "sigmoid", "vec", "abs", "sqrt", "logit", "Re"]
)
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
    "so": "implies",
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
QUANTIFIERS = frozenset(["forall", "exists"])

PRODUCTS = {"cdot": "", "times": "", "odot": "odot", "circ": "odot", "ast": "odot", "star": "odot"}
SPACES = frozenset([",", ";", ":", "!", ">", " ", "thinspace", "enspace", "medspace", "nobreak"])
WIDE_SPACES = frozenset(["quad", "qquad", "hspace", "hfill", "enskip"])
IGNORED = frozenset(
    ["left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "Bigm", "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits", "nonumber", "notag", "checkmark", "square", "blacksquare", "blacktriangle", "Box", "Diamond", "star1", "normalsize", "small", "large", "Large", "it", "bf", "sf", "cal", "rm", "mathstrut", "strut", "hline", "allowbreak"]
)
# These take one group that says nothing about the mathematics.
SILENT_GROUPS = frozenset(["tag", "label", "phantom", "hphantom", "vphantom", "color", "hspace"])
# These take one group that is the mathematics.
TRANSPARENT = frozenset(
    ["boxed", "fbox", "cancel", "bcancel", "xcancel", "mathop", "mathbin", "mathrel", "mathord", "smash", "rlap", "llap"]
)
BRACES_WITH_REMARK = frozenset(["underbrace", "overbrace", "underbracket", "overbracket"])
FRACTIONS = frozenset(["frac", "dfrac", "tfrac", "cfrac"])
OPENING = {"(": ")", "[": "]", "lbrack": "rbrack", "{": "}", "lbrace": "}"}
DOTS = frozenset(["dots", "ldots", "cdots", "dotsc", "dotsb", "dotsm", "vdots", "ddots"])

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

OTHER = frozenset(
    ["infty", "top", "intercal", "mathsf", "mathbb", "nabla", "partial", "mid", "vert", "Vert", "lvert", "rvert", "lVert", "rVert", "parallel", "lbrace", "rbrace", "langle", "rangle", "lfloor", "rfloor", "lceil", "rceil", "prime", "emptyset", "varnothing", "cup", "cap", "setminus", "pm", "mp", "begin", "end", "sqrt", "stackrel", "overset", "underset", "overline", "substack", "not", "neg", "mathbb1", "oplus", "otimes", "bigcup", "bigcap", "div", "angle", "hookrightarrow", "xrightarrow", "xleftarrow", "uparrow", "downarrow", "Pr", "dagger", "argmax", "argmin", "arg", "bigg", "lim", "limsup", "liminf", "mod", "bmod", "pmod", "binom", "Re", "Im", "vee", "lor", "oslash", "colon", "backslash", "&", "%", "#", "_", "$", "|", "{", "}", "\\", "bigoplus", "bigotimes", "supset", "supseteq", "Vdash", "vdash", "models", "top", "bot", "norm"]
)

KNOWN = (
    GREEK
    | set(LETTER_LIKE)
    | set(ACCENTS)
    | PLAIN_FONTS
    | CALLIGRAPHIC
    | UPRIGHT
    | REMARKS
    | {"log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "det", "sqrt"}
    | {"max", "min", "sup", "inf", "sum", "prod", "int", "iint", "oint", "lg", "arg"}
    | (set(RELATIONS) - {"=", "<", ">"})
    | (set(CONNECTORS) - {"so"})
    | QUANTIFIERS
    | set(PRODUCTS)
    | SPACES
    | WIDE_SPACES
    | IGNORED
    | SILENT_GROUPS
    | TRANSPARENT
    | BRACES_WITH_REMARK
    | FRACTIONS
    | DOTS
    | OTHER
) - {"norm", "argmax", "argmin", "mathbb1"}

# Words that people put between formulas without \text. All claim nothing; some say what role
# the next formula has (see lines.py).
WORDS = frozenset(
    ["a", "an", "the", "so", "hence", "thus", "then", "therefore", "since", "because", "as", "if", "for", "all", "each", "every", "any", "when", "where", "with", "by", "let", "set", "put", "define", "denote", "write", "call", "note", "that", "this", "these", "is", "are", "be", "was", "has", "have", "had", "we", "i", "e", "get", "gives", "give", "yields", "yield", "obtain", "find", "know", "recall", "use", "using", "from", "and", "or", "but", "not", "also", "at", "in", "on", "of", "to", "optimum", "optimal", "minimum", "maximum", "gradient", "hessian", "loss", "assume", "assuming", "suppose", "given", "implies", "follows", "holds", "iff", "only", "means", "equals", "equivalently", "means", "side", "sides", "both", "since", "zero", "constant", "const", "independent", "positive", "definite", "semidefinite", "symmetric", "invertible", "substitute", "substituting", "plug", "plugging", "multiply", "multiplying", "divide", "dividing", "differentiate", "differentiating", "expand", "expanding", "rearrange", "rearranging", "solve", "solving", "subject", "such", "st", "similarly", "likewise", "finally", "first", "second", "third", "next", "now", "again", "same", "here", "there", "its", "it", "our", "chain", "rule", "product", "sum", "over", "under", "everywhere", "somewhere", "unless", "otherwise", "else", "which", "whose", "jensen", "bayes", "definition", "bound", "tight", "equality", "inequality", "posterior", "prior", "therefore", "true", "false", "see", "step", "line", "rows", "columns", "row", "column", "row-wise", "per", "sample", "samples", "data", "point", "points", "average", "mean", "variance", "noise", "hold", "must", "can", "cannot", "may", "one", "two", "both", "vanish", "vanishes", "cancel", "cancels", "term", "terms", "drop", "drops", "out", "up", "down", "identity", "matrix", "vector", "scalar", "number", "numbers", "orthogonal", "normal", "equations", "equation", "hat", "residual", "error", "expectation", "expected", "value", "values", "taking", "take"]
)
