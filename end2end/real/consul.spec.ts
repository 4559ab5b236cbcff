// A real Consul that stops answering or dies under the console, and three of which one may.
import { STALE_MS, Server, expect, instanceRow, test } from "../harness/real.ts";

const ORDERS = { Name: "orders", ID: "orders-1", Address: "10.0.0.1", Port: 8080 };

test("stopped, it is stale within its bound with the last good view; let go, it is live by itself", async ({ show, ends }) => {
  const consul = await Server.consul();
  ends.push(consul);
  await consul.ask("PUT", "/v1/agent/service/register", ORDERS);
  const { page, open, serviceCalled } = await show({ id: "consul-real", kind: "consul", servers: [consul] });
  await open(await serviceCalled("orders"));
  const row = instanceRow(page, "10.0.0.1:8080");
  await expect(row).toContainText("Up");

  consul.signal("SIGSTOP");
  await expect(row).toContainText("Unknown", { timeout: STALE_MS });
  await expect(page.getByRole("main")).toContainText("We lost the registry");

  consul.signal("SIGCONT");
  await expect(row).toContainText("Up", { timeout: 40_000 });
});

test("killed, it is stale within its bound with the last good view; started again, it is live by itself", async ({ show, ends }) => {
  const consul = await Server.consul();
  ends.push(consul);
  await consul.ask("PUT", "/v1/agent/service/register", ORDERS);
  const { page, open, serviceCalled } = await show({ id: "consul-real", kind: "consul", servers: [consul] });
  await open(await serviceCalled("orders"));
  const row = instanceRow(page, "10.0.0.1:8080");
  await expect(row).toContainText("Up");

  await consul.kill();
  await expect(row).toContainText("Unknown", { timeout: STALE_MS });

  // It kept nothing, being in memory: the service registers anew, as a live one does.
  await consul.run();
  await consul.ask("PUT", "/v1/agent/service/register", ORDERS);
  await expect(row).toContainText(/Up|Returned/, { timeout: 60_000 });
});

test("of three, the leader dies and the page does not notice", async ({ show, ends }) => {
  const servers = await Server.threeConsuls();
  ends.push(...servers);
  const leader = JSON.parse(await servers[0]!.ask("GET", "/v1/status/leader")) as string;
  const leads = await Promise.all(servers.map(async (server) => (await server.ask("GET", "/v1/agent/self")).includes('"leader":"true"')));
  const [first, ...others] = [servers[leads.indexOf(true)]!, ...servers.filter((_, n) => !leads[n])];
  expect(leader).not.toBe("");
  // An instance lives with the agent it was registered with: one of those that stay.
  await others[0]!.ask("PUT", "/v1/agent/service/register", ORDERS);
  const { page, open, serviceCalled } = await show({ id: "consul-real", kind: "consul", servers: [first!, ...others] });
  await open(await serviceCalled("orders"));
  const row = instanceRow(page, "10.0.0.1:8080");
  await expect(row).toContainText("Up");
  // Whatever the page says from now on, however short.
  await page.evaluate(() => {
    const said = new Set<string>();
    const note = () => document.querySelectorAll("[data-status]").forEach((chip) => said.add(chip.getAttribute("data-status")!));
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    Object.assign(window, { said });
    note();
  });

  await first!.kill();
  await others[0]!.ask("GET", "/v1/status/leader");
  // A change behind the new leader arrives, and longer than the bound nothing was stale.
  await page.waitForTimeout(STALE_MS);
  await others[0]!.ask("PUT", "/v1/agent/service/register", { ...ORDERS, ID: "orders-2", Address: "10.0.0.2" });
  await expect(instanceRow(page, "10.0.0.2:8080")).toContainText("Up", { timeout: 10_000 });
  const said = await page.evaluate(() => [...(window as unknown as { said: Set<string> }).said]);
  expect(said).not.toContain("unknown");
});
