import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { program, site } from "./places.ts";

const run = promisify(execFile);

/** A store in its own folder, filled and served by the real program. */
export class Gridspark {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #server: ChildProcess | null = null;

  constructor(folder: string, environment: Record<string, string> = {}) {
    this.#folder = folder;
    this.#environment = {
      ...process.env,
      ...environment,
      GRIDSPARK_DATABASE: `sqlite://${join(folder, "gridspark.db")}`,
    };
  }

  /** Runs a command to completion. Exit code 3 means done, except for the refused parts. */
  async command(...words: string[]): Promise<void> {
    try {
      await run(program, words, { env: this.#environment, maxBuffer: 1 << 26 });
    } catch (error) {
      const { code, stderr } = error as { code?: number; stderr?: string };
      if (code !== 3) throw new Error(`gridspark ${words[0]} ended with ${code}: ${stderr}`, { cause: error });
    }
  }

  /** Simulates a network and imports it. */
  async simulate(...options: string[]): Promise<void> {
    const readings = join(this.#folder, "readings");
    await this.command("simulate", "--out", readings, ...options);
    const files = readdirSync(readings).filter((name) => name.endsWith(".parquet"));
    const measurements = files.map((name) => join(readings, name));
    await this.command("import", "--boxes", join(readings, "boxes.csv"), "--measurements", ...measurements);
  }

  /** Starts the server, on a free port unless one is named, with or without a worker; resolves to the dashboard's address. */
  serve(worker: "worker" | "no worker" = "no worker", port = 0): Promise<string> {
    const listen = `127.0.0.1:${port}`;
    const words = ["serve", ...(worker === "worker" ? [] : ["--no-worker"]), "--listen", listen, "--site", site];
    const server = spawn(program, words, { env: this.#environment, stdio: ["ignore", "ignore", "pipe"] });
    this.#server = server;
    return new Promise((resolve, reject) => {
      let said = "";
      server.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (address) resolve(address[0]);
      });
      server.once("error", reject);
      server.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
  }

  stop(): void {
    this.#server?.removeAllListeners("exit");
    this.#server?.kill("SIGTERM");
  }
}
