/** One entry of contracts.json, or of the module that `skewcheck stamp --module` writes. */
export interface Contract {
  protocol: string;
  version: string;
  accepts?: string;
  fingerprint?: string;
  formats?: Record<string, string>;
  handshake: {
    /** Offered in this order; `{token}` and `{token:base64url}` are filled in. */
    subprotocols: string[];
    /** What the server must answer with; null if it must select none. */
    selected: string | null;
    /** subprotocol | cookie:NAME | query:NAME | first-message | none; browsers cannot set authorization. */
    token_in: string;
  };
  messages: {
    /** Sent unasked, as soon as the socket is open. */
    opens_with: Record<string, unknown>[];
    /** A subset of the message that makes a connection a conversation; null: opening is enough. */
    welcome: Record<string, unknown> | null;
  };
}

/** What goes on. `page` and `live` are commits; empty where nobody knows. */
export type State =
  | { state: "connecting"; why?: string }
  | { state: "open" }
  /** Another build is live, and this page cannot talk. `reloading: false` says in `why` what keeps it. */
  | { state: "page-is-old"; page: string; live: string; reloading: boolean; why?: string }
  /** The reload brought an old page again: some cache is stale. It does not reload once more. */
  | { state: "still-old"; page: string; live: string }
  /** No conversation, and nothing says that the page is to blame. Tried again and again. */
  | { state: "server-down"; live: string; why: string }
  /** The server said no (1008, 44xx), or there was no token to ask with. Tried again and again. */
  | { state: "refused"; why: string; code?: number }
  /** The browser has no network; tried at once when it has one. */
  | { state: "offline" }
  | { state: "closed" };

export interface SocketOptions {
  /** ws(s) or http(s), or a path of the page's own host. */
  url: string | URL;
  contract: Contract;
  /** Asked anew for each connection. */
  token?: () => string | null | undefined | Promise<string | null | undefined>;
  /** The page's own commit. Default: the page's `<meta name="build-sha">`. */
  build?: string;
  /** Where the live frontend says its commit. Default: /version.json */
  versionUrl?: string;
  /** Whether `skewcheck=chat/2.1` goes into the query, for the server to read. Default: true */
  announce?: boolean;
  /** Default: 5000 */
  welcomeWithinMs?: number;
  /** How long to wait after the first failure, and at most. Default: 500 and 30000 */
  backoff?: { firstMs?: number; mostMs?: number };
  /** After the welcome, each time a connection is made. */
  onOpen?: (socket: GuardedSocket) => void;
  /** Every message as it came, the welcome included. */
  onMessage?: (data: any) => void;
  onState?: (state: State) => void;
  /** Return false, or a promise of it, to keep the page as it is; asked once for each live build. */
  beforeReload?: (builds: { page: string; live: string }) => boolean | void | Promise<boolean | void>;
  /** Default: location.reload() */
  reload?: () => void;
  /** Where reloads are remembered. Default: sessionStorage; null: nowhere, so it never reloads. */
  storage?: Pick<Storage, "getItem" | "setItem"> | null;
}

export interface GuardedSocket {
  readonly state: State;
  /** False where no conversation is open; nothing is kept for later. */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): boolean;
  /** For good. */
  close(code?: number, reason?: string): void;
}

/** Throws a TypeError at once where no browser could ever open the socket in this contract's format. */
export function openSocket(options: SocketOptions): GuardedSocket;
