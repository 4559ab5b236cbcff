// Services with 10,000 rows: how many live rows are in the DOM, and what a burst of 5,000 deltas costs.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { HoldingProxy } from "../harness/holding-proxy.ts";
import { Program, eventually, fromEnvironment } from "../harness/program.ts";

const SERVICES = 10_000;
const BURST = 5_000;
const MINUTE = 60_000;

const name = (number: number) => `bench-${String(number).padStart(5, "0")}`;

/** Registers one persistent instance of each service: nothing beats, nothing changes by itself. */
async function register(registry: string, numbers: number[], ip: string): Promise<void> {
  const queue = numbers.values();
  const worker = async () => {
    for (const number of queue) {
      const body = new URLSearchParams({ serviceName: name(number), ip, port: "8080", ephemeral: "false" });
      const answer = await fetch(`${registry}/v1/ns/instance`, { method: "POST", body });
      if ((await answer.text()) !== "ok") throw new Error(`${name(number)}: ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

test("10,000 rows and a burst of 5,000 deltas", async ({ page }) => {
  test.setTimeout(10 * MINUTE);
  const folder = await mkdtemp(join(tmpdir(), "pilothouse-bench-"));
  const port = await freePort();
  const registryUrl = `http://127.0.0.1:${port}/nacos`;
  const registry = await Program.start("bench-registry", folder, ["registry", "--port", `${port}`, "--data-dir", join(folder, "registry")]);
  await eventually("the registry answers", MINUTE, () => fetch(registryUrl).then(() => true, () => false));
  await register(registryUrl, [...Array(SERVICES).keys()], "10.0.0.1");

  const settings = `[[registry]]\nid = "bench"\nkind = "embedded"\nendpoints = ["${registryUrl}"]\npush_address = "127.0.0.1"\n`;
  await writeFile(join(folder, "pilothouse.toml"), settings);
  const ports = join(folder, "ports.json");
  const serve = ["serve", "--port", "0", "--config", join(folder, "pilothouse.toml"), "--data-dir", join(folder, "data")];
  const server = await Program.start("bench-console", folder, [...serve, "--ports-file", ports, "--site-dir", fromEnvironment("PILOTHOUSE_SITE")]);
  await eventually("the console writes its address", MINUTE, () => existsSync(ports));
  const { console: address } = JSON.parse(await readFile(ports, "utf8")) as { console: string };
  const known = async () => ((await (await fetch(`${address}/api/v1/overview`)).json()) as { totals: { services: number } }).totals.services;
  await eventually("the console knows every service", 2 * MINUTE, async () => (await known().catch(() => 0)) === SERVICES);

  const proxy = await HoldingProxy.start(address);
  const stream = page.waitForResponse((response) => response.url().includes("/api/v1/stream"));
  await page.goto(`${proxy.url}/services?sort=name`);
  await stream;
  const rows = page.getByRole("main").locator("tbody tr");
  await expect(page.getByRole("main").getByText("10,000").first()).toBeVisible({ timeout: MINUTE });
  const counts: number[] = [await rows.count()];

  proxy.hold();
  await register(registryUrl, [...Array(BURST).keys()], "10.0.0.2");
  const seen = () => new Set(proxy.text().match(/"name":"bench-\d{5}"/g)).size;
  await eventually("every change is in the stream", 3 * MINUTE, () => seen() >= BURST);

  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const scripting = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find((metric) => metric.name === "ScriptDuration")?.value ?? 0) * 1000;
  };
  await page.evaluate(() => {
    // Frames in which something of the table changed: each is a paint.
    let frame = 0;
    const painted = new Set<number>();
    const count = () => requestAnimationFrame(() => (frame++, count()));
    count();
    new MutationObserver(() => painted.add(frame)).observe(document.querySelector("main tbody")!, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    Object.assign(window, { painted });
  });
  // Text of a first row that shows the second instance: the burst has been drawn.
  const before = await scripting();
  proxy.release();
  await expect(rows.filter({ hasText: name(0) })).toContainText("2");
  const spent = (await scripting()) - before;
  const paints = await page.evaluate(() => (window as unknown as { painted: Set<number> }).painted.size);
  counts.push(await rows.count());
  await page.mouse.wheel(0, 100_000);
  counts.push(await rows.count());

  const atMost = (figure: string, value: number, unit: string, goal: number) => ({ name: figure, value, unit, goal: { atMost: goal } });
  const figures = [
    atMost("Services, 10,000 rows: live rows in the DOM", Math.max(...counts), "rows", 60),
    atMost("Services, burst of 5,000 deltas: paints", paints, "paints", 1),
    atMost("Services, burst of 5,000 deltas: scripting", spent, "ms", 50),
  ];
  await writeFile(fromEnvironment("PILOTHOUSE_FIGURES"), JSON.stringify(figures));
  await proxy.stop();
  await server.stop();
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
});
