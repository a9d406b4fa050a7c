/**
 * The client that browsers do not need: everything here is done with `new WebSocket(url)` and JSON. It adds what one
 * writes the second time: acknowledgements as promises, reconnection, a look for connections that died in silence, what
 * was missed meanwhile, and a way around proxies that break WebSocket.
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
 * An event as it travels.
 * @typedef {object} HubbubEvent
 * @property {string} name
 * @property {any} [data]
 * @property {number | string} [id] asks for an acknowledgement, or is answered by one
 * @property {Uint8Array} [attachment] the raw bytes of a binary frame
 * @property {string} [position] where an event of a room stands in its order
 */

/**
 * What the connection is doing. `connecting` and `open` say by which transport; `waiting` has `retryAt`, in milliseconds
 * since 1970; `closed` has the code and the reason, and stays.
 * @typedef {object} State
 * @property {"connecting" | "open" | "waiting" | "closed"} name
 * @property {"websocket" | "sse" | "poll"} [transport]
 * @property {number} [retryAt]
 * @property {number} [code]
 * @property {string} [reason]
 */

/**
 * @typedef {object} Options
 * @property {number} [ackTimeout] milliseconds to wait for an acknowledgement; 10000
 * @property {number} [minDelay] milliseconds before the first attempt to reconnect; 500
 * @property {number} [maxDelay] milliseconds before any further one at most; 15000
 * @property {("websocket" | "sse" | "poll")[]} [transports] to be tried in this order; all three
 * @property {() => string | Promise<string>} [token] shows who this is; asked before each connection, and again when the last
 *   one is about to expire
 * @property {(direction: "in" | "out", frame: string | Blob | ArrayBuffer) => void} [onFrame] sees every frame
 */

/** How an `emit` fails: with the server's code and message, or `timeout`, or `disconnected`. */
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

const POLICY = 1008; // the server will not change its mind: identity, origin
const PONG_TIMEOUT = 10_000;

/** The round in which who has lost a WebSocket tries other transports, too: before, more likely the server itself is away. */
const FALL_BACK_FROM = 4;

/**
 * A connection that comes back when it is lost. Rooms do not: join again on every `connected`, and `hello` says by
 * `recovered` whether all that was missed follows.
 */
export class Hub {
  /** @type {State} */
  state = { name: "closed" };
  /** The id that the server gave this client; another one when it comes back after too long. @type {string | undefined} */
  id;

  #url;
  #options;
  /** @type {{send: (frame: string | Blob) => boolean, close: (leaving?: boolean) => void} | undefined} */
  #link;
  /** Which of the transports. */
  #choice = 0;
  /** The round from which on all of them are tried. */
  #fallBackFrom = 0;
  /** The last position in each epoch of a room. @type {Map<string, string>} */
  #positions = new Map();
  /** The epoch that each room is in. @type {Map<string, string>} */
  #epochs = new Map();
  /** @type {Map<string, Set<Function>>} */
  #listeners = new Map();
  /** @type {Map<number, {resolve: Function, reject: Function, timer: number}>} */
  #pending = new Map();
  #ids = 0;
  /** Rounds since the connection was lost. */
  #attempts = 0;
  #heard = 0;
  #heartbeat = 25_000;
  /** Milliseconds after which a server that restarts wants this client back. @type {number | undefined} */
  #comeBack;
  /** @type {number | undefined} */
  #retryTimer;
  /** @type {number | undefined} */
  #pulseTimer;

  /**
   * @param {string | URL} url
   * @param {Options} [options]
   */
  constructor(url, options = {}) {
    this.#url = new URL(url, document.baseURI);
    this.#url.protocol = this.#url.protocol.replace("ws", "http");
    this.#url.searchParams.set("was", ""); // wants to be known again
    const defaults = { ackTimeout: 10_000, minDelay: 500, maxDelay: 15_000, transports: Object.keys(LINKS) };
    this.#options = { ...defaults, ...options };
    addEventListener("online", () => this.state.name === "waiting" && this.#open());
    addEventListener("pagehide", () => this.state.name === "open" && this.#leave());
    this.#open();
  }

  /**
   * Listens for an event; `state` tells of the connection. A listener's result answers an event of the server that
   * asks for one, also as a promise.
   * @param {string} name
   * @param {(data: any, event: HubbubEvent) => any} listener
   * @returns {() => void} stops listening
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
   * @param {Blob | ArrayBuffer | Uint8Array} [attachment] raw bytes; they make a binary frame
   * @returns {Promise<any>} the acknowledgement's data
   * @throws {HubbubError}
   */
  emit(name, data, attachment) {
    const id = ++this.#ids;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new HubbubError("timeout", `No acknowledgement of "${name}" in ${this.#options.ackTimeout} ms`));
      }, this.#options.ackTimeout);
      this.#pending.set(id, { resolve, reject, timer });
    });
    answer.catch(() => {}); // who does not look is not bothered
    if (!this.#send({ name, data: this.#resuming(name, data), id }, attachment)) this.#settle(id, new HubbubError("disconnected", "Not connected"));
    return answer;
  }

  /**
   * Sends an event without asking for an acknowledgement.
   * @param {string} name
   * @param {any} [data]
   * @param {Blob | ArrayBuffer | Uint8Array} [attachment]
   * @returns {boolean} false if there is no connection
   */
  send(name, data, attachment) {
    return this.#send({ name, data: this.#resuming(name, data) }, attachment);
  }

  /** Who joins says what it has seen. */
  #resuming(name, data) {
    return name === "join" ? { since: [...this.#positions.values()].join(), ...data } : data;
  }

  /**
   * Sends a frame as it stands, also one that is no event, for trying things out.
   * @param {string | Blob} frame
   * @returns {boolean} false if there is no connection
   */
  sendRaw(frame) {
    if (this.state.name !== "open" || !this.#link.send(frame)) return false;
    this.#options.onFrame?.("out", frame);
    return true;
  }

  /** Ends the connection and does not come back, until {@link Hub#reconnect}. */
  close() {
    this.#drop(true);
    this.#end(1000, "");
  }

  /** Connects now, whatever it was waiting for. */
  reconnect() {
    if (this.state.name === "waiting" || this.state.name === "closed") this.#open();
  }

  async #open() {
    clearTimeout(this.#retryTimer);
    this.#change({ name: "connecting", transport: this.#transport });
    const opening = this.state;
    let token;
    try {
      token = await this.#options.token?.();
    } catch (problem) {
      if (this.state === opening) this.#lost(1006, String(problem.message ?? problem));
      return;
    }
    if (this.state !== opening) return; // closed, or opened anew, while it was waited for
    const ends = {
      receive: (frame) => this.#link === link && this.#receive(frame),
      lost: (code, reason) => this.#link === link && this.#lost(code, reason),
    };
    const link = LINKS[this.#transport](this.#url, ends, token);
    this.#link = link;
  }

  get #transport() {
    return this.#options.transports[this.#choice];
  }

  #drop(leaving = false) {
    const link = this.#link;
    this.#link = undefined;
    link?.close(leaving);
  }

  /** The page goes; should the browser keep it and show it again, it is still here and comes back. */
  #leave() {
    this.#drop(true);
    this.#lost(1001, "the page was left");
  }

  /** @param {string | ArrayBuffer} frame */
  #receive(frame) {
    this.#heard = Date.now();
    this.#options.onFrame?.("in", frame);
    const event = decode(frame);
    if (event.name === "ack" || event.name === "error") {
      const failed = event.name === "error" && new HubbubError(event.data?.code, event.data?.message);
      if (this.#settle(event.id, failed || event.data, !failed)) return;
    } else if (event.name === "connected") {
      this.id = event.data.id;
      this.#url.searchParams.set("was", event.data.session ?? this.id); // for the next time
      this.#attempts = 0;
      this.#fallBackFrom = this.#choice ? 0 : FALL_BACK_FROM;
      this.#heartbeat = event.data.heartbeat;
      this.#watch();
      this.#change({ name: "open", transport: this.#transport });
    } else if (event.name === "restart") {
      this.#comeBack = event.data.after;
    } else if (event.name === "auth-expiring" && this.#options.token) {
      Promise.resolve(this.#options.token()).then((token) => this.send("auth", { token }), () => {});
    }
    this.#remember(event);
    this.#dispatch(event);
  }

  /** Where it is in its rooms; of those that it has left, nothing. @param {HubbubEvent} event */
  #remember({ name, data, position }) {
    if (name === "hello") this.#epochs.set(data.room, data.epoch);
    if (position) this.#positions.set(position.split(".")[0], position);
    if (name === "left" && data.id === this.id) this.#positions.delete(this.#epochs.get(data.room));
  }

  /** @param {HubbubEvent} event */
  async #dispatch(event) {
    const listeners = [...(this.#listeners.get(event.name) ?? [])];
    if (event.id === undefined || event.name === "error" || event.name === "ack") {
      for (const listener of listeners) listener(event.data, event);
      return;
    }
    try {
      if (!listeners.length) throw new HubbubError("unknown-event", "Nobody listens for such an event");
      const results = await Promise.all(listeners.map((listener) => listener(event.data, event)));
      this.#send({ name: "ack", id: event.id, data: results.find((result) => result !== undefined) ?? null });
    } catch (problem) {
      const code = problem instanceof HubbubError ? problem.code : "internal";
      this.#send({ name: "error", id: event.id, data: { code, message: String(problem.message ?? problem) } });
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

  /** @returns {boolean} whether somebody was waiting */
  #settle(id, value, good = false) {
    const waiting = this.#pending.get(id);
    if (!waiting) return false;
    this.#pending.delete(id);
    clearTimeout(waiting.timer);
    (good ? waiting.resolve : waiting.reject)(value);
    return true;
  }

  /** A browser answers pings unseen, so a silence is broken by an event of our own. */
  #watch() {
    clearInterval(this.#pulseTimer);
    let asked = 0;
    this.#pulseTimer = setInterval(() => {
      const silence = Date.now() - this.#heard;
      if (asked > this.#heard && Date.now() - asked > PONG_TIMEOUT) {
        this.#lost(1006, "no answer");
      } else if (silence > this.#heartbeat && asked <= this.#heard) {
        asked = Date.now();
        this.#send({ name: "ping" });
      }
    }, 1000);
  }

  #lost(code, reason) {
    const wasOpen = this.state.name === "open";
    this.#drop();
    this.#end(code, reason);
    if (code === POLICY) return;
    // A round begins with the best and goes through the others at once.
    this.#choice = wasOpen ? 0 : (this.#choice + 1) % this.#options.transports.length;
    if (!wasOpen && this.#choice && navigator.onLine && this.#attempts >= this.#fallBackFrom) {
      this.#open();
      return;
    }
    this.#choice = 0;
    // Each client waits another time, or all of them would come back in the same moment.
    const most = Math.min(this.#options.maxDelay, this.#options.minDelay * 2 ** this.#attempts++);
    const delay = this.#comeBack ?? most / 2 + (Math.random() * most) / 2;
    this.#comeBack = undefined;
    this.#change({ name: "waiting", retryAt: Date.now() + delay, code, reason });
    this.#retryTimer = setTimeout(() => this.#open(), delay);
  }

  #end(code, reason) {
    clearInterval(this.#pulseTimer);
    clearTimeout(this.#retryTimer);
    for (const id of [...this.#pending.keys()]) {
      this.#settle(id, new HubbubError("disconnected", "The connection was lost before the acknowledgement came"));
    }
    this.#change({ name: "closed", code, reason });
  }

  /** @param {State} state */
  #change(state) {
    this.state = state;
    for (const listener of this.#listeners.get("state") ?? []) listener(state, { name: "state", data: state });
  }
}

/**
 * @param {string | URL} url relative to the page
 * @param {Options} [options]
 */
export function connect(url, options) {
  return new Hub(url, options);
}

/**
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
