"""The shorter variant: the spread of an inner product."""

import numpy as np

from tests.content.attention.world import SHORTER, Draws
from tests.content.numeric import assert_differs, assert_same
from tests.content.registry import claim, slip, step


@step(
    SHORTER,
    "1",
    r"\mathbb{E}[q^\top k] = \sum_{i=1}^{d} \mathbb{E}[q_i]\, \mathbb{E}[k_i] = 0",
)
@claim(SHORTER, "One of the two means being zero would be enough.")
def test_mean_of_the_inner_product(random: Draws) -> None:
    q, k, _ = random
    by_terms = sum(random.mean(q[:, i]) * random.mean(k[:, i]) for i in range(q.shape[1]))

    assert_same(random.mean((q * k).sum(axis=1)), by_terms)
    assert_same(random.mean((q * k).sum(axis=1)), 0.0)
    assert_same(random.mean((q * (k + 2)).sum(axis=1)), 0.0)
    assert_differs(random.mean(((q + 1) * (k + 2)).sum(axis=1)), 0.0)


@step(SHORTER, "2", r"\mathrm{Var}(q_i k_i) = \mathbb{E}[q_i^2]\, \mathbb{E}[k_i^2] = 1")
@claim(SHORTER, "whatever the shape of the distribution")
def test_variance_of_one_product(random: Draws) -> None:
    q, k, _ = random

    for i in range(q.shape[1]):
        variance = random.variance(q[:, i] * k[:, i])
        assert_same(variance, random.mean(q[:, i] ** 2) * random.mean(k[:, i] ** 2))
        assert_same(variance, 1.0)


@step(SHORTER, "3", r"\mathrm{Cov}(q_i k_i, q_j k_j) = 0 \quad (i \ne j)")
def test_two_products_are_uncorrelated(random: Draws) -> None:
    products = random.q * random.k
    means = random.chances @ products
    covariance = (products - means).T @ ((products - means) * random.chances[:, None])

    assert_same(covariance, np.eye(products.shape[1]))


@slip(SHORTER, "mean-is-d", r"\mathbb{E}[q^\top k] = d")
@claim(SHORTER, "That is the mean of $q^\\top q$, where every entry meets itself.")
def test_mean_is_d(random: Draws) -> None:
    q, k, _ = random

    assert_differs(random.mean((q * k).sum(axis=1)), float(q.shape[1]))
    assert_same(random.mean((q * q).sum(axis=1)), float(q.shape[1]))


@slip(
    SHORTER,
    "variances-added",
    r"\mathrm{Var}(q_i k_i) = \mathrm{Var}(q_i) + \mathrm{Var}(k_i)",
)
@claim(SHORTER, "the product is again $1$ or $-1$, so its variance is 1 and not 2")
def test_variances_added(random: Draws) -> None:
    q, k, _ = random
    added = random.variance(q[:, 0]) + random.variance(k[:, 0])

    assert_differs(random.variance(q[:, 0] * k[:, 0]), added)
    signs = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    assert_same(float(np.var(signs.prod(axis=1))), 1.0)
    assert_same(float(np.var(signs[:, 0]) + np.var(signs[:, 1])), 2.0)
