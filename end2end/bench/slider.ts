/**
 * How smoothly *What if?* follows a slider: `just bench-slider http://127.0.0.1:8000 BOX`, against a server that is built with `--release`. The
 * slider is moved in each frame; the time from frame to frame is what a person sees. Beside it the same page at rest, which tells what
 * the machine itself takes.
 */
import { chromium } from "@playwright/test";

import { chromium as executablePath } from "../support/places.ts";

const FRAMES = 120;
/** Thirty frames a second. */
const BUDGET_MS = 33;

const [address, box] = process.argv.slice(2);
if (!address || !box) throw new Error("usage: slider.ts ADDRESS BOX");

const browser = await chromium.launch({ executablePath });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(`${address}/?box=${encodeURIComponent(box)}&tab=what-if&lang=en`);
await page.waitForSelector(".what-if-fields:enabled");
const slider = page.getByRole("slider", { name: "New homes" });
await slider.fill("1");
await page.waitForFunction(() => document.querySelector(".what-if-said")?.textContent?.includes("chance"));
// The model in the page, which is loaded meanwhile.
await page.waitForTimeout(3_000);

type Frames = { frames: number[]; said: Set<string> };

const measure = (moves: boolean): Promise<{ frames: number[]; answers: number }> =>
  slider.evaluate(
    (input: HTMLInputElement, [moves, count]: [boolean, number]) =>
      new Promise<{ frames: number[]; answers: number }>((done) => {
        const seen: Frames = { frames: [], said: new Set() };
        let last = performance.now();
        const step = (): void => {
          const now = performance.now();
          seen.frames.push(now - last);
          last = now;
          seen.said.add(document.querySelector(".what-if-said")?.textContent ?? "");
          if (seen.frames.length >= count) {
            done({ frames: seen.frames, answers: seen.said.size });
            return;
          }
          if (moves) {
            input.value = String(1 + seen.frames.length);
            input.dispatchEvent(new Event("input", { bubbles: true }));
          }
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    [moves, FRAMES] as [boolean, number],
  );

const quantile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!;

for (const [name, moves] of [
  ["at rest", false],
  ["slider moved in each frame", true],
] as const) {
  const { frames, answers } = await measure(moves);
  const [median, most] = [quantile(frames, 0.5), quantile(frames, 0.9)];
  const verdict = moves ? (most <= BUDGET_MS ? "within 33 ms" : "ABOVE 33 ms") : "";
  console.log(
    `${name.padEnd(28)} median ${median.toFixed(1).padStart(6)} ms   90 % ${most.toFixed(1).padStart(6)} ms   ${String(answers).padStart(4)} texts   ${verdict}`,
  );
}
await browser.close();
