// permessage-deflate: two members of a room receive short, long, binary and many events, and long events are compressed.
import assert from "node:assert";
import WebSocket from "ws";

const url = process.argv[2];

function join() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: true });
    socket.received = [];
    socket.on("open", () => socket.send('{"name":"join","data":{"room":"deflate"}}'));
    socket.on("error", reject);
    socket.on("message", (frame, binary) => {
      socket.received.push(binary ? frame : JSON.parse(String(frame)));
      if (String(frame).startsWith('{"name":"hello"')) resolve(socket);
      socket.wake?.();
    });
  });
}

const until = async (socket, condition) => {
  while (!condition()) await new Promise((resolve) => (socket.wake = resolve));
};

const kim = await join();
const lee = await join();
for (const socket of [kim, lee]) assert.match(socket.extensions, /permessage-deflate/);

const texts = ["short", "é".repeat(20_000), ...Array.from({ length: 200 }, (_, i) => `${i} `.repeat(10 + i))];
const before = lee._socket.bytesRead;
for (const text of texts) kim.send(JSON.stringify({ name: "message", data: { room: "deflate", text } }));
const messages = (socket) => socket.received.filter((event) => event.name === "message").map((event) => event.data.text);
for (const socket of [kim, lee]) {
  await until(socket, () => messages(socket).length === texts.length);
  assert.deepStrictEqual(messages(socket), texts);
}
const wire = lee._socket.bytesRead - before;
const plain = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
assert.ok(wire < plain / 2, `${wire} bytes for ${plain}`);

const attachment = Buffer.from(Array.from({ length: 5_000 }, (_, i) => i % 7));
kim.send(Buffer.concat([Buffer.from('{"name":"message","data":{"room":"deflate"}}\0'), attachment]));
await until(lee, () => Buffer.isBuffer(lee.received.at(-1)));
assert.ok(lee.received.at(-1).subarray(-5_000).equals(attachment));
kim.terminate();
lee.terminate();
console.log("deflate passed");
