// Clients of hubbub.js behind a network that fails, on each transport, in Node and in Chromium. A checker compares what they
// received with what the room has had.
//
//   node chaos.mjs --java <java> --war <hubbub.war> [--chromium <program>] [--transports websocket,sse,poll] [--only <text>] [--long]
//
// With --socketio, the clients are those of the npm package socket.io-client instead, for comparison.
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import WebSocket from "ws";
import { ChaosProxy, answer } from "./chaos-proxy.mjs";
import { Chromium, NodeClient, PageClient, SocketIoClient, createAgent } from "./chaos-clients.mjs";
import { sleep, startServer as startWar, stopServer, until } from "./chaos-server.mjs";
import { connect } from "./hubbub.js";

const { values: given } = parseArgs({
  options: {
    java: { type: "string", default: "java" },
    war: { type: "string" },
    chromium: { type: "string" },
    transports: { type: "string", default: "websocket,sse,poll" },
    only: { type: "string", default: "" },
    quick: { type: "boolean", default: false }, // the scenarios on one transport each
    all: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    socketio: { type: "boolean", default: false },
  },
});

/** Short times, so that each scenario takes seconds. The half-open time-out is the heartbeat and the time for its answer. */
const HEARTBEAT = 1_500;
const PONG = 1_000;
const OPTIONS = { connectTimeout: 1_500, pongTimeout: PONG, minDelay: 100, maxDelay: 1_000, ackTimeout: 8_000 };
const HALF_OPEN = HEARTBEAT + 1_000 + PONG;
const BACK_WITHIN = 5_000;

const SETTINGS = [`-Dhubbub.heartbeat=${HEARTBEAT}`, "-Dhubbub.heartbeat-timeout=3000", "-Dhubbub.log-events=10000", "-Dhubbub.presence-grace=15000"];
const startServer = (port) => startWar(given, port, ...SETTINGS);

// ---- one run

let server;
let browser;
let rooms = 0;

/** What a scenario works with: clients behind the proxy, and one that is not, which hears everything. */
class Run {
  static async start(kind, transports, options = {}) {
    const run = new Run();
    run.kind = kind;
    run.room = `chaos-${++rooms}`;
    run.proxy = await ChaosProxy.start(server.port);
    run.witness = createAgent(connect, `${server.url}events`, { WebSocket, ...OPTIONS }, "witness", run.room);
    run.comings = [];
    for (const name of ["joined", "left"]) run.witness.room.on(name, ({ nick }) => run.comings.push(`${name} ${nick ?? ""}`));
    await run.witness.room.ready();
    run.options = { ...OPTIONS, transports, ...options };
    run.clients = [];
    return run;
  }

  async add(nick = `client-${this.clients.length}`, options = {}) {
    const all = { ...this.options, ...options };
    const Client = { node: NodeClient, socketio: SocketIoClient }[this.kind];
    const client = Client
      ? new Client(this.proxy.url, all, nick, this.room)
      : await PageClient.open(browser, this.proxy.url, all, nick, this.room);
    this.clients.push(client);
    return client;
  }

  /** Sends from the witness and from the clients until it is called. */
  talk() {
    let going = true;
    let count = 0;
    const talking = (async () => {
      while (going) {
        this.witness.send(`witness ${++count}`);
        if (count % 4 === 0) for (const [i, client] of this.clients.entries()) await client.send(`client-${i} ${count}`);
        await sleep(25);
      }
    })();
    return async () => {
      going = false;
      await talking;
    };
  }

  async joined(limit) {
    for (const [i, client] of this.clients.entries()) {
      await until(`client ${i} has joined`, async () => {
        const { state, room } = await client.look();
        return state.name === "open" && room === "joined";
      }, limit);
    }
  }

  /** Waits until everything sent is settled, and everybody has received the last message; then checks. */
  async check({ lossless = true, noFlapping = true } = {}) {
    const end = `end of ${this.room}`;
    await until("everything is settled", async () => {
      for (const client of this.clients) if (Object.values((await client.look()).sent).includes("pending")) return false;
      return true;
    });
    await until("the witness has sent the end", async () => {
      this.witness.send(end);
      await sleep(100);
      return this.witness.look().received.includes(end);
    });
    const truth = this.witness.look().received.filter((text, i, all) => text !== end || i === all.indexOf(end));
    for (const [i, client] of this.clients.entries()) {
      await until(`client ${i} has received the end`, async () => {
        if ((await client.look()).received.includes(end)) return true;
        if (!lossless) { // it may have joined again after the end was sent
          this.witness.send(end);
          await sleep(200);
        }
        return false;
      });
      const seen = await client.look();
      const received = seen.received.slice(0, seen.received.indexOf(end) + 1);
      if (lossless) assert.equal(seen.gaps, 0, `client ${i} was not recovered`);
      if (lossless) checkOrder(truth.slice(0, truth.indexOf(end) + 1), received, i);
      else assert.equal(new Set(received.filter((text) => text !== "GAP")).size, received.filter((text) => text !== "GAP").length);
      if (lossless) checkSent(truth, seen.sent, i); // otherwise the witness has missed something, too
      assert.equal(seen.state.name, "open");
      assert.equal(seen.room, "joined");
      const members = [...this.witness.room.members.values()].map(({ nick }) => nick).sort();
      assert.deepEqual((await client.look()).members, members, `client ${i} knows the members`);
    }
    if (noFlapping) assert.deepEqual(this.comings.filter((coming) => coming.startsWith("left")), [], "nobody has left");
    return this.clients.length;
  }

  async close() {
    for (const client of this.clients) await client.close();
    this.witness.hub.dispose();
    this.proxy.close();
  }
}

/** All that was said since the client came, once and in order; where the client was told so, something may be missing. */
function checkOrder(truth, received, i) {
  let from = truth.indexOf(received[0] === "GAP" ? received[1] : received[0]);
  for (const text of received) {
    if (text === "GAP") {
      from = undefined;
      continue;
    }
    const at = truth.indexOf(text);
    if (from === undefined) from = at;
    assert.equal(text, truth[from], `client ${i} received at ${from}`);
    from++;
  }
  assert.equal(from, truth.length, `client ${i} received all`);
}

/** Acknowledged is in the room once, not sent is not in it, and unknown is in it once or not. */
function checkSent(truth, sent, i) {
  for (const [text, outcome] of Object.entries(sent)) {
    const times = truth.filter((other) => other === text).length;
    const allowed = { acknowledged: [1], "not-sent": [0], "too-large": [0], "rate-limited": [0], "http-401": [0], unknown: [0, 1], timeout: [0, 1] }[outcome];
    assert.ok(allowed?.includes(times), `client ${i}: "${text}" is ${outcome} and was received ${times} times`);
  }
}

// ---- the scenarios

const CLIENTS = 2;
const HTTP = ["sse", "poll"];
const ALL = ["websocket", ...HTTP];
const scenarios = [];
const scenario = (name, act, { on = ALL, kinds = ["node", "chromium"], long = false, slow = false } = {}) =>
  scenarios.push({ name, act, on, kinds, long, slow });

/** A run with clients that talk while the network fails, and are back in time after that. */
const failing = (fail, { within = BACK_WITHIN, options, ...expected } = {}) => async (kind, transport) => {
  const run = await Run.start(kind, [transport], options);
  try {
    for (let i = 0; i < CLIENTS; i++) await run.add();
    await run.joined();
    const stop = run.talk();
    await sleep(200);
    await fail(run, transport);
    await run.joined(within);
    await sleep(300);
    await stop();
    await run.check(expected);
    return run;
  } finally {
    await run.close();
  }
};

/** The clients have noticed. */
const noticed = (run, limit = 10_000) => until("the clients have noticed", async () => {
  for (const client of run.clients) if ((await client.look()).states.at(-1).name === "open") return false;
  return true;
}, limit);

scenario("connections are reset", failing(async ({ proxy }) => proxy.cut()));
scenario("connections are ended", failing(async ({ proxy }) => proxy.finish()));
scenario("connections are reset five times", failing(async ({ proxy }) => {
  for (let i = 0; i < 5; i++) {
    proxy.cut();
    await sleep(250);
  }
}));
scenario("the server cannot be reached for two seconds", failing(async ({ proxy }) => {
  proxy.accepting = "refuse";
  proxy.cut();
  await sleep(2_000);
  proxy.heal();
}));
scenario("the network stalls for a second", failing(async ({ proxy }) => {
  proxy.hold();
  await sleep(1_000);
  proxy.release();
}));
scenario("the network stalls until the clients give up", failing(async (run) => {
  run.proxy.hold();
  await sleep(HALF_OPEN + 500);
  run.proxy.heal();
}));
scenario("connections are half open", failing(async ({ proxy }) => proxy.swallow(), { within: HALF_OPEN + BACK_WITHIN }));
scenario("everything is swallowed for five seconds", failing(async (run) => {
  run.proxy.accepting = "swallow";
  run.proxy.swallow();
  await noticed(run);
  await sleep(3_000);
  run.proxy.heal();
}, { noFlapping: false }));
scenario("a cut, then everything is swallowed, then all is well", failing(async (run) => {
  run.proxy.accepting = "swallow";
  run.proxy.cut();
  await sleep(4_000);
  run.proxy.heal();
}));
scenario("only the way to the server is dead", failing(async ({ proxy }) => {
  proxy.up = "drop";
  await sleep(HALF_OPEN);
  proxy.cut();
  proxy.heal();
}));
scenario("only the way from the server is dead", failing(async ({ proxy }) => {
  proxy.down = "drop";
  await sleep(HALF_OPEN);
  proxy.cut();
  proxy.heal();
}));
scenario("the first answer of a new connection is lost, twice", failing(async ({ proxy }) => {
  let lost = 0;
  proxy.onResponse = ({ text }) => (text.includes('"connected"') && lost++ < 2 * CLIENTS ? "cut" : undefined);
  proxy.cut();
  await until("answers were lost", () => lost >= 2 * CLIENTS);
  proxy.heal();
}), { on: ["websocket", "sse"] });
scenario("the answers of posts are lost", failing(async ({ proxy }) => {
  let posts = 0;
  proxy.onResponse = ({ text, link }) => (link.head?.startsWith("POST") && /^HTTP\/1.1 20/.test(text) && posts++ % 3 === 0 ? "cut" : undefined);
  await sleep(1_500);
  assert.ok(posts > 3);
  proxy.heal();
}), { on: HTTP });
for (const status of [503, 429, 502]) {
  scenario(`a proxy answers posts with ${status} for a moment`, failing(async ({ proxy }) => {
    let posts = 0;
    proxy.onRequest = ({ head }) => (head.startsWith("POST") && posts++ % 3 === 0 ? answer(status, "", "Retry-After: 1\r\n") : undefined);
    await sleep(1_500);
    proxy.heal();
  }), { on: HTTP });
}
scenario("a proxy rejects posts with 401", failing(async (run) => {
  run.proxy.onRequest = ({ head }) => (head.startsWith("POST") ? answer(401) : undefined);
  await until("the clients were told", async () => {
    for (const client of run.clients) if (!Object.values((await client.look()).sent).includes("http-401")) return false;
    return true;
  });
  run.proxy.heal();
}), { on: HTTP });
scenario("the answers of polls are lost", failing(async ({ proxy }) => {
  let polls = 0;
  proxy.onResponse = ({ text, link }) => (/^GET .*after=/.test(link.head) && text.startsWith("HTTP") && polls++ % 4 === 0 ? "cut" : undefined);
  await sleep(1_500);
  assert.ok(polls > 3);
  proxy.heal();
}), { on: ["poll"] });
scenario("a slow link", failing(async ({ proxy, clients }) => {
  proxy.rate = 30_000;
  await clients[0].send("x".repeat(40_000));
  await sleep(2_000);
  proxy.heal();
}));
scenario("events that wait are sent again and arrive once", failing(async (run) => {
  for (let i = 0; i < 4; i++) {
    run.proxy.cut();
    await sleep(400);
  }
  await run.joined();
  await sleep(500);
  for (const client of run.clients) {
    const outcomes = Object.values((await client.look()).sent).filter((outcome) => outcome !== "pending");
    assert.deepEqual(new Set(outcomes), new Set(["acknowledged"]));
  }
}, { options: { offline: "queue" } }));
scenario("a middlebox ends each WebSocket after its first frame", async (kind) => {
  const run = await Run.start(kind, ALL);
  try {
    run.proxy.onResponse = ({ text, link }) => (/upgrade: websocket/i.test(link.head) && text.includes('"connected"') ? "cut-after" : undefined);
    await run.add();
    await until("another transport is used", async () => {
      const { states, room } = await run.clients[0].look();
      return room === "joined" && states.at(-1).transport === "sse";
    });
    assert.ok(run.proxy.heads.filter((head) => /upgrade: websocket/i.test(head)).length <= 3);
    const stop = run.talk();
    await sleep(500);
    await stop();
    await run.check({ noFlapping: false });
  } finally {
    await run.close();
  }
}, { on: ["websocket"] });
for (const [how, response] of [["rejects", answer(400)], ["swallows", "swallow"]]) {
  scenario(`a proxy ${how} upgrades`, async (kind) => {
    const run = await Run.start(kind, ALL);
    try {
      run.proxy.onRequest = ({ head, link }) => {
        if (!/upgrade: websocket/i.test(head)) return undefined;
        if (response !== "swallow") return response;
        link.dead = true;
      };
      await run.add();
      await run.joined();
      assert.equal((await run.clients[0].look()).state.transport, "sse");
      await run.check();
    } finally {
      await run.close();
    }
  }, { on: ["websocket"] });
}
scenario("the server is killed and started again", failing(async (run) => {
  const { port } = server;
  await stopServer(server, "SIGKILL");
  await sleep(500);
  server = await startServer(port);
  await run.witness.room.ready();
}, { lossless: false, noFlapping: false }));
scenario("the server restarts", failing(async (run) => {
  const { port } = server;
  await stopServer(server);
  server = await startServer(port);
  await run.witness.room.ready();
}, { lossless: false, noFlapping: false, within: 12_000 }));
scenario("the computer sleeps for four seconds, and the network changes", async () => {
  const run = await Run.start("chromium", ["websocket"]);
  const stop = () => process.kill(browser.process.pid, "SIGSTOP");
  try {
    await run.add();
    await run.joined();
    stop();
    run.proxy.swallow();
    for (let i = 0; i < 40; i++) {
      run.witness.send(`asleep ${i}`);
      await sleep(100);
    }
    process.kill(browser.process.pid, "SIGCONT");
    await until("it is back", async () => (await run.clients[0].look()).received.includes("asleep 39"), BACK_WITHIN + 4_000);
    await run.check({ noFlapping: false });
  } finally {
    process.kill(browser.process.pid, "SIGCONT");
    await run.close();
  }
}, { on: ["websocket"], kinds: ["chromium"] });
scenario("the page is told that it is offline, and that it is online again", async (kind, transport) => {
  const run = await Run.start(kind, [transport], { pongTimeout: 60_000, maxDelay: 60_000, minDelay: 30_000 });
  try {
    const client = await run.add();
    await run.joined();
    const offline = (value) =>
      client.page.call("Network.emulateNetworkConditions", { offline: value, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    run.proxy.swallow();
    await offline(true);
    await until("it says so", async () => (await client.look()).state.offline);
    await offline(false);
    // Not after the delays above: the ping that follows "online" has four seconds.
    await until("it is back", async () => (await client.look()).states.filter(({ name }) => name === "open").length > 1, BACK_WITHIN + 4_000)
      .catch(async (error) => assert.fail(`${error.message} ${JSON.stringify((await client.look()).states)}`));
  } finally {
    await run.close();
  }
}, { kinds: ["chromium"] });
scenario("ten tabs can all hear and speak", async () => {
  const run = await Run.start("chromium", ["sse", "poll"]);
  try {
    for (let i = 0; i < 10; i++) await run.add();
    await run.joined(30_000);
    for (const [i, client] of run.clients.entries()) await client.send(`tab ${i}`);
    await run.check();
    for (const [i, client] of run.clients.entries()) assert.equal((await client.look()).sent[`tab ${i}`], "acknowledged");
  } finally {
    await run.close();
  }
}, { on: ["sse"], kinds: ["chromium"], slow: true });
scenario("everything is swallowed for seventy seconds", failing(async (run) => {
  run.proxy.accepting = "swallow";
  run.proxy.cut();
  await sleep(70_000);
  run.proxy.heal();
}, { noFlapping: false }), { long: true });

// ---- the table

/** More scenarios than this may not need a second try: then it is not the machine that is busy. */
const MAX_SECOND_TRIES = 1;

const transports = given.transports.split(",");
const table = [];
let turn = 0;
server = await startServer();
if (given.chromium) browser = await Chromium.start(given.chromium);
for (const { name, act, on, kinds, long, slow } of scenarios) {
  if (!name.includes(given.only) || long !== given.long || (slow && given.quick)) continue;
  const available = given.socketio ? (kinds.includes("node") ? ["socketio"] : []) : kinds.filter((kind) => kind === "node" || browser);
  for (const kind of given.quick ? [available[turn % available.length]] : available) {
    const possible = on.filter((transport) => transports.includes(transport));
    // Quickly: each scenario in one kind and on one transport, another one each time.
    const chosen = given.quick ? [possible[turn % possible.length]] : possible;
    for (const transport of chosen) {
      const run = `${name} | ${kind} | ${transport}`;
      const start = Date.now();
      const result = await tryTwice(run, () => act(kind, transport));
      console.log(`${run} | ${((Date.now() - start) / 1000).toFixed(1)} s | ${result}`);
      table.push({ run, result });
    }
  }
  turn++;
}
await browser?.close();
await stopServer(server);

/** The limits of time are those of a machine that does nothing else: what fails on a busy one is tried once more, and told. */
async function tryTwice(run, act) {
  try {
    await act();
    return "passed";
  } catch (error) {
    console.log(`${run} | failed at the first try: ${error.stack}`);
  }
  try {
    await act();
    return "passed at the second try";
  } catch (error) {
    return `FAILED ${error.stack}`;
  }
}

const failures = table.filter(({ result }) => result.startsWith("FAILED"));
const second = table.filter(({ result }) => result === "passed at the second try");
for (const { run } of failures) console.log(`FAILED: ${run}`);
for (const { run } of second) console.log(`Passed at the second try: ${run}`);
const passed = table.length && !failures.length && second.length <= MAX_SECOND_TRIES;
const summary = `${table.length} scenarios, ${second.length} passed at the second try (at most ${MAX_SECOND_TRIES} may), ${failures.length} failed`;
console.log(`${passed ? "chaos passed" : "chaos FAILED"}: ${summary}`);
process.exit(passed ? 0 : 1);
