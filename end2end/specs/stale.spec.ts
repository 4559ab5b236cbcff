// A registry that no longer answers: stale within its bound, its last view kept, never green; live again by itself.
import type { Page } from "@playwright/test";

import { expect, test } from "../harness/test.ts";

test.use({ fleetName: "a-registry-is-gone" });

/** The freshness bound, and what a page may add to it. */
const BOUND_MS = 15_000 + 2_000;

/** Rows in which some element says exactly this word. */
function saying(page: Page, word: string | RegExp) {
  return page.getByRole("main").locator("tbody").getByRole("row").filter({ has: page.getByText(word, { exact: true }) });
}

/** The row of a registry, which goes by its name there. */
function rowOf(page: Page, id: string) {
  return page.getByRole("main").getByRole("row").filter({ hasText: new RegExp(id.replaceAll("-", " "), "i") }).first();
}

test("stopped, it is stale on every page; let go, it is live again", async ({ page, fleet, open }) => {
  test.setTimeout(120_000);
  const registry = fleet.registries[0]!;
  const services = (await fleet.services()).filter((row) => row.registry === registry.id);
  await open("/registries");
  const row = rowOf(page, registry.id);
  await expect(row).toContainText(/live/i);

  process.kill(registry.pid, "SIGSTOP");
  try {
    await expect(row).toContainText(/stale/i, { timeout: BOUND_MS + 1_000 });

    await test.step("its services are unknown, with the last view kept", async () => {
      await open(`/services?registry=${registry.id}`);
      const rows = page.getByRole("main").locator("tbody").getByRole("row");
      await expect(rows.filter({ hasText: services[0]!.name }).first()).toBeVisible();
      await expect(saying(page, "Unknown").first()).toBeVisible();
      await expect(saying(page, "Up")).toHaveCount(0);
    });

    await test.step("the page of a service says whom we lost", async () => {
      await open(fleet.pathOf(services[0]!));
      await expect(page.getByRole("main")).toContainText("We lost the registry");
    });

    await test.step("the other registry is as it was", async () => {
      await open(`/services?registry=${fleet.registries[1]!.id}`);
      await expect(saying(page, "Up").first()).toBeVisible();
    });
  } finally {
    process.kill(registry.pid, "SIGCONT");
  }

  await open("/registries");
  await expect(row).toContainText(/live/i, { timeout: 20_000 });
  await open(fleet.pathOf(services[0]!));
  await expect(page.getByRole("main")).not.toContainText("We lost the registry");
});

test("killed and started again, nobody has to do anything", async ({ page, fleet, open }) => {
  test.setTimeout(90_000);
  const registry = fleet.registries[1]!;
  const service = (await fleet.services()).find((row) => row.registry === registry.id)!;
  await open(fleet.pathOf(service));
  process.kill(registry.pid, "SIGKILL");
  // The instances are ephemeral: the fleet registers anew, and the page follows without a reload.
  await expect(saying(page, /^(Up|Returned)$/).first()).toBeVisible({ timeout: 45_000 });
  await open("/registries");
  await expect(rowOf(page, registry.id)).toContainText(/live/i, { timeout: 30_000 });
});
