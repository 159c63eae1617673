import { copyFile, open, realpath, rename, rm, stat } from "node:fs/promises";

/**
 * Puts a text in the place of a file in one step: who reads it sees the old or the new one, also after a loss of power.
 * What was there is kept beside it as `<file>.bak`. A symbolic link stays one.
 *
 * @throws {Error} where the folder cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const file = await realpath(path);
  const { mode } = await stat(file);
  const next = `${file}.${process.pid}.new`;
  try {
    const handle = await open(next, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await copyFile(file, `${file}.bak`);
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
