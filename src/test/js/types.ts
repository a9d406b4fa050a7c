// Checked by tsc: every part of the interface of hubbub.js.
import { connect, HubbubError, type Room, type State } from "./hubbub.js";

const hub = connect("/events", { connectTimeout: 8000, offline: "queue", token: async () => "t", transports: ["websocket", "poll"] });
const room: Room = hub.join("lobby", { nick: "Kim", last: 50, data: { colour: "red" } });
const remove: () => void = room.on("message", ({ text }, { attachment, position }) => console.log(text, attachment?.length, position));
room.on("recovered", ({ complete }) => console.log(complete === true));
room.on("members", (members) => console.log(members.size, room.members.get("x")?.nick, room.count));
room.on("state", (state) => state === "refused" && console.log(room.reason?.code));
hub.on("state", (state: State) => console.log(state.retryAt, state.offline));
hub.on("problem", (error) => console.log(error.code, error.status));
hub.once("connected", ({ id }) => console.log(id));
hub.off("connected");
remove();

export async function all(signal: AbortSignal): Promise<void> {
  await hub.ready();
  await room.ready();
  const bid: { amount: number } = await hub.emit("bid", { amount: 1 }, { timeout: 3000, signal, key: "k" });
  await hub.emit("picture", {}, new Uint8Array(3));
  const { events, more } = await room.history({ before: "x.1", limit: 10 });
  const trip: number = await hub.ping();
  hub.send("x") || hub.sendRaw("{}");
  await room.leave();
  hub.reconnect();
  hub.close();
  hub.dispose();
  throw new HubbubError("no", `${bid.amount} ${events[0].at} ${more} ${trip}`);
}

connect("/events", { shared: true });
connect("/events", { shared: { name: "kim", module: new URL("https://example.org/hubbub.js") } }).join("lobby");

// @ts-expect-error: the name of a transport is checked
connect("/events", { transports: ["pigeon"] });
