// No server, no page, no browser: what was typed is there, the app opens, petitions wait and arrive once.
import { assert, installed, log, phone, saysOfSending, scenario, sent, server, signIn, url } from './stage.mjs';

await scenario(async () => {
  let context = await phone('lan');
  let page = await context.newPage();
  await signIn(page, 'lan');
  await installed(page);

  // A page that is loaded again in the midst of a word.
  await page.getByRole('link', { name: 'Ghi ý kiến' }).click();
  await page.locator('#text:enabled').fill('Cầu ván ấp Vĩnh Thới mục hai nhịp');
  await page.waitForTimeout(400);
  await page.reload();
  await page.locator('#text:enabled').waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Cầu ván ấp Vĩnh Thới mục hai nhịp');

  // The server goes, then the whole browser.
  await server.stop();
  await log(page, 'Cầu ván ấp Vĩnh Thới mục hai nhịp', { unit: '30904-vt' });
  await page.locator('#text').fill('Kênh cạn nước');
  await page.waitForTimeout(400);
  await context.close();

  // Opened cold, from what lies in the browser alone.
  context = await phone('lan');
  page = await context.newPage();
  await page.goto(`${url}/#/ghi`);
  await page.locator('#text:enabled').waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Kênh cạn nước');
  await saysOfSending(page, /1 chưa gửi/);
  await log(page, 'Kênh cạn nước');
  await saysOfSending(page, /2 chưa gửi/);
  await page.getByRole('link', { name: 'Đơn', exact: true }).click();
  await page.getByTestId('petitions').getByText('chưa gửi').first().waitFor();
  assert.equal(await page.getByTestId('petitions').getByRole('listitem').count(), 2);

  // The network is back.
  await server.start();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.goto(`${url}/#/gui`);
  await page.getByRole('button', { name: 'Gửi và nhận ngay' }).click();
  await sent(page);
  await context.close();
});
