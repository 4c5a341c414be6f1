"""Formulas into trees, by notation. The trees are written as `outline` shows them."""

import pytest

from tests.checker.helpers import assert_fails_at, assert_reads, assert_same_tree, assert_unclear
from tests.checker.helpers import read as reading
from tests.checker.outline import outline

SUMS_AND_PRODUCTS = [
    ("a + b - c", "(+ a b (- c))"),
    ("-a + b", "(+ (- a) b)"),
    ("a - -b", "(+ a b)"),
    ("a b + c", "(+ (* a b) c)"),
    ("a / b c", "(* (/ a b) c)"),
    ("a b / c", "(/ (* a b) c)"),
    ("1/2 w", "(* (/ 1 2) w)"),
    (r"\frac12 w", "(* (/ 1 2) w)"),
    (r"\frac1{10}", "(/ 1 10)"),
    (r"\frac 1n", "(/ 1 n)"),
    (r"a \odot b c", "(odot a (* b c))"),
    (r"a b \circ c", "(odot (* a b) c)"),
    ("a * b", "(odot a b)"),
    (r"a \odot b + c", "(+ (odot a b) c)"),
    ("-x^2", "(- (^ x 2))"),
    ("(-x)^2", "(^ (- x) 2)"),
    ("x^10", "(* (^ x 1) 0)"),
    ("2(x + y)", "(* 2 (+ x y))"),
    ("(x + y)(x - y)", "(* (+ x y) (+ x (- y)))"),
    (r"[x + y] \{x\}", "(* (+ x y) x)"),
    (r"\underbrace{x + y}_{\text{sum}} z", "(* (+ x y) z)"),
    ("x^\\top y z^\\top", "(* (T x) y (T z))"),
]
SCRIPTS = [
    ("x_i^2", "(^ x_{i} 2)"),
    ("x_{ij}", "x_{i,j}"),
    ("z_{2,j}", "z_{2,j}"),
    ("z_{2j}", "z_{2,j}"),
    ("W_{n-m}", "W_{(+ n (- m))}"),
    ("x^{(i)}", "x_{i}"),
    ("X^{-1}", "(^ X (- 1))"),
    (r"X^{-\top}", "(T (^ X -1))"),
    (r"(X^\top X)^{-1}", "(^ (* (T X) X) (- 1))"),
    (r"X^\dagger", "X^+"),
    ("(X w)_i", "(entry (* X w) i)"),
    ("(W_2)_{ij}", "(entry W_{2} i j)"),
    ("w^*", "w^*"),
    (r"w^{*\top}", "(T w^*)"),
    ("W_h^Q", "W_{h}^Q"),
    ("W^2", "(^ W 2)"),
    (r"x^{(i)\top} w", "(* (T x_{i}) w)"),
    (r"x^{(i + 1)\top}", "(T x^(i+1))"),
    (r"x^{*(i)}", "x_{i}^*"),
    (r"x^{\odot 2}", "(odot x x)"),
    (r"(x + y)^{\circ 3}", "(odot (+ x y) (+ x y) (+ x y))"),
    (r"X^\top_{ij}", "X_{j,i}"),
    (r"X^T_{i:}", "(T X_{.,i})"),
    (r"W^{Q\top}_{ij}", "W_{j,i}^Q"),
    (r"x^\top_i", "(T x_{i})"),
    (r"W^\top_{2,j}", "(T W_{2,j})"),
    (r"X_{i\cdot}", "X_{i,.}"),
    (r"X_{i,\cdot}", "X_{i,.}"),
    (r"X_{\cdot j}", "X_{.,j}"),
    (r"X_{:j}", "X_{.,j}"),
    (r"x_{i \cdot j}", "x_{(cdot i j)}"),
    ("x'", "x'"),
    (r"\sigma'(z)", "sigma'(z)"),
    ("p_i^{y_i}", "(^ p_{i} y_{i})"),
    (r"\hat\mu_k", "hat mu_{k}"),
    (r"\pi_{\mathrm{ref}}", "pi_{ref}"),
]
APPLICATIONS = [
    ("p(x, y)", "p(x , y)"),
    (r"p(x \mid y)", "p(x | y)"),
    ("p(z = k | x)", "p(z=k | x)"),
    (r"q(\cdot)", "q(.)"),
    (r"p(x) p(\cdot | y)", "(* p(x) p(. | y))"),
    ("f(x)^2", "(^ f(x) 2)"),
    ("w(x + y)", "(* w (+ x y))"),
    ("b(x)", "(* b x)"),
    ("H[p]", "H(p)"),
    (r"\pi_\theta(y|x)", "pi_{theta}(y | x)"),
    (r"\mathcal{N}(x | \mu, \Sigma)", "cal N(x | mu , Sigma)"),
    (r"\sigma(z)(1 - \sigma(z))", "(* sigma(z) (+ 1 (- sigma(z))))"),
]
FUNCTIONS = [
    (r"\log x + y", "(+ (log x) y)"),
    (r"\log(x) y", "(* (log x) y)"),
    (r"\log x y", "(log (* x y))"),
    (r"\log \frac{x}{y} z", "(* (log (/ x y)) z)"),
    (r"\exp\{-x\}", "(exp (- x))"),
    ("e^{-x^2} y", "(* (exp (- (^ x 2))) y)"),
    (r"\sin^2 x", "(^ (sin x) 2)"),
    (r"\cos m\theta \sin m\theta", "(* (cos (* m theta)) (sin (* m theta)))"),
    (r"\cos(n-m)\theta", "(cos (* (+ n (- m)) theta))"),
    (r"\sqrt d x", "(* (sqrt d) x)"),
    (r"\sqrt[3]{x}", "(^ x (/ 1 3))"),
    (r"\operatorname{softmax}(x)_i", "(entry (softmax x) i)"),
    (r"\log\det\Sigma", "(log (det Sigma))"),
    (r"\det(\Sigma)^{-1}", "(^ (det Sigma) (- 1))"),
]
BARS = [
    ("|x| |y|", "(* (bars x) (bars y))"),
    (r"\log |\Sigma|", "(log (bars Sigma))"),
    (r"\|x - y\|^2 / 2", "(/ (^ (norm (+ x (- y))) 2) 2)"),
    (r"\|X\|_F^2", "(^ (normF X) 2)"),
    (r"\langle x, y \rangle", "(inner x y)"),
    (r"\mathrm{KL}(p \| q)", "(KL p q)"),
    (r"\mathrm{KL}(q(z) \| p(z|x))", "(KL q(z) p(z | x))"),
    (r"\mathcal{L}\big|_{w = b}", "(at cal L w = b)"),
]
BINDERS = [
    (r"\sum_i x_i + y", "(+ (sum i x_{i}) y)"),
    (r"\sum_i x_i y_i", "(sum i (* x_{i} y_{i}))"),
    (r"\sum_i (x_i + y)", "(sum i (+ x_{i} y))"),
    (r"\sum_i x_i \sum_j y_j", "(sum i (* x_{i} (sum j y_{j})))"),
    (r"\sum_{i,j=1}^n x_i", "(sum i=1..n j=1..n x_{i})"),
    (r"\sum_{ij} x_i y_j", "(sum i j (* x_{i} y_{j}))"),
    (r"\sum_{x \in \mathcal{X}} p(x)", "(sum x p(x))"),
    (r"\sum\limits_{k} z_k", "(sum k z_{k})"),
    (r"\prod_i p_i", "(prod i p_{i})"),
    (r"\int x p(x) \, \mathrm{d}x + 1", "(+ (integral x (* x p(x))) 1)"),
    (r"\arg\min_w \mathcal{L}(w)", "(argmin w cal L(w))"),
    (r"\max(0, x)", "(max [0,x])"),
    (r"\max_{w : \|w\| = 1} f(w)", "(max w (norm w) = 1 f(w))"),
    (r"\max_w \{ f(w) : w = b, \|w\| \le 1 \}", "(max w w = b (norm w) <= 1 f(w))"),
    (r"\mathbb{E}[x]^2", "(^ (E x) 2)"),
    (r"\mathbb{E}_{x \sim p, y \sim q}[x y]", "(E x~p y~q (* x y))"),
    (r"E_q[\log p(x)]", "(E ~q (log p(x)))"),
    (r"\operatorname{Cov}(x, y)", "(Cov x y)"),
    (r"\mathbb{E}[y \mid x]", "(E y)|x"),
    ("E_q[(x - y)^2 | x, z]^2", "(^ (E ~q (^ (+ x (- y)) 2))|x|z 2)"),
    (r"\mathrm{Cov}(x, y \mid z)", "(Cov x y)|z"),
    (r"\mathbb{E}[|x| y]", "(E (* (bars x) y))"),
]
DERIVATIVES = [
    (r"\nabla_w \mathcal{L} \, v", "(* (d/w cal L) v)"),
    (r"\nabla_w \frac12 \|w\|^2", "(d/w (* (/ 1 2) (^ (norm w) 2)))"),
    (r"\nabla_w^2 \mathcal{L}", "(d/w/w cal L)"),
    (r"\nabla \mathcal{L}", "(d cal L)"),
    (r"\frac{\partial^2 \mathcal{L}}{\partial w \partial b}", "(d/w/b cal L)"),
    (r"\frac{\partial z}{\partial x} \frac{\partial x}{\partial w}", "(* (d/x z) (d/w x))"),
]
COLLECTIONS = [
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "[a,b;c,d]"),
    (r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}", "(det [a,b;c,d])"),
    (
        r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}",
        "(cases x x > 0 0 otherwise)",
    ),
    (r"[x_1, \dots, x_n]", "[x_{1},...,x_{n}]"),
    (r"\mathbb{1}[i = j]", "(1 i = j)"),
    (r"\mathbf{1}\{y_i = k\}", "(1 y_{i} = k)"),
    (r"\mathbf{1}^\top x", "(* (T ones) x)"),
]


@pytest.mark.parametrize(
    ("tex", "tree"),
    [
        *SUMS_AND_PRODUCTS,
        *SCRIPTS,
        *APPLICATIONS,
        *FUNCTIONS,
        *BARS,
        *BINDERS,
        *DERIVATIVES,
        *COLLECTIONS,
    ],
)
def test_a_formula_reads_as(tex: str, tree: str) -> None:
    assert_reads(tex, tree)


@pytest.mark.parametrize(
    "texts",
    [
        ("x^T", r"x^\top", r"x^{\mathsf T}", r"x^\intercal", r"x^{\mathrm{T}}", r"{x}^{T}"),
        (r"\hat{w}", r"\hat w", r"\widehat{w}", r"\mathbf{\hat w}", r"\hat{\mathbf{w}}"),
        ("x", r"\mathbf{x}", r"\boldsymbol x", r"\vec{x}", r"\bm{x}", "{x}"),
        (r"\mathbb{E}_q[x]", r"\operatorname*{\mathbb{E}}_q[x]", r"\mathop{\mathbb{E}}_q[x]"),
        (r"\arg\max_w x", r"\operatorname*{arg\,max}_w x", r"\mathop{\arg\max}_w x"),
        (r"\frac{1}{2}", r"\frac12", r"\tfrac 1 2", r"\dfrac12", "1/2"),
        (r"\|x\|", r"\lVert x \rVert", "||x||", r"\left\| x \right\|", "‖x‖"),
        (r"\frac{\partial z}{\partial w}", r"\partial z / \partial w", r"\frac{d z}{d w}"),
        (r"\mathrm{KL}(p \| q)", r"D_{\mathrm{KL}}(p || q)", r"KL(p\,\|\,q)", r"\text{KL}(p \| q)"),
        (r"\arg\min_w f(w)", r"\operatorname*{arg\,min}_w f(w)", r"\mathrm{argmin}_w f(w)"),
        (r"\mathbb{E}_q[x]", r"\mathbb E_{q} [x]", r"E_q[x]", r"\mathbb{E}_q \left[ x \right]"),
        (r"\pi_{ref}", r"\pi_{\text{ref}}", r"\pi_\mathrm{ref}"),
        (r"p(x \mid y)", "p(x|y)", r"p(x\,|\,y)", r"p\left(x \middle| y\right)"),
        (r"\epsilon", r"\varepsilon", "ϵ"),
        (r"e^{x}", r"\exp(x)", r"\mathrm{e}^{x}"),
    ],
    ids=lambda texts: texts[0],
)
def test_one_thing_in_many_dresses(texts: tuple[str, ...]) -> None:
    assert_same_tree(*texts)


def test_a_log_of_two_fractions_has_two_readings() -> None:
    tex = r"\log\frac{x}{y}\frac{y}{z} w"

    assert outline(reading(tex)) == "(* (log (/ x y)) (/ y z) w)"
    assert outline(reading(tex, "wide function")) == "(* (log (* (/ x y) (/ y z))) w)"


@pytest.mark.parametrize("dot", [r"\cdot", r"\times"])
def test_a_log_may_go_on_behind_the_dot_between_two_fractions(dot: str) -> None:
    tex = rf"\log\frac{{x}}{{y}} {dot} \frac{{y}}{{z}}"

    assert outline(reading(tex, "wide function")) == "(log (* (/ x y) (/ y z)))"


def test_a_log_without_brackets_has_two_readings() -> None:
    assert outline(reading(r"\log x y", "narrow function")) == "(* (log x) y)"


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        (r"w = ⟪(⟫X^\top X", "the formula ends before this bracket is closed: add )"),
        ("w = X⟪)⟫ y", ") has no partner before it: take it out"),
        ("w = ⟪(X]⟫", "( is closed by ]: add )"),
        (r"w = ⟪\frac{a}⟫", r"\frac takes two groups: the second is missing"),
        ("w = a^⟪{}⟫", "an empty superscript"),
        ("w = a^2⟪^⟫3", "a second superscript on one symbol: put the first in braces"),
        ("w = a_i⟪_⟫j", "a second subscript on one symbol: put the first in braces"),
        (r"w = \sqrt⟪{}⟫", "an empty group: write a formula"),
        (r"w = ⟪\|⟫a", r"this norm is never closed: add \|"),
        ("w = ⟪|⟫a", "this bar is never closed: add |"),
        (r"w = ⟪\langle⟫ a, b", r"this bracket is never closed: add \rangle"),
        (r"w = \sum_i⟪_⟫j a", "a second subscript on one symbol: put the first in braces"),
        (r"w = \nabla_x⟪_⟫w f", "a second subscript on one symbol: put the first in braces"),
        ("w = E_q⟪_⟫p[x]", "a second subscript on one symbol: put the first in braces"),
        (r"w = \sin^2⟪^⟫3 x", "a second superscript on one symbol: put the first in braces"),
        ("w = (a)^2⟪'⟫", "a second superscript on one symbol: put the first in braces"),
        (
            r"w = \mathrm{KL}⟪(⟫p)",
            r"KL compares two distributions: write \mathrm{KL}(p \| q)",
        ),
        (
            r"w = ⟪\frac{\partial^2 L}{\partial w}⟫",
            "the numerator says order 2, the denominator 1",
        ),
        (
            r"w = ⟪\begin⟫{pmatrix} 1 & 2",
            r"\begin{pmatrix} is never ended: add \end{pmatrix}",
        ),
        (
            r"w = ⟪\begin{pmatrix} 1 \end{bmatrix}⟫",
            r"\begin{pmatrix} is ended by \end{bmatrix}",
        ),
        (r"w = \arg ⟪w⟫", r"w stands where \max or \min was expected"),
        (r"w = \mathbb{1}[i⟪]⟫", "] stands where a condition such as i = j was expected"),
        ("w = a =⟪=⟫ b", "= stands where a formula was expected"),
        ("w = ⟪*⟫ b", "* stands where a formula was expected"),
        ("w = (⟪)⟫", ") stands where a formula was expected"),
    ],
)
def test_a_broken_formula_is_pointed_at(marked: str, message: str) -> None:
    assert_fails_at(marked, message)


@pytest.mark.parametrize(
    "tex",
    [
        "w =",
        "w = a +",
        "w = a + &",
        r"w = a \cdot",
        r"w = \log",
        r"w = \nabla_w",
        "w = p(x|",
        r"w = \sum_i",
    ],
)
def test_a_formula_that_stops_is_unreadable(tex: str) -> None:
    assert_fails_at(f"{tex[:-1]}⟪{tex[-1]}⟫", "the formula stops where a formula was expected")


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"w = a \pm b", "± stands for two formulas: write them one by one"),
        (r"w = \binom{n}{2}", "binomial coefficients are outside of what is checked"),
        (r"w = x^{\odot n}", "this elementwise power"),
        (r"w = \mathbb{E}[x \| y | z]", "the bars in this bracket"),
        (r"w = \nabla^3 f", "derivatives are read up to the second order"),
        ("w = " + "(" * 60 + "x" + ")" * 60, "it is nested too deeply"),
    ],
)
def test_what_is_read_but_not_understood_is_unclear(tex: str, message: str) -> None:
    assert_unclear(tex, message)
