// Every word on the screen, in the language that was chosen. Messages are Fluent's: plural forms and dates are the
// language's own.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { negotiateLanguages } from '@fluent/langneg';

import en from './en.ftl?raw';
import km from './km.ftl?raw';
import vi from './vi.ftl?raw';

export const LANGUAGES = { vi: 'Tiếng Việt', km: 'ភាសាខ្មែរ', en: 'English' } as const;
export type Language = keyof typeof LANGUAGES;

const RESOURCES: Record<Language, string> = { vi, km, en };
const KEPT = 'langnghe-language';

function bundleOf(language: Language): FluentBundle {
  const bundle = new FluentBundle(language === 'vi' ? 'vi-VN' : language, { useIsolating: false });
  const errors = bundle.addResource(new FluentResource(RESOURCES[language]));
  if (errors.length > 0) console.error(language, errors);
  return bundle;
}

function chosen(): Language {
  const kept = localStorage.getItem(KEPT);
  const wanted = kept ? [kept] : [...navigator.languages];
  const names = Object.keys(LANGUAGES);
  const [found] = negotiateLanguages(wanted, names, { defaultLocale: 'vi', strategy: 'lookup' });
  return (found ?? 'vi') as Language;
}

class Text {
  language = $state<Language>(chosen());
  #bundle = $derived(bundleOf(this.language));
  #own = bundleOf('vi');

  choose(language: Language): void {
    this.language = language;
    localStorage.setItem(KEPT, language);
    document.documentElement.lang = language;
  }

  /** A message. */
  say(id: string, values?: Record<string, FluentVariable>): string {
    for (const bundle of [this.#bundle, this.#own]) {
      const message = bundle.getMessage(id);
      if (message?.value) return bundle.formatPattern(message.value, values ?? null, []);
    }
    return id;
  }
}

export const text = new Text();
document.documentElement.lang = text.language;

/** A message in the language that was chosen. */
export function t(id: string, values?: Record<string, FluentVariable>): string {
  return text.say(id, values);
}

function locale(): string {
  return text.language === 'vi' ? 'vi-VN' : text.language;
}

/** A day as people write it: 03/11/2026. */
export function day(iso: string): string {
  const [year, month, date] = iso.slice(0, 10).split('-');
  return `${date}/${month}/${year}`;
}

/** A day and a time. The time is the tenant's, as the text has it, wherever the device is. */
export function moment(iso: string): string {
  return `${day(iso)} ${iso.slice(11, 16)}`;
}

/** A time as one says it today: 14:02, or with its day when that is another. */
export function when(iso: string, now: Date = new Date()): string {
  const then = new Date(iso);
  return then.toDateString() === now.toDateString() ? iso.slice(11, 16) : moment(iso);
}

/** A count. */
export function count(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}
