// One officer, two tabs: both work on one replica, and one goes on when the other is closed.
import { assert, log, phone, scenario, sent, signIn, url } from './stage.mjs';

await scenario(async () => {
  const context = await phone('lan');
  const first = await context.newPage();
  await signIn(first, 'lan');
  const second = await context.newPage();
  await second.goto(`${url}/#/ghi`);
  await log(second, 'Từ cửa sổ thứ hai', { unit: '30904-vt' });

  // What one has done the other shows.
  await first.getByText('Từ cửa sổ thứ hai').waitFor();

  // The one that holds the replica goes while the other is at it.
  await second.locator('#text').fill('Ghi trong lúc cửa sổ kia đóng');
  await first.close();
  await second.locator('form .button.main').click();
  // The next word is typed before that is done: nothing of either is lost.
  await second.locator('#text').fill('Ghi khi chưa biết việc trước đã xong');
  await second.waitForFunction(() => document.querySelectorAll('form .button.main:enabled').length === 1);
  await second.locator('form .button.main').click();
  await log(second, 'Sau khi cửa sổ kia đóng');
  await sent(second);
  await second.goto(`${url}/#/don`);
  await second.getByText('Sau khi cửa sổ kia đóng').waitFor();
  assert.equal(await second.getByTestId('petitions').getByRole('listitem').count(), 4);
  await context.close();
});
