"""Trains a classifier for Signalbox with scikit-learn, on an export of routing_training.

signalbox export --format parquet --out training.parquet
python examples/python/train_router.py training.parquet --weak gpt-5-mini --strong claude-opus
"""

import argparse
import json
from pathlib import Path

import numpy
import pandas
from signalbox_artifact import (
    choose_ranges,
    fit_calibration,
    model_of,
    read_features,
    route,
    to_scores,
    write_artifact,
)
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold, cross_val_predict

MIN_ROWS = 300
SEED = 1

MIN_SCORED = 100
"""Rows that the shipped classifier scored, from which on their mean is known."""

ANCHOR_SHARE = 0.1
"""Weight of all anchors together, as a part of that of the rows."""

DEVIATIONS_PER_LOGIT = 0.5
"""What the gain differs by, in its deviations, where the chance that the cheap model fails differs by a logit."""


class Router(RegressorMixin, BaseEstimator):
    """A ridge on ln(1 + x) of the features, and trees on what it leaves over.

    `anchors` are features of requests that nobody labelled, `logits` how far each is to be from the mean.
    """

    def __init__(self, anchors: pandas.DataFrame | None = None, logits: numpy.ndarray | None = None):
        self.anchors = anchors
        self.logits = logits

    def fit(self, features: pandas.DataFrame, gain: numpy.ndarray) -> "Router":
        weights = numpy.ones(len(features))
        if self.anchors is not None:
            weights = numpy.append(weights, numpy.full(len(self.anchors), ANCHOR_SHARE * len(gain) / len(self.anchors)))
            features = pandas.concat([features, self.anchors], ignore_index=True)
            gain = numpy.append(gain, gain.mean() + DEVIATIONS_PER_LOGIT * gain.std() * self.logits)
        logs = numpy.log1p(features)
        self.linear_ = Ridge(alpha=10).fit(logs, gain, sample_weight=weights)
        self.trees_ = GradientBoostingRegressor(
            n_estimators=100,
            learning_rate=0.05,
            max_leaf_nodes=15,
            min_samples_leaf=20,
            max_features=0.4,
            random_state=SEED,
        ).fit(features, gain - self.linear_.predict(logs), sample_weight=weights)
        return self

    def predict(self, features: pandas.DataFrame) -> numpy.ndarray:
        return self.linear_.predict(numpy.log1p(features)) + self.trees_.predict(features)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train a classifier for Signalbox with scikit-learn")
    parser.add_argument("data", type=Path, help="an export of routing_training, Parquet")
    parser.add_argument("--weak", required=True, help="the cheap model of the labels")
    parser.add_argument("--strong", required=True, help="the strong model of the labels")
    parser.add_argument("--tiers", nargs="+", default=["simple", "medium", "complex"], help="cheapest first, 2 or more")
    parser.add_argument("--keep-quality", type=float, default=0.97, help="part of the strong model's quality to keep")
    parser.add_argument("--like", type=Path, default=Path("artifacts/complexity.json"), help="names the features")
    parser.add_argument(
        "--anchors", type=Path, default=Path("artifacts/anchors.jsonl"), help="requests beside the rows"
    )
    parser.add_argument("--out", type=Path, default=Path("artifacts/python.json"))
    parser.add_argument("--predictions", type=Path, help="what the model predicts of each row, as JSON lines")
    arguments = parser.parse_args()
    if len(arguments.tiers) < 2:
        parser.error(f"found {len(arguments.tiers)} tier, expected 2 or more")
    return arguments


def read_rows(data: Path, version: str, weak: str, strong: str) -> pandas.DataFrame:
    """Rows with features of this version and a label of both models; of rows that ask the same the newest."""
    columns = ["id", "timestamp", "conversation_id", "user_text", "features", "feature_version", "labels"]
    frame = pandas.read_parquet(data, columns=[*columns, "strategy", "score", "classifier_revision"])
    labels = frame["labels"].map(json.loads)
    frame["weak"] = [label.get(f"label:{weak}") for label in labels]
    frame["strong"] = [label.get(f"label:{strong}") for label in labels]
    has_features = frame["features"].notna() & (frame["feature_version"] == version)
    is_labelled = frame["weak"].notna() & frame["strong"].notna()
    rows = frame[has_features & is_labelled]
    without = (~has_features).sum()
    print(f"{len(frame)} rows, {without} without features of version {version}, {len(rows)} with both labels")
    asked = rows["user_text"].fillna(rows["features"].map(bytes))
    rows = rows[~asked.duplicated(keep="last")]
    if len(rows) < MIN_ROWS:
        others = frame[is_labelled & ~has_features]["feature_version"].fillna("none").value_counts()
        left_out = "".join(f"; left out were {count} of version {other}" for other, count in others.items())
        raise SystemExit(
            f"Cannot train: found {len(rows)} different labelled rows with features of version {version}, "
            f"expected at least {MIN_ROWS}{left_out}"
        )
    return rows.reset_index(drop=True)


def logit(chance: numpy.ndarray | float) -> numpy.ndarray | float:
    return numpy.log(chance / (1 - chance))


def read_anchors(path: Path, version: str, names: list[str], rows: pandas.DataFrame) -> Router:
    """A router that is shown requests which nobody labelled: each is to score as the shipped classifier has it.

    Where the cheap model fails less often than that classifier expects of the rows, everyday requests are to score so
    much lower, or they would be dear beside them; where it fails more often, hard ones so much higher.
    """
    anchors = pandas.read_json(path, lines=True, dtype={"feature_version": str})
    shipped = anchors["classifier_revision"].iloc[0]
    is_scored = (rows["strategy"] == "ml") & rows["classifier_revision"].str.startswith(shipped)
    scores = rows.loc[is_scored, "score"].to_numpy(float)
    others = anchors.loc[anchors["feature_version"] != version, "feature_version"].unique()
    if len(others) > 0:
        print(f"without anchors: found features of version {', '.join(others)} in {path}, expected {version}")
        return Router()
    if len(scores) < MIN_SCORED:
        print(f"without anchors: found {len(scores)} rows scored by {shipped}, expected {MIN_SCORED} or more")
        return Router()
    seen = logit(numpy.clip(1 - rows["weak"].mean(), 0.05, 0.95))
    expected = logit(scores / 100).mean()
    start = numpy.where(anchors["kind"] == "everyday", max(seen, expected), min(seen, expected))
    features = pandas.DataFrame(numpy.stack(anchors["features"]).astype(float), columns=names)
    return Router(features, logit(anchors["score"].to_numpy(float) / 100) - start)


def train(arguments: argparse.Namespace) -> None:
    version, names = read_features(arguments.like)
    rows = read_rows(arguments.data, version, arguments.weak, arguments.strong)
    # The log has single precision, and so has the classifier in service; ln(1 + x) is of doubles in both.
    features = pandas.DataFrame(numpy.stack(rows["features"]).astype(float), columns=names)
    weak, strong = rows["weak"].to_numpy(float), rows["strong"].to_numpy(float)
    gain = strong - weak

    # A conversation is never on both sides of a split.
    conversations = rows["conversation_id"].fillna(rows["id"])
    router = read_anchors(arguments.anchors, version, names, rows)
    unseen = cross_val_predict(router, features, gain, groups=conversations, cv=GroupKFold(5))
    calibration, meaning = fit_calibration(unseen, failed=1 - weak)
    scores = to_scores(unseen, calibration)
    ranges = choose_ranges(scores, weak, strong, tiers=len(arguments.tiers), keep_quality=arguments.keep_quality)

    router.fit(features, gain)
    write_artifact(
        arguments.out,
        features=(version, names),
        model=model_of(router.linear_, router.trees_, names),
        calibration=calibration,
        meaning=meaning,
        rows=len(rows),
        until=rows["timestamp"].max().to_pydatetime(),
        data=arguments.data,
        options={"weak": arguments.weak, "strong": arguments.strong, "keep_quality": arguments.keep_quality},
    )
    if arguments.predictions is not None:
        raw = router.predict(features)
        predicted = pandas.DataFrame({"id": rows["id"], "raw": raw, "score": to_scores(raw, calibration)})
        predicted.to_json(arguments.predictions, orient="records", lines=True, double_precision=15)

    border = ranges[1][0]
    print(f"on rows that the model did not see: {(scores >= border).mean():.0%} go beyond {arguments.tiers[0]}")
    print(f"quality {route(scores, weak, strong, border):.3f}: {weak.mean():.3f} weak, {strong.mean():.3f} strong")
    print(f"  classifier:\n    strategy: ml\n    ml: {{artifact: {arguments.out}}}\n  tiers:")
    for tier, (low, high) in zip(arguments.tiers, ranges, strict=True):
        print(f"    {tier}: {{score_range: [{low}, {high}]}}")


if __name__ == "__main__":
    train(read_arguments())
