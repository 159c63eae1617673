import type { Scalar, ScalarTag, Tags } from "yaml";

const NUMBER = /:(int|float)$/;

/**
 * Has the numbers of a document written as they were read. By value they would be others to LiteLLM, which reads YAML 1.1:
 * there 010 is 8, 1e-7 a text, and an account of 18 digits no rounded number.
 */
export function keepNumbers(tags: Tags): Tags {
  return tags.map((tag) => (typeof tag === "object" && isNumber(tag) ? asRead(tag) : tag));
}

const isNumber = (tag: Exclude<Tags[number], string>): tag is ScalarTag =>
  !("collection" in tag && tag.collection !== undefined) && NUMBER.test(tag.tag);

function asRead(tag: ScalarTag): ScalarTag {
  const { stringify } = tag;
  return {
    ...tag,
    stringify: (item, ...rest) => {
      const { source, value }: Scalar = item;
      // What was changed since has another value.
      const isSame = source !== undefined && Number(source) === value;
      return isSame ? source : (stringify?.(item, ...rest) ?? String(value));
    },
  };
}
