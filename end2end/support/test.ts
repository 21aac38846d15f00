import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test as base } from "@playwright/test";

import { artefacts } from "./places.ts";

export { expect };

/** Violations collected while a test runs. */
export type Complaints = string[];

type Fixtures = {
  /** The simulated network's dashboard. */
  dashboard: string;
  /** Console errors, policy violations, failed requests and exceptions of all pages of the test. */
  complaints: Complaints;
};

/**
 * Playwright's test with the simulated dashboard as base address. A test fails if a page logs an error to the
 * console, violates the content security policy, throws, or fails to load a resource.
 */
export const test = base.extend<Fixtures>({
  dashboard: async ({}, use) => {
    const address = process.env["SIMULATED_DASHBOARD"];
    if (!address) throw new Error("no dashboard is served");
    await use(address);
  },
  baseURL: async ({ dashboard }, use) => use(dashboard),
  complaints: [
    async ({ context }, use) => {
      const complaints: Complaints = [];
      const watch = (page: Page) => {
        page.on("console", (message) => {
          const text = message.text();
          if (message.type() === "error" || /content security policy|hydrat|panicked/i.test(text))
            complaints.push(`console ${message.type()}: ${text} (${message.location().url})`);
        });
        page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
        page.on("response", (response) => {
          if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
        });
      };
      context.pages().forEach(watch);
      context.on("page", watch);
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`Content Security Policy: ${event.violatedDirective} blocked ${event.blockedURI}`);
        });
      });
      await use(complaints);
      expect(complaints, "no page complains").toEqual([]);
    },
    { auto: true },
  ],
});

/** Saves a screenshot of the page under a descriptive name. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const project = test.info().project.name;
  await page.screenshot({ path: join(artefacts, `${name}-${project}.png`), animations: "disabled" });
}

/** Checks the page, or what a selector names, against WCAG 2.2 A and AA and axe's best practices, or some of their rules. */
export async function expectAccessible(page: Page, within = "html", rules?: readonly string[]): Promise<void> {
  const axe = new AxeBuilder({ page }).include(within);
  const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
  expect(found, "no accessibility violation").toEqual([]);
}
