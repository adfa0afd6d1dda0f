// Where the person is: the part of the address behind #. It names screens and short codes, never anybody's words.

export type Route =
  | { at: 'home' }
  | { at: 'log'; session?: string }
  | { at: 'list' }
  | { at: 'petition'; code: string }
  | { at: 'sessions' }
  | { at: 'session'; id: string }
  | { at: 'open-session' }
  | { at: 'sending' }
  | { at: 'settings' };

function read(hash: string): Route {
  const [first, second] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  switch (first) {
    case 'ghi':
      return second ? { at: 'log', session: second } : { at: 'log' };
    case 'don':
      return second ? { at: 'petition', code: second } : { at: 'list' };
    case 'buoi':
      if (second === 'moi') return { at: 'open-session' };
      return second ? { at: 'session', id: second } : { at: 'sessions' };
    case 'gui':
      return { at: 'sending' };
    case 'cai-dat':
      return { at: 'settings' };
    default:
      return { at: 'home' };
  }
}

/** A route's address. */
export function address(route: Route): string {
  switch (route.at) {
    case 'home':
      return '#/';
    case 'log':
      return route.session ? `#/ghi/${route.session}` : '#/ghi';
    case 'list':
      return '#/don';
    case 'petition':
      return `#/don/${route.code}`;
    case 'sessions':
      return '#/buoi';
    case 'session':
      return `#/buoi/${route.id}`;
    case 'open-session':
      return '#/buoi/moi';
    case 'sending':
      return '#/gui';
    case 'settings':
      return '#/cai-dat';
  }
}

class Place {
  route = $state<Route>(read(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.route = read(location.hash);
      // Whoever reads by ear or by keyboard begins at the new screen's heading.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus());
      scrollTo(0, 0);
    });
  }

  go(route: Route): void {
    location.hash = address(route);
  }
}

export const place = new Place();
