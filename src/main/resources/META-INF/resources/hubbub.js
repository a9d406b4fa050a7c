/**
 * A client for pages, workers and Node. It is optional: `new WebSocket(url)` and JSON are enough. It adds acknowledgements as
 * promises, rooms that are joined again, reconnection, detection of connections that were lost without a close frame, recovery of
 * missed events, and other transports where WebSocket does not work.
 *
 *     import { connect } from "./hubbub.js";
 *
 *     const hub = connect("events");
 *     const room = hub.join("lobby", { nick: "Kim" });
 *     room.on("message", ({ from, text }) => console.log(from, text));
 *     await room.emit("message", { text: "hi" });
 *
 * The types and the documentation of the interface are in `hubbub.d.ts`. Three state machines make up the client: the
 * connection (`Hub#state`), each room (`Room#state`), and each event that waits for its acknowledgement (`Outgoing`).
 *
 * @module hubbub
 */

// Close codes (RFC 6455, section 7.4.1). Browsers cannot send those below 3000 except 1000.
const NORMAL = 1000;
const PAGE_LEFT = 1001;
const ABNORMAL = 1006;
const POLICY = 1008; // the server rejects this client for good
const RESTART = 1012;
const LOST = 4000; // this client gives up a connection that it considers lost; the server keeps its place
const TOKEN_EXPIRED = 4401;

/** The time to answer a ping that is sent because the network may have changed. Milliseconds, like all times. */
const QUICK_PONG_TIMEOUT = 4_000;

/** A connection that lasts as long as this works; some middleboxes end each WebSocket right after its first frame. */
const GOOD_AFTER = 5_000;
const MAX_SHORT = 3;

/**
 * The attempt to reconnect from which a client that has used a WebSocket before tries the other transports, too. At first,
 * it is more likely that the server is unavailable than that a proxy breaks WebSockets.
 */
const FALL_BACK_FROM = 4;

/** How often a post or a poll is repeated before the connection counts as lost. */
const MAX_REPEATS = 4;

/** How long a post may take, the first time: it may be sent on a connection of the browser that is dead. */
const POST_TIMEOUT = 2_500;
const SLOWEST_UPLOAD = 8; // bytes per millisecond

/** A post that has taken this long may be waiting for one of the browser's six connections to the server. */
const POST_HELD_UP = 400;

/** The longest delay that a proxy can ask for before a repetition: the server ends sessions without requests. */
const MAX_REPEAT_DELAY = 20_000;

const POLL_WAIT = 25_000;
const POLL_SLACK = 10_000;

/** Event streams that the tabs of one browser open to a server by HTTP/1.1; others poll, so that some connections are free. */
const MAX_STREAMS = 4;

/** The most positions that the server reads from a client that reconnects. */
const MAX_POSITIONS = 256;

/** The former ids of this client that are remembered. */
const MAX_FORMER_IDS = 16;

/** The room of the events to all clients. A room name is never empty. */
const ALL_CLIENTS = "";
const DEFAULT_ROOM = "lobby";

/** Events of which the server drops repeated ones by their key. Handlers of others must do that themselves. */
const KEYED = new Set(["message", "broadcast"]);

/** Errors after which a room is joined once more on the same connection. */
const TEMPORARY = new Set(["unavailable", "overloaded", "rate-limited", "timeout", "internal"]);

const DEFAULTS = {
  ackTimeout: 10_000,
  connectTimeout: 8_000,
  pongTimeout: 10_000,
  minDelay: 500,
  maxDelay: 5_000,
  offline: "reject",
  queueSize: 200,
  queueBytes: 1 << 20,
};

/** Goes on while the clock of the system is being set. */
const now = () => performance.now();
/** Some clocks stand still while the computer sleeps, so that a time is measured by two. */
const moment = () => [now(), Date.now()];
const since = ([running, wall]) => Math.max(now() - running, Date.now() - wall);
const text = (error) => String(error?.message ?? error);
const isOffline = () => globalThis.navigator?.onLine === false;

/** Servers that a computer reaches although its browser says that it is offline. */
const LOOPBACK = /^(localhost|127\..*|\[::1\])$/;

/** Ends early with the signal. */
function sleep(time, signal) {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, time);
    signal?.addEventListener("abort", wake);
  });
}

export class HubbubError extends Error {
  constructor(code, message, details) {
    super(message);
    this.name = "HubbubError";
    this.code = code;
    Object.assign(this, details);
  }
}

// ---- listeners

const notify = Symbol("notify");
const listenersOf = Symbol("listenersOf");
const clear = Symbol("clear");

class Emitter {
  /** By name, whether each listener is called only once. @type {Map<string, Map<Function, boolean>>} */
  #listeners = new Map();

  on(name, listener, once = false) {
    if (typeof listener !== "function") throw new TypeError("A listener must be a function");
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Map());
    this.#listeners.get(name).set(listener, once);
    return () => this.off(name, listener);
  }

  once(name, listener) {
    return this.on(name, listener, true);
  }

  off(name, listener) {
    if (listener) this.#listeners.get(name)?.delete(listener);
    else this.#listeners.delete(name);
  }

  [clear]() {
    this.#listeners.clear();
  }

  /** The listeners to be called now. */
  [listenersOf](name) {
    const listeners = this.#listeners.get(name);
    if (!listeners) return [];
    const all = [...listeners];
    for (const [listener, once] of all) if (once) listeners.delete(listener);
    return all.map(([listener]) => listener);
  }

  /** Calls the listeners. One that throws is reported, and stops neither the others nor this client. */
  [notify](name, data, event) {
    for (const listener of this[listenersOf](name)) {
      try {
        listener(data, event);
      } catch (error) {
        report(error);
      }
    }
  }
}

/** Reports an error of a listener like an uncaught one. */
function report(error) {
  if (globalThis.reportError) globalThis.reportError(error);
  else console.error(error);
}

/** Names that this client uses itself. An event of the server with such a name is called `event:<name>`. */
const HUB_NAMES = new Set(["state", "problem"]);
const ROOM_NAMES = new Set(["state", "recovered", "members"]);
const MEMBER_EVENTS = new Set(["hello", "joined", "left", "presence"]);

// ---- rooms

const send = Symbol("send");

/** A room that this client is in, or wants to be in. The hub changes its fields. */
export class Room extends Emitter {
  state = "joining";
  /** @type {Map<string, {id: string, nick?: string, data?: any}>} */
  members = new Map();
  reason;
  #hub;
  #count;

  constructor(hub, name) {
    super();
    this.#hub = hub;
    this.name = name;
  }

  /** How many members the room has; large rooms do not list them. */
  get count() {
    return this.#count ?? this.members.size;
  }

  set count(count) {
    this.#count = count;
  }

  ready() {
    if (this.state === "joined") return Promise.resolve(this);
    return new Promise((resolve, reject) => {
      const check = () => {
        const { state } = this;
        const isClosed = this.#hub.state.name === "closed"; // until it is told to connect again
        if (state === "joining" && !isClosed) return;
        this.off("state", check);
        this.#hub.off("state", check);
        if (state === "joined") resolve(this);
        else if (state === "joining") reject(new HubbubError("closed", this.#hub.state.reason || "The hub is closed"));
        else reject(this.reason ?? new HubbubError("left", `The room ${this.name} was left`));
      };
      this.on("state", check);
      this.#hub.on("state", check);
      check();
    });
  }

  emit(name, data, options) {
    return this.#hub.emit(name, { room: this.name, ...data }, options);
  }

  async history({ before, limit } = {}) {
    const page = await this.#hub.emit("history", { room: this.name, before, limit });
    page.events.forEach(decodeAttachment);
    return page;
  }

  leave() {
    return this.#hub[leaveRoom](this);
  }
}

const leaveRoom = Symbol("leaveRoom");

function setRoomState(room, state) {
  if (room.state === state) return;
  room.state = state;
  room[notify]("state", state);
}

/** Changes the members of a room as an event says. */
function updateMembers(room, { name, data }, ownId) {
  if (name === "hello") {
    room.members = byId(data.members);
    room.count = data.count;
    room.reason = undefined;
  } else if (name === "joined") {
    const { room: _, ...member } = data;
    room.members.set(data.id, member);
  } else if (name === "left") {
    room.members.delete(data.id);
    if (data.id !== ownId) return;
    room.members.clear();
    if (data.reason) room.reason = new HubbubError(data.reason, "You may not be in this room any more");
  } else if (name === "presence") {
    // A room that has become large lists its members no longer; one that has shrunk lists them again.
    room.members = byId(data.members);
    room.count = data.members ? undefined : data.count;
  }
}

const hubName = (name) => (HUB_NAMES.has(name) ? `event:${name}` : name);
const roomName = (name) => (ROOM_NAMES.has(name) ? `event:${name}` : name);

/** Hands an event to the listeners of the room, if it belongs to one, and of the hub. */
function deliver(hub, room, event, recovered) {
  const { name, data } = event;
  if (room && name === "hello") setRoomState(room, "joined");
  room?.[notify](roomName(name), data, event);
  hub[notify](hubName(name), data, event);
  if (room && MEMBER_EVENTS.has(name)) room[notify]("members", room.members);
  if (room && recovered) room[notify]("recovered", recovered);
}

/** What the listeners answer to an event of the server. */
async function ask(hub, room, event) {
  const listeners = [...(room?.[listenersOf](roomName(event.name)) ?? []), ...hub[listenersOf](hubName(event.name))];
  if (!listeners.length) throw new HubbubError("unknown-event", "There is no listener for this event");
  const results = await Promise.all(listeners.map(async (listener) => listener(event.data, event)));
  return results.find((result) => result !== undefined) ?? null;
}

/** What is known of the position in a room, whether or not it was joined by {@link Hub#join}. */
class Reached {
  /** @type {Room | undefined} */
  room;
  epoch;
  /** The number of the last event that was received. */
  number = 0;
  /** Where the room was when it was joined with `last`: reached when the join is acknowledged, after the last events. */
  after;
  /** It was joined with `last`. */
  last = false;
  /** It was joined on an earlier connection. */
  returning = false;

  /** As the server wants it in `since`; empty if nothing has been received yet. */
  toString() {
    return this.epoch && (this.number || this.after === undefined) ? `${this.epoch}.${this.number}` : "";
  }

  caughtUp() {
    this.number = Math.max(this.number, this.after ?? 0);
    this.after = undefined;
  }
}

// ---- outgoing events

/** An event that waits for its acknowledgement: it is queued, sent, queued again if that is safe, and at last settled. */
class Outgoing {
  /** The transport has begun to send it. */
  sent = false;
  /** An earlier connection has begun to send it, and was lost. */
  wasSent = false;
  /** It must not be sent any more. */
  settled = false;
  /** The moment of that, or a little earlier. */
  firstSent;
  timer;

  constructor(fields) {
    Object.assign(this, fields);
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(() => {}); // no unhandled rejection if the caller ignores the promise
  }
}

function encode(json, attachment) {
  if (attachment === undefined) return json;
  if (attachment instanceof Blob) return new Blob([json, "\0", attachment]);
  const head = new TextEncoder().encode(`${json}\0`);
  const bytes = ArrayBuffer.isView(attachment)
    ? new Uint8Array(attachment.buffer, attachment.byteOffset, attachment.byteLength)
    : new Uint8Array(attachment);
  const frame = new Uint8Array(head.length + bytes.length);
  frame.set(head);
  frame.set(bytes, head.length);
  return frame;
}

/** The bytes of a frame. */
function size(frame) {
  if (typeof frame !== "string") return frame.size ?? frame.byteLength;
  return new TextEncoder().encode(frame).length;
}

/** The parts of a position. */
function place(position = "") {
  const [epoch, number] = position.split(".");
  return number === undefined ? {} : { epoch, number: Number(number) };
}

/** 128 random bits. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const absolute = (url) => new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href);

/** The last parameter of `emit` can be an attachment. */
function emitOptions(options) {
  const isAttachment = options instanceof Blob || options instanceof ArrayBuffer || ArrayBuffer.isView(options);
  return isAttachment ? { attachment: options } : (options ?? {});
}

// ---- the hub

/** An option: who hands the events to the tabs. */
const relay = Symbol("relay");

export class Hub extends Emitter {
  state = { name: "closed" };
  id;

  #url;
  #options;
  /** The present attempt to connect, or connection. Everything that comes from an earlier one is ignored. */
  #connection;
  #session = "";
  #transportIndex = 0;
  /** Where the next round of attempts begins: with the transport that has worked last. */
  #preferred = 0;
  /** Transports that have been tried in this round. */
  #tried = 0;
  /** The number of attempts after which all transports are tried. */
  #fallBackFrom = 0;
  /** Attempts since the connection was last good. */
  #attempts = 0;
  /** Connections in a row that were lost right after they had opened. */
  #short = 0;
  /** The last token was refused. */
  #refused = false;
  #formerIds = new Set();
  /** @type {Map<string, Reached>} */
  #rooms = new Map([[ALL_CLIENTS, new Reached()]]);
  /** @type {Map<string, Reached>} */
  #epochs = new Map();
  /** By id, in their order. @type {Map<number, Outgoing>} */
  #outgoing = new Map();
  #ids = 0;
  #maxPayload = Infinity;
  #keyAge = 0;
  #heartbeat = 25_000;
  #receivedAt = 0;
  #restartDelay;
  #retryTimer;
  #waiters = [];
  #disposal = new AbortController();

  constructor(url, options = {}) {
    super();
    this.#url = absolute(url);
    this.#url.protocol = this.#url.protocol.replace("ws", "http");
    this.#options = { ...DEFAULTS, WebSocket: globalThis.WebSocket, ...options };
    const wanted = options.transports ?? Object.keys(LINKS);
    const possible = wanted.filter((name) => name !== "websocket" || this.#options.WebSocket);
    if (!possible.length) throw new TypeError("There is no WebSocket here: pass one in the options, or other transports");
    this.#options.transports = possible;
    this.#watchPage();
    this.#open();
  }

  // -- the interface

  join(name = DEFAULT_ROOM, options = {}) {
    const reached = this.#reached(name);
    reached.room ??= new Room(this, name);
    const { room } = reached;
    room.nick = options.nick;
    room.options = options;
    if (this.#connection?.ready) this.#joinRoom(reached);
    else setRoomState(room, "joining");
    return room;
  }

  get rooms() {
    return [...this.#rooms.values()].flatMap(({ room }) => room ?? []);
  }

  emit(name, data, options) {
    return this.#emit(name, data, emitOptions(options)).promise;
  }

  send(name, data, attachment) {
    const frame = encode(JSON.stringify({ name, data: name === "join" ? this.#joinData(data) : data }), attachment);
    if (this.#isTooLarge(frame)) {
      this.#problem(this.#tooLarge(name));
      return false;
    }
    return this.#transmit(frame, { fail: (error) => this.#problem(error) });
  }

  sendRaw(frame) {
    return this.#transmit(frame, { fail: (error) => this.#problem(error) });
  }

  async ping(timeout = QUICK_PONG_TIMEOUT) {
    const start = now();
    await this.#emit("ping", undefined, { timeout, unqueued: true }).promise;
    return now() - start;
  }

  async ready() {
    if (this.state.name === "open") return;
    if (this.state.name === "closed") throw new HubbubError("closed", this.state.reason || "The hub is closed");
    await new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  close() {
    if (this.state.name === "closed") return;
    this.#end(NORMAL);
    this.#closed(NORMAL, "");
  }

  reconnect() {
    if (this.#disposal.signal.aborted) throw new HubbubError("closed", "The hub was disposed of");
    if (this.state.name === "open") this.#ping(QUICK_PONG_TIMEOUT);
    else this.#open();
  }

  dispose() {
    this.#disposal.abort();
    this.close();
    for (const room of this.rooms) {
      setRoomState(room, "left");
      room[clear]();
    }
    this.#rooms.clear();
    this.#epochs.clear();
    this[clear]();
  }

  // -- the connection: connecting, open, waiting, closed

  /** The browser says that it is offline, and the server is on another computer. */
  get #isOutOfReach() {
    return isOffline() && !LOOPBACK.test(this.#url.hostname);
  }

  get #transport() {
    return this.#options.transports[this.#transportIndex];
  }

  async #open() {
    clearTimeout(this.#retryTimer);
    this.#end(LOST);
    const connection = { ready: false };
    this.#connection = connection;
    const isCurrent = () => this.#connection === connection;
    const lost = (code, reason, details) => isCurrent() && this.#lost(code, reason, details);
    const limit = this.#options.connectTimeout;
    // The transport is not to blame for a token() that hangs.
    connection.timer = setTimeout(() => lost(ABNORMAL, `No connection in ${limit} ms`, { stay: !connection.link }), limit);
    this.#setState({ name: "connecting", transport: this.#transport });
    if (!isCurrent()) return; // a listener has closed it
    let token;
    try {
      token = await this.#options.token?.();
    } catch (error) {
      if (isCurrent()) this.#problem(new HubbubError("token", text(error), { cause: error }));
      lost(ABNORMAL, text(error), { stay: true });
      return;
    }
    if (!isCurrent()) return; // closed or restarted while it waited for the token
    try {
      connection.link = LINKS[this.#transport](this.#url, {
        token: token ?? undefined,
        session: this.#session,
        since: String(this.#rooms.get(ALL_CLIENTS)),
        WebSocket: this.#options.WebSocket,
        mayPoll: this.#options.transports.includes("poll"),
        alive: () => isCurrent() && this.#heard(),
        receive: (frame, event) => isCurrent() && this.#receive(frame, event),
        lost,
      });
    } catch (error) {
      lost(ABNORMAL, text(error)); // for example a token that cannot be a subprotocol
    }
  }

  /** Ends the connection, or the attempt, without deciding what comes next. */
  #end(code) {
    const connection = this.#connection;
    this.#connection = undefined;
    if (!connection) return;
    clearTimeout(connection.timer);
    clearTimeout(connection.goodTimer);
    clearTimeout(connection.pongTimer);
    clearInterval(connection.heartbeatTimer);
    connection.link?.close(code);
    for (const item of [...this.#outgoing.values()]) this.#interrupted(item);
    for (const { room } of this.#rooms.values()) if (room?.state === "joined") setRoomState(room, "joining");
  }

  /**
   * @param {object} details
   * @param {number} [details.status] of the response that rejected the connection
   * @param {string} [details.code] what the server itself says in that response
   * @param {number} [details.retryAfter] milliseconds
   * @param {boolean} [details.next] another transport is better
   * @param {boolean} [details.stay] the transport is not the reason
   */
  #lost(code, reason, { status, code: errorCode, retryAfter = 0, next = false, stay = false } = {}) {
    const wasOpen = this.state.name === "open";
    const { openedAt } = this.#connection;
    this.#end(LOST);
    if (code === POLICY || (code === TOKEN_EXPIRED && !this.#options.token)) return this.#closed(code, reason);
    if (status === 403 && errorCode) return this.#closed(POLICY, reason); // by the server, and not by a proxy
    if (status === 401 && this.#options.token) {
      // The token may have been an old one. When a new one is refused as well, there is nothing more to try.
      if (this.#refused) return this.#closed(TOKEN_EXPIRED, "The token was refused");
      this.#refused = true;
      return this.#open();
    }
    if (status) this.#problem(new HubbubError(status === 401 || status === 403 ? "forbidden" : "unavailable", reason, { status }));
    if (wasOpen) {
      const isShort = code === ABNORMAL && now() - openedAt < GOOD_AFTER;
      this.#short = isShort ? this.#short + 1 : 0;
      next ||= this.#short >= MAX_SHORT;
    }
    // A round begins with the transport that has worked last, and goes on with the others without a delay.
    const goesOn = next || (!wasOpen && !stay && !this.#isOutOfReach && this.#attempts >= this.#fallBackFrom);
    if (goesOn && ++this.#tried < this.#options.transports.length) {
      this.#short = 0;
      this.#transportIndex = (this.#transportIndex + 1) % this.#options.transports.length;
      return this.#open();
    }
    this.#transportIndex = this.#preferred;
    this.#tried = 0;
    // A random delay: otherwise all clients of a server would reconnect at the same moment.
    const longest = Math.min(this.#options.maxDelay, this.#options.minDelay * 2 ** this.#attempts++);
    const expired = code === TOKEN_EXPIRED && this.#attempts === 1;
    const backOff = expired ? 0 : Math.max(retryAfter, longest / 2 + (Math.random() * longest) / 2);
    const delay = this.#restartDelay ?? backOff;
    this.#restartDelay = undefined;
    this.#retryTimer = setTimeout(() => this.#open(), delay);
    this.#setState({ name: "waiting", retryAt: Date.now() + delay, code, reason });
  }

  /** The end, until {@link Hub#reconnect} is called. */
  #closed(code, reason) {
    clearTimeout(this.#retryTimer);
    this.#transportIndex = this.#preferred;
    this.#tried = 0;
    this.#refused = false;
    this.#setState({ name: "closed", code, reason });
    const error = new HubbubError("closed", reason || "The hub is closed");
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    for (const item of [...this.#outgoing.values()]) this.#fail(item, notDone(item));
  }

  #connected({ id, session, heartbeat, maxPayload, keyAge }) {
    const connection = this.#connection;
    clearTimeout(connection.timer);
    connection.openedAt = now();
    if (this.id && this.id !== id) {
      this.#formerIds.add(this.id);
      if (this.#formerIds.size > MAX_FORMER_IDS) this.#formerIds.delete(this.#formerIds.values().next().value);
    }
    this.id = id;
    this.#session = session ?? id;
    connection.link.session = this.#session;
    this.#heartbeat = heartbeat;
    this.#maxPayload = maxPayload ?? Infinity;
    this.#keyAge = keyAge ?? 0;
    this.#refused = false;
    this.#tried = 0;
    this.#fallBackFrom = this.#transportIndex ? 0 : FALL_BACK_FROM;
    connection.goodTimer = setTimeout(() => {
      this.#attempts = 0;
      this.#short = 0;
      this.#preferred = this.#transportIndex;
    }, GOOD_AFTER);
    this.#startHeartbeat(connection);
    for (const reached of this.#rooms.values()) reached.returning = reached.epoch !== undefined;
    this.#setState({ name: "open", transport: this.#transport });
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  /** After the listeners of `connected`, who may have joined rooms: the rooms first, then the events that wait. */
  #resume(connection) {
    if (this.#connection !== connection) return;
    connection.ready = true;
    for (const reached of [...this.#rooms.values()]) if (reached.room) this.#joinRoom(reached);
    for (const item of [...this.#outgoing.values()]) if (!item.sent && !item.isJoin) this.#dispatchOutgoing(item);
  }

  /** Shows a frame to the application, whose errors are its own. */
  #show(direction, frame) {
    try {
      this.#options.onFrame?.(direction, frame);
    } catch (error) {
      report(error);
    }
  }

  #setState(state) {
    if (isOffline()) state.offline = true;
    this.state = state;
    this[notify]("state", state, { name: "state", data: state });
  }

  #problem(error) {
    this[notify]("problem", error, { name: "problem", data: error });
  }

  // -- signs of life

  #heard() {
    this.#receivedAt = now();
    if (this.#connection.pongBefore !== undefined) {
      clearTimeout(this.#connection.pongTimer);
      this.#connection.pongBefore = undefined;
    }
  }

  /** Pings when nothing was received for the heartbeat interval (browsers hide the pings of WebSockets), and after a sleep. */
  #startHeartbeat(connection) {
    let tick = moment();
    connection.heartbeatTimer = setInterval(() => {
      const slept = since(tick) > QUICK_PONG_TIMEOUT;
      tick = moment();
      if (slept) this.#ping(QUICK_PONG_TIMEOUT);
      else if (now() - this.#receivedAt > this.#heartbeat) this.#ping(this.#options.pongTimeout);
    }, 1000);
  }

  /** Loses the connection unless something is received in time. */
  #ping(atMost) {
    const connection = this.#connection;
    const limit = Math.min(atMost, this.#options.pongTimeout);
    if (this.state.name !== "open" || connection.pongBefore - now() < limit) return;
    if (connection.link.isDelayed) return; // it would wait behind a post, which has been answered a moment ago
    clearTimeout(connection.pongTimer);
    connection.pongBefore = now() + limit;
    connection.pongTimer = setTimeout(() => {
      if (this.#connection === connection) this.#lost(ABNORMAL, "no answer");
    }, limit);
    this.#transmit('{"name":"ping"}', { fail: () => {} });
  }

  #watchPage() {
    const { signal } = this.#disposal;
    const watch = (target, name, listener) => target?.addEventListener?.(name, listener, { signal });
    watch(globalThis, "online", () => {
      this.#preferred = 0; // in another network, a WebSocket may work
      if (this.state.name === "open") {
        this.#setState({ name: "open", transport: this.#transport });
        this.#ping(QUICK_PONG_TIMEOUT);
      } else if (this.state.name !== "closed") {
        this.#transportIndex = this.#tried = 0;
        this.#open();
      }
    });
    watch(globalThis, "offline", () => {
      this.#setState({ ...this.state });
      this.#ping(QUICK_PONG_TIMEOUT);
    });
    const look = () => {
      if (globalThis.document?.hidden) return;
      if (this.state.name === "waiting") this.#open();
      else if (now() - this.#receivedAt > QUICK_PONG_TIMEOUT) this.#ping(QUICK_PONG_TIMEOUT);
    };
    watch(globalThis.document, "visibilitychange", look);
    watch(globalThis.document, "resume", look);
    watch(globalThis, "pageshow", ({ persisted }) => persisted && this.state.name === "waiting" && this.#open());
    watch(globalThis, "pagehide", () => {
      if (!this.#connection) return;
      this.#end(NORMAL);
      // If the browser keeps the page and shows it again, the client connects again.
      this.#retryTimer = setTimeout(() => this.#open(), this.#options.minDelay);
      this.#setState({ name: "waiting", retryAt: Date.now() + this.#options.minDelay, code: PAGE_LEFT, reason: "the page was left" });
    });
  }

  // -- incoming events

  #receive(frame, parsed) {
    this.#heard();
    if (this.#options.onFrame) this.#show("in", frame ?? JSON.stringify(parsed));
    let event;
    try {
      event = parsed ? decodeAttachment(parsed) : decode(frame);
    } catch (error) {
      this.#problem(new HubbubError("malformed", text(error), { cause: error }));
      return;
    }
    const { name, data, id } = event;
    const connection = this.#connection;
    if (name === "close" && connection.link.http) {
      this.#lost(data.code, data.reason);
      return;
    }
    if (name === "ack" || name === "error") {
      const item = this.#outgoing.get(id);
      if (item) {
        if (name === "ack") this.#settle(item, () => item.resolve(data));
        else this.#fail(item, new HubbubError(data?.code, data?.message));
        return;
      }
      if (Number.isInteger(id) && id > 0 && id <= this.#ids) return; // it is too late
    } else if (name === "connected") {
      this.#connected(data);
    } else if (name === "restart") {
      this.#restartDelay = data.after;
    } else if (name === "auth-expiring" && this.#options.token) {
      this.#renewToken(connection);
    }
    const reached = this.#advance(event);
    if (reached !== null) this.#dispatch(event, reached);
    if (name === "connected") this.#resume(connection);
  }

  /** Sends a new token. Tries again until it succeeds, or the server closes the connection because the old one has expired. */
  async #renewToken(connection) {
    if (connection.renewing) return;
    connection.renewing = true;
    for (let delay = this.#options.minDelay; this.#connection === connection; delay = Math.min(2 * delay, this.#options.maxDelay)) {
      try {
        const token = await this.#options.token();
        if (this.#connection !== connection) return;
        await this.#emit("auth", { token }, { unqueued: true }).promise;
        connection.renewing = false;
        return;
      } catch (error) {
        if (this.#connection !== connection) return;
        this.#problem(new HubbubError("token", text(error), { cause: error }));
      }
      await sleep(delay, this.#disposal.signal);
    }
  }

  #reached(room) {
    if (!this.#rooms.has(room)) this.#rooms.set(room, new Reached());
    return this.#rooms.get(room);
  }

  /**
   * Stores the position in the event's room, and the room's members.
   * @returns {Reached | undefined | null} the room; undefined if the event belongs to none; null if it was received before
   */
  #advance(event) {
    const { name, data, position } = event;
    const { epoch, number } = place(position);
    let reached;
    if (name === "connected") reached = this.#reached(ALL_CLIENTS);
    else if (name === "hello") reached = this.#reached(data.room);
    else reached = this.#epochs.get(epoch) ?? (typeof data?.room === "string" ? this.#rooms.get(data.room) : undefined);
    if (!reached) return undefined;
    if (epoch) {
      const starts = name === "connected" || name === "hello";
      if (reached.epoch !== epoch) {
        this.#epochs.delete(reached.epoch);
        this.#epochs.set(epoch, reached);
        reached.epoch = epoch;
        reached.number = 0;
      } else if (!starts && number <= reached.number) {
        return null;
      }
      if (!starts) reached.number = number;
      else if (!data.recovered && reached.last) reached.after = number; // the last events come before that
      else if (!data.recovered) reached.number = Math.max(reached.number, number);
    }
    if (reached.room) updateMembers(reached.room, event, this.id);
    if (name === "left" && data.id === this.id) this.#forget(data.room);
    return reached;
  }

  #forget(name) {
    const reached = this.#rooms.get(name);
    if (!reached) return;
    this.#epochs.delete(reached.epoch);
    this.#rooms.delete(name);
    if (reached.room?.reason) {
      // It is joined again on the next connection, perhaps as somebody who may be in it.
      this.#reached(name).room = reached.room;
      setRoomState(reached.room, "refused");
    } else if (reached.room) {
      setRoomState(reached.room, "left");
    }
  }

  #dispatch(event, reached) {
    const { name, data, id } = event;
    if (name === "broadcast" && this.#formerIds.has(data?.from)) return; // its own one, which was sent before it was lost
    const room = reached?.room;
    if (id !== undefined && name !== "error" && name !== "ack") {
      this.#answer(event, room);
      return;
    }
    const returned = name === "hello" && reached.returning;
    if (name === "hello") reached.returning = false;
    const recovered = returned || name === "lost" ? { complete: name === "hello" && data.recovered === true } : undefined;
    this.#options[relay]?.event(event, room, recovered);
    deliver(this, room, event, recovered);
  }

  /** Acknowledges an event of the server. */
  async #answer(event, room) {
    const { id } = event;
    const answer = (name, value) => this.#transmit(JSON.stringify({ name, id, data: value }), { fail: (error) => this.#problem(error) });
    try {
      answer("ack", await (this.#options[relay]?.ask(event, room) ?? ask(this, room, event)));
    } catch (error) {
      if (!(error instanceof HubbubError)) report(error);
      answer("error", { code: error instanceof HubbubError ? error.code : "internal", message: text(error) });
    }
  }

  // -- rooms: joining, joined, refused, left

  /** Adds the positions that this client has reached to the data of a `join`. */
  #joinData(data) {
    if (data !== undefined && (data === null || typeof data !== "object")) return data;
    const reached = this.#reached(data?.room ?? DEFAULT_ROOM);
    reached.last = data?.last > 0;
    const own = String(reached);
    // The others tell the server which events to several rooms this client gets there.
    const others = own ? [...this.#rooms.values()].filter((other) => other !== reached).map(String).filter(Boolean) : [];
    return { since: [...others.slice(1 - MAX_POSITIONS), own].join(), ...data };
  }

  async #joinRoom(reached) {
    const { room } = reached;
    const connection = this.#connection;
    const { options } = room;
    const isCurrent = () => this.#connection === connection && this.#rooms.get(room.name) === reached && room.options === options;
    setRoomState(room, "joining");
    for (let delay = this.#options.minDelay; isCurrent(); delay = Math.min(2 * delay, this.#options.maxDelay)) {
      try {
        await this.#emit("join", { ...options, room: room.name }, { unqueued: true }).promise;
        if (isCurrent() && room.state === "joining") setRoomState(room, "joined");
        return;
      } catch (error) {
        if (!isCurrent()) return;
        this.#problem(Object.assign(error, { room: room.name }));
        if (!TEMPORARY.has(error.code)) {
          room.reason = error;
          room.members.clear();
          setRoomState(room, "refused");
          return;
        }
      }
      await sleep(delay, this.#disposal.signal);
    }
  }

  async [leaveRoom](room) {
    const reached = this.#rooms.get(room.name);
    if (reached?.room !== room) return;
    reached.room = undefined;
    room.members.clear();
    setRoomState(room, "left");
    try {
      await this.#emit("leave", { room: room.name }, { unqueued: true }).promise;
    } catch (error) {
      // Not in it, or not connected: then it is not joined again.
      if (!["not-in-room", "not-sent", "unknown", "closed"].includes(error.code)) throw error;
    } finally {
      if (!reached.room) this.#forget(room.name);
    }
  }

  // -- outgoing events

  /** @returns {Outgoing} */
  #emit(name, data, { timeout, signal, key, attachment, unqueued = false }) {
    const queues = this.#options.offline === "queue" && !unqueued;
    const isJoin = name === "join";
    const item = new Outgoing({ id: ++this.#ids, name, data, attachment, isJoin, queues, timeout });
    item.key = key ?? (queues && KEYED.has(name) ? newKey() : undefined);
    try {
      if (!isJoin) item.frame = this.#frame(item, data);
    } catch (error) {
      item.reject(new HubbubError("invalid-data", text(error), { cause: error }));
      return item;
    }
    const isOpen = this.state.name === "open";
    if (signal?.aborted) item.reject(aborted(signal));
    else if (!isOpen && (!queues || this.state.name === "closed")) item.reject(notSent());
    else if (queues && !this.#hasRoomFor(item)) item.reject(new HubbubError("not-sent", "Too many events wait for the connection"));
    else this.#add(item, signal);
    return item;
  }

  #add(item, signal) {
    this.#outgoing.set(item.id, item);
    if (item.timeout !== undefined) item.timer = setTimeout(() => this.#timedOut(item, item.timeout), item.timeout);
    if (signal) {
      const abort = () => this.#fail(item, aborted(signal));
      signal.addEventListener("abort", abort);
      item.forgetSignal = () => signal.removeEventListener("abort", abort);
    }
    if (this.#connection?.ready || (item.isJoin && this.state.name === "open")) this.#dispatchOutgoing(item);
  }

  #frame({ name, id, key, attachment }, data) {
    return encode(JSON.stringify({ name, data, id, key }), attachment);
  }

  /** Whether the queue, which is only full when there is no connection, has room for one more. */
  #hasRoomFor(item) {
    if (this.#connection?.ready) return true;
    const waiting = [...this.#outgoing.values()].filter(({ queues }) => queues);
    const bytes = waiting.reduce((sum, { frame }) => sum + (frame ? size(frame) : 0), item.frame ? size(item.frame) : 0);
    return waiting.length < this.#options.queueSize && bytes <= this.#options.queueBytes;
  }

  #dispatchOutgoing(item) {
    if (!this.#isRepeatable(item)) {
      this.#fail(item, notDone(item)); // it has waited too long
      return;
    }
    const frame = item.frame ?? this.#frame(item, this.#joinData(item.data));
    if (this.#isTooLarge(frame)) {
      this.#fail(item, this.#tooLarge(item.name));
      return;
    }
    const limit = this.#options.ackTimeout;
    if (item.timeout === undefined) item.timer = setTimeout(() => this.#timedOut(item, limit), limit);
    item.fail = (error) => this.#fail(item, error);
    if (!this.#transmit(frame, item)) this.#interrupted(item);
  }

  #isTooLarge(frame) {
    return (frame.length ?? 0) * 3 > this.#maxPayload || typeof frame !== "string" ? size(frame) > this.#maxPayload : false;
  }

  #tooLarge(name) {
    return new HubbubError("too-large", `"${name}" exceeds the server's limit of ${this.#maxPayload} bytes`);
  }

  /**
   * Hands a frame to the transport, which sets `item.sent` when it begins to send it, and calls `item.fail` if the server or a
   * proxy has rejected it. An item that is `settled` by then is not sent.
   */
  #transmit(frame, item) {
    if (this.state.name !== "open" || !this.#connection.link.send(frame, item)) return false;
    item.firstSent ??= moment();
    this.#show("out", frame);
    return true;
  }

  /** The connection has ended before the acknowledgement. */
  #interrupted(item) {
    if (item.queues && this.#isRepeatable(item)) {
      item.wasSent ||= item.sent;
      item.sent = false;
      if (item.timeout === undefined) clearTimeout(item.timer);
    } else {
      this.#fail(item, notDone(item));
    }
  }

  /** Whether it is published once even if it is sent again. */
  #isRepeatable(item) {
    return (!item.sent && !item.wasSent) || (item.key !== undefined && since(item.firstSent) < this.#keyAge);
  }

  #timedOut(item, limit) {
    const code = item.sent || item.wasSent ? "timeout" : "not-sent";
    this.#fail(item, new HubbubError(code, `No acknowledgement of "${item.name}" in ${limit} ms`));
  }

  #fail(item, error) {
    this.#settle(item, () => item.reject(error));
  }

  #settle(item, settle) {
    if (!this.#outgoing.delete(item.id)) return;
    item.settled = true;
    clearTimeout(item.timer);
    item.forgetSignal?.();
    if (item.isJoin) this.#rooms.get(item.data?.room ?? DEFAULT_ROOM)?.caughtUp();
    settle();
  }
}

const byId = (members) => new Map(members?.map((member) => [member.id, member]));
const notSent = () => new HubbubError("not-sent", "Not connected");
const notDone = ({ sent, wasSent }) =>
  sent || wasSent ? new HubbubError("unknown", "The connection was lost before the acknowledgement") : notSent();
const aborted = (signal) => new HubbubError("aborted", text(signal.reason ?? "aborted"), { cause: signal.reason });

export function connect(url, options = {}) {
  return options.shared ? new SharedHub(url, options) : new Hub(url, options);
}

/** Decodes a frame of a WebSocket. */
export function decode(frame) {
  if (typeof frame === "string") return decodeAttachment(JSON.parse(frame));
  const bytes = new Uint8Array(frame);
  const zero = bytes.indexOf(0);
  return { ...JSON.parse(new TextDecoder().decode(bytes.subarray(0, zero))), attachment: bytes.subarray(zero + 1) };
}

/** Decodes the Base64 in which an attachment comes within text. */
function decodeAttachment(event) {
  if (typeof event.attachment === "string") event.attachment = Uint8Array.from(atob(event.attachment), (c) => c.charCodeAt(0));
  return event;
}

// ---- the transports

/*
 * A transport opens a connection, which calls `receive(frame)` for each frame and `lost(code, reason, details)` once, neither of
 * them before it has been returned. A connection has `send(frame, item)` and `close(code)`; after `close` it calls nothing more.
 * The hub sets `session` when it has received it.
 */

const bearer = (token) => (token === undefined ? {} : { Authorization: `Bearer ${token}` });

function endpoint(url, path, parameters = {}) {
  const result = new URL(url);
  result.pathname += path;
  for (const [name, value] of Object.entries(parameters)) result.searchParams.set(name, value);
  return result;
}

/** A `fetch` that also ends with a time limit, and with the connection. */
async function request(url, init, limit, signal, read) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  const timer = setTimeout(abort, limit);
  try {
    return await read(await fetch(url, { ...init, signal: controller.signal }));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** What a response that is no success says. */
async function rejection(response) {
  const body = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get("Retry-After")) || 0;
  const { status } = response;
  return { status, code: body.code, message: body.message ?? `status ${status}`, retryAfter: Math.min(seconds * 1000, 60_000) };
}

function webSocket(url, { WebSocket: Socket, token, session, since, receive, lost }) {
  // Browsers do not let pages set headers of a WebSocket, except that for the subprotocols.
  const protocols = token === undefined ? [] : ["hubbub.v1", `bearer.${token}`];
  // The parameter `was` asks for a session, and `since` for the events to all clients that were missed.
  const socket = new Socket(String(endpoint(url, "", { was: session, since })).replace(/^http/, "ws"), protocols);
  const closed = new AbortController();
  let received = false;
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    received = true;
    receive(data);
  };
  socket.onerror = () => {}; // "close" follows
  socket.onclose = async ({ code, reason }) => {
    // Only a response to a request by fetch can be read: was it the token?
    const refused = !received && token !== undefined && (await isRefused(url, token, closed.signal));
    lost(code, refused ? "The token was refused" : reason, refused ? { status: 401 } : {});
  };
  return {
    send: (frame, item) => socket.readyState === 1 && ((item.sent = true), socket.send(frame), true),
    close(code) {
      socket.onmessage = socket.onclose = null;
      closed.abort();
      socket.close(code);
    },
  };
}

async function isRefused(url, token, signal) {
  try {
    return await request(endpoint(url, "/poll", { wait: 0 }), { headers: bearer(token) }, POST_TIMEOUT, signal, ({ status }) => status === 401);
  } catch {
    return false;
  }
}

/**
 * What the two transports that use `fetch` have in common: events are posted one after another, with numbers, so that a post can
 * be repeated. `run` receives events until the connection ends.
 */
function overHttp(url, { token, session, since, receive, lost, ...rest }, run) {
  const abort = new AbortController();
  const { signal } = abort;
  const queue = [];
  let posting = false;
  let number = 1;

  function end(code, reason, details) {
    if (signal.aborted) return;
    abort.abort();
    lost(code, reason, details);
  }

  async function postAll() {
    posting = true;
    while (queue.length && !signal.aborted) {
      const { frame, item } = queue.shift();
      if (item.settled) continue;
      item.sent = true;
      const error = await post(frame);
      if (!error) number++;
      else if (!signal.aborted) item.fail?.(error);
    }
    posting = false;
  }

  /** Posts an event until it is accepted. @returns {Promise<HubbubError | undefined>} why it was rejected for good */
  async function post(frame) {
    const headers = {
      "Hubbub-Session": link.session,
      "Hubbub-Post": String(number),
      "Content-Type": typeof frame === "string" ? "application/json" : "application/octet-stream",
    };
    for (let repeats = 0; ; repeats++) {
      const heldUp = setTimeout(releasePolls, POST_HELD_UP);
      const init = { method: "POST", headers, body: frame, redirect: "error" };
      const limit = POST_TIMEOUT * (repeats + 1) + size(frame) / SLOWEST_UPLOAD;
      const failure = await request(endpoint(url, "/send"), init, limit, signal, (response) => (response.ok ? undefined : rejection(response)))
        .catch((error) => ({ status: 0, code: "unavailable", message: text(error), retryAfter: 0 }));
      clearTimeout(heldUp);
      if (!failure || signal.aborted) return undefined;
      const { status, code, message, retryAfter } = failure;
      if (status === 404 || status === 409) return end(ABNORMAL, message);
      const isTemporary = !status || status >= 500 || [408, 425, 429].includes(status);
      if (status) rest.alive(); // a ping may have to wait behind this event
      if (!isTemporary) return new HubbubError(code ?? `http-${status}`, message, { status });
      if (repeats === MAX_REPEATS) {
        // A request that was limited was not handled; others may have been, or may still be.
        if (status === 429) return new HubbubError("rate-limited", message, { status });
        return end(ABNORMAL, `An event could not be posted: ${message}`, { next: !status && rest.mayPoll });
      }
      link.isDelayed = status > 0;
      await sleep(Math.max(Math.min(retryAfter, MAX_REPEAT_DELAY), 100 * 2 ** repeats), signal);
      link.isDelayed = false;
      if (signal.aborted) return undefined;
    }
  }

  const link = {
    http: true,
    session: "",
    /** A post waits to be repeated, as the server or a proxy has asked for. */
    isDelayed: false,
    send(frame, item) {
      if (signal.aborted) return false;
      queue.push({ frame, item });
      if (!posting) postAll();
      return true;
    },
    /** Ends the session if it is left for good, even while the page is being left. */
    close(code) {
      abort.abort();
      if (code === NORMAL && link.session) {
        fetch(endpoint(url, "/poll"), { method: "DELETE", headers: { "Hubbub-Session": link.session }, keepalive: true }).catch(() => {});
      }
    },
  };
  // The session and the position stand in no URL here, because URLs get into logs.
  const headers = bearer(token);
  if (session) headers["Hubbub-Was"] = session;
  if (since) headers["Last-Event-ID"] = since;
  const opening = (path, parameters) => [endpoint(url, path, { was: "", ...parameters }), headers];
  const guarded = (frame, event) => !signal.aborted && receive(frame, event);
  // A microtask later, because nothing may be called before the link has been returned.
  Promise.resolve().then(() => run({ ...rest, link, signal, opening, url, receive: guarded })).then(
    () => end(ABNORMAL, "the response ended"),
    (error) => end(ABNORMAL, text(error), error.details),
  );
  return link;
}

async function failed(response) {
  const { message, ...details } = await rejection(response);
  return Object.assign(new Error(message), { details });
}

/** Server-sent events. An EventSource would hide the status of the response and events with unknown names. */
function eventStream(url, context) {
  return overHttp(url, context, async ({ signal, opening, receive, alive, mayPoll }) => {
    const [from, headers] = opening("/sse", { frames: "" });
    if (mayPoll && (await countStreams(url)) >= MAX_STREAMS) {
      throw Object.assign(new Error("Too many event streams of this browser"), { details: { next: true } });
    }
    const forget = countStream(url);
    try {
      const response = await fetch(from, { signal, headers: { Accept: "text/event-stream", ...headers } });
      if (!response.ok) throw await failed(response);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        alive();
        const events = (rest + part.value).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const data = event.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
          if (data.length) receive(data.join("\n"));
        }
      }
    } finally {
      forget();
    }
  });
}

/** Long polling. A response that is lost on its way is sent again, because `after` confirms what has been received. */
function longPolling(url, context) {
  return overHttp(url, context, async ({ link, signal, opening, receive, alive }) => {
    const [first, headers] = opening("/poll");
    const json = async (response) => {
      if (!response.ok) throw await failed(response);
      return response.json();
    };
    let after = 0;
    const deliver = (events) => {
      alive();
      for (const event of events) {
        after = event.n;
        receive(undefined, event);
      }
    };
    deliver(await request(first, { headers }, POLL_WAIT + POLL_SLACK, signal, json));
    for (let failures = 0; !signal.aborted; ) {
      const poll = new AbortController();
      const abort = () => poll.abort();
      signal.addEventListener("abort", abort);
      waitingPolls.add(poll);
      try {
        const next = endpoint(url, "/poll", { after });
        deliver(await request(next, { headers: { "Hubbub-Session": link.session } }, POLL_WAIT + POLL_SLACK, poll.signal, json));
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (poll.signal.aborted) {
          await sleep(100); // it was released for a post, which goes first
          continue;
        }
        const status = error.details?.status;
        if ((status >= 400 && status < 500 && status !== 429) || failures === MAX_REPEATS) throw error;
        await sleep(Math.max(Math.min(error.details?.retryAfter ?? 0, MAX_REPEAT_DELAY), 100 * 2 ** failures++), signal);
      } finally {
        waitingPolls.delete(poll);
        signal.removeEventListener("abort", abort);
      }
    }
  });
}

// ---- tabs

/*
 * By HTTP/1.1, a browser opens six connections to a server for all its tabs. The tabs tell each other, by a BroadcastChannel,
 * how many event streams are open, and when a post waits for a connection.
 */

/** @type {Set<AbortController>} */
const waitingPolls = new Set();
/** The hosts of the streams of this tab. @type {string[]} */
const streams = [];
let channel;
let answers = 0;

function tabs() {
  if (!channel && globalThis.BroadcastChannel && globalThis.document) {
    channel = new BroadcastChannel("hubbub");
    channel.onmessage = ({ data: { ask, answer, release } }) => {
      const count = streams.filter((host) => host === ask).length;
      if (count) channel.postMessage({ answer: count });
      if (answer) answers += answer;
      if (release) abortPolls();
    };
  }
  return channel;
}

function abortPolls() {
  for (const poll of waitingPolls) poll.abort();
}

function releasePolls() {
  abortPolls();
  tabs()?.postMessage({ release: true });
}

/** The event streams of all tabs; 0 if they share one connection, by HTTP/2. */
async function countStreams({ host }) {
  const protocol = globalThis.performance.getEntriesByType?.("navigation")[0]?.nextHopProtocol;
  if (!tabs() || (protocol && !protocol.startsWith("http/1") && host === globalThis.location?.host)) return 0;
  answers = 0;
  channel.postMessage({ ask: host });
  await sleep(50);
  return answers + streams.filter((other) => other === host).length;
}

function countStream({ host }) {
  streams.push(host);
  return () => streams.splice(streams.indexOf(host), 1);
}

/** The transports by name, in the order of preference. */
const LINKS = { websocket: webSocket, sse: eventStream, poll: longPolling };

// ---- one connection for all tabs

/*
 * With the option `shared`, a SharedWorker that runs this file has the hub, and each tab has a `SharedHub` with the same interface. Where
 * there is no such worker, the tab has what runs in it otherwise. They send each other these messages, with their `type`:
 *
 * from a tab: attach, detach; join, leave (by a call), call, abort, send; look (it is visible again, or online); answer
 * from the worker: attached; state, problem; room (its state), event; done, failed (a call); ask, token (to be answered)
 */

/** Of this file as a SharedWorker. The number is that of the messages' version: tabs may have loaded another one. */
const WORKER_NAME = "hubbub:1:";

/** How long the tabs may take to answer. */
const TAB_TIMEOUT = 30_000;

const asError = ({ code, message, ...details }) => new HubbubError(code, message, details);

function asMessage(error) {
  const { name, cause, code = "internal", ...details } = error;
  return { ...details, code, message: text(error) };
}

class SharedHub extends Emitter {
  state = { name: "connecting" };
  id;

  #given;
  #token;
  #worker;
  #port;
  /** Calls from before there was a port. */
  #early = [];
  /** Held as long as this tab lives. */
  #lock = newKey();
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** By number. @type {Map<number, {resolve: Function, reject: Function}>} */
  #calls = new Map();
  #numbers = 0;
  #disposal = new AbortController();

  constructor(url, { shared, token, ...options }) {
    super();
    this.#token = token;
    this.#given = { url: String(absolute(url)), options, shared, hasToken: token !== undefined };
    const { signal } = this.#disposal;
    const living = () => {
      if (!signal.aborted) this.#start();
      return new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    // Before the worker is told of it: otherwise the worker would get the lock, and take this tab for closed.
    if (globalThis.navigator?.locks) navigator.locks.request(this.#lock, living);
    else living();
    this.#watchPage(signal);
  }

  // -- the interface, as that of Hub

  join(name = DEFAULT_ROOM, options = {}) {
    if (!this.#rooms.has(name)) this.#rooms.set(name, new Room(this, name));
    const room = this.#rooms.get(name);
    room.nick = options.nick;
    room.options = options;
    setRoomState(room, "joining");
    this.#join(room);
    return room;
  }

  get rooms() {
    return [...this.#rooms.values()];
  }

  emit(name, data, options) {
    const { signal, ...settings } = emitOptions(options);
    return this.#call("emit", [name, data, settings], signal);
  }

  send(name, data, attachment) {
    return this.#send("send", [name, data, attachment]);
  }

  sendRaw(frame) {
    return this.#send("sendRaw", [frame]);
  }

  ping(timeout) {
    return this.#call("ping", [timeout]);
  }

  async ready() {
    while (this.state.name !== "open") {
      if (this.state.name === "closed") throw new HubbubError("closed", this.state.reason || "The hub is closed");
      await new Promise((resolve) => this.once("state", resolve));
    }
  }

  close() {
    if (this.state.name === "closed") return;
    this.#detach();
    this.#setState({ name: "closed", code: NORMAL, reason: "" });
  }

  reconnect() {
    if (this.#disposal.signal.aborted) throw new HubbubError("closed", "The hub was disposed of");
    if (this.state.name === "closed") this.#attach();
    this.#post({ type: "look", reason: "reconnect" });
  }

  dispose() {
    this.close();
    this.#disposal.abort();
    this.#port?.close();
    for (const room of this.rooms) {
      setRoomState(room, "left");
      room[clear]();
    }
    this.#rooms.clear();
    this[clear]();
  }

  async [leaveRoom](room) {
    if (this.#rooms.get(room.name) !== room) return;
    this.#rooms.delete(room.name);
    room.members.clear();
    setRoomState(room, "left");
    if (this.state.name !== "closed") await this.#call("leave", [room.name]);
  }

  // -- the worker

  #start() {
    const { url, options, shared, hasToken } = this.#given;
    const { module = import.meta.url, name } = Object(shared);
    try {
      const described = JSON.stringify({ url, options, name, hasToken });
      this.#worker = new SharedWorker(module, { type: "module", name: WORKER_NAME + described });
      this.#worker.onerror = () => this.#startHere(); // for example, it may not be loaded
      this.#open(this.#worker.port);
    } catch {
      this.#startHere(); // there are no such workers, or the file comes from another site
    }
  }

  #startHere() {
    const { port1, port2 } = new MessageChannel();
    new Host(this.#given).connect(port2);
    this.#open(port1);
  }

  #open(port) {
    if (this.#disposal.signal.aborted) return;
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => this.#port === port && this.#received(data);
    if (this.state.name !== "closed") this.#attach();
  }

  #attach() {
    this.#setState({ name: "connecting" });
    this.#post({ type: "attach", lock: globalThis.navigator?.locks && this.#lock });
    for (const room of this.rooms) this.#join(room);
    for (const message of this.#early.splice(0)) this.#post(message);
  }

  #detach() {
    this.#post({ type: "detach" });
    this.#lose();
  }

  /** Nothing more comes from the worker, for a time. */
  #lose() {
    for (const number of [...this.#calls.keys()]) {
      this.#settle(number).reject(new HubbubError("unknown", "The connection was lost before the acknowledgement"));
    }
    for (const room of this.rooms) if (room.state === "joined") setRoomState(room, "joining");
  }

  #post(message) {
    if (this.#port) this.#port.postMessage(message);
    else if (message.type === "call") this.#early.push(message);
  }

  #join({ name, options }) {
    if (this.state.name !== "closed") this.#post({ type: "join", room: name, options: JSON.stringify(options) });
  }

  /** @param {string} method of the hub, or `leave` */
  #call(method, args, signal) {
    const promise = new Promise((resolve, reject) => {
      if (signal?.aborted) throw aborted(signal);
      if (this.state.name === "closed") throw notSent();
      const number = ++this.#numbers;
      const abort = () => {
        this.#post({ type: "abort", number });
        this.#settle(number)?.reject(aborted(signal));
      };
      signal?.addEventListener("abort", abort);
      const forget = () => signal?.removeEventListener("abort", abort);
      this.#calls.set(number, { resolve, reject, forget });
      try {
        this.#post({ type: "call", number, method, args: this.#encoded(method, args) });
      } catch (error) {
        this.#settle(number);
        throw new HubbubError("invalid-data", text(error), { cause: error });
      }
    });
    promise.catch(() => {}); // no unhandled rejection if the caller ignores the promise
    return promise;
  }

  /** Data travels as JSON, as to the server: a worker would not take, for example, functions. */
  #encoded(method, [name, data, ...rest]) {
    return method === "emit" || method === "send" ? [name, JSON.stringify(data), ...rest] : [name, data, ...rest];
  }

  #send(method, args) {
    if (this.state.name !== "open") return false;
    this.#post({ type: "send", method, args: this.#encoded(method, args) });
    return true;
  }

  #settle(number) {
    const call = this.#calls.get(number);
    this.#calls.delete(number);
    call?.forget();
    return call;
  }

  #received(message) {
    const { type, number, room: name } = message;
    const room = this.#rooms.get(name);
    if (type === "attached") this.#watchWorker(message.lock);
    else if (type === "done") this.#settle(number)?.resolve(message.value);
    else if (type === "failed") this.#settle(number)?.reject(asError(message.error));
    else if (type === "token") this.#answer(number, async () => this.#token());
    else if (type === "ask") this.#answer(number, () => ask(this, room, message.event));
    else if (this.state.name === "closed") return; // it is too late
    else if (type === "problem") this.#problem(asError(message.error));
    else if (type === "room" && room) this.#setRoomState(room, message);
    else if (type === "event" && (room || !name)) {
      if (room) updateMembers(room, message.event, this.id);
      deliver(this, room, message.event, message.recovered);
    } else if (type === "state") {
      this.id = message.id;
      this.#setState(message.state);
    }
  }

  #setRoomState(room, { state, reason }) {
    room.reason = reason && asError(reason);
    if (state === "refused" || state === "left") room.members.clear();
    if (state === "left") this.#rooms.delete(room.name);
    setRoomState(room, state);
  }

  #setState(state) {
    this.state = state;
    this[notify]("state", state, { name: "state", data: state });
  }

  #problem(error) {
    this[notify]("problem", error, { name: "problem", data: error });
  }

  async #answer(number, action) {
    const answer = await Promise.resolve().then(action).then(
      (value) => ({ value }),
      (error) => {
        if (!(error instanceof HubbubError)) report(error);
        return { error: asMessage(error) };
      },
    );
    this.#post({ type: "answer", number, ...answer });
  }

  /** @param {string} [lock] which the worker holds as long as it lives */
  #watchWorker(lock) {
    const { signal } = this.#disposal;
    const worker = this.#worker;
    if (!lock || !worker) return;
    const died = () => {
      if (this.#worker !== worker || signal.aborted) return;
      this.#lose();
      this.#start();
    };
    navigator.locks.request(lock, { signal }, died).catch(() => {});
  }

  #watchPage(signal) {
    const watch = (target, name, listener) => target?.addEventListener?.(name, listener, { signal });
    watch(globalThis, "online", () => this.#post({ type: "look", reason: "online" }));
    const look = () => globalThis.document?.hidden || this.#post({ type: "look" });
    watch(globalThis.document, "visibilitychange", look);
    watch(globalThis.document, "resume", look);
    watch(globalThis, "pagehide", () => this.state.name !== "closed" && this.#detach());
    watch(globalThis, "pageshow", ({ persisted }) => persisted && this.state.name !== "closed" && this.#attach());
  }
}

/** The hub of all tabs, in the SharedWorker. */
class Host {
  #given;
  /** @type {Hub | undefined} */
  #hub;
  /** @type {Set<{port: MessagePort, rooms: Map<string, Entry>, aborts: Map<number, AbortController>}>} */
  #tabs = new Set();
  /** The last event `connected`. */
  #connected;
  /** The last position of each room. @type {Map<string, string>} */
  #positions = new Map();
  /** What the tabs are asked, by number. */
  #questions = new Map();
  #numbers = 0;
  #lock = newKey();
  #living;

  constructor(given) {
    this.#given = given;
    const { locks } = globalThis.navigator ?? {};
    if (locks && !globalThis.document) {
      this.#living = new Promise((resolve) => locks.request(this.#lock, () => (resolve(), new Promise(() => {}))));
    }
  }

  connect(port) {
    const tab = { port, rooms: new Map(), aborts: new Map() };
    port.onmessage = ({ data }) => this.#received(tab, data);
  }

  #received(tab, message) {
    const { type } = message;
    if (type === "attach") this.#attach(tab, message.lock);
    else if (type === "answer") this.#questions.get(message.number)?.(message);
    else if (!this.#tabs.has(tab)) return;
    else if (type === "detach") this.#detach(tab);
    else if (type === "join") this.#join(tab, message.room, JSON.parse(message.options ?? "{}"));
    else if (type === "call") this.#call(tab, message);
    else if (type === "abort") tab.aborts.get(message.number)?.abort();
    else if (type === "send") this.#hub[message.method](...decoded(message));
    else if (type === "look") this.#look(message.reason);
  }

  #attach(tab, lock) {
    this.#tabs.add(tab);
    this.#living?.then(() => tab.port.postMessage({ type: "attached", lock: this.#lock }));
    if (lock) navigator.locks.request(lock, () => this.#detach(tab));
    if (this.#hub) {
      tab.port.postMessage({ type: "state", state: this.#hub.state, id: this.#hub.id });
      if (this.#hub.state.name === "open") tab.port.postMessage({ type: "event", event: this.#connected });
      else if (this.#hub.state.name === "closed") this.#hub.reconnect();
      return;
    }
    const { url, options, hasToken } = this.#given;
    const token = hasToken ? () => this.#ask([...this.#tabs], { type: "token" }) : undefined;
    this.#hub = new Hub(url, { ...options, token, [relay]: this });
    this.#hub.on("state", (state) => this.#tell({ type: "state", state, id: this.#hub?.id }));
    this.#hub.on("problem", (error) => this.#tell({ type: "problem", error: asMessage(error) }));
    this.#tell({ type: "state", state: this.#hub.state });
  }

  #detach(tab) {
    if (!this.#tabs.delete(tab)) return;
    const rooms = [...tab.rooms.keys()];
    tab.rooms.clear();
    if (this.#tabs.size) {
      for (const name of rooms) this.#leave(name).catch(() => {});
    } else {
      this.#hub.dispose();
      this.#hub = undefined;
      this.#positions.clear();
    }
  }

  #tell(message) {
    for (const { port } of this.#tabs) port.postMessage(message);
  }

  /** @param {Room} [room] only to the tabs that are in it */
  #tellRoom(room, message) {
    for (const { port, rooms } of this.#tabs) {
      const entry = room && rooms.get(room.name);
      if (entry?.held) entry.held.push(message);
      else if (entry || !room) port.postMessage(message);
    }
  }

  // -- rooms

  #find(name) {
    return this.#hub.rooms.find((room) => room.name === name);
  }

  /** What a tab knows of a room: what is `held` comes after what it is still to be told. */
  #join(tab, name, options) {
    const known = this.#find(name);
    const isJoining = known?.state === "joining" && [...this.#tabs].some((other) => other !== tab && other.rooms.has(name));
    const entry = { options, held: known?.state === "joined" || isJoining ? [] : undefined };
    tab.rooms.set(name, entry);
    if (known?.state === "joined") {
      const { nick, data } = known.options;
      const isOther = JSON.stringify([nick, data]) !== JSON.stringify([options.nick, options.data]);
      if (isOther) this.#hub.join(name, { ...options, last: undefined });
      this.#enter(tab, known, entry);
    }
    if (!known || !entry.held) this.#joinFirst(name, options);
  }

  #joinFirst(name, options) {
    const known = this.#find(name);
    const room = this.#hub.join(name, options);
    if (room === known) return;
    room.on("state", (state) => {
      this.#tellRoom(room, { type: "room", room: name, state, reason: room.reason && asMessage(room.reason) });
      for (const tab of this.#tabs) {
        const entry = tab.rooms.get(name);
        if (!entry?.held || entry.enters) continue;
        if (state === "joined") this.#enter(tab, room, entry);
        else if (state !== "joining") this.#release(tab, entry);
      }
    });
  }

  /** Tells a tab what it would have been told if it had joined alone. */
  async #enter(tab, room, entry) {
    entry.enters = true;
    const { name, members } = room;
    const now = place(this.#positions.get(name));
    const there = members.size ? { members: [...members.values()] } : { count: room.count };
    const hello = { name: "hello", data: { id: this.#hub.id, room: name, ...there, epoch: now.epoch, position: now.number } };
    const { last } = entry.options;
    const page = last > 0 ? await room.history({ limit: last }).catch(() => undefined) : undefined;
    if (tab.rooms.get(name) !== entry) return; // it has left meanwhile
    const events = page?.events ?? [];
    for (const event of [hello, ...events]) tab.port.postMessage({ type: "event", room: name, event });
    const reached = place(events.at(-1)?.position);
    entry.held = entry.held.filter(({ event }) => {
      const { epoch, number } = place(event?.position);
      return !epoch || epoch !== reached.epoch || number > reached.number;
    });
    this.#release(tab, entry);
  }

  #release(tab, entry) {
    const { held } = entry;
    entry.held = undefined;
    for (const message of held) tab.port.postMessage(message);
  }

  /** A tab has left. */
  async #leave(name) {
    if (![...this.#tabs].some(({ rooms }) => rooms.has(name))) await this.#find(name)?.leave();
  }

  // -- what the hub tells, as its relay

  event(event, room, recovered) {
    const { name, data, position } = event;
    if (name === "connected") this.#connected = event;
    if (room && position) this.#positions.set(room.name, position);
    if (room && name === "hello") this.#positions.set(room.name, `${data.epoch}.${data.position}`);
    this.#tellRoom(room, { type: "event", room: room?.name, event, recovered });
  }

  ask(event, room) {
    const tabs = [...this.#tabs].filter(({ rooms }) => !room || rooms.has(room.name));
    return this.#ask(tabs, { type: "ask", room: room?.name, event });
  }

  /** The first answer of a tab that is no error; otherwise the last error. */
  #ask(tabs, message) {
    const number = ++this.#numbers;
    let left = tabs.length;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new HubbubError("timeout", "No tab has answered")), TAB_TIMEOUT);
      this.#questions.set(number, ({ value, error }) => {
        if (!error) resolve(value);
        else if (--left === 0) reject(asError(error));
        else return;
        clearTimeout(timer);
      });
      if (!left) reject(new HubbubError("unknown-event", "No tab is in this room"));
      for (const { port } of tabs) port.postMessage({ ...message, number });
    }).finally(() => this.#questions.delete(number));
  }

  // -- what the tabs want

  async #call(tab, message) {
    const { number, method } = message;
    const controller = new AbortController();
    tab.aborts.set(number, controller);
    let answer;
    try {
      answer = { type: "done", value: await this.#do(tab, method, decoded(message), controller.signal) };
    } catch (error) {
      answer = { type: "failed", error: asMessage(error) };
    }
    tab.aborts.delete(number);
    tab.port.postMessage({ ...answer, number });
  }

  async #do(tab, method, args, signal) {
    if (method === "leave") {
      tab.rooms.delete(args[0]);
      return this.#leave(args[0]);
    }
    if (method === "ping") return this.#hub.ping(...args);
    const [name, data, settings] = args;
    const value = await this.#hub.emit(name, data, { ...settings, signal });
    if (name === "broadcast") this.#pass(tab, data, settings, value?.position);
    return value;
  }

  /** A broadcast reaches the other tabs, too: for the server, they are its sender. */
  #pass(sender, data, { attachment }, position) {
    const room = this.#find(data?.room ?? DEFAULT_ROOM);
    const event = { name: "broadcast", data: { ...data, from: this.#hub.id }, position };
    if (attachment) event.attachment = attachment;
    for (const { port, rooms } of this.#tabs) {
      if (port !== sender.port && room && rooms.has(room.name)) port.postMessage({ type: "event", room: room.name, event });
    }
  }

  /** A tab is visible again, the browser is online, or the application wants to connect. */
  #look(reason) {
    const { name } = this.#hub.state;
    if (name === "closed" ? reason === "reconnect" : name !== "connecting" || reason) this.#hub.reconnect();
  }
}

/** What a tab has encoded. */
function decoded({ method, args: [first, data, ...rest] }) {
  const isJson = method === "emit" || method === "send";
  return [first, isJson && data !== undefined ? JSON.parse(data) : data, ...rest];
}

if (globalThis.SharedWorkerGlobalScope && globalThis.name.startsWith(WORKER_NAME)) {
  const host = new Host(JSON.parse(globalThis.name.slice(WORKER_NAME.length)));
  globalThis.onconnect = ({ ports: [port] }) => host.connect(port);
}
