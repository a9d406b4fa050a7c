// The clients of the chaos tests: `hubbub.js` in this process, and in the pages of a Chromium.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import WebSocket from "ws";
import { connect } from "./hubbub.js";

/** Connects, joins the room and records what happens. Runs in this process, and as text in pages. */
export function createAgent(connect, url, options, nick, roomName) {
  const tokens = options.tokens;
  if (tokens) options.token = () => tokens.length > 1 ? tokens.shift() : tokens[0];
  const log = { received: [], gaps: 0, recovered: 0, sent: {}, states: [], problems: [], connected: [] };
  const hub = connect(url, options);
  const room = hub.join(roomName, { nick });
  room.on("message", ({ text }) => log.received.push(text));
  room.on("recovered", ({ complete }) => (complete ? log.recovered++ : (log.gaps++, log.received.push("GAP"))));
  hub.on("connected", ({ recovered }) => log.connected.push(recovered));
  hub.on("state", ({ name, transport, code, reason }) => log.states.push({ name, transport, code, reason, at: Date.now() }));
  hub.on("problem", ({ code, message }) => log.problems.push(`${code}: ${message}`));
  return {
    hub,
    room,
    send(text, options) {
      log.sent[text] = "pending";
      room.emit("message", { text }, options).then(
        () => (log.sent[text] = "acknowledged"),
        ({ code }) => (log.sent[text] = code),
      );
    },
    look: () => ({
      ...log,
      id: hub.id,
      state: hub.state,
      room: room.state,
      members: [...room.members.values()].map(({ nick }) => nick).sort(),
    }),
  };
}

/** The npm client `socket.io-client`, as its documentation says: it joins again unless it was recovered. */
export class SocketIoClient {
  constructor(origin, { transports: [transport], minDelay, maxDelay, connectTimeout, ackTimeout }, nick, room) {
    const socket = io(origin, {
      transports: [transport === "websocket" ? "websocket" : "polling"],
      forceNew: true,
      reconnectionDelay: minDelay,
      reconnectionDelayMax: maxDelay,
      timeout: connectTimeout,
    });
    const log = { received: [], gaps: 0, recovered: 0, sent: {}, states: [{ name: "connecting" }], problems: [], connected: [] };
    let members = new Map();
    Object.assign(this, { socket, log, room, ackTimeout, joined: false, members: () => members });
    const state = (name, reason) => log.states.push({ name, reason, transport, at: Date.now() });
    socket.on("connect", () => {
      if (log.connected.push(socket.recovered) > 1) socket.recovered ? log.recovered++ : (log.gaps++, log.received.push("GAP"));
      state("open");
      if (!socket.recovered) socket.emit("join", { room, nick });
    });
    socket.on("disconnect", (reason) => ((this.joined = false), state("waiting", reason)));
    socket.on("hello", (data) => ((this.joined = true), (members = new Map(data.members.map((member) => [member.id, member])))));
    socket.on("joined", (member) => members.set(member.id, member));
    socket.on("left", ({ id }) => members.delete(id));
    socket.on("message", ({ text }) => log.received.push(text));
    socket.on("connect_error", ({ message }) => log.problems.push(message));
  }
  async send(text) {
    const { log, socket } = this;
    log.sent[text] = "pending";
    socket.timeout(this.ackTimeout).emit("message", { room: this.room, text }, (failure, answer) => {
      log.sent[text] = failure ? "timeout" : (answer?.error?.code ?? "acknowledged");
    });
  }
  async look() {
    const { log, joined, socket } = this;
    const members = [...this.members().values()].map(({ nick }) => nick).sort();
    return structuredClone({ ...log, id: socket.id, state: log.states.at(-1), room: joined ? "joined" : "joining", members });
  }
  async call(method) {
    if (method === "reconnect") this.socket.connect();
  }
  async close() {
    this.socket.disconnect();
  }
}

export class NodeClient {
  constructor(origin, options, nick, room) {
    this.agent = createAgent(connect, `${origin}events`, { WebSocket, ...options }, nick, room);
  }
  async send(text, options) {
    this.agent.send(text, options);
  }
  async look() {
    return structuredClone(this.agent.look());
  }
  async call(method) {
    this.agent.hub[method]();
  }
  async close() {
    this.agent.hub.dispose();
  }
}

export class Chromium {
  #calls = new Map();
  #ids = 0;

  static async start(program) {
    const browser = new Chromium();
    browser.folder = mkdtempSync(join(tmpdir(), "chaos-"));
    const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
      "--disable-sync", "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${browser.folder}`, "about:blank"];
    browser.process = spawn(program, options, { stdio: ["ignore", "ignore", "pipe"] });
    const address = await new Promise((resolve, reject) => {
      let said = "";
      browser.process.stderr.on("data", (bytes) => {
        said += bytes;
        const found = /DevTools listening on (ws:\S+)/.exec(said);
        if (found) resolve(found[1]);
      });
      browser.process.on("exit", () => reject(new Error(said)));
    });
    browser.socket = new WebSocket(address, { perMessageDeflate: false });
    await new Promise((resolve) => browser.socket.on("open", resolve));
    browser.socket.on("message", (bytes) => browser.#received(JSON.parse(bytes)));
    return browser;
  }

  #received({ id, result, error }) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  }

  call(method, params = {}, sessionId = undefined) {
    const id = ++this.#ids;
    this.socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  async page(url) {
    const { targetId } = await this.call("Target.createTarget", { url });
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, targetId, sessionId);
    await page.call("Network.enable");
    for (;;) {
      if ((await page.run("document.readyState")) === "complete" && (await page.run("location.href")) !== "about:blank") return page;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close() {
    this.process.removeAllListeners("exit");
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.process.kill();
    await ended;
    // Other processes of the browser may still write for a moment.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 }).catch(({ message }) => console.log(message));
  }
}

class Page {
  constructor(browser, targetId, sessionId) {
    Object.assign(this, { browser, targetId, sessionId });
  }
  call(method, params) {
    return this.browser.call(method, params, this.sessionId);
  }
  async run(expression) {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  close() {
    return this.browser.call("Target.closeTarget", { targetId: this.targetId });
  }
}

/** A page with one client. The page itself opens no connection. */
export class PageClient {
  static async open(browser, origin, options, nick, room, script = "/hubbub.js") {
    const client = new PageClient();
    client.page = await browser.page(`${origin}health`);
    await client.page.run(`import(${JSON.stringify(script)}).then(({ connect }) => {
      window.agent = (${createAgent})(connect, "/events", ${JSON.stringify(options)}, ${JSON.stringify(nick)}, ${JSON.stringify(room)});
    })`);
    return client;
  }
  send(text, options = {}) {
    return this.page.run(`agent.send(${JSON.stringify(text)}, ${JSON.stringify(options)})`);
  }
  look() {
    return this.page.run("agent.look()");
  }
  call(method) {
    return this.page.run(`void agent.hub.${method}()`);
  }
  close() {
    return this.page.close();
  }
}
