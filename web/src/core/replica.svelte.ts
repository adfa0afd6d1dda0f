// What every screen shares of the replica: how it stands, what waits, and a number that moves when anything has changed.
import { ask, onNews } from './client';
import type { State } from './core';
import type { Fault, StatusView } from './generated/api';
import type { SyncState } from './messages';

class Shared {
  /** None until the core has answered. */
  state = $state<State>();
  status = $state<StatusView>();
  sync = $state<SyncState>({ at: 'rest' });
  /** There is no place for a replica here. */
  denied = $state<Fault>();
  /** The core has ended more often than is good. */
  ended = $state(false);
  /** Moves with every change: whoever shows records reads it, and asks again. */
  changes = $state(0);

  async look(): Promise<void> {
    const state = await ask('state', {});
    if (state.at === 'open') this.status = await ask('status', {});
    else this.status = undefined;
    this.state = state;
    this.changes += 1;
  }

  constructor() {
    let waiting = false;
    onNews((news) => {
      switch (news.say) {
        case 'changed':
        case 'leader':
          // Many changes come together: looked at once.
          if (waiting) return;
          waiting = true;
          setTimeout(() => {
            waiting = false;
            this.look().catch((error: unknown) => console.error(error));
          }, 30);
          break;
        case 'sync':
          this.sync = news.state;
          break;
        case 'denied':
          this.denied = news.fault;
          break;
        case 'ended':
          this.ended = true;
      }
    });
  }
}

export const shared = new Shared();
