// The chat of the tutorials: all clients are notified of connects, messages and disconnects.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

function connect() {
  const socket = io(process.argv[2], { forceNew: true });
  socket.received = [];
  socket.on("message", (text) => socket.received.push(text));
  return socket;
}

async function until(condition) {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(condition(), condition.toString());
}

const kim = connect();
await until(() => kim.connected);
const lee = connect();
await until(() => lee.connected);
await until(() => kim.received.includes(`${lee.id} is here`));
lee.emit("message", "hi");
await until(() => kim.received.includes(`${lee.id}: hi`) && lee.received.includes(`${lee.id}: hi`));
const leftId = lee.id;
lee.disconnect();
await until(() => kim.received.includes(`${leftId} has gone`));
assert.deepEqual(kim.received.length, 4);
console.log("chat passed");
process.exit(0);
