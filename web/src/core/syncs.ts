// When to sync: soon after something was done, when the network is back, when the server says that there is news, and now and
// then. One at a time.
import type { Core } from './core';
import type { News } from './messages';

/** What is done one after another goes up together. */
const SOON_MS = 400;
/** Without news: the server may have been put off by something on the way. */
const NOW_AND_THEN_MS = 5 * 60_000;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 5 * 60_000;

export class Syncs {
  #core: Core;
  #tell: (news: News) => void;
  #died: (error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;
  #retry = FIRST_RETRY_MS;

  /** `died`: the program itself has failed. */
  constructor(core: Core, tell: (news: News) => void, died: (error: unknown) => void) {
    this.#core = core;
    this.#tell = tell;
    this.#died = died;
    self.addEventListener('online', () => this.soon());
    this.soon();
  }

  /** Something waits to be sent, or is to be had. */
  soon(): void {
    if (this.#running) this.#again = true;
    else this.#in(SOON_MS);
  }

  #in(millis: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), millis);
  }

  async #run(): Promise<void> {
    if (this.#core.state().at !== 'open') {
      this.#in(NOW_AND_THEN_MS);
      return;
    }
    this.#running = true;
    this.#again = false;
    let next = NOW_AND_THEN_MS;
    try {
      this.#tell({ say: 'sync', state: { at: 'work', pulled: 0, pushed: 0 } });
      await this.#core.sync(({ pulled, pushed }) => {
        this.#tell({ say: 'sync', state: { at: 'work', pulled, pushed } });
      });
      this.#retry = FIRST_RETRY_MS;
      this.#tell({ say: 'sync', state: { at: 'rest' } });
    } catch (error) {
      const fault = this.#core.fault(error);
      if (!fault) {
        this.#died(error);
        return;
      }
      next = await this.#failed(fault.key, fault.line);
    } finally {
      this.#running = false;
      this.#tell({ say: 'changed' });
    }
    this.#in(this.#again ? SOON_MS : next);
  }

  /** Says what is so, and gives when to try again. */
  async #failed(key: string, line: string): Promise<number> {
    const after = this.#retry;
    this.#retry = Math.min(LAST_RETRY_MS, this.#retry * 2);
    if (key === 'offline' || key === 'cut') {
      this.#tell({ say: 'sync', state: { at: 'offline' } });
      return after;
    }
    if (key === 'revoked') {
      await this.#core.leave().catch((error: unknown) => {
        const fault = this.#core.fault(error);
        if (fault) this.#tell({ say: 'sync', state: { at: 'fault', fault } });
      });
      return after;
    }
    this.#tell({ say: 'sync', state: { at: 'fault', fault: { key, line } } });
    return after;
  }
}
