import { Api } from "../support/api.ts";
import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

const address = process.env["REAL_DASHBOARD"];

test.skip(!address, "the real measurements are absent");
test.use({ dashboard: address ?? "" });

test("real loads, grid import and solar plants are ranked and drawn", async ({ page, request, dashboard: base }) => {
  const boxes = await new Api(request, base).boxes();
  // One of the eighteen has been silent for more than a year: it is not among those that are ranked.
  expect(boxes).toHaveLength(17);
  const forecast = boxes.filter((row) => row.peak_loading !== null);
  expect(forecast.length).toBeGreaterThan(10);
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await expect(page.getByText("17 transformers", { exact: true })).toBeVisible();
  await keepPicture(page, "real-list");
  await dashboard.boxes().first().click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await keepPicture(page, "real-detail");
});

test("a real solar plant's feed-in is drawn below zero", async ({ page, request, dashboard: base }) => {
  const plant = await new Api(request, base).find(({ minimum }) => {
    const forecast = minimum?.forecast;
    return !!forecast && forecast.total[2].slice(forecast.history).every((kw) => kw < 0);
  });
  const dashboard = new Dashboard(page);
  await page.goto(`/?box=${encodeURIComponent(plant.box_id)}`);
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await keepPicture(page, "real-solar-plant");
});
