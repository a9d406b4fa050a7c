// The event protocol by Bun's own WebSocket server, with a topic for each room.
let ids = 0;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch: (request, server) => (server.upgrade(request, { data: { id: String(++ids) } }) ? undefined : new Response("", { status: 426 })),
  websocket: {
    perMessageDeflate: false,
    message(socket, frame) {
      const { name, data } = JSON.parse(frame);
      if (name === "join") {
        socket.subscribe(data.room);
        socket.send(JSON.stringify({ name: "hello", data: { id: socket.data.id, room: data.room } }));
      } else if (name === "message") {
        server.publish(data.room, JSON.stringify({ name, data: { ...data, from: socket.data.id } }));
      }
    },
  },
});
