// The event protocol by the npm package ws: a Set of sockets for each room, and one JSON.stringify for each broadcast.
import { WebSocketServer } from "ws";

const rooms = new Map();
let ids = 0;

new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]) }).on("connection", (socket) => {
  const id = String(++ids);
  const joined = new Set();
  socket.on("error", () => {});
  socket.on("message", (frame) => {
    const { name, data } = JSON.parse(frame);
    if (name === "join") {
      if (!rooms.has(data.room)) rooms.set(data.room, new Set());
      rooms.get(data.room).add(socket);
      joined.add(data.room);
      socket.send(JSON.stringify({ name: "hello", data: { id, room: data.room } }));
    } else if (name === "message") {
      const event = JSON.stringify({ name, data: { ...data, from: id } });
      for (const member of rooms.get(data.room) ?? []) member.send(event);
    }
  });
  socket.on("close", () => {
    for (const room of joined) rooms.get(room).delete(socket);
  });
});
