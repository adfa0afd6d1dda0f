// What a page and its Worker say to each other, and Workers among themselves. What a call takes and gives is in
// generated/api.ts, written from the core's own types.
import type { OwnCalls } from './core';
import type { Api, Fault } from './generated/api';

/** Everything a page can ask: the core's calls and the Worker's own. */
export type Calls = Api & OwnCalls;
export type Name = keyof Calls;

/** A page asks something of the core. `tab` and `id` name the call among all tabs' calls. */
export interface Call {
  say: 'call';
  tab: string;
  id: number;
  name: Name;
  body: unknown;
}

/** What came of a call. */
export interface Answer {
  say: 'answer';
  tab: string;
  id: number;
  outcome: { ok: true; value: unknown } | { ok: false; fault: Fault };
}

/** Where a sync stands. `offline` is no fault: it is tried again by itself. */
export type SyncState =
  | { at: 'rest' }
  | { at: 'work'; pulled: number; pushed: number }
  | { at: 'offline' }
  | { at: 'fault'; fault: Fault };

/** Said to every page whenever it may show something else by it. */
export type News =
  | { say: 'changed' }
  | { say: 'sync'; state: SyncState }
  /** A Worker holds the replica now: whoever waits for an answer asks it. */
  | { say: 'leader' }
  /** There is no place for a replica in this browser. */
  | { say: 'denied'; fault: Fault }
  /** The core has ended; the page starts it again. */
  | { say: 'ended'; line: string };

export type FromWorker = Answer | News;
