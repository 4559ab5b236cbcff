// A real Nacos that stops answering or dies under the console.
import { STALE_MS, Server, expect, instanceRow, test } from "../harness/real.ts";

/** Nobody beats for these instances: they are to live until the test ends. */
const PATIENT = { "preserved.heart.beat.interval": "600000", "preserved.heart.beat.timeout": "1200000", "preserved.ip.delete.timeout": "1200000" };

function register(nacos: Server, service: string, ip: string, metadata: Record<string, string>): Promise<string> {
  const query = new URLSearchParams({ serviceName: service, ip, port: "8080", ephemeral: "true", metadata: JSON.stringify(metadata) });
  return nacos.ask("POST", `/v1/ns/instance?${query}`);
}

test("stopped, it is stale within its bound with the last good view; let go, it is live by itself", async ({ show, ends }) => {
  const nacos = await Server.nacos();
  ends.push(nacos);
  await register(nacos, "orders", "10.0.0.1", PATIENT);
  const { page, open, serviceCalled } = await show({ id: "nacos-real", kind: "nacos", servers: [nacos] });
  await open(await serviceCalled("orders"));
  const row = instanceRow(page, "10.0.0.1:8080");
  await expect(row).toContainText("Up");

  nacos.signal("SIGSTOP");
  await expect(row).toContainText("Unknown", { timeout: STALE_MS });
  await expect(page.getByRole("main")).toContainText("We lost the registry");
  await expect(row).not.toContainText("Up");

  nacos.signal("SIGCONT");
  await expect(row).toContainText("Up", { timeout: 40_000 });
  await expect(page.getByRole("main")).not.toContainText("We lost the registry");
});

test("killed, it is stale within its bound with the last good view; started again, it is live by itself", async ({ show, ends }) => {
  const nacos = await Server.nacos();
  ends.push(nacos);
  await register(nacos, "orders", "10.0.0.1", PATIENT);
  const { page, open, serviceCalled } = await show({ id: "nacos-real", kind: "nacos", servers: [nacos] });
  const orders = await serviceCalled("orders");
  await open("/registries");
  const registry = page.getByRole("main").getByRole("row").filter({ hasText: "nacos-real" }).first();
  await expect(registry).toContainText(/live/i);

  await nacos.kill();
  await expect(registry).toContainText(/stale/i, { timeout: STALE_MS });
  await open(orders);
  const row = instanceRow(page, "10.0.0.1:8080");
  await expect(row).toContainText("Unknown");

  await nacos.run();
  await register(nacos, "orders", "10.0.0.1", PATIENT);
  await expect(row).toContainText(/Up|Returned/, { timeout: 60_000 });
});

test("all of a service is dead and protected: shown dead, although the client API calls it healthy", async ({ show, ends }) => {
  const nacos = await Server.nacos();
  ends.push(nacos);
  const silent = { "preserved.heart.beat.interval": "1000", "preserved.heart.beat.timeout": "3000", "preserved.ip.delete.timeout": "1200000" };
  for (const ip of ["10.0.0.1", "10.0.0.2"]) await register(nacos, "payments", ip, silent);
  // The default threshold, 0, protects as soon as the service has metadata.
  await nacos.ask("PUT", "/v1/ns/service?serviceName=payments&protectThreshold=0&metadata=team%3Dblue");
  const { page, open, serviceCalled } = await show({ id: "nacos-real", kind: "nacos", servers: [nacos] });
  await open(await serviceCalled("payments"));
  for (const ip of ["10.0.0.1", "10.0.0.2"]) {
    await expect(instanceRow(page, `${ip}:8080`)).toContainText("Unhealthy", { timeout: 40_000 });
    await expect(instanceRow(page, `${ip}:8080`)).not.toContainText("Up");
  }
  const { hosts } = JSON.parse(await nacos.ask("GET", "/v1/ns/instance/list?serviceName=payments")) as { hosts: { healthy: boolean }[] };
  expect(hosts.map((host) => host.healthy)).toEqual([true, true]);
});

test("an instance that stops beating turns unhealthy and goes when the server says so", async ({ show, ends }) => {
  const nacos = await Server.nacos();
  ends.push(nacos);
  await register(nacos, "carts", "10.0.0.1", { "preserved.heart.beat.interval": "1000", "preserved.heart.beat.timeout": "3000", "preserved.ip.delete.timeout": "20000" });
  const { page, open, serviceCalled } = await show({ id: "nacos-real", kind: "nacos", servers: [nacos] });
  await open(await serviceCalled("carts"));
  const row = instanceRow(page, "10.0.0.1:8080");
  await expect(row).toContainText("Unhealthy", { timeout: 30_000 });
  await expect(row).toContainText("Removed", { timeout: 60_000 });
});
