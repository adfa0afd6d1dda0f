// A form's draft: kept in the replica while it is typed in, so that a page that is closed or killed loses nothing.
import { ask } from './client';

/** Within 300 ms what was typed is durable. */
const PAUSE_MS = 200;

export class Drafting<T extends object> {
  readonly #name: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest: T | undefined;
  /** Done one after another: a late writing must not come after a letting go. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.#name = name;
    addEventListener('visibilitychange', this.#now);
    addEventListener('pagehide', this.#now);
  }

  /** What was kept before; none where nothing was. */
  async found(): Promise<T | undefined> {
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
    this.#last = this.#last.then(() => ask('keep_draft', { name: this.#name, body }));
  };

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
    this.#now();
    removeEventListener('visibilitychange', this.#now);
    removeEventListener('pagehide', this.#now);
  }
}
