/**
 * Makes plain data immutable all the way down, maps included.
 *
 * @returns the value itself
 */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const item of value.values()) deepFreeze(item);
    Object.defineProperties(value, LOCKED_MAP);
  }
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

function refuseChange(): never {
  throw new TypeError("Cannot change a policy: found a loaded one, expected a new load");
}

const LOCKED_MAP = {
  set: { value: refuseChange },
  delete: { value: refuseChange },
  clear: { value: refuseChange },
};
