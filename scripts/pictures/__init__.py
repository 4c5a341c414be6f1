"""The drawings of the content, computed from real numbers and written as SVG.

A module a picture: what it shows comes from a function that only computes, and `draw` puts it onto
a sheet. `drawing` has the sheet, `labels` the little TeX on it.
"""

from collections.abc import Callable, Mapping

from scripts.pictures import (
    bias_variance,
    elbo_gap,
    em_bound,
    entropy_curve,
    margin,
    preference_loss,
    principal_axes,
    projection,
    residual_signal,
    rotation,
    saturation,
    two_fits,
)

PICTURES: Mapping[str, Callable[[], str]] = {
    "bias-variance": bias_variance.draw,
    "elbo-gap": elbo_gap.draw,
    "em-bound": em_bound.draw,
    "entropy-curve": entropy_curve.draw,
    "margin": margin.draw,
    "preference-loss": preference_loss.draw,
    "principal-axes": principal_axes.draw,
    "projection": projection.draw,
    "residual-signal": residual_signal.draw,
    "rotation": rotation.draw,
    "saturation": saturation.draw,
    "two-fits": two_fits.draw,
}
