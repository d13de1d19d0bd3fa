import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchEdition } from '../support/app/edition.ts';
import { picturesOfPdf, videoOf } from '../support/app/prints.ts';
import { newKey, passphrase, seedOrder, value } from '../support/app/sheets.ts';
import { pictureOfCodes } from '../support/pictures.ts';

/** The camera: off, unless a person scans; and what it shows is looked at in the host. Chromium's own fake camera stands in. */

const fakeCamera = (video: string): readonly string[] => ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${video}`];

/** Starts the camera as the page does. @returns the video's size, or the error's name */
const start = (page: Page, constraints: { readonly video?: object | boolean; readonly audio?: boolean } = { video: true }): Promise<string> =>
  page.evaluate(async (asked) => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(asked);
      const { width, height } = stream.getVideoTracks()[0]?.getSettings() ?? {};
      for (const track of stream.getTracks()) track.stop();
      return `${width} x ${height}`;
    } catch (error) {
      return (error as Error).name;
    }
  }, constraints);

function videoFile(picture: Parameters<typeof videoOf>[0]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'strongroom-camera-')), 'camera.y4m');
  writeFileSync(path, videoOf(picture));
  return path;
}

for (const edition of ['signer', 'companion'] as const) {
  test(`${edition}: the camera is refused until scanning begins, and again when it ends`, async () => {
    const running = await launchEdition(edition, { args: fakeCamera(videoFile(pictureOfCodes(['anything'], 10))) });
    const { page } = running;
    const cameras = (): Promise<string[]> => page.evaluate(async () => (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput').map(({ label }) => label));
    try {
      expect(await start(page)).toBe('NotAllowedError');
      expect((await cameras()).every((label) => label === '')).toBe(true);
      await value(page, 'camera.use', { on: true });
      expect(await start(page)).toMatch(/^\d+ x \d+$/);
      // Only the camera: there is nothing to listen to.
      expect(await start(page, { audio: true })).toBe('NotAllowedError');
      expect(await start(page, { audio: true, video: true })).toBe('NotAllowedError');
      await value(page, 'camera.use', { on: false });
      expect(await start(page)).toBe('NotAllowedError');
    } finally {
      await running.close();
    }
  });
}

for (const [edition, what, event] of [['signer', 'the screen is locked', 'lock-screen'], ['signer', 'the machine sleeps', 'suspend'], ['signer', 'the window loses the focus', 'blur'], ['signer', 'the window is minimised', 'minimize'], ['companion', 'the screen is locked', 'lock-screen'], ['companion', 'the window loses the focus', 'blur']] as const) {
  test(`${edition}: the camera is refused again when ${what}`, async () => {
    const running = await launchEdition(edition, { args: fakeCamera(videoFile(pictureOfCodes(['anything'], 10))) });
    try {
      await value(running.page, 'camera.use', { on: true });
      expect(await start(running.page)).toMatch(/^\d+ x \d+$/);
      await running.app.evaluate(({ BrowserWindow, powerMonitor }, name) => {
        if (name === 'lock-screen' || name === 'suspend') powerMonitor.emit(name);
        else BrowserWindow.getAllWindows()[0]?.emit(name);
      }, event);
      expect(await start(running.page)).toBe('NotAllowedError');
    } finally {
      await running.close();
    }
  });
}

test('signer: every other permission is refused, camera or not', async () => {
  const running = await launchEdition('signer', { args: fakeCamera(videoFile(pictureOfCodes(['anything'], 10))) });
  try {
    await value(running.page, 'camera.use', { on: true });
    const asked = await running.page.evaluate(async () => {
      const refused = async (attempt: () => Promise<unknown>): Promise<string> => attempt().then(() => 'granted', (error: Error) => error.name);
      return {
        screen: await refused(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
        clipboard: await refused(() => navigator.clipboard.readText()),
        notifications: await Notification.requestPermission(),
      };
    });
    expect(asked).toEqual({ screen: 'NotAllowedError', clipboard: 'NotAllowedError', notifications: 'denied' });
  } finally {
    await running.close();
  }
});

test('a printed seed sheet before the camera proves itself; what it says stays in the host', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'strongroom-camera-data-'));
  const path = join(userData, 'sheet.pdf');
  const first = await launchEdition('signer', { userData });
  let keyFileBase64: string;
  let words: readonly string[];
  try {
    const key = await newKey(first.page);
    ({ keyFileBase64, words } = key);
    const { job } = await value(first.page, 'sheet.prepare', seedOrder(key.keyHandle));
    await first.app.evaluate(({ dialog }, filePath) => void (dialog.showSaveDialog = async () => ({ canceled: false, filePath })), path);
    expect(await value(first.page, 'sheet.save', { job, part: 'secret', by: 'Ada' })).toEqual({ savedAs: path });
  } finally {
    await first.close();
  }
  const [picture] = picturesOfPdf(readFileSync(path), 130);
  if (picture === undefined) throw new Error('no page');
  const second = await launchEdition('signer', { userData, args: fakeCamera(videoFile(picture)) });
  try {
    const { keyHandle } = await value(second.page, 'key.unlock', { keyFileBase64, passphrase });
    const { job, sheets } = await value(second.page, 'sheet.prepare', seedOrder(keyHandle));
    await value(second.page, 'camera.use', { on: true });
    const frame = await second.page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1920 } } });
      const video = document.createElement('video');
      video.srcObject = stream;
      await video.play();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      const drawing = canvas.getContext('2d') as CanvasRenderingContext2D;
      drawing.drawImage(video, 0, 0);
      for (const track of stream.getTracks()) track.stop();
      const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
      let text = '';
      for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at] as number);
      return { width: canvas.width, height: canvas.height, lumaBase64: btoa(text) };
    });
    const state = await value(second.page, 'sheet.scan', { job, frame });
    expect(state).toMatchObject({ sheets: [{ sheetId: sheets[0].sheetId, read: ['seedqr'], missing: [], made: true, by: 'codes' }], foreign: 0, seen: 1 });
    for (const word of words) expect(JSON.stringify([state, sheets]).includes(`"${word}"`)).toBe(false);
    expect(JSON.stringify([state, sheets])).not.toMatch(/\d{48}/);
    const { sheets: kept } = await value(second.page, 'custody.list', {});
    expect(kept).toMatchObject([{ sheetId: sheets[0].sheetId, state: 'made', fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) }]);
  } finally {
    await second.close();
  }
});
