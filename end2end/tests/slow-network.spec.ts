import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

/** Holds back the page's WebAssembly until the function that is returned is called. */
async function heldBack(page: import("@playwright/test").Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("what is typed before the page is alive is searched, and stays in the field", async ({ page }) => {
  const release = await heldBack(page);
  const dashboard = new Dashboard(page);
  await page.goto("/", { waitUntil: "commit" });
  await dashboard.search.fill("zzzz");
  release();
  await expect(page.getByText("No transformer matches this filter.")).toBeVisible();
  await expect(dashboard.search).toHaveValue("zzzz");
  await expect(page).toHaveURL(/q=zzzz/);
});

test("a filter chosen before the page is alive is not lost", async ({ page }) => {
  const release = await heldBack(page);
  const dashboard = new Dashboard(page);
  await page.goto("/", { waitUntil: "commit" });
  await expect(dashboard.area).toBeVisible();
  await dashboard.area.selectOption("Tilburg");
  release();
  await expect(page).toHaveURL(/area=Tilburg/);
  await expect(page.getByText(/^\d+ of 149 transformers$/)).toBeVisible();
  await expect(dashboard.area).toHaveValue("Tilburg");
});

test("a row tapped before the page is alive opens its transformer", async ({ page }) => {
  const release = await heldBack(page);
  const dashboard = new Dashboard(page);
  await page.goto("/", { waitUntil: "commit" });
  const box = await dashboard.boxes().nth(2).innerText();
  await dashboard.boxes().nth(2).click();
  await expect(page).toHaveURL(new RegExp(`box=${box}`));
  release();
  await expect(dashboard.detail.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(dashboard.detail).toContainText(box);
});

test("offline, a list that could not be renewed says so in the person's language, and is renewed when the network is back", async ({
  page,
  context,
  complaints,
}) => {
  const dashboard = new Dashboard(page);
  await page.goto("/?lang=nl");
  const list = page.getByRole("table", { name: "Transformatoren, gerangschikt" });
  await expect(list.locator("a[tabindex='0']")).toHaveCount(1);
  await context.setOffline(true);
  await page.getByRole("navigation", { name: "Alle transformatoren" }).getByRole("link", { name: /Bijna vol/ }).click();
  const note = page.locator(".stale-note");
  await expect(note).toContainText("De server is niet bereikbaar.");
  await expect(note).toContainText("De rijen hieronder zijn nog de vorige, niet die van uw keuze.");
  await expect(note).not.toContainText(/error|fetch|network/i);
  await expect(page.locator(".ranking-frame")).toHaveAttribute("data-stale", "true");
  await keepPicture(page, "offline-list");
  await page.locator(".ranking tbody a").first().click();
  await expect(page.locator("#detail .failure")).toContainText("De server is niet bereikbaar.");
  await context.setOffline(false);
  await expect(page.locator("#detail .detail")).toBeVisible();
  await page.goBack();
  await expect(note).toBeHidden();
  await expect(page).toHaveURL(/urgency=near/);
  await expect.poll(async () => new Set(await dashboard.page.locator("td.col-status > span:first-of-type").allInnerTexts())).toEqual(new Set(["Bijna vol"]));
  // Chromium logs each request that found no network.
  const others = complaints.filter((complaint) => !complaint.includes("ERR_INTERNET_DISCONNECTED"));
  complaints.splice(0, complaints.length, ...others);
});

test("a transformer's page can be read while its code is on its way, and keeps what was opened", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open("/");
  const box = await dashboard.boxes().first().innerText();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/part-*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`/?box=${box}`);
  const table = dashboard.detail.locator("details.data-table").first();
  await table.locator("summary").first().click();
  await expect(dashboard.detail.locator(".part[data-live]")).toHaveCount(0);
  release();
  await expect(dashboard.detail.locator(".part[data-live]")).toHaveCount(1);
  await expect(table).toHaveAttribute("open", "");
  await expect(table.locator("summary").first()).toBeFocused();
  await expect(dashboard.detail.locator(".chart canvas").first()).toBeVisible();
});

test("where the code of a transformer's page cannot be loaded it says so, and the next one tries again", async ({
  page,
  complaints,
}) => {
  const dashboard = new Dashboard(page);
  await page.route("**/part-*.wasm", (route) => route.abort());
  await dashboard.open("/");
  await dashboard.boxes().first().click();
  await expect(dashboard.detail.getByRole("alert")).toContainText("cannot be reached");
  await page.unroute("**/part-*.wasm");
  await page.goBack();
  const next = await dashboard.boxes().nth(1).innerText();
  await dashboard.boxes().nth(1).click();
  await expect(dashboard.boxId()).toHaveText(next);
  await expect(dashboard.detail.locator(".part[data-live]")).toHaveCount(1);
  // The aborted files are complained of, each at a time of its own.
  const others = complaints.filter((complaint) => !/ERR_FAILED|Failed to fetch/.test(complaint));
  complaints.splice(0, complaints.length, ...others);
});
