import { equalBytes, toHex } from '../../domain/bytes.ts';
import { HARDENED } from '../../domain/derivation-path.ts';
import { isQuorumScript, type WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { childPublicKey, deriveChild } from '../extended-public-key.ts';
import { recordWithoutOrigin, requireDepth, requirePrefix, type KeyRecord } from '../key-record.ts';
import { lockingScript } from '../locking-script.ts';
import { UNSPENDABLE_INTERNAL_KEY } from '../taproot.ts';
import { hardenedChildren, isExtended, type KeyExpression } from './key-expression.ts';
import { unsupportedDescriptor } from './reader.ts';
import type { Descriptor, MultiExpression, ScriptExpression } from './script-expression.ts';
import { scriptsOf } from './scripts-of.ts';

/** Which of a wallet's branches a descriptor names: both (`/<0;1>/*`), one of them, or none (keys without children). */
export type NamedBranches = 'both' | 'receive' | 'change' | 'none';

/** The wallet that a descriptor describes. */
export interface DescribedWallet {
  readonly script: WalletScript;
  readonly required: number;
  readonly keys: readonly KeyRecord[];
  readonly branches: NamedBranches;
}

/**
 * The wallet of ours that a descriptor describes.
 * @throws StrongroomError `wallet.descriptor-unsupported` with what it is; `wallet.unsorted`; `wallet.prefix-script`;
 * `key.origin-missing`; `wallet.depth-path`
 */
export function describedWallet(descriptor: Descriptor): DescribedWallet {
  const { script, required, keys } = formOf(descriptor.script);
  const accounts = keys.map((key) => accountOf(key, script));
  const branches = (accounts[0] as Account).branches;
  if (accounts.some((account) => account.branches !== branches)) throw unsupportedDescriptor('keys on different branches', 'Export the wallet with /<0;1>/* after each key.');
  const wallet = { script, required, keys: accounts.map((account) => account.record), branches };
  requireSameScripts(descriptor, wallet);
  return wallet;
}

interface Form {
  readonly script: WalletScript;
  readonly required: number;
  readonly keys: readonly KeyExpression[];
}

function formOf(script: ScriptExpression): Form {
  switch (script.kind) {
    case 'pkh': return single('p2pkh', script.key);
    case 'wpkh': return single('p2wpkh', script.key);
    case 'tr': return script.tree === null ? single('p2tr', script.key) : taprootQuorum(script.key, script.tree);
    case 'wsh': return script.script.kind === 'multi' ? quorum('p2wsh', script.script) : named(script);
    case 'sh': {
      const inner = script.script;
      if (inner.kind === 'multi') return quorum('p2sh', inner);
      if (inner.kind === 'wpkh') return single('p2sh-p2wpkh', inner.key);
      return inner.kind === 'wsh' && inner.script.kind === 'multi' ? quorum('p2sh-p2wsh', inner.script) : named(script);
    }
    default: return named(script);
  }
}

const single = (script: WalletScript, key: KeyExpression): Form => ({ script, required: 1, keys: [key] });

function quorum(script: WalletScript, { kind, sorted, required, keys }: MultiExpression): Form {
  // The order of one key is no order.
  if (!sorted && keys.length > 1) {
    throw new StrongroomError('wallet.unsorted', `The wallet's ${keys.length} keys stand in a fixed order (${kind}), not a sorted one (BIP67).`, { function: kind, keys: keys.length }, 'Have the wallet made with sorted keys (sortedmulti). One that is in use keeps its money where it is: move it with the program that made it.');
  }
  return { script, required, keys };
}

function taprootQuorum(internal: KeyExpression, tree: NonNullable<Extract<ScriptExpression, { kind: 'tr' }>['tree']>): Form {
  if (tree.kind !== 'multi_a') throw unsupportedDescriptor('taproot with a script tree', 'Taproot wallets here are one key, or a quorum in one leaf (sortedmulti_a) under the unspendable key of BIP341.');
  const key = internal.key instanceof Uint8Array ? internal.key : null;
  const isUnspendable = key !== null && equalBytes(key.length === 32 ? key : key.subarray(1), UNSPENDABLE_INTERNAL_KEY);
  if (!isUnspendable) throw unsupportedDescriptor('a taproot quorum whose internal key somebody may hold', `Use the unspendable internal key of BIP341: ${toHex(UNSPENDABLE_INTERNAL_KEY)}.`);
  return quorum('p2tr-multi', tree);
}

function named(script: ScriptExpression): never {
  throw unsupportedDescriptor(nameOf(script));
}

/** `sh(pk)`, `bare multi`: what a person calls it. */
function nameOf(script: ScriptExpression): string {
  if (script.kind === 'sh' || script.kind === 'wsh') return `${script.kind}(${nameOf(script.script).replace(/^bare /, '')})`;
  return script.kind === 'multi' ? 'bare multi' : script.kind;
}

interface Account {
  readonly record: KeyRecord;
  readonly branches: NamedBranches;
}

function accountOf({ origin, key, steps, children }: KeyExpression, script: WalletScript): Account {
  if (!isExtended(key)) throw unsupportedDescriptor('a key without children', 'A wallet is made of extended public keys (xpub).');
  requirePrefix(key.prefixScript, script);
  if (children === 'hardened' || steps.some((step) => [step].flat().some((each) => each >= HARDENED))) throw hardenedChildren();
  const record = origin === null ? recordWithoutOrigin(key.key, key.realm) : requireDepth({ masterFingerprint: origin.fingerprint, path: origin.path, key: key.key, realm: key.realm });
  if (children === 'none' && steps.length === 0) return { record, branches: 'none' };
  const branch = steps.at(-1);
  if (children === 'none' || branch === undefined) throw unsupportedDescriptor('keys without a receive and a change branch', 'Export the wallet with /<0;1>/* after each key.');
  const branches = typeof branch === 'number' ? (['receive', 'change'] as const)[branch] : branch.length === 2 && branch[0] === 0 && branch[1] === 1 ? 'both' : undefined;
  const above = steps.slice(0, -1);
  if (branches === undefined || above.some((step) => typeof step !== 'number')) throw unsupportedDescriptor('branches other than 0 and 1', 'Export the wallet with /<0;1>/* after each key.');
  return { record: (above as readonly number[]).reduce(recordBelow, record), branches };
}

/** Plain steps above the branches are part of the account as good as those of its origin. */
const recordBelow = (record: KeyRecord, step: number): KeyRecord => ({ ...record, path: [...record.path, step], key: deriveChild(record.key, step) });

/** The child whose scripts are compared. */
const COMPARED_INDEX = 0;

/**
 * SECURITY: what was read must be what was meant. The descriptor's own scripts are compared with those of the wallet that was made
 * of it, by code that shares nothing with it but the curve.
 */
function requireSameScripts(descriptor: Descriptor, { script, required, keys, branches }: DescribedWallet): void {
  if (branches === 'none') return;
  for (let alternative = 0; alternative < descriptor.alternatives; alternative += 1) {
    const branch = branches === 'change' ? 1 : alternative;
    const ours = lockingScript(script, required, keys.map(({ key }) => childPublicKey(deriveChild(key, branch), COMPARED_INDEX))).scriptPubKey;
    const theirs = scriptsOf(descriptor.script, alternative, COMPARED_INDEX);
    if (theirs.length !== 1 || !equalBytes(theirs[0] as Uint8Array, ours)) {
      throw new StrongroomError('wallet.first-address', 'The wallet that was read is not the one that the descriptor describes.', { script, quorum: isQuorumScript(script) }, 'Do not use it, and report this: the descriptor is read wrongly.');
    }
  }
}
