import { Api } from "../support/api.ts";
import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

test("each tab shows its chart, its sentence and its table", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  const tabs = [
    { name: "Breakdown of the maximum", sentence: /The weekly maximum is the sum of drift, season and noise/ },
    { name: "Breakdown of the minimum", sentence: /The weekly minimum is the sum of drift, season and noise/ },
    { name: "Forecast", sentence: /Measured weekly maximum and minimum from week/ },
  ];
  for (const { name, sentence } of tabs) {
    await dashboard.tab(name).click();
    await expect(dashboard.tab(name)).toHaveAttribute("aria-selected", "true");
    await expect(dashboard.chart()).toHaveAccessibleName(sentence);
    await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
    await dashboard.detail.getByText("Data table").click();
    await expect(dashboard.table().getByRole("row").nth(3)).toBeVisible();
    await dashboard.detail.getByText("Data table").click();
    await keepPicture(page, `tab-${name.toLowerCase().replaceAll(" ", "-")}`);
  }
});

test("the arrow keys move between tabs", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await dashboard.tab("Forecast").focus();
  await page.keyboard.press("ArrowRight");
  await expect(dashboard.tab("Breakdown of the maximum")).toHaveAttribute("aria-selected", "true");
  await expect(dashboard.tab("Breakdown of the maximum")).toBeFocused();
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
      document.querySelector<HTMLElement>("#tab-maximum")?.click();
      await new Promise(requestAnimationFrame);
    }
    return links.map((link) => link.innerText || link.textContent);
  });
  const last = names.at(-1)!.trim();
  await expect(dashboard.detail.getByRole("heading", { level: 1, name: last, exact: true })).toBeVisible();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await expect(dashboard.detail).toHaveAttribute("aria-busy", "false");
});

test("a box without a forecast says why", async ({ page, request, dashboard: base }) => {
  const boxes = await new Api(request, base).boxes();
  const without = boxes.find((row) => row.urgency === "no-forecast")!;
  const dashboard = new Dashboard(page);
  await page.goto(`/?box=${without.box_id}`);
  await expect(dashboard.detail.getByRole("heading", { level: 1, name: without.box_id })).toBeVisible();
  await expect(dashboard.detail.getByRole("region", { name: "What to know about the data" })).toBeVisible();
  await keepPicture(page, "detail-without-forecast");
});

test("the message for an unknown box names it", async ({ page, complaints }) => {
  await page.goto("/?box=NO.SUCH.BOX");
  await expect(page.getByRole("alert")).toContainText("There is no box NO.SUCH.BOX");
  // Chromium logs the 404 of the document as an error.
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});
