import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

import { Api } from "../support/api.ts";
import { GuardedDashboard } from "../support/guarded.ts";

// One server, and one provider whose key changes.
test.describe.configure({ mode: "serial" });

let guarded: GuardedDashboard;

test.beforeAll(async () => {
  // Boxes are simulated and forecast.
  test.setTimeout(120_000);
  guarded = await GuardedDashboard.start("http://127.0.0.1:1");
});

test.afterAll(() => guarded.stop());

test("a person signs in at the provider, is named, and signs out", async ({ page, context }) => {
  await guarded.signIn(page, "reader", "/?area=Breda");
  expect(page.url()).toBe(`${guarded.address}/?area=Breda`);
  await expect(page.getByText("reader@example.org")).toBeVisible();
  await expect(page.getByRole("link", { name: "Audit" })).toHaveCount(0);
  const cookies = (await context.cookies(guarded.address)).filter(({ name }) => name.startsWith("__Host-"));
  expect(cookies.map(({ name }) => name)).toEqual(["__Host-gridspark"]);
  expect(cookies[0]).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Signed out" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  // The session is over, not just its cookie.
  const answer = await page.request.get(`${guarded.address}/api/overview`, {
    headers: { cookie: `__Host-gridspark=${cookies[0]!.value}` },
  });
  expect(answer.status()).toBe(401);
});

test("a viewer has no decisions to take, a planner has", async ({ browser, request }) => {
  const simulated = process.env["SIMULATED_DASHBOARD"]!;
  const found = await new Api(request, simulated).find((box) => box.special_weeks.findings.switchings.length > 0);
  for (const [name, buttons] of [
    ["reader", 0],
    ["planner", found.special_weeks.findings.switchings.length],
  ] as const) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await guarded.signIn(page, name, `/?box=${found.box_id}`);
    const special = page.getByRole("region", { name: "Weeks out of the ordinary" });
    await expect(special).toBeVisible();
    await expect(special.getByRole("button")).toHaveCount(buttons);
    await context.close();
  }
});

test("the audit names who decided, and only operators read it", async ({ browser }) => {
  const as = async (name: string) => {
    const page = await (await browser.newContext()).newPage();
    await guarded.signIn(page, name);
    return page;
  };
  const planner = await as("planner");
  const box = "ESD.000149-1";
  const status = await planner.evaluate(async (box_id) => {
    const decision = { first_week: "2024-W10", last_week: "2024-W10", left_out: false };
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ box_id, decision });
    return (await fetch("/api/weeks", { method: "POST", headers, body })).status;
  }, await firstBox(planner.request, guarded.address));
  expect(status, box).toBe(200);
  await planner.goto(`${guarded.address}/audit?lang=nl`);
  await expect(planner.getByRole("heading", { name: "Niet voor u" })).toBeVisible();
  const operator = await as("operator");
  await operator.getByRole("link", { name: "Audit" }).click();
  const row = operator.getByRole("row").filter({ hasText: "decided on weeks" }).first();
  await expect(row).toContainText("planner@example.org");
  await expect(operator.getByRole("row").filter({ hasText: "GET /audit" }).first()).toContainText("refused");
  expect((await new AxeBuilder({ page: operator }).analyze()).violations).toEqual([]);
});

test("whoever is in no group with a right is not let in", async ({ page }) => {
  await guarded.signIn(page, "stranger");
  await expect(page.getByRole("heading", { name: "Not for you" })).toBeVisible();
  expect((await page.request.get(`${guarded.address}/api/overview`)).status()).toBe(401);
});

test("a planner of one area sees no other", async ({ page }) => {
  await guarded.signIn(page, "breda");
  const areas = await page.evaluate(async () => {
    const answer = await fetch("/api/overview");
    return ((await answer.json()) as { areas: { area: string }[] }).areas.map(({ area }) => area);
  });
  expect(areas).toEqual(["Breda"]);
});

test("what one person has typed is not shown to whoever signs in after them in the same tab", async ({ page, context }) => {
  await guarded.signIn(page, "planner");
  const box = (await new Api(page.request, guarded.address).boxes()).find(({ area }) => area === "Breda")!.box_id;
  await page.goto(`${guarded.address}/?box=${box}`);
  const comment = page.getByRole("region", { name: "Action" }).getByLabel("Comment");
  await comment.fill("call the customer");
  // Gone here and at the provider, who would otherwise let the same person in again.
  await context.clearCookies();
  await guarded.signIn(page, "breda", `/?box=${box}`);
  await expect(comment).toBeEnabled();
  await expect(comment).toHaveValue("");
  await comment.fill("mine");
  await context.clearCookies();
  await guarded.signIn(page, "planner", `/?box=${box}`);
  await expect(comment).toHaveValue("call the customer");
});

test("the provider's keys change and people go on signing in", async ({ page }) => {
  await guarded.provider.stop();
  await guarded.provider.start("second");
  // Keys are asked for anew at most every ten seconds.
  await page.waitForTimeout(10_500);
  await guarded.signIn(page, "reader");
  await expect(page.getByText("reader@example.org")).toBeVisible();
});

/** The box that comes first in the list. */
async function firstBox(request: import("@playwright/test").APIRequestContext, address: string): Promise<string> {
  const rows = await new Api(request, address).boxes();
  return rows.at(-1)!.box_id;
}
