import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { Dashboard } from "../support/dashboard.ts";
import { Gridspark } from "../support/gridspark.ts";
import { expect, keepPicture, test } from "../support/test.ts";

// A store with the runs of two weeks.
test.describe.configure({ mode: "serial" });

let folder: string;
let gridspark: Gridspark;
let address: string;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), "gridspark-week-"));
  gridspark = new Gridspark(folder);
  for (const until of ["2026-06-01", "2026-06-08"]) {
    const out = join(folder, until);
    const size = ["--boxes", "60", "--years", "3", "--phase", "sumli", "--seed", "5"];
    await gridspark.command("simulate", "--weekly", "--out", out, ...size, "--until", until, "--growth", "exponential");
    await gridspark.command("import", "--boxes", join(out, "boxes.csv"), "--extremes", join(out, "extremes.parquet"));
    await gridspark.command("make-forecasts");
  }
  address = await gridspark.serve();
});

test.afterAll(() => {
  gridspark.stop();
  rmSync(folder, { recursive: true, force: true });
});

const number = (text: string) => Number(text.replace(/[^\d]/g, ""));

/** Opens what is new, on a tablet by its link above the list. */
async function open(page: Page, project: string, path = "/"): Promise<void> {
  await page.goto(`${address}${path}`);
  await expect(page.locator(".ranking a[tabindex='0']")).toHaveCount(1);
  if (project === "tablet") await page.getByRole("link", { name: "This week" }).click();
  await expect(page.getByRole("heading", { name: "This week" })).toBeVisible();
}

test("what is new says against which forecast, and each figure opens the list with as many rows", async ({ page, browser }, { project }) => {
  await open(page, project.name);
  const detail = new Dashboard(page).detail;
  await expect(detail).toContainText("Compared with the forecast of week 23, 2026.");
  await keepPicture(page, "this-week");
  expect((await new AxeBuilder({ page }).include("#detail").analyze()).violations).toEqual([]);
  const classes = detail.locator(".week-classes tbody tr");
  const counts = [
    ...(await classes.locator("td:nth-child(2)").allInnerTexts()),
    ...(await detail.locator(".week-figures .chip-count").allInnerTexts()),
  ].map(number);
  const links = detail.locator(".week-classes th a, .week-figures a");
  const addresses = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect([counts.length, addresses.length]).toEqual([9, 9]);
  // As the server draws them: what the page does with a link is tested below.
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const rows = async () => number((await plain.locator(".row-count").innerText()).split(/ of | transf/)[0]!);
  for (const [place, href] of addresses.entries()) {
    await plain.goto(href);
    expect(await rows(), href).toBe(counts[place]);
  }
  await classes.nth(1).getByRole("link").click();
  await expect(page).toHaveURL(/urgency=overload/);
  await expect(new Dashboard(page).boxes()).toHaveCount(counts[1]!);
});

test("a difference is the count of now less that of then", async ({ page }, { project }) => {
  await open(page, project.name);
  const rows = page.locator(".week-classes tbody tr");
  const cells = async (row: number) => (await rows.nth(row).locator("td").allInnerTexts()).map((text) => text.replace("−", "-"));
  for (const row of [0, 1, 2]) {
    const [now, before, difference] = (await cells(row)).map(Number);
    expect(now! - before!).toBe(difference);
  }
});

test("first overloads by week have a sentence, a table and as many boxes as the class", async ({ page }, { project }) => {
  await open(page, project.name);
  const chart = page.getByRole("region", { name: "First overloads by week" }).first();
  await expect(chart.getByRole("img")).toHaveAttribute("aria-label", /by import, \d+ by feed-in/);
  await chart.locator("summary").click();
  const cells = (await chart.locator("tbody td").allInnerTexts()).map(number);
  const risk = number(await page.locator(".week-classes tbody tr").nth(1).locator("td").first().innerText());
  expect(cells.reduce((sum, count) => sum + count, 0)).toBe(risk);
});

test("what is recorded is told here, in Dutch, with a link to its box", async ({ page }, { project }) => {
  test.skip(project.name !== "desktop", "list and detail side by side");
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/?lang=nl`);
  await expect(page.getByRole("heading", { name: "Deze week" })).toBeVisible();
  await expect(dashboard.detail).toContainText("Er is niets vastgelegd.");
  const boxes = page.locator(".ranking tbody th a");
  const box = await boxes.nth(3).innerText();
  await boxes.nth(3).click();
  const action = dashboard.detail.getByRole("region", { name: "Actie" });
  await action.getByLabel("Voortgang").selectOption("Gezien");
  await action.getByLabel("Toelichting").fill("kijk hiernaar");
  await action.getByRole("button", { name: "Vastleggen" }).click();
  await expect(action).toContainText("Vastgelegd.");
  await page.goBack();
  const recorded = page.getByRole("region", { name: "Vastgelegd in de laatste 7 dagen" });
  await expect(recorded).toContainText("kijk hiernaar");
  await recorded.getByRole("link", { name: box }).click();
  await expect(page).toHaveURL(new RegExp(`box=${box}`));
});

test("without scripts the figures are there as well", async ({ browser }, { project }) => {
  test.skip(project.name !== "desktop", "list and detail side by side");
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(`${address}/`);
  await expect(page.locator(".week-classes tbody tr")).toHaveCount(3);
  await expect(page.locator(".week-columns g").first()).toBeAttached();
});
