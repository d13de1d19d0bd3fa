/** Every form of spend that is judged, and what each of its parts must be: `valid`, `invalid`, or of a kind that is not judged. */
import * as secp from 'tiny-secp256k1';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { pushOf } from '../../../src/psbt/script-pushes.ts';
import { createSighasher, type Sighasher } from '../../../src/psbt/sighash.ts';
import { checkSpend } from '../../../src/psbt/spend-check.ts';
import { hash160 } from '../../../src/wallet/extended-public-key.ts';
import { keyHashScript, p2trScript, p2wshScript, scriptHashScript, sortedMultisigLeaf, sortedMultisigScript, witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';
import type { SigningRule } from '../../../src/wallet/signing-rule.ts';
import { singleLeafOutput, UNSPENDABLE_INTERNAL_KEY } from '../../../src/wallet/taproot.ts';
import { derSignature, strangerScript } from '../support/psbt-builder.ts';

const none = new Uint8Array(0);
const secrets = [7, 8, 9].map((fill) => new Uint8Array(32).fill(fill));
const pairs = secrets.map((secret) => ({ secret, publicKey: secp.pointFromScalar(secret, true) as Uint8Array })).sort((a, b) => (toHex(a.publicKey) < toHex(b.publicKey) ? -1 : 1)) as [Pair, Pair, Pair];
interface Pair { readonly secret: Uint8Array; readonly publicKey: Uint8Array }
const [first, second, third] = pairs;
const AMOUNT = 10_000n;

interface Finals { readonly script?: Uint8Array; readonly witness?: readonly Uint8Array[] }
type Sign = (rule: SigningRule, pair: Pair, sighashType?: number) => Uint8Array;

/** How a spend of one output is judged, whose finals are made with signatures of the right hashes. */
function judged(scriptPubKey: Uint8Array, finalsOf: (sign: Sign) => Finals): string {
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.ins.push({ hash: new Uint8Array(32).fill(1), index: 0, script: none, sequence: 0xffff_ffff, witness: [] });
  transaction.outs.push({ script: strangerScript(), value: 9000n });
  const spent = { scriptPubKey, amountSats: AMOUNT };
  const sighasher: Sighasher = createSighasher(transaction, [spent]);
  const sign: Sign = (rule, { secret, publicKey }, sighashType) => {
    if (rule.kind === 'legacy' || rule.kind === 'segwit-v0') return derSignature(secp.sign(sighasher.hash(0, rule, sighashType ?? 1) as Uint8Array, secret), sighashType ?? 1);
    const key = rule.kind === 'taproot-key' && publicKey[0] === 3 ? secp.privateNegate(secret) : secret;
    const made = secp.signSchnorr(sighasher.hash(0, rule, sighashType ?? 0) as Uint8Array, key);
    return sighashType === undefined || sighashType === 0 ? made : concat(made, Uint8Array.of(sighashType));
  };
  const { script = none, witness = [] } = finalsOf(sign);
  transaction.ins[0]!.script = script;
  transaction.ins[0]!.witness = [...witness];
  return checkSpend(transaction, 0, spent, sighasher);
}

const damaged = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte));
const ofKey = (kind: 'legacy' | 'segwit-v0', publicKey: Uint8Array): SigningRule => ({ kind, scriptCode: keyHashScript(hash160(publicKey)) });
const wholeKey = (pair: Pair): Uint8Array => secp.pointFromScalar(pair.secret, false) as Uint8Array;

describe('one key', () => {
  const { publicKey } = first;
  const forms: readonly { readonly name: string; readonly script: Uint8Array; readonly finals: (items: readonly Uint8Array[]) => Finals; readonly kind: 'legacy' | 'segwit-v0' }[] = [
    { name: 'P2PKH', script: keyHashScript(hash160(publicKey)), finals: (items) => ({ script: concat(...items.map(pushOf)) }), kind: 'legacy' },
    { name: 'P2WPKH', script: witnessKeyHashScript(hash160(publicKey)), finals: (items) => ({ witness: items }), kind: 'segwit-v0' },
    { name: 'P2SH-P2WPKH', script: scriptHashScript(witnessKeyHashScript(hash160(publicKey))), finals: (items) => ({ script: pushOf(witnessKeyHashScript(hash160(publicKey))), witness: items }), kind: 'segwit-v0' },
  ];
  describe.each(forms)('$name', ({ script, finals, kind }) => {
    const by = (items: (signature: Uint8Array) => readonly Uint8Array[], pair: Pair = first, sighashType = 1): string => judged(script, (sign) => finals(items(sign(ofKey(kind, publicKey), pair, sighashType))));

    test('takes its signature and its key, and nothing less or more', () => {
      expect(by((signature) => [signature, publicKey])).toBe('valid');
      expect(by((signature) => [signature])).toBe('invalid');
      expect(by(() => [publicKey])).toBe('invalid');
      expect(by((signature) => [signature, publicKey, publicKey])).toBe('invalid');
      expect(by((signature) => [publicKey, signature])).toBe('invalid');
      expect(by(() => [])).toBe(kind === 'legacy' ? 'invalid' : 'invalid');
    });

    test('takes no other key, no damage and no other sighash type', () => {
      expect(by((signature) => [signature, second.publicKey], second)).toBe('invalid');
      expect(by((signature) => [signature, publicKey], second)).toBe('invalid');
      expect(by((signature) => [damaged(signature), publicKey])).toBe('invalid');
      expect(by(() => [new Uint8Array(71), publicKey])).toBe('invalid');
      for (const sighashType of [2, 3, 0x81]) expect(by((signature) => [signature, publicKey], first, sighashType)).toBe('invalid');
    });
  });

  test('an uncompressed key is one of P2PKH alone (BIP143)', () => {
    const whole = wholeKey(first);
    const hash = hash160(whole);
    expect(judged(keyHashScript(hash), (sign) => ({ script: concat(pushOf(sign(ofKey('legacy', whole), first)), pushOf(whole)) }))).toBe('valid');
    expect(judged(witnessKeyHashScript(hash), (sign) => ({ witness: [sign(ofKey('segwit-v0', whole), first), whole] }))).toBe('invalid');
    expect(judged(scriptHashScript(witnessKeyHashScript(hash)), (sign) => ({ script: pushOf(witnessKeyHashScript(hash)), witness: [sign(ofKey('segwit-v0', whole), first), whole] }))).toBe('invalid');
  });

  test('scripts beside a witness: of P2WPKH none, of P2SH the program and nothing else; of P2PKH no witness', () => {
    const program = witnessKeyHashScript(hash160(publicKey));
    const witness = (sign: Sign): Uint8Array[] => [sign(ofKey('segwit-v0', publicKey), first), publicKey];
    expect(judged(program, (sign) => ({ script: Uint8Array.of(0x51), witness: witness(sign) }))).toBe('invalid');
    expect(judged(scriptHashScript(program), (sign) => ({ script: concat(Uint8Array.of(0x51), pushOf(program)), witness: witness(sign) }))).toBe('invalid');
    expect(judged(scriptHashScript(program), (sign) => ({ witness: witness(sign) }))).toBe('unsupported');
    expect(judged(scriptHashScript(program), (sign) => ({ script: Uint8Array.of(0x76), witness: witness(sign) }))).toBe('unsupported');
    expect(judged(scriptHashScript(program), (sign) => ({ script: pushOf(witnessKeyHashScript(hash160(second.publicKey))), witness: witness(sign) }))).toBe('invalid');
    expect(judged(keyHashScript(hash160(publicKey)), (sign) => ({ script: concat(pushOf(sign(ofKey('legacy', publicKey), first)), pushOf(publicKey)), witness: [none] }))).toBe('invalid');
    expect(judged(keyHashScript(hash160(publicKey)), (sign) => ({ script: concat(pushOf(sign(ofKey('legacy', publicKey), first)), pushOf(publicKey), Uint8Array.of(0x76)) }))).toBe('invalid');
  });
});

describe('a quorum', () => {
  const multisig = sortedMultisigScript(2, pairs.map(({ publicKey }) => publicKey));
  const forms: readonly { readonly name: string; readonly kind: 'legacy' | 'segwit-v0'; readonly lock: (script: Uint8Array) => Uint8Array; readonly finals: (items: readonly Uint8Array[], script: Uint8Array) => Finals }[] = [
    { name: 'P2SH', kind: 'legacy', lock: scriptHashScript, finals: (items, script) => ({ script: concat(...[...items, script].map(pushOf)) }) },
    { name: 'P2WSH', kind: 'segwit-v0', lock: p2wshScript, finals: (items, script) => ({ witness: [...items, script] }) },
    { name: 'P2SH-P2WSH', kind: 'segwit-v0', lock: (script) => scriptHashScript(p2wshScript(script)), finals: (items, script) => ({ script: pushOf(p2wshScript(script)), witness: [...items, script] }) },
  ];
  describe.each(forms)('$name', ({ kind, lock, finals }) => {
    const rule: SigningRule = { kind, scriptCode: multisig };
    const by = (items: (sign: (pair: Pair, sighashType?: number) => Uint8Array) => readonly Uint8Array[], script = multisig): string =>
      judged(lock(multisig), (sign) => finals(items((pair, sighashType) => sign({ ...rule, scriptCode: script } as SigningRule, pair, sighashType)), script));

    test('takes as many signatures as it requires, in the order of the keys', () => {
      for (const [a, b] of [[first, second], [first, third], [second, third]] as const) {
        expect(by((sign) => [none, sign(a), sign(b)])).toBe('valid');
        expect(by((sign) => [none, sign(b), sign(a)])).toBe('invalid');
      }
      expect(by((sign) => [none, sign(first)])).toBe('invalid');
      expect(by((sign) => [none, sign(first), sign(second), sign(third)])).toBe('invalid');
      expect(by((sign) => [none, sign(first), sign(first)])).toBe('invalid');
      expect(by((sign) => [none, sign(third), sign(third)])).toBe('invalid');
    });

    test('BIP147: the first item is empty, and there', () => {
      expect(by((sign) => [Uint8Array.of(0x11), sign(first), sign(second)])).toBe('invalid');
      expect(by((sign) => [sign(first), sign(second)])).toBe('invalid');
      expect(by(() => [])).toBe('invalid');
    });

    test('takes no damage, no other sighash type and no other script', () => {
      expect(by((sign) => [none, damaged(sign(first)), sign(second)])).toBe('invalid');
      expect(by((sign) => [none, sign(first), new Uint8Array(71)])).toBe('invalid');
      for (const sighashType of [2, 3, 0x81]) expect(by((sign) => [none, sign(first), sign(second, sighashType)])).toBe('invalid');
      expect(by((sign) => [none, sign(first)], sortedMultisigScript(1, pairs.map(({ publicKey }) => publicKey)))).toBe('invalid');
    });

    test('another script that is spent rightly is not judged', () => {
      const odd = Uint8Array.of(0x51);
      expect(judged(lock(odd), () => finals([], odd))).toBe('unsupported');
    });
  });

  test('of P2WSH without a witness, and with a script beside it', () => {
    expect(judged(p2wshScript(multisig), () => ({}))).toBe('invalid');
    const items = (sign: Sign): Uint8Array[] => [none, sign({ kind: 'segwit-v0', scriptCode: multisig }, first), sign({ kind: 'segwit-v0', scriptCode: multisig }, second)];
    expect(judged(p2wshScript(multisig), (sign) => ({ script: Uint8Array.of(0x51), witness: [...items(sign), multisig] }))).toBe('invalid');
    expect(judged(scriptHashScript(p2wshScript(multisig)), (sign) => ({ script: concat(Uint8Array.of(0x51), pushOf(p2wshScript(multisig))), witness: [...items(sign), multisig] }))).toBe('invalid');
    const legacy = (sign: Sign): Uint8Array[] => [none, sign({ kind: 'legacy', scriptCode: multisig }, first), sign({ kind: 'legacy', scriptCode: multisig }, second)];
    expect(judged(scriptHashScript(multisig), (sign) => ({ script: concat(...[...legacy(sign), multisig].map(pushOf)), witness: [none] }))).toBe('invalid');
  });
});

describe('taproot', () => {
  const keyPath = p2trScript(first.publicKey.subarray(1));
  const rule: SigningRule = { kind: 'taproot-key' };

  test('the key path takes one signature, of DEFAULT without a type byte, or of ALL with it', () => {
    const by = (items: (sign: Sign) => readonly Uint8Array[], script = none): string => judged(keyPath, (sign) => ({ script, witness: items(sign) }));
    expect(by((sign) => [sign(rule, first)])).toBe('valid');
    expect(by((sign) => [sign(rule, first, 1)])).toBe('valid');
    expect(by((sign) => [concat(sign(rule, first), Uint8Array.of(0))])).toBe('invalid');
    expect(by((sign) => [concat(sign(rule, first), Uint8Array.of(1))])).toBe('invalid');
    expect(by((sign) => [concat(sign(rule, first, 1), Uint8Array.of(1))])).toBe('invalid');
    expect(by((sign) => [sign(rule, first, 1).subarray(0, 64)])).toBe('invalid');
    for (const sighashType of [2, 3, 0x81]) expect(by((sign) => [sign(rule, first, sighashType)])).toBe('invalid');
    expect(by((sign) => [damaged(sign(rule, first))])).toBe('invalid');
    expect(by((sign) => [sign(rule, second)])).toBe('invalid');
    expect(by((sign) => [sign(rule, first)], Uint8Array.of(0x51))).toBe('invalid');
    expect(by(() => [])).toBe('unsupported');
    // With an annex behind it, it would be read as a script path, and is none.
    expect(by((sign) => [sign(rule, first), Uint8Array.of(0x50)])).toBe('unsupported');
  });

  const script = sortedMultisigLeaf(2, pairs.map(({ publicKey }) => publicKey.subarray(1)));
  const output = singleLeafOutput(UNSPENDABLE_INTERNAL_KEY, script)!;
  const leafRule: SigningRule = { kind: 'taproot-leaf', leafHash: output.leafHash };
  const inOrder = [...pairs].sort((a, b) => (toHex(a.publicKey.subarray(1)) < toHex(b.publicKey.subarray(1)) ? -1 : 1)) as [Pair, Pair, Pair];
  /** Witness items in the order of the script's keys, which is from the last item to the first. */
  const leaf = (items: (sign: (pair: Pair, sighashType?: number) => Uint8Array) => readonly Uint8Array[], more: { readonly script?: Uint8Array; readonly controlBlock?: Uint8Array } = {}): string =>
    judged(p2trScript(output.outputKey), (sign) => ({ witness: [...[...items((pair, sighashType) => sign(leafRule, pair, sighashType))].reverse(), more.script ?? script, more.controlBlock ?? output.controlBlock] }));

  test('a leaf takes one item a key: its signature, or nothing, and as many signatures as it requires', () => {
    const [a, b, c] = inOrder;
    expect(leaf((sign) => [sign(a), sign(b), none])).toBe('valid');
    expect(leaf((sign) => [sign(a), none, sign(c)])).toBe('valid');
    expect(leaf((sign) => [none, sign(b, 1), sign(c)])).toBe('valid');
    expect(leaf((sign) => [sign(b), sign(a), none])).toBe('invalid');
    expect(leaf((sign) => [sign(a), none, none])).toBe('invalid');
    expect(leaf((sign) => [sign(a), sign(b), sign(c)])).toBe('invalid');
    expect(leaf((sign) => [sign(a), sign(b)])).toBe('invalid');
    expect(leaf((sign) => [sign(a), sign(b), none, none])).toBe('invalid');
    expect(leaf((sign) => [sign(a), damaged(sign(b)), none])).toBe('invalid');
    expect(leaf((sign) => [damaged(sign(a)), sign(b), none])).toBe('invalid');
    for (const sighashType of [2, 3, 0x81]) expect(leaf((sign) => [sign(a), sign(b, sighashType), none])).toBe('invalid');
    expect(leaf((sign) => [sign(a), concat(sign(b), Uint8Array.of(0)), none])).toBe('invalid');
  });

  test('the script and the control block are those of the output', () => {
    const [a, b] = inOrder;
    const signed = (sign: (pair: Pair) => Uint8Array): Uint8Array[] => [sign(a), sign(b), none];
    const { controlBlock } = output;
    expect(leaf(signed, { script: sortedMultisigLeaf(1, pairs.map(({ publicKey }) => publicKey.subarray(1))) })).toBe('invalid');
    expect(leaf(signed, { controlBlock: controlBlock.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) })).toBe('invalid');
    expect(leaf(signed, { controlBlock: controlBlock.map((byte, at) => (at === 0 ? byte ^ 2 : byte)) })).toBe('invalid');
    expect(leaf(signed, { controlBlock: concat(controlBlock.subarray(0, 1), first.publicKey.subarray(1)) })).toBe('invalid');
    // An x coordinate that no point has.
    expect(leaf(signed, { controlBlock: concat(controlBlock.subarray(0, 1), new Uint8Array(32).fill(0xff)) })).toBe('invalid');
    expect(leaf(signed, { controlBlock: concat(controlBlock, new Uint8Array(32)) })).toBe('unsupported');
    expect(leaf(signed, { controlBlock: controlBlock.subarray(0, 32) })).toBe('unsupported');
    expect(leaf(signed, { script: Uint8Array.of(0x51) })).toBe('unsupported');
  });
});

test('an output of a kind that nobody here makes is not judged', () => {
  for (const script of ['6a', '51', '51024e73', `5220${'11'.repeat(32)}`]) expect(judged(parseHex(script), () => ({}))).toBe('unsupported');
  expect(judged(parseHex('51'), () => ({ script: Uint8Array.of(0x51) }))).toBe('invalid');
});

describe('a spend of what nobody knows the amount of', () => {
  const quorum = sortedMultisigScript(2, pairs.map(({ publicKey }) => publicKey));
  const leaf = sortedMultisigLeaf(2, pairs.map(({ publicKey }) => publicKey.subarray(1)));
  const { outputKey, controlBlock } = singleLeafOutput(UNSPENDABLE_INTERNAL_KEY, leaf)!;
  const { publicKey } = first;
  const forms: readonly (readonly [string, Uint8Array, (sign: Sign) => Finals])[] = [
    ['P2WPKH', witnessKeyHashScript(hash160(publicKey)), (sign) => ({ witness: [sign(ofKey('segwit-v0', publicKey), first), publicKey] })],
    ['P2WSH', p2wshScript(quorum), (sign) => ({ witness: [none, sign({ kind: 'segwit-v0', scriptCode: quorum }, first), sign({ kind: 'segwit-v0', scriptCode: quorum }, second), quorum] })],
    ['P2TR by key', p2trScript(publicKey.subarray(1)), (sign) => ({ witness: [sign({ kind: 'taproot-key' }, first)] })],
    ['P2TR by leaf', p2trScript(outputKey), () => ({ witness: [none, new Uint8Array(64).fill(1), new Uint8Array(64).fill(2), leaf, controlBlock] })],
  ];
  test.each(forms)('%s: proves nothing', (_, scriptPubKey, finals) => {
    const transaction = new Transaction();
    transaction.ins.push({ hash: new Uint8Array(32).fill(1), index: 0, script: none, sequence: 0, witness: [] });
    transaction.outs.push({ script: strangerScript(), value: 9000n });
    const sign: Sign = (rule) => (rule.kind === 'taproot-key' ? new Uint8Array(64).fill(3) : derSignature(secp.sign(new Uint8Array(32).fill(1), first.secret)));
    const { witness = [] } = finals(sign);
    transaction.ins[0]!.witness = [...witness];
    expect(checkSpend(transaction, 0, { scriptPubKey, amountSats: AMOUNT }, createSighasher(transaction, [null]))).toBe('invalid');
  });
});

test('a type byte behind a Schnorr signature is ALL, and the signature is over it', () => {
  const { publicKey } = first;
  const script = p2trScript(publicKey.subarray(1));
  const spend = (items: (sign: Sign) => Uint8Array): string => judged(script, (sign) => ({ witness: [items(sign)] }));
  expect(spend((sign) => sign({ kind: 'taproot-key' }, first, 1))).toBe('valid');
  for (const type of [0, 2, 3, 0x81]) {
    expect(spend((sign) => concat(sign({ kind: 'taproot-key' }, first, 1).subarray(0, 64), Uint8Array.of(type)))).toBe('invalid');
    if (type !== 0) expect(spend((sign) => sign({ kind: 'taproot-key' }, first, type))).toBe('invalid');
  }
  expect(spend((sign) => concat(sign({ kind: 'taproot-key' }, first, 1), none, Uint8Array.of(1)))).toBe('invalid');
});
