// The npm client `ws`, with the frames of the tutorials.
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

const url = process.argv[2];

class Client {
  constructor() {
    this.socket = new WebSocket(url);
    this.events = [];
    this.socket.on("message", (data, isBinary) => {
      this.events.push(isBinary ? { binary: data } : JSON.parse(data));
      this.socket.emit("event");
    });
  }
  emit(name, data) {
    this.socket.send(JSON.stringify({ name, data }));
  }
  async next(name) {
    for (;;) {
      const at = this.events.findIndex((event) => event.name === name);
      if (at >= 0) return this.events.splice(0, at + 1).at(-1).data;
      await once(this.socket, "event");
    }
  }
}

const kim = new Client();
const connected = await kim.next("connected");
kim.socket.send('{"name":"join"}');
const hello = await kim.next("hello");
assert.equal(hello.room, "lobby");
assert.equal(hello.id, connected.id);

const room = `tutorial-${process.pid}`;
kim.emit("join", { room });
assert.equal((await kim.next("hello")).room, room);
const lee = new Client();
await lee.next("connected");
lee.emit("join", { room, nick: "Lee" });
assert.deepEqual((await lee.next("hello")).members.length, 2);
assert.equal((await kim.next("joined")).nick, "Lee");

kim.emit("message", { room, text: "안녕" });
assert.equal((await lee.next("message")).text, "안녕");
assert.equal((await kim.next("message")).from, connected.id);

kim.emit("broadcast", { room, n: 1 });
assert.equal((await lee.next("broadcast")).n, 1);

kim.socket.send(Buffer.concat([Buffer.from(`{"name":"message","data":{"room":"${room}"}}\0`), Buffer.from([1, 0, 255])]));
while (!lee.events.some((event) => event.binary)) await once(lee.socket, "event");
assert.deepEqual([...lee.events.find((event) => event.binary).binary.subarray(-3)], [1, 0, 255]);

kim.socket.send("hello-world-by-client"); // what the first tutorial sends
assert.equal((await kim.next("error")).code, "malformed");

kim.socket.ping("still there?");
const [pong] = await once(kim.socket, "pong");
assert.equal(String(pong), "still there?");

lee.socket.close(1000);
assert.equal((await once(lee.socket, "close"))[0], 1000);
assert.equal((await kim.next("left")).room, room);
kim.socket.terminate();
console.log("tutorial passed");
