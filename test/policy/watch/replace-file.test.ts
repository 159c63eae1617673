import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceFile } from "../../../src/policy/watch/replace-file.ts";

function folderWith(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-replace-"));
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, text);
  return { folder, file };
}

describe("replaceFile()", () => {
  it("keeps what was there as .bak, and leaves nothing else", async () => {
    const { folder, file } = folderWith("before");
    await replaceFile(file, "after");
    await replaceFile(file, "later");
    expect(readFileSync(file, "utf8")).toBe("later");
    expect(readFileSync(`${file}.bak`, "utf8")).toBe("after");
    expect(readdirSync(folder).sort()).toEqual(["gateway.yaml", "gateway.yaml.bak"]);
  });

  it("replaces a .bak that is a link, and leaves alone where that leads", async () => {
    const { folder, file } = folderWith("before");
    writeFileSync(join(folder, "other"), "of somebody else");
    symlinkSync(join(folder, "other"), `${file}.bak`);
    await replaceFile(file, "after");
    expect(readFileSync(join(folder, "other"), "utf8")).toBe("of somebody else");
    expect(lstatSync(`${file}.bak`).isFile()).toBe(true);
    expect(readFileSync(`${file}.bak`, "utf8")).toBe("before");
  });

  it.runIf(process.getuid?.() === 0)("leaves the file with its owner where it runs as root", async () => {
    const { file } = folderWith("before");
    chownSync(file, 12_345, 12_346);
    chmodSync(file, 0o640);
    await replaceFile(file, "after");
    const { uid, gid, mode } = statSync(file);
    expect([uid, gid, mode & 0o777]).toEqual([12_345, 12_346, 0o640]);
  });
});
