"""What nobody should type: lines made to be deep, long, huge, endless or broken."""

from itertools import pairwise

DEEP = [20, 60, 500]
LONG = [50, 299]
HUGE = ["100", "10^6", "10^{10}", "10^{10^{10}}", "-10^9", r"\infty", "n^{n^n}", "9" * 300, "1.5"]
LETTERS = "abcefghijklm"
_TWOS = r" \\ ".join([" & ".join(["2"] * 12)] * 12)


def nested(count: int) -> list[str]:
    return [
        "(" * count,
        "(" * count + "w" + ")" * count + " = w",
        "{" * count + "w" + "}" * count + " = w",
        "[" * count + "1" + "]" * count + " = 1",
        "|" * count + "w" + "|" * count + " = 1",
        "w" + "^{2" * count + "}" * count + " = 1",
        "w" + "_{i" * count + "}" * count + " = 1",
        "2" + "^2" * count + " = 1",
        r"\sqrt{" * count + "2" + "}" * count + " = 1",
        r"\frac{1}{" * count + "2" + "}" * count + " = 1",
        r"\frac" * count,
        r"\left(" * count + "w" + r"\right)" * count + " = w",
        r"\hat{" * count + "w" + "}" * count + " = w",
        r"\text{" * count + "}" * count,
        r"\underbrace{" * count + "w" + "}" * count + " = w",
        r"\mathbb{E}[" * count + "w" + "]" * count + " = 1",
        r"\exp(" * count + "9" + ")" * count + " = 1",
        r"\nabla_w " * count + r"\mathcal{L} = 0",
        r"\log " * count + "2 = 1",
        r"\begin{aligned}" * count + "w = w" + r"\end{aligned}" * count,
        "-" * count + "w = w",
        "w" + "'" * count + " = w",
        "w" + r"^\top" * count + " = w",
        "f(" * count + "x" + ")" * count + " := 1",
    ]


def repeated(count: int) -> list[str]:
    return [
        "w = " * count + "w",
        "w" * count + " = w",
        "+".join(["w"] * count) + " = w",
        r"X^\top X " * count + "= 1",
        "X^{-1}" * count + " = 1",
        r"w = w \implies " * count + "w = w",
        r"\frac12" * count + " = 1",
        r"\begin{pmatrix} " + " & ".join(["1"] * count) + r" \end{pmatrix} = 0",
        r"\begin{pmatrix} "
        + r" \\ ".join([" & ".join(["2"] * 12)] * 12)
        + r"\end{pmatrix}^{-1} = 0",
        "&" * count,
        "$" * count,
        "\\" * count,
        r"\\" * count,
        "1," * count + " = w",
        r"\quad" * count,
        "w = w, " * count,
    ]


def huge(size: str) -> list[str]:
    return [
        f"w^{{{size}}} = 1",
        f"n^{{{size}}} = 1",
        rf"(X^\top X)^{{{size}}} = 1",
        rf"\sum_{{k=1}}^{{{size}}} k = 1",
        rf"\prod_{{k=1}}^{{{size}}} k = 1",
        rf"\sum_{{k=-{size}}}^{{{size}}} k^k = 0",
        rf"\sum_{{a=1}}^{{{size}}} \sum_{{b=1}}^{{{size}}} \sum_{{c=1}}^{{{size}}} a b c = 1",
        rf"\int_0^{{{size}}} x \, dx = 1",
        rf"w_{{{size}}} = 1",
        rf"X_{{{size},{size}}} = 1",
        rf"I_{{{size}}} = I",
        rf"A := \mathbf{{1}}_{{{size}}}",
        rf"w \in \mathbb{{R}}^{{{size}}}",
        rf"X \in \mathbb{{R}}^{{{size} \times {size}}}",
        rf"[w_1, \dots, w_{{{size}}}] = w^\top",
        rf"\nabla_w^{{{size}}} \mathcal{{L}} = 0",
        rf"\frac{{\partial^{{{size}}} \mathcal{{L}}}}{{\partial w^{{{size}}}}} = 0",
        rf"\max_{{k \le {size}}} k = 1",
        rf"\frac{{1}}{{{size}}} = 0",
        rf"i = 1, \dots, {size}",
    ]


def many_indices(count: int) -> list[str]:
    letters = LETTERS[:count]
    factors = " ".join(f"y_{letter}" for letter in letters)
    chained = " ".join(f"X_{{{a}{b}}}" for a, b in pairwise(letters))
    return [
        f"{factors} = 1",
        f"{chained} = 1",
        rf"\sum_{{{letters}}} {factors} = 1",
        "".join(rf"\sum_{one} " for one in letters) + f"{factors} = 1",
        "".join(rf"\prod_{{{one}=1}}^n " for one in letters) + f"{factors} = 1",
        "".join(rf"\sum_{{{one}=1}}^{{100}} " for one in letters) + "1 = 1",
        "".join(rf"\max_{one} " for one in letters) + f"{factors} = 1",
        "".join(rf"\frac{{\partial}}{{\partial w_{one}}} " for one in letters) + r"\mathcal{L} = 0",
    ]


# Each is a sheet of its own.
CIRCLES = [
    ["f := f(f)", "f = 1"],
    ["f(x) := f(x)", "f(1) = 1"],
    ["f(x) := f(f(x))", "f(w) = w"],
    ["f(x) := g(x)", "g(x) := f(x)", "f(1) = 1"],
    ["a := b", "b := a", "a = 1"],
    ["a_i := b_i", "b_i := a_i", r"\sum_i a_i = 1"],
    ["a_i := a_{i+1}", "a_1 = 1"],
    [r"\mathcal{L} := \mathcal{L}(\mathcal{L})"],
    ["f(f) := f", "f(f)(f) = f"],
    ["w := w", "X := X X", ":= w", "w :=", "1 := 2"],
    ["a := 1", *["a := a + a"] * 50, "a = 1"],
    ["A := X X^\\top", *["A := A A"] * 50, "A = 1"],
    ["a_0 := 2", *[f"a_{{{k + 1}}} := a_{{{k}}} a_{{{k}}}" for k in range(50)], "a_{50} = 1"],
    ["A_{ij} := y_i y_j", "B_{ijkl} := A_{ij} A_{kl}", "B_{ijkl} B_{mnop} = B_{pomn} B_{lkji}"],
    ["w = w", *["= w"] * 60],
    ["y = y", "y" * 590 + " = y"],
]
ODD = [
    "",
    " ",
    "\0",
    "w = \0",
    "w\0 = w",
    "\x7f",
    "\x1b[0m",
    "\ud800 = w",
    "w = \u202e w",
    "\ufeffw = w",
    "w\u0301 = w",
    "w\u2028= w",
    "w\n=\r\nw",
    "日本語 = w",
    "🙂 = 🙂",
    "𝐰 = w",
    "w² = w",
    "½ = ½",
    "٣ = 3",
    "²",
    "①",
    "Ⅷ",
    "∑",
    "√",
    "≤",
    "= = =",
    "<=>",
    "^",
    "_",
    "'",
    "w__i = 1",
    "w^^2 = 1",
    "w_ = w^",
    "% only a comment",
    r"\ ",
    r"\\",
    r"\{",
    r"\|",
    r"\frac 1.5 x = 1",
    r"w \in \mathbb{}",
    r"w \in \mathbb",
    r"w \in \{",
    r"w \in [0,",
    r"w \in w \in w",
    r"\begin{pmatrix} \end{pmatrix} = 1",
    r"\begin{pmatrix} & \\ & \end{pmatrix} = 1",
    r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix} = 1",
    r"\begin{cases} \end{cases} = 1",
    r"w = \begin{cases} w & w = w \\ X & w \ne w \end{cases}",
    r"\begin{}\end{}",
    r"\begin",
    r"\sum",
    r"\sum_{} 1 = 1",
    r"\sum_{1} 1 = 1",
    r"\sum_{i=w}^{X} y_i = 0",
    r"\sum_{i=n}^{1} y_i = 0",
    r"\arg\min_{\mathcal{L}}(w) = 1",
    r"\max() = 1",
    r"\mathrm{KL}(\|) = 0",
    r"\mathbb{E}[] = 1",
    r"\mathbb{E}_{w \sim w}[w] = 1",
    r"\frac{\partial}{\partial} = 1",
    r"\frac{\partial w}{\partial w} = 1",
    r"\nabla_1 w = 1",
    r"[x_1, \dots] = 1",
    r"[\dots, 1] = 1",
    r"0/0 = 0/0",
    r"\infty - \infty = 0",
    r"X^X = X",
    r"(X - X)^{-1} = 1",
    r"w^{\log -1} = 1",
    r"(X^\top X)^{\log(-1)} = 1",
    r"\mathrm{tr}((X^\top = X)^{-1}) = d",
    r"\nabla_w \mathcal{L} = X^\top X \in \mathbb{R}^{n \times d}",
    r"\nabla_w \mathcal{L} = 0 \iff w = \sum_w \mathcal{L} = 0 \iff w = w",
    r"V_k^\top V_k = I_V k",
    r"\mathbf{1}_{0} = 0",
]
