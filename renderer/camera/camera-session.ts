import type { WireError } from '../../src/host/contract.ts';
import { troubleOf, type CameraDevice, type CameraEvent } from './camera-state.ts';
import type { LumaPicture } from './luma.ts';

/** A camera that gives pictures until it is closed. */
export interface OpenCamera {
  readonly devices: readonly CameraDevice[];
  readonly deviceId: string | null;
  /** The picture of now, or `null` while there is none yet. */
  readonly take: () => LumaPicture | null;
  /** Waits until the camera has a picture that was not taken; at once where it came meanwhile. */
  readonly next: () => Promise<void>;
  /** Switches it off: its light goes out. */
  readonly close: () => void;
}

/** What a session needs of the world. */
export interface CameraWorld {
  /** Asks the host to let this window use the camera, or to stop letting it. */
  readonly allow: (on: boolean) => Promise<WireError | null>;
  /** @param onGone called when the camera ends by itself. Rejects with an error whose `name` says why. */
  readonly open: (deviceId: string | null, onGone: () => void) => Promise<OpenCamera>;
  /** Looks at a picture. The next one is taken only after this is done: a slow reader gets fewer pictures, never a queue. */
  readonly look: (picture: LumaPicture) => Promise<void>;
  /** What a person holds is looked at now and then; of an animation every picture counts. */
  readonly pace: 'page' | 'animation';
  readonly wait: (ms: number) => Promise<void>;
  readonly send: (event: CameraEvent) => void;
}

export interface CameraSession {
  readonly start: (deviceId: string | null) => Promise<void>;
  /** Switches the camera off and takes the permission back; what comes up later is closed at once. */
  readonly stop: () => Promise<void>;
}

/** At most this often, however fast the reader is: four pictures a second are enough for a hand that holds a page. */
const PAUSE_MS = 250;

/** Runs one camera: permission, opening, looking, and closing in every case. */
export function cameraSession(world: CameraWorld): CameraSession {
  /** Counts starts and stops; work of an earlier turn ends by itself. */
  let turn = 0;
  let open: OpenCamera | null = null;
  let isWanted = false;
  let isAllowed = false;
  let settling: Promise<unknown> = Promise.resolve();

  /** Brings the host's permission to what is wanted by then, one request after the other, so that the last wish holds. */
  const settle = (): Promise<WireError | null> => {
    const settled = settling.then(async () => {
      if (isWanted === isAllowed) return null;
      const wish = isWanted;
      const refused = await world.allow(wish);
      isAllowed = wish && refused === null;
      return refused;
    });
    settling = settled;
    return settled;
  };

  const close = async (): Promise<void> => {
    open?.close();
    open = null;
    isWanted = false;
    await settle();
  };

  const fail = async (event: Extract<CameraEvent, { type: 'trouble' }>): Promise<void> => {
    turn += 1;
    world.send(event);
    await close();
  };

  const lookOn = async (own: number): Promise<void> => {
    const camera = open;
    while (own === turn && camera !== null) {
      const picture = camera.take();
      if (picture !== null) {
        await world.look(picture);
        if (own === turn) world.send({ type: 'looked' });
      }
      await (world.pace === 'page' || picture === null ? world.wait(PAUSE_MS) : Promise.race([camera.next(), world.wait(PAUSE_MS)]));
    }
  };

  return {
    start: async (deviceId) => {
      turn += 1;
      const own = turn;
      open?.close();
      open = null;
      isWanted = true;
      world.send({ type: 'starting' });
      const refused = await settle();
      if (own !== turn) return;
      if (refused !== null) return fail({ type: 'trouble', trouble: 'refused', error: refused });
      try {
        const camera = await world.open(deviceId, () => { if (own === turn) void fail({ type: 'trouble', trouble: 'unplugged' }); });
        if (own !== turn) return camera.close();
        open = camera;
        world.send({ type: 'started', devices: camera.devices, deviceId: camera.deviceId });
      } catch (fault) {
        if (own === turn) await fail({ type: 'trouble', trouble: troubleOf(fault instanceof Error ? fault.name : '') });
        return;
      }
      await lookOn(own);
    },
    stop: async () => {
      turn += 1;
      world.send({ type: 'stopped' });
      await close();
    },
  };
}
