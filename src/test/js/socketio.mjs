// The npm client `socket.io-client`: each transport, and the features that the tutorials use.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const page = new URL(process.argv[2]);

function connect(transports, more = {}) {
  const socket = io(page.origin + (more.namespace ?? ""), {
    path: page.pathname + "socket.io/",
    transports,
    forceNew: true,
    reconnectionDelay: 300,
    ...more,
  });
  socket.received = [];
  socket.waiting = [];
  socket.onAny((name, ...args) => {
    socket.received.push({ name, args });
    socket.waiting.splice(0).forEach((wake) => wake());
  });
  socket.next = async (name) => {
    for (;;) {
      const at = socket.received.findIndex((event) => event.name === name);
      if (at >= 0) return socket.received.splice(0, at + 1).at(-1).args;
      await new Promise((resolve) => socket.waiting.push(resolve));
    }
  };
  return socket;
}

const once = (socket, name) => new Promise((resolve) => socket.once(name, resolve));

async function breakConnection(socket) {
  const disconnected = once(socket, "disconnect");
  socket.io.engine.close();
  await disconnected;
}

for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
  const room = `socketio-${transports.join("-")}-${process.pid}`;
  const kim = connect(transports);
  const lee = connect(transports);
  await Promise.all([once(kim, "connect"), once(lee, "connect")]);
  assert.equal(kim.recovered, false);

  kim.emit("join", { room, nick: "Kim" });
  const [hello] = await kim.next("hello");
  assert.equal(hello.id, kim.id);
  lee.emit("join", { room });
  await lee.next("hello");
  assert.equal((await kim.next("joined"))[0].id, lee.id);

  // acknowledgements, and errors as acknowledgements
  assert.deepEqual(await kim.timeout(5000).emitWithAck("echo", { a: [1, "é😀"] }), { a: [1, "é😀"] });
  assert.deepEqual(await kim.timeout(5000).emitWithAck("echo", 1, "two"), 1);
  assert.equal((await kim.timeout(5000).emitWithAck("nobody-handles", 1)).error.code, "unknown-event");
  assert.equal((await kim.timeout(5000).emitWithAck("message", { room: "elsewhere" })).error.code, "not-in-room");

  // to all members, and to all except the sender
  kim.emit("message", { room, text: "hi" });
  assert.equal((await lee.next("message"))[0].text, "hi");
  assert.equal((await kim.next("message"))[0].from, kim.id);
  kim.emit("broadcast", { room, text: "others" });
  assert.equal((await lee.next("broadcast"))[0].text, "others");

  // attachments inside the data
  kim.emit("message", { room, text: "gif", gif: Buffer.from("GIF89a"), more: [Buffer.from([0, 255])] });
  const [gif] = await lee.next("message");
  assert.deepEqual(gif.gif, Buffer.from("GIF89a"));
  assert.deepEqual(gif.more, [Buffer.from([0, 255])]);

  // the order of a burst
  for (let i = 0; i < 500; i++) kim.emit("message", { room, text: i });
  for (let i = 0; i < 500; i++) assert.equal((await lee.next("message"))[0].text, i);
  assert.equal(lee.io.engine.transport.name, transports.at(-1));

  // the connection is lost: missed events are received once
  for (let round = 0; round < 2; round++) {
    const id = lee.id;
    lee.received.length = 0;
    await breakConnection(lee);
    kim.emit("message", { room, text: "missed" });
    await once(lee, "connect");
    assert.equal(lee.recovered, true);
    assert.equal(lee.id, id);
    kim.emit("message", { room, text: "after" });
    assert.equal((await lee.next("message"))[0].text, "missed");
    assert.equal((await lee.next("message"))[0].text, "after");
  }
  // the connection is lost and nothing is missed
  await breakConnection(lee);
  await once(lee, "connect");
  assert.equal(lee.recovered, true);
  // more events than the history holds
  await breakConnection(lee);
  for (let i = 0; i < 200; i++) kim.emit("message", { room, text: i });
  await once(lee, "connect");
  assert.equal(lee.recovered, false);
  lee.received.length = 0; // with a hello of the connections before
  lee.emit("join", { room });
  await lee.next("hello");

  // a client that repeats what is not acknowledged sends each event once
  if (transports.length === 2) {
    const sure = connect(transports, { retries: 3, ackTimeout: 2000 });
    const acknowledged = (...event) =>
      new Promise((resolve, reject) => sure.emit(...event, (error, value) => (error ? reject(error) : resolve(value))));
    await acknowledged("join", { room });
    await acknowledged("message", { room, text: "sure" });
    assert.equal(await acknowledged("echo", null), null);
    kim.emit("message", { room, text: "end" });
    const texts = [];
    while (texts.at(-1) !== "end") texts.push((await lee.next("message"))[0].text);
    assert.deepEqual(texts, ["sure", "end"]);
    sure.disconnect();
  }

  // disconnect
  lee.disconnect();
  assert.ok((await kim.next("left"))[0].id);
  kim.disconnect();
}

const nowhere = connect(["websocket"], { namespace: "/nowhere" });
assert.equal((await once(nowhere, "connect_error")).message, "Invalid namespace");
nowhere.disconnect();

console.log("socketio passed");
process.exit(0);
