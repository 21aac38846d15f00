import { Dashboard } from "../support/dashboard.ts";
import { expect, expectAccessible, test } from "../support/test.ts";

// Each row of the tables is checked several times.
test.slow();

/** What the theme can break; names, roles and order are the same in each. */
const COLOURS = ["color-contrast", "link-in-text-block"];

for (const theme of ["light", "dark"]) {
  const [tag, rules] = theme === "dark" ? [["@once"], COLOURS] : [[], undefined];
  test(`list and detail in ${theme} have no accessibility violation`, { tag }, async ({ page }) => {
    const dashboard = new Dashboard(page);
    await dashboard.open(`/?theme=${theme}`);
    await expectAccessible(page, "html", rules);
    await dashboard.boxes().first().click();
    for (const tab of ["Forecast", "Why", "What if?", "Accuracy", "Data"]) {
      await dashboard.tab(tab).click();
      if (["Forecast", "Why", "What if?"].includes(tab)) {
        await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
      } else {
        await expect(dashboard.detail.locator("#tab-panel h2").first()).toBeVisible();
      }
      await expectAccessible(page, "#detail", rules);
    }
  });
}

test("runs, model card and sheets for paper have no accessibility violation, wide and narrow", { tag: "@once" }, async ({ page }) => {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const address of ["/runs", "/model", "/print?area=Breda"]) {
      await page.goto(address);
      for (const details of await page.locator("details").all()) await details.evaluate((el) => el.setAttribute("open", ""));
      await expectAccessible(page);
    }
  }
});

test("an empty list and the 404 page have no accessibility violation", async ({ page, complaints }) => {
  await page.goto("/?q=nothing+at+all");
  await expectAccessible(page);
  await page.goto("/nowhere");
  await expectAccessible(page);
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});

for (const path of ["/plan", "/model", "/runs", "/completeness"]) {
  test(`${path} has no accessibility violation in either language and theme (UX 19)`, { tag: "@once" }, async ({ page }) => {
    for (const [theme, language, rules] of [["light", "en"], ["light", "nl"], ["dark", "en", COLOURS]] as const) {
      await page.goto(`${path}?theme=${theme}&lang=${language}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page, "html", rules);
    }
  });
}
