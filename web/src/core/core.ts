// The core's WASM as the Worker uses it: calls, and exchanges carried over fetch.
import init, { Carried, Core as Wasm } from '../../core/pkg/web.js';
import wasm from '../../core/pkg/web_bg.wasm?url';
import type { Fault } from './generated/api';
import type { Name, News } from './messages';

/** How the replica of this browser stands. */
export type State =
  | { at: 'none' }
  | { at: 'locked'; wait?: number; line?: string }
  | { at: 'open' }
  | { at: 'wiped' };

/** Calls beside the core's own: those that wait for the server, or come before there is a replica. */
export interface OwnCalls {
  state: { takes: Record<string, never>; gives: State };
  unlock: { takes: { pin: string }; gives: State };
  lock: { takes: Record<string, never>; gives: State };
  enrol: { takes: { code: string; pin: string | null }; gives: State };
  sync: { takes: Record<string, never>; gives: Record<string, never> };
  report: { takes: { path: string }; gives: unknown };
}

/** Which calls change what screens show. */
const READS = new Set<string>([
  'state', 'status', 'choices', 'petitions', 'petition', 'sessions', 'session', 'minutes', 'refused', 'drafts', 'report',
  'keep_draft', 'drop_draft', 'who',
]);

/** So long nothing may come: the line is dead then, though nobody has said so. */
const SILENCE_MS = 60_000;
/** So much of an answer is handed to the core at once: what a person does meanwhile waits for no more than this. */
const PIECE = 64 * 1024;

/** A fault of the core's, out of whatever was thrown; none where the program itself has failed. */
function faultOf(error: unknown): Fault | undefined {
  if (typeof error !== 'string') return undefined;
  try {
    const fault = JSON.parse(error) as Partial<Fault>;
    return typeof fault.key === 'string' && typeof fault.line === 'string' ? (fault as Fault) : undefined;
  } catch {
    return undefined;
  }
}

export class Core {
  #wasm: Wasm;
  #tell: (news: News) => void;
  #afterward = () => {};

  private constructor(wasm: Wasm, tell: (news: News) => void) {
    this.#wasm = wasm;
    this.#tell = tell;
  }

  /** Loads the core and takes hold of the files. */
  static async open(tell: (news: News) => void): Promise<Core> {
    await init({ module_or_path: wasm });
    // The tab before this one may not have let go of the files yet.
    for (let tries = 0; ; tries += 1) {
      try {
        const core = new Core(await Wasm.prepare(), tell);
        // Open from the start where no PIN is asked for: calls may be waiting.
        core.state();
        return core;
      } catch (error) {
        if (faultOf(error)?.key !== 'storage-held' || tries === 20) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  /** Why there can be no core here. */
  static denied(error: unknown): Fault {
    return faultOf(error) ?? { key: 'storage-denied', line: `trình duyệt không chạy được ứng dụng (${String(error)})` };
  }

  /** What is to be done after a call that has changed something. */
  afterward(then: () => void): void {
    this.#afterward = then;
  }

  fault(error: unknown): Fault | undefined {
    return faultOf(error);
  }

  /** Does a call. */
  async do(name: Name | keyof OwnCalls, body: unknown): Promise<unknown> {
    const done = await this.#do(name, body);
    if (!READS.has(name)) {
      this.#tell({ say: 'changed' });
      this.#afterward();
    }
    return done;
  }

  async #do(name: string, body: unknown): Promise<unknown> {
    switch (name) {
      case 'state':
        return this.state();
      case 'unlock':
        this.#wasm.unlock((body as OwnCalls['unlock']['takes']).pin);
        return this.state();
      case 'lock':
        this.#wasm.lock();
        return this.state();
      case 'enrol': {
        const { code, pin } = body as OwnCalls['enrol']['takes'];
        await this.carry(Carried.enrol(this.#wasm, self.location.origin, code, pin ?? undefined));
        return this.state();
      }
      case 'sync':
        this.#afterward();
        return {};
      case 'report': {
        const bytes = await this.carry(Carried.get((body as OwnCalls['report']['takes']).path));
        return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
      }
      default:
        return JSON.parse(this.#wasm.call(name, undefined, JSON.stringify(body))) as unknown;
    }
  }

  state(): State {
    return JSON.parse(this.#wasm.state()) as State;
  }

  /** One sync; `seen` is told how far it has come. */
  async sync(seen: (progress: { pushed: number; pulled: number }) => void): Promise<void> {
    const carried = Carried.sync(this.#wasm);
    await this.carry(carried, () => {
      const progress = carried.progress(this.#wasm);
      if (progress) seen((JSON.parse(progress) as { report: { pushed: number; pulled: number } }).report);
    });
  }

  /** Hands over what was not sent, and forgets everything: this device was shut out. */
  async leave(): Promise<void> {
    await this.carry(Carried.leave());
  }

  /** A signed POST that is not a sync. */
  async submit(path: string): Promise<unknown> {
    const bytes = await this.carry(Carried.submit(path));
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  }

  /** Carries an exchange to its end. */
  async carry(carried: Carried, piece: () => void = () => {}): Promise<Uint8Array> {
    try {
      for (;;) {
        const request = carried.next(this.#wasm);
        if (!request) return carried.outcome();
        await this.#exchange(carried, request, piece);
      }
    } finally {
      carried.free();
    }
  }

  async #exchange(carried: Carried, request: NonNullable<ReturnType<Carried['next']>>, piece: () => void): Promise<void> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), SILENCE_MS);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENCE_MS);
    };
    try {
      const told = request.headers();
      const headers = new Headers();
      for (let i = 0; i + 1 < told.length; i += 2) headers.set(told[i] as string, told[i + 1] as string);
      const body = request.body();
      let response: Response;
      try {
        response = await fetch(request.path(), {
          method: request.method(),
          headers,
          body: body ? new Uint8Array(body) : null,
          cache: 'no-store',
          credentials: 'omit',
          redirect: 'error',
          signal: silent.signal,
        });
      } catch (error) {
        carried.unreachable(this.#wasm, error instanceof Error ? error.name : 'fetch');
        return;
      }
      heard();
      carried.head(this.#wasm, response.status, [...response.headers].flat());
      carried.end(this.#wasm, await this.#body(carried, response, heard, piece));
    } finally {
      clearTimeout(timer);
      request.free();
    }
  }

  /** Hands over the body as it comes; gives whether it came to its end. */
  async #body(carried: Carried, response: Response, heard: () => void, piece: () => void): Promise<boolean> {
    const reader = response.body?.getReader();
    if (!reader) return true;
    for (;;) {
      let chunk: ReadableStreamReadResult<Uint8Array>;
      try {
        chunk = await reader.read();
      } catch {
        return false;
      }
      if (chunk.done) return true;
      heard();
      for (let at = 0; at < chunk.value.length; at += PIECE) {
        const more = carried.body(this.#wasm, chunk.value.subarray(at, at + PIECE));
        piece();
        if (!more) {
          await reader.cancel().catch(() => {});
          return true;
        }
        // Whoever has asked something meanwhile comes first.
        await new Promise((done) => setTimeout(done));
      }
    }
  }
}
