const HEX_DIGITS_OF_TIME = 12;

/**
 * The lowest UUID that a UUIDv7 of this moment can have: ids from then on are not below it. The same as
 * `routing_id_at` in the database.
 *
 * @param at cut to milliseconds; a time before 1970 counts as 1970.
 */
export function uuidLowerBound(at: Date): string {
  const time = Math.max(0, at.getTime()).toString(16).padStart(HEX_DIGITS_OF_TIME, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
