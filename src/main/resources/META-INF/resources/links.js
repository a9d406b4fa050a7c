/**
 * The transports of hubbub.js. A transport opens a connection, which calls `receive(frame)` for each frame and
 * `lost(code, reason)` once. A connection has `send(frame)` and `close(leaving)`; `leaving` means that the client does not
 * reconnect.
 *
 * @typedef {object} Callbacks
 * @property {(frame: string | ArrayBuffer) => void} receive
 * @property {(code: number, reason: string) => void} lost
 */

const ABNORMAL = 1006; // the code of a WebSocket that ends without a close frame
const POLICY = 1008; // the server rejects this client
const OPEN_TIMEOUT = 8_000; // milliseconds; some proxies drop the upgrade without a response

/** @param {URL} url @param {Callbacks} callbacks @param {string} [token] */
function webSocket(url, callbacks, token) {
  // Browsers do not let pages set headers of a WebSocket, except that for the subprotocols.
  const protocols = token === undefined ? [] : ["hubbub.v1", `bearer.${token}`];
  const socket = new WebSocket(String(url).replace(/^http/, "ws"), protocols);
  socket.binaryType = "arraybuffer";
  const timer = setTimeout(() => socket.close(), OPEN_TIMEOUT);
  socket.onmessage = ({ data }) => {
    clearTimeout(timer);
    callbacks.receive(data);
  };
  socket.onclose = ({ code, reason }) => {
    clearTimeout(timer);
    callbacks.lost(code, reason);
  };
  return {
    send: (frame) => socket.readyState === WebSocket.OPEN && (socket.send(frame), true),
    close: () => socket.close(1000),
  };
}

/** Sends one frame after another by POST, in their order. */
function createSender(url, lost) {
  let last = Promise.resolve();
  let session = "";
  return {
    /** Takes the session from the event `connected`. */
    readSession(frame) {
      session ||= JSON.parse(frame).data?.session ?? "";
    },
    headers: () => ({ "Hubbub-Session": session }),
    /** Ends the session, even while the page is being left. */
    leave() {
      if (!session) return;
      fetch(endpoint(url, "/poll", {}), { method: "DELETE", headers: { "Hubbub-Session": session }, keepalive: true }).catch(() => {});
    },
    send(frame) {
      const type = typeof frame === "string" ? "application/json" : "application/octet-stream";
      last = last.then(async () => {
        const headers = { "Hubbub-Session": session, "Content-Type": type };
        const response = await fetch(endpoint(url, "/send", {}), { method: "POST", headers, body: frame });
        if (response.status === 404) lost(ABNORMAL, "the session has ended");
      }).catch((error) => lost(ABNORMAL, String(error.message ?? error)));
      return true;
    },
  };
}

/** The error of a response. If the server itself forbids the connection, that is final, as with a WebSocket that is closed with 1008. */
async function failure(response) {
  const { code, message } = await response.json().catch(() => ({}));
  return Object.assign(new Error(message ?? `status ${response.status}`), { closeCode: response.status === 403 && code ? POLICY : ABNORMAL });
}

const bearer = (token) => (token === undefined ? {} : { Authorization: `Bearer ${token}` });

function endpoint(url, path, parameters) {
  const result = new URL(url);
  result.pathname += path;
  for (const [name, value] of Object.entries(parameters)) result.searchParams.set(name, value);
  return result;
}

/** What the two transports that use `fetch` have in common. `run` receives frames until the connection ends. */
function connectByFetch(url, callbacks, run) {
  const abort = new AbortController();
  let ended = false;
  const lost = (code, reason) => {
    if (ended) return;
    ended = true;
    abort.abort();
    callbacks.lost(code, reason);
  };
  const sender = createSender(url, lost);
  const receive = (frame) => {
    if (ended) return;
    sender.readSession(frame);
    const { name, data } = JSON.parse(frame);
    if (name === "close") lost(data.code, data.reason);
    else callbacks.receive(frame);
  };
  run({ signal: abort.signal, headers: sender.headers, receive }).then(
    () => lost(ABNORMAL, "the response ended"),
    (error) => lost(error.closeCode ?? ABNORMAL, String(error.message ?? error)),
  );
  const close = (leaving) => {
    ended = true;
    if (leaving) sender.leave();
    abort.abort();
  };
  return { send: sender.send, close };
}

/** Server-sent events. An EventSource would hide the status of the response and events with unknown names. */
function eventStream(url, callbacks, token) {
  return connectByFetch(url, callbacks, async ({ signal, receive }) => {
    const response = await fetch(endpoint(url, "/sse", { frames: "" }), { signal, headers: { Accept: "text/event-stream", ...bearer(token) } });
    if (!response.ok) throw await failure(response);
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

/** Long polling. */
function longPolling(url, callbacks, token) {
  return connectByFetch(url, callbacks, async ({ signal, headers, receive }) => {
    let next = endpoint(url, "/poll", {});
    for (;;) {
      const response = await fetch(next, { signal, headers: next.searchParams.has("after") ? headers() : bearer(token) });
      if (!response.ok) throw await failure(response);
      const events = await response.json();
      for (const event of events) receive(JSON.stringify(event));
      const after = events.at(-1)?.n ?? next.searchParams.get("after") ?? 0;
      next = endpoint(url, "/poll", { after });
    }
  });
}

/** The transports by name, in the order of preference. */
export const LINKS = { websocket: webSocket, sse: eventStream, poll: longPolling };
