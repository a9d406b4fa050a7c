// Node's Socket.IO beside two nodes of Hubbub: exchange.mjs redis-url service-url ws-url-of-A ws-url-of-B
// The service is the one of cluster.md, in a process of its own; another server runs here, so that requests come from here.
import { createServer } from "node:http";
import { once } from "node:events";
import { createAdapter } from "@socket.io/redis-adapter";
import { Emitter } from "@socket.io/redis-emitter";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { io as connect } from "socket.io-client";
import WebSocket from "ws";
import assert from "node:assert/strict";

const [redisUrl, serviceUrl, eventsA, eventsB] = process.argv.slice(2);
const bytes = (...all) => Buffer.from(all);

/** Waits until a condition holds. */
async function until(what, condition, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, "not within " + seconds + " s: " + (typeof what === "function" ? what() : what));
    await new Promise((later) => setTimeout(later, 20));
  }
}

/** A client of Hubbub by WebSocket; events with a binary frame get their attachments' bytes as member bytes. */
async function native(url, room) {
  const socket = new WebSocket(url);
  const client = { socket, events: [], send: (event) => socket.send(JSON.stringify(event)) };
  socket.on("message", (message, isBinary) => {
    const end = isBinary ? message.indexOf(0) : message.length;
    const event = JSON.parse(message.subarray(0, end).toString());
    if (isBinary) event.bytes = [...message.subarray(end + 1)];
    client.events.push(event);
    if (event.name === "question") client.send({ name: "ack", id: event.id, data: "native" });
  });
  client.named = (name) => client.events.filter((event) => event.name === name);
  client.closed = once(socket, "close");
  await once(socket, "open");
  await until("connected", () => client.named("connected").length);
  client.id = client.named("connected")[0].data.id;
  if (room) {
    client.send({ name: "join", data: { room } });
    await until("hello", () => client.named("hello").length);
  }
  return client;
}

/** A client of Socket.IO, of Node's servers or of Hubbub. */
async function socketIo(url) {
  const socket = connect(url, { transports: ["websocket"], forceNew: true, reconnection: false });
  const client = { socket, events: [] };
  socket.onAny((name, ...data) => {
    const answer = typeof data.at(-1) === "function" ? data.pop() : null;
    if (socket._pid && /^[\w-]{11}\.\d+/.test(data.at(-1))) data.pop(); // the offset, for the recovery of the connection
    client.events.push({ name, data });
    if (answer) answer("socket.io");
  });
  client.named = (name) => client.events.filter((event) => event.name === name);
  await once(socket, "connect");
  return client;
}

const publisher = new Redis(redisUrl);
const subscriber = new Redis(redisUrl);
const http = createServer();
const io = new Server(http, { adapter: createAdapter(publisher, subscriber, { requestsTimeout: 5000 }) });
io.on("connection", (socket) => socket.on("enter", (room, done) => done(socket.join(room))));
http.listen(0, "127.0.0.1");
await once(http, "listening");
const emitter = new Emitter(new Redis(redisUrl));

const a = await native(eventsA, "lobby");
const b = await native(eventsB, "lobby");
const door = await socketIo(new URL(eventsB.replace("ws:", "http:")).origin);
await door.socket.emitWithAck("join", { room: "lobby" });
const here = await socketIo("http://127.0.0.1:" + http.address().port);
await here.socket.emitWithAck("enter", "lobby");
const service = await socketIo(serviceUrl);

// The exchange has begun, and all see each other.
await until("the exchange begins", () => {
  emitter.to("lobby").emit("begin");
  return a.named("begin").length && b.named("begin").length && door.named("begin").length && service.named("begin").length;
});
await until("the other way begins", () => {
  a.send({ name: "message", data: { room: "lobby", text: "begin" } });
  return service.named("message").length && here.named("message").length;
});

// Who has joined a moment ago is not known everywhere: "except" needs to know.
await until("all members", async () => (await io.in("lobby").fetchSockets()).length === 5);

/** After this event, everything before it has come; so what is missing was not sent, and what is doubled is seen. */
let markers = 0;
async function settled() {
  const marker = "marker" + ++markers;
  emitter.to("lobby").emit(marker);
  await until(marker, () => [a, b, door, here, service].every((client) => client.named(marker).length));
}

// The emitter: to a room, with several arguments, and bytes.
emitter.to("lobby").emit("news", { text: "hello" });
emitter.to("lobby").emit("move", 1, "two", [3.5, null, true]);
await settled();
await until("bin", () => {
  emitter.to("lobby").volatile.emit("bin", bytes(1, 2, 3), "after"); // a client may miss it
  return [a, b, door, here, service].every((client) => client.named("bin").length);
});
for (const client of [a, b]) {
  assert.deepEqual(client.named("news").map((event) => event.data), [{ text: "hello" }]);
  assert.deepEqual(client.named("move").map((event) => event.data), [[1, "two", [3.5, null, true]]]);
  assert.deepEqual(client.named("bin")[0].bytes, [1, 2, 3]);
}
for (const client of [door, here, service]) {
  assert.deepEqual(client.named("news").map((event) => event.data), [[{ text: "hello" }]]);
  assert.deepEqual(client.named("move").map((event) => event.data), [[1, "two", [3.5, null, true]]]);
  assert.deepEqual([...client.named("bin")[0].data[0]], [1, 2, 3]);
  assert.equal(client.named("bin")[0].data[1], "after");
}

/** Which client it is, for messages. */
function who(client) {
  return ["a", "b", "door", "here", "service"][[a, b, door, here, service].indexOf(client)];
}

// To all; to several rooms, once; all but a room; one client.
const outside = await native(eventsA);
b.send({ name: "join", id: 1, data: { room: "side" } });
await until("side", () => b.named("hello").length === 2);
emitter.emit("all", 1);
emitter.to(["lobby", "side"]).emit("several", 1);
emitter.to("lobby").except("side").emit("except", 1);
emitter.except("lobby").emit("outsiders", 1);
emitter.to(a.id).emit("direct", 1);
await settled();
await until("all", () => outside.named("all").length && outside.named("outsiders").length && a.named("direct").length);
for (const client of [a, b, door, here, service]) {
  assert.equal(client.named("all").length, 1);
  assert.equal(client.named("several").length, 1);
  assert.equal(client.named("except").length, client === b ? 0 : 1);
  assert.equal(client.named("outsiders").length, 0, who(client));
  assert.equal(client.named("direct").length, client === a ? 1 : 0);
}

// A Node server: its events reach Hubbub's clients, each once, also while it broadcasts from one of its sockets.
io.to("lobby").emit("server", { from: "node" });
service.socket.emit("chat", "hi");
await settled();
for (const client of [a, b, door, here, service]) {
  assert.equal(client.named("server").length, 1);
  await until("chat", () => client.named("chat").length);
  assert.equal(client.named("chat").length, 1);
}

// Hubbub's events reach Node's clients, in order and once.
const earlier = here.named("message").length;
for (let i = 0; i < 200; i++) a.send({ name: "message", data: { room: "lobby", i } });
await until("messages", () => here.named("message").length >= earlier + 200 && service.named("message").filter((event) => "i" in event.data[0]).length >= 200);
await settled();
const numbers = [...Array(200).keys()];
for (const client of [here, service]) {
  assert.deepEqual(client.named("message").map((event) => event.data[0].i).filter((i) => i !== undefined), numbers);
}
for (const client of [a, b]) {
  assert.deepEqual(client.named("message").map((event) => event.data.i).filter((i) => i !== undefined), numbers);
}

// Presence stays inside.
assert.equal(here.named("joined").length + here.named("hello").length + service.named("joined").length, 0);

// Requests complete at once: every limit is shorter than the time after which Node gives up.
const begun = Date.now();
const sockets = await io.in("lobby").fetchSockets();
const ids = sockets.map((socket) => socket.id);
for (const id of [a.id, b.id, door.socket.id, here.socket.id, service.socket.id]) assert.ok(ids.includes(id), id + " of " + ids);
assert.equal(ids.length, 5);
assert.ok(sockets.find((socket) => socket.id === a.id).rooms.has("lobby"));
assert.deepEqual((await io.in(a.id).fetchSockets()).map((socket) => socket.id), [a.id]);
assert.equal((await io.in("lobby").except("side").fetchSockets()).length, 4);
const rooms = await io.of("/").adapter.allRooms();
assert.ok(rooms.has("lobby") && rooms.has("side"));
assert.deepEqual((await io.serverSideEmitWithAck("status")).sort(), ["up", null].sort()); // Hubbub's answer is null
const acknowledged = await io.timeout(5000).to("lobby").emitWithAck("question", "?");
assert.deepEqual(acknowledged.sort(), ["native", "native", "socket.io", "socket.io", "socket.io"]);
assert.deepEqual(await io.timeout(5000).to(b.id).emitWithAck("question"), ["native"]);
assert.ok(Date.now() - begun < 4500, "the requests took " + (Date.now() - begun) + " ms");

// Clients of Hubbub, on any node, are moved and disconnected from there.
io.in(b.id).socketsJoin("moved");
const joined = (room) => b.named("hello").some((event) => event.data.room === room);
await until("moved", () => joined("moved"));
emitter.in("side").socketsJoin(["moved", "more"]);
await until("more", () => joined("more"));
await settled();
emitter.to("more").emit("to-more", 1);
await until("to-more", () => b.named("to-more").length === 1);
io.in("moved").socketsLeave(["moved", "more"]);
await until("left", async () => !(await io.in("more").fetchSockets()).length);
outside.send({ name: "join", id: 2, data: { room: "doomed" } });
await until("doomed", async () => (await io.in("doomed").fetchSockets()).length);
emitter.in("doomed").disconnectSockets(true);
await outside.closed;

// Whatever else comes on these channels is dropped.
const redis = new Redis(redisUrl);
for (const garbage of ["", "x", "{", Buffer.alloc(2 << 20), bytes(0xdd, 0xff, 0xff, 0xff, 0xff), bytes(0x93, 0xa1, 0x61, 0xc0, 0xc0)]) {
  await redis.publish("socket.io#/#nobody#", garbage); // of rooms that Node does not have: it would end at the garbage
  await redis.publish("socket.io#/#nobody-else#", garbage);
  await redis.publish("socket.io-request#/#", garbage);
}
await redis.publish("socket.io-request#/#", JSON.stringify({ type: 77, requestId: "x" }));
await redis.publish("socket.io#/unknown#", garbage("/unknown"));
function garbage(nsp) {
  return JSON.stringify({ nsp });
}
await settled();
assert.equal(a.named("begin").length > 0, true);
assert.equal(a.socket.readyState, WebSocket.OPEN);
console.log("exchanged");

// The test ends the node that exchanges; another one begins to.
process.stdin.resume();
await once(process.stdin, "data");
const survivor = a.socket.readyState === WebSocket.OPEN ? a : b;
await until("another node exchanges", () => {
  emitter.to("lobby").emit("again");
  survivor.send({ name: "message", data: { room: "lobby", again: true } });
  return survivor.named("again").length && here.events.some((event) => event.data[0]?.again);
}, 30);
console.log("exchange passed");
process.exit(0);
