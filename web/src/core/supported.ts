// What the app cannot do without, asked for before anything is started.

/** The words (message ids) of what this browser lacks; nothing where all is there. */
export function missing(): string[] {
  const needs: [string, boolean][] = [
    ['lacks-secure', window.isSecureContext],
    ['lacks-storage', !!navigator.storage && 'getDirectory' in navigator.storage],
    ['lacks-locks', 'locks' in navigator],
    ['lacks-wasm', typeof WebAssembly === 'object'],
    ['lacks-worker', typeof Worker === 'function' && typeof BroadcastChannel === 'function'],
  ];
  return needs.filter(([, there]) => !there).map(([word]) => word);
}
