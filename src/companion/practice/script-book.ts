import { toHex } from '../../domain/bytes.ts';
import type { Branch } from '../../wallet/address.ts';
import type { PracticeChain } from './practice-chain.ts';
import type { PracticeTransaction } from './practice-transaction.ts';

/** One script of a wallet and where it stands in it. */
export interface BookedScript {
  readonly scriptPubKey: Uint8Array;
  readonly address: string;
  readonly branch: Branch;
  readonly index: number;
}

/** How many scripts past the last used one of a branch are watched. */
export const LOOKAHEAD = 200;

/** A wallet's scripts, found by their bytes: what the practice node knows of a wallet. */
export class ScriptBook {
  readonly #byScript = new Map<string, BookedScript>();
  readonly #lengths: [number, number] = [0, 0];

  /** How many scripts of a branch are known, from index 0 without gaps. */
  lengthOf(branch: Branch): number {
    return this.#lengths[branch];
  }

  add(script: BookedScript): void {
    this.#byScript.set(toHex(script.scriptPubKey), script);
    this.#lengths[script.branch] = Math.max(this.#lengths[script.branch], script.index + 1);
  }

  find(scriptPubKey: Uint8Array): BookedScript | undefined {
    return this.#byScript.get(toHex(scriptPubKey));
  }

  /** The first index of a branch after every script that any transaction ever paid. */
  firstUnused(chain: PracticeChain, branch: Branch): number {
    let next = 0;
    for (const practice of everyTransaction(chain)) {
      for (const output of practice.transaction.outs) {
        const known = this.find(output.script);
        if (known?.branch === branch) next = Math.max(next, known.index + 1);
      }
    }
    return next;
  }
}

/** What is in the chain, in the mempool, and was in either. */
export function* everyTransaction(chain: PracticeChain): Generator<PracticeTransaction> {
  for (let height = 1; height <= chain.height; height += 1) yield* chain.blockAt(height)?.transactions ?? [];
  for (const { practice } of chain.mempool.entries()) yield practice;
  yield* chain.departed();
}
