// Measures the cost of permessage-deflate on a server: node compression.mjs ws://host/hubbub/events <pid> <clients> <events> <bytes>
// One client sends broadcasts to a room with all clients. The script prints the CPU time of the server per delivery (in the second
// of two rounds), the bytes on the wire per delivery, and the growth of the resident memory per client.
import { readFileSync } from "node:fs";
import WebSocket from "ws";

const [url, pid, clients, events, bytes] = process.argv.slice(2).map((value, i) => (i === 0 ? value : Number(value)));
const TICK_US = 10_000;

function cpuMicros() {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

function residentKiB() {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
}

const sockets = [];
let received = 0;

function join() {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { perMessageDeflate: true });
    sockets.push(socket);
    socket.on("open", () => socket.send('{"name":"join","data":{"room":"compression"}}'));
    socket.on("message", (frame) => {
      const text = String(frame);
      if (text.startsWith('{"name":"hello"')) resolve();
      if (text.startsWith('{"name":"broadcast"')) received++;
    });
  });
}

const wire = () => sockets.reduce((sum, socket) => sum + socket._socket.bytesRead, 0);
const turn = () => new Promise((resolve) => setImmediate(resolve));

const before = residentKiB();
for (let i = 0; i < clients; i++) await join();

let text = "";
for (let i = 0; text.length < bytes; i++) text += `user${(i * 7919) % 1000} bids ${(i * i * 31) % 977}; `;
text = text.slice(0, bytes);

for (const warm of [true, false]) {
  received = 0;
  const [cpu, read] = [cpuMicros(), wire()];
  for (let i = 0; i < events; i++) {
    sockets[0].send(JSON.stringify({ name: "broadcast", data: { room: "compression", text: text + i } }));
    // One event at a time: the server would join a different number of frames for a client that inflates, which is slower.
    while (received < (i + 1) * (clients - 1)) await turn();
  }
  if (!warm) {
    console.log(`extension: ${sockets[0].extensions || "none"}`);
    console.log(`CPU: ${((cpuMicros() - cpu) / received).toFixed(1)} us per delivery`);
    console.log(`wire: ${((wire() - read) / received).toFixed(0)} bytes per delivery`);
    console.log(`memory: ${((residentKiB() - before) / clients).toFixed(0)} KiB per client`);
  }
}
process.exit();
