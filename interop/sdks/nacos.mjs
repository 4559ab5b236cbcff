// npm `nacos`, unmodified: register, subscribe, deregister, publish, listen, remove, against the server at argv[2] (host:port).
// Each step prints one line; the first failure ends the program with its reason and status 1.
import assert from "node:assert/strict";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { NacosConfigClient, NacosNamingClient } from "nacos";

const address = process.argv[2];
const LIMIT_MS = 30_000;
const quiet = { info() {}, debug() {}, warn: console.warn, error: console.error };

/** Resolves with the first value that `matches`; fails after the limit with everything that came instead. */
function expecting(what, matches) {
  const seen = [];
  let settle;
  const promise = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing matched within ${LIMIT_MS} ms, seen ${JSON.stringify(seen)}`)), LIMIT_MS);
    settle = (value) => {
      seen.push(value);
      if (matches(value)) {
        clearTimeout(timer);
        resolve(value);
      }
    };
  });
  return { settle: (value) => settle(value), promise };
}

async function step(name, work) {
  const started = performance.now();
  await work();
  console.log(`  ok: npm nacos: ${name} (${Math.round(performance.now() - started)} ms)`);
}

async function naming() {
  const connect = async () => {
    const client = new NacosNamingClient({ logger: quiet, serverList: address, namespace: "public" });
    await client.ready();
    return client;
  };
  const [provider, consumer] = [await connect(), await connect()];
  const service = "interop.npm";
  const first = { ip: "10.9.8.1", port: 8080, metadata: { zone: "a" } };
  const second = { ip: "10.9.8.2", port: 8080 };
  const addresses = (hosts) => hosts.map((host) => `${host.ip}:${host.port}`).sort().join();

  const both = expecting("a push with both instances", (list) => list === "10.9.8.1:8080,10.9.8.2:8080");
  const one = expecting("a push with the second instance alone", (list) => list === "10.9.8.2:8080");
  await step("register", () => provider.registerInstance(service, first));
  await step("list with metadata", async () => {
    const hosts = await consumer.getAllInstances(service, "DEFAULT_GROUP", "", false);
    assert.equal(addresses(hosts), "10.9.8.1:8080");
    assert.equal(hosts[0].metadata.zone, "a");
    assert.equal(hosts[0].healthy, true);
  });
  consumer.subscribe(service, (hosts) => both.settle(addresses(hosts)));
  await step("subscribe sees a second instance", async () => {
    await provider.registerInstance(service, second);
    await both.promise;
  });
  consumer.subscribe(service, (hosts) => one.settle(addresses(hosts)));
  await step("subscribe sees a deregistration", async () => {
    await provider.deregisterInstance(service, first);
    await one.promise;
  });
  await provider.deregisterInstance(service, second);
}

async function configs() {
  const client = new NacosConfigClient({ serverAddr: address, logger: quiet, cacheDir: tmpdir(), requestTimeout: 6_000 });
  const [dataId, group] = ["interop.npm.yaml", "DEFAULT_GROUP"];
  const second = expecting("the second content", (content) => content === "limit: 2 # 限流\n");
  await step("publish and get", async () => {
    assert.equal(await client.publishSingle(dataId, group, "limit: 1\n"), true);
    // Nacos answers a publish before every reader of it sees it.
    for (const deadline = Date.now() + LIMIT_MS; (await client.getConfig(dataId, group)) !== "limit: 1\n"; ) {
      assert.ok(Date.now() < deadline, "the published content never came back");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  client.subscribe({ dataId, group }, (content) => second.settle(content));
  await step("listen sees a publish, CJK unharmed", async () => {
    await client.publishSingle(dataId, group, "limit: 2 # 限流\n");
    await second.promise;
  });
  await step("remove", async () => assert.equal(await client.remove(dataId, group), true));
}

process.on("unhandledRejection", (reason) => {
  console.error(reason);
  process.exit(1);
});
assert.ok(address, "usage: node nacos.mjs HOST:PORT");
await naming();
await configs();
// The clients keep timers of their own; wait for what was printed, not for them.
if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
process.exit(0);
