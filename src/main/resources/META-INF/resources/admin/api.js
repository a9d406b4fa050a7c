/** The interface of the server, see AdminServlet. */

const API = new URL("api/", import.meta.url);
const KEY = "hubbub-admin-key";

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function headers(more) {
  const key = sessionStorage.getItem(KEY);
  return key ? { ...more, Authorization: `Bearer ${key}` } : more;
}

async function request(path, init) {
  const response = await fetch(new URL(path, API), { ...init, headers: headers(init?.headers), cache: "no-store" });
  if (response.ok) return response.status === 204 ? undefined : response.json();
  const { message } = await response.json().catch(() => ({}));
  throw new ApiError(response.status, message ?? `status ${response.status}`);
}

export function read(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const query = new URLSearchParams(given);
  return request(given.length ? `${path}?${query}` : path);
}

export function change(path, data = {}, method = "POST") {
  return request(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
}

/** Uses a key from now on, until the tab is closed. */
export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

export async function logOut() {
  sessionStorage.removeItem(KEY);
  await change("session", {}, "DELETE").catch(() => {});
}
