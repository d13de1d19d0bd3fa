import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { KeyFile } from '../../signer/key-file.ts';
import { wipeSecret } from '../../signer/kept-secret.ts';
import type { SigningKey } from '../../signer/signing-key.ts';
import type { SignerEffects } from './effects.ts';

/** A key that may be used: its file's content and the key itself. */
export interface UnlockedKey {
  readonly file: KeyFile;
  readonly key: SigningKey;
}

/** Takes a key in. @returns its handle */
export type Admission = (unlocked: UnlockedKey) => string;

/** A key that nobody used for so long is locked. */
export const IDLE_LOCK_MS = 10 * 60 * 1000;

interface Slot extends UnlockedKey {
  lastUsedAt: number;
  cancelTimer: () => void;
}

/** The unlocked keys of one process, under handles that nobody can guess; each locks itself when it is left idle. */
export class UnlockedKeys {
  readonly #effects: Pick<SignerEffects, 'now' | 'after' | 'newHandle'>;
  readonly #onLock: (handle: string) => void;
  readonly #slots = new Map<string, Slot>();
  #locksOfAll = 0;

  /** @param onLock told of every handle that became worthless, so that what hangs on it is forgotten too */
  constructor(effects: Pick<SignerEffects, 'now' | 'after' | 'newHandle'>, onLock: (handle: string) => void) {
    this.#effects = effects;
    this.#onLock = onLock;
  }

  /**
   * For a key that takes time to open or to make. To be asked for before that time, so that a laptop that was locked or went to
   * sleep meanwhile does not wake with one more key open.
   * @returns as `add`; after a `lockAll` the key is wiped, and its handle is that of a locked key
   */
  admission(): Admission {
    const locksBefore = this.#locksOfAll;
    return (unlocked) => {
      const handle = this.add(unlocked);
      if (this.#locksOfAll !== locksBefore) this.lock(handle);
      return handle;
    };
  }

  /** Keeps a key until it is locked. @returns its handle */
  add(unlocked: UnlockedKey): string {
    const handle = this.#effects.newHandle();
    this.#slots.set(handle, { ...unlocked, lastUsedAt: this.#effects.now(), cancelTimer: this.#startTimer(handle) });
    return handle;
  }

  /**
   * The key of a handle; its idle time starts again.
   * @throws StrongroomError `key.locked`
   */
  use(handle: string): UnlockedKey {
    const slot = this.#slots.get(handle);
    const now = this.#effects.now();
    // Timers stand still while a laptop sleeps, so the clock is asked too; one that was set back is not trusted either.
    if (slot !== undefined && (now - slot.lastUsedAt >= IDLE_LOCK_MS || now < slot.lastUsedAt)) this.lock(handle);
    const kept = this.#slots.get(handle);
    if (kept === undefined) {
      throw new StrongroomError('key.locked', 'The key is locked.', {}, 'Unlock its key file again.');
    }
    kept.cancelTimer();
    kept.cancelTimer = this.#startTimer(handle);
    kept.lastUsedAt = now;
    return kept;
  }

  /** Wipes a key. Locking a key that is locked already is no error. */
  lock(handle: string): void {
    const slot = this.#slots.get(handle);
    if (slot === undefined) return;
    this.#slots.delete(handle);
    slot.cancelTimer();
    slot.key.wipe();
    wipeSecret(slot.file.secret);
    this.#onLock(handle);
  }

  lockAll(): void {
    this.#locksOfAll += 1;
    for (const handle of [...this.#slots.keys()]) this.lock(handle);
  }

  #startTimer(handle: string): () => void {
    return this.#effects.after(IDLE_LOCK_MS, () => this.lock(handle));
  }
}
