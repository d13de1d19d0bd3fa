import { compareBytes, concat } from '../../domain/bytes.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { hash160 } from '../extended-public-key.ts';
import { keyHashScript, p2trScript, p2wshScript, scriptHashScript, witnessKeyHashScript, xOnly } from '../locking-script.ts';
import { xOnlyPointAddTweak } from '../secp256k1-public.ts';
import { taggedHash, tapLeafHash, taprootTweak } from '../taproot.ts';
import { publicKeyOf, type KeyExpression } from './key-expression.ts';
import type { MultiExpression, ScriptExpression, TapTree } from './script-expression.ts';

/**
 * The output scripts of a descriptor: one, or the up to four of `combo()`. Written from the BIPs and apart from what derives the
 * addresses of wallets, so that the two can be compared.
 * @param alternative which of the descriptors that a multipath stands for (BIP389), from 0
 * @param index which child, where the keys end in `/*`
 * @throws StrongroomError `wallet.descriptor-unsupported` for hardened children
 * @see BIP381 to BIP387
 */
export function scriptsOf(script: ScriptExpression, alternative: number, index: number): readonly Uint8Array[] {
  const keyOf = (key: KeyExpression): Uint8Array => publicKeyOf(key, alternative, index);
  if (script.kind !== 'combo') return [outputScript(script, keyOf)];
  const key = keyOf(script.key);
  const legacy = [keyCheck(key), keyHashScript(hash160(key))];
  const program = witnessKeyHashScript(hash160(key));
  return key.length === 33 ? [...legacy, program, scriptHashScript(program)] : legacy;
}

type KeyOf = (key: KeyExpression) => Uint8Array;

const keyCheck = (key: Uint8Array): Uint8Array => concat(Uint8Array.of(key.length), key, Uint8Array.of(0xac));
/** What taproot knows a key by: 32 bytes. */
const leafKey = (key: Uint8Array): Uint8Array => (key.length === 32 ? key : xOnly(key));

function outputScript(script: ScriptExpression, keyOf: KeyOf): Uint8Array {
  switch (script.kind) {
    case 'pk': return keyCheck(keyOf(script.key));
    case 'pkh': return keyHashScript(hash160(keyOf(script.key)));
    case 'wpkh': return witnessKeyHashScript(hash160(keyOf(script.key)));
    case 'sh': return scriptHashScript(outputScript(script.script, keyOf));
    case 'wsh': return p2wshScript(outputScript(script.script, keyOf));
    case 'multi': return multiScript(script, script.keys.map(keyOf));
    case 'tr': return taprootOutput(leafKey(keyOf(script.key)), script.tree === null ? null : treeHash(script.tree, keyOf));
    case 'rawtr': return p2trScript(leafKey(keyOf(script.key)));
    case 'raw':
    case 'addr': return script.scriptPubKey;
    // The grammar has these in a leaf and at the top only.
    case 'multi_a':
    case 'combo': throw new TypeError(`${script.kind} is no output script`);
    default: return unreachable(script);
  }
}

/** @see BIP383 */
function multiScript({ required, sorted }: MultiExpression, keys: readonly Uint8Array[]): Uint8Array {
  const ordered = sorted ? [...keys].sort(compareBytes) : keys;
  return concat(scriptNumber(required), ...ordered.map((key) => concat(Uint8Array.of(key.length), key)), scriptNumber(keys.length), Uint8Array.of(0xae));
}

/** The push of a number: an opcode up to 16; little-endian above, with a zero byte where the last would be a sign. */
function scriptNumber(value: number): Uint8Array {
  if (value <= 16) return Uint8Array.of(0x50 + value);
  return value < 0x80 ? Uint8Array.of(1, value) : Uint8Array.of(2, value & 0xff, value >>> 8);
}

/** @see BIP341, "Constructing and spending Taproot outputs" */
function taprootOutput(internalKey: Uint8Array, merkleRoot: Uint8Array | null): Uint8Array {
  const tweaked = xOnlyPointAddTweak(internalKey, taprootTweak(internalKey, merkleRoot));
  if (tweaked === null) throw new StrongroomError('wallet.index-range', 'The keys have no taproot output at this index.', {}, 'Use the next index.');
  return p2trScript(tweaked.xOnlyPubkey);
}

function treeHash(tree: TapTree, keyOf: KeyOf): Uint8Array {
  if (tree.kind !== 'branch') return tapLeafHash(leafScript(tree, keyOf));
  const [first, second] = [treeHash(tree.left, keyOf), treeHash(tree.right, keyOf)].sort(compareBytes) as [Uint8Array, Uint8Array];
  return taggedHash('TapBranch', first, second);
}

/** @see BIP386, "Tree Expressions"; BIP387 */
function leafScript(script: ScriptExpression, keyOf: KeyOf): Uint8Array {
  if (script.kind === 'pk') return keyCheck(leafKey(keyOf(script.key)));
  if (script.kind === 'pkh') return keyHashScript(hash160(leafKey(keyOf(script.key))));
  if (script.kind !== 'multi_a') throw new TypeError(`${script.kind} is no leaf`);
  const keys = script.keys.map((key) => leafKey(keyOf(key)));
  const ordered = script.sorted ? keys.sort(compareBytes) : keys;
  return concat(...ordered.map((key, at) => concat(Uint8Array.of(0x20), key, Uint8Array.of(at === 0 ? 0xac : 0xba))), scriptNumber(script.required), Uint8Array.of(0x9c));
}
