import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Reads a descriptor from left to right; errors say at which character. */
export class ExpressionReader {
  readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get position(): number {
    return this.at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether what follows begins with `expected`; nothing is taken. */
  sees(expected: string): boolean {
    return this.text.startsWith(expected, this.at);
  }

  /** Takes `expected` if it follows. */
  takes(expected: string): boolean {
    if (!this.sees(expected)) return false;
    this.at += expected.length;
    return true;
  }

  /** @throws StrongroomError `wallet.malformed` where something else follows */
  expect(expected: string): void {
    if (!this.takes(expected)) throw this.malformed(this.isAtEnd ? `it ends where "${expected}" belongs` : `"${expected}" belongs here`);
  }

  /** The longest run of characters that `pattern` (one character class) allows; may be empty. */
  run(pattern: RegExp): string {
    const start = this.at;
    while (this.at < this.text.length && pattern.test(this.text[this.at] as string)) this.at += 1;
    return this.text.slice(start, this.at);
  }

  /** An error about what was just read. @param at where it began; where the reader stands if left out */
  malformed(reason: string, at = this.at): StrongroomError {
    return new StrongroomError('wallet.malformed', `The descriptor is malformed at character ${at + 1}: ${reason}.`, { position: at + 1, reason }, 'Export the descriptor again; if it was typed, compare it with its source at this place.');
  }
}

/** A descriptor that is well formed and that no wallet here can be made of, by its name. */
export const unsupportedDescriptor = (what: string, hint = 'Export a wallet of one key or of a quorum of sorted keys: pkh, wpkh, sh(wpkh), tr, or sortedmulti in sh, sh(wsh) or wsh.'): StrongroomError =>
  new StrongroomError('wallet.descriptor-unsupported', `No wallet is made here of a descriptor of this kind: ${what}.`, { what }, hint);
