import type { TimeZone } from "./rule.ts";
import { WEEKDAYS } from "./schema-rules.ts";

/** The clock of rules that name no place. */
export const UTC = "UTC";

/** Whether there is a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The clock of a time zone.
 *
 * @throws {RangeError} where there is none of that name.
 */
export function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    weekday: "short",
    hour: "2-digit",
    hourCycle: "h23",
  });
  return {
    name,
    at: (moment) => {
      const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
      const day = parts.get("weekday")?.toLowerCase();
      return {
        hour: Number(parts.get("hour")),
        weekday: WEEKDAYS.indexOf(day ?? ""),
      };
    },
  };
}
