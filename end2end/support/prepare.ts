import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Gridspark } from "./gridspark.ts";
import { artefacts, realData } from "./places.ts";

/**
 * Fills and serves the two stores of all tests: a simulated network, and real measurements if they are available.
 * Passes their addresses to the tests through the environment.
 */
export default async function prepare(): Promise<() => void> {
  mkdirSync(artefacts, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "gridspark-browser-"));
  const servers: Gridspark[] = [];
  const tidy = () => {
    for (const server of servers) server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    servers.push(await simulated(join(folder, "simulated")));
    const data = realData();
    if (data) servers.push(await real(join(folder, "real"), data));
    else console.log("SKIPPED: the pages of real measurements (../shared/data is absent)");
  } catch (error) {
    tidy();
    throw error;
  }
  return tidy;
}

async function simulated(folder: string): Promise<Gridspark> {
  mkdirSync(folder);
  const gridspark = new Gridspark(folder);
  // More boxes than rows in the document, and enough years for a forecast.
  const size = ["--boxes", "150", "--years", "2.5", "--phase", "sumli"];
  await gridspark.simulate(...size, "--seed", "5", "--until", "2026-06-01", "--growth", "exponential");
  await gridspark.command("make-forecasts");
  await gridspark.command("backtest", "--store", "--origins", "1", "--model", "gridspark", "--model", "spark");
  process.env["SIMULATED_FOLDER"] = folder;
  process.env["SIMULATED_DASHBOARD"] = await gridspark.serve();
  return gridspark;
}

async function real(folder: string, data: string): Promise<Gridspark> {
  mkdirSync(folder);
  const gridspark = new Gridspark(folder, { GRIDSPARK_TIME_ZONE: "America/Los_Angeles" });
  const measurements = join(data, "ucsd_15min.parquet");
  await gridspark.command("import", "--boxes", join(data, "ucsd_capacities.csv"), "--measurements", measurements);
  await gridspark.command("make-forecasts");
  process.env["REAL_DASHBOARD"] = await gridspark.serve();
  return gridspark;
}
