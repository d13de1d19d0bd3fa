import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { PaperKey } from '../../signer/paper-key.ts';
import type { SignerEffects } from './effects.ts';
import { IDLE_LOCK_MS } from './unlocked-keys.ts';

/**
 * The open paper keys of one process, under handles that nobody can guess. They lock together when nobody used any of them for
 * a while: who scans a drawer of papers one by one is at work with the first of them too.
 */
export class UnlockedPaperKeys {
  readonly #effects: Pick<SignerEffects, 'now' | 'after' | 'newHandle'>;
  readonly #keys = new Map<string, PaperKey>();
  #locksOfAll = 0;
  #lastUsedAt = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(effects: Pick<SignerEffects, 'now' | 'after' | 'newHandle'>) {
    this.#effects = effects;
  }

  /** For a key that takes time to open, to be asked for before that time. @returns as `add`; after a `lockAll` the handle is that of a locked key */
  admission(): (key: PaperKey) => string {
    const locksBefore = this.#locksOfAll;
    return (key) => {
      const handle = this.add(key);
      if (this.#locksOfAll !== locksBefore) this.lock(handle);
      return handle;
    };
  }

  /** Keeps a key until it is locked. @returns its handle */
  add(key: PaperKey): string {
    this.#lockIfIdle();
    const handle = this.#effects.newHandle();
    this.#keys.set(handle, key);
    this.#touch();
    return handle;
  }

  /**
   * The keys of handles; the idle time of all starts again.
   * @throws StrongroomError `key.locked` when one of them is locked
   */
  use(handles: readonly string[]): readonly PaperKey[] {
    this.#lockIfIdle();
    const keys = handles.flatMap((handle) => this.#keys.get(handle) ?? []);
    if (keys.length < handles.length) {
      throw new StrongroomError('key.locked', 'A paper key is locked.', { locked: handles.length - keys.length }, 'Scan or type the papers again.');
    }
    this.#touch();
    return keys;
  }

  /** Wipes a key. Locking a key that is locked already is no error. */
  lock(handle: string): void {
    this.#keys.get(handle)?.wipe();
    this.#keys.delete(handle);
    if (this.#keys.size === 0) this.#cancelTimer();
  }

  lockAll(): void {
    this.#locksOfAll += 1;
    for (const handle of [...this.#keys.keys()]) this.lock(handle);
  }

  /** Timers stand still while a laptop sleeps, so the clock is asked too; one that was set back is not trusted either. */
  #lockIfIdle(): void {
    const idleMs = this.#effects.now() - this.#lastUsedAt;
    if (this.#keys.size > 0 && (idleMs >= IDLE_LOCK_MS || idleMs < 0)) this.lockAll();
  }

  #touch(): void {
    this.#cancelTimer();
    this.#lastUsedAt = this.#effects.now();
    this.#cancelTimer = this.#keys.size === 0 ? () => undefined : this.#effects.after(IDLE_LOCK_MS, () => this.lockAll());
  }
}
