// A TCP proxy that fails on demand: it cuts, refuses, swallows, holds and slows connections, and answers requests itself.
import { createServer, connect } from "node:net";

export class ChaosProxy {
  /** The connections that are open, and all request heads that were seen. */
  links = new Set();
  heads = [];
  /** What happens to new connections: "pass", "refuse", or "swallow" (accepted, and nothing is forwarded). */
  accepting = "pass";
  /** What happens to bytes: "pass", "drop", or "hold" until `release()`. */
  up = "pass";
  down = "pass";
  /** Bytes per second towards the client; 0 is unlimited. */
  rate = 0;
  /** Called with `{head, link}` for each request; may return a response that the proxy gives, or "cut". */
  onRequest = () => undefined;
  /** Called with `{text, link}` for what the server sends; may return "cut" (before it is forwarded) or "cut-after". */
  onResponse = () => undefined;

  static async start(target) {
    const proxy = new ChaosProxy();
    proxy.target = target;
    proxy.server = createServer({ noDelay: true }, (client) => proxy.#accept(client));
    await new Promise((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    proxy.port = proxy.server.address().port;
    return proxy;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/`;
  }

  #accept(client) {
    client.on("error", () => {});
    if (this.accepting === "refuse") return client.resetAndDestroy();
    const server = connect({ port: this.target, host: "127.0.0.1", noDelay: true });
    const link = { client, server, dead: this.accepting === "swallow", held: [], requests: 0 };
    this.links.add(link);
    server.on("error", () => this.#cut(link));
    const forget = () => this.links.delete(link);
    client.on("data", (bytes) => this.#upstream(link, bytes));
    server.on("data", (bytes) => this.#downstream(link, bytes));
    client.on("close", () => (forget(), link.dead || server.destroy()));
    server.on("close", () => (forget(), link.dead || client.end()));
  }

  #upstream(link, bytes) {
    const text = bytes.toString("latin1");
    if (/^(GET|POST|DELETE) /.test(text)) {
      const head = text.split("\r\n\r\n")[0];
      this.heads.push(head);
      link.head = head;
      link.requests++;
      const response = link.dead ? undefined : this.onRequest({ head, link, text });
      if (response === "cut") return this.#cut(link);
      if (response) return link.client.end(response);
    }
    this.#forward(link, link.server, bytes, this.up);
  }

  #downstream(link, bytes) {
    const action = link.dead ? undefined : this.onResponse({ text: bytes.toString("latin1"), link });
    if (action === "cut") return this.#cut(link);
    if (this.rate) {
      link.server.pause();
      setTimeout(() => link.server.resume(), (1000 * bytes.length) / this.rate);
    }
    this.#forward(link, link.client, bytes, this.down);
    if (action === "cut-after") setTimeout(() => this.#cut(link), 5);
  }

  #forward(link, to, bytes, mode) {
    if (link.dead || mode === "drop") return;
    if (mode === "hold" || link.held.length) link.held.push([to, bytes]);
    else to.write(bytes);
  }

  #cut(link) {
    link.client.resetAndDestroy();
    link.server.resetAndDestroy();
    this.links.delete(link);
  }

  /** Resets the connections that are open, as a network does that has changed. */
  cut() {
    for (const link of [...this.links]) this.#cut(link);
  }

  /** Ends the connections that are open by FIN. */
  finish() {
    for (const { client, server } of [...this.links]) (client.end(), server.end());
  }

  /** The connections that are open stay so, and nothing is forwarded on them any more. */
  swallow() {
    for (const link of this.links) link.dead = true;
  }

  hold() {
    this.up = this.down = "hold";
  }

  release() {
    this.up = this.down = "pass";
    for (const link of this.links) for (const [to, bytes] of link.held.splice(0)) to.write(bytes);
  }

  /** Everything works again, on new connections. */
  heal() {
    this.accepting = "pass";
    this.rate = 0;
    this.onRequest = this.onResponse = () => undefined;
    this.release();
  }

  close() {
    this.server.close();
    this.cut();
  }
}

/** A response that the proxy gives by itself. */
export const answer = (status, body = "", headers = "") =>
  `HTTP/1.1 ${status} Chaos\r\nContent-Length: ${body.length}\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n${headers}\r\n${body}`;
