// The page's end of the core: calls that are answered, and news.
import type { Fault } from './generated/api';
import type { Answer, Call, Calls, FromWorker, Name, News } from './messages';

/** Why a call was not done; `line` is for people. */
export class Refused extends Error {
  constructor(readonly fault: Fault) {
    super(fault.line);
    this.name = 'Refused';
  }
}

interface Waiting {
  call: Call;
  done: (value: unknown) => void;
  failed: (refused: Refused) => void;
}

const tab = crypto.randomUUID();
const waiting = new Map<number, Waiting>();
const listeners = new Set<(news: News) => void>();
let worker: Worker | undefined;
let last = 0;
let restarts = 0;

/** So many times the core is started again after it has ended before the person is told. */
const MAX_RESTARTS = 3;

function start(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'langnghe' });
  started.onmessage = (message: MessageEvent<FromWorker>) => heard(message.data);
  started.onerror = (event) => heard({ say: 'ended', line: event.message });
  return started;
}

function heard(said: FromWorker): void {
  if (said.say === 'answer') {
    settle(said);
    return;
  }
  if (said.say === 'ended') {
    worker?.terminate();
    worker = undefined;
    restarts += 1;
    if (restarts <= MAX_RESTARTS) {
      // What was committed is there; what was not answered is asked again under the same name, and done once.
      worker = start();
      waiting.forEach(({ call }) => worker?.postMessage(call));
      return;
    }
  }
  listeners.forEach((listener) => listener(said));
}

function settle(answer: Answer): void {
  const waits = waiting.get(answer.id);
  if (!waits) return;
  waiting.delete(answer.id);
  if (answer.outcome.ok) waits.done(answer.outcome.value);
  else waits.failed(new Refused(answer.outcome.fault));
}

/** Asks the core. */
export function ask<N extends Name>(name: N, body: Calls[N]['takes']): Promise<Calls[N]['gives']> {
  worker ??= start();
  last += 1;
  const call: Call = { say: 'call', tab, id: last, name, body };
  return new Promise((done, failed) => {
    waiting.set(call.id, { call, done: done as (value: unknown) => void, failed });
    worker?.postMessage(call);
  });
}

/** Hears news until the function that is given back is called. */
export function onNews(listener: (news: News) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks for what a screen shows; where it cannot be had the screen stays as it is, and what is so is said elsewhere. */
export function show<N extends Name>(name: N, body: Calls[N]['takes'], shown: (given: Calls[N]['gives']) => void): void {
  ask(name, body)
    .then(shown)
    .catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      // Locked meanwhile, in another tab or by another's going: the screen for that comes.
      if (error.fault.key === 'closed') listeners.forEach((listener) => listener({ say: 'changed' }));
      else console.warn(name, error.fault.key);
    });
}
