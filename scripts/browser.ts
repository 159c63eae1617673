import { existsSync } from "node:fs";
import { runPart } from "./part.ts";

/** Where Debian and its kin have Chromium and its kin; that of Ubuntu is a part of snap, which drives no test. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

const APT = "apt-get";
const NO_QUESTIONS = { DEBIAN_FRONTEND: "noninteractive" };

/**
 * The browser that tests look at the dashboard with: the one that SIGNALBOX_TEST_BROWSER names, or one of the system's,
 * which Debian's root gets here where there is none. null where none can be had; those tests are then skipped.
 */
export async function ensureTestBrowser(): Promise<string | null> {
  const known = process.env.SIGNALBOX_TEST_BROWSER ?? installed();
  if (known !== null) return known;
  const isRootOfDebian = process.getuid?.() === 0 && existsSync(`/usr/bin/${APT}`);
  if (!isRootOfDebian) {
    console.log(
      `\nNo browser: found none of ${PLACES.join(", ")}; tests of the dashboard in a browser are skipped`,
    );
    return null;
  }
  const title = "Chromium for the tests of the dashboard";
  await runPart({
    title: `${title}: lists of packages`,
    command: APT,
    args: ["update", "-qq"],
    env: NO_QUESTIONS,
  });
  const args = ["install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", "chromium"];
  await runPart({ title, command: APT, args, env: NO_QUESTIONS });
  return installed();
}

function installed(): string | null {
  return PLACES.find((place) => existsSync(place)) ?? null;
}
