// A WebSocket server that does what a test says, for what the real server does seldom, late or never.
import { WebSocketServer } from "ws";

export const WELCOME = { id: "client-1", session: "session-1", heartbeat: 25_000, maxPayload: 65_536, keyAge: 60_000 };

export class ScriptedServer {
  /** The event frames that were received, and the close codes, in their order. */
  events = [];
  codes = [];
  /** The URL of each connection, and its subprotocols, which contain the token. */
  requests = [];

  /** @param act is called with each connection and its number, from 1 on, after `connected` was sent */
  static async start(act = () => {}, welcome = WELCOME) {
    const script = new ScriptedServer();
    script.server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "hubbub.v1" });
    script.server.on("connection", (socket, { url, headers }) => {
      script.requests.push({ url, protocols: headers["sec-websocket-protocol"] ?? "" });
      const say = (name, data, id) => socket.send(JSON.stringify({ name, data, id }));
      const peer = { socket, say, number: script.requests.length, on: {} };
      socket.on("close", (code) => script.codes.push(code));
      socket.on("message", (text) => {
        const event = JSON.parse(text);
        script.events.push(event);
        // A script that listens to an event answers it, or does not.
        if (peer.on[event.name]) peer.on[event.name](event);
        else if (event.id !== undefined) say("ack", null, event.id);
      });
      say("connected", welcome);
      act(peer);
    });
    await new Promise((resolve) => script.server.on("listening", resolve));
    script.url = `http://127.0.0.1:${script.server.address().port}/events`;
    return script;
  }

  received(name) {
    return this.events.filter((event) => event.name === name);
  }

  close() {
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
  }
}
