import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Screenshots and reports; not under version control. */
export const artefacts = join(root, "artefacts");

/** Debian's browsers; the other one draws a window of its own beside each test. */
const browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** The browser. */
export const chromium = process.env["CHROMIUM"] ?? browsers.find((path) => existsSync(path)) ?? "/usr/bin/chromium";

/** The `gridspark` program under test. */
export const program = process.env["GRIDSPARK_PROGRAM"] ?? join(root, "target/debug/gridspark");

/** The built site. */
export const site = process.env["GRIDSPARK_SITE"] ?? join(root, "site");

/** Real measurements from outside of the project; null if absent. */
export function realData(): string | null {
  const folder = join(root, "../shared/data");
  if (existsSync(join(folder, "ucsd_15min.parquet"))) return folder;
  if (process.env["GRIDSPARK_REQUIRE_SHARED"] === "1") throw new Error(`the real measurements are not in ${folder}`);
  return null;
}
