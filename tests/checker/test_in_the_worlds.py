"""What the worlds of the content have to tell apart, beyond the cases that numpy confirms: bounds
that are true of usual numbers only, conditions in all forms, names with something left out."""

import pytest

from app.library.checking import checker_of
from tests.checker.helpers import verdicts
from tests.content.cases import LIBRARY

# Small changes, and the same letters as short for gradients of the loss.
CHANGES = [
    ("ols", r"d(X w) = X\,dw", "holds"),
    ("ols", r"dw = X^\top (Xw - y)", "holds"),
    ("ols", r"dw = X^\top (y - Xw)", "fails"),
    ("logistic-regression", r"dL = (p-y)\,dz", "holds"),
    ("logistic-regression", r"dL = (y-p)\,dz", "fails"),
    ("mlp-backprop", r"dW_1 = dz_1 x^\top", "holds"),
    ("mlp-backprop", r"dW_1 = x\, dz_1^\top", "fails"),
    ("mlp-backprop", r"dz_1 = W_2^\top dz_2 \odot \sigma'(z_1)", "holds"),
    ("mlp-backprop", r"dz_1 = W_2^\top dz_2", "fails"),
    ("mlp-backprop", r"dz_2 = dW_2 h_1 + W_2 dh_1 + db_2", "holds"),
    ("mlp-backprop", r"dz_2 = dW_2 h_1 + 2 W_2 dh_1 + db_2", "fails"),
    ("mlp-backprop", r"d\mathcal{L} = \delta_2^\top dz_2", "holds"),
]
# As other people write it.
HABITS = [
    ("ols", r"\hat w = \argmin_w L(w)", "holds"),
    ("ols", r"{\partial L \over \partial w} = X^T(Xw-y)", "holds"),
    ("ols", r"\mathrm{Rang}(P) = d", "holds"),
    ("ols", r"y - \hat y \perp X", "holds"),
    ("ols", r"y \perp \hat y", "fails"),
    ("ols", "y(w) = Xw", "unclear"),
    ("logistic-regression", r"p(x) = \sigma(w^\top x)", "holds"),
    ("logistic-regression", r"p(x) = \sigma(-w^\top x)", "fails"),
    ("mlp-backprop", r"h_1(x) = \sigma(W_1 x + b_1)", "holds"),
    ("mlp-backprop", r"L = -\log\hat y_k \text{ where } y_k = 1", "holds"),
    ("mlp-backprop", r"L = \log\hat y_k \text{ where } y_k = 1", "fails"),
    ("attention", r"\mathrm{std}(q^\top k) = \sqrt d", "holds"),
    ("attention", r"M_{ij} = 0 \text{ if } j \le i, -\infty \text{ otherwise}", "holds"),
    ("attention", r"M_{ij} = 0 \text{ if } j > i, -\infty \text{ otherwise}", "fails"),
    ("attention", r"q \perp k", "unclear"),
    ("attention", "A1 = 1", "holds"),
    ("attention", r"A^\top 1 = 1", "fails"),
    ("attention", r"A1 = 1^\top", "fails"),
    ("ols", r"d\hat w = (X^\top X)^{-1} X^\top dy", "unclear"),
    ("ols", r"\mathrm{grad}_w\, L = 2 X^\top (Xw - y)", "fails"),
    ("kl-divergence", r"D(p\|q) \le 0", "fails"),
    ("kl-divergence", r"D(p\|q) = \sum_x (p(x) - q(x))^2", "defines"),
    ("rope", r"\langle R_m q | R_n k\rangle = q^T R_m^T R_n k", "holds"),
    ("rope", r"e^{im\theta} = \cos m\theta + i\sin m\theta", "unclear"),
    (
        "bias-variance",
        r"\langle (y-\hat f_D)^2\rangle_D = \mathrm{Var}",
        "unclear",
    ),
    ("bias-variance", r"\langle (\hat f_D - \bar f)^2\rangle = \mathrm{Var}", "holds"),
    ("kl-divergence", r"\mathbb{E}_q[\log q/p] \ge 0", "holds"),
    ("kl-divergence", r"\mathbb{E}_q[\log q/p] \le 0", "fails"),
    ("kl-divergence", r"\log t \le t - 1", "holds"),
    ("kl-divergence", r"\log t \ge t - 1", "unclear"),
    ("kl-divergence", r"t \le 10", "unclear"),
    ("kl-divergence", r"t^2 \ge \frac1{20}", "unclear"),
    ("em-gmm", r"\mu_k^{t+1} = \frac{\sum_i \gamma_{ik} x_i}{N_k}", "holds"),
    ("em-gmm", r"\mu_k^{(t)} = \mu_k", "fails"),
    ("em-gmm", r"\ln p(x|\theta) = \mathcal{L}(q,\theta) + \mathrm{KL}(q\|p)", "unclear"),
    (
        "pca-svd",
        r"\nabla_v (v^\top \Sigma v - \lambda v^\top v) = 2\Sigma v - 2\lambda v",
        "holds",
    ),
    ("pca-svd", r"2\Sigma v - 2\lambda v = 0", "holds"),
    ("pca-svd", r"2\Sigma v - \lambda v = 0", "fails"),
    ("svm-dual", r"\inf_{w,b} L(w,b,\alpha) \le \frac12\|w\|^2", "unclear"),
    ("dpo", r"\log\left(\frac{\pi_\theta(y|x)}{\pi_{ref}(y|x)}\right)^2 \ge 0", "holds"),
]
# The point at which a derivative is taken, derivatives by rows, zeros with a shape.
BY_ROWS = [
    ("ols", r"\frac{\partial L}{\partial w}(w) = X^\top (Xw - y)", "holds"),
    ("ols", r"\frac{dL}{dw}(\hat w) = 0", "holds"),
    ("ols", r"\frac{dL}{dw}(\hat w) = X^\top y", "fails"),
    ("logistic-regression", r"\frac{d\sigma}{dt}(t) = \sigma(t) (1 - \sigma(t))", "holds"),
    ("logistic-regression", r"\frac{d\sigma}{dt}(t) = \sigma(t) (1 + \sigma(t))", "fails"),
    ("logistic-regression", r"\frac{dp}{dz}(w) = p (1 - p)", "fails"),
    ("ols", r"\frac{\partial L}{\partial w^\top} = (Xw - y)^\top X", "holds"),
    ("ols", r"\frac{\partial L}{\partial w^\top} = X^\top (Xw - y)", "fails"),
    ("ols", r"\frac{\partial^2 L}{\partial w\, \partial w^\top} = X^\top X", "holds"),
    ("mlp-backprop", r"\frac{\partial z_2}{\partial h_1^\top} = W_2", "holds"),
    ("mlp-backprop", r"\frac{\partial L}{\partial W_2^\top} = \delta_2 h_1^\top", "fails"),
    ("mlp-backprop", r"\mathrm{rank}(\nabla_{W_2} L) = 1", "holds"),
    ("ols", r"(Xw - y)^\top X = 0^\top", "holds"),
    ("ols", r"X^\top (Xw - y) = 0_d", "holds"),
    ("ols", r"X^\top w = 0_d", "fails"),
]
# What is true of the sampled numbers by chance, or not where both sides meet.
STRICTLY = [
    ("kl-divergence", r"\mathrm{KL}(p\|q) > 0", "unclear"),
    ("kl-divergence", r"\mathrm{KL}(p\|q) > 0 \text{ unless } p = q", "holds"),
    ("kl-divergence", r"p \ne q \implies \mathrm{KL}(p\|q) > 0", "holds"),
    ("kl-divergence", r"\mathrm{KL}(p\|q) = 0 \iff H(p) = H(q)", "unclear"),
    ("information-gain", r"\mathrm{IG} > 0", "unclear"),
    ("information-gain", r"\mathrm{IG} = 0 \iff H(S|A) = H(S)", "holds"),
    ("information-gain", r"H(Y|A) = 0 \iff Y = f(A)", "unclear"),
    ("logistic-regression", r"p(1-p) < \frac14", "unclear"),
]
BOUNDS = [
    ("information-gain", r"H(S) \le \log C", "holds"),
    ("information-gain", r"H(S|A) \le H(A)", "fails"),
    ("information-gain", r"\mathrm{IG} \le \frac12 H(S)", "fails"),
    ("information-gain", r"0 \le G(S) < 1", "holds"),
    ("bias-variance", r"\mathbb{E}_{D,\epsilon}[(y - \hat f_D)^2] \ge \sigma^2", "holds"),
    ("bias-variance", r"\mathbb{E}_{D,\epsilon}[(y - \hat f_D)^2] \ge \sigma", "fails"),
    ("logistic-regression", r"\mathcal{L} \le 1", "fails"),
    ("logistic-regression", r"0 < p < 1", "holds"),
    ("logistic-regression", r"p(1-p)(x^\top v)^2 > 0, \quad v \ne 0", "fails"),
    ("logistic-regression", r"p(1-p)\|v\|^2 > 0, \quad v \ne 0", "holds"),
    ("ols-ridge", r"v \ne 0 \implies v^\top (X^\top X + \lambda I) v > 0", "holds"),
    ("attention", "d = 6", "fails"),
    ("attention", r"\|O\| \le \|V\|", "fails"),
    ("attention", r"\|O\| \le \sqrt{L} \|V\|", "holds"),
    ("attention-backward", r"\|O\| \le \|V\|", "fails"),
    ("em-gmm", r"\log p_\theta(x) \le 0", "fails"),
    ("em-gmm", r"\pi_k \le 1", "holds"),
    ("pca-svd", r"\|X - X_k\|_F^2 \le \|X_k\|_F^2", "fails"),
    ("pca-svd", r"s_j \ge s_{j+1}", "holds"),
    # Far off in size, in the number of things, in how sure a distribution is, or where some draws
    # cannot be computed.
    ("pca-svd", r"s_1 \le n", "fails"),
    ("pca-svd", r"\lambda_1 \le s_1", "fails"),
    ("pca-svd", r"1 \le \|X\|_F^2", "fails"),
    ("pca-svd", r"\lambda_1 \le \mathrm{tr}(\Sigma)", "holds"),
    ("information-gain", r"H(S) \le 2", "fails"),
    ("information-gain", r"\mathrm{IG} \le 1", "fails"),
    ("information-gain", r"\mathrm{IG} \le H(A)", "holds"),
    ("kl-divergence", r"H(p) \le 2", "fails"),
    ("em-gmm", r"\pi_k \le N_k", "fails"),
    ("em-gmm", r"\gamma_{ik} \le N_k", "holds"),
    ("svm-dual", r"\sum_i \alpha_i \le n", "unclear"),
    ("svm-dual", r"b \le \|w\|", "unclear"),
    ("svm-dual", r"y_i (w^\top x_i + 1) \ge b", "fails"),
    ("svm-dual", r"\mathcal{L} \le \frac12 \|w\|^2", "holds"),
    ("svm-dual", r"\|w\| \le \|w\|^2", "unclear"),
    ("svm-dual", r"y_i(w^\top x_i + b) \ge 1", "holds"),
    (
        "svm-dual",
        r"\frac12\|w\|^2 \ge \sum_i \alpha_i - \frac12 \|\sum_i \alpha_i y_i x_i\|^2",
        "holds",
    ),
    ("svm-dual", r"\alpha_i \in [0, C]", "holds"),
    ("svm-dual", r"\sum_i \alpha_i \le C", "fails"),
    ("kl-divergence", r"\mathrm{KL}(p \| q) \le H(p)", "fails"),
    ("kl-divergence", r"\mathrm{KL}(p \| q) < \infty", "holds"),
    ("kl-divergence", r"\mathrm{KL}(p \| q) > 0 \text{ if } p = q", "fails"),
    # True wherever q was sampled, and false where q is the posterior.
    (
        "elbo",
        r"\log p_\theta(x) \ge \mathbb{E}_q[\log p_\theta(x|z)] - \mathrm{KL}(p(z) \| q(z|x))",
        "fails",
    ),
]
AT_THE_OPTIMUM = [
    ("ols", r"X^\top X w = X^\top y", "holds"),
    ("ols", r"X^\top X w = X^\top y \quad \forall w", "fails"),
    ("ols", r"\text{for all } w: \nabla_w \mathcal{L} = 0", "fails"),
    ("svm-dual", r"\sum_i \alpha_i = 1", "fails"),
    # A wrong sign of b is wrong, although b is gone at the optimum.
    (
        "svm-dual",
        r"\sum_i \alpha_i y_i (w^\top x_i + b)"
        r" = \sum_i \alpha_i y_i w^\top x_i - b \sum_i \alpha_i y_i",
        "fails",
    ),
    ("svm-dual", r"\sum_i \alpha_i y_i (w^\top x_i + b) = \sum_i \alpha_i y_i w^\top x_i", "holds"),
]
# When the two sides of a bound are equal.
EQUALITY = [
    ("kl-divergence", r"\mathrm{KL}(p\|q) \ge 0 \text{ with equality iff } p = q", "holds"),
    ("kl-divergence", r"\mathrm{KL}(p\|q) \ge 0 \text{ with equality iff } p = 2q", "fails"),
    ("kl-divergence", r"\mathrm{KL}(p\|q) \ge 0 \text{ with equality iff } H(p) = H(q)", "unclear"),
    ("elbo", r"\log p(x) \ge \mathrm{ELBO}, \text{ equality iff } q(z|x) = p(z|x)", "holds"),
    ("elbo", r"\log p(x) \ge \mathrm{ELBO}, \text{ equality iff } q(z|x) = p(z)", "fails"),
    ("information-gain", r"\mathrm{IG} \ge 0 \text{ with equality iff } H(S|A) = H(S)", "holds"),
    ("information-gain", r"\mathrm{IG} \ge 0 \text{ with equality iff } H(S|A) = 0", "unclear"),
    ("information-gain", r"H(S) \le \log C \text{ with equality iff } p_c = 1/C", "holds"),
    ("information-gain", r"H(S) \le \log C \text{ with equality iff } p_c = 1", "unclear"),
    ("mlp-backprop", r"\mathcal{L} \ge 0 \text{ with equality iff } \hat y = 0", "unclear"),
    ("ols", r"v^\top X^\top X v \ge 0 \text{ with equality iff } Xv = 0", "holds"),
    ("ols", r"v^\top X^\top X v \ge 0 \text{ with equality iff } X^\top y = 0", "unclear"),
]
CONDITIONS = [
    ("attention", r"\mathrm{Cov}(q_i, q_j) = 0, \quad i \ne j", "holds"),
    ("attention", r"i \ne j \implies \mathrm{Cov}(q_i, q_j) = 0", "holds"),
    ("attention", r"\mathrm{Cov}(q_i, q_j) = 0, \quad i = j", "fails"),
    ("logistic-regression", r"y = 1: \mathcal{L} = -\log p", "holds"),
    ("logistic-regression", r"\mathcal{L} = -\log p \text{ if $y = 1$}", "holds"),
    ("logistic-regression", r"\mathcal{L} = -\log p \text{ if } y = 0", "fails"),
    ("logistic-regression", r"\text{if } w = 0, p = \frac12", "holds"),
    ("logistic-regression", r"w = 0 \implies p = 1", "fails"),
    ("information-gain", r"\mathrm{IG} = 0 \text{ if } Y \perp A", "holds"),
    ("information-gain", r"\mathrm{IG} = 0 \quad (Y \perp A)", "holds"),
    ("information-gain", r"\mathrm{IG} = 1 \text{ if } Y \perp A", "unclear"),
    ("rope", r"m = n \implies R_{n-m} = I", "holds"),
    ("rope", r"\text{if } m = n, R_{n-m} = -I", "fails"),
    (
        "bias-variance",
        r"\text{if } \sigma = 0, \mathbb{E}[(y - \hat f_D)^2] = \mathrm{Var}",
        "unclear",
    ),
    ("ols", r"\text{if } X v = 0 \text{ then } v = 0", "holds"),
    ("ols", r"\text{if } X^\top y = 0 \text{ then } y = 0", "fails"),
    ("svm-dual", r"\alpha_i = 0 \text{ or } y_i (w^\top x_i + b) = 1", "unclear"),
    ("svm-dual", r"\alpha_i > 0 \implies x_i \text{ is a support vector}", "unclear"),
]
LEFT_OUT = [
    ("pca-svd", r"\Sigma v = \lambda v", "holds"),
    ("pca-svd", r"(\Sigma - \lambda I) v = 0", "holds"),
    ("pca-svd", r"X v = s u", "holds"),
    ("pca-svd", r"\Sigma v = -\lambda v", "fails"),
    ("pca-svd", r"\Sigma v = \lambda^2 v", "fails"),
    ("pca-svd", r"\Sigma u = \lambda u", "fails"),
    ("pca-svd", r"\Sigma v_1 = \lambda v_1", "holds"),
    ("pca-svd", r"\Sigma v_1 = \lambda v_2", "fails"),
    ("pca-svd", r"X^\top X v_j = \lambda v_j", "fails"),
    # Where an index that runs is written, none is left out.
    ("pca-svd", r"\Sigma v_j = \lambda v_j", "fails"),
    ("pca-svd-maximum", r"\Sigma v = \lambda v", "holds"),
    ("svm-dual", r"y (w^\top x + b) \ge 1", "holds"),
    ("svm-dual", r"y (w^\top x + b) \ge 2", "fails"),
    ("svm-dual", r"w = \sum_i \alpha y x", "fails"),
    ("dpo", r"\pi^*(y) \propto \pi_{ref}(y)\, e^{r(y)/\beta}", "holds"),
    ("dpo", r"\pi^*(y) = \pi_{ref}(y)", "fails"),
    ("dpo", r"\pi_{\theta'}(y|x) = \pi_\theta(y|x)", "defines"),
    ("dpo", r"r(y, x) = r(x, y)", "unclear"),
    ("elbo", r"\mathrm{ELBO} = \mathbb{E}_q[\log p(x|z)] - \mathrm{KL}(q(z) \| p(z))", "holds"),
    ("em-gmm", r"\log p(x|\theta_{t+1}) \ge \log p(x|\theta_t)", "holds"),
    ("em-gmm", r"\log p(x|\theta_{t+1}) = \log p(x|\theta_t)", "fails"),
    ("em-gmm", r"\theta_{t+1} = \theta_t", "unclear"),
    ("em-gmm", r"p(X) = \prod_i p(x_i)", "unclear"),
    (
        "bias-variance",
        r"\mathbb{E}[(y - \hat f(x))^2]"
        r" = \mathrm{Bias}(\hat f(x))^2 + \mathrm{Var}(\hat f(x)) + \sigma^2",
        "holds",
    ),
    ("information-gain", r"\mathrm{IG} = \mathbb{E}_{c,v}[\log \frac{p(c,v)}{p(c)p(v)}]", "holds"),
    ("information-gain", r"H(Y|A) = \sum_v p(v) H(Y|A=v)", "holds"),
    ("information-gain", r"H(S|A) = \sum_j \frac{|S_j|}{|S|} H(S_j)", "holds"),
    ("logistic-regression", r"\sigma' = \sigma (1 - \sigma)", "holds"),
    ("logistic-regression", r"\sigma' = \sigma (1 + \sigma)", "fails"),
    ("attention", r"\mathrm{Var}(q_i^\top k_j) = d", "holds"),
    ("attention", r"\mathrm{Var}(q^\top) = d", "fails"),
    (
        "attention",
        r"\mathrm{Var}\left(\frac{q^\top k}{\sqrt d}\right)"
        r" = \frac1d\mathrm{Var}(q^\top k) = \frac dd = 1",
        "holds",
    ),
    ("rope", r"\langle q,k\rangle = \mathrm{Re}(\overline{z_q}z_k)", "unclear"),
    ("pca-svd", r"\|X-\tilde X\|_F \ge 2\|X-X_k\|_F", "fails"),
    ("ols", r"\mathcal{L}(0) = \frac12 \|y\|^2", "holds"),
    ("ols", r"\nabla_w (w^\top A w) = 2 A w", "unclear"),
    ("pca-svd", r"(X V_k)_{ij} = x_i^\top v_j", "holds"),
    ("rope", r"10000^{-2i/d} = \theta_i", "holds"),
]

AT_ZERO = [
    ("ols", r"v^\top X^\top X v > 0", "fails"),
    ("ols", r"v^\top X^\top X v > 0 \quad \forall v \in \mathbb{R}^d", "fails"),
    ("ols", r"v^\top X^\top X v > 0 \text{ for } v \ne 0", "holds"),
    ("ols", r"v^\top X^\top X v > 0 \text{ for all nonzero } v", "holds"),
    ("ols", r"\|Xv\|^2 > 0, \quad v \ne 0", "holds"),
    ("ols", r"\|Xv\|^2 > 0 \iff v \ne 0", "holds"),
    ("ols", r"\|v\| = 1 \implies \|Xv\|^2 > 0", "unclear"),
    ("ols", r"u^\top X^\top X u > 0", "unclear"),
    ("ols", r"u^\top X^\top X u > 0 \text{ for } u \ne 0", "holds"),
    # Nobody says that a given vector may be zero.
    ("ols", r"w^\top X^\top X w > 0", "unclear"),
    ("logistic-regression", r"v^\top \nabla_w^2 \mathcal{L} v > 0", "fails"),
    ("logistic-regression", r"\sigma(z) > 0", "holds"),
]
ARGUMENTS = [
    ("bias-variance", r"y = f^*(x) + \epsilon", "holds"),
    ("bias-variance", r"y = f^*(y) + \epsilon", "fails"),
    ("bias-variance", r"y = f^*(\epsilon) + \epsilon", "fails"),
    ("bias-variance", r"\mathbb{E}_D[\hat f_D(y)] = \bar f(x)", "fails"),
    ("bias-variance", r"\mathbb{E}[\hat f(x; D)] = \bar f(x)", "holds"),
    ("dpo", r"\mathcal{L}_{\mathrm{DPO}}(\pi_\theta; \pi_{\mathrm{ref}}) \ge 0", "holds"),
    ("dpo", r"\mathcal{L}_{\mathrm{DPO}}(\pi_{\mathrm{ref}}; \pi_\theta) \ge 0", "unclear"),
    ("ols", r"\mathcal{L}(\hat w + v) = \mathcal{L}(\hat w) + \frac12 \|Xv\|^2", "holds"),
    ("ols", r"\mathcal{L}(\hat w + v) = \mathcal{L}(\hat w) + \|Xv\|^2", "fails"),
    ("logistic-regression", r"\mathcal{L}(w + v) \ge 0", "unclear"),
    ("ols", r"P(X) = X (X^\top X)^{-1} X^\top", "holds"),
    ("ols", r"P(X) = X (X^\top X)^{-1}", "fails"),
    ("ols", r"P(X) := X (X^\top X)^{-1} X^\top", "defines"),
]
PREMISES = [
    (
        "em-gmm",
        r"\sum_i \gamma_{ik} (x_i - \mu_k) = 0 \implies N_k \mu_k = \sum_i \gamma_{ik} x_i",
        "holds",
    ),
    (
        "em-gmm",
        r"\sum_i \gamma_{ij} (x_i - \mu_k) = 0 \implies N_k \mu_k = \sum_i \gamma_{ik} x_i",
        "unclear",
    ),
    (
        "em-gmm",
        r"\sum_j \gamma_{ik} (x_i - \mu_k) = 0 \implies N_k \mu_k = \sum_i \gamma_{ik} x_i",
        "unclear",
    ),
    (
        "elbo",
        r"q(z|x) = p_\theta(z|y) \implies \mathrm{KL}(q(z|x) \| p_\theta(z|x)) = 0",
        "fails",
    ),
    ("svm-dual", r"\nabla_w \mathcal{L} = 0 \iff w = \sum_i y_i \alpha_i x_i", "holds"),
    ("svm-dual", r"\nabla_w \mathcal{L} = 0 \iff w = \sum_j y_i \alpha_i x_i", "unclear"),
]
BRACES = [
    (
        "bias-variance",
        r"\mathbb{E}[(y-\hat f_D)^2] = \underbrace{(\bar f - f^*)^2}_{= \mathrm{Bias}^2}"
        r" + \mathrm{Var} + \sigma^2",
        "holds",
    ),
    (
        "bias-variance",
        r"\mathbb{E}[(y-\hat f_D)^2] = \underbrace{(\bar f - f^*)^2}_{=0}"
        r" + \mathrm{Var} + \sigma^2",
        "unclear",
    ),
]
DOTS = [
    ("pca-svd", r"s_1 \ge s_2 \ge \dots \ge s_d", "holds"),
    ("pca-svd", r"s_1 \ge s_2 \le \dots", "unclear"),
    ("pca-svd", r"s_1 \ge \dots \ge s_d", "holds"),
    ("pca-svd", r"s_1 \le \dots \le s_d", "fails"),
]


@pytest.mark.parametrize(
    ("derivation", "line", "verdict"),
    [
        *CHANGES,
        *HABITS,
        *BY_ROWS,
        *STRICTLY,
        *BOUNDS,
        *AT_THE_OPTIMUM,
        *EQUALITY,
        *CONDITIONS,
        *LEFT_OUT,
        *AT_ZERO,
        *ARGUMENTS,
        *PREMISES,
        *BRACES,
        *DOTS,
    ],
)
def test_a_line_gets_its_verdict(derivation: str, line: str, verdict: str) -> None:
    assert verdicts(checker_of(LIBRARY[derivation]), line) == [verdict]


@pytest.mark.parametrize(
    ("derivation", "lines", "expected"),
    [
        # The responsibilities do not move with the parameters.
        (
            "em-gmm",
            [
                r"Q(\theta) := \sum_{i,k} \gamma_{ik}"
                r" [\log \pi_k + \log \mathcal{N}(x_i|\mu_k,\Sigma_k)]",
                r"\frac{\partial Q}{\partial \pi_k} = \frac{N_k}{\pi_k}",
            ],
            ["defines", "holds"],
        ),
        # A line before says how the loss depends on u.
        (
            "dpo",
            [
                r"u := \beta \log \frac{\pi_\theta(y_w|x)}{\pi_{ref}(y_w|x)}"
                r" - \beta \log \frac{\pi_\theta(y_l|x)}{\pi_{ref}(y_l|x)}",
                r"\mathcal{L}_{\mathrm{DPO}} = -\log \sigma(u)",
                r"\frac{\partial \mathcal{L}_{\mathrm{DPO}}}{\partial u} = -\sigma(-u)",
            ],
            ["defines", "holds", "holds"],
        ),
        ("attention", [r"S' := S + M", r"A = \mathrm{softmax}(S')"], ["defines", "holds"]),
        ("kl-divergence", [r"f(t) := -\log t", r"f'(t) = -\frac1t"], ["defines", "holds"]),
        (
            "ols",
            [r"X^+ = (X^\top X)^{-1} X^\top", r"X^+ X = I", "X X^+ = I"],
            ["defines", "holds", "fails"],
        ),
        ("pca-svd", [r"M := X X^\top \in \mathbb{R}^{n \times n}"], ["defines"]),
        # Who says once that v is not zero is believed; a line that cannot be read may say it.
        ("ols", [r"v \ne 0", r"v^\top X^\top X v > 0"], ["holds", "holds"]),
        (
            "ols",
            [r"\text{Let } v \in \mathbb{R}^d \setminus \{0\}", r"v^\top X^\top X v > 0"],
            ["unclear", "holds"],
        ),
        (
            "ols",
            [r"\text{Let } v \in \mathbb{R}^d", r"v^\top X^\top X v > 0"],
            ["defines", "fails"],
        ),
        (
            "ols",
            [r"P(X) := X (X^\top X)^{-1} X^\top", r"P(X) y = \hat y"],
            ["defines", "holds"],
        ),
        # Which kernel it is decides where the margin lies.
        (
            "svm-dual",
            [r"f(x) := \sum_i \alpha_i y_i K(x_i, x) + b", r"y_j f(x_j) \ge 1"],
            ["defines", "unclear"],
        ),
    ],
)
def test_lines_get_their_verdicts(derivation: str, lines: list[str], expected: list[str]) -> None:
    assert verdicts(checker_of(LIBRARY[derivation]), *lines) == expected
