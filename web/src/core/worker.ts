// The core in its own thread. Of all tabs' Workers one holds the replica: the holder of a lock that the browser gives back
// when its tab goes. The others hand their pages' calls to it, and one of them takes its place.
import { Core } from './core';
import type { Fault } from './generated/api';
import type { Answer, Call, FromWorker, News } from './messages';
import { Syncs } from './syncs';

const LOCK = 'langnghe-replica';

type Among = Call | Answer | News;

const channel = new BroadcastChannel('langnghe');
/** This page's calls that have not been answered. */
const unanswered = new Map<string, Call>();
let core: Core | undefined;
let denied: Fault | undefined;
let syncs: Syncs | undefined;

function toPage(said: FromWorker): void {
  self.postMessage(said);
}

function toAll(news: News): void {
  toPage(news);
  channel.postMessage(news);
}

/** The program itself has failed: what was not committed is not there, and the page starts it anew. */
function died(error: unknown): void {
  toPage({ say: 'ended', line: String(error) });
  self.close();
}

async function answer(call: Call, held: Core): Promise<Answer> {
  try {
    const value = await held.do(call.name, call.body);
    return { say: 'answer', tab: call.tab, id: call.id, outcome: { ok: true, value } };
  } catch (error) {
    const fault = held.fault(error);
    if (!fault) {
      died(error);
      throw error;
    }
    return { say: 'answer', tab: call.tab, id: call.id, outcome: { ok: false, fault } };
  }
}

function key(of: { tab: string; id: number }): string {
  return `${of.tab}:${of.id}`;
}

self.onmessage = (message: MessageEvent<Call>) => {
  const call = message.data;
  if (core) {
    void answer(call, core).then(toPage);
  } else if (denied) {
    toPage({ say: 'answer', tab: call.tab, id: call.id, outcome: { ok: false, fault: denied } });
  } else {
    unanswered.set(key(call), call);
    channel.postMessage(call);
  }
};

channel.onmessage = (message: MessageEvent<Among>) => {
  const said = message.data;
  switch (said.say) {
    case 'call':
      if (core) void answer(said, core).then((done) => channel.postMessage(done));
      break;
    case 'answer':
      if (unanswered.delete(key(said))) toPage(said);
      break;
    case 'leader':
      // What was asked of the one before may not have been done: asked again under the same name it is done once.
      unanswered.forEach((call) => channel.postMessage(call));
      toPage(said);
      break;
    default:
      toPage(said);
  }
};

void navigator.locks.request(LOCK, async () => {
  try {
    core = await Core.open(toAll);
  } catch (error) {
    denied = Core.denied(error);
    toPage({ say: 'denied', fault: denied });
    unanswered.forEach((call) => {
      toPage({ say: 'answer', tab: call.tab, id: call.id, outcome: { ok: false, fault: denied as Fault } });
    });
    unanswered.clear();
    return;
  }
  syncs = new Syncs(core, toAll, died);
  core.afterward(() => syncs?.soon());
  toAll({ say: 'leader' });
  for (const call of unanswered.values()) toPage(await answer(call, core));
  unanswered.clear();
  // Held as long as this Worker lives.
  await new Promise(() => {});
});
