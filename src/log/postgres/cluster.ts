import { existsSync } from "node:fs";
import { join } from "node:path";

/** Folder of the cluster in a server's home. */
export function clusterOf(home: string): string {
  return join(home, "data");
}

/** Whether a cluster was made there. */
export function hasCluster(home: string): boolean {
  return existsSync(clusterOf(home));
}
