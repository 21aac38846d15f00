/**
 * How long a person waits: `just bench-browser http://127.0.0.1:8000`, against a server that is built with `--release`
 * and serves a large fleet. The processor is slowed four times and the network is a fast 3G (1.44 Mbit/s, 562 ms), as
 * the developer tools of Chromium define them; each visit begins with an empty cache. Prints a table of medians.
 */
import { type Browser, type CDPSession, type Page, chromium } from "@playwright/test";

import { chromium as executablePath } from "../support/places.ts";

const address = process.argv[2] ?? "http://127.0.0.1:8000";
const visits = Number(process.argv[3] ?? 5);

const slow = { processor: 4, latency: 562.5, bytesPerSecond: (1.6 * 0.9 * 1024 * 1024) / 8 };
const quick = { processor: 1, latency: 0, bytesPerSecond: -1 };

interface Visit {
  /** ms from the navigation to the first painted row. */
  rows: number;
  /** ms from a tap on a row, as soon as there is one, to the chart, and to the one that answers to the pointer. */
  firstTap: number;
  firstDrawing: number;
  /** ms from a later tap to the other transformer's chart. */
  laterTap: number;
  /** Compressed kB before the chart: WebAssembly, and everything. */
  wasm: number;
  all: number;
}

async function throttled(page: Page, to: typeof slow): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: to.latency,
    downloadThroughput: to.bytesPerSecond,
    uploadThroughput: to.bytesPerSecond,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: to.processor });
  return session;
}

/** When the chart of a transformer can be read: the server's picture of it, or the drawing in its place. */
async function chartOf(page: Page, station: string, drawing = "svg.history-picture, #detail .chart canvas"): Promise<void> {
  await page.waitForFunction(
    ([wanted, chart]) =>
      document.querySelector("#detail h1")?.textContent?.includes(wanted) === true &&
      document.querySelector(`#detail ${chart}`) !== null &&
      document.querySelector("#detail[aria-busy='true']") === null,
    [station, drawing] as const,
    { polling: "raf", timeout: 60_000 },
  );
}

/** The name of the station in a row, which is the title of its detail. */
async function tap(page: Page, row: number): Promise<string> {
  const cells = page.locator(".ranking tbody .row").nth(row);
  const station = (await cells.locator(".col-station").innerText()).split("\n")[0] ?? "";
  await cells.locator(".col-box a").click({ noWaitAfter: true });
  return station.trim();
}

async function visit(browser: Browser, to: typeof slow): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await throttled(page, to);
  let [wasm, all] = [0, 0];
  const kinds = new Map<string, string>();
  session.on("Network.responseReceived", ({ requestId, response }) => kinds.set(requestId, response.mimeType));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    all += encodedDataLength;
    if (kinds.get(requestId) === "application/wasm") wasm += encodedDataLength;
  });
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForSelector(".ranking tbody .row .col-box a", { state: "visible", timeout: 60_000 });
  const rows = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
        const look = () => {
          const at = painted();
          if (at === undefined) requestAnimationFrame(look);
          else resolve(at);
        };
        look();
      }),
  );
  let begun = performance.now();
  const station = await tap(page, 0);
  await chartOf(page, station);
  const firstTap = performance.now() - begun;
  await chartOf(page, station, ".chart canvas");
  const firstDrawing = performance.now() - begun;
  const [firstWasm, firstAll] = [wasm, all];
  await page.waitForTimeout(1_000);
  const later: number[] = [];
  for (const row of [1, 2, 3]) {
    begun = performance.now();
    await chartOf(page, await tap(page, row));
    later.push(performance.now() - begun);
    await page.waitForTimeout(500);
  }
  await context.close();
  return { rows, firstTap, firstDrawing, laterTap: median(later), wasm: firstWasm / 1000, all: firstAll / 1000 };
}

/** The longest task, and how many took over 50 ms, while all of the list is scrolled through. */
async function scrolled(browser: Browser, processor: number): Promise<{ longest: number; long: number; rows: string }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(address, { waitUntil: "networkidle" });
  await throttled(page, { ...quick, processor });
  const rows = await page.locator(".list-tools, .ranking-pane").first().innerText();
  const tasks = await page.evaluate(async () => {
    const seen: number[] = [];
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.duration)));
    observer.observe({ type: "longtask" });
    const frame = document.querySelector<HTMLElement>(".ranking-frame")!;
    const box = frame.scrollHeight > frame.clientHeight + 10 ? frame : document.querySelector<HTMLElement>(".ranking-pane")!;
    const steps = 300;
    for (let step = 1; step <= steps; step += 1) {
      // Most of it by the wheel's strides, now and then a jump by the bar.
      box.scrollTop = step % 20 === 0 ? (box.scrollHeight * step) / steps : box.scrollTop + 300;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    observer.disconnect();
    return { seen, height: box.scrollHeight };
  });
  await context.close();
  return {
    longest: Math.max(0, ...tasks.seen),
    long: tasks.seen.length,
    rows: `${/([\d.,]+) transformers/.exec(rows)?.[1] ?? "?"} rows, ${tasks.height} px`,
  };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
console.log("| | first rows | first tap to chart | … that answers to the pointer | later taps | WebAssembly | all until then |");
console.log("|---|---|---|---|---|---|---|");
for (const [name, conditions] of [["slowed 4 ×, fast 3G", slow], ["as it is", quick]] as const) {
  const seen: Visit[] = [];
  for (let number = 0; number < visits; number += 1) seen.push(await visit(browser, conditions));
  const of = (key: keyof Visit) => median(seen.map((one) => one[key]));
  const seconds = (key: keyof Visit) => `${(of(key) / 1000).toFixed(2)} s`;
  console.log(
    `| ${name} | ${seconds("rows")} | ${seconds("firstTap")} | ${seconds("firstDrawing")} | ${seconds("laterTap")} | ${of("wasm").toFixed(0)} kB | ${of("all").toFixed(0)} kB |`,
  );
}
console.log("| asked (slowed) | 2.00 s | 3.00 s | | 0.80 s | 400 kB | |\n");
for (const processor of [1, 4]) {
  const { longest, long, rows } = await scrolled(browser, processor);
  console.log(`scrolling, processor slowed ${processor} ×: ${rows}; ${long} tasks over 50 ms, the longest ${longest.toFixed(0)} ms`);
}
await browser.close();
