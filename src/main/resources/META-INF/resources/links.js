/**
 * Three ways to the same rooms. Each link says `receive(frame)` for each frame, and `lost(code, reason)` once; each has
 * `send(frame)` and `close(leaving)`, where `leaving` says that it will not come back.
 *
 * @typedef {object} Ends
 * @property {(frame: string | ArrayBuffer) => void} receive
 * @property {(code: number, reason: string) => void} lost
 */

const ENDED = 1006; // as a browser says it of a WebSocket that ended without a word
const OPENING = 8_000; // milliseconds; a proxy that swallows the upgrade says nothing

/** @param {URL} url @param {Ends} ends @param {string} [token] */
function webSocket(url, ends, token) {
  // A browser lets no page set headers here; what it offers as subprotocols is sent in one.
  const protocols = token === undefined ? [] : ["hubbub.v1", `bearer.${token}`];
  const socket = new WebSocket(String(url).replace(/^http/, "ws"), protocols);
  socket.binaryType = "arraybuffer";
  const timer = setTimeout(() => socket.close(), OPENING);
  socket.onmessage = ({ data }) => {
    clearTimeout(timer);
    ends.receive(data);
  };
  socket.onclose = ({ code, reason }) => {
    clearTimeout(timer);
    ends.lost(code, reason);
  };
  return {
    send: (frame) => socket.readyState === WebSocket.OPEN && (socket.send(frame), true),
    close: () => socket.close(1000),
  };
}

/** Sends one frame after another by POST, in their order. */
function poster(url, lost) {
  let last = Promise.resolve();
  let session = "";
  return {
    /** Learns the session from `connected`. */
    look(frame) {
      session ||= JSON.parse(frame).data?.session ?? "";
    },
    headers: () => ({ "Hubbub-Session": session }),
    /** Ends the session, also when the page is just about to go. */
    leave() {
      if (!session) return;
      fetch(at(url, "/poll", {}), { method: "DELETE", headers: { "Hubbub-Session": session }, keepalive: true }).catch(() => {});
    },
    send(frame) {
      const type = typeof frame === "string" ? "application/json" : "application/octet-stream";
      last = last.then(async () => {
        const headers = { "Hubbub-Session": session, "Content-Type": type };
        const response = await fetch(at(url, "/send", {}), { method: "POST", headers, body: frame });
        if (response.status === 404) lost(ENDED, "the session has ended");
      }).catch((problem) => lost(ENDED, String(problem.message ?? problem)));
      return true;
    },
  };
}

const bearer = (token) => (token === undefined ? {} : { Authorization: `Bearer ${token}` });

function at(url, path, parameters) {
  const to = new URL(url);
  to.pathname += path;
  for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value);
  return to;
}

/** What the two that work by `fetch` have in common: they end once, also while they wait. */
function byFetch(url, ends, run) {
  const abort = new AbortController();
  let over = false;
  const lost = (code, reason) => {
    if (over) return;
    over = true;
    abort.abort();
    ends.lost(code, reason);
  };
  const post = poster(url, lost);
  const receive = (frame) => {
    if (over) return;
    post.look(frame);
    const { name, data } = JSON.parse(frame);
    if (name === "close") lost(data.code, data.reason);
    else ends.receive(frame);
  };
  run({ signal: abort.signal, headers: post.headers, receive }).then(
    () => lost(ENDED, "the response ended"),
    (problem) => lost(ENDED, String(problem.message ?? problem)),
  );
  const close = (leaving) => {
    over = true;
    if (leaving) post.leave();
    abort.abort();
  };
  return { send: post.send, close };
}

/** Server-sent events. An EventSource would do, but for what it hides: status, and events of names unknown. */
function eventStream(url, ends, token) {
  return byFetch(url, ends, async ({ signal, receive }) => {
    const response = await fetch(at(url, "/sse", { frames: "" }), { signal, headers: { Accept: "text/event-stream", ...bearer(token) } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += part.value;
      const events = text.split("\n\n");
      text = events.pop();
      for (const event of events) {
        const data = event.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
        if (data.length) receive(data.join("\n"));
      }
    }
  });
}

function longPolling(url, ends, token) {
  return byFetch(url, ends, async ({ signal, headers, receive }) => {
    let to = at(url, "/poll", {});
    for (;;) {
      const response = await fetch(to, { signal, headers: to.searchParams.has("after") ? headers() : bearer(token) });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const events = await response.json();
      for (const event of events) receive(JSON.stringify(event));
      const seen = events.at(-1)?.n ?? to.searchParams.get("after") ?? 0;
      to = at(url, "/poll", { after: seen });
    }
  });
}

/** By their names, in the order of preference. */
export const LINKS = { websocket: webSocket, sse: eventStream, poll: longPolling };
