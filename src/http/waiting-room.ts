import { HttpError } from "./http-error.ts";

/** Runs work that waits, so much of it at once and no more. */
export type WaitingRoom = <T>(work: () => T | Promise<T>) => Promise<T>;

/**
 * Lets `places` pieces of work run at once and turns the rest away: whoever asks again a second later is
 * served better than by a queue that grows.
 */
export function createWaitingRoom(places: number): WaitingRoom {
  let taken = 0;
  return async (work) => {
    if (taken >= places) {
      throw new HttpError("unavailable", `Cannot answer: found ${places} reads under way, expected fewer`);
    }
    taken += 1;
    try {
      return await work();
    } finally {
      taken -= 1;
    }
  };
}
