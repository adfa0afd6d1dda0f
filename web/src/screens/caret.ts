// Text that two people write: what one has typed meanwhile, carried over to what has become of it.

interface Difference {
  /** Where the texts part, and how much of the first goes. */
  from: number;
  gone: number;
  come: string;
}

function difference(before: string, after: string): Difference {
  const least = Math.min(before.length, after.length);
  let from = 0;
  while (from < least && before[from] === after[from]) from += 1;
  let end = 0;
  while (end < least - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from, gone: before.length - end - from, come: after.slice(from, after.length - end) };
}

/** Where the caret stands in `after` that stood at `caret` in `before`: moved by what has come or gone in front of it. */
export function caretAfter(before: string, after: string, caret: number): number {
  const { from, gone, come } = difference(before, after);
  if (caret <= from) return caret;
  // What it stood in has changed: at the end of what has come.
  return caret >= from + gone ? caret + come.length - gone : from + come.length;
}

/** `after` with what has been typed in `before` to make it `typed`. */
export function carriedOver(before: string, typed: string, after: string): string {
  if (typed === before) return after;
  const { from, gone, come } = difference(before, typed);
  const start = caretAfter(before, after, from);
  const end = Math.max(start, caretAfter(before, after, from + gone));
  return after.slice(0, start) + come + after.slice(end);
}
