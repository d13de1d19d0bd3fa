import type { WebContents } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCameraGate, type CameraGate, type PermissionDetails } from '../../../electron/shell/camera-gate.ts';

const pageAt = (url: string) => ({ getURL: () => url }) as unknown as WebContents;
const page = pageAt('app://signer/index.html');
const asked: PermissionDetails = { isMainFrame: true, requestingUrl: 'app://signer/index.html', mediaTypes: ['video'] };
const checked: PermissionDetails = { isMainFrame: true, mediaType: 'video' };

let present: WebContents | null;
let gate: CameraGate;
beforeEach(() => {
  present = page;
  gate = createCameraGate(() => present, 'app://signer');
});

test('the camera is off until it is switched on, and off again', () => {
  expect([gate.grants(page, 'media', asked), gate.checks(page, 'media', 'app://signer', checked)]).toEqual([false, false]);
  gate.use(true);
  expect([gate.grants(page, 'media', asked), gate.checks(page, 'media', 'app://signer', checked)]).toEqual([true, true]);
  gate.use(false);
  expect([gate.grants(page, 'media', asked), gate.checks(page, 'media', 'app://signer', checked)]).toEqual([false, false]);
});

describe('while it is on', () => {
  beforeEach(() => gate.use(true));

  test.each([
    ['another permission', () => gate.grants(page, 'geolocation', asked)],
    ['sound', () => gate.grants(page, 'media', { ...asked, mediaTypes: ['audio'] })],
    ['sound and picture', () => gate.grants(page, 'media', { ...asked, mediaTypes: ['video', 'audio'] })],
    ['nothing in particular', () => gate.grants(page, 'media', { ...asked, mediaTypes: [] })],
    ['a frame in the page', () => gate.grants(page, 'media', { ...asked, isMainFrame: false })],
    ['another origin', () => gate.grants(page, 'media', { ...asked, requestingUrl: 'app://signer.evil/index.html' })],
    ['another window', () => gate.grants(pageAt('app://signer/index.html'), 'media', asked)],
    ['nobody', () => gate.grants(null, 'media', asked)],
    ['checking for sound', () => gate.checks(page, 'media', 'app://signer/', { ...checked, mediaType: 'audio' })],
    ['checking for another origin', () => gate.checks(page, 'media', 'https://example.org', checked)],
    ['checking from a frame', () => gate.checks(page, 'media', 'app://signer', { ...checked, isMainFrame: false })],
    ['checking another permission', () => gate.checks(page, 'notifications', 'app://signer', checked)],
  ])('refused: %s', (_name, attempt) => {
    expect(attempt()).toBe(false);
  });

  test('refused: a page that went elsewhere, and a window that is gone', () => {
    present = pageAt('about:blank');
    expect(gate.grants(present, 'media', asked)).toBe(false);
    present = null;
    expect(gate.grants(page, 'media', asked)).toBe(false);
  });
});
