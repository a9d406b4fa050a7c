// Three of the six kinds of clients in one room: npm's ws, and socket.io-client with and without an upgrade. On the message "go"
// each client sends its messages; at the end it prints all messages that it has received.
import { io } from "socket.io-client";
import WebSocket from "ws";

const [page, room, each, total] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];

function client(kind, send) {
  const received = [];
  return ({ text }) => {
    if (text === "go") for (let i = 0; i < each; i++) send({ room, text: `${kind} ${i}` });
    else if (received.push(text) === total) console.log(`${kind}=${JSON.stringify(received)}`);
  };
}

const socket = new WebSocket(page.replace("http", "ws") + "events");
const onMessage = client("ws", (data) => socket.send(JSON.stringify({ name: "message", data })));
socket.on("open", () => socket.send(JSON.stringify({ name: "join", data: { room } })));
socket.on("message", (text) => {
  const { name, data } = JSON.parse(text);
  if (name === "message") onMessage(data);
});

for (const [kind, transports] of [["upgrading", ["polling", "websocket"]], ["socketio", ["websocket"]]]) {
  const socketio = io(page, { transports, forceNew: true });
  socketio.on("message", client(kind, (data) => socketio.emit("message", data)));
  socketio.emit("join", { room });
}
