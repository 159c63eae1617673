"""Reads the files of an export with pandas and pyarrow, and compares every value with PostgreSQL's own JSON of it.

Run by export-python.db.test.ts, which makes the files.
"""

import base64
import json
import math
import os
import re
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy
import pandas
import pyarrow
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet
import pytest

FOLDER = Path(os.environ["EXPORT_FOLDER"])
TABLES = ["routing_training", "routing_logs", "routing_outcomes", "routing_feedback", "routing_labels"]
BIG = 1 << 28  # bytes; a row must fit in a block of the reader

ARROW_TYPES = {
    "uuid": "string",
    "text": "string",
    "integer": "int32",
    "double precision": "double",
    "boolean": "bool",
    "timestamp with time zone": "timestamp[us, tz=UTC]",
    "bytea": "binary",
    "text[]": "list<element: string>",
    "real[]": "list<element: float>",
}


def loads(text: str) -> Any:
    """JSON whose -0 stays what it is: Python makes an integer of it."""
    return json.loads(text, parse_int=lambda digits: -0.0 if digits == "-0" else int(digits))


def columns_of(table: str) -> dict[str, str]:
    return {column["name"]: column["type"] for column in json.loads((FOLDER / f"{table}.columns.json").read_text())}


def lines_of(name: str) -> list[str]:
    return (FOLDER / name).read_bytes().decode("utf-8").split("\n")[:-1]


def expected_of(table: str) -> list[dict[str, Any]]:
    """The rows, with times, bytes and floats as Python has them."""
    types = columns_of(table)
    rows = [loads(line) for line in lines_of(f"{table}.expected.jsonl")]
    return [{name: from_postgres(value, types[name]) for name, value in row.items()} for row in rows]


def from_postgres(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "timestamp with time zone":
        return datetime.fromisoformat(padded(value)).astimezone(timezone.utc)
    if kind == "bytea":
        return bytes.fromhex(value.removeprefix("\\x"))
    if kind == "real[]":
        return [None if item is None else numpy.float32(item) for item in value]
    return float(value) if kind == "double precision" else value


def padded(time: str) -> str:
    """Python 3.10 reads fractions of 3 or 6 digits only."""
    head, zone = time[:19], time[-6:]
    return f"{head}.{time[20:-6].ljust(6, '0')}{zone}"


def same(found: Any, wanted: Any) -> bool:
    """Floats bit by bit, but for what a NaN carries."""
    if isinstance(wanted, float | numpy.floating):
        if not isinstance(found, float | numpy.floating):
            return False
        both_nan = math.isnan(found) and math.isnan(wanted)
        return both_nan or (found == wanted and math.copysign(1, found) == math.copysign(1, wanted))
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(same(*pair) for pair in zip(found, wanted, strict=True))
    return isinstance(found, type(wanted)) and found == wanted


def check(table: str, found: list[dict[str, Any]], expect: Callable[[Any], Any] = lambda value: value) -> None:
    """`expect` makes of a value in the database what the format can say of it."""
    wanted = expected_of(table)
    assert len(found) == len(wanted) > 0
    for number, (got, want) in enumerate(zip(found, wanted, strict=True)):
        assert list(got) == list(want)
        for name, value in want.items():
            assert same(got[name], expect(value)), f"row {number}, {name}: {got[name]!r:.200} is not {value!r:.200}"


def from_text(value: str | None, kind: str) -> Any:
    """A value from the text of CSV."""
    if value is None:
        return None
    if kind in ("json", "jsonb", "text[]"):
        return loads(value)
    if kind == "real[]":
        return [None if item is None else numpy.float32(item) for item in loads(value)]
    if kind == "bytea":
        return base64.b64decode(value, validate=True)
    if kind == "timestamp with time zone":
        assert value.endswith("Z")
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    parse = {"integer": int, "double precision": float, "boolean": lambda text: {"true": True, "false": False}[text]}
    return parse.get(kind, str)(value)


@pytest.mark.parametrize("table", TABLES)
def test_parquet_in_pyarrow(table: str) -> None:
    types = columns_of(table)
    read = pyarrow.parquet.read_table(FOLDER / f"{table}.parquet")
    found = read.to_pylist()
    for row in found:
        for name, kind in types.items():
            if kind in ("json", "jsonb") and row[name] is not None:
                row[name] = json.loads(row[name])
            if kind == "real[]" and row[name] is not None:
                row[name] = [None if item is None else numpy.float32(item) for item in row[name]]
    check(table, found)


@pytest.mark.parametrize("name", ["routing_training", "empty"])
def test_parquet_types(name: str) -> None:
    file = pyarrow.parquet.ParquetFile(FOLDER / f"{name}.parquet")
    types = columns_of("routing_training")
    schema = file.schema_arrow
    assert schema.names == list(types)
    for column, kind in types.items():
        if kind in ("json", "jsonb"):
            leaf = file.schema.column(file.schema.names.index(column))
            assert (leaf.logical_type.type, leaf.converted_type) == ("JSON", "JSON")
        else:
            assert str(schema.field(column).type) == ARROW_TYPES[kind], column
    assert name != "empty" or file.metadata.num_rows == 0


def test_parquet_skips_row_groups() -> None:
    file = pyarrow.parquet.ParquetFile(FOLDER / "routing_training.parquet")
    group = file.metadata.row_group(0)
    statistics = {group.column(at).path_in_schema: group.column(at).statistics for at in range(group.num_columns)}
    wanted = [row["id"] for row in expected_of("routing_training")]
    assert wanted[0].startswith(statistics["id"].min)
    assert statistics["timestamp"].has_min_max
    assert statistics["user_text"] is None
    newest = pyarrow.parquet.read_table(FOLDER / "routing_training.parquet", filters=[("id", ">=", wanted[-3])])
    assert newest["id"].to_pylist() == wanted[-3:]


def without_nan(series: pandas.Series) -> list[Any]:
    return [None if pandas.isna(value) else value for value in series]


def test_parquet_in_pandas() -> None:
    frame = pandas.read_parquet(FOLDER / "routing_training.parquet")
    wanted = expected_of("routing_training")
    assert len(frame) == len(wanted)
    assert without_nan(frame["user_text"]) == [row["user_text"] for row in wanted]
    assert [time.to_pydatetime() for time in frame["timestamp"]] == [row["timestamp"] for row in wanted]
    embeddings = [numpy.frombuffer(row.embedding, "<f4") for row in frame.itertuples() if row.embedding is not None]
    bytes_of = [row["embedding"] for row in wanted if row["embedding"] is not None]
    assert [embedding.tobytes() for embedding in embeddings] == bytes_of
    longest = max(embeddings, key=len)
    assert longest.shape == (384,)
    assert any(numpy.array_equal(longest, numpy.sin(numpy.arange(384) + at).astype("<f4")) for at in range(50))
    assert [list(tags) for tags in frame["tags"]] == [row["tags"] for row in wanted]


@pytest.mark.parametrize("table", TABLES)
def test_csv_in_pyarrow(table: str) -> None:
    types = columns_of(table)
    read = pyarrow.csv.read_csv(
        FOLDER / f"{table}.csv",
        read_options=pyarrow.csv.ReadOptions(block_size=BIG),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(types, pyarrow.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    check(table, [{name: from_text(value, types[name]) for name, value in row.items()} for row in read.to_pylist()])


@pytest.mark.parametrize("table", TABLES)
def test_csv_in_pandas(table: str) -> None:
    """pandas takes an empty text for null; all else it keeps when it is told to guess nothing."""
    types = columns_of(table)
    frame = pandas.read_csv(FOLDER / f"{table}.csv", dtype=str, keep_default_na=False, na_values=[""], engine="c")
    wanted = expected_of(table)
    assert list(frame.columns) == list(types)
    for name, kind in types.items():
        found = [None if pandas.isna(value) else from_text(value, kind) for value in frame[name]]
        for number, row in enumerate(wanted):
            value = None if row[name] in ("", b"") else row[name]
            assert same(found[number], value), f"row {number}, {name}: {found[number]!r:.200} is not {value!r:.200}"


@pytest.mark.parametrize("table", TABLES)
def test_jsonl(table: str) -> None:
    types = columns_of(table)
    rows = [loads(line) for line in lines_of(f"{table}.jsonl")]
    check(table, [{name: from_json(value, types[name]) for name, value in row.items()} for row in rows], finite)


def finite(value: Any) -> Any:
    """JSON has no NaN and no infinity."""
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float | numpy.floating) and not math.isfinite(value) else value


def from_json(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "real[]":
        return [None if item is None else numpy.float32(item) for item in value]
    if kind == "double precision":
        return float(value)
    return from_text(value, kind) if kind in ("bytea", "timestamp with time zone") else value


def test_jsonl_in_pandas() -> None:
    frame = pandas.read_json(FOLDER / "routing_training.jsonl", lines=True, dtype=False)
    wanted = expected_of("routing_training")
    assert list(frame["id"]) == [row["id"] for row in wanted]
    assert without_nan(frame["user_text"]) == [row["user_text"] for row in wanted]
    assert list(frame["tags"]) == [row["tags"] for row in wanted]


def test_jsonl_in_pyarrow() -> None:
    types = {"id": pyarrow.string(), "user_text": pyarrow.string(), "tags": pyarrow.list_(pyarrow.string())}
    read = pyarrow.json.read_json(
        FOLDER / "routing_training.jsonl",
        read_options=pyarrow.json.ReadOptions(block_size=BIG),
        parse_options=pyarrow.json.ParseOptions(
            explicit_schema=pyarrow.schema(types.items()), unexpected_field_behavior="ignore"
        ),
    )
    wanted = expected_of("routing_training")
    assert read.to_pylist() == [{name: row[name] for name in types} for row in wanted]


def test_documentation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples of docs/training-data.md, but for Spark's, do what they are there for."""
    for ending in ("parquet", "csv", "jsonl"):
        (tmp_path / f"training.{ending}").symlink_to(FOLDER / f"routing_training.{ending}")
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parents[2] / "docs" / "training-data.md").read_text(encoding="utf-8")
    examples = [
        code for code in re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) if "spark" not in code
    ]
    wanted = expected_of("routing_training")
    assert len(examples) == 2
    for code in examples:
        names: dict[str, Any] = {}
        exec(code, names)
        assert len(names["frame"]) == names["table"].num_rows == len(wanted)
        if "embeddings" in names:
            assert {len(embedding) for embedding in names["embeddings"]} >= {0, 384}
        else:
            assert names["table"]["user_text"].to_pylist() == [row["user_text"] for row in wanted]
