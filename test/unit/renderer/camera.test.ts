import { expect, test } from 'vitest';
import { cameraSession, type CameraWorld, type OpenCamera } from '../../../renderer/camera/camera-session.ts';
import { cameraOff, cameraTransition, troubleOf, troubleWords, type CameraEvent, type CameraState } from '../../../renderer/camera/camera-state.ts';
import { lumaOf, sizeToTake } from '../../../renderer/camera/luma.ts';
import type { WireError } from '../../../src/host/contract.ts';

const picture = { width: 16, height: 16, luma: new Uint8Array(256) };
const refusal: WireError = { code: 'host.bad-request', message: 'm', details: {}, hint: 'h' };

interface Fake extends CameraWorld {
  readonly allowed: boolean[];
  readonly opened: { closed: boolean; gone: () => void }[];
  readonly looks: { done: () => void }[];
  state: CameraState;
}

/** A world in which every wait ends at once and every look ends when the test says so. */
function fakeWorld(part: Partial<CameraWorld> = {}): Fake {
  const world: Fake = {
    allowed: [], opened: [], looks: [], state: cameraOff,
    allow: async (on) => { world.allowed.push(on); return null; },
    open: async (_deviceId, onGone): Promise<OpenCamera> => {
      const camera = { closed: false, gone: onGone };
      world.opened.push(camera);
      return { devices: [{ deviceId: 'a', name: 'Camera' }], deviceId: 'a', take: () => picture, next: () => Promise.resolve(), close: () => { camera.closed = true; } };
    },
    look: () => new Promise<void>((done) => { world.looks.push({ done }); }),
    pace: 'page',
    wait: () => new Promise((done) => { setTimeout(done, 0); }),
    send: (event: CameraEvent) => { world.state = cameraTransition(world.state, event); },
    ...part,
  };
  return world;
}

const settled = (): Promise<void> => new Promise((done) => { setTimeout(done, 5); });

test('the host is asked before the camera is opened, and told when it is closed', async () => {
  const order: string[] = [];
  const world = fakeWorld();
  const session = cameraSession({ ...world, allow: async (on) => { order.push(`allow ${on}`); return null; }, open: async (...args) => { order.push('open'); return world.open(...args); } });
  void session.start(null);
  await settled();
  await session.stop();
  expect(order).toEqual(['allow true', 'open', 'allow false']);
  expect(world.opened.map(({ closed }) => closed)).toEqual([true]);
  expect(world.state).toEqual({ stage: 'off' });
});

test('the next picture is taken only after the last one was looked at', async () => {
  const world = fakeWorld();
  const session = cameraSession(world);
  void session.start(null);
  await settled();
  await settled();
  expect(world.looks).toHaveLength(1);
  world.looks[0]?.done();
  await settled();
  expect(world.looks).toHaveLength(2);
  expect(world.state).toMatchObject({ stage: 'live', looks: 1 });
  await session.stop();
});

test('a camera that comes up after it was stopped is closed at once and not shown', async () => {
  const late: { up?: () => void } = {};
  const world = fakeWorld();
  const session = cameraSession({ ...world, open: async (...args) => { await new Promise<void>((up) => { late.up = up; }); return world.open(...args); } });
  void session.start(null);
  await settled();
  await session.stop();
  late.up?.();
  await settled();
  expect(world.opened).toMatchObject([{ closed: true }]);
  expect(world.state).toEqual({ stage: 'off' });
  expect(world.allowed).toEqual([true, false]);
});

test('stopping while the host is still being asked leaves the permission off', async () => {
  const late: { answer?: (error: null) => void } = {};
  const world = fakeWorld();
  const session = cameraSession({ ...world, allow: (on) => { world.allowed.push(on); return on ? new Promise((answer) => { late.answer = answer; }) : Promise.resolve(null); } });
  void session.start(null);
  await settled();
  const stopped = session.stop();
  late.answer?.(null);
  await stopped;
  expect(world.allowed).toEqual([true, false]);
  expect(world.opened).toEqual([]);
});

test('another device: the one before is closed, and the permission is asked for once', async () => {
  const world = fakeWorld();
  const session = cameraSession(world);
  void session.start(null);
  await settled();
  void session.start('b');
  await settled();
  expect(world.opened.map(({ closed }) => closed)).toEqual([true, false]);
  expect(world.allowed).toEqual([true]);
  await session.stop();
  expect(world.opened.map(({ closed }) => closed)).toEqual([true, true]);
});

test('a camera that is unplugged is said so, and given back', async () => {
  const world = fakeWorld();
  const session = cameraSession(world);
  void session.start(null);
  await settled();
  world.opened[0]?.gone();
  await settled();
  expect(world.state).toEqual({ stage: 'trouble', trouble: 'unplugged', error: null });
  expect(world.allowed).toEqual([true, false]);
});

test('a refusal of the host opens no camera and is shown as it was said', async () => {
  const world = fakeWorld();
  const session = cameraSession({ ...world, allow: async () => refusal });
  await session.start(null);
  expect(world.state).toEqual({ stage: 'trouble', trouble: 'refused', error: refusal });
  expect(world.opened).toEqual([]);
});

test.each([
  ['NotAllowedError', 'refused'], ['SecurityError', 'refused'], ['NotFoundError', 'none'], ['OverconstrainedError', 'none'], ['NotReadableError', 'in-use'], ['AbortError', 'in-use'], ['Whatever', 'failed'],
] as const)('%s of the browser is told as %s, in words, and the permission goes back', async (name, trouble) => {
  expect(troubleOf(name)).toBe(trouble);
  const world = fakeWorld();
  await cameraSession({ ...world, open: () => Promise.reject(Object.assign(new Error('x'), { name })) }).start(null);
  expect(world.state).toMatchObject({ stage: 'trouble', trouble });
  expect(world.allowed).toEqual([true, false]);
  expect(troubleWords[trouble].next.length).toBeGreaterThan(20);
});

test('brightness: white is 255, black is 0, green weighs most', () => {
  expect([...lumaOf(new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]))]).toEqual([255, 0, 76, 149, 28]);
});

test('a picture larger than the host takes is made smaller in its own shape', () => {
  expect(sizeToTake(1280, 720)).toEqual({ width: 1280, height: 720 });
  expect(sizeToTake(4032, 3024)).toEqual({ width: 1920, height: 1440 });
  expect(sizeToTake(3024, 4032)).toEqual({ width: 1440, height: 1920 });
});

test('a late picture of a stopped camera does not bring it back on the screen', () => {
  expect(cameraTransition(cameraOff, { type: 'looked' })).toBe(cameraOff);
  expect(cameraTransition(cameraOff, { type: 'started', devices: [], deviceId: null })).toBe(cameraOff);
});
