import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { root } from "./places.ts";

/** The folder of the handbook's pictures by language. */
const folder = join(root, "docs/pictures");

/** Whether to take new pictures or only check their subjects. */
export const taking = process.env["GRIDSPARK_TAKE_PICTURES"] === "1";

/** The names of the pictures that the handbook has in a language. */
export function kept(language: string): string[] {
  const files = readdirSync(join(folder, language));
  return files.map((file) => file.replace(/\.webp$/, "")).sort();
}

/** Saves a screenshot of the page or a part of it for the handbook, as lossless WebP. */
export async function takePicture(what: Page | Locator, language: string, name: string): Promise<void> {
  const options = { animations: "disabled", caret: "hide" } as const;
  const png = "goto" in what ? await what.screenshot(options) : await what.screenshot(options);
  const page = "goto" in what ? what : what.page();
  const painter = await page.context().newPage();
  const webp = await painter.evaluate(async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d")!.drawImage(picture, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality: 1 });
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  }, png.toString("base64"));
  await painter.close();
  const path = join(folder, language, `${name}.webp`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Uint8Array.from(webp));
}
