// Three of six kinds of clients in one room: npm's ws, and socket.io-client with an upgrade and without. At the word "go" each
// says its part, and in the end prints all that it has heard.
import { io } from "socket.io-client";
import WebSocket from "ws";

const [page, room, each, total] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];

function client(door, send) {
  const heard = [];
  return ({ text }) => {
    if (text === "go") for (let i = 0; i < each; i++) send({ room, text: `${door} ${i}` });
    else if (heard.push(text) === total) console.log(`${door}=${JSON.stringify(heard)}`);
  };
}

const socket = new WebSocket(page.replace("http", "ws") + "events");
const hear = client("ws", (data) => socket.send(JSON.stringify({ name: "message", data })));
socket.on("open", () => socket.send(JSON.stringify({ name: "join", data: { room } })));
socket.on("message", (text) => {
  const { name, data } = JSON.parse(text);
  if (name === "message") hear(data);
});

for (const [door, transports] of [["upgrading", ["polling", "websocket"]], ["socketio", ["websocket"]]]) {
  const socketio = io(page, { transports, forceNew: true });
  socketio.on("message", client(door, (data) => socketio.emit("message", data)));
  socketio.emit("join", { room });
}
