// The `test` of specs that break real servers: each starts the servers it breaks, and a console that is connected to them.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Locator, type Page, expect, test as base } from "@playwright/test";
import { Program, eventually, fromEnvironment } from "./program.ts";
import type { Server } from "./server.ts";
import { open, watched } from "./test.ts";

export { expect };
export { Server } from "./server.ts";

/** The freshness bound, and what a page may add to it. */
export const STALE_MS = 15_000 + 2_000;

export interface Registry {
  id: string;
  kind: "nacos" | "consul";
  servers: Server[];
}

/** A console over these registries, and the page that shows it. */
export interface Shown {
  page: Page;
  /** Opens a path; resolves when the page is live. */
  open(path: string): Promise<void>;
  /** The path of a service's page, once the console knows it. */
  serviceCalled(name: string): Promise<string>;
}

interface Fixtures {
  show: (...registries: Registry[]) => Promise<Shown>;
  /** What is stopped when the test ends, the last started first. */
  ends: { stop(): Promise<void> }[];
}

export const test = base.extend<Fixtures>({
  ends: async ({}, use) => {
    const ends: { stop(): Promise<void> }[] = [];
    await use(ends);
    for (const one of ends.reverse()) await one.stop();
  },

  show: async ({ page, ends }, use, info) => {
    const faults: string[] = [];
    await use(async (...registries) => {
      const folder = await mkdtemp(join(tmpdir(), "pilothouse-real-"));
      const ports = join(folder, "ports.json");
      await writeFile(join(folder, "pilothouse.toml"), registries.map(settings).join("\n"));
      const serve = ["serve", "--config", "pilothouse.toml", "--port", "0", "--data-dir", "data", "--ports-file", ports];
      const name = `real-${info.titlePath.at(-1)!.replaceAll(/\W+/g, "-")}`;
      const program = await Program.start(name, folder, [...serve, "--site-dir", fromEnvironment("PILOTHOUSE_SITE")]);
      ends.push({ stop: () => program.stop().then(() => rm(folder, { recursive: true, force: true })) });
      await eventually("the console writes its address", 30_000, () => {
        program.check();
        return existsSync(ports);
      });
      const { console: url } = JSON.parse(await readFile(ports, "utf8")) as { console: string };
      await watched(page, url, "en", "dark", faults);
      return {
        page,
        open: (path) => open(page, `${url}${path}`),
        serviceCalled: async (service) => {
          let id: string | undefined;
          await eventually(`the console knows ${service}`, 60_000, async () => {
            const { rows } = (await (await fetch(`${url}/api/v1/services?limit=1000`)).json()) as { rows: { id: string; name: string }[] };
            id = rows.find((row) => row.name === service)?.id;
            return id !== undefined;
          });
          return `/services/s~${id}`;
        },
      };
    });
    expect(faults, "the page reported errors or asked somebody else").toEqual([]);
  },
});

/** The row of an instance on its service's page. */
export function instanceRow(page: Page, address: string): Locator {
  return page.getByRole("main").locator("tbody").getByRole("row").filter({ hasText: address }).first();
}

function settings({ id, kind, servers }: Registry): string {
  const endpoints = servers.map((server) => JSON.stringify(server.url)).join(", ");
  return `[[registry]]\nid = "${id}"\nkind = "${kind}"\nendpoints = [${endpoints}]\n`;
}
