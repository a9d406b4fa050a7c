// The chat of the tutorials: who comes and goes is told to all, and what is said.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

function connect() {
  const socket = io(process.argv[2], { forceNew: true });
  socket.heard = [];
  socket.on("message", (text) => socket.heard.push(text));
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
await until(() => kim.heard.includes(`${lee.id} is here`));
lee.emit("message", "hi");
await until(() => kim.heard.includes(`${lee.id}: hi`) && lee.heard.includes(`${lee.id}: hi`));
const gone = lee.id;
lee.disconnect();
await until(() => kim.heard.includes(`${gone} has gone`));
assert.deepEqual(kim.heard.length, 4);
console.log("chat passed");
process.exit(0);
