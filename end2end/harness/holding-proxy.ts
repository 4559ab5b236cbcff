// A proxy in front of a console that can hold the live stream back and let it go at once: a burst, as after a stall of the network.
import { type Server, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export class HoldingProxy {
  private held: Buffer[] | undefined;
  private readonly streams = new Set<ServerResponse>();

  private constructor(private readonly server: Server) {}

  /** Listens on a free port and passes everything on to `target`. */
  static async start(target: string): Promise<HoldingProxy> {
    const { host, hostname, port } = new URL(target);
    const server = createServer();
    const proxy = new HoldingProxy(server);
    server.on("request", (incoming, outgoing) => {
      // The console checks Host and Origin: it is asked as if directly.
      const headers = { ...incoming.headers, host, origin: target, "accept-encoding": "identity" };
      const upstream = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        if (!incoming.url?.startsWith("/api/v1/stream?")) {
          answer.pipe(outgoing);
          return;
        }
        proxy.streams.add(outgoing);
        answer.on("data", (chunk: Buffer) => (proxy.held ? proxy.held.push(chunk) : outgoing.write(chunk)));
        answer.on("end", () => outgoing.end());
      });
      upstream.on("error", () => outgoing.destroy());
      outgoing.on("close", () => {
        proxy.streams.delete(outgoing);
        upstream.destroy();
      });
      incoming.pipe(upstream);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on nothing of the stream goes through. */
  hold(): void {
    this.held = [];
  }

  /** What is held, so far. */
  text(): string {
    return Buffer.concat(this.held ?? []).toString();
  }

  /** Lets everything go in one write. */
  release(): void {
    const burst = Buffer.concat(this.held ?? []);
    this.held = undefined;
    for (const stream of this.streams) stream.write(burst);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
