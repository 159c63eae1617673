import { inject } from "vitest";
import { z } from "zod";
import { type ProviderCall, providerCall } from "./provider.ts";

/** Calls that a provider received whose body holds the marker, oldest first. */
export async function callsOf(marker: string): Promise<readonly ProviderCall[]> {
  const url = new URL("/__calls", inject("stack").providerUrl);
  url.searchParams.set("marker", marker);
  return z.array(providerCall).parse(await (await fetch(url)).json());
}

/** The one call with the marker. @throws where there is none, or more than one. */
export async function callOf(marker: string): Promise<ProviderCall> {
  const calls = await callsOf(marker);
  const [call] = calls;
  if (call === undefined || calls.length > 1) {
    throw new Error(`Cannot tell the provider's call of ${marker}: ${calls.length} calls, expected 1`);
  }
  return call;
}

/** What the provider is asked for when LiteLLM calls a model group of fixtures/gateway.yaml. */
export function wireModel(group: string): string {
  return group.startsWith("vendor/") ? group.slice("vendor/".length) : `${group}-wire`;
}
