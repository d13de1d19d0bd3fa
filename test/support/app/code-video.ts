import type { ElectronApplication, Page } from '@playwright/test';
import type { GreyPicture } from '../pictures.ts';

/** A part of a window as Electron painted it. */
async function painted(app: ElectronApplication, rectangle: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): Promise<GreyPicture> {
  const { width, height, luma } = await app.evaluate(async ({ BrowserWindow }, part) => {
    const image = await (BrowserWindow.getAllWindows()[0] as Electron.BrowserWindow).webContents.capturePage(part);
    const size = image.getSize();
    const bitmap = image.toBitmap();
    // Blue, green, red, alpha; the page is black and white here.
    const grey = Buffer.alloc(size.width * size.height);
    for (let at = 0; at < grey.length; at += 1) grey[at] = bitmap[at * 4 + 1] as number;
    return { ...size, luma: grey.toString('base64') };
  }, rectangle);
  return { width, height, luma: new Uint8Array(Buffer.from(luma, 'base64')) };
}

/** Steps through codes that a window shows and takes a picture of each, from the one in view on. */
export async function codesOnScreen(app: ElectronApplication, page: Page, count: number): Promise<readonly GreyPicture[]> {
  const code = page.locator('svg.code');
  const position = page.locator('[data-position]');
  const box = await code.boundingBox();
  if (box === null) throw new Error('no code is shown');
  const rectangle = { x: Math.floor(box.x), y: Math.floor(box.y), width: Math.ceil(box.width), height: Math.ceil(box.height) };
  const pictures: GreyPicture[] = [];
  for (let taken = 0; taken < count; taken += 1) {
    const before = Number(await position.getAttribute('data-position'));
    // Twice: the first picture of the screen after a change may be the last one of what was before.
    await page.evaluate(() => new Promise<void>((done) => { requestAnimationFrame(() => requestAnimationFrame(() => done())); }));
    pictures.push(await painted(app, rectangle));
    if (taken === count - 1) break;
    await page.getByRole('button', { name: 'Next code', exact: true }).click();
    await page.locator(`[data-position="${before + 1}"]`).waitFor();
  }
  return pictures;
}

/** Numbers from 0 to 1 that are the same in every run. */
export function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface VideoOptions {
  readonly width: number;
  readonly height: number;
  readonly perSecond: number;
  /** Share of the codes that the camera does not see: grey instead. */
  readonly lost: number;
  readonly seed: number;
}

/** A video for Chromium's fake camera: a code a picture, greyer than a screen's and with a sensor's noise. It begins again at its end. */
export function videoOfCodes(codes: readonly GreyPicture[], { width, height, perSecond, lost, seed }: VideoOptions): Uint8Array {
  const chance = chanceOf(seed);
  const noise = Int8Array.from({ length: 4096 }, () => Math.round((chance() + chance() + chance() - 1.5) * 16));
  const colour = Buffer.alloc((width * height) / 2, 128);
  const frames = codes.flatMap((code) => {
    const y = Buffer.alloc(width * height, 150);
    if (chance() >= lost) {
      const [left, top] = [(width - code.width) >> 1, (height - code.height) >> 1];
      for (let row = 0; row < code.height; row += 1) {
        for (let column = 0; column < code.width; column += 1) y[(top + row) * width + left + column] = 40 + ((code.luma[row * code.width + column] as number) * 180) / 255;
      }
    }
    const from = Math.floor(chance() * 4096);
    for (let at = 0; at < y.length; at += 1) y[at] = (y[at] as number) + (noise[(from + at + (at >> 7)) & 4095] as number);
    return [Buffer.from('FRAME\n'), y, colour];
  });
  return new Uint8Array(Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F${perSecond}:1 Ip A1:1 C420mpeg2\n`), ...frames]));
}
