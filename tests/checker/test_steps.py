"""Which key step a right line states, which slip a wrong one is, and contexts."""

import pytest

from app.checker import Checker, ContextSpec, StepSpec
from app.library.checking import checker_of
from tests.checker.helpers import assert_verdict
from tests.checker.shipped import LIBRARY


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (r"\nabla_w \mathcal{L} = X^\top X w - X^\top y", ("1",)),
        (r"\nabla_w L = -X^T (y - Xw)", ("1",)),
        (r"\frac{\partial L}{\partial w_j} = \sum_i (x_i^\top w - y_i) x_{ij}", ("1",)),
        (r"X^\top y - X^\top X w = -\nabla_w \mathcal{L}", ("1",)),
        (r"X^\top X w = X^\top y", ("2",)),
        (r"2 X^\top (Xw - y) = 0", ("2",)),
        (r"X^\top (y - X \hat{w}) = 0", ("2",)),
        (r"w = (X^\top X)^{-1} X^\top y", ("3",)),
        (r"\nabla_w \mathcal{L} = X^\top(Xw - y) = 0", ("1", "2")),
        (r"\nabla_w^2 \mathcal{L} = X^\top X", ("4a",)),
        (r"v^\top \nabla_w^2 \mathcal{L}\, v = \|Xv\|^2 \ge 0", ("4b",)),
    ],
)
def test_a_right_line_reaches_a_step(ols: Checker, line: str, parts: tuple[str, ...]) -> None:
    assert assert_verdict(ols, line, "holds", where=ols.check([line])[0].where).parts == parts


@pytest.mark.parametrize(
    "line",
    [
        r"\mathcal{L} = \frac12 \|y - Xw\|^2",  # a given
        r"\nabla_w \mathcal{L} = \nabla_w \mathcal{L}",
        r"X^\top X = X^\top X",
        r"\mathcal{L} \ge 0",
    ],
)
def test_a_right_line_may_reach_nothing(ols: Checker, line: str) -> None:
    assert assert_verdict(ols, line, "holds").parts == ()


def test_a_step_may_be_reached_over_several_lines(ols: Checker) -> None:
    findings = ols.check(["r = y - Xw", r"\nabla_w \mathcal{L}", r"= -X^\top r"])

    assert findings[-1].parts == ("1",)
    assert findings[-1].steps == (1,)


def test_what_goes_on_from_a_wrong_line_reaches_nothing(ols: Checker) -> None:
    wrong, rewritten, right = ols.check(
        [
            r"\nabla_w L = 2 X^\top (Xw - y)",
            r"= 2 X^\top X w - 2 X^\top y",
            r"\nabla_w L = X^\top X w - X^\top y",
        ]
    )

    assert (wrong.verdict, rewritten.verdict) == ("fails", "holds")
    assert [wrong.parts, rewritten.parts, right.parts] == [(), (), ("1",)]


def test_a_wrong_line_reaches_nothing(ols: Checker) -> None:
    assert assert_verdict(ols, r"\nabla_w \mathcal{L} = X^\top y", "fails").parts == ()


@pytest.mark.parametrize(
    ("line", "slip"),
    [
        (r"\nabla_w \mathcal{L} = X^\top (y - Xw)", "sign"),
        (r"\nabla_w L = X^T y - X^T X w", "sign"),
        (r"\nabla_w \mathcal{L} = 2 X^\top X w - 2 X^\top y", "factor"),
        (r"\frac{\partial L}{\partial w_j} = \sum_i (y_i - x_i^\top w) x_{ij}", "sign"),
        (r"\nabla_w \mathcal{L} = -X (y - Xw)", "transpose"),
        (r"\hat{w} = X^{-1} y", "inverse"),
        (r"\nabla_w \mathcal{L} = X^\top y", None),
        ("1 = 2", None),
    ],
)
def test_a_known_slip_is_named(ols: Checker, line: str, slip: str | None) -> None:
    assert assert_verdict(ols, line, "fails").slip == slip


def test_forms_and_excludes_of_a_step() -> None:
    checker = Checker(
        [r"w, a \in \mathbb{R}^d", r"f(w) = \frac12 \|w - a\|^2"],
        steps=[
            StepSpec(
                "1",
                r"\nabla_w f = w - a",
                forms=(r"\|\nabla_w f\|^2 = \|w - a\|^2",),
                excludes=(r"-\nabla_w f = a - w",),
            )
        ],
    )

    right = [r"\nabla_w f = w - a", r"\|w - a\|^2 = \|\nabla_w f\|^2", r"-\nabla_w f = a - w"]

    assert [finding.parts for finding in checker.check(right)] == [("1",), ("1",), ()]


@pytest.mark.parametrize(
    ("judges", "line", "where"),
    [
        ("any", r"w^\top a = 2 \|a\|^2", "at twice a"),
        ("any", "w = 2 a", "at twice a"),
        ("stationarity", "w = 2 a", "at twice a"),
        ("stationarity", "w - 2 a = 0", "at twice a"),
        ("stationarity", r"w^\top a = 2 \|a\|^2", None),
        ("said", "w - 2 a = 0", None),
        ("said", r"w^\top a = 2 \|a\|^2 \text{ if } w = 2 a", "at twice a"),
    ],
)
def test_a_context_judges_some_lines(judges: str, line: str, where: str | None) -> None:
    context = ContextSpec("at twice a", ("w = 2 a",), judges)
    checker = Checker([r"w, a \in \mathbb{R}^d"], contexts=[context])

    assert_verdict(checker, line, "holds" if where else "fails", where=where)


def test_what_is_wrong_in_a_context_fails_there_too() -> None:
    checker = Checker(
        [r"w, a \in \mathbb{R}^d"], contexts=[ContextSpec("there", ("w = 2 a",), "any")]
    )

    assert_verdict(checker, r"w^\top a = 3 \|a\|^2", "fails")


# Two gradients, which are one step; each row in another way; and what is enough by itself.
GRADIENTS = StepSpec(
    "1",
    r"\begin{aligned} \nabla_w f &= w - a \\ \nabla_w g &= a \end{aligned}",
    forms=(r"\nabla_w (2 f) = 2 w - 2 a, \quad \nabla_w (g^2) = 2 g a", r"\nabla_w (f + g) = w"),
    every_row=True,
)


@pytest.mark.parametrize(
    ("lines", "reached"),
    [
        ([r"\nabla_w f = w - a"], [False]),
        ([r"\nabla_w g = a", r"\nabla_w g = a"], [False, False]),
        ([r"\nabla_w f = w - a, \quad \nabla_w g = a"], [True]),
        ([r"\nabla_w f = w - a", r"\|a\|^2 \ge 0", r"a = \nabla_w g"], [False, False, True]),
        ([r"\nabla_w g^2 = 2 g a", r"\nabla_w f = w - a"], [False, True]),
        ([r"\nabla_w (f + g) = w"], [True]),
        ([r"\nabla_w f = w - a", r"\nabla_w g = -a", r"\nabla_w g = a"], [False, False, True]),
    ],
)
def test_a_step_may_need_every_row(lines: list[str], reached: list[bool]) -> None:
    givens = [r"w, a \in \mathbb{R}^d", r"f(w) = \frac12 \|w - a\|^2", r"g(w) = a^\top w"]
    checker = Checker(givens, steps=[GRADIENTS])

    assert [finding.parts == ("1",) for finding in checker.check(lines)] == reached


def test_a_row_names_the_number_of_its_step() -> None:
    givens = [r"w, a \in \mathbb{R}^d", r"f(w) = \frac12 \|w - a\|^2", r"g(w) = a^\top w"]
    checker = Checker(givens, steps=[GRADIENTS])

    one, both = checker.check([r"\nabla_w f = w - a", r"\nabla_w g = a"])

    assert (one.parts, one.rows, one.steps) == ((), ("1",), (1,))
    assert (both.parts, both.rows, both.steps) == (("1",), (), (1,))


def test_rows_are_forgotten_with_the_sheet() -> None:
    givens = [r"w, a \in \mathbb{R}^d", r"f(w) = \frac12 \|w - a\|^2", r"g(w) = a^\top w"]
    checker = Checker(givens, steps=[GRADIENTS])

    checker.check([r"\nabla_w f = w - a"])

    assert checker.check([r"\nabla_w g = a"])[0].parts == ()


# --- the shipped derivations ---------------------------------------------------------------------

DUAL = r"\sum_i \alpha_i - \frac12 \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j"


@pytest.mark.parametrize(
    ("derivation", "line", "parts"),
    [
        # The variable and the object of a derivative decide which question is asked.
        ("mlp-backprop", r"\nabla_{b_1} L = \delta_1", ("6",)),
        ("mlp-backprop", r"\delta_1 = W_2^\top \delta_2 \odot \sigma'(z_1)", ("4",)),
        ("mlp-backprop", r"\delta_2 = \hat y - y", ("1c",)),
        ("mlp-backprop", r"\nabla_{b_2} L = \hat y - y", ("3",)),
        ("mlp-backprop", r"\delta_1 = \nabla_{z_1} L", ()),
        ("logistic-regression", r"\frac{\partial p}{\partial z} = p(1-p)", ("2",)),
        ("logistic-regression", r"\frac{\partial^2 L}{\partial z^2} = p(1-p)", ()),
        ("logistic-regression", r"\frac{\partial L}{\partial p} \frac{dp}{dz} = p - y", ("3",)),
        ("logistic-regression", r"\frac{p-y}{p(1-p)} p(1-p) = p - y", ()),
        ("logistic-regression", r"dL = (p-y) x^\top dw", ("4",)),
        ("ols", r"\frac{\partial}{\partial w}(y^\top X w) = X^\top y", ()),
        ("ols", r"\nabla_w (X^\top X w - X^\top y) = X^\top X \succeq 0", ("4",)),
        # Any letter for the vector that may be any.
        ("ols", r"u^\top X^\top X u = \|X u\|^2 \ge 0", ("4",)),
        # Steps whose sides are worth the same: the one that the line looks most like.
        ("information-gain", r"\mathrm{IG} = H(S) - H(S|A)", ("3",)),
        (
            "information-gain",
            r"\mathrm{IG} = \sum_{c,v} p(c,v) \log \frac{p(c,v)}{p(c)p(v)}",
            ("4",),
        ),
        ("information-gain", r"\mathrm{IG} = H(Y) + H(A) - H(Y,A)", ("4",)),
        ("information-gain", r"\mathrm{IG} = 0 \iff Y \perp A", ("5",)),
        ("pca-svd", r"\Sigma = \frac1n X^\top X", ("1",)),
        ("pca-svd", r"\Sigma = \frac1n V S^2 V^\top", ("3",)),
        ("rope", r"\langle R_m q, R_n k \rangle = q^\top R_{n-m} k", ("4",)),
        ("rope", r"(R(m) q)^\top R(n) k = q^\top R(m)^\top R(n) k", ("1",)),
        # Transposing a number says nothing.
        ("rope", r"q^\top R_{n-m} k = k^\top R_{m-n} q", ()),
        ("rope", r"q^\top R_m^\top R_n k = k^\top R_n^\top R_m q", ()),
        # The same by other habits.
        ("ols", r"\mathrm{grad}\, L = X^\top (Xw - y)", ("1",)),
        ("rope", r"R_m R_m^\top = I_2", ("2",)),
        ("rope", r"R(m)^\top R(n) = R(n - m)", ("3",)),
        ("kl-divergence", r"D(p\|q) \ge 0", ("3",)),
        ("em-gmm", r"\mu_k = \frac{\sum_i \gamma(z_{ik}) x_i}{\sum_i \gamma(z_{ik})}", ("2a",)),
        # At the time t, and after it.
        ("em-gmm", r"\mu_k^{t+1} = \frac{1}{N_k} \sum_i \gamma_{ik} x_i", ("2a",)),
        ("em-gmm", r"\mu_k^{t+1} = \frac{1}{N_k} \sum_i \gamma_{ik}^t x_i", ("2a",)),
        ("em-gmm", r"\pi_k^{t+1} = \frac{N_k}{N}", ("2c",)),
        (
            "em-gmm",
            r"\gamma_{ik}^{(t)} = \frac{\pi_k^{(t)} \mathcal{N}(x_i|\mu_k^{(t)}, \Sigma_k^{(t)})}"
            r"{\sum_j \pi_j^{(t)} \mathcal{N}(x_i|\mu_j^{(t)}, \Sigma_j^{(t)})}",
            ("1",),
        ),
        ("em-gmm", r"\mathcal{L}(q^t, \theta^t) = \log p_{\theta^t}(x)", ("4b",)),
        # Of two steps that look alike, the one that is said of where the line holds.
        ("attention", r"A_{ij} = \frac{e^{S_{ij}}}{\sum_{l \le i} e^{S_{il}}}, j \le i", ("6b",)),
        ("attention", r"A_{ij} = \frac{e^{S_{ij}}}{\sum_l e^{S_{il}}}", ("2",)),
        # A zero that does not show is not the zero of a bound.
        (
            "kl-divergence",
            r"\mathbb{E}_p[\log\frac{q}{p}] \le \log\mathbb{E}_p[\frac{q}{p}]",
            ("2",),
        ),
        ("kl-divergence", r"\log \sum_x p(x) \frac{q(x)}{p(x)} = \log 1 = 0", ()),
        ("bias-variance", r"\mathbb{E}_D[\bar f - \hat f_D] = \bar f - \bar f = 0", ()),
        ("bias-variance", r"2(y - \bar f)\,\mathbb{E}_D[\bar f - \hat f_D] = 0", ("3",)),
        # What an answer has to bring in.
        ("bias-variance", r"(y - \hat f_D)^2 = y^2 - 2 y \hat f_D + \hat f_D^2", ()),
        ("elbo", r"\log p_\theta(x) = \log p_\theta(x,z) - \log p_\theta(z|x)", ()),
        ("elbo", r"\mathrm{ELBO} = \mathbb{E}_q[\log p_\theta(x,z)] + H(q)", ("2",)),
        ("elbo", r"\mathrm{ELBO} = \mathbb{E}_q[\log \frac{p(x,z)}{q(z|x)}]", ()),
        ("elbo", r"\log p(x) \ge \mathrm{ELBO}", ("2",)),
        # What does not count does not under other names either.
        ("elbo", r"\log P(x) \ge \mathrm{ELBO}(x)", ("2",)),
        ("elbo", r"\mathrm{ELBO} = \mathbb{E}_{z \sim q(z|x)}[\log \frac{p(x,z)}{q(z|x)}]", ()),
        ("kl-divergence", r"\mathrm{KL}(p\|q) = \mathbb{E}_{x \sim p}[\log\frac{p}{q}]", ()),
        # Two sides that are equal up to rounding are no multiple of the two sides of a bound.
        ("pca-svd", r"\max_{\|v\| = 1} v^\top \Sigma v \ge \lambda_1", ()),
        # A constant does not ask for the variance that it is.
        ("attention", "d_k = d", ()),
        ("rope", "R_0 = I", ()),
        # Conditions with the solution in them, and in a case.
        (
            "dpo",
            r"r(x,y) - \beta(\log\frac{\pi^*(y|x)}{\pi_{ref}(y|x)} + 1) + \lambda = 0",
            ("1a",),
        ),
        ("ols", r"X^\top X w^* = X^\top y", ("2",)),
        ("svm-dual", r"y_i(w^\top x_i + b) = 1 \text{ if } \alpha_i > 0", ("6a",)),
        ("svm-dual", r"\nabla_w L = 0", ()),
        # One factor for all terms may be a name.
        (
            "dpo",
            r"\frac{r(x,y)}{\beta} = \log\frac{\pi^*(y|x)}{\pi_{ref}(y|x)} + \log Z(x)",
            ("2",),
        ),
        # Problems.
        ("svm-dual", rf"\max_{{\alpha \succeq 0,\ \alpha^\top y = 0}} {DUAL}", ("4",)),
    ],
)
def test_a_line_states_its_step_and_no_other(
    derivation: str, line: str, parts: tuple[str, ...]
) -> None:
    finding = checker_of(LIBRARY[derivation]).check([line])[-1]

    assert (finding.verdict, finding.parts) == ("holds", parts), finding.message


@pytest.mark.parametrize(
    ("derivation", "lines", "parts"),
    [
        ("pca-svd", [r"A := X^\top X", r"A = V S^2 V^\top"], ("3",)),
        ("pca-svd", [r"A := X^\top X", r"X^\top X = A"], ()),
        ("ols", [r"g := \nabla_w L", r"g = X^\top(Xw - y)"], ("1",)),
        ("ols", [r"g := \nabla_w L", r"\nabla_w L = g"], ()),
        ("ols", [r"b := \hat w", r"\hat w = b"], ()),
        ("elbo", [r"\ell := \log p_\theta(x)", r"\ell \ge \mathrm{ELBO}"], ("2",)),
        (
            "rope",
            [r"\Delta := n - m", r"\langle R_m q, R_n k \rangle = q^\top R_\Delta k"],
            ("4",),
        ),
        ("attention", [r"\tilde S := S + M", r"A = \mathrm{softmax}(\tilde S)"], ("6b",)),
    ],
)
def test_a_name_of_the_writer_is_what_it_stands_for(
    derivation: str, lines: list[str], parts: tuple[str, ...]
) -> None:
    assert checker_of(LIBRARY[derivation]).check(lines)[-1].parts == parts


@pytest.mark.parametrize(
    ("derivation", "lines", "parts"),
    [
        ("attention", ["Q_h = X W_h^Q"], ()),
        ("attention", ["Q_h = X W_h^Q", "V_h = X W_h^V", "K_h = X W_h^K"], ("5a",)),
        ("ols", [r"\nabla_w^2 \mathcal{L} = X^\top X"], ()),
        ("ols", [r"\nabla_w^2 \mathcal{L} = X^\top X", r"v^\top X^\top X v = \|X v\|^2"], ("4",)),
        ("ols", [r"v^\top X^\top X v = \|X v\|^2 \ge 0"], ("4",)),
        ("logistic-regression", [r"\nabla_w^2 \mathcal{L} = p(1-p) x x^\top"], ()),
        (
            "logistic-regression",
            [r"v^\top \nabla_w^2 \mathcal{L} v = p(1-p)(v^\top x)^2 \ge 0"],
            ("5",),
        ),
        ("dpo", [r"Z(x) = \sum_y \pi_{ref}(y|x) e^{r(x,y)/\beta}"], ()),
        ("svm-dual", [r"b \sum_i \alpha_i y_i = 0"], ()),
        ("svm-dual-soft", [r"\sum_i \xi_i (C - \alpha_i - \mu_i) = 0"], ()),
        ("elbo-gaussian", [r"\sigma = \frac{1}{\sqrt{1 + \theta^2}}"], ()),
        (
            "elbo-gaussian",
            [r"\sigma = \frac{1}{\sqrt{1 + \theta^2}}", r"(1 + \theta^2) \mu = \theta x"],
            ("5",),
        ),
        (
            "attention-backward",
            [
                r"\nabla_K \mathcal{L} = \frac{1}{\sqrt d} (\nabla_S \mathcal{L})^\top Q",
                r"\nabla_Q \mathcal{L} = \frac{1}{\sqrt d} \nabla_S \mathcal{L} K",
            ],
            ("5",),
        ),
    ],
)
def test_a_row_that_is_not_the_step(
    derivation: str, lines: list[str], parts: tuple[str, ...]
) -> None:
    assert checker_of(LIBRARY[derivation]).check(lines)[-1].parts == parts


@pytest.mark.parametrize(
    "constraints",
    ["", r" \text{ s.t. } \alpha_i \ge 0", r" \text{ s.t. } \sum_i \alpha_i y_i = 0"],
)
def test_a_problem_without_its_constraints_is_another_problem(constraints: str) -> None:
    assert_verdict(
        checker_of(LIBRARY["svm-dual"]),
        rf"\max_\alpha {DUAL}{constraints}",
        "fails",
        "This is not the problem of this derivation.",
    )


def test_what_stands_behind_a_problem_belongs_to_it() -> None:
    problem = (
        r"\max_{\alpha \ge 0} \mathbf{1}^\top \alpha - \frac12 \alpha^\top Q \alpha, "
        r"\quad Q_{ij} = y_i y_j x_i^\top x_j, \quad y^\top \alpha = 0"
    )

    finding = checker_of(LIBRARY["svm-dual"]).check([problem])[-1]

    assert finding.verdict == "holds"
    assert "4" in finding.parts
