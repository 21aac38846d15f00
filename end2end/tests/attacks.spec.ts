import { createServer, request as ask, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "@playwright/test";

import { GuardedDashboard } from "../support/guarded.ts";

/** A site of somebody else's, whose pages are given by the tests. */
class Site {
  readonly #server: Server;
  page = "";

  constructor() {
    this.#server = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(this.page);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const [portal, evil] = [new Site(), new Site()];
let [portalAddress, evilAddress] = ["", ""];
let guarded: GuardedDashboard;

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  // Boxes are simulated and forecast.
  test.setTimeout(120_000);
  [portalAddress, evilAddress] = [await portal.start(), await evil.start()];
  guarded = await GuardedDashboard.start(portalAddress);
});

test.afterAll(async () => {
  await guarded.stop();
  portal.stop();
  evil.stop();
});

/** A request as no browser would make it: the path as it is written. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { port } = new URL(guarded.address);
  return new Promise((resolve, reject) => {
    const sent = ask({ host: "127.0.0.1", port, path, headers: { host: `localhost:${port}`, ...headers } }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("forged identities and tokens let nobody in", async () => {
  for (const headers of [
    { "x-forwarded-user": "operator" },
    { authorization: "Bearer gsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
    { authorization: "Basic b3BlcmF0b3I6YW55" },
    { authorization: "Bearer " },
    { cookie: "__Host-gridspark=' OR '1'='1" },
    { cookie: "__Host-gridspark-embed=gse_AAAA" },
  ] as Record<string, string>[]) {
    expect((await raw("/api/overview", headers)).status, JSON.stringify(headers)).toBe(401);
  }
  expect((await raw("/api/overview", { host: "evil.example" })).status).toBe(421);
});

test("a sign-in comes back once, to the browser that began it", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const callbacks: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/sign-in/callback")) callbacks.push(request.url());
  });
  await guarded.signIn(page, "reader");
  const used = callbacks.at(-1)!;
  // Replayed by the same person, then by another browser.
  expect((await context.request.get(used)).status()).toBe(400);
  const other = await browser.newContext();
  expect((await other.request.get(used)).status()).toBe(400);
  // With the state of a sign-in of one's own and somebody else's code.
  const begun = await other.request.get(`${guarded.address}/sign-in`, { maxRedirects: 0 });
  const state = new URL(begun.headers()["location"]!).searchParams.get("state")!;
  const cookie = begun.headers()["set-cookie"]!.split(";")[0]!;
  const code = new URL(used).searchParams.get("code")!;
  const stolen = await raw(`/sign-in/callback?state=${state}&code=${code}`, { cookie });
  expect(stolen.status).toBe(401);
  const without = await raw(`/sign-in/callback?state=${state}&code=${code}`);
  expect(without.status).toBe(400);
  const outwards = await raw("/sign-in?to=https://evil.example/");
  expect(outwards.status).toBe(303);
});

test("another site can neither decide nor sign out in a person's name", async ({ page }) => {
  await guarded.signIn(page, "planner");
  evil.page = `<form id=f method=post enctype=text/plain action="${guarded.address}/api/weeks">
    <input name='{"box_id":"x","a":"' value='"}'></form>
    <form id=g method=post action="${guarded.address}/sign-out"></form>`;
  await page.goto(evilAddress);
  const read = await page.evaluate(async (address) => {
    const outcomes: string[] = [];
    for (const options of [
      { method: "POST", credentials: "include", mode: "no-cors", body: "{}" },
      { method: "POST", credentials: "include", headers: { "content-type": "application/json" }, body: "{}" },
      { method: "GET", credentials: "include" },
    ] as RequestInit[]) {
      const path = options.method === "POST" ? "/api/weeks" : "/api/overview";
      outcomes.push(await fetch(address + path, options).then((answer) => answer.type, () => "blocked"));
    }
    return outcomes;
  }, guarded.address);
  // Neither answer nor failure is shown to the other site.
  expect(read).toEqual(["blocked", "blocked", "blocked"]);
  for (const form of ["#f", "#g"]) {
    await page.goto(evilAddress);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().startsWith(guarded.address)),
      // The refused form's navigation is over before the next begins.
      page.waitForURL(`${guarded.address}/**`),
      page.evaluate((form) => document.querySelector<HTMLFormElement>(form)!.submit(), form),
    ]);
    expect(answer.status(), form).toBe(403);
  }
  await page.goto(guarded.address);
  await expect(page.getByText("planner@example.org")).toBeVisible();
});

test("only the portal shows it in a frame, by a token that is in no address", async ({ page, browser }) => {
  evil.page = `<iframe name=grid src="${guarded.address}/signed-out"></iframe>`;
  await page.goto(evilAddress);
  await expect.poll(() => page.frames().map((frame) => frame.url())).toContain("chrome-error://chromewebdata/");

  const operator = await (await browser.newContext()).newPage();
  await guarded.signIn(operator, "operator");
  const post = (path: string, body: object, key?: string) =>
    operator.evaluate(
      async ([path, body, key]) => {
        const headers: Record<string, string> = { "content-type": "application/json" };
        if (key) headers["authorization"] = `Bearer ${key}`;
        const answer = await fetch(path, { method: "POST", headers, body });
        return (await answer.json()) as Record<string, string>;
      },
      [path, JSON.stringify(body), key ?? ""] as const,
    );
  const { key } = await post("/api/keys", { name: "portal", right: "viewer", areas: ["Breda"], days: 1 });
  const { token } = await post("/api/embed-tokens", { minutes: 5 }, key);
  portal.page = `<iframe name=grid width=1200 height=800></iframe>
    <form method=post target=grid action="${guarded.address}/embed/session"><input name=token value="${token}"></form>`;
  await page.goto(portalAddress);
  await page.evaluate(() => document.querySelector("form")!.submit());
  const frame = page.frameLocator("iframe");
  await expect(frame.getByRole("table", { name: "Transformers, ranked" })).toBeVisible();
  await expect(frame.getByRole("button", { name: "Sign out" })).toHaveCount(0);
  const areas = await page.frame("grid")!.evaluate(async () => {
    const answer = await fetch("/api/overview");
    return ((await answer.json()) as { areas: { area: string }[] }).areas.map(({ area }) => area);
  });
  expect(areas).toEqual(["Breda"]);
  expect(page.frame("grid")!.url()).not.toContain("gse_");
});

test("markup in any field is text, statements in any parameter are values", async ({ page }) => {
  await guarded.signIn(page, "operator");
  page.on("dialog", () => expect.soft("a script ran").toBe(""));
  const markup = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
  const statement = `x') OR 1=1; DROP TABLE box; --`;
  for (const name of ["search", "area", "box", "urgency", "flag", "sort", "tab", "lang", "theme", "to"]) {
    for (const value of [markup, statement]) {
      await page.goto(`${guarded.address}/?${new URLSearchParams({ [name]: value })}`);
      await expect(page.locator("img[src=x]")).toHaveCount(0);
    }
  }
  for (const path of ["/runs", "/audit", "/model", "/signed-out", "/nowhere"]) {
    await page.goto(`${guarded.address}${path}?${new URLSearchParams({ lang: markup, before: "1" })}`);
    await expect(page.locator("img[src=x]")).toHaveCount(0);
  }
  const get = (path: string) => page.evaluate(async (path) => (await fetch(path)).status, path);
  for (const name of ["search", "area", "urgency", "flag", "sort", "limit", "offset", "within_weeks"]) {
    const status = await get(`/api/ranking?${new URLSearchParams({ [`query[${name}]`]: statement })}`);
    expect([200, 400], name).toContain(status);
  }
  expect(await get(`/api/box?${new URLSearchParams({ box_id: statement })}`)).toBe(404);
  expect(await get(`/audit?${new URLSearchParams({ before: statement })}`)).toBe(400);
  expect(await get(`/model/${encodeURIComponent(statement)}`)).toBeLessThan(500);
  const { boxes } = await page.evaluate(async () => (await (await fetch("/api/overview")).json()) as { boxes: number });
  expect(boxes).toBeGreaterThan(100);
});

test("no path leads out of the built site", async () => {
  for (const path of [
    "/../../etc/passwd",
    "/pkg/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/pkg/..%2f..%2f..%2fetc/passwd",
    "/handbook/..%5c..%5cetc/passwd",
    "//etc/passwd",
    "/pkg/%00",
  ]) {
    const { status, body } = await raw(path);
    expect([400, 404], path).toContain(status);
    expect(body).not.toContain("root:");
  }
});
