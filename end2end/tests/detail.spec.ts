import { Api } from "../support/api.ts";
import { seriesIds, valueAxis, watchCharts } from "../support/charts.ts";
import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

test("UX 5: each tab shows what it is about, and its address brings it back", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  const charts = [
    { name: "Why", sentence: /The weekly maximum is the sum of trend, season and noise.*The weekly minimum/ },
    { name: "Forecast", sentence: /Measured weekly maximum and minimum from week/ },
  ];
  for (const { name, sentence } of charts) {
    await dashboard.tab(name).click();
    await expect(dashboard.tab(name)).toHaveAttribute("aria-selected", "true");
    await expect(dashboard.chart()).toHaveAccessibleName(sentence);
    await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
    await dashboard.detail.getByText("Data table").click();
    await expect(dashboard.table().getByRole("row").nth(3)).toBeVisible();
    await dashboard.detail.getByText("Data table").click();
    await keepPicture(page, `tab-${name.toLowerCase()}`);
  }
  for (const [name, heading] of [
    ["Accuracy", "Warnings and what became of them"],
    ["Data", "Completeness by week"],
  ] as const) {
    await dashboard.tab(name).click();
    await expect(dashboard.detail.getByRole("heading", { name: heading })).toBeVisible();
    await keepPicture(page, `tab-${name.toLowerCase()}`);
    await page.reload();
    await expect(dashboard.detail.getByRole("heading", { name: heading })).toBeVisible();
  }
});

test("the arrow keys move between tabs", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await dashboard.tab("Forecast").focus();
  await page.keyboard.press("ArrowRight");
  await expect(dashboard.tab("Why")).toHaveAttribute("aria-selected", "true");
  await expect(dashboard.tab("Why")).toBeFocused();
});

test("the title is the station, the identifier can be copied, and the chart begins within 300 px", async ({ page, context }) => {
  test.skip((page.viewportSize()?.width ?? 0) < 1000, "for the desktop");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().nth(4).click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  const id = await dashboard.boxId().innerText();
  await expect(dashboard.detail.getByRole("heading", { level: 1 })).not.toHaveText(id);
  await dashboard.detail.getByRole("button", { name: "Copy the box's identifier" }).click();
  await expect(dashboard.detail.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
  const [pane, chart] = [await dashboard.detail.boundingBox(), await dashboard.chart().boundingBox()];
  expect(chart!.y - pane!.y, "px from the top of the pane to the chart").toBeLessThanOrEqual(300);
});

test("UX 28: last year stands under the forecast and in the tooltip; entries of the legend toggle and stay so", async ({ page }) => {
  await watchCharts(page);
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await expect.poll(() => seriesIds(page)).toContain("total-max-last-year");
  await dashboard.chart().focus();
  await page.keyboard.press("ArrowRight");
  await expect(dashboard.chart()).toContainText("Against last year");

  const entry = (name: string) => dashboard.detail.getByRole("button", { name, exact: true });
  await expect(entry("Fitted line")).toHaveAttribute("aria-pressed", "false");
  await entry("Fitted line").click();
  await entry("The same weeks last year").click();
  await expect.poll(() => seriesIds(page)).toContain("total-max-fitted");
  expect(await seriesIds(page)).not.toContain("total-max-last-year");
  await keepPicture(page, "legend-toggled");

  await page.reload();
  await expect(entry("Fitted line")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => seriesIds(page)).not.toContain("total-max-last-year");
});

test("the scale of the values follows the window", async ({ page }) => {
  await watchCharts(page);
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await dashboard.chart().focus();
  await page.keyboard.press("0");
  const all = await valueAxis(page);
  for (let press = 0; press < 5; press++) await page.keyboard.press("+");
  const near = await valueAxis(page);
  expect(near.max - near.min).toBeLessThanOrEqual(all.max - all.min);
  expect(near.start).toBeGreaterThan(all.start);
});

test("the waterfall leads from today's level to the peak, and its figures add up", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().nth(3).click();
  await dashboard.tab("Why").click();
  const figures = dashboard.detail.locator(".waterfall .step-figure");
  await expect(figures).toHaveCount(6);
  const values = (await figures.allTextContents()).map((text) =>
    Number(text.replace("−", "-").replace(/[+,]|\s*kW/g, "")),
  );
  const sum = values.slice(0, 5).reduce((sum, value) => sum + value, 0);
  expect(Math.abs(sum - values[5]!)).toBeLessThan(1e-6);
  await expect(dashboard.detail.locator(".waterfall-sentence")).toContainText(/without (winter|summer)/);
});

test("before scripts run the server's picture stands in the chart's place", async ({ page, request, complaints, dashboard: base }) => {
  const [row] = await new Api(request, base).boxes();
  await page.route(/\.(wasm|js)(\?|$)/, (route) => route.abort());
  await page.goto(`/?box=${row!.box_id}`);
  const picture = page.locator("#detail svg.history-picture");
  await expect(picture).toBeVisible();
  expect((await picture.boundingBox())!.height).toBeGreaterThan(150);
  // What was kept from the page is what it complains of.
  complaints.length = 0;
});

test("a sheet for paper has the box on one page, and the list in full with its filter and link", async ({ page, request, dashboard: base }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open("/?area=Breda");
  await dashboard.boxes().first().click();
  const id = await dashboard.boxId().innerText();
  const href = await dashboard.detail.getByRole("link", { name: "Print" }).getAttribute("href");
  await page.goto(href!);
  await expect(page.locator("svg.history-picture .median").first()).toBeVisible();
  await expect(page.locator("main")).toContainText(id);
  await expect(page.locator(".outlook-title")).not.toBeEmpty();
  await expect(page.locator("footer")).toContainText("Area Breda");
  await expect(page.locator("footer a")).toHaveAttribute("href", new RegExp(`area=Breda.*box=${id}`));
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  expect(pdf.match(/\/Type \/Page\b/g), "one page a box").toHaveLength(1);
  await keepPicture(page, "sheet-box");

  const rows = (await new Api(request, base).boxes()).filter((row) => row.area === "Breda");
  await page.goto("/print?area=Breda");
  await expect(page.locator("tbody tr")).toHaveCount(rows.length);
  expect(await page.locator("tbody th").allInnerTexts()).toEqual(rows.map((row) => row.box_id));
  await keepPicture(page, "sheet-list");

  const missing = await request.get(`${base}/print?box=NO.SUCH.BOX`);
  expect(missing.status()).toBe(404);
});

test("the tooltip shows week and values, also by keyboard", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await dashboard.chart().focus();
  await page.keyboard.press("ArrowLeft");
  await expect(dashboard.chart()).toContainText(/week\s\d+, \d{4}/);
});

test("switching transformers and tabs faster than they load ends at the last one", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const names = await page.evaluate(async () => {
    const links = [...document.querySelectorAll<HTMLElement>("tbody th a")].slice(0, 12);
    for (const link of links) {
      // One or two frames each: the next transformer is requested while the page starts on the previous one.
      link.click();
      await new Promise(requestAnimationFrame);
      document.querySelector<HTMLElement>("#tab-why")?.click();
      await new Promise(requestAnimationFrame);
    }
    return links.map((link) => link.innerText || link.textContent);
  });
  const last = names.at(-1)!.trim();
  await expect(dashboard.boxId()).toHaveText(last);
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await expect(dashboard.detail).toHaveAttribute("aria-busy", "false");
});

test("a box without a forecast shows its history and says why", async ({ page, request, dashboard: base }) => {
  const boxes = await new Api(request, base).boxes();
  const without = boxes.find((row) => row.urgency === "no-forecast")!;
  const dashboard = new Dashboard(page);
  await page.goto(`/?box=${without.box_id}`);
  await expect(dashboard.boxId()).toHaveText(without.box_id);
  const notes = dashboard.detail.getByRole("region", { name: "What to know about the data" });
  await expect(notes.getByRole("listitem").first()).toBeVisible();
  await expect(dashboard.detail.locator("svg.history-picture .measured").first()).toBeVisible();
  await keepPicture(page, "detail-without-forecast");
});

test("the message for an unknown box names it", async ({ page, complaints }) => {
  await page.goto("/?box=NO.SUCH.BOX");
  await expect(page.getByRole("alert")).toContainText("There is no box NO.SUCH.BOX");
  // Chromium logs the 404 of the document as an error.
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});
