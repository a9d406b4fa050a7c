/**
 * A client for browsers. It is optional: `new WebSocket(url)` and JSON are enough. It adds acknowledgements as promises,
 * reconnection, detection of connections that were lost without a close frame, recovery of missed events, and other
 * transports for proxies that break WebSocket.
 *
 *     import { connect } from "./hubbub.js";
 *
 *     const hub = connect("events");
 *     hub.on("connected", () => hub.emit("join", { room: "lobby", nick: "Kim" }));
 *     hub.on("message", ({ from, text }) => console.log(from, text));
 *     await hub.emit("message", { room: "lobby", text: "hi" });
 *
 * @module hubbub
 */
import { LINKS } from "./links.js";

/**
 * An event as it is sent and received.
 * @typedef {object} HubbubEvent
 * @property {string} name
 * @property {any} [data]
 * @property {number | string} [id] asks for an acknowledgement; an acknowledgement has the id of its event
 * @property {Uint8Array} [attachment] the bytes of a binary frame
 * @property {string} [position] the position of the event in the history of its room
 */

/**
 * The state of the connection. `connecting` and `open` have the transport. `waiting` has `retryAt`, in milliseconds since
 * 1970. `closed` has the code and the reason; it is final unless `waiting` follows at once.
 * @typedef {object} State
 * @property {"connecting" | "open" | "waiting" | "closed"} name
 * @property {"websocket" | "sse" | "poll"} [transport]
 * @property {number} [retryAt]
 * @property {number} [code]
 * @property {string} [reason]
 */

/**
 * @typedef {object} Options
 * @property {number} [ackTimeout] milliseconds to wait for an acknowledgement; default 10000
 * @property {number} [minDelay] the longest delay before the first attempt to reconnect, in milliseconds; default 500
 * @property {number} [maxDelay] the longest delay before any attempt, in milliseconds; default 15000
 * @property {("websocket" | "sse" | "poll")[]} [transports] the transports to try, in this order; default all three
 * @property {() => string | Promise<string>} [token] returns the token that authenticates this client; called before each
 *   connection, and again when the last token is about to expire
 * @property {(direction: "in" | "out", frame: string | Blob | ArrayBuffer) => void} [onFrame] called with every frame
 */

/** The error with which an `emit` fails: the code and the message of the server, or the code `timeout` or `disconnected`. */
export class HubbubError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = "HubbubError";
    this.code = code;
  }
}

const POLICY = 1008; // the server rejects this client for good, for example because of its identity or origin
const PONG_TIMEOUT = 10_000;

/** The most positions that the server reads from a client that reconnects. */
const MAX_POSITIONS = 256;

/** The key for the events to all clients among those of rooms. A room name is never empty. */
const ALL_CLIENTS = "";

/**
 * The attempt to reconnect from which a client that has used a WebSocket before tries the other transports, too. At first,
 * it is more likely that the server is unavailable than that a proxy breaks WebSockets.
 */
const FALL_BACK_FROM = 4;

/**
 * A connection that reconnects when it is lost. It does not join rooms again: join them on every `connected`. The event
 * `hello` tells by `recovered` whether all missed events of the room follow.
 */
export class Hub {
  /** @type {State} */
  state = { name: "closed" };
  /** The id of this client. It changes when the client reconnects too late to be recovered. @type {string | undefined} */
  id;

  #url;
  #options;
  /** @type {{send: (frame: string | Blob) => boolean, close: (leaving?: boolean) => void} | undefined} */
  #connection;
  /** The index of the current transport. */
  #transportIndex = 0;
  /** The number of attempts after which all transports are tried. */
  #fallBackFrom = 0;
  /** The last position in each epoch, the most recent last. @type {Map<string, string>} */
  #positions = new Map();
  /** The current epoch of each room. @type {Map<string, string>} */
  #epochs = new Map();
  /** @type {Map<string, Set<Function>>} */
  #listeners = new Map();
  /** @type {Map<number, {resolve: Function, reject: Function, timer: number}>} */
  #pending = new Map();
  #ids = 0;
  /** Attempts to reconnect since the connection was lost. */
  #attempts = 0;
  /** When the last frame was received. */
  #receivedAt = 0;
  /** The heartbeat interval of the server, in milliseconds. */
  #heartbeat = 25_000;
  /** Milliseconds after which this client is to reconnect, if the server restarts. @type {number | undefined} */
  #restartDelay;
  /** @type {number | undefined} */
  #retryTimer;
  /** @type {number | undefined} */
  #heartbeatTimer;

  /**
   * @param {string | URL} url
   * @param {Options} [options]
   */
  constructor(url, options = {}) {
    this.#url = new URL(url, document.baseURI);
    this.#url.protocol = this.#url.protocol.replace("ws", "http");
    this.#url.searchParams.set("was", ""); // asks for a session, with which the client can keep its id
    const defaults = { ackTimeout: 10_000, minDelay: 500, maxDelay: 15_000, transports: Object.keys(LINKS) };
    this.#options = { ...defaults, ...options };
    addEventListener("online", () => this.state.name === "waiting" && this.#open());
    addEventListener("pagehide", () => this.state.name === "open" && this.#leavePage());
    this.#open();
  }

  /**
   * Adds a listener for an event, or for `state`, the state of the connection. If the server asks for an acknowledgement,
   * the listener's result is its data. The result may be a promise.
   * @param {string} name
   * @param {(data: any, event: HubbubEvent) => any} listener
   * @returns {() => void} removes the listener
   */
  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
    return () => this.#listeners.get(name).delete(listener);
  }

  /**
   * Sends an event and waits for its acknowledgement. The promise may be ignored.
   * @param {string} name
   * @param {any} [data]
   * @param {Blob | ArrayBuffer | Uint8Array} [attachment] bytes to send with the event, in a binary frame
   * @returns {Promise<any>} the acknowledgement's data
   * @throws {HubbubError}
   */
  emit(name, data, attachment) {
    const id = ++this.#ids;
    const ack = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new HubbubError("timeout", `No acknowledgement of "${name}" in ${this.#options.ackTimeout} ms`));
      }, this.#options.ackTimeout);
      this.#pending.set(id, { resolve, reject, timer });
    });
    ack.catch(() => {}); // no unhandled rejection if the caller ignores the promise
    if (!this.#send({ name, data: this.#withPositions(name, data), id }, attachment)) this.#settle(id, new HubbubError("disconnected", "Not connected"));
    return ack;
  }

  /**
   * Sends an event without asking for an acknowledgement.
   * @param {string} name
   * @param {any} [data]
   * @param {Blob | ArrayBuffer | Uint8Array} [attachment]
   * @returns {boolean} false if there is no connection
   */
  send(name, data, attachment) {
    return this.#send({ name, data: this.#withPositions(name, data) }, attachment);
  }

  /** Adds the positions that this client has reached to the data of a `join`. */
  #withPositions(name, data) {
    return name === "join" ? { since: [...this.#positions.values()].join(), ...data } : data;
  }

  /**
   * Sends a frame unchanged, for experiments. It may be an invalid event.
   * @param {string | Blob} frame
   * @returns {boolean} false if there is no connection
   */
  sendRaw(frame) {
    if (this.state.name !== "open" || !this.#connection.send(frame)) return false;
    this.#options.onFrame?.("out", frame);
    return true;
  }

  /** Closes the connection and does not reconnect until {@link Hub#reconnect} is called. */
  close() {
    this.#disconnect(true);
    this.#end(1000, "");
  }

  /** Connects now, if it is waiting or closed. */
  reconnect() {
    if (this.state.name === "waiting" || this.state.name === "closed") this.#open();
  }

  async #open() {
    clearTimeout(this.#retryTimer);
    this.#setState({ name: "connecting", transport: this.#transport });
    const connecting = this.state;
    let token;
    try {
      token = await this.#options.token?.();
    } catch (error) {
      if (this.state === connecting) this.#lost(1006, String(error.message ?? error));
      return;
    }
    if (this.state !== connecting) return; // closed or reconnected while it waited for the token
    const callbacks = {
      receive: (frame) => this.#connection === connection && this.#receive(frame),
      lost: (code, reason) => this.#connection === connection && this.#lost(code, reason),
    };
    const connection = LINKS[this.#transport](this.#url, callbacks, token);
    this.#connection = connection;
  }

  get #transport() {
    return this.#options.transports[this.#transportIndex];
  }

  #disconnect(leaving = false) {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close(leaving);
  }

  /** The page is left. If the browser keeps it and shows it again, the client reconnects. */
  #leavePage() {
    this.#disconnect(true);
    this.#lost(1001, "the page was left");
  }

  /** @param {string | ArrayBuffer} frame */
  #receive(frame) {
    this.#receivedAt = Date.now();
    this.#options.onFrame?.("in", frame);
    const event = decode(frame);
    if (event.name === "ack" || event.name === "error") {
      const failed = event.name === "error" && new HubbubError(event.data?.code, event.data?.message);
      if (this.#settle(event.id, failed || event.data, !failed)) return;
    } else if (event.name === "connected") {
      this.id = event.data.id;
      this.#url.searchParams.set("was", event.data.session ?? this.id); // to keep the id when the client reconnects
      this.#attempts = 0;
      this.#fallBackFrom = this.#transportIndex ? 0 : FALL_BACK_FROM;
      this.#heartbeat = event.data.heartbeat;
      this.#startHeartbeat();
      this.#setState({ name: "open", transport: this.#transport });
    } else if (event.name === "restart") {
      this.#restartDelay = event.data.after;
    } else if (event.name === "auth-expiring" && this.#options.token) {
      Promise.resolve(this.#options.token()).then((token) => this.send("auth", { token }), () => {});
    }
    this.#storePosition(event);
    this.#dispatch(event);
  }

  /**
   * Stores the position in each room, and in the events to all clients. Removes those of former epochs and of rooms that were left.
   * @param {HubbubEvent} event
   */
  #storePosition({ name, data, position }) {
    const epoch = position?.split(".")[0];
    const room = name === "connected" ? ALL_CLIENTS : name === "hello" ? data.room : undefined;
    if (room !== undefined && epoch) {
      if (this.#epochs.get(room) !== epoch) this.#positions.delete(this.#epochs.get(room));
      this.#epochs.set(room, epoch);
    }
    if (epoch) {
      this.#positions.delete(epoch); // inserted again, so that the most recent position is last
      this.#positions.set(epoch, position);
      if (this.#positions.size > MAX_POSITIONS) this.#positions.delete(this.#positions.keys().next().value);
    }
    if (name === "left" && data.id === this.id) {
      this.#positions.delete(this.#epochs.get(data.room));
      this.#epochs.delete(data.room);
    }
  }

  /** @param {HubbubEvent} event */
  async #dispatch(event) {
    const listeners = [...(this.#listeners.get(event.name) ?? [])];
    if (event.id === undefined || event.name === "error" || event.name === "ack") {
      for (const listener of listeners) listener(event.data, event);
      return;
    }
    try {
      if (!listeners.length) throw new HubbubError("unknown-event", "There is no listener for this event");
      const results = await Promise.all(listeners.map((listener) => listener(event.data, event)));
      this.#send({ name: "ack", id: event.id, data: results.find((result) => result !== undefined) ?? null });
    } catch (error) {
      const code = error instanceof HubbubError ? error.code : "internal";
      this.#send({ name: "error", id: event.id, data: { code, message: String(error.message ?? error) } });
    }
  }

  /**
   * @param {HubbubEvent} event
   * @param {Blob | ArrayBuffer | Uint8Array} [attachment]
   */
  #send(event, attachment) {
    const json = JSON.stringify(event);
    return this.sendRaw(attachment === undefined ? json : new Blob([json, "\0", attachment]));
  }

  /** Completes an `emit`. @returns {boolean} false if none with this id is pending */
  #settle(id, value, succeeded = false) {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    (succeeded ? pending.resolve : pending.reject)(value);
    return true;
  }

  /** Sends a `ping` event when nothing was received for the heartbeat interval: browsers hide the pings of the WebSocket protocol. */
  #startHeartbeat() {
    clearInterval(this.#heartbeatTimer);
    let pingedAt = 0;
    this.#heartbeatTimer = setInterval(() => {
      const silence = Date.now() - this.#receivedAt;
      if (pingedAt > this.#receivedAt && Date.now() - pingedAt > PONG_TIMEOUT) {
        this.#lost(1006, "no answer");
      } else if (silence > this.#heartbeat && pingedAt <= this.#receivedAt) {
        pingedAt = Date.now();
        this.#send({ name: "ping" });
      }
    }, 1000);
  }

  #lost(code, reason) {
    const wasOpen = this.state.name === "open";
    this.#disconnect();
    this.#end(code, reason);
    if (code === POLICY) return;
    // An attempt starts with the preferred transport, and tries the others without a delay.
    this.#transportIndex = wasOpen ? 0 : (this.#transportIndex + 1) % this.#options.transports.length;
    if (!wasOpen && this.#transportIndex && navigator.onLine && this.#attempts >= this.#fallBackFrom) {
      this.#open();
      return;
    }
    this.#transportIndex = 0;
    // A random delay: otherwise all clients of a server would reconnect at the same moment.
    const maxDelay = Math.min(this.#options.maxDelay, this.#options.minDelay * 2 ** this.#attempts++);
    const delay = this.#restartDelay ?? maxDelay / 2 + (Math.random() * maxDelay) / 2;
    this.#restartDelay = undefined;
    this.#setState({ name: "waiting", retryAt: Date.now() + delay, code, reason });
    this.#retryTimer = setTimeout(() => this.#open(), delay);
  }

  #end(code, reason) {
    clearInterval(this.#heartbeatTimer);
    clearTimeout(this.#retryTimer);
    for (const id of [...this.#pending.keys()]) {
      this.#settle(id, new HubbubError("disconnected", "The connection was lost before the acknowledgement"));
    }
    this.#setState({ name: "closed", code, reason });
  }

  /** @param {State} state */
  #setState(state) {
    this.state = state;
    for (const listener of this.#listeners.get("state") ?? []) listener(state, { name: "state", data: state });
  }
}

/**
 * Connects to a server.
 * @param {string | URL} url absolute, or relative to the page
 * @param {Options} [options]
 */
export function connect(url, options) {
  return new Hub(url, options);
}

/**
 * Decodes a frame.
 * @param {string | ArrayBuffer} frame
 * @returns {HubbubEvent}
 */
export function decode(frame) {
  if (typeof frame === "string") {
    const event = JSON.parse(frame);
    if (event.attachment) event.attachment = Uint8Array.from(atob(event.attachment), (c) => c.charCodeAt(0));
    return event;
  }
  const bytes = new Uint8Array(frame);
  const zero = bytes.indexOf(0);
  return { ...JSON.parse(new TextDecoder().decode(bytes.subarray(0, zero))), attachment: bytes.subarray(zero + 1) };
}
