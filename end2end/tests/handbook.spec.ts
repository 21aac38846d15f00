import { expect, expectAccessible, keepPicture, test } from "../support/test.ts";

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
  await page.goto("/handbook/index.html?search=near_chance");
  await expect(page.locator("#mdbook-searchresults").getByRole("link", { name: /Settings/ }).first()).toBeVisible();
  const answer = await page.goto("/handbook/nowhere.html");
  expect(answer?.status()).toBe(404);
  // Chromium logs the 404 of the document as an error.
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});

test.describe("around the text", () => {
// The pages are checked twice by axe.
test.slow();

for (const [language, back, foreign] of [
  ["en", "To the transformers", "De ranglijst"],
  ["nl", "Naar de transformatoren", "The ranked list"],
] as const) {
  test(`the handbook, ${language}, is in its language all around, in the page's dark, and leads back`, async ({ page, isMobile }) => {
    await page.goto(`/?lang=${language}`);
    const dark = language === "en" ? "Dark" : "Donker";
    if (!isMobile) {
      await page.locator("a[tabindex='0']").first().waitFor();
      await page.getByRole("link", { name: dark, exact: true }).click();
      await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    }
    await page.goto(`/handbook/${language}/list.html`);
    if (!isMobile) await expect(page.locator("html")).toHaveClass(/navy/);
    await expect(page.locator("#mdbook-sidebar")).not.toContainText(foreign);
    if (language === "nl") await expect(page.locator("#mdbook-sidebar")).not.toContainText(/Reference|For operators|Settings/);
    await keepPicture(page, `handbook-${language}`);
    await expectAccessible(page);
    await page.getByRole("link", { name: back }).click();
    await expect(page.getByRole("table").first()).toBeVisible();
    await page.emulateMedia({ colorScheme: "light" });
    await page.context().clearCookies();
    await page.goto(`/handbook/${language}/list.html`);
    await expect(page.locator("html")).toHaveClass(/light/);
    await expectAccessible(page);
  });
}

});

test("the handbook's contents open and close by keyboard", async ({ page, isMobile }) => {
  test.skip(isMobile, "a tablet is used by touch");
  await page.goto("/handbook/en/list.html");
  const button = page.getByRole("button", { name: "Toggle Table of Contents" });
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(button).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Enter");
  await expect(button).toHaveAttribute("aria-expanded", "true");
});
