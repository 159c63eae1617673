import { constants, copyFile, open, realpath, rename, rm, stat } from "node:fs/promises";

/**
 * Puts a text in the place of a file in one step: who reads it sees the old or the new one, also after a loss of power.
 * What was there is kept beside it as `<file>.bak`. A symbolic link stays one.
 *
 * @throws {Error} where the folder cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const file = await realpath(path);
  const { mode, uid, gid } = await stat(file);
  const next = `${file}.${process.pid}.new`;
  const before = `${file}.${process.pid}.old`;
  try {
    const handle = await open(next, "wx", mode);
    try {
      await handle.writeFile(text);
      // As root, that of whoever edits it by hand, where the file system has owners at all.
      if (process.getuid?.() === 0) await handle.chown(uid, gid).catch(() => undefined);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // By a rename: what lies there as a link to another file is replaced, not followed.
    await copyFile(file, before, constants.COPYFILE_EXCL);
    await rename(before, `${file}.bak`);
    await rename(next, file);
  } catch (error) {
    for (const draft of [next, before]) await rm(draft, { force: true });
    throw error;
  }
}
