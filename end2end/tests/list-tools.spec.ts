import { Dashboard } from "../support/dashboard.ts";
import { expect, expectAccessible, keepPicture, test } from "../support/test.ts";

// Each row of the table is checked several times.
test.slow();

const wide = (isMobile: boolean) => test.skip(isMobile, "a tablet is used by touch");

test("columns are chosen, remembered, and not part of the link (UX 31)", async ({ page, isMobile }) => {
  wide(isMobile);
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await page.getByText("Columns", { exact: true }).click();
  await page.getByRole("checkbox", { name: "Capacity" }).check();
  await page.getByRole("checkbox", { name: "First overload" }).uncheck();
  await expectAccessible(page);
  await keepPicture(page, "columns");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("checkbox", { name: "Capacity" })).toBeHidden();
  const shown = async () => (await dashboard.list.getByRole("columnheader").allInnerTexts()).map((text) => text.trim());
  expect(await shown()).not.toContain("First overload");
  expect(new URL(page.url()).search).toBe("");
  await dashboard.open();
  expect(await shown()).not.toContain("First overload");
  await page.getByText("Columns", { exact: true }).click();
  await page.getByRole("button", { name: "Usual columns" }).click();
  expect(await shown()).toContain("First overload");
});

test("rows are selected by click, Shift and keyboard; a link shows just these in the same order (UX 30)", async ({ page, isMobile, context }) => {
  wide(isMobile);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const dashboard = new Dashboard(page);
  await dashboard.open("/?sort=peak-loading&dir=desc");
  const names = (await dashboard.boxes().allInnerTexts()).slice(0, 6);
  const boxes = dashboard.list.getByRole("checkbox");
  await boxes.nth(1).click();
  await boxes.nth(3).click({ modifiers: ["Shift"] });
  await expect(page.getByText("3 selected")).toBeVisible();
  await dashboard.boxes().nth(4).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.getByText("5 selected")).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByText("4 selected")).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByText("5 selected")).toBeVisible();
  await expect(boxes.nth(5)).toBeChecked();
  await keepPicture(page, "selection");
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("button", { name: "Link copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await dashboard.open(link);
  await expect(page.getByText("5 of 149 transformers")).toBeVisible();
  expect(await dashboard.boxes().allInnerTexts()).toEqual(names.slice(1));
  await page.getByRole("link", { name: "Show all again" }).click();
  await expect(page.getByText("149 transformers", { exact: true })).toBeVisible();
  await dashboard.boxes().first().focus();
  await page.keyboard.press("Space");
  await page.getByRole("link", { name: "Show only these" }).click();
  await expect(page.getByText("1 of 149 transformers")).toBeVisible();
  await page.getByRole("link", { name: "Show all again" }).click();
  await dashboard.boxes().first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(page.getByText(/selected/)).toBeHidden();
});

test("keys: / searches, ? tells all keys in a dialog that gives the keyboard back", async ({ page, isMobile }) => {
  wide(isMobile);
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await page.keyboard.press("/");
  await expect(dashboard.search).toBeFocused();
  await page.keyboard.type("?");
  await expect(page.getByRole("dialog")).toBeHidden();
  await dashboard.search.fill("");
  await dashboard.boxes().nth(1).focus();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText("open the transformer");
  await expectAccessible(page);
  await keepPicture(page, "keys");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(dashboard.boxes().nth(1)).toBeFocused();
});

test("a view is saved under a name, opens again, and can be the start page (UX 31)", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open("/?area=Breda&sort=peak-loading&dir=desc");
  const views = page.locator(".saved-views");
  await views.locator("summary").click();
  await views.getByRole("textbox", { name: "Name of this view" }).fill("My area");
  await views.getByRole("button", { name: "Save" }).click();
  await views.getByRole("checkbox", { name: "Start page" }).check();
  await expectAccessible(page);
  await keepPicture(page, "views");
  await dashboard.open("/");
  await expect(page).toHaveURL(/area=Breda&sort=peak-loading&dir=desc/);
  await expect(dashboard.area).toHaveValue("Breda");
  await views.locator("summary").click();
  await views.getByRole("link", { name: "All transformers" }).click();
  await expect(page.getByText("149 transformers", { exact: true })).toBeVisible();
  await views.locator("summary").click();
  await views.getByRole("link", { name: "My area" }).click();
  await expect(page).toHaveURL(/area=Breda&sort=peak-loading&dir=desc/);
  await views.locator("summary").click();
  await views.getByRole("button", { name: "Delete My area" }).click();
  await page.goto("/");
  await expect(page).not.toHaveURL(/area=/);
});

test("a link to a transformer scrolls to its row, however far down (UX 4)", async ({ page, isMobile }) => {
  test.skip(isMobile, "a tablet shows list or detail");
  const dashboard = new Dashboard(page);
  await dashboard.open("/?sort=box-id");
  await page.locator(".ranking-frame").evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
  await expect(dashboard.list.getByRole("row").last()).toBeAttached();
  const last = dashboard.boxes().last();
  await expect(last).toBeVisible();
  const box = await last.innerText();
  await dashboard.open(`/?sort=box-id&box=${box}`);
  const row = dashboard.boxes().filter({ hasText: box });
  await expect(row).toBeInViewport();
  await expect(row).toHaveAttribute("aria-current", "true");
});

test("a row shows its coming weeks, and a bar with a tick at 100 % of 150 %", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const first = dashboard.rows().first();
  await expect(first.locator(".loading-bar .tick")).toHaveAttribute("d", "M67 0V10");
  if ((page.viewportSize()?.width ?? 0) > 1000) {
    await expect(first.locator(".sparkline")).toBeVisible();
    await expect(first.locator(".sparkline .limit")).toHaveAttribute("d", /^M0 [\d.]+L120 /);
  }
  await keepPicture(page, "rows");
});

test("house numbers are never cut", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const beyond = await dashboard.list.locator(".street-line > .stays").evaluateAll((numbers) =>
    numbers
      .filter((number) => number.checkVisibility())
      .map((number) => number.getBoundingClientRect().right - number.closest("td, th")!.getBoundingClientRect().right),
  );
  expect(beyond.length).toBeGreaterThan(20);
  expect(Math.max(...beyond)).toBeLessThanOrEqual(0);
});

test("the chips of all classes fit into one line", async ({ page }) => {
  for (const language of ["en", "nl"]) {
    await page.goto(`/?lang=${language}`);
    const tops = await page.locator(".chips .chip").evaluateAll((chips) => chips.map((chip) => chip.getBoundingClientRect().top));
    expect(new Set(tops).size).toBe(1);
    const hidden = await page.locator(".chips").evaluate((chips) => chips.scrollWidth - chips.clientWidth);
    expect(hidden).toBeLessThanOrEqual(0);
  }
});

test("den bosch finds 's-Hertogenbosch (UX 4)", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.search.fill("den bosch");
  await expect(page.getByText(/^\d+ of 149 transformers$/)).toBeVisible();
  await expect(dashboard.rows().first()).toContainText("'s-Hertogenbosch");
  expect(new Set(await dashboard.column("Area"))).toEqual(new Set(["Den Bosch"]));
});

test("what a link asks for and is not there is 404 and said in the person's language", async ({ page, complaints }) => {
  expect((await page.goto("/?urgency=purple"))?.status()).toBe(404);
  await expect(page.getByText("There is no “purple” here")).toBeVisible();
  await page.goto("/?urgency=purple&lang=nl");
  await expect(page.getByText("“purple” bestaat hier niet")).toBeVisible();
  expect((await page.goto("/?area=Nowhere"))?.status()).toBe(404);
  await expect(page.getByText("There is no area “Nowhere”")).toBeVisible();
  expect(complaints.filter((complaint) => !complaint.includes("404"))).toEqual([]);
  complaints.length = 0;
});
