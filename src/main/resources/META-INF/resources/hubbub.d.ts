/** The client of Hubbub for pages, workers and Node. */

/** How the connection is. `waiting` is tried again at `retryAt`; `closed` is final until {@link Hub.reconnect}. */
export interface State {
  name: "connecting" | "open" | "waiting" | "closed";
  /** The transport that is tried or used. */
  transport?: Transport;
  /** Milliseconds since 1970, for display. */
  retryAt?: number;
  /** The close code: 1006 if there was none, 1008 if the server rejects this client, 4401 if the token expired or was refused. */
  code?: number;
  reason?: string;
  /** The browser says that it is offline. */
  offline?: boolean;
}

export type Transport = "websocket" | "sse" | "poll";

export interface Options {
  /** How long an attempt to connect may take, from `token()` until `connected`, in milliseconds; default 8000. */
  connectTimeout?: number;
  /** How long to wait for an acknowledgement, in milliseconds; default 10000. */
  ackTimeout?: number;
  /** How long to wait for an answer to a ping after the heartbeat interval, in milliseconds; default 10000. */
  pongTimeout?: number;
  /** The longest delay before the first attempt to reconnect, in milliseconds; default 500. It doubles with each attempt. */
  minDelay?: number;
  /** The longest delay before any attempt, in milliseconds; default 5000. */
  maxDelay?: number;
  /** The transports to try, in this order; default all. */
  transports?: Transport[];
  /** Returns the token that authenticates this client; called before each connection, and when the last token is about to expire. */
  token?: () => string | undefined | Promise<string | undefined>;
  /**
   * What happens to events that are emitted without a connection: `reject` (the default) fails them with `not-sent`; `queue` keeps
   * them, and sends `message`, `broadcast` and events with a `key` again after a connection was lost.
   */
  offline?: "reject" | "queue";
  /** The most events that wait; default 200. Further ones fail with `not-sent`. */
  queueSize?: number;
  /** The most bytes that wait; default 1 MB. */
  queueBytes?: number;
  /**
   * All tabs of the browser with the same options share one connection, in a SharedWorker; where there is none, each has its own.
   * `name` separates connections that must not be shared, such as those of several users. `module` is the URL of `hubbub.js` for
   * applications that are bundled. `onFrame` is not called.
   */
  shared?: boolean | { name?: string; module?: string | URL };
  /** The WebSocket class, where there is no global one: that of the npm package `ws` in Node 20. */
  WebSocket?: unknown;
  /** Called with every frame. */
  onFrame?: (direction: "in" | "out", frame: string | Blob | ArrayBuffer | Uint8Array) => void;
}

/** An event as it is received. */
export interface HubbubEvent<T = any> {
  name: string;
  data: T;
  /** The server asks for an acknowledgement; the listener's result, or what its promise resolves to, is the answer. */
  id?: number | string;
  attachment?: Uint8Array;
  position?: string;
  /** When it was published, in milliseconds since 1970; only with events that were requested with `last` or `history`. */
  at?: number;
}

export type Attachment = Blob | ArrayBuffer | ArrayBufferView;

export interface EmitOptions {
  /** Milliseconds for everything, also waiting for a connection. */
  timeout?: number;
  signal?: AbortSignal;
  /** Within `keyAge`, the server publishes an event with the same key only once. */
  key?: string;
  attachment?: Attachment;
}

/**
 * - `not-sent`: the event never left this client. `unknown`: it did, and the connection was lost; it may have been handled.
 * - `timeout`: it was sent and not acknowledged in time. `aborted`: by the signal. `too-large`: for the server's limit.
 * - `closed`: the hub was closed. `token`: the token could not be renewed. `malformed`: a frame that is no event was received.
 * - `http-<status>`: a proxy has rejected a request. All other codes come from the server.
 */
export class HubbubError extends Error {
  constructor(code: string, message: string, details?: object);
  code: string;
  /** The status of the response that was an error. */
  status?: number;
  /** The room that could not be joined. */
  room?: string;
}

export interface Member {
  id: string;
  nick?: string;
  data?: any;
}

export type Listener<T = any> = (data: T, event: HubbubEvent<T>) => unknown;

export interface JoinOptions {
  nick?: string;
  /** Shown to the other members. */
  data?: any;
  /** The number of earlier events to be sent. */
  last?: number;
  [other: string]: unknown;
}

export interface Page {
  room: string;
  /** The oldest first. */
  events: HubbubEvent[];
  more: boolean;
}

export class Room {
  private constructor();
  readonly name: string;
  readonly state: "joining" | "joined" | "refused" | "left";
  /** Why it is `refused`. */
  readonly reason?: HubbubError;
  readonly nick?: string;
  /** By id; empty while the room is large. While there is no connection, the members that were there last. */
  readonly members: ReadonlyMap<string, Member>;
  readonly count: number;
  /** The client has returned. If `complete` is false, some of the events that it missed are gone. Never on a first join. */
  on(name: "recovered", listener: (result: { complete: boolean }) => unknown): () => void;
  on(name: "members", listener: (members: ReadonlyMap<string, Member>) => unknown): () => void;
  on(name: "state", listener: (state: Room["state"]) => unknown): () => void;
  /** An event of this room. If its name is one of those above, listen to `event:<name>`. */
  on(name: string, listener: Listener): () => void;
  once(name: string, listener: Listener): () => void;
  /** Removes a listener, or all of this name. */
  off(name: string, listener?: (...values: any[]) => unknown): void;
  /** Resolves when the room is joined, and rejects when it is refused or left. */
  ready(): Promise<Room>;
  /** Emits an event with this room in its data. */
  emit<T = any>(name: string, data?: object, options?: EmitOptions | Attachment): Promise<T>;
  /** Earlier events, up to a position. */
  history(page?: { before?: string; limit?: number }): Promise<Page>;
  leave(): Promise<void>;
}

export class Hub {
  constructor(url: string | URL, options?: Options);
  readonly state: State;
  /** The id of this client. It changes when the client returns too late. */
  readonly id?: string;
  readonly rooms: Room[];
  /** Joins a room, now and after each reconnection. Called again, it changes the nick and the data. */
  join(room?: string, options?: JoinOptions): Room;
  on(name: "state", listener: (state: State) => unknown): () => void;
  /** Something failed that no promise tells. */
  on(name: "problem", listener: (error: HubbubError) => unknown): () => void;
  /** An event of the server. If its name is one of those above, listen to `event:<name>`. Returns a function that removes the listener. */
  on(name: string, listener: Listener): () => void;
  once(name: string, listener: Listener): () => void;
  off(name: string, listener?: (...values: any[]) => unknown): void;
  /** Sends an event and waits for its acknowledgement. The promise may be ignored. Rejects with a {@link HubbubError}. */
  emit<T = any>(name: string, data?: any, options?: EmitOptions | Attachment): Promise<T>;
  /** Sends an event without asking for an acknowledgement. Returns false if there is no connection. */
  send(name: string, data?: any, attachment?: Attachment): boolean;
  /** Sends a frame unchanged, for experiments. */
  sendRaw(frame: string | Blob): boolean;
  /** Resolves when the connection is open, and rejects when the hub is closed. */
  ready(): Promise<void>;
  /** The time of a round trip, in milliseconds. */
  ping(timeout?: number): Promise<number>;
  /** Connects at once, or checks the connection if it is open. */
  reconnect(): void;
  /** Closes the connection, and does not reconnect until {@link Hub.reconnect}. */
  close(): void;
  /** Closes the connection for good, and removes all listeners. */
  dispose(): void;
}

export function connect(url: string | URL, options?: Options): Hub;

/** Decodes a frame of a WebSocket. */
export function decode(frame: string | ArrayBuffer): HubbubEvent;
