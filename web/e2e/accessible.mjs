// Every screen, on a phone and on a desk, light and dark: nothing serious that keeps anybody out.
import { createRequire } from 'node:module';

import { assert, log, phone, scenario, signIn, url } from './stage.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

async function check(page, screen) {
  // Beside the page's own policy: what is put in here is not the page's.
  await page.evaluate(await (await import('node:fs/promises')).readFile(axe, 'utf8'));
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  const bad = found.violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${screen}: ${one.id} ${one.nodes.map((node) => node.html).join(' | ')}`);
  assert.deepEqual(bad, []);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `${screen} is ${wider} px wider than the window`);
}

await scenario(async () => {
  const context = await phone('lan');
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('#code').waitFor();
  await check(page, 'sign-in');
  await signIn(page, 'lan');
  await page.goto(`${url}/#/buoi/moi`);
  await page.locator('#unit').selectOption('30904-vt');
  await check(page, 'open a session');
  await page.locator('form .button.main').click();
  await page.waitForURL(/#\/ghi\//);
  const code = await log(page, 'Đường vào ấp Vĩnh Thới ngập sâu sau mưa, học sinh phải lội');
  for (const [width, height] of [[360, 740], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const place of ['/', '/ghi', '/don', `/don/${code}`, '/buoi', '/gui', '/cai-dat']) {
        await page.goto(`${url}/#${place}`);
        await page.locator('h1').waitFor();
        await page.waitForTimeout(200);
        await check(page, `${place} ${width} ${colorScheme}`);
      }
    }
  }
  await page.getByRole('link', { name: 'Buổi' }).click();
  await page.getByRole('link', { name: /Đối thoại/ }).first().click();
  await page.locator('#minutes').waitFor();
  await check(page, 'session');
  await context.close();
});
