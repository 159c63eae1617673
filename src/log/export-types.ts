import type { SchemaElement } from "hyparquet-writer";

/** How the values of one PostgreSQL type are written. All functions read the text that the server sends. */
export interface ExportType {
  /** What to select for a column, so that the server sends the text that the functions read. */
  sql(column: string): string;
  /** The value as JSON, without a line break. */
  toJson(text: string): string;
  /** The value as a field of CSV, before it is quoted. */
  toField(text: string): string;
  readonly parquet: ParquetValues | ParquetReals;
}

export interface ParquetValues {
  /** The column's part of the schema; every column may be null. */
  elements(name: string): SchemaElement[];
  /** The value as the Parquet writer takes it. */
  toValue(text: string): unknown;
  /** Whether lowest and highest value of a row group are worth keeping: readers skip groups by them. */
  readonly hasStatistics: boolean;
}

/** Lists of float32, whose text the file takes as it is. */
interface ParquetReals {
  elements(name: string): SchemaElement[];
}

/** What an array of real has for its elements beside JSON's own numbers. */
const NO_JSON_NUMBER = /NULL|NaN|-?Infinity/g;

const asIs = (text: string) => text;
const asNumber = Number;

const TEXT_LEAF = { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } } as const;

const text: ExportType & { readonly parquet: ParquetValues } = {
  sql: asIs,
  toJson: JSON.stringify,
  toField: asIs,
  parquet: { elements: leaf(TEXT_LEAF), toValue: asIs, hasStatistics: false },
};

/** As a string: few readers take Parquet's own UUID type for more than 16 bytes. */
const uuid: ExportType = { ...text, parquet: { ...text.parquet, hasStatistics: true } };

const integer: ExportType = {
  sql: asIs,
  toJson: asIs,
  toField: asIs,
  parquet: { elements: leaf({ type: "INT32" }), toValue: asNumber, hasStatistics: true },
};

const double: ExportType = {
  sql: asIs,
  toJson: finiteOrNull,
  toField: asIs,
  parquet: { elements: leaf({ type: "DOUBLE" }), toValue: asNumber, hasStatistics: true },
};

const boolean: ExportType = {
  sql: asIs,
  toJson: (value) => String(value === "t"),
  toField: (value) => String(value === "t"),
  parquet: {
    elements: leaf({ type: "BOOLEAN" }),
    toValue: (value) => value === "t",
    hasStatistics: true,
  },
};

const timestamp: ExportType = {
  sql: asIs,
  toJson: (value) => `"${toIso(value)}"`,
  toField: toIso,
  parquet: {
    elements: leaf({
      type: "INT64",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
      converted_type: "TIMESTAMP_MICROS",
    }),
    toValue: toMicros,
    hasStatistics: true,
  },
};

const bytes: ExportType = {
  sql: asIs,
  toJson: (value) => `"${toBuffer(value).toString("base64")}"`,
  toField: (value) => toBuffer(value).toString("base64"),
  parquet: { elements: leaf({ type: "BYTE_ARRAY" }), toValue: toBuffer, hasStatistics: false },
};

const json: ExportType = {
  sql: asIs,
  toJson: onOneLine,
  toField: onOneLine,
  parquet: {
    elements: leaf({ type: "BYTE_ARRAY", logical_type: { type: "JSON" } }),
    toValue: asIs,
    hasStatistics: false,
  },
};

const texts: ExportType = {
  sql: (column) => `to_json(${column})`,
  toJson: asIs,
  toField: asIs,
  parquet: { elements: list(TEXT_LEAF), toValue: (value) => JSON.parse(value), hasStatistics: false },
};

const reals: ExportType = {
  sql: asIs,
  toJson: (value) => bracketed(value.replaceAll(NO_JSON_NUMBER, "null")),
  toField: (value) => bracketed(value.replaceAll("NULL", "null").replaceAll(NO_JSON_NUMBER, '"$&"')),
  parquet: { elements: list({ type: "FLOAT" }) },
};

/** By the names that PostgreSQL's format_type() gives. */
const EXPORT_TYPES: ReadonlyMap<string, ExportType> = new Map([
  ["uuid", uuid],
  ["text", text],
  ["integer", integer],
  ["double precision", double],
  ["boolean", boolean],
  ["timestamp with time zone", timestamp],
  ["bytea", bytes],
  ["json", json],
  ["jsonb", json],
  ["text[]", texts],
  ["real[]", reals],
]);

/** @returns null for a type that no format has a form for. */
export function findExportType(name: string): ExportType | null {
  return EXPORT_TYPES.get(name) ?? null;
}

type Leaf = Omit<SchemaElement, "name">;

function leaf(element: Leaf): (name: string) => SchemaElement[] {
  return (name) => [{ ...element, name, repetition_type: "OPTIONAL" }];
}

function list(element: Leaf): (name: string) => SchemaElement[] {
  return (name) => [
    {
      name,
      repetition_type: "OPTIONAL",
      num_children: 1,
      converted_type: "LIST",
      logical_type: { type: "LIST" },
    },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { ...element, name: "element", repetition_type: "OPTIONAL" },
  ];
}

/** JSON has no word for NaN and the infinities. */
function finiteOrNull(value: string): string {
  return value === "NaN" || value.endsWith("Infinity") ? "null" : value;
}

/** Text of type json is kept as it came, with line breaks between its parts if it had some. */
function onOneLine(value: string): string {
  return /[\r\n]/.test(value) ? JSON.stringify(JSON.parse(value)) : value;
}

function toBuffer(value: string): Buffer {
  return Buffer.from(value.slice("\\x".length), "hex");
}

/** An array of one dimension as JSON. */
function bracketed(array: string): string {
  return `[${array.slice(1, -1)}]`;
}

const TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/;
const MICROS_DIGITS = 6;

/** Always with six digits of the second: readers guess the form of a whole column by its first value. */
function toIso(value: string): string {
  const { date, time, fraction } = readTime(value);
  return `${date}T${time}.${fraction}Z`;
}

/** Microseconds since 1970. */
function toMicros(value: string): bigint {
  const { date, time, fraction } = readTime(value);
  return BigInt(Date.parse(`${date}T${time}Z`) * 1000 + Number(fraction));
}

function readTime(value: string): { date: string; time: string; fraction: string } {
  const [, date, time, fraction = ""] = TIME.exec(value) ?? [];
  if (date === undefined || time === undefined) {
    throw new Error(`Cannot export a time: found ${value}, expected a year of four digits`);
  }
  return { date, time, fraction: fraction.padEnd(MICROS_DIGITS, "0") };
}
