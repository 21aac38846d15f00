import { expect, expectAccessible, test } from "../support/test.ts";

test("the page about the model is one click away in both languages and links back", async ({ page }) => {
  await page.goto("/?theme=dark");
  await page.getByRole("link", { name: "About the model" }).click();
  await expect(page).toHaveURL(/\/model\?theme=dark/);
  await expect(page.getByRole("heading", { level: 1, name: "Model card" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Where it fails" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Nederlands" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Modelkaart" })).toBeVisible();
  await page.getByRole("link", { name: "Gridspark" }).click();
  await expect(page).toHaveURL(/\/\?lang=nl&theme=dark/);
  await expect(page.locator("html")).toHaveAttribute("lang", "nl");
});

test("the Dutch model card speaks Dutch throughout", async ({ page }) => {
  await page.goto("/model?lang=nl");
  await expect(page.getByRole("heading", { level: 1, name: "Modelkaart" })).toBeVisible();
  // Commands are the same in every language.
  const text = (await page.locator("main").innerText()).replaceAll(/“gridspark [^”]*”/g, "");
  for (const english of [/\bdrift\b/i, /\bfitten\b/i, /\bhorizon\b/i, /\borigins?\b/i, /\bwithin\b/i, /\bweeks\b/i]) {
    expect(text, String(english)).not.toMatch(english);
  }
});
