import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

test("a first visit shows the most urgent transformers and opens one with a click", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await expect(page).toHaveTitle("Gridspark");
  await expect(dashboard.list).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Measured to week");
  await expect(dashboard.rows().first()).toContainText(/overload/i);
  await keepPicture(page, "list");

  const first = dashboard.boxes().first();
  const box = await first.innerText();
  await first.click();
  await expect(page).toHaveURL(new RegExp(`box=${box}`));
  await expect(dashboard.boxId()).toHaveText(box);
  await expect(dashboard.detail).toContainText(/No\. 1 of \d+/);
  await expect(dashboard.detail).toContainText(/up to week\s\d+, \d{4}/);
  await expect(dashboard.detail).toContainText(/In week\s\d+, \d{4} the (minimum|maximum) lies between .+ with 9 chances in 10/);
  await expect(dashboard.chart()).toHaveAccessibleName(/Measured weekly maximum and minimum from week/);
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await keepPicture(page, "detail");
});

test("a wide screen shows list and detail, a narrow one a link back to the list", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().nth(2).click();
  await expect(dashboard.detail.getByRole("heading", { level: 1 })).toBeVisible();
  const wide = (page.viewportSize()?.width ?? 0) > 1000;
  if (wide) {
    await expect(dashboard.list).toBeVisible();
  } else {
    await dashboard.detail.getByRole("link", { name: "Back to the list" }).click();
    await expect(dashboard.list).toBeVisible();
    await expect(page).not.toHaveURL(/box=/);
  }
});

test("the page is available in Dutch", async ({ page }) => {
  await page.goto("/?lang=nl");
  await expect(page.locator("html")).toHaveAttribute("lang", "nl");
  await expect(page.getByRole("table", { name: "Transformatoren, gerangschikt" })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Gemeten tot en met week");
});

test("an unknown address shows a message and links back", async ({ page, complaints }) => {
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await page.getByRole("link", { name: "To the ranked list" }).click();
  await expect(new Dashboard(page).list).toBeVisible();
  // Chromium logs the 404 of the document as an error.
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});
