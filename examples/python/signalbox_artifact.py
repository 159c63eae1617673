"""Writes what scikit-learn learned as a classifier that Signalbox loads. The form: docs/artifact.schema.json."""

import base64
import datetime
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge

FORMAT = 1
MAX_TREES = 1000
MAX_LEAVES = 64

WORD_BITS = 8
NO_WORDS = {"bits": WORD_BITS, "scale": 0, "weights": base64.b64encode(bytes(2**WORD_BITS)).decode()}
"""Weights of hashed words that say nothing: the numbers alone are learned from."""

LEAST_RISE = 0.1
"""A curve that rises by less for a deviation of the raw predictions, in logits, gives nearly all the same score."""

CALIBRATION_L2 = 1e-3
"""Keeps the slope finite where the data could be parted without a mistake."""

Numbers = numpy.ndarray[Any, Any]


def read_features(artifact: Path) -> tuple[str, list[str]]:
    """The version of the features and their names, in the order of column `features`, as an artifact has them."""
    read = json.loads(artifact.read_text(encoding="utf-8"))
    return read["feature_version"], read["features"]


def model_of(linear: Ridge, trees: GradientBoostingRegressor, features: Sequence[str]) -> dict[str, Any]:
    """`model` of an artifact that predicts `linear.predict(log1p(x)) + trees.predict(x)`.

    Both are fitted on data frames whose columns are `features`, the trees with squared error.
    """
    for part in (linear, trees):
        if list(part.feature_names_in_) != list(features):
            raise ValueError(f"{type(part).__name__} was fitted on other columns than the features, in their order")
    if trees.loss != "squared_error" or len(trees.estimators_) > MAX_TREES:
        raise ValueError(f"found {len(trees.estimators_)} trees of {trees.loss}, expected {MAX_TREES} of squared_error")
    start = float(trees.init_.constant_.item())
    return {
        "base": float(linear.intercept_) + start,
        "trees": [tree_of(tree.tree_, trees.learning_rate) for tree in trees.estimators_[:, 0]],
        "numbers": [float(weight) for weight in linear.coef_],
        "words": NO_WORDS,
    }


def tree_of(tree: Any, learning_rate: float) -> dict[str, list[Any]]:
    """Nodes and leaves are numbered apart, each in scikit-learn's order, where a parent stands before its children."""
    is_leaf = tree.children_left == -1
    if is_leaf.sum() > MAX_LEAVES:
        raise ValueError(f"found a tree of {is_leaf.sum()} leaves, expected at most {MAX_LEAVES}: set max_leaf_nodes")
    place = numpy.where(is_leaf, -numpy.cumsum(is_leaf), numpy.cumsum(~is_leaf) - 1)
    nodes = ~is_leaf
    return {
        "feature": tree.feature[nodes].tolist(),
        "threshold": tree.threshold[nodes].tolist(),
        "yes": place[tree.children_left[nodes]].tolist(),
        "no": place[tree.children_right[nodes]].tolist(),
        "leaf": (tree.value[is_leaf, 0, 0] * learning_rate).tolist(),
        "rows": tree.n_node_samples[is_leaf].tolist(),
    }


CHANCE = "100 x the chance that the cheap model fails, on the traffic that it was trained on"
ORDER = "no chance but an order: the higher, the more the strong model gains, on the traffic that it was trained on"
"""What scores mean. By its beginning `signalbox evaluate` knows that none is to be held against what came true."""


def fit_calibration(raw: Numbers, failed: Numbers) -> tuple[dict[str, float], str]:
    """Makes of raw predictions the chance that the cheap model fails (Platt, 1999), and says what the scores mean.

    `raw` is of models that did not see the rows, `failed` is 0..1: the part of the quality that the cheap model missed.
    Where it fails no more often the more the strong one gains, the scores are spread evenly instead, and mean an order.
    """
    both = numpy.concatenate([raw, raw]).reshape(-1, 1)
    happened = numpy.repeat([1, 0], len(raw))
    weights = numpy.concatenate([failed, 1 - failed])
    if not 0 < failed.mean() < 1:
        raise ValueError("the cheap model always fails, or never: there is nothing to tell apart")
    fitted = LogisticRegression(C=1 / CALIBRATION_L2).fit(both, happened, sample_weight=weights)
    slope, intercept = float(fitted.coef_.item()), float(fitted.intercept_.item())
    deviation, mean = float(raw.std()), float(failed.mean())
    if slope * deviation >= LEAST_RISE or deviation == 0:
        return {"slope": slope, "intercept": intercept}, CHANCE
    slope = 1 / deviation
    intercept = float(numpy.log(mean / (1 - mean))) - slope * float(raw.mean())
    return {"slope": slope, "intercept": intercept}, ORDER


def to_scores(raw: Numbers, calibration: dict[str, float]) -> Numbers:
    """0..100, as Signalbox makes them."""
    return 100 / (1 + numpy.exp(-(calibration["slope"] * raw + calibration["intercept"])))


def choose_ranges(
    scores: Numbers, weak: Numbers, strong: Numbers, *, tiers: int, keep_quality: float
) -> list[tuple[int, int]]:
    """`score_range` of each tier, cheapest first.

    The first border is the highest that keeps this part of the strong model's quality where everything from it on goes
    to the strong model; what lies above is shared out evenly among the dearer tiers. `scores` are of models that did
    not see the rows, `weak` and `strong` what the two models reached on them, 0..1.
    """
    kept = [border for border in range(1, 101) if route(scores, weak, strong, border) >= keep_quality * strong.mean()]
    lowest = kept[-1] if kept else 1
    above = numpy.sort(scores[scores >= lowest])
    borders: list[int] = []
    for at in range(tiers - 1):
        share = above[at * len(above) // (tiers - 1)] if at > 0 and len(above) > 0 else lowest
        least = borders[-1] + 1 if borders else lowest
        borders.append(min(max(int(numpy.ceil(share)), least), 100 - (tiers - 2 - at)))
    return list(zip([0, *borders], [*(border - 1 for border in borders), 100], strict=True))


def route(scores: Numbers, weak: Numbers, strong: Numbers, border: float) -> float:
    """Mean quality where scores from a border on go to the strong model."""
    return float(numpy.where(scores >= border, strong, weak).mean())


def write_artifact(
    path: Path,
    *,
    features: tuple[str, Sequence[str]],
    model: dict[str, Any],
    calibration: dict[str, float],
    meaning: str,
    rows: int,
    until: datetime.datetime,
    data: Path,
    options: dict[str, float | str],
) -> None:
    """Writes the file that `classifier.ml.artifact` of gateway.yaml names.

    `until` is when the newest of the rows was decided: `signalbox train` compares with this classifier on later ones.
    """
    version, names = features
    artifact = {
        "format": FORMAT,
        "feature_version": version,
        "features": list(names),
        "model": model,
        "calibration": calibration,
        "meaning": meaning,
        "training": {
            "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
            "data_hash": hashlib.sha256(data.read_bytes()).hexdigest(),
            "seed": 1,
            "rows": rows,
            "sources": [],
            "options": options,
            "adapted_from": None,
            "trained_until": until.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds")[:-6] + "Z",
        },
        "metrics": [],
    }
    path.write_text(json.dumps(artifact, allow_nan=False) + "\n", encoding="utf-8")
