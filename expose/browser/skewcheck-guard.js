/**
 * Opens a WebSocket in the format of its contract, keeps it open, and tells "this page is old"
 * from "the server is down".
 *
 * Rules of this file: the token goes to the socket and nowhere else, so what the browser says of an
 * address or a subprotocol that it refuses is dropped; a page reloads at most once for each live
 * build; a build that nobody knows is neither equal to another nor different from it.
 */

/** @typedef {import("./skewcheck-guard.js").SocketOptions} SocketOptions */
/** @typedef {import("./skewcheck-guard.js").State} State */
/** @typedef {{code?: number, why: string}} End */

const WRONG_FORMAT = 4406;
const STEADY_MS = 5000; // a connection that lived for so long has not failed
const REASON_MS = 500;
const RELOADED = "skewcheck-guard.reloaded";
const MOST_REMEMBERED = 20;

/** @param {string} text */
function base64url(text) {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {any} value  @param {string} token  @returns {any} */
function filled(value, token) {
  if (typeof value === "string")
    return value.replace(/\{token(:base64url)?\}/g, (_, coded) => (coded ? base64url(token) : token));
  if (Array.isArray(value)) return value.map((each) => filled(each, token));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, token)]));
}

/** All that is wanted is there; lists match as a whole. @param {any} wanted  @param {any} value  @returns {boolean} */
function matches(wanted, value) {
  if (wanted === null || typeof wanted !== "object") return wanted === value;
  if (value === null || typeof value !== "object" || Array.isArray(wanted) !== Array.isArray(value)) return false;
  if (Array.isArray(wanted) && wanted.length !== value.length) return false;
  return Object.keys(wanted).every((key) => Object.hasOwn(value, key) && matches(wanted[key], value[key]));
}

/** @param {unknown} text */
function parsed(text) {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The commit that a text names, else empty. @param {unknown} text */
function commitOf(text) {
  const name = typeof text === "string" ? text.trim().toLowerCase().replace(/-dirty$/, "") : "";
  return /^(?!0+$)[0-9a-f]{40}$/.test(name) ? name : "";
}

/** What is thrown may hold the token, so nobody sees it. @template T  @param {() => T | Promise<T>} ask  @param {T} otherwise */
async function quietly(ask, otherwise) {
  try {
    return await ask();
  } catch {
    return otherwise;
  }
}

/** @param {string} url  @param {number} withinMs */
async function liveBuild(url, withinMs) {
  const signal = AbortSignal.timeout(withinMs);
  const answer = await fetch(url, { cache: "no-store", credentials: "same-origin", signal });
  return answer.ok ? commitOf((await answer.json())?.commit) : "";
}

/** Which live builds this tab was reloaded for; throws where that cannot be kept. @param {SocketOptions["storage"]} given */
function reloadsIn(given) {
  const storage = given === undefined ? globalThis.sessionStorage : given;
  if (!storage) throw new Error("no storage");
  const kept = parsed(storage.getItem(RELOADED));
  const reloads = Array.isArray(kept) ? kept.filter((each) => typeof each?.live === "string") : [];
  return {
    of: (/** @type {string} */ live) => reloads.find((each) => each.live === live),
    keep(/** @type {{live: string, load: number}} */ reload) {
      storage.setItem(RELOADED, JSON.stringify([...reloads, reload].slice(-MOST_REMEMBERED)));
      if (!matches(reload, parsed(storage.getItem(RELOADED))?.at(-1))) throw new Error("not kept");
    },
  };
}

/** Whether a token is needed; TypeError where no browser could speak that. @param {SocketOptions} options */
function check({ contract, token }) {
  if (!contract?.handshake || !contract.messages)
    throw new TypeError("skewcheck-guard: contract is none of contracts.json");
  const [name, place] = [`${contract.protocol} ${contract.version}`, contract.handshake.token_in];
  if (place === "authorization")
    throw new TypeError(
      `skewcheck-guard: ${name} wants the token in the Authorization header, which no page can set on` +
        " a WebSocket: move it into a subprotocol or the first message",
    );
  if (place === "none" || place.startsWith("cookie:")) return false;
  if (typeof token === "function") return true;
  throw new TypeError(`skewcheck-guard: ${name} wants a token: pass token: () => "…"`);
}

/** @param {SocketOptions} options  @param {string} secret */
function address({ url, contract, announce = true }, secret) {
  const where = new URL(url, globalThis.location?.href);
  where.protocol = where.protocol.replace(/^http/, "ws");
  where.hash = "";
  const parts = [where.search.slice(1)];
  const [protocol, version] = [contract.protocol, contract.version].map(encodeURIComponent);
  if (announce) parts.push(`skewcheck=${protocol}/${version}`);
  const name = /^query:(.+)$/.exec(contract.handshake.token_in)?.[1];
  if (name) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(secret)}`);
  where.search = parts.filter(Boolean).join("&");
  return where.href;
}

/** @param {SocketOptions} options  @returns {import("./skewcheck-guard.js").GuardedSocket} */
export function openSocket(options) {
  const needsToken = check(options);
  const { handshake, messages } = options.contract;
  const { welcomeWithinMs = 5000, versionUrl = "/version.json" } = options;
  const { firstMs = 500, mostMs = 30000 } = options.backoff ?? {};
  const meta = globalThis.document?.querySelector('meta[name="build-sha"]'); // by `skewcheck stamp`
  const page = commitOf(options.build ?? meta?.getAttribute("content"));
  const load = globalThis.performance?.timeOrigin ?? 0;
  const declined = new Set();
  let failures = 0;
  let closed = false;
  /** @type {State} */ let state = { state: "connecting" };
  /** @type {WebSocket | undefined} */ let socket;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;

  /** What the application does with it must not stop us. @param {((value: any) => void) | undefined} callback  @param {any} value */
  const tell = (callback, value) => {
    try {
      callback?.(value);
    } catch (error) {
      globalThis.reportError?.(error);
    }
  };

  /** @param {State} next */
  const become = (next) => {
    const isNews = JSON.stringify(next) !== JSON.stringify(state);
    state = next;
    if (isNews) tell(options.onState, next);
  };

  const again = () => {
    const longest = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 20));
    failures += 1;
    timer = setTimeout(connect, longest * (0.5 + Math.random() / 2));
  };

  /** At most once for a live build, and only where that can be remembered. @param {string} live */
  const reloadOnce = async (live) => {
    /** @param {string} why */
    const stay = (why) => become({ state: "page-is-old", page, live, reloading: false, why });
    const key = live || "unknown";
    try {
      const before = reloadsIn(options.storage).of(key);
      if (before && before.load !== load) return become({ state: "still-old", page, live });
      if (before) return stay("a reload was asked for already");
      const allowed = !declined.has(key) && (await quietly(() => options.beforeReload?.({ page, live }), false));
      if (allowed === false) declined.add(key);
      if (allowed === false) return stay("beforeReload did not allow it");
      if (closed) return;
      reloadsIn(options.storage).keep({ live: key, load });
    } catch {
      return stay("no storage to remember a reload in: reload by hand");
    }
    become({ state: "page-is-old", page, live, reloading: true });
    if (options.reload) options.reload();
    else globalThis.location.reload();
  };

  /** Finds out why no conversation came about. @param {End} end */
  const explain = async ({ code, why }) => {
    if (globalThis.navigator?.onLine === false) return become({ state: "offline" });
    const live = await quietly(() => liveBuild(versionUrl, welcomeWithinMs), "");
    if (closed) return;
    if (code === WRONG_FORMAT || (page && live && live !== page)) return reloadOnce(live);
    const isNo = code !== undefined && (code === 1008 || (code >= 4400 && code < 4500));
    become(isNo ? { state: "refused", why, code } : { state: "server-down", why, live });
  };

  const connect = async () => {
    clearTimeout(timer);
    timer = undefined;
    const secret = needsToken ? ((await quietly(() => options.token?.(), "")) ?? "") : "";
    if (closed) return;
    if (needsToken && !secret) become({ state: "refused", why: "token() gave none" });
    else if (attempt(secret)) return;
    else become({ state: "refused", why: "the browser refuses the address, or the token as a subprotocol" });
    again();
  };

  /** False where the browser does not even try. @param {string} secret */
  const attempt = (secret) => {
    /** @type {WebSocket} */ let ws;
    try {
      ws = socket = new WebSocket(address(options, secret), filled(handshake.subprotocols, secret));
    } catch {
      return false;
    }
    let welcomedAt = 0;
    let [agreed, isOver] = [false, false];
    /** @param {End} end */
    const over = async (end) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(patience);
      ws.close();
      if (closed) return;
      if (welcomedAt && Date.now() - welcomedAt >= STEADY_MS) failures = 0;
      if (welcomedAt) become({ state: "connecting", why: end.why });
      if (!welcomedAt || failures > 0 || end.code === WRONG_FORMAT) await explain(end);
      again();
    };
    const patience = setTimeout(() => over({ why: `no welcome within ${welcomeWithinMs} ms` }), welcomeWithinMs);
    const welcome = () => {
      welcomedAt = Date.now();
      clearTimeout(patience);
      become({ state: "open" });
      tell(options.onOpen, handle);
    };
    ws.onopen = () => {
      agreed = ws.protocol === filled(handshake.selected ?? "", secret);
      // Servers that refuse a browser accept first, because it shows a page nothing but close codes.
      if (!agreed) return void setTimeout(over, REASON_MS, { why: "the server selected another subprotocol" });
      for (const message of messages.opens_with) ws.send(JSON.stringify(filled(message, secret)));
      if (messages.welcome === null) welcome();
    };
    ws.onmessage = ({ data }) => {
      if (!agreed || isOver || closed) return;
      if (!welcomedAt && matches(messages.welcome, parsed(data))) welcome();
      tell(options.onMessage, data);
    };
    ws.onclose = ({ code }) => {
      const when = welcomedAt ? "" : " before the welcome";
      void over({ code, why: `${code === 1006 ? "the connection failed" : `closed with ${code}`}${when}` });
    };
    return true;
  };

  const wake = () => void (timer !== undefined && connect());
  globalThis.addEventListener?.("online", wake);
  const handle = {
    get state() {
      return state;
    },
    /** @param {Parameters<WebSocket["send"]>[0]} data */
    send(data) {
      if (state.state !== "open" || socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(data);
      return true;
    },
    close(code = 1000, reason = "") {
      closed = true;
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", wake);
      become({ state: "closed" });
      socket?.close(code, reason);
    },
  };
  tell(options.onState, state);
  void connect();
  return handle;
}
