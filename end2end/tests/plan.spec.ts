import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { Dashboard } from "../support/dashboard.ts";
import { Gridspark } from "../support/gridspark.ts";
import { freePort } from "../support/provider.ts";
import { expect, expectAccessible, keepPicture, test } from "../support/test.ts";

// Uses its own store, as it records, and prices.
test.describe.configure({ mode: "serial" });

const ADVICE = `[advice]
ratings_kva = [100, 160, 250, 400, 630]
prices_euro = [9000, 10000, 12000, 15000, 19000]
`;

/** Whoever comes through the proxy of this host is of the groups that it names. */
const identity = (publicUrl: string) => `
[identity]
public_url = "${publicUrl}"
proxies = ["127.0.0.1", "::1"]
way_in = { kind = "reverse-proxy" }
grant = [{ group = "read", right = "viewer" }]
`;

let folder: string;
let gridspark: Gridspark;
let guarded: Gridspark;
let address: string;
let guardedAddress: string;

test.beforeAll(async () => {
  // Boxes are simulated and forecast.
  test.setTimeout(180_000);
  folder = mkdtempSync(join(tmpdir(), "gridspark-plan-"));
  const settings = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return { GRIDSPARK_CONFIG: join(folder, name) };
  };
  gridspark = new Gridspark(folder, settings("gridspark.toml", ADVICE));
  const port = await freePort();
  guardedAddress = `http://localhost:${port}`;
  guarded = new Gridspark(folder, settings("guarded.toml", ADVICE + identity(guardedAddress)));
  const size = ["--boxes", "120", "--years", "2.5", "--phase", "sumli"];
  await gridspark.simulate(...size, "--seed", "5", "--until", "2026-06-01", "--growth", "exponential");
  await gridspark.command("make-forecasts");
  address = await gridspark.serve();
  await guarded.serve("no worker", port);
});

test.afterAll(() => {
  gridspark.stop();
  guarded.stop();
  rmSync(folder, { recursive: true, force: true });
});

const table = (page: Page): Locator => page.getByRole("region", { name: "Plan", exact: true }).getByRole("table");
const rows = (page: Page): Locator => table(page).locator("tbody tr:has(th)");
const ticks = (page: Page): Locator => table(page).getByRole("checkbox");
const ticked = (page: Page): Locator => table(page).getByRole("checkbox", { checked: true });

/** Waits until the page is alive: then its rows can be ticked. */
const alive = async (page: Page) => expect(ticks(page).first()).toBeEnabled();

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A figure as the page writes it in English. */
const figure = (text: string) => Number(text.replace(/[^\d.]/g, ""));

test("the plan is a click away, in the order of weeks avoided per euro, with the budget's line", async ({ page }, { project }) => {
  await page.goto(`${address}/?area=Breda`);
  if (project.name === "desktop") {
    await page.getByRole("link", { name: "Plan", exact: true }).click();
    await expect(page, "the area is kept").toHaveURL(/\/plan\?area=Breda/);
  }
  await page.goto(`${address}/plan`);
  await alive(page);
  const count = await rows(page).count();
  expect(count).toBeGreaterThan(3);
  await expect(ticked(page), "nothing is chosen without a budget").toHaveCount(0);
  await expect(page.getByText("there is nothing to order")).toBeVisible();
  const cells = async (place: number) =>
    (await rows(page).locator(`td:nth-child(${place})`).allInnerTexts()).map(figure);
  const perEuro = await cells(10);
  expect(perEuro).toEqual([...perEuro].sort((a, b) => b - a));
  const [prices, sums] = [await cells(6), await cells(11)];
  let sum = 0;
  expect(sums).toEqual(prices.map((price) => (sum += price)));

  const budget = Math.round(sum / 2);
  await page.getByLabel("Budget (€)").fill(String(budget));
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(new RegExp(`budget=${budget}`));
  await alive(page);
  const line = table(page).locator(".budget-line");
  await expect(line).toContainText("The budget of €");
  const above = await line.evaluate((line) => {
    let count = 0;
    for (let row = line.previousElementSibling; row; row = row.previousElementSibling) count += 1;
    return count;
  });
  expect(above).toBe(sums.filter((sum) => sum <= budget).length);
  const chosen = await ticked(page).count();
  expect(chosen).toBeGreaterThan(0);
  await expect(page.getByText(`${chosen} of ${count} ticked`)).toBeVisible();
  const sizes = page.getByRole("region", { name: "Ratings to order: By size" });
  await expect(sizes.locator("tfoot")).toContainText(String(chosen));
  await ticked(page).first().uncheck();
  await expect(page.getByText(`${chosen - 1} of ${count} ticked`)).toBeVisible();
  await expect(sizes.locator("tfoot")).toContainText(String(chosen - 1));
  await expectAccessible(page);
  await keepPicture(page, "plan");
  expect(await sideways(page)).toBe(0);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as CSV" }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8").trim().split("\n").slice(1);
  const names = await rows(page).getByRole("rowheader").locator(".plan-box").allInnerTexts();
  expect(lines.slice(0, count).map((line) => line.split(",")[1])).toEqual(names);
  expect(lines.filter((line) => line.includes(",true,"))).toHaveLength(chosen);
});

test("what is ticked is planned in one step, stands in the history and takes from the budget", async ({ page, context }) => {
  await page.goto(`${address}/plan?budget=60000`);
  await alive(page);
  const chosen = await ticked(page).count();
  expect(chosen).toBeGreaterThan(1);
  const names = await ticked(page).evaluateAll((boxes) => boxes.map((box) => box.getAttribute("aria-label")!.replace("Select ", "")));
  const button = page.getByRole("button", { name: `Record ${chosen} as planned` });
  await button.click();
  await expect(page.getByText("Choose a date first.")).toBeVisible();
  await page.getByLabel("Planned for").fill("2020-01-01");
  await button.click();
  await expect(page.getByText("The date has passed: choose a later one.")).toBeVisible();

  // Somebody else is quicker with one of them.
  const other = await context.request.post(`${address}/api/actions`, {
    data: { actions: [{ box_id: names[0], seen_version: 0, key: `other-${Date.now()}`, change: { status: "seen" } }] },
  });
  expect(other.ok()).toBe(true);
  await page.getByLabel("Planned for").fill("2030-03-01");
  await button.click();
  await expect(page.getByText(`Recorded for ${chosen - 1}. Not for 1: somebody recorded something else`)).toBeVisible();
  await expect(ticked(page), "theirs is shown, and may be planned all the same").toHaveCount(1);
  await expect(rows(page).filter({ hasText: names[0]! })).toContainText("Seen");
  await page.getByRole("button", { name: "Record 1 as planned" }).click();
  await expect(page.getByText("Recorded for 1.")).toBeVisible();
  await expect(rows(page).filter({ hasText: "Planned 1 Mar 2030" })).toHaveCount(chosen);

  await page.reload();
  await alive(page);
  await expect(ticked(page), "the money is spent").not.toHaveCount(chosen);
  await expect(page.getByText(/What is planned and done (already )?takes €/)).toBeVisible();
  await rows(page).filter({ hasText: names[0]! }).getByRole("link").click();
  const action = new Dashboard(page).detail.getByRole("region", { name: "Action" });
  await expect(action.getByRole("listitem").first()).toContainText("Planned, 1 March 2030");
  await expect(action.getByRole("listitem").first()).toContainText(/Plan: \d+ → \d+.kVA, €/);
  await expect(action.getByRole("listitem")).toHaveCount(2);
});

test("a viewer sees the plan and what it chooses, and may not record", async ({ browser }) => {
  const context = await browser.newContext({
    extraHTTPHeaders: { "x-forwarded-user": "eve", "x-forwarded-groups": "read" },
  });
  const page = await context.newPage();
  await page.goto(`${guardedAddress}/plan?budget=900000`);
  await alive(page);
  await expect(page.getByLabel("Planned for")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "as planned" })).toHaveCount(0);
  const box = await rows(page).first().locator(".plan-box").innerText();
  const refused = await page.request.post(`${guardedAddress}/api/actions`, {
    data: { actions: [{ box_id: box, seen_version: 0, key: "key-of-eve", change: { status: "planned" } }] },
  });
  expect(refused.status()).toBe(403);
  await context.close();
});

test("on a phone nothing is wider than the page, in Dutch and in the dark", async ({ page, complaints }, { project }) => {
  test.skip(project.name !== "desktop", "the size is its own");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${address}/plan?budget=60000&lang=nl&theme=dark`);
  await alive(page);
  await expect(page.getByText("Tot hier reikt het budget")).toBeVisible();
  expect(await sideways(page)).toBe(0);
  await expectAccessible(page);
  await keepPicture(page, "plan-phone-dark");
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("link", { name: "Plan", exact: true })).toBeVisible();
  await page.setViewportSize({ width: 320, height: 256 });
  expect(await sideways(page), "at 400 % zoom").toBe(0);
  // What is no budget gets one sentence, and the plan without it.
  const answer = await page.goto(`${address}/plan?budget=-5&lang=nl`);
  expect(answer!.status()).toBe(404);
  await expect(page.getByText("“-5” is geen budget")).toBeVisible();
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});

test("without scripts the plan can be read and asked for", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${address}/plan`);
  await page.getByLabel("Budget (€)").fill("60000");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.locator(".budget-line")).toBeVisible();
  await expect(page.locator(".plan-record")).toBeHidden();
  await context.close();
});
