/* Types of the SDK for apps in a Deskframe desk, version 1. */

export type ErrorCode =
  | "denied_scope" | "denied_user" | "invalid" | "stale_context" | "unsupported"
  | "rate_limited" | "too_large" | "busy" | "timeout" | "internal";

export class DeskError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which it may work. */
  readonly retryAfter?: number;
}

export interface Options {
  /** The origins of desks that may frame this page. Without them any desk may, and `hostOrigin` says which one did. */
  host?: string | string[];
  name?: string;
  version?: string;
  /** Whether Chatwoot's protocol is tried where the desk does not answer. True unless set. */
  fallback?: boolean;
}

export interface Context {
  conversation: Record<string, any>;
  contact: Record<string, any>;
  currentAgent: { id?: number; name?: string; email?: string };
  customAttributes: Record<string, any>[];
}

export interface Change {
  reason: "initial" | "conversation" | "update";
  /** Two steps deep: "conversation.status", "contact.email". */
  changed: string[];
}

export interface Env {
  theme: "light" | "dark";
  locale?: string;
  dir?: "ltr" | "rtl";
  time_zone?: string;
  reduced_motion?: boolean;
  viewport?: { width: number; height: number };
}

export interface App {
  client_id?: string;
  version?: string;
  title: string;
  placement: "side" | "tab" | "page" | "modal";
  frame: number;
}

export interface Granted {
  scopes: string[];
  actions: string[];
  features: string[];
  limits: Record<string, number>;
}

export interface Settings {
  app: App;
  granted: Granted;
}

type Stop = () => void;
type Params = Record<string, unknown>;
type Value = string | number | boolean | null;

export interface Desk {
  readonly mode: "native" | "chatwoot" | null;
  readonly hostOrigin: string;
  readonly session?: string;
  readonly host?: { name: string; origin: string };
  readonly app?: App;
  readonly granted?: Granted;
  readonly context: Context;
  readonly ctx?: string;
  readonly env: Env;
  readonly theme: "light" | "dark";
  readonly isVisible: boolean;

  onContext(listen: (context: Context, change: Change) => void): Stop;
  onEnv(listen: (env: Env) => void): Stop;
  onVisibility(listen: (visible: boolean) => void): Stop;
  /** An administrator has changed what this app is called or may do. */
  onSettings(listen: (settings: Settings) => void): Stop;
  /** The frame has more room or less. */
  onResize(listen: (viewport: { width: number; height: number }) => void): Stop;
  /** Each token that follows one which is about to end: for a page that stays open long. */
  onToken(listen: (token: string) => void): Stop;
  onTeardown(listen: () => void | Promise<void>): Stop;
  requestContext(): Promise<Context>;
  /** A signed token for your server: the last one, or a new one if that has less than twenty seconds left. */
  token(): Promise<string>;
  request(method: string, params?: Params, options?: { signal?: AbortSignal }): Promise<any>;

  reply: { insert(params: { text: string; at?: "cursor" | "append" | "replace" }): Promise<{ kind: "reply" }> };
  note: { insert(params: { text: string; at?: "cursor" | "append" | "replace" }): Promise<{ kind: "note" }> };
  toast(params: { message: string }): Promise<null>;
  confirm(params: { message: string }): Promise<{ confirmed: boolean }>;
  modal: { open(params: { url: string; title?: string }): Promise<{ result: any }>; close(params?: { result?: unknown }): Promise<null> };
  frame: { resize(params: { height: number }): Promise<{ height: number }> };
  badge: { set(params: { value: number | null }): Promise<null> };
  navigate(params: { conversation: number } | { contact: number } | { inbox: number }): Promise<null>;
  link: { open(params: { url: string }): Promise<null> };
  clipboard: { write(params: { text: string }): Promise<null> };
  download(params: { name: string; content: string }): Promise<{ saved: boolean }>;
  attributes: { set(params: { of: "contact" | "conversation"; values: Record<string, Value> }): Promise<{ attributes: Record<string, Value> }> };
  labels: { add(params: { labels: string[] }): Promise<any>; remove(params: { labels: string[] }): Promise<any> };
  status: { set(params: { status: "open" | "pending" | "resolved" | "snoozed"; snoozed_until?: number }): Promise<any> };
  assign(params: { agent: number | null }): Promise<{ agent: number | null }>;
  messages: { list(params?: { before?: number; limit?: number }): Promise<{ messages: Record<string, any>[]; before: number | null }> };
  state: { get(): Promise<any>; set(value: unknown): Promise<any> };
}

export function connect(options?: Options): Promise<Desk>;
