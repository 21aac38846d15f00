import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { Gridspark } from "./gridspark.ts";
import { freePort, OpenidProvider } from "./provider.ts";

const grants = `
[[identity.grant]]
group = "read"
right = "viewer"

[[identity.grant]]
group = "plan"
right = "planner"

[[identity.grant]]
group = "breda"
right = "planner"
areas = ["Breda"]

[[identity.grant]]
group = "operate"
right = "operator"
`;

/** The simulated network, served to people who sign in at a provider. */
export class GuardedDashboard {
  readonly #folder: string;
  readonly gridspark: Gridspark;
  readonly provider: OpenidProvider;
  /** The address at which browsers reach it. */
  readonly address: string;
  readonly #port: number;

  private constructor(folder: string, port: number, providerPort: number, portal: string) {
    this.#folder = folder;
    this.#port = port;
    this.address = `http://localhost:${port}`;
    this.provider = new OpenidProvider(providerPort, this.address);
    const settings = join(folder, "gridspark.toml");
    writeFileSync(
      settings,
      `[identity]
public_url = "${this.address}"
frame_ancestors = ["${portal}"]

[identity.way_in]
kind = "openid-connect"
issuer = "${this.provider.issuer}"
client_id = "gridspark"
client_secret = "secret-of-the-tests"
${grants}`,
    );
    const simulated = process.env["SIMULATED_FOLDER"];
    if (!simulated) throw new Error("no network was simulated");
    this.gridspark = new Gridspark(simulated, { GRIDSPARK_CONFIG: settings });
  }

  /** Starts provider and dashboard; sites at `portal` may show it in a frame. */
  static async start(portal: string): Promise<GuardedDashboard> {
    const folder = mkdtempSync(join(tmpdir(), "gridspark-guarded-"));
    const guarded = new GuardedDashboard(folder, await freePort(), await freePort(), portal);
    await guarded.provider.start("first");
    await guarded.gridspark.serve("no worker", guarded.#port);
    return guarded;
  }

  async stop(): Promise<void> {
    this.gridspark.stop();
    await this.provider.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Signs somebody in at the provider, as they do it in the browser. */
  async signIn(page: Page, name: string, path = "/"): Promise<void> {
    await page.goto(`${this.address}${path}`);
    await page.locator("input[name=login]").fill(name);
    await page.locator("input[name=password]").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL((url) => url.origin === this.address);
  }
}
