import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Api } from "../support/api.ts";
import { Dashboard } from "../support/dashboard.ts";
import { Gridspark } from "../support/gridspark.ts";
import { expect, keepPicture, test } from "../support/test.ts";

// Uses its own store, as the decision changes a forecast.
let folder: string;
let gridspark: Gridspark;
let address: string;

test.beforeAll(async () => {
  // Boxes are simulated and forecast.
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), "gridspark-switching-"));
  gridspark = new Gridspark(folder);
  const size = ["--boxes", "60", "--years", "3", "--phase", "sumli"];
  await gridspark.simulate(...size, "--seed", "5", "--until", "2026-06-01", "--growth", "exponential");
  await gridspark.command("make-forecasts");
  address = await gridspark.serve("worker");
});

test.afterAll(() => {
  gridspark.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a bypass switching is shown, left out, and counted again after a planner's decision", async ({ page, request }) => {
  const api = new Api(request, address);
  const found = await api.find(
    ({ maximum, special_weeks: { findings, left_out } }) =>
      maximum !== null && findings.switchings.length === 1 && left_out.length === 1,
  );
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/?box=${found.box_id}`);
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  const special = dashboard.detail.getByRole("region", { name: "Weeks out of the ordinary" });
  const entry = special.getByRole("listitem").filter({ has: page.getByRole("button") });
  await expect(entry).toHaveCount(1);
  await expect(entry).toContainText("left out");
  await keepPicture(page, "switching-left-out");

  await entry.getByRole("button", { name: "Let count" }).click();
  await expect(entry.getByRole("button", { name: "Leave out" })).toBeVisible({ timeout: 20_000 });
  await expect(entry).toContainText("counts");
  const counted = await api.box(found.box_id);
  expect(counted.special_weeks.left_out).toEqual([]);
  expect(counted.maximum!.forecast.total).not.toEqual(found.maximum!.forecast.total);

  await entry.getByRole("button", { name: "Leave out" }).click();
  await expect(entry.getByRole("button", { name: "Let count" })).toBeVisible({ timeout: 20_000 });
  const again = await api.box(found.box_id);
  expect(again.maximum!.forecast.total).toEqual(found.maximum!.forecast.total);
  expect(again.special_weeks.decisions).toHaveLength(1);

  await entry.getByRole("button", { name: "As the model decides" }).click();
  await expect(entry.getByRole("button", { name: "As the model decides" })).toHaveCount(0, { timeout: 20_000 });
  await expect(entry).toContainText("left out");
  const automatic = await api.box(found.box_id);
  expect(automatic.special_weeks.decisions).toEqual([]);
  expect(automatic.maximum!.forecast.total).toEqual(found.maximum!.forecast.total);
});
