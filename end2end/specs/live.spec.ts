// A host dies: what a person sees, on each page, as it happens. The rules are the registry's: unhealthy after 15 s without a beat,
// removed after 30 s.
import { expect, test } from "../harness/test.ts";

test.use({ fleetName: "a-host-dies" });
test.describe.configure({ mode: "serial" });

const LATE_MS = 12_000;
const UNHEALTHY_MS = 20_000;
const REMOVED_MS = 25_000;

test("a host that dies is late, then unhealthy, then a ghost; and what happened stays", async ({ page, fleet, open, context }) => {
  test.setTimeout(150_000);
  const service = await fleet.busiest();
  const [first] = await fleet.instances(service);
  const { host, port } = first!.instance;
  const address = `${host}:${port}`;
  await open(fleet.pathOf(service));
  const row = page.getByRole("row").filter({ hasText: address });
  await expect(row).toContainText("Up");

  const overview = await context.newPage();
  await overview.goto("/");

  await fleet.control("kill-host", { host });
  await expect(row).toContainText("Late", { timeout: LATE_MS });
  await expect(row).toContainText("Unhealthy", { timeout: UNHEALTHY_MS });
  await expect(page.getByRole("main").getByRole("status").first()).toContainText(host);
  await overview.bringToFront();
  await expect(overview.getByRole("main")).toContainText(new RegExp(`${service.name}.*unhealthy|lost`, "i"), { timeout: UNHEALTHY_MS });
  await page.bringToFront();
  await expect(row).toContainText("Removed", { timeout: REMOVED_MS });
  await expect(row, "a ghost keeps its place and offers nothing").not.toContainText("Drain");

  await test.step("the ledger knows it", async () => {
    await open(`/ledger?host=${host}`);
    const main = page.getByRole("main");
    await expect(main).toContainText(address);
    await expect(main).toContainText("Unhealthy");
    await expect(main).toContainText("Removed");
  });

  await test.step("it comes back by itself", async () => {
    await open(fleet.pathOf(service));
    await fleet.control("revive-host", { host });
    await expect(page.getByRole("row").filter({ hasText: address }).filter({ hasText: /Returned|Up/ })).toHaveCount(1, { timeout: 15_000 });
  });
});

test("paused, the page stands still and says what waits", async ({ page, fleet, open }) => {
  await open("/services");
  const live = page.getByRole("button", { name: /^Live/ });
  await expect(live).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("p");
  const held = page.getByRole("button", { name: /Paused/ });
  await expect(held).toHaveAttribute("aria-pressed", "true");
  const service = await fleet.busiest();
  await fleet.control("drain", { service: service.name });
  await expect(held).toContainText("waiting");
  await page.keyboard.press("p");
  await expect(page.getByRole("button", { name: /^Live/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Live/ })).not.toContainText("waiting");
});
