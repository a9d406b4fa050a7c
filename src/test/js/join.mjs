// Joins a room and stays: node join.mjs ws://... ROOM
import WebSocket from "ws";

const [url, room] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.on("open", () => socket.send(JSON.stringify({ name: "join", data: { room } })));
