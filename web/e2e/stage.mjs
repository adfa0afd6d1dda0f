// What the scenarios share: a browser with a profile of its own, and the other side, which holds the server.
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

export { assert };
export const url = process.env.LANGNGHE_URL;

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Asks the side that holds the server. */
async function other(asked) {
  process.stdout.write(`@@ ${JSON.stringify(asked)}\n`);
  const { value } = await answers.next();
  return JSON.parse(value);
}

export const server = {
  /** A sign-in code. */
  code: (user) => other({ do: 'code', user }),
  /** As a power cut would. */
  stop: () => other({ do: 'stop' }),
  start: () => other({ do: 'start' }),
};

const faults = [];

/** What the pages say of themselves is shown with a failure; a script that fails is one. */
function heed(context) {
  context.on('page', (page) => {
    page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/ERR_|Failed to load resource/.test(message.text())) {
        faults.push(`console: ${message.text()}`);
      }
    });
  });
  return context;
}

/** A browser on a phone; `profile`: opened again with the same name it is the same phone. */
export async function phone(profile, { width = 360, height = 740 } = {}) {
  const context = await chromium.launchPersistentContext(`${process.env.LANGNGHE_PROFILE}/${profile}`, {
    executablePath: process.env.LANGNGHE_CHROMIUM,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
    viewport: { width, height },
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
  });
  context.setDefaultTimeout(30_000);
  return heed(context);
}

/** Signs in by a link, as it comes with a code. */
export async function signIn(page, user) {
  await page.goto(`${url}/#/vao/${await server.code(user)}`);
  await page.locator('button.main').click();
  await page.getByRole('link', { name: 'Ghi ý kiến' }).waitFor();
}

/** Waits until everything the app is made of lies in the browser. */
export async function installed(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Takes down what somebody says; the screen stays for the next. */
export async function log(page, text, { unit } = {}) {
  const before = await page.locator('.filed').innerText();
  await page.locator('#text:enabled').fill(text);
  if (unit) await page.locator('#unit').selectOption(unit);
  await page.locator('form .button.main:enabled').click();
  await page.waitForFunction(
    (before) => {
      const said = document.querySelector('.filed')?.textContent ?? '';
      return said.includes('Đã ghi:') && said !== before;
    },
    before,
  );
  return (await page.locator('.filed').innerText()).replace('Đã ghi: ', '').trim();
}

/** Waits until the line that is always in sight says so. */
export async function saysOfSending(page, words) {
  await page.getByTestId('sending-line').filter({ hasText: words }).waitFor();
}

/** Waits until the server has everything. */
export async function sent(page) {
  await page.waitForFunction(
    () => !/chưa gửi/.test(document.querySelector('[data-testid=sending-line]')?.textContent ?? 'chưa gửi'),
    null,
    { timeout: 60_000 },
  );
}

/** Plays a scenario; whatever goes wrong ends it. */
export async function scenario(play) {
  try {
    await play();
    assert.deepEqual(faults, []);
    process.exit(0);
  } catch (error) {
    console.log(error);
    for (const fault of faults) console.log(fault);
    process.exit(1);
  }
}
