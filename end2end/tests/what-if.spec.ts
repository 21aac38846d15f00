import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { stackedEdges, watchCharts } from "../support/charts.ts";
import { Dashboard } from "../support/dashboard.ts";
import { Gridspark } from "../support/gridspark.ts";
import { expect, keepPicture, test } from "../support/test.ts";

// Uses its own store, as it saves.
test.describe.configure({ mode: "serial" });

let folder: string;
let gridspark: Gridspark;
let address: string;
/** Boxes with a forecast and room, one for each test. */
let boxes: string[];

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gridspark-what-if-"));
  gridspark = new Gridspark(folder);
  const size = ["--boxes", "16", "--years", "2.5", "--phase", "sumli"];
  await gridspark.simulate(...size, "--seed", "5", "--until", "2026-06-01", "--growth", "exponential");
  await gridspark.command("make-forecasts");
  address = await gridspark.serve();
  const list = await fetch(`${address}/api/ranking?query%5Burgency%5D=ample&query%5Blimit%5D=20`);
  boxes = ((await list.json()) as { rows: { box_id: string }[] }).rows.map((row) => row.box_id);
});

test.afterAll(() => {
  gridspark.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the tab of a box and waits until its fields are alive. */
async function open(page: Page, box: string, language = "en"): Promise<Dashboard> {
  await page.goto(`${address}/?box=${box}&tab=what-if&lang=${language}`);
  await expect(page.locator(".what-if-fields")).toBeEnabled();
  return new Dashboard(page);
}

type Bands = number[][];
type Future = { minimum: Bands; maximum: Bands };

test("before and after are drawn together as the server answers them, and the model's code comes with the tab alone", async ({ page }) => {
  const parts: string[] = [];
  page.on("request", (request) => {
    if (/split_what_if|what-if/.test(request.url())) parts.push(request.url());
  });
  await watchCharts(page);
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/?box=${boxes[0]}`);
  await expect(page.locator(".chart[data-drawn=true]")).toBeVisible();
  expect(parts, "nothing of the model is loaded with the first tab").toEqual([]);
  await dashboard.tab("What if?").click();
  await expect(page.locator(".what-if-fields")).toBeEnabled();
  await expect.poll(() => parts.filter((part) => /split_what_if.*wasm/.test(part)).length).toBe(1);
  const said = page.locator(".what-if-said");
  await expect(said).toHaveText("Nothing is assumed yet: the chart shows the forecast as it is.");
  const top = await page.evaluate(() => {
    const place = (selector: string) => document.querySelector(selector)!.getBoundingClientRect().top;
    return place(".detail .chart") - place("article.detail");
  });
  expect(top).toBeLessThan(300);
  await dashboard.detail.getByRole("textbox", { name: "Chargers of 11 kW" }).fill("60");
  await dashboard.detail.getByRole("textbox", { name: "Solar panels (kWp)" }).fill("120,5");
  await expect(said).toContainText("The chance of an overload up to week 49, 2026");
  await expect(said).toContainText("At a risk of 1 in 10 there is");
  const query = "assumed%5Bchargers%5D=60&assumed%5Bpanels_kwp%5D=120.5";
  const response = await page.request.get(`${address}/api/what-if?box_id=${boxes[0]}&${query}`);
  const { answered } = (await response.json()) as { answered: { before: Future; after: Future } };
  const near = (drawn: number[] | undefined, kw: number[]) => {
    // The coloured band is drawn in two parts, the half-year and what is after it.
    expect(drawn).toBeDefined();
    drawn!.forEach((edge, week) => expect(Math.abs(edge - kw[week]!)).toBeLessThan(0.003));
  };
  await expect.poll(async () => Object.keys(await stackedEdges(page))).toContain("before-max-95");
  await expect.poll(async () => (await stackedEdges(page))["total-min-5"]?.[0]).toBeCloseTo(answered.after.minimum[0]![0]!, 2);
  const edges = await stackedEdges(page);
  near(edges["before-max-5"], answered.before.maximum[0]!);
  near(edges["before-max-95"], answered.before.maximum[4]!);
  near(edges["total-max-5"], answered.after.maximum[0]!);
  near(edges["total-max-95"], answered.after.maximum[4]!);
  near(edges["total-min-5"], answered.after.minimum[0]!);
  await keepPicture(page, "what-if");
  await dashboard.detail.getByRole("button", { name: "Clear" }).click();
  await expect(said).toContainText("Nothing is assumed yet");
  await expect.poll(async () => Object.keys(await stackedEdges(page))).not.toContain("before-max-95");
});

test("a slider moves the answer, also by keys, and what was set stays while other tabs are looked at", async ({ page }) => {
  const dashboard = await open(page, boxes[1]!);
  const slider = dashboard.detail.getByRole("slider", { name: "New homes" });
  const typed = dashboard.detail.getByRole("textbox", { name: "New homes" });
  await slider.fill("150");
  await expect(typed).toHaveValue("150");
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(typed).toHaveValue("151");
  await expect(page.locator(".what-if-said")).toContainText("goes from");
  await dashboard.tab("Forecast").click();
  await dashboard.tab("What if?").click();
  await expect(typed).toHaveValue("151");
  await expect(page.locator(".what-if-said")).toContainText("goes from");
});

test("bad input gets one sentence, and nothing is saved of it", async ({ page }) => {
  const dashboard = await open(page, boxes[2]!);
  const said = page.locator(".what-if-said");
  const field = (name: string) => dashboard.detail.getByRole("textbox", { name });
  const proposals = dashboard.detail.getByRole("region", { name: "Proposals" });
  const save = proposals.getByRole("button", { name: "Save as proposal" });
  for (const bad of ["-3", "2.5", "1e9", "<b>"]) {
    await field("Chargers of 11 kW").fill(bad);
    await expect(said).toHaveText("Chargers of 11 kW: type a whole number from 0 to 100,000.");
  }
  await proposals.getByLabel("Name").fill("bad");
  await save.click();
  await expect(proposals).toContainText("Chargers of 11 kW: type a whole number from 0 to 100,000.");
  await field("Chargers of 11 kW").fill("3");
  await dashboard.detail.getByLabel("From", { exact: true }).fill("2020-01-01");
  await expect(said).toHaveText("The date has passed: choose a later one.");
  await save.click();
  await expect(proposals).toContainText("The date has passed: choose a later one.");
  await dashboard.detail.getByLabel("From", { exact: true }).fill("2190-01-01");
  await expect(said).toHaveText("The date is more than thirty years ahead: check the year.");
  await dashboard.detail.getByLabel("From", { exact: true }).fill("2032-01-01");
  await expect(said).toContainText("before the loads come.");
  await dashboard.detail.getByLabel("From", { exact: true }).fill("");
  await field("Capacity (kVA)").fill("200000");
  await expect(said).toHaveText("The capacity is too large: at most 100,000 kVA.");
  await field("Capacity (kVA)").fill("0");
  await expect(said).toHaveText("Capacity (kVA): type a number above 0, up to 100,000.");
  // With its thousands set apart a number stays what it is; what can be meant either way is not guessed.
  await field("Capacity (kVA)").fill("1.000");
  await expect(said).toHaveText("Capacity (kVA): “1.000” can be meant as 1 or as 1,000: type one of these.");
  await field("Capacity (kVA)").fill("200,000");
  await expect(said).toHaveText("The capacity is too large: at most 100,000 kVA.");
  await dashboard.detail.getByRole("button", { name: "Clear" }).click();
  await proposals.getByLabel("Name").fill("  ");
  await save.click();
  await expect(proposals).toContainText("Give the proposal a name.");
  await proposals.getByLabel("Name").fill("nothing");
  await save.click();
  await expect(proposals).toContainText("Nothing is assumed yet.");
  await expect(proposals).toContainText("No proposals yet");
});

test("a proposal is saved, listed with what it would change, shown again and removed", async ({ page, context }) => {
  const dashboard = await open(page, boxes[3]!);
  const proposals = dashboard.detail.getByRole("region", { name: "Proposals" });
  await dashboard.detail.getByRole("textbox", { name: "Heat pumps of 3 kW" }).fill("90");
  await dashboard.detail.getByLabel("From", { exact: true }).fill("2030-03-01");
  await proposals.getByLabel("Name").fill("Estate <b>north</b>");
  await proposals.getByRole("button", { name: "Save as proposal" }).click();
  await expect(proposals).toContainText("Saved.");
  const entry = proposals.getByRole("listitem");
  await expect(entry).toContainText("Estate <b>north</b>");
  await expect(entry).toContainText("90 heat pumps, from 1 March 2030");
  await expect(entry).toContainText("The chance of an overload up to week 49, 2026 stays");

  // Somebody else chooses the same name, then removes what is there.
  const other = await context.newPage();
  const theirs = await open(other, boxes[3]!);
  const list = theirs.detail.getByRole("region", { name: "Proposals" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await theirs.detail.getByRole("textbox", { name: "New homes" }).fill("5");
  await list.getByLabel("Name").fill("Estate <b>north</b>");
  await list.getByRole("button", { name: "Save as proposal" }).click();
  await expect(list).toContainText("There is a proposal of this name already");
  await list.getByRole("button", { name: "Show: Estate" }).click();
  await expect(theirs.detail.getByRole("textbox", { name: "Heat pumps of 3 kW" })).toHaveValue("90");
  await expect(theirs.detail.getByLabel("From", { exact: true })).toHaveValue("2030-03-01");
  await expect(theirs.detail.getByRole("textbox", { name: "New homes" })).toHaveValue("");
  await keepPicture(other, "proposals");
  await list.getByRole("button", { name: "Remove: Estate" }).click();
  await expect(list).toContainText("Removed.");
  await expect(list).toContainText("No proposals yet");
  await entry.getByRole("button", { name: "Remove: Estate" }).click();
  await expect(proposals).toContainText("Somebody has removed it already.");
  await expect(proposals).toContainText("No proposals yet");
});

test("weeks are left out by drawing over the chart, or by their numbers", async ({ page }) => {
  await watchCharts(page);
  const dashboard = await open(page, boxes[4]!);
  const said = page.locator(".what-if-said");
  const group = dashboard.detail.getByRole("group", { name: "Leave out weeks" });
  const spans = group.getByRole("button", { name: /^Count again:/ });
  const layer = page.locator(".brush-layer");
  const begin = async (from: number, to: number) => {
    await dashboard.detail.getByRole("button", { name: "Draw over the weeks to leave out" }).click();
    // Where the chart lies is only known once nothing above it moves any more.
    await layer.click({ trial: true, position: { x: 5, y: 5 } });
    const chart = (await layer.boundingBox())!;
    const middle = chart.y + chart.height / 3;
    await page.mouse.move(chart.x + chart.width * from, middle);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width * to, middle, { steps: 4 });
  };
  await begin(0.4, 0.45);
  await expect(page.locator(".brush-stroke")).toBeVisible();
  await page.mouse.up();
  await expect(spans).toHaveCount(1);
  await expect(layer).toHaveCount(0);
  await expect(said).toContainText("The chance of an overload");
  // A stroke over what is to come alone leaves nothing out.
  await begin(0.9, 0.95);
  await page.mouse.up();
  await expect(spans).toHaveCount(1);
  await spans.click();
  await expect(spans).toHaveCount(0);
  await expect(said).toContainText("Nothing is assumed yet");

  const first = group.getByLabel("First week");
  await group.getByRole("button", { name: "Leave out", exact: true }).click();
  await expect(group).toContainText("Choose a first week and a last one that is not before it");
  await first.fill("2026-W03");
  await group.getByLabel("Last week").fill("2026-W05");
  await group.getByRole("button", { name: "Leave out", exact: true }).click();
  await expect(spans).toHaveText(/week.3, 2026 – week.5, 2026/);
  await expect(said).toContainText("The chance of an overload");
  await keepPicture(page, "weeks-left-out");
});

test("what is accepted counts in the next run, and the page says so", async ({ page }) => {
  const dashboard = await open(page, boxes[5]!);
  const proposals = dashboard.detail.getByRole("region", { name: "Proposals" });
  await dashboard.detail.getByRole("textbox", { name: "Chargers of 11 kW" }).fill("60");
  await proposals.getByLabel("Name").fill("Depot");
  await proposals.getByRole("button", { name: "Save as proposal" }).click();
  const entry = proposals.getByRole("listitem");
  await expect(entry).toContainText("The chance of an overload");
  await entry.getByRole("button", { name: "Accept: Depot" }).click();
  await expect(proposals.getByRole("status").last()).toHaveText("Accepted: the next run counts on it.");
  await expect(entry).toContainText("Accepted by");
  await expect(entry).not.toContainText("The chance of an overload");
  await gridspark.command("make-forecasts");
  await page.reload();
  await dashboard.tab("Forecast").click();
  await expect(page.locator(".verdict-details")).toContainText("The forecast counts on accepted proposals: up to +1");
  await dashboard.tab("Why").click();
  await expect(page.locator(".waterfall")).toContainText("Accepted");
  await keepPicture(page, "accepted-proposal");
  await dashboard.tab("What if?").click();
  await proposals.getByRole("button", { name: "No longer accept: Depot" }).click();
  await expect(proposals.getByRole("status").last()).toHaveText("The next run no longer counts on it.");
});

test("in Dutch and by keyboard alone: ask, save, find it after the page is loaded anew", async ({ page }, { project }) => {
  test.skip(project.name !== "desktop", "a keyboard");
  await page.goto(`${address}/?box=${boxes[4]}&lang=nl`);
  const dashboard = new Dashboard(page);
  await expect(page.locator(".chart[data-drawn=true]")).toBeVisible();
  await dashboard.tab("Verwachting").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(dashboard.tab("Wat als?")).toBeFocused();
  await expect(page.locator(".what-if-fields")).toBeEnabled();
  const field = dashboard.detail.getByRole("textbox", { name: "Zonnepanelen (kWp)" });
  for (let step = 0; step < 40 && !(await field.evaluate((it) => it === document.activeElement)); step++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("250,5");
  await expect(page.locator(".what-if-said")).toContainText("De kans op overbelasting tot en met week 49, 2026");
  const proposals = dashboard.detail.getByRole("region", { name: "Voorstellen" });
  const name = proposals.getByLabel("Naam");
  for (let step = 0; step < 20 && !(await name.evaluate((it) => it === document.activeElement)); step++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("daken van de school");
  await page.keyboard.press("Enter");
  await expect(proposals).toContainText("Bewaard.");
  await page.reload();
  await expect(proposals.getByRole("listitem")).toContainText("daken van de school");
  await expect(proposals.getByRole("listitem")).toContainText("250,5 kWp zonnepanelen");
});
