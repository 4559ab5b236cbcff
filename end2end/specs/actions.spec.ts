// An operator changes something: the dialog names what it touches, and the result is the registry's own answer, read back.
import type { Page } from "@playwright/test";
import type { Fleet, InstanceRow, ServiceRow } from "../harness/fleet.ts";
import { eventually, expect, findings, test } from "../harness/test.ts";

test.use({ fleetName: "actions" });

interface Target {
  service: ServiceRow;
  instance: InstanceRow;
  address: string;
}

/** Another instance for each test, so that none sees the edits of the other. */
async function target(fleet: Fleet, nth: number): Promise<Target> {
  const service = await fleet.busiest();
  const instance = (await fleet.instances(service))[nth]!;
  return { service, instance, address: `${instance.instance.host}:${instance.instance.port}` };
}

async function unfold(page: Page, address: string): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: address, exact: true }).click();
  await expect(page.getByRole("main").getByRole("heading", { name: "Actions" })).toBeVisible();
}

/** The instance as its registry itself tells it. */
async function asRegistered(fleet: Fleet, { service, instance }: Target): Promise<{ weight: number; enabled: boolean } | undefined> {
  const registry = fleet.registries.find(({ id }) => id === service.registry)!;
  const namespaceId = service.namespace === "public" ? "" : service.namespace;
  // The catalog, not the consumers' list: that one leaves out what is taken out of rotation.
  const query = new URLSearchParams({ serviceName: `${service.group}@@${service.name}`, clusterName: "DEFAULT", namespaceId, pageNo: "1", pageSize: "500" });
  const answer = await fetch(`${registry.url}/v1/ns/catalog/instances?${query}`);
  if (!answer.ok) return undefined;
  const { list } = (await answer.json()) as { list: { ip: string; port: number; weight: number; enabled: boolean }[] };
  return list.find(({ ip, port }) => ip === instance.instance.host && port === instance.instance.port);
}

test("a weight is written, read back, and can be undone", async ({ page, fleet, open }) => {
  const chosen = await target(fleet, 0);
  await open(fleet.pathOf(chosen.service));
  await unfold(page, chosen.address);
  await page.getByRole("button", { name: "Edit weight…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toHaveAccessibleName(`Change the weight of ${chosen.address} of ${chosen.service.name}`);
  await expect(dialog).toMatchAriaSnapshot(`
    - term: Registry
    - definition: /${chosen.service.registry} \\/ ${chosen.service.namespace}/
    - term: Service
    - definition: ${chosen.service.name}
    - term: Instance
    - definition: ${chosen.address}
  `);
  expect(await findings(page)).toEqual([]);
  await dialog.getByLabel("New weight").fill("3");
  await dialog.getByLabel("Reason").fill("a test");
  await dialog.getByRole("button", { name: "Set the weight" }).click();

  const toast = page.getByText(`Weight of ${chosen.address} changed`);
  await expect(toast).toBeVisible();
  expect((await asRegistered(fleet, chosen))?.weight, "what the toast says is so").toBe(3);
  await expect(page.getByRole("row").filter({ hasText: chosen.address }).first()).toContainText("3");

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(`${chosen.address} is as it was`)).toBeVisible();
  expect((await asRegistered(fleet, chosen))?.weight).toBe(chosen.instance.instance.weight);
});

test("a weight out of bounds is refused with what is allowed, and nothing is written", async ({ page, fleet, open }) => {
  const chosen = await target(fleet, 1);
  await open(fleet.pathOf(chosen.service));
  await unfold(page, chosen.address);
  await page.getByRole("button", { name: "Edit weight…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New weight").fill("10001");
  await dialog.getByRole("button", { name: "Set the weight" }).click();
  await expect(dialog).toContainText("Weight is 0 to 10,000");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect((await asRegistered(fleet, chosen))?.weight).toBe(chosen.instance.instance.weight);
});

test("an instance is drained and restored", async ({ page, fleet, open }) => {
  const chosen = await target(fleet, 2);
  await open(fleet.pathOf(chosen.service));
  const row = page.getByRole("row").filter({ hasText: chosen.address }).first();
  await row.getByRole("button", { name: `Drain ${chosen.address}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Drain this instance" }).click();
  await expect(page.getByText(`${chosen.address} drained`)).toBeVisible();
  await expect(row).toContainText("Drained");
  expect((await asRegistered(fleet, chosen))?.enabled).toBe(false);

  await row.getByRole("button", { name: `Restore ${chosen.address}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore this instance" }).click();
  await expect(page.getByText(`${chosen.address} restored`)).toBeVisible();
  await expect(row).not.toContainText("Drained");
  expect((await asRegistered(fleet, chosen))?.enabled).toBe(true);
});

test("who deregisters an ephemeral instance is told that it comes back, and it does", async ({ page, fleet, open }) => {
  const chosen = await target(fleet, 3);
  await open(fleet.pathOf(chosen.service));
  await unfold(page, chosen.address);
  await page.getByRole("button", { name: "Deregister…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("it registers again with its next beat");
  await dialog.getByRole("button", { name: /Deregister/ }).click();
  await expect(page.getByText(`${chosen.address} deregistered`)).toBeVisible();
  await eventually("it is registered again", 15_000, async () => (await asRegistered(fleet, chosen)) !== undefined);
  await expect(page.getByRole("row").filter({ hasText: chosen.address }).filter({ hasText: /Returned|Up/ })).toHaveCount(1);
});

test("an edit is in the ledger, with who made it", async ({ page, fleet, open }) => {
  const chosen = await target(fleet, 4);
  await open(fleet.pathOf(chosen.service));
  await unfold(page, chosen.address);
  await page.getByRole("button", { name: "Edit weight…" }).click();
  await page.getByRole("dialog").getByLabel("New weight").fill("2");
  await page.getByRole("dialog").getByRole("button", { name: "Set the weight" }).click();
  await expect(page.getByText(`Weight of ${chosen.address} changed`)).toBeVisible();
  await open("/");
  await expect(page.getByRole("main")).toContainText(chosen.service.name);
  await expect(page.getByRole("main").getByText("local").first()).toBeVisible();
  await open("/ledger?show=edits");
  const row = page.getByRole("main").getByRole("row").filter({ hasText: chosen.address }).first();
  await expect(row).toContainText(/weight \d+ → 2/);
  await expect(row).toContainText("local");
});

test("another origin may read nothing and change nothing", async ({ fleet }) => {
  const chosen = await target(fleet, 5);
  const url = `${fleet.url}/api/v1/instances/${chosen.instance.id}/edit`;
  const body = JSON.stringify({ edit: { weight: 9 }, seen: {} });
  for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }] as Record<string, string>[]) {
    const answer = await fetch(url, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body });
    expect(answer.status, JSON.stringify(headers)).toBe(403);
  }
  expect((await asRegistered(fleet, chosen))?.weight).not.toBe(9);
});
