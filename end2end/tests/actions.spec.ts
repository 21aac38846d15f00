import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Dashboard } from "../support/dashboard.ts";
import { Gridspark } from "../support/gridspark.ts";
import { expect, keepPicture, test } from "../support/test.ts";

// Uses its own store, as it records.
test.describe.configure({ mode: "serial" });

let folder: string;
let gridspark: Gridspark;
let address: string;

test.beforeAll(async () => {
  // Boxes are simulated and forecast.
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), "gridspark-actions-"));
  gridspark = new Gridspark(folder);
  const size = ["--boxes", "40", "--years", "3", "--phase", "sumli"];
  await gridspark.simulate(...size, "--seed", "5", "--until", "2026-06-01", "--growth", "exponential");
  await gridspark.command("make-forecasts");
  address = await gridspark.serve();
});

test.afterAll(() => {
  gridspark.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** `2030, 09:05,` for the minutes of this test's length up to now. */
function hourInTheNetherlands(): RegExp {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Amsterdam", hour: "2-digit", minute: "2-digit" });
  const minutes = [0, 1, 2].map((ago) => clock.format(Date.now() - ago * 60_000));
  return new RegExp(`20\\d\\d, (${minutes.join("|")}), `);
}

test("an action is recorded, shown in the row, found by its filter, and stays", async ({ page }, { project }) => {
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  const box = await dashboard.boxes().first().innerText();
  await dashboard.boxes().first().click();
  const action = dashboard.detail.getByRole("region", { name: "Action" });
  await expect(action).toContainText("Nothing recorded yet");
  await action.getByLabel("Progress").selectOption("Planned");
  await action.getByLabel("Planned for").fill("2030-03-01");
  await action.getByLabel("Owner").fill("ada");
  await action.getByLabel("Comment").fill("<b>630 kVA</b> is ordered");
  await expect(action).toContainText("Not recorded yet.");
  await action.getByRole("button", { name: "Record" }).click();
  await expect(action).toContainText("Recorded.");
  const entry = action.getByRole("listitem");
  await expect(entry).toContainText("Planned, 1 March 2030, owner: ada");
  await expect(entry).toContainText("<b>630 kVA</b> is ordered");
  await expect(entry, "by the clock on the wall").toContainText(hourInTheNetherlands());
  // A tablet shows one pane at a time.
  const row = page.getByRole("row").filter({ hasText: box });
  if (project.name === "desktop") await expect(row).toContainText("Planned 1 Mar 2030, ada");
  await keepPicture(page, "action");

  await page.goto(`${address}/?progress=planned&box=${box}`);
  if (project.name === "desktop") await expect(dashboard.boxes()).toHaveCount(1);
  await expect(action.getByLabel("Progress").first()).toHaveValue("planned");
  await expect(action.getByLabel("Owner")).toHaveValue("ada");
  await expect(entry).toHaveCount(1);
  await expect(entry, "as the server writes it").toContainText(hourInTheNetherlands());

  // A date that has passed is refused in a sentence, and nothing that was typed is lost.
  await action.getByLabel("Planned for").fill("2020-01-01");
  await action.getByLabel("Comment").fill("too late");
  await action.getByRole("button", { name: "Record" }).click();
  await expect(action).toContainText("The date has passed: choose a later one.");
  await expect(action.getByLabel("Comment")).toHaveValue("too late");
  await expect(entry).toHaveCount(1);
});

test("of two planners on one box the second sees what the first has recorded, and chooses", async ({ page, context }) => {
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  const box = await dashboard.boxes().nth(1).innerText();
  const other = await context.newPage();
  const forms = [];
  for (const each of [page, other]) {
    await each.goto(`${address}/?box=${box}`);
    const form = new Dashboard(each).detail.getByRole("region", { name: "Action" });
    await expect(form.getByLabel("Progress")).toBeVisible();
    forms.push(form);
  }
  const [mine, theirs] = forms;
  await theirs!.getByLabel("Progress").selectOption("Investigating");
  await theirs!.getByLabel("Comment").fill("measured by hand");
  await theirs!.getByRole("button", { name: "Record" }).click();
  await expect(theirs!).toContainText("Recorded.");
  await mine!.getByLabel("Progress").selectOption("Done");
  await mine!.getByRole("button", { name: "Record" }).click();
  await expect(mine!).toContainText("Somebody recorded something else meanwhile.");
  await expect(mine!).toContainText("measured by hand");
  await mine!.getByRole("button", { name: "Record mine on top" }).click();
  await expect(mine!.getByRole("listitem").first()).toContainText("Done");
  await expect(mine!.getByRole("listitem")).toHaveCount(2);
});

test("what was typed stays while another box is looked at, and offline it says so", async ({ page, context, complaints }, { project }) => {
  test.skip(project.name !== "desktop", "one box beside the list, then another");
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/?lang=nl`);
  const boxes = dashboard.page.locator(".ranking tbody a");
  const action = dashboard.detail.getByRole("region", { name: "Actie" });
  await boxes.nth(4).click();
  await action.getByLabel("Toelichting").fill("bellen met de klant");
  await boxes.nth(5).click();
  await expect(action.getByLabel("Toelichting")).toHaveValue("");
  await boxes.nth(4).click();
  await expect(action.getByLabel("Toelichting")).toHaveValue("bellen met de klant");
  await context.setOffline(true);
  await action.getByRole("button", { name: "Vastleggen" }).click();
  await expect(action).toContainText("De server is niet bereikbaar.");
  await expect(action.getByLabel("Toelichting")).toHaveValue("bellen met de klant");
  await context.setOffline(false);
  await action.getByRole("button", { name: "Vastleggen" }).click();
  await expect(action.getByRole("listitem")).toContainText("bellen met de klant");
  const others = complaints.filter((complaint) => !complaint.includes("ERR_INTERNET_DISCONNECTED"));
  complaints.splice(0, complaints.length, ...others);
});

test("what is typed while a recording is under way is not called recorded, and can be recorded after it", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await dashboard.boxes().nth(10).click();
  const action = dashboard.detail.getByRole("region", { name: "Action" });
  await action.getByLabel("Comment").fill("first");
  let isUnderWay = () => {};
  let letThrough = () => {};
  const underWay = new Promise<void>((resolve) => (isUnderWay = resolve));
  const hold = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route("**/api/actions", async (route) => {
    isUnderWay();
    await hold;
    await route.continue();
  });
  await action.getByRole("button", { name: "Record" }).click();
  await underWay;
  await action.getByLabel("Comment").fill("second");
  letThrough();
  await expect(action.getByRole("listitem")).toHaveText([/first/]);
  await expect(action.getByRole("status")).toHaveText("Not recorded yet.");
  await expect(action.getByLabel("Comment")).toHaveValue("second");
  await action.getByRole("button", { name: "Record" }).click();
  await expect(action.getByRole("listitem")).toHaveText([/second/, /first/]);
  await expect(action.getByRole("status")).toHaveText("Recorded.");
  await expect(action.getByLabel("Comment")).toHaveValue("");
});

test("all that are selected get a status at once", async ({ page }, { project }) => {
  test.skip(project.name !== "desktop", "a tablet's list has the same bar");
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await expect(page.locator(".ranking a[tabindex='0']")).toHaveCount(1);
  const checkboxes = page.locator(".ranking tbody input[type='checkbox']");
  for (const row of [6, 7, 8]) await checkboxes.nth(row).click();
  const progress = page.getByRole("combobox", { name: "Set progress" });
  await progress.selectOption("Ignored");
  await page.getByRole("button", { name: "Record for 3" }).click();
  await expect(page.getByText("Say until which day it is ignored.")).toBeVisible();
  await progress.selectOption("Seen");
  await page.getByRole("button", { name: "Record for 3" }).click();
  await expect(page.getByText("Recorded for 3.")).toBeVisible();
  await expect(progress).toHaveValue("");
  await page.goto(`${address}/?progress=seen`);
  await expect(dashboard.boxes()).toHaveCount(3);
});

test("recording for many shows in the open detail, and never overwrites what the rows don't show", async ({ page, context }, { project }) => {
  test.skip(project.name !== "desktop", "list and detail side by side");
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await expect(page.locator(".ranking a[tabindex='0']")).toHaveCount(1);
  await dashboard.boxes().nth(12).click();
  const checkboxes = page.locator(".ranking tbody input[type='checkbox']");
  for (const row of [12, 13]) await checkboxes.nth(row).click();
  const other = await context.newPage();
  await other.goto(`${address}/?box=${await dashboard.boxes().nth(13).innerText()}`);
  const theirs = new Dashboard(other).detail.getByRole("region", { name: "Action" });
  await theirs.getByLabel("Progress").selectOption("Investigating");
  await theirs.getByRole("button", { name: "Record" }).click();
  await expect(theirs).toContainText("Recorded.");
  await page.getByRole("combobox", { name: "Set progress" }).selectOption("Done");
  await page.getByRole("button", { name: "Record for 2" }).click();
  await expect(page.getByText("Recorded for 1. Not for 1: somebody recorded something else meanwhile.")).toBeVisible();
  const mine = dashboard.detail.getByRole("region", { name: "Action" });
  await expect(mine.getByRole("listitem")).toContainText("Done");
  await expect(mine.getByLabel("Progress")).toHaveValue("done");
  // Its row shows it by now: recorded once more, it is meant.
  await expect(page.getByRole("row").filter({ hasText: await dashboard.boxes().nth(13).innerText() })).toContainText("Investigating");
  await page.getByRole("combobox", { name: "Set progress" }).selectOption("Done");
  await page.getByRole("button", { name: "Record for 2" }).click();
  await expect(page.getByText("Recorded for 2.")).toBeVisible();
});

test("what was sent for many and lost its answer is recorded once, however often it is sent", async ({ page, complaints }, { project }) => {
  test.skip(project.name !== "desktop", "list and detail side by side");
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await expect(page.locator(".ranking a[tabindex='0']")).toHaveCount(1);
  await dashboard.boxes().nth(23).click();
  await page.locator(".ranking tbody input[type='checkbox']").nth(23).click();
  await page.getByRole("combobox", { name: "Set progress" }).selectOption("Seen");
  await page.route("**/api/actions", async (route) => {
    await route.fetch();
    await route.abort();
  });
  const record = page.getByRole("button", { name: "Record for 1" });
  await record.click();
  await expect(page.locator(".set-progress")).toContainText("The server cannot be reached.");
  await page.unroute("**/api/actions");
  await record.click();
  await expect(page.getByText("Recorded for 1.")).toBeVisible();
  await expect(dashboard.detail.getByRole("region", { name: "Action" }).getByRole("listitem")).toHaveCount(1);
  const others = complaints.filter((complaint) => !complaint.includes("ERR_FAILED"));
  complaints.splice(0, complaints.length, ...others);
});

test("what was typed is there after the page was left or loaded anew, and the button keeps the keyboard", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await dashboard.boxes().nth(14).click();
  const action = dashboard.detail.getByRole("region", { name: "Action" });
  await action.getByLabel("Progress").selectOption("Planned");
  await action.getByLabel("Comment").fill("not yet");
  await page.goto(`${address}/runs`);
  await page.goBack();
  await expect(action.getByLabel("Comment")).toHaveValue("not yet");
  await page.reload();
  await expect(action.getByLabel("Comment")).toHaveValue("not yet");
  await expect(action.getByLabel("Planned for")).toBeVisible();
  const record = action.getByRole("button", { name: "Record" });
  await record.focus();
  await page.keyboard.press("Enter");
  await expect(action.getByRole("status")).toHaveText("Recorded.");
  await expect(record).toBeFocused();
});

test("one's own recording whose answer was lost is no conflict", async ({ page, complaints }) => {
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await dashboard.boxes().nth(16).click();
  const action = dashboard.detail.getByRole("region", { name: "Action" });
  await action.getByLabel("Comment").fill("lost");
  await page.route("**/api/actions", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await action.getByRole("button", { name: "Record" }).click();
  await expect(action).toContainText("The server cannot be reached.");
  await page.unroute("**/api/actions");
  await action.getByLabel("Comment").fill("after it");
  await action.getByRole("button", { name: "Record" }).click();
  await expect(action.getByRole("listitem")).toHaveText([/after it/, /lost/]);
  const others = complaints.filter((complaint) => !complaint.includes("ERR_FAILED"));
  complaints.splice(0, complaints.length, ...others);
});

test("a draft that the tab kept comes after the version it was begun on: a colleague's since is a conflict with both sides", async ({ page, context }) => {
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  const box = await dashboard.boxes().nth(18).innerText();
  await page.goto(`${address}/?box=${box}`);
  const mine = dashboard.detail.getByRole("region", { name: "Action" });
  await mine.getByLabel("Progress").selectOption("Seen");
  await mine.getByLabel("Comment").fill("looks fine");
  const other = await context.newPage();
  await other.goto(`${address}/?box=${box}`);
  const theirs = new Dashboard(other).detail.getByRole("region", { name: "Action" });
  await theirs.getByLabel("Progress").selectOption("Planned");
  await theirs.getByLabel("Comment").fill("400 kVA ordered");
  await theirs.getByRole("button", { name: "Record" }).click();
  await expect(theirs).toContainText("Recorded.");

  // The page shows theirs by now; the draft is from before it.
  await page.reload();
  await expect(mine.getByRole("listitem")).toContainText("400 kVA ordered");
  await expect(mine.getByLabel("Comment")).toHaveValue("looks fine");
  await mine.getByRole("button", { name: "Record" }).click();
  await expect(mine.getByRole("status")).toContainText("Somebody recorded something else meanwhile.");
  await expect(mine.getByLabel("Comment")).toHaveValue("looks fine");
  // Recorded once more without a choice it is the same conflict.
  await mine.getByRole("button", { name: "Record", exact: true }).click();
  await expect(mine.getByRole("status")).toContainText("Somebody recorded something else meanwhile.");
  await expect(mine.getByRole("listitem")).toHaveCount(1);
  await mine.getByRole("button", { name: "Record mine on top" }).click();
  await expect(mine.getByRole("listitem")).toHaveText([/looks fine/, /400 kVA ordered/]);
  await expect(mine.getByRole("status")).toHaveText("Recorded.");
});

test("a box that is read anew while its recording is under way says so, and then that it is recorded", async ({ page }, { project }) => {
  test.skip(project.name !== "desktop", "one box beside the list, then another");
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await dashboard.boxes().nth(20).click();
  const action = dashboard.detail.getByRole("region", { name: "Action" });
  await action.getByLabel("Comment").fill("on its way");
  let letThrough = () => {};
  const hold = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route("**/api/actions", async (route) => {
    await hold;
    await route.continue();
  });
  await action.getByRole("button", { name: "Record" }).click();
  await dashboard.boxes().nth(21).click();
  await expect(action.getByLabel("Comment")).toHaveValue("");
  await dashboard.boxes().nth(20).click();
  await expect(action.getByLabel("Comment")).toHaveValue("on its way");
  await expect(action.getByRole("status")).toHaveText("Being recorded …");
  letThrough();
  await expect(action.getByRole("status")).toHaveText("Recorded.");
  await expect(action.getByRole("listitem")).toHaveText([/on its way/]);
  await expect(action.getByLabel("Comment")).toHaveValue("");
});

test("by keyboard alone: s sets the progress of a row, then of the next, of a selection, and of the open box", async ({ page }, { project }) => {
  test.skip(project.name !== "desktop", "a tablet has no keyboard");
  const dashboard = new Dashboard(page);
  await page.goto(`${address}/`);
  await expect(page.locator(".ranking a[tabindex='0']")).toHaveCount(1);
  const progress = page.getByRole("combobox", { name: "Set progress" });
  const row = (place: number) => page.locator(`#row-${place}`);
  const record = async (status: string, boxes: number) => {
    await expect(progress).toBeFocused();
    await page.keyboard.type(status);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: `Record for ${boxes}` })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByText(`Recorded for ${boxes}.`)).toBeVisible();
  };
  await row(2).focus();
  await page.keyboard.press("s");
  await record("Inv", 1);
  await expect(row(2)).toBeFocused();
  await expect(page.getByRole("row").filter({ has: row(2) })).toContainText("Investigating");
  await expect(row(2)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("s");
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(row(3)).toBeFocused();
  await expect(page.getByText(/selected/)).toBeHidden();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.keyboard.press("s");
  await record("Done", 2);
  await expect(page.getByText("2 selected")).toBeVisible();

  await page.keyboard.press("Enter");
  const action = dashboard.detail.getByRole("region", { name: "Action" });
  await expect(action.getByRole("listitem").first()).toContainText("Done");
  await action.getByLabel("Owner").focus();
  await page.keyboard.type("s");
  await expect(action.getByLabel("Owner")).toHaveValue("s");
  await action.getByRole("button", { name: "Record" }).focus();
  await page.keyboard.press("s");
  await expect(action.getByLabel("Progress")).toBeFocused();
});
