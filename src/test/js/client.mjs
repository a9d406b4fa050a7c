// What hubbub.js promises, one behaviour at a time: with the real server behind the chaos proxy, and with a scripted one.
//
//   node client.mjs --java <java> --war <hubbub.war> [--chromium <program>]
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, mock, test } from "node:test";
import { parseArgs } from "node:util";
import WebSocket from "ws";
import { Chromium, PageClient } from "./chaos-clients.mjs";
import { ChaosProxy, answer } from "./chaos-proxy.mjs";
import { sleep, startServer, stopServer, until } from "./chaos-server.mjs";
import { ScriptedServer, WELCOME } from "./client-script.mjs";
import { connect } from "./hubbub.js";

const { values: given } = parseArgs({
  options: {
    java: { type: "string", default: "java" },
    war: { type: "string" },
    chromium: { type: "string" },
    only: { type: "string", default: "" },
  },
});

/** Short times, so that a test takes milliseconds. */
const QUICK = { WebSocket, minDelay: 20, maxDelay: 100, connectTimeout: 2_000, pongTimeout: 500 };
const ALL = ["websocket", "sse", "poll"];
const HTTP = ["sse", "poll"];
/** Longer than anything here should take; nothing waits so long unless it fails. */
const NEVER = 60_000;

let server;
let browser;
let rooms = 0;

before(async () => {
  // Without a grace, a client that was away for a moment has a new id.
  server = await startServer(given, "0", "-Dhubbub.heartbeat=1500", "-Dhubbub.heartbeat-timeout=3000", "-Dhubbub.presence-grace=0");
  if (given.chromium) browser = await Chromium.start(given.chromium);
});

after(async () => {
  // A failed test may leave something behind that would keep this process alive.
  setTimeout(() => process.exit(), 2_000).unref();
  await browser?.close();
  await stopServer(server);
});

/** A test that may open what is closed at its end. */
function behaviour(name, act, { page = false } = {}) {
  if (!name.includes(given.only)) return;
  test(name, { timeout: 30_000, skip: page && !given.chromium && "without Chromium" }, async (context) => {
    await act({
      async proxy() {
        const proxy = await ChaosProxy.start(server.port);
        context.after(() => proxy.close());
        return proxy;
      },
      async script(peer, welcome) {
        const script = await ScriptedServer.start(peer, welcome);
        context.after(() => script.close());
        return script;
      },
      client(url, options) {
        const hub = connect(url, { ...QUICK, ...options });
        context.after(() => hub.dispose());
        hub.states = [];
        hub.problems = [];
        hub.on("state", (state) => hub.states.push(state));
        hub.on("problem", (problem) => hub.problems.push(problem));
        return hub;
      },
      async page(proxy, options, room) {
        const page = await PageClient.open(browser, proxy.url, options, "page", room);
        context.after(() => page.close().catch(() => {})); // the test may have closed it
        return page;
      },
    });
  });
}

const isOpen = (hub) => until("the hub is open", () => hub.state.name === "open", 10_000);
const isState = (hub, name) => until(`the hub is ${name}`, () => hub.state.name === name, 10_000);
const isJoined = (room) => until("the room is joined", () => room.state === "joined", 10_000);
/** Long enough that the client gives up the connection, or its session with polls. */
async function outage(hub, proxy) {
  proxy.accepting = "refuse";
  proxy.cut();
  await until("the client has noticed", () => hub.state.name !== "open");
  proxy.accepting = "pass";
}

const newRoom = () => `behaviour-${++rooms}`;
const codeOf = (promise) => promise.then(() => "acknowledged", ({ code }) => code);
const isPost = ({ head }) => head.startsWith("POST");

/** The texts of the messages that a room has heard. */
function texts(room, name = "message") {
  const all = [];
  room.on(name, ({ text }) => all.push(text));
  return all;
}

// ---- tokens

behaviour("a token() that hangs is given up after the connect time-out, and does not change the transport", async ({ client }) => {
  let calls = 0;
  const token = () => (++calls <= 3 ? new Promise(() => {}) : undefined);
  const hub = client(`${server.url}events`, { token, transports: ALL, connectTimeout: 1_000 });
  await isOpen(hub);
  const tried = hub.states.filter(({ name }) => name === "connecting").map(({ transport }) => transport);
  assert.deepEqual(new Set(tried), new Set(["websocket"]));
  assert.equal(hub.state.transport, "websocket");
});

behaviour("a token() that rejects is called again until it resolves, and each failure is told", async ({ client }) => {
  let calls = 0;
  const token = async () => {
    if (++calls <= 5) throw new Error("the issuer is away");
  };
  const hub = client(`${server.url}events`, { token, transports: ALL });
  await isOpen(hub);
  assert.equal(hub.state.transport, "websocket");
  assert.deepEqual(hub.problems.map(({ code, message }) => `${code}: ${message}`), Array(5).fill("token: the issuer is away"));
});

behaviour("a token that is about to expire is renewed as soon as the issuer is back, on the same connection", async ({ script, client }) => {
  const peer = await script(({ say }) => say("auth-expiring", { in: 10_000 }));
  const answers = ["first", new Error("away"), new Error("still away"), "second"];
  const hub = client(peer.url, {
    token: async () => {
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next;
    },
  });
  await until("the new token is sent", () => peer.received("auth").length);
  assert.equal(peer.received("auth")[0].data.token, "second");
  assert.equal(peer.requests.length, 1);
  assert.deepEqual(hub.problems.map(({ message }) => message), ["away", "still away"]);
});

behaviour("a client whose token has expired while the issuer was away returns as the same client", async ({ script, client }) => {
  const peer = await script(({ socket, number }) => number === 1 && socket.close(4401, "expired"));
  const answers = ["first", new Error("away"), "second"];
  const hub = client(peer.url, {
    token: async () => {
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next;
    },
  });
  await until("it has returned", () => peer.requests.length === 2 && hub.state.name === "open");
  assert.match(peer.requests[1].protocols, /bearer\.second/);
  assert.match(peer.requests[1].url, /was=session-1/);
});

// ---- listeners

behaviour("a listener that throws stops neither the others nor the reconnection", async ({ proxy, client }) => {
  const reported = mock.method(console, "error", () => {});
  const between = await proxy();
  const hub = client(`${between.url}events`, {
    onFrame() {
      throw new Error("onFrame");
    },
  });
  const fail = (where) => () => {
    throw new Error(where);
  };
  // The listeners that throw come first.
  const room = hub.join(newRoom());
  for (const name of ["state", "connected", "problem", "hello"]) hub.on(name, fail(name));
  for (const name of ["state", "members", "recovered", "message"]) room.on(name, fail(`room ${name}`));
  const heard = texts(room);
  const members = [];
  room.on("members", (all) => members.push(all.size));
  await isJoined(room);
  await outage(hub, between);
  await isJoined(room);
  await room.emit("message", { text: "still here" });
  await until("it is heard", () => heard.length);
  reported.mock.restore();
  assert.deepEqual(heard, ["still here"]);
  assert.ok(members.length);
  assert.deepEqual(hub.problems, []);
  const said = new Set(reported.mock.calls.map(({ arguments: [error] }) => error.message));
  assert.deepEqual([...said].sort(), ["connected", "hello", "onFrame", "room members", "room message", "room recovered", "room state", "state"]);
});

behaviour("an event of the application may have a name that the client uses itself", async ({ script, client }) => {
  const room = newRoom();
  const names = ["state", "problem", "members", "recovered"];
  const peer = await script(({ say, on }) => {
    on.join = ({ id }) => {
      say("hello", { room, members: [] });
      say("ack", null, id);
      for (const name of names) say(name, { room, name: "mine" });
    };
  });
  const hub = client(peer.url);
  const joined = hub.join(room);
  const own = [];
  const events = [];
  joined.on("state", (state) => own.push(state));
  joined.on("recovered", () => own.push("recovered"));
  for (const name of ["state", "problem"]) hub.on(`event:${name}`, (data) => events.push(`hub ${name} ${data.name}`));
  for (const name of ["state", "members", "recovered"]) joined.on(`event:${name}`, (data) => events.push(`room ${name} ${data.name}`));
  await until("all have come", () => events.length >= 5);
  assert.deepEqual(events.sort(), ["hub problem mine", "hub state mine", "room members mine", "room recovered mine", "room state mine"]);
  assert.deepEqual(own, ["joined"]);
  assert.deepEqual(hub.states.map(({ name }) => name), ["open"]);
  assert.deepEqual(hub.problems, []);
});

// ---- connecting

for (const transport of ALL) {
  behaviour(`reconnect() begins an attempt again that hangs: ${transport}`, async ({ proxy, client }) => {
    const between = await proxy();
    between.accepting = "swallow";
    const hub = client(`${between.url}events`, { transports: [transport], connectTimeout: NEVER });
    await until("it is connecting", () => between.heads.length);
    between.heal();
    hub.reconnect();
    await isOpen(hub);
  });

  behaviour(`the event "online" begins an attempt again that hangs: ${transport}`, async ({ proxy, page }) => {
    const between = await proxy();
    const tab = await page(between, { transports: [transport], connectTimeout: NEVER, minDelay: 20 }, newRoom());
    const state = async () => (await tab.look()).state.name;
    await until("it is open", async () => (await state()) === "open");
    between.accepting = "swallow";
    between.cut();
    const { length } = between.heads;
    await until("it is connecting", async () => (await state()) === "connecting" && between.heads.length > length);
    between.heal();
    await tab.page.run('void dispatchEvent(new Event("online"))');
    await until("it is open again", async () => (await state()) === "open", 5_000);
  }, { page: true });
}

behaviour("reconnect() begins an attempt again whose token() hangs", async ({ client }) => {
  let calls = 0;
  const hub = client(`${server.url}events`, { token: () => (++calls === 1 ? new Promise(() => {}) : undefined), connectTimeout: NEVER });
  hub.reconnect();
  await isOpen(hub);
});

behaviour("ready() rejects when the server rejects the client for good, and reconnect() tries again", async ({ script, client }) => {
  const peer = await script(({ socket, number }) => number === 1 && socket.close(1008, "Not here"), { ...WELCOME });
  const hub = client(peer.url);
  await isState(hub, "closed");
  assert.equal(hub.state.code, 1008);
  assert.equal(await codeOf(hub.ready()), "closed");
  hub.reconnect();
  await isOpen(hub);
});

behaviour("the server is told 1000 only if the client means to leave; a connection that is given up says 4000", async ({ script, client }) => {
  const silent = { ...WELCOME, heartbeat: 100 };
  const peer = await script(({ number, on }) => number === 1 && (on.ping = () => {}), silent);
  const hub = client(peer.url, { pongTimeout: 100 });
  await until("the first connection is given up", () => peer.codes.length);
  assert.deepEqual(peer.codes, [4000]);
  await until("the second one is open", () => peer.requests.length === 2 && hub.state.name === "open");
  hub.close();
  await until("it is closed", () => peer.codes.length === 2);
  assert.deepEqual(peer.codes, [4000, 1000]);
});

behaviour("a connection that dies after it has answered pings is noticed", async ({ script, client }) => {
  let pings = 0;
  const peer = await script(({ say, on }) => (on.ping = () => ++pings <= 2 && say("pong")), { ...WELCOME, heartbeat: 100 });
  const hub = client(peer.url, { pongTimeout: 200 });
  await until("it is given up", () => peer.codes.length);
  assert.deepEqual([pings, peer.codes, hub.states.find(({ name }) => name === "waiting").reason], [3, [4000], "no answer"]);
});

for (const transport of HTTP) {
  behaviour(`a ping that waits behind a delayed post is not late: ${transport}`, async ({ proxy, client }) => {
    const between = await proxy();
    let posts = 0;
    between.onRequest = (request) => (isPost(request) && ++posts === 1 ? answer(503, "", "Retry-After: 2\r\n") : undefined);
    const hub = client(`${between.url}events`, { transports: [transport], pongTimeout: 300 });
    await isOpen(hub);
    const echo = hub.emit("echo", 1);
    await until("the post is delayed", () => posts === 1);
    hub.reconnect(); // pings
    assert.equal(await echo, 1);
    assert.deepEqual(hub.states.map(({ name }) => name), ["open"]);
  });
}

behaviour("a dead connection is noticed although the clock of the computer was set back", async ({ script, client }) => {
  const peer = await script(({ on }) => (on.ping = () => {}), { ...WELCOME, heartbeat: 100 });
  const hub = client(peer.url, { pongTimeout: 100 });
  await isOpen(hub);
  const clock = Date.now;
  Date.now = () => clock() - 3_600_000;
  try {
    await until("it is given up", () => peer.codes.length);
    assert.equal(peer.codes[0], 4000);
  } finally {
    Date.now = clock;
  }
});

for (const transport of HTTP) {
  behaviour(`Retry-After delays the next attempt to connect: ${transport}`, async ({ proxy, client }) => {
    const between = await proxy();
    const times = [];
    between.onRequest = ({ head }) => {
      if (!/^GET .*\/(sse|poll)\?was/.test(head)) return undefined;
      times.push(performance.now());
      return times.length === 1 ? answer(503, "", "Retry-After: 1\r\n") : undefined;
    };
    const hub = client(`${between.url}events`, { transports: [transport] });
    await isOpen(hub);
    assert.ok(times[1] - times[0] >= 990, `after ${times[1] - times[0]} ms`);
  });
}

// ---- events

for (const transport of HTTP) {
  for (const [status, code] of [[413, "http-413"], [401, "http-401"], [429, "rate-limited"], [503, "unknown"]]) {
    behaviour(`a post that is answered ${status} fails the call with ${code}, and the next one works: ${transport}`, async ({ proxy, client }) => {
      const between = await proxy();
      const hub = client(`${between.url}events`, { transports: [transport] });
      const room = hub.join(newRoom());
      await isJoined(room);
      const heard = texts(room);
      between.onRequest = (request) => (isPost(request) ? answer(status) : undefined);
      assert.equal(await codeOf(room.emit("message", { text: "rejected" })), code);
      between.heal();
      await isJoined(room);
      await room.emit("message", { text: "accepted" });
      await until("it is heard", () => heard.length);
      assert.deepEqual(heard, ["accepted"]);
    });
  }

  behaviour(`Retry-After delays the repetition of a post: ${transport}`, async ({ proxy, client }) => {
    const between = await proxy();
    const hub = client(`${between.url}events`, { transports: [transport], pongTimeout: 10_000 });
    await isOpen(hub);
    const times = [];
    between.onRequest = (request) => {
      if (!isPost(request)) return undefined;
      times.push(performance.now());
      return times.length === 1 ? answer(429, "", "Retry-After: 6\r\n") : undefined;
    };
    await hub.emit("echo");
    assert.ok(times[1] - times[0] >= 5_990, `after ${times[1] - times[0]} ms`);
  });

  behaviour(`an event that was aborted before it was posted is not sent: ${transport}`, async ({ proxy, client }) => {
    const between = await proxy();
    const hub = client(`${between.url}events`, { transports: [transport] });
    const room = hub.join(newRoom());
    await isJoined(room);
    const heard = texts(room);
    between.hold();
    const abort = new AbortController();
    const first = room.emit("message", { text: "first" });
    const second = room.emit("message", { text: "second" }, { signal: abort.signal });
    abort.abort();
    assert.equal(await codeOf(second), "aborted");
    between.release();
    await first;
    await room.emit("message", { text: "third" });
    await until("they are heard", () => heard.includes("third"));
    assert.deepEqual(heard, ["first", "third"]);
  });
}

behaviour("an event that is larger than the server takes is refused by the client, and costs no connection", async ({ script, client }) => {
  const peer = await script(() => {}, { ...WELCOME, maxPayload: 1_000 });
  const hub = client(peer.url);
  await isOpen(hub);
  // The limit is in bytes: an e with an accent has two in UTF-8.
  assert.equal(await codeOf(hub.emit("big", "\u00e9".repeat(500))), "too-large");
  assert.equal(await codeOf(hub.emit("fits", "\u00e9".repeat(400))), "acknowledged");
  assert.deepEqual(peer.received("big"), []);
  assert.equal(peer.requests.length, 1);
});

behaviour("an acknowledgement that comes after the time-out is ignored, and so is an error", async ({ script, client }) => {
  const peer = await script(({ say, on }) => {
    on.slow = ({ id }) => setTimeout(() => say("ack", "late", id), 100);
    on.wrong = ({ id }) => setTimeout(() => say("error", { code: "late", message: "late" }, id), 100);
    on.echo = ({ id }) => setTimeout(() => say("ack", "in time", id), 150);
  });
  const hub = client(peer.url);
  await isOpen(hub);
  const told = [];
  for (const name of ["ack", "error"]) hub.on(name, () => told.push(name));
  const late = ["slow", "wrong"].map((name) => codeOf(hub.emit(name, undefined, { timeout: 50 })));
  assert.deepEqual(await Promise.all(late), ["timeout", "timeout"]);
  assert.equal(await hub.emit("echo"), "in time");
  assert.deepEqual(told, []);
  assert.deepEqual(hub.problems, []);
});

behaviour("an event without its acknowledgement is unknown, and sending it again with its key publishes it once", async ({ proxy, client }) => {
  const between = await proxy();
  const hub = client(`${between.url}events`);
  const witness = client(`${server.url}events`);
  const name = newRoom();
  const [room, other] = [hub.join(name), witness.join(name)];
  await Promise.all([isJoined(room), isJoined(other)]);
  const heard = texts(other);
  let position;
  other.once("message", (_, event) => (position = event.position));
  between.down = "drop";
  const first = codeOf(room.emit("message", { text: "once" }, { key: "a key" }));
  await until("the server has it", () => position);
  between.cut();
  assert.equal(await first, "unknown");
  between.heal();
  await isJoined(room);
  assert.equal((await room.emit("message", { text: "once" }, { key: "a key" })).position, position);
  await room.emit("message", { text: "end" });
  await until("the end is heard", () => heard.includes("end"));
  assert.deepEqual(heard, ["once", "end"]);
});

behaviour("a queue sends an event again by itself, and it is published once", async ({ proxy, client }) => {
  const between = await proxy();
  const hub = client(`${between.url}events`, { offline: "queue" });
  const witness = client(`${server.url}events`);
  const name = newRoom();
  const [room, other] = [hub.join(name), witness.join(name)];
  await Promise.all([isJoined(room), isJoined(other)]);
  const heard = texts(other);
  between.down = "drop";
  const message = room.emit("message", { text: "once" });
  const echo = codeOf(hub.emit("echo"));
  await until("the server has it", () => heard.length);
  between.cut();
  assert.equal(await echo, "unknown"); // it has no key
  between.heal();
  await message;
  await room.emit("message", { text: "end" });
  await until("the end is heard", () => heard.includes("end"));
  assert.deepEqual(heard, ["once", "end"]);
});

behaviour("a queue does not send an event again when its key may be forgotten", async ({ script, client }) => {
  const peer = await script(({ number, socket, on }) => {
    if (number === 1) on.message = () => socket.terminate();
  }, { ...WELCOME, keyAge: 300 });
  const hub = client(peer.url, { offline: "queue", minDelay: 800, maxDelay: 800 }); // a delay of 400 ms or more
  await isOpen(hub);
  const old = codeOf(hub.emit("message", { text: "old" }));
  await isState(hub, "waiting");
  const fresh = hub.emit("message", { text: "new" });
  assert.equal(await old, "unknown");
  await fresh;
  assert.deepEqual(peer.received("message").map(({ data }) => data.text), ["old", "new"]);
});

behaviour("a queue that is given up tells what was sent from what was not", async ({ script, client }) => {
  const peer = await script(({ socket, on }) => (on.message = () => socket.terminate()));
  const hub = client(peer.url, { offline: "queue", minDelay: NEVER, maxDelay: NEVER });
  await isOpen(hub);
  const sent = codeOf(hub.emit("message", { text: "sent" }));
  const timed = codeOf(hub.emit("message", { text: "sent, too" }, { timeout: 300 }));
  await isState(hub, "waiting");
  const unsent = codeOf(hub.emit("message", { text: "not sent" }));
  const late = codeOf(hub.emit("message", { text: "not sent, either" }, { timeout: 100 }));
  assert.deepEqual([await timed, await late], ["timeout", "not-sent"]);
  hub.close();
  assert.deepEqual([await sent, await unsent], ["unknown", "not-sent"]);
});

behaviour("a queue is bounded by events and by bytes, and sends in order", async ({ proxy, client }) => {
  const between = await proxy();
  const hub = client(`${between.url}events`, { offline: "queue", queueSize: 3, queueBytes: 1_000 });
  const room = hub.join(newRoom());
  await isJoined(room);
  const heard = texts(room);
  between.accepting = "refuse";
  between.cut();
  await until("it has noticed", () => hub.state.name !== "open");
  const long = "x".repeat(900);
  const outcomes = ["1", long, "2", "3", "4"].map((text) => codeOf(room.emit("message", { text })));
  assert.deepEqual(await Promise.all([outcomes[1], outcomes[4]]), ["not-sent", "not-sent"]);
  between.heal();
  assert.deepEqual(await Promise.all(outcomes), ["acknowledged", "not-sent", "acknowledged", "acknowledged", "not-sent"]);
  await until("all are heard", () => heard.length === 3);
  assert.deepEqual(heard, ["1", "2", "3"]);
});

// ---- rooms

for (const transport of ALL) {
  behaviour(`a first join never says "recovered", and each return says it once: ${transport}`, async ({ proxy, client }) => {
    const between = await proxy();
    const hub = client(`${between.url}events`, { transports: [transport] });
    const recovered = [];
    const join = async () => {
      const room = hub.join(newRoom());
      room.on("recovered", ({ complete }) => recovered.push(`${room.name} ${complete}`));
      await isJoined(room);
      const heard = texts(room);
      await room.emit("message", { text: "hi" });
      await until("it is heard", () => heard.length);
      return room;
    };
    const [one, two] = [await join(), await join()];
    assert.deepEqual(recovered, []);
    await outage(hub, between);
    await until("both have recovered", () => recovered.length === 2);
    await join();
    assert.deepEqual(recovered.sort(), [`${one.name} true`, `${two.name} true`].sort());
  });
}

for (const transport of HTTP) {
  behaviour(`a room that could not be joined again is refused, until the next connection: ${transport}`, async ({ proxy, client }) => {
    const between = await proxy();
    const hub = client(`${between.url}events`, { transports: [transport] });
    const room = hub.join(newRoom());
    await isJoined(room);
    const states = [];
    room.on("state", (state) => states.push(state));
    between.onRequest = (request) => (isPost(request) ? answer(401) : undefined);
    await outage(hub, between);
    await until("it is refused", () => room.state === "refused");
    assert.equal(room.reason.code, "http-401");
    assert.equal(await codeOf(room.ready()), "http-401");
    assert.deepEqual(hub.problems.map(({ code, room: which }) => `${code} ${which}`), [`http-401 ${room.name}`]);
    between.heal();
    await outage(hub, between);
    await isJoined(room);
    assert.deepEqual(states, ["joining", "refused", "joining", "joined"]);
  });
}

behaviour("a room whose server does not let the client return is refused", async ({ script, client }) => {
  const room = newRoom();
  const peer = await script(({ say, on, number, socket }) => {
    on.join = ({ id }) => {
      if (number > 1) return say("error", { code: "forbidden", message: "No more" }, id);
      say("hello", { room, members: [{ id: "client-1" }] });
      say("ack", null, id);
      socket.terminate();
    };
  });
  const hub = client(peer.url);
  const joined = hub.join(room);
  await until("it is refused", () => joined.state === "refused");
  assert.equal(joined.reason.code, "forbidden");
  assert.equal(joined.members.size, 0);
  assert.equal(hub.state.name, "open");
});

behaviour("a room that is not joined yet when the server rejects the client is never ready", async ({ script, client }) => {
  const peer = await script(({ on, socket }) => {
    on.join = () => socket.close(1008, "Banned");
  });
  const hub = client(peer.url);
  const room = hub.join(newRoom());
  await assert.rejects(room.ready(), { code: "closed", message: "Banned" });
  assert.equal(await codeOf(room.ready()), "closed");
  assert.equal(room.state, "joining", "it is joined by reconnect()");
});

behaviour("an own broadcast does not come back after two outages", async ({ proxy, client }) => {
  const between = await proxy();
  const hub = client(`${between.url}events`);
  const witness = client(`${server.url}events`);
  const name = newRoom();
  const [room, other] = [hub.join(name), witness.join(name)];
  await Promise.all([isJoined(room), isJoined(other)]);
  const heard = texts(room, "broadcast");
  const ids = new Set([hub.id]);
  await room.emit("broadcast", { text: "mine" });
  for (let outage = 0; outage < 2; outage++) {
    between.accepting = "refuse";
    between.cut();
    await until("it is missed", () => other.members.size === 1);
    between.heal();
    await isJoined(room);
    await until("it is back", () => other.members.size === 2);
    ids.add(hub.id);
  }
  await other.emit("broadcast", { text: "end" });
  await until("the end is heard", () => heard.includes("end"));
  assert.equal(ids.size, 3);
  assert.deepEqual(heard, ["end"]);
});

// ---- the end, and other places

/** Runs code with `connect` in a Node of its own, which ends by itself only if nothing is left behind. */
async function endsByItself(code) {
  const program = `
    import WebSocket from "ws";
    import { connect } from "./hubbub.js";
    const options = { WebSocket, minDelay: ${NEVER}, maxDelay: ${NEVER}, connectTimeout: ${NEVER} };
    const until = async (condition) => { while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10)); };
    ${code}
    console.log("disposed");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  await until("the hub is disposed of", () => said.includes("disposed"));
  const late = setTimeout(() => child.kill("SIGKILL"), 3_000);
  assert.equal(await ended, 0, "it has ended by itself");
  clearTimeout(late);
}

for (const transport of ALL) {
  behaviour(`a program ends after dispose(), also while connecting or waiting: ${transport}`, async ({ proxy }) => {
    const between = await proxy();
    const url = JSON.stringify(`${between.url}events`);
    const hub = `const hub = connect(${url}, { ...options, transports: ["${transport}"] });`;
    await endsByItself(`${hub} await hub.join("x").ready(); hub.dispose();`);
    between.accepting = "swallow";
    await endsByItself(`${hub} await new Promise((resolve) => setTimeout(resolve, 100)); hub.dispose();`);
    between.close(); // a connection that is reset before its request was sent would be tried again by Node
    await endsByItself(`${hub} await until(() => hub.state.name === "waiting"); hub.dispose();`);
  });
}

for (const [what, options, act] of [
  ["a token", 'token: () => { if (calls++) throw new Error("away"); }', ({ say }) => say("auth-expiring", {})],
  ["a room", "", ({ say, on }) => (on.join = ({ id }) => say("error", { code: "unavailable", message: "Not now" }, id))],
]) {
  behaviour(`a program ends after dispose(), also while it waits to try ${what} again`, async ({ script }) => {
    const peer = await script(act);
    await endsByItself(`
      let problem;
      let calls = 0;
      const hub = connect("${peer.url}", { ...options, ${options} });
      hub.on("problem", (error) => (problem = error));
      hub.join("x");
      await until(() => problem);
      hub.dispose();`);
  });
}

behaviour("a program ends after dispose(), also while a post waits to be repeated", async ({ proxy }) => {
  const between = await proxy();
  let posts = 0;
  between.onRequest = (request) => (isPost(request) && ++posts ? answer(429, "", "Retry-After: 20\r\n") : undefined);
  await endsByItself(`
    const hub = connect("${between.url}events", { ...options, transports: ["sse"] });
    await hub.ready();
    hub.emit("echo");
    await new Promise((resolve) => setTimeout(resolve, 300));
    hub.dispose();`);
  assert.equal(posts, 1);
});

behaviour("dispose() removes all listeners of the page, and nothing brings the client back", async ({ proxy, page }) => {
  const between = await proxy();
  const tab = await page(between, { transports: ALL, minDelay: 20 }, newRoom());
  const listeners = async () => {
    const expression = "[window, document].flatMap((target) => Object.values(getEventListeners(target)).flat()).length";
    const { result } = await tab.page.call("Runtime.evaluate", { expression, includeCommandLineAPI: true, returnByValue: true });
    return result.value;
  };
  await until("it is open", async () => (await tab.look()).state.name === "open");
  assert.ok((await listeners()) >= 6);
  await tab.call("dispose");
  assert.equal(await listeners(), 0);
  const { length } = between.heads;
  await tab.page.run(`for (const name of ["offline", "online", "pageshow", "pagehide"]) dispatchEvent(new Event(name));
    for (const name of ["visibilitychange", "resume"]) document.dispatchEvent(new Event(name));`);
  await sleep(200); // longer than the delay before a reconnection
  assert.equal((await tab.look()).state.name, "closed");
  assert.equal(between.heads.length, length);
  assert.match(await tab.page.run("try { agent.hub.reconnect(); } catch (error) { error.message }"), /disposed/);
}, { page: true });

for (const transport of ALL) {
  behaviour(`it works in a worker, and returns there: ${transport}`, async ({ proxy, page }) => {
    const between = await proxy();
    const room = newRoom();
    const program = `
      import { connect } from "/hubbub.js";
      let lost = 0;
      const hub = connect("/events", { transports: ["${transport}"], minDelay: 20 });
      const room = hub.join("${room}", { nick: "worker" });
      room.on("message", ({ text }) => postMessage(text));
      hub.on("state", ({ name }) => name === "waiting" && !lost++ && postMessage("lost"));
      room.on("recovered", ({ complete }) => postMessage("recovered " + complete));
      onmessage = ({ data }) => room.emit("message", { text: data });
      await room.ready();
      postMessage("joined");`;
    between.onRequest = ({ head }) =>
      head.startsWith("GET /worker.js") ? answer(200, program, "Content-Type: text/javascript\r\n") : undefined;
    const tab = await page(between, { transports: ["websocket"], minDelay: 20 }, newRoom());
    await tab.page.run(`window.said = []; window.worker = new Worker("/worker.js", { type: "module" });
      worker.onmessage = ({ data }) => said.push(data); worker.onerror = ({ message }) => said.push(message); void 0`);
    const said = (count) => until(`the worker has said ${count}`, async () => {
      const all = await tab.page.run("said");
      return all.length >= count && all;
    });
    await said(1);
    await tab.page.run('worker.postMessage("hi")');
    await said(2);
    between.accepting = "refuse";
    between.cut();
    await said(3);
    between.accepting = "pass";
    await said(4);
    await tab.page.run('worker.postMessage("back")');
    assert.deepEqual(await said(5), ["joined", "hi", "lost", "recovered true", "back"]);
  }, { page: true });
}

// ---- one connection for all tabs

const SHARED = { shared: true, minDelay: 20, maxDelay: 100 };

/** Somebody else in the room, who sees how many clients the tabs are. */
async function watcher(client, name) {
  const hub = client(`${server.url}events`);
  const room = hub.join(name, { nick: "watcher" });
  await isJoined(room);
  return room;
}

const nicks = (room) => [...room.members.values()].map(({ nick }) => nick).sort().join();
const isIn = (tab) => until("the tab is in the room", async () => (await tab.look()).room === "joined");
const heard = (tab, ...texts) =>
  until(`the tab has heard ${texts}`, async () => (await tab.look()).received.length >= texts.length)
    .then(() => tab.look())
    .then(({ received }) => assert.deepEqual(received, texts));

for (const transport of ALL) {
  behaviour(`tabs share one connection, each event comes once, and acknowledgements to the tab that has sent: ${transport}`, async ({ client, proxy, page }) => {
    const between = await proxy();
    const name = newRoom();
    const other = await watcher(client, name);
    const options = { ...SHARED, transports: [transport] };
    const kim = await page(between, options, name);
    const lee = await page(between, options, name);
    await isIn(kim);
    await isIn(lee);
    assert.equal(nicks(other), "page,watcher");
    assert.equal((await kim.look()).id, (await lee.look()).id);
    assert.deepEqual((await lee.look()).members, ["page", "watcher"]);
    await kim.send("a");
    await heard(lee, "a");
    await lee.send("b");
    await heard(kim, "a", "b");
    await other.emit("message", { text: "c" });
    await heard(kim, "a", "b", "c");
    await heard(lee, "a", "b", "c");
    assert.deepEqual([(await kim.look()).sent, (await lee.look()).sent], [{ a: "acknowledged" }, { b: "acknowledged" }]);
    assert.equal(await kim.page.run('agent.hub.emit("nobody-handles").catch(({ code }) => code)'), "unknown-event");

    await kim.close(); // not by its own will: the other one goes on
    await lee.send("d");
    await heard(lee, "a", "b", "c", "d");
    assert.equal(nicks(other), "page,watcher");
    await lee.close();
    await until("the connection is closed with the last tab", () => nicks(other) === "watcher");
  }, { page: true });
}

behaviour("tabs that share a connection are all told of its loss, and miss nothing", async ({ client, proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const other = await watcher(client, name);
  const tabs = [await page(between, SHARED, name), await page(between, SHARED, name)];
  for (const tab of tabs) await isIn(tab);
  between.accepting = "refuse";
  between.cut();
  for (const tab of tabs) await until("the tab knows", async () => (await tab.look()).state.name === "waiting");
  assert.equal((await tabs[0].look()).room, "joining");
  await other.emit("message", { text: "missed" });
  between.accepting = "pass";
  for (const tab of tabs) await heard(tab, "missed");
  for (const tab of tabs) {
    const { recovered, gaps, room, connected } = await tab.look();
    assert.deepEqual({ recovered, gaps, room, connected: connected.length }, { recovered: 1, gaps: 0, room: "joined", connected: 2 });
  }
}, { page: true });

behaviour("a tab that joins a room later than another one gets the last events, and then the live ones", async ({ client, proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const other = await watcher(client, name);
  const kim = await page(between, SHARED, name);
  await isIn(kim);
  for (let i = 1; i <= 5; i++) await other.emit("message", { text: `${i}` });
  const lee = await page(between, SHARED, newRoom());
  await isIn(lee);
  await lee.page.run(`window.heard = []; window.room = agent.hub.join("${name}", { nick: "page", last: 3 });
    room.on("message", ({ text }, { at }) => heard.push([text, at > 0])); void 0`);
  for (let i = 6; i <= 20; i++) await other.emit("message", { text: `${i}` });
  const all = await until("everything", () => lee.page.run('heard.at(-1)?.[0] === "20" && heard'));
  const texts = all.map(([text]) => text);
  assert.deepEqual(texts, Array.from(texts, (_, i) => `${20 - texts.length + 1 + i}`));
  assert.deepEqual(all.slice(0, 4).map(([, isEarlier]) => isEarlier), [true, true, true, false]);
  assert.equal(await lee.page.run("[...room.members.values()].map(({ nick }) => nick).sort().join()"), "page,watcher");
  await until("the first one has heard all of them", async () => (await kim.look()).received.length === 20);
}, { page: true });

behaviour("a room is left when the last tab has left it, and a tab that has left hears nothing of it", async ({ client, proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const other = await watcher(client, name);
  const kim = await page(between, SHARED, name);
  const lee = await page(between, SHARED, name);
  await isIn(kim);
  await isIn(lee);
  await kim.page.run("agent.room.leave()");
  assert.equal((await kim.look()).room, "left");
  await other.emit("message", { text: "a" });
  await heard(lee, "a");
  assert.equal(nicks(other), "page,watcher");
  await lee.page.run("agent.room.leave()");
  await until("it is left", () => nicks(other) === "watcher");
  assert.deepEqual((await kim.look()).received, []);
  assert.equal((await kim.look()).state.name, "open");
  await kim.page.run(`agent.hub.join("${name}", { nick: "again" }).ready().then(() => "joined")`);
  await until("it is joined again", () => nicks(other) === "again,watcher");
}, { page: true });

behaviour("what a tab emits before the worker runs is sent when it does, if it may wait", async ({ proxy, page }) => {
  const between = await proxy();
  const tab = await page(between, { transports: ["websocket"] }, newRoom());
  const answers = await tab.page.run(`import("/hubbub.js").then(({ connect }) => {
    const code = (promise) => promise.catch(({ code }) => code);
    const hub = connect("/events", { shared: true });
    const queueing = connect("/events", { shared: true, offline: "queue" });
    return Promise.all([code(hub.emit("echo", 1)), code(queueing.emit("echo", 2))]);
  })`);
  assert.deepEqual(answers, ["not-sent", 2]);
}, { page: true });

behaviour("a broadcast of a tab reaches the other tabs, and not itself", async ({ proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const [kim, lee] = [await page(between, SHARED, name), await page(between, SHARED, name)];
  for (const tab of [kim, lee]) {
    await isIn(tab);
    await tab.page.run('window.heard = []; agent.room.on("broadcast", ({ text, from }) => heard.push([text, from === agent.hub.id])); void 0');
  }
  await kim.page.run('agent.room.emit("broadcast", { text: "a" })');
  await until("the other one hears it", () => lee.page.run("heard.length"));
  assert.deepEqual([await kim.page.run("heard"), await lee.page.run("heard")], [[], [["a", true]]]);
}, { page: true });

behaviour("the token comes from a tab that is still there", async ({ script, proxy, page }) => {
  const peer = await script(({ say, on }) => {
    on.join = ({ id, data }) => (say("hello", { id: WELCOME.id, room: data.room, members: [] }), say("ack", null, id));
  });
  const between = await proxy();
  const open = async (token) => {
    const tab = await page(between, { transports: ["websocket"] }, newRoom());
    await tab.page.run(`import("/hubbub.js").then(({ connect }) => {
      window.hub = connect("${peer.url}", { shared: true, token: () => "${token}" });
      return hub.ready();
    })`);
    return tab;
  };
  const kim = await open("of-kim");
  await open("of-lee");
  assert.equal(peer.requests.length, 1);
  assert.match(peer.requests[0].protocols, /of-kim/);
  await kim.close();
  const isKim = ({ targetId }) => targetId === kim.page.targetId;
  await until("the tab is closed", async () => !(await browser.call("Target.getTargets")).targetInfos.some(isKim));
  [...peer.server.clients][0].send(JSON.stringify({ name: "auth-expiring", data: { in: 10_000 } }));
  await until("the new token is sent", () => peer.received("auth").length);
  assert.equal(peer.received("auth")[0].data.token, "of-lee");
}, { page: true });

behaviour("a question of the server is answered once, by a tab that listens", async ({ script, proxy, page }) => {
  const peer = await script();
  const between = await proxy();
  const open = async (listen) => {
    const tab = await page(between, { transports: ["websocket"] }, newRoom());
    await tab.page.run(`import("/hubbub.js").then(({ connect }) => {
      window.hub = connect("${peer.url}", { shared: true });
      ${listen}
      return hub.ready();
    })`);
  };
  await open("");
  await open('hub.on("question", (data) => data + 1);');
  const [socket] = peer.server.clients;
  const answers = () => peer.events.filter(({ name }) => name === "ack" || name === "error");
  socket.send(JSON.stringify({ name: "question", data: 1, id: 7 }));
  await until("it is answered", () => answers().length);
  socket.send(JSON.stringify({ name: "nobody", data: 1, id: 8 }));
  await until("so is the other one", () => answers().length === 2);
  assert.deepEqual(answers().map(({ name, id, data }) => [name, id, data.code ?? data]), [["ack", 7, 2], ["error", 8, "unknown-event"]]);
}, { page: true });

behaviour("a tab that has crashed leaves its rooms", async ({ client, proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const other = await watcher(client, name);
  const kim = await page(between, SHARED, name);
  const lee = await page(between, SHARED, newRoom());
  await isIn(kim);
  await isIn(lee);
  assert.equal(nicks(other), "page,watcher");
  kim.page.call("Page.crash").catch(() => {});
  await until("its room is left", () => nicks(other) === "watcher");
  // The worker may have run in the process that crashed.
  await until("the other tab goes on", async () => (await lee.look()).state.name === "open");
}, { page: true });

behaviour("when the worker is gone, the tabs start another one", async ({ client, proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const other = await watcher(client, name);
  const tabs = [await page(between, SHARED, name), await page(between, SHARED, name)];
  for (const tab of tabs) await isIn(tab);
  const { targetInfos } = await browser.call("Target.getTargets");
  const worker = targetInfos.find(({ type, url }) => type === "shared_worker" && url.startsWith(between.url));
  await browser.call("Target.closeTarget", { targetId: worker.targetId });
  for (const tab of tabs) await until("it has connected again", async () => (await tab.look()).connected.length === 2);
  for (const tab of tabs) await isIn(tab);
  await tabs[0].send("a");
  for (const tab of tabs) await heard(tab, "a");
  await until("it is one client", () => nicks(other) === "page,watcher");
}, { page: true });

behaviour("a tab that closes its hub and connects again is in its rooms; other options are another connection", async ({ client, proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const other = await watcher(client, name);
  const kim = await page(between, SHARED, name);
  const lee = await page(between, { ...SHARED, shared: { name: "lee" } }, name);
  await isIn(kim);
  await isIn(lee);
  assert.notEqual((await kim.look()).id, (await lee.look()).id);
  await kim.call("close");
  await until("it has left", () => nicks(other) === "page,watcher");
  assert.equal((await kim.look()).state.name, "closed");
  assert.equal(await kim.page.run('agent.hub.emit("echo", 1).catch(({ code }) => code)'), "not-sent");
  await kim.call("reconnect");
  await isIn(kim);
  await until("it is there again", () => nicks(other) === "page,page,watcher");
}, { page: true });

behaviour("without a SharedWorker, a hub with this option has its own connection", async ({ client, proxy }) => {
  const between = await proxy();
  const name = newRoom();
  const hub = client(`${between.url}events`, { shared: true });
  assert.equal(await codeOf(hub.emit("echo", 1)), "not-sent"); // it is not connected yet
  const room = hub.join(name, { nick: "alone" });
  const all = texts(room);
  await hub.ready();
  await room.ready();
  await room.emit("message", { text: "a" });
  await until("it is heard", () => all.length);
  assert.deepEqual(await hub.emit("echo", { b: 1 }), { b: 1 });
  assert.ok((await hub.ping()) > 0);
  const controller = new AbortController();
  between.down = "hold";
  const pending = codeOf(hub.emit("echo", 1, { signal: controller.signal }));
  controller.abort();
  assert.equal(await pending, "aborted");
  assert.throws(() => hub.on("x", 1), TypeError);
  hub.dispose();
  assert.equal(hub.state.name, "closed");
  assert.equal(await codeOf(hub.emit("echo", 1)), "not-sent");
  between.down = "pass";
  await until("its connection is closed", () => between.links.size === 0);
});

behaviour("ten tabs share one event stream, although a browser opens six connections to a server", async ({ client, proxy, page }) => {
  const between = await proxy();
  const name = newRoom();
  const other = await watcher(client, name);
  const tabs = [];
  for (let i = 0; i < 10; i++) tabs.push(await page(between, { ...SHARED, transports: ["sse"] }, name));
  for (const tab of tabs) await isIn(tab);
  assert.equal(nicks(other), "page,watcher");
  await Promise.all(tabs.map((tab, i) => tab.send(`${i}`)));
  for (const tab of tabs) await until("the tab has heard all", async () => (await tab.look()).received.length === 10);
  for (const [i, tab] of tabs.entries()) {
    const { received, sent } = await tab.look();
    assert.deepEqual(received, (await tabs[0].look()).received);
    assert.deepEqual(sent, { [i]: "acknowledged" });
  }
}, { page: true });
