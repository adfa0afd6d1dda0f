// A form's draft: kept in the replica while it is typed in, so that a page that is closed or killed loses nothing.
import { ask } from './client';

/** Within 300 ms what was typed is durable. */
const PAUSE_MS = 200;
/** What could not be kept (storage that is full, a replica that is locked) is tried again after so long. */
const AGAIN_MS = 2_000;

/** What could not be kept when its screen went, as when another tab locked the replica: the screen finds it when it comes back. */
const left = new Map<string, unknown>();

export class Drafting<T extends object> {
  readonly #name: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest: T | undefined;
  #gone = false;
  /** Done one after another: a late writing must not come after a letting go. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.#name = name;
    addEventListener('visibilitychange', this.#now);
    addEventListener('pagehide', this.#now);
  }

  /** What was kept before; none where nothing was. */
  async found(): Promise<T | undefined> {
    const waits = left.get(this.#name) as T | undefined;
    left.delete(this.#name);
    if (waits) return waits;
    const drafts = await ask('drafts', {});
    return drafts.find((draft) => draft.name === this.#name)?.body as T | undefined;
  }

  /** The form reads so now. */
  typed(body: T): void {
    this.#latest = body;
    this.#timer ??= setTimeout(this.#now, PAUSE_MS);
  }

  readonly #now = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const body = this.#latest;
    if (!body) return;
    this.#latest = undefined;
    this.#last = this.#last.then(() => this.#keep(body));
  };

  /** Never fails, or nothing typed after it would be kept: what could not be kept waits, unless more was typed. */
  async #keep(body: T): Promise<void> {
    try {
      await ask('keep_draft', { name: this.#name, body });
    } catch {
      if (this.#gone) {
        left.set(this.#name, body);
        return;
      }
      this.#latest ??= body;
      this.#timer ??= setTimeout(this.#now, AGAIN_MS);
    }
  }

  /** What is typed next is another matter: this begins it. */
  async replace(body: T): Promise<void> {
    this.#latest = body;
    this.#now();
    await this.#last;
  }

  /** The form was given up or filed. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#latest = undefined;
    await this.#last;
    await ask('drop_draft', { name: this.#name });
  }

  /** The screen goes. */
  leave(): void {
    this.#gone = true;
    this.#now();
    removeEventListener('visibilitychange', this.#now);
    removeEventListener('pagehide', this.#now);
  }
}
