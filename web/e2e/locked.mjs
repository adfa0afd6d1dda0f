// Another tab locks the replica while something is being typed: once it is opened again the words are there, and go on being kept.
import { assert, phone, scenario, signIn, url } from './stage.mjs';

const PIN = 'ben do cu';

await scenario(async () => {
  const context = await phone('lan');
  const first = await context.newPage();
  await signIn(first, 'lan');
  await first.goto(`${url}/#/cai-dat`);
  await first.locator('#pin').fill(PIN);
  await first.locator('#again').fill(PIN);
  await first.getByRole('button', { name: 'Lưu' }).click();
  await first.getByText('Đã đặt mã PIN').waitFor();

  const second = await context.newPage();
  await second.goto(`${url}/#/ghi`);
  // The lock comes before the last words are durable.
  await second.locator('#text:enabled').fill('Trước khi khoá');
  await first.getByRole('button', { name: 'Khoá máy này' }).click();
  await second.getByRole('heading', { name: 'Máy đang khoá' }).waitFor();

  await second.locator('#pin').fill('không phải mã này');
  await second.getByRole('button', { name: 'Mở khoá' }).click();
  await second.getByRole('alert').waitFor();
  await second.locator('#pin').fill(PIN);
  await second.getByRole('button', { name: 'Mở khoá' }).click();
  await second.locator('#text:enabled').waitFor();
  assert.equal(await second.locator('#text').inputValue(), 'Trước khi khoá');
  await second.locator('#text').fill('Trước khi khoá, và sau đó');
  await second.waitForTimeout(400);
  await second.reload();
  await second.locator('#text:enabled').waitFor();
  assert.equal(await second.locator('#text').inputValue(), 'Trước khi khoá, và sau đó');
  await context.close();
});
