import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ask, cleanEnvironment, electronExecutable, launchEdition } from '../support/app/edition.ts';

const titles = { signer: 'Strongroom Signer', companion: 'Strongroom Companion' } as const;

for (const edition of ['signer', 'companion'] as const) {
  test(`${edition}: the window is named after its edition, and the page cannot rename it`, async ({}, information) => {
    const running = await launchEdition(edition);
    try {
      await running.page.evaluate(() => {
        document.title = 'Another program';
      });
      await running.page.waitForTimeout(100);
      expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => [window.getTitle(), window.isVisible()]))).toEqual([[titles[edition], true]]);
      expect(await ask(running.page, 'app.info', {})).toMatchObject({ ok: true, value: { edition, rehearsal: null, runtime: { official: expect.any(Boolean) } } });
      information.annotations.push({ type: 'start-up', description: `${Math.round(running.startedInMs)} ms` });
    } finally {
      await running.close();
    }
  });

  test(`${edition}: a second start on the same data shows the first and ends`, async () => {
    const running = await launchEdition(edition);
    try {
      const second = spawn(electronExecutable(), [resolve('dist', edition), `--user-data-dir=${running.userData}`], { env: cleanEnvironment(), stdio: 'ignore' });
      const status = await new Promise((resolve_) => second.on('close', resolve_));
      expect(status).toBe(0);
      expect(await ask(running.page, 'app.info', {})).toMatchObject({ ok: true });
    } finally {
      await running.close();
    }
  });

  test(`${edition}: a rehearsal keeps its data in its folder and says where the gap is`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strongroom-rehearsal-'));
    const running = await launchEdition(edition, { environment: { STRONGROOM_REHEARSAL: folder } });
    try {
      expect(await ask(running.page, 'app.info', {})).toMatchObject({ ok: true, value: { rehearsal: { gapFolder: join(folder, 'gap'), node: `practice://${join(folder, 'practice')}` } } });
      expect(await running.app.evaluate(({ app }) => app.getPath('userData'))).toBe(join(folder, `${edition}-app`));
      expect(existsSync(join(folder, `${edition}-app`))).toBe(true);
      const place = await running.app.evaluate(({ BrowserWindow, screen }) => ({ x: BrowserWindow.getAllWindows()[0]?.getBounds().x ?? -1, half: Math.floor(screen.getPrimaryDisplay().workArea.width / 2) }));
      expect(place.x).toBe(edition === 'companion' ? 0 : place.half);
    } finally {
      await running.close();
    }
  });
}

test('two editions run side by side', async () => {
  const signer = await launchEdition('signer');
  const companion = await launchEdition('companion');
  try {
    expect([await signer.page.evaluate(() => location.origin), await companion.page.evaluate(() => location.origin)]).toEqual(['app://signer', 'app://companion']);
  } finally {
    await signer.close();
    await companion.close();
  }
});

test('the Signer leaves no file outside its own folder in a start', async () => {
  const running = await launchEdition('signer');
  const home = process.env['HOME'] as string;
  try {
    expect(readdirSync(home).filter((name) => /strongroom|electron/i.test(name))).toEqual([]);
  } finally {
    await running.close();
  }
});
