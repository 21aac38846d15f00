import { expect, test } from "../support/test.ts";

for (const [language, help, title, chapter] of [
  ["en", "Help", "For planners", "The ranked list"],
  ["nl", "Help", "Voor planners", "De ranglijst"],
] as const) {
  test(`help leads to the planner's guide, ${language}, which works under a strict policy`, async ({ page, isMobile }) => {
    await page.goto(`/?lang=${language}`);
    await page.getByRole("link", { name: help, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/handbook/${language}/index\\.html`));
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    const main = page.getByRole("main");
    await expect(main.getByRole("heading", { level: 1, name: title })).toBeVisible();
    const picture = main.getByRole("img").first();
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(900);
    // The table of contents is rendered by a script of the book.
    const contents = page.locator("#mdbook-sidebar a", { hasText: chapter });
    await expect(contents).toHaveCount(1);
    if (!isMobile) {
      await contents.click();
      await expect(main.getByRole("heading", { level: 1, name: chapter })).toBeVisible();
    }
  });
}

test("the handbook can be searched, and missing pages give 404", async ({ page, complaints }) => {
  await page.goto("/handbook/index.html?search=near_threshold");
  await expect(page.locator("#mdbook-searchresults").getByRole("link", { name: /Settings/ }).first()).toBeVisible();
  const answer = await page.goto("/handbook/nowhere.html");
  expect(answer?.status()).toBe(404);
  // Chromium logs the 404 of the document as an error.
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});
