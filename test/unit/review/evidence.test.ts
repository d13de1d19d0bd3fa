/** What a finding says: where it is, and the evidence that a person judges by. Complete, in the order in which the rules stand. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { parseFeeRate } from '../../../src/domain/fee-rate.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt, PsbtInput, PsbtOutput } from '../../../src/psbt/psbt.ts';
import { reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import { p2wshScript, scriptHashScript } from '../../../src/wallet/locking-script.ts';
import { contextOf, fundingTransaction, honestPsbt, signedAs, strangerScript, testKey, testWallet, type HonestSpend } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const [alice, bob, carol] = wallet.keys as [typeof wallet.keys[0] & {}, typeof wallet.keys[0] & {}, typeof wallet.keys[0] & {}];
const stranger = testWallet(2, 3, 'regtest', 50);
const other = stranger.deriver.derive(1, 7);

const honest = (spend: Partial<HonestSpend> = {}): Psbt => honestPsbt({ wallet, ...spend });
const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const withOutput = (psbt: Psbt, index: number, change: (output: PsbtOutput) => PsbtOutput): Psbt => ({ ...psbt, outputs: psbt.outputs.map((output, at) => (at === index ? change(output) : output)) });
const withTransaction = (psbt: Psbt, alter: (transaction: Psbt['transaction']) => void): Psbt => {
  const transaction = psbt.transaction.clone();
  alter(transaction);
  return { ...psbt, transaction };
};
const paying = (scriptHex: string, amountSats = 1_500_000n) => [{ scriptPubKey: parseHex(scriptHex), amountSats }];
const to = toHex(strangerScript());
const one = (sequence: number) => ({ inputs: [{ branch: 0 as const, index: 0, amountSats: 2_000_000n, sequence }] });
/** Each finding as one line, and its evidence. */
const said = (psbt: Psbt, context: Partial<ReviewContext> = {}): unknown[] =>
  reviewPsbt(encodePsbt(psbt), contextOf(wallet, alice, context)).findings.map(({ severity, code, where, details }) => [`${severity} ${code} ${where.scope} ${where.index}`, details]);
const field = (keyType: number, keyHex: string, value: Uint8Array = new Uint8Array(0)) => ({ keyType, keyData: parseHex(keyHex), value });
const txidOf = (psbt: Psbt, index: number): string => toHex(psbt.transaction.ins[index]!.hash.slice().reverse());
/** The scripts and addresses of the test wallet, by hand out of its cosigners' keys once: P2WSH 0/0, 1/7. */
const own = { spent: wallet.deriver.derive(0, 0), change: wallet.deriver.derive(1, 7) };

describe('amounts', () => {
  test('a previous transaction that is missing, is another one, or has no such output', () => {
    const psbt = honest();
    expect(said(withInput(psbt, 1, ({ nonWitnessUtxo: _, ...rest }) => rest))).toEqual([['refuse input.prevtx-missing input 1', { txid: txidOf(psbt, 1), vout: 0 }]]);
    const another = fundingTransaction([psbt.inputs[0]!.witnessUtxo!], 90).bytes;
    expect(said(withInput(psbt, 0, (input) => ({ ...input, nonWitnessUtxo: another })))).toEqual([['refuse input.prevtx-hash input 0', { txid: txidOf(psbt, 0), vout: 0 }]]);
    expect(said(withTransaction(psbt, ({ ins }) => { ins[1]!.index = 3; }))).toEqual([['refuse input.prevtx-vout input 1', { txid: txidOf(psbt, 1), vout: 3 }]]);
  });

  test('a claim beside the proof that differs from it', () => {
    expect(said(withInput(honest(), 1, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 999_999n } }))))
      .toEqual([['refuse input.utxo-conflict input 1', { provenSats: '1000000', claimedSats: '999999' }]]);
  });

  test('a legacy output in a witness UTXO', () => {
    const legacy = (script: string, more: Partial<PsbtInput> = {}) => said(withInput(honest(), 0, ({ nonWitnessUtxo: _, witnessScript: __, ...rest }) => ({ ...rest, ...more, witnessUtxo: { amountSats: 1_000_000n, scriptPubKey: parseHex(script) } })))
      .filter((line) => String((line as unknown[])[0]).includes('legacy'));
    for (const [script, scriptType] of [[`76a914${'11'.repeat(20)}88ac`, 'p2pkh'], [`a914${'11'.repeat(20)}87`, 'p2sh'], ['51', 'nonstandard'], ['6a01ff', 'op-return']] as const) {
      expect(legacy(script)).toEqual([['refuse input.legacy-witness-utxo input 0', { scriptType }]]);
    }
    for (const script of [to, `0020${'11'.repeat(32)}`, `5120${'11'.repeat(32)}`, '51024e73']) expect(legacy(script)).toEqual([]);
    // BIP141: P2SH is segwit where its redeem script is a witness program.
    for (const [redeemScript, isLegacy] of [[`0014${'11'.repeat(20)}`, false], [`0020${'11'.repeat(32)}`, false], [`5120${'11'.repeat(32)}`, true], ['51', true]] as const) {
      expect(legacy(`a914${'11'.repeat(20)}87`, { redeemScript: parseHex(redeemScript) })).toHaveLength(isLegacy ? 1 : 0);
    }
  });

  test('amounts that are no money, and sums that are none', () => {
    const negative = withInput(honest(), 1, ({ nonWitnessUtxo: _, ...rest }) => ({ ...rest, witnessUtxo: { ...rest.witnessUtxo!, amountSats: -5n } }));
    expect(said(negative)).toContainEqual(['refuse input.amount-range input 1', { amountSats: '-5' }]);
    expect(said(withTransaction(honest(), ({ outs }) => { outs[1]!.value = 2_100_000_000_000_001n; }))).toContainEqual(['refuse output.amount-range output 1', { amountSats: '2100000000000001' }]);
    // Exactly all the money that there will ever be is money; a satoshi more is not.
    const both = (first: bigint, second: bigint): unknown[] => said(withTransaction(honest(), ({ outs }) => { outs[0]!.value = first; outs[1]!.value = second; })).filter((line) => String((line as unknown[])[0]).includes('amount-range'));
    expect(both(2_099_999_999_999_999n, 1n)).toEqual([]);
    expect(both(2_100_000_000_000_000n, 1n)).toEqual([['refuse output.amount-range global 0', { sumSats: '2100000000000001' }]]);
    const rich = (second: bigint): unknown[] => said(honest({ inputs: [{ branch: 0, index: 0, amountSats: 2_000_000_000_000_000n }, { branch: 0, index: 5, amountSats: second }], payments: paying(to, 1_999_999_999_999_999n) })).filter((line) => String((line as unknown[])[0]).includes('amount-range'));
    expect(rich(100_000_000_000_000n)).toEqual([]);
    expect(rich(100_000_000_000_001n)).toEqual([['refuse input.amount-range global 0', { sumSats: '2100000000000001' }]]);
  });
});

describe('fee', () => {
  const feeOf = (feeSats: bigint, context: Partial<ReviewContext> = {}, spend: Partial<HonestSpend> = {}): unknown[] => said(honest({ change: { branch: 1, index: 7, amountSats: 500_000n - feeSats }, ...spend }), context);
  // 293 vB.
  test('below what is relayed', () => {
    expect(feeOf(292n)).toEqual([['acknowledge fee.below-relay global 0', { feeSats: '292', feeRateSatPerVb: '0.996', vsizeVb: 293 }]]);
    expect(feeOf(293n)).toEqual([]);
  });

  test('high, with every reason', () => {
    expect(feeOf(75_001n)).toEqual([['acknowledge fee.high global 0', { feeSats: '75001', feeRateSatPerVb: '255.976', vsizeVb: 293, reason: 'over 5 % of the payments' }]]);
    expect(feeOf(75_000n)).toEqual([]);
    expect(feeOf(2_638n, { plannedFeeRate: parseFeeRate('3') })).toEqual([['acknowledge fee.high global 0', { feeSats: '2638', feeRateSatPerVb: '9.003', vsizeVb: 293, reason: 'over 3 times the planned rate' }]]);
    expect(feeOf(2_637n, { plannedFeeRate: parseFeeRate('3') })).toEqual([]);
    const large = { inputs: [{ branch: 0 as const, index: 0, amountSats: 100_000_000n }], change: null };
    // 146 vB.
    expect(feeOf(0n, {}, { ...large, payments: paying(to, 99_927_000n) })).toEqual([]);
    expect(feeOf(0n, {}, { ...large, payments: paying(to, 99_926_999n) })).toEqual([['acknowledge fee.high global 0', { feeSats: '73001', feeRateSatPerVb: '500.006', vsizeVb: 146, reason: 'over 500 sat/vB' }]]);
    expect(feeOf(0n, { plannedFeeRate: parseFeeRate('1') }, { ...large, payments: paying(to, 99_900_000n) })).toEqual([['acknowledge fee.high global 0', { feeSats: '100000', feeRateSatPerVb: '684.931', vsizeVb: 146, reason: 'over 3 times the planned rate; over 500 sat/vB' }]]);
    expect(feeOf(0n, {}, { inputs: [{ branch: 0, index: 0, amountSats: 100_000n }], payments: [], change: { branch: 1, index: 7, amountSats: 94_999n } })).toEqual([['acknowledge fee.high global 0', { feeSats: '5001', feeRateSatPerVb: '31.651', vsizeVb: 158, reason: 'over 5 % of the inputs' }]]);
    expect(feeOf(0n, {}, { inputs: [{ branch: 0, index: 0, amountSats: 100_000n }], payments: [], change: { branch: 1, index: 7, amountSats: 95_000n } })).toEqual([]);
  });

  test('excessive, and negative', () => {
    expect(said(honest({ change: null, payments: paying(to, 1_400_000n) }))).toEqual([
      ['refuse fee.excessive global 0', { feeSats: '600000', feeRateSatPerVb: '2400', vsizeVb: 250 }],
      ['acknowledge fee.high global 0', { feeSats: '600000', feeRateSatPerVb: '2400', vsizeVb: 250, reason: 'over 5 % of the payments; over 500 sat/vB' }],
    ]);
    expect(said(withTransaction(honest(), ({ outs }) => { outs[0]!.value = 2_000_000n; }))).toEqual([['refuse fee.negative global 0', { feeSats: '-499000', inputsSats: '2000000' }]]);
    expect(said(withTransaction(honest(), ({ outs }) => { outs[0]!.value = 1_501_000n; }))).toEqual([['acknowledge fee.below-relay global 0', { feeSats: '0', feeRateSatPerVb: '0', vsizeVb: 293 }]]);
  });
});

describe('locks and replacement', () => {
  test('a height, or a date in UTC', () => {
    expect(said(honest({ locktime: 499_999_999, ...one(0xffff_fffe) }))).toEqual([['acknowledge locktime.future global 0', { height: 499_999_999 }]]);
    expect(said(honest({ locktime: 500_000_000, ...one(0xffff_fffe) }), { tipHeight: 900_000_000 })).toEqual([['acknowledge locktime.future global 0', { date: '1985-11-05T00:53:20.000Z' }]]);
    expect(said(honest({ locktime: 1, ...one(0xffff_fffe) }))).toEqual([['acknowledge locktime.future global 0', { height: 1 }]]);
    // One input that is not final is enough to enforce it.
    const second = honest({ locktime: 101, inputs: [{ branch: 0, index: 0, amountSats: 1_000_000n }, { branch: 0, index: 5, amountSats: 1_000_000n, sequence: 0xffff_fffe }] });
    expect(said(second, { tipHeight: 100 })).toEqual([['acknowledge locktime.future global 0', { height: 101 }]]);
    expect(said(second, { tipHeight: 101 })).toEqual([]);
  });

  test('a lock relative to the confirmation, in blocks or seconds, of any input', () => {
    const replaceable = ['note rbf.signalled global 0', {}];
    const lockedAt = (sequence: number): unknown[] => said(honest({ inputs: [{ branch: 0, index: 0, amountSats: 1_000_000n }, { branch: 0, index: 5, amountSats: 1_000_000n, sequence }] }));
    expect(lockedAt(1)).toEqual([['acknowledge sequence.relative input 1', { blocks: 1 }], replaceable]);
    expect(lockedAt(0xffff)).toEqual([['acknowledge sequence.relative input 1', { blocks: 65_535 }], replaceable]);
    expect(lockedAt(0x0040_ffff)).toEqual([['acknowledge sequence.relative input 1', { seconds: 33_553_920 }], replaceable]);
    // Bits without a meaning do not count (BIP68), nor does anything from the highest bit on.
    expect(lockedAt(0x7fbf_0001)).toEqual([['acknowledge sequence.relative input 1', { blocks: 1 }], replaceable]);
    expect(lockedAt(0x0041_0000)).toEqual([replaceable]);
    expect(lockedAt(0x8000_0001)).toEqual([replaceable]);
    expect(lockedAt(0xffff_fffd)).toEqual([replaceable]);
    expect(lockedAt(0xffff_fffe)).toEqual([]);
  });

  test('versions that are standard', () => {
    const ofVersion = (version: number): unknown[] => said(withTransaction(honest(), (transaction) => { transaction.version = version; }));
    for (const version of [1, 2, 3]) expect(ofVersion(version)).toEqual([]);
    for (const version of [0, 4, 0xffff_ffff]) expect(ofVersion(version)).toEqual([['refuse tx.version global 0', { version }]]);
  });
});

describe('the transaction', () => {
  test('an outpoint that stands twice: which, and where it stood before', () => {
    const psbt = honest({ inputs: [0, 1, 2, 3].map((index) => ({ branch: 0, index, amountSats: 500_000n })) });
    const twice = withTransaction(psbt, ({ ins }) => { ins[3] = ins[1]!; });
    expect(said({ ...twice, inputs: [0, 1, 2, 1].map((at) => psbt.inputs[at]!) })).toEqual([['refuse input.duplicate input 3', { outpoint: `${txidOf(psbt, 1)}:0`, first: 1 }]]);
    // The same transaction and another output of it is another outpoint.
    expect(said(honest({ oneFunding: true }))).toEqual([]);
  });

  test('no inputs, no outputs', () => {
    expect(said({ ...withTransaction(honest(), (transaction) => { transaction.ins = []; }), inputs: [] })[0]).toEqual(['refuse tx.empty global 0', { inputs: 0, outputs: 2 }]);
    expect(said({ ...withTransaction(honest(), (transaction) => { transaction.outs = []; }), outputs: [] })[0]).toEqual(['refuse tx.empty global 0', { inputs: 2, outputs: 0 }]);
  });

  test('what others may still change', () => {
    const flagged = (modifiable: number): unknown[] => said({ ...honest(), version: 2, version2: { modifiable, inputs: honest().inputs.map(() => ({ statesSequence: true })) } });
    expect(flagged(3)).toEqual([['acknowledge psbt.modifiable global 0', { inputs: true, outputs: true, flags: 3 }]]);
    expect(flagged(0x84)).toEqual([['acknowledge psbt.modifiable global 0', { inputs: false, outputs: false, flags: 0x84 }]]);
    expect(flagged(4)).toEqual([]);
  });
});

describe('networks', () => {
  const xpub = (version: string) => [field(1, `${version}01${'00'.repeat(73)}`, parseHex('00000000' + '00000000'))];

  test('a registered wallet, of those that spend and of those that receive', () => {
    const mainnet = testWallet(1, 1, 'mainnet', 30);
    expect(said(honest(), { wallets: [wallet, mainnet] })).toEqual([['refuse network.mismatch global 0', { walletId: mainnet.walletId, walletNetwork: 'mainnet', network: 'regtest' }]]);
    expect(said(honest(), { destinations: [mainnet] })).toEqual([['refuse network.mismatch global 0', { walletId: mainnet.walletId, walletNetwork: 'mainnet', network: 'regtest' }]]);
  });

  test('a global extended key; that of the network is none', () => {
    expect(said({ ...honest(), globalFields: xpub('043587cf') })).toEqual([]);
    expect(said({ ...honest(), globalFields: [...xpub('043587cf'), ...xpub('0488b21e')] })).toEqual([['refuse network.mismatch global 0', { xpubVersion: '0488b21e', network: 'regtest' }]]);
    // What is unknown is no extended key, whatever its key data are.
    expect(said({ ...honest(), globalFields: [field(0xf0, '0488b21e')] })).toEqual([['note psbt.unknown-field global 0', { keys: 'f00488b21e', count: 1 }]]);
  });

  test('an origin of another network\'s coin type', () => {
    const origin = { publicKey: other.keys[0]!.publicKey, masterFingerprint: parseFingerprint('01020304'), path: parsePath('48h/0h/0h/2h/0/0') };
    expect(said(withInput(honest(), 1, (input) => ({ ...input, bip32Derivations: [origin] })))).toEqual([['refuse network.mismatch input 1', { fingerprint: '01020304', path: '48h/0h/0h/2h/0/0', network: 'regtest' }]]);
  });
});

describe('outputs', () => {
  test('dust, by the limit of its type', () => {
    const small = (script: string, amountSats: bigint): unknown[] => said(honest({ payments: [...paying(to), { scriptPubKey: parseHex(script), amountSats }], change: null, inputs: [{ branch: 0, index: 0, amountSats: 1_502_000n }] }));
    for (const [script, limit] of [[`0014${'44'.repeat(20)}`, 294n], [`0020${'44'.repeat(32)}`, 330n], [`76a914${'44'.repeat(20)}88ac`, 546n], [`a914${'44'.repeat(20)}87`, 540n]] as const) {
      expect(small(script, limit - 1n)).toEqual([['refuse output.dust output 1', { amountSats: String(limit - 1n), dustLimitSats: String(limit) }]]);
      expect(small(script, limit)).toEqual([]);
      expect(small(script, 0n)).toEqual([['refuse output.dust output 1', { amountSats: '0', dustLimitSats: String(limit) }]]);
    }
  });

  test('data, shown in hex, and what it burns', () => {
    expect(said(honest({ payments: [...paying(to), { scriptPubKey: parseHex('6a0568656c6c6f'), amountSats: 7n }] }))).toEqual([['acknowledge output.unspendable output 1', { dataHex: '0568656c6c6f', amountSats: '7' }]]);
  });

  test('a script of no standard type, cut to 520 bytes', () => {
    expect(said(honest({ payments: paying(`21${'02'.repeat(33)}ac`) }))).toEqual([['refuse output.nonstandard output 0', { scriptHex: `21${'02'.repeat(33)}ac`, scriptBytes: 35 }]]);
    expect(said(honest({ payments: paying('51'.repeat(700)) }))).toEqual([['refuse output.nonstandard output 0', { scriptHex: '51'.repeat(520), scriptBytes: 700 }]]);
    // A taproot output whose key is no point.
    expect(said(honest({ payments: paying(`5120${'ff'.repeat(32)}`) }))).toEqual([['refuse output.nonstandard output 0', { scriptHex: `5120${'ff'.repeat(32)}`, scriptBytes: 34 }]]);
  });

  test('data up to the limit of a script is data; beyond it the script is none, and the data are cut', () => {
    const data = (bytes: number): unknown[] => said(honest({ inputs: [{ branch: 0, index: 0, amountSats: 100_000_000n }], payments: [...paying(to, 50_000_000n), { scriptPubKey: concat(Uint8Array.of(0x6a), new Uint8Array(bytes - 1)), amountSats: 0n }], change: { branch: 1, index: 7, amountSats: 49_900_000n } }));
    expect(data(10_000)).toEqual([['acknowledge output.unspendable output 1', { dataHex: '00'.repeat(9_999), amountSats: '0' }]]);
    expect(data(10_001)).toEqual([
      ['refuse output.nonstandard output 1', { scriptHex: `6a${'00'.repeat(519)}`, scriptBytes: 10_001 }],
      ['acknowledge output.unspendable output 1', { dataHex: '00'.repeat(9_999), amountSats: '0' }],
    ]);
  });

  test('an address that is used already: the one that is spent from, or paid before', () => {
    const twice = honest({ payments: [...paying(to, 500_000n), ...paying(`0014${'44'.repeat(20)}`, 500_000n), ...paying(to, 500_000n)] });
    const address = 'bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29';
    expect(said(twice)).toEqual([['note output.reused output 2', { address }]]);
    expect(said(honest({ change: { branch: 0, index: 0, amountSats: 499_000n } }))).toEqual([['note output.reused output 1', { address: own.spent.address }]]);
    // What has no address is nobody's to use again.
    expect(said(honest({ payments: [...paying(to), ...paying('6a01ff', 0n), ...paying('6a01ff', 0n)] }))).toEqual([1, 2].map((index) => [`acknowledge output.unspendable output ${index}`, { dataHex: '01ff', amountSats: '0' }]));
  });
});

describe('addresses that look alike: the same four characters behind the prefix and at the end', () => {
  const alike = (...scripts: readonly string[]): unknown[] => said(honest({ payments: scripts.flatMap((script, at) => paying(script, at === 0 ? 1_400_000n : 10_000n * BigInt(at))) })).filter((line) => String((line as unknown[])[0]).includes('similar'));
  const pairs = [
    // Of bech32 behind `bcrt1q`: qqqq…kexr.
    ['00140000000020bd5ef69e629c299cebb132138caeff', 'bcrt1qqqqqqqpqh400d8nzns5ee6a3xgfcethlnmkexr', '001400000000ce5121fd974847753900d8777a1300f1', 'bcrt1qqqqqqqxw2yslm96gga6njqxcwaapxq833pkexr'],
    // Of base58 behind `2`: N8ue…pQXE.
    ['a914abcdef17049d0c910000101d684700000000000087', '2N8ueEdPqsok9jFKfUEKcQJY7V9ExCupQXE', 'a914abcdef0106f488f700008e5080f100000000000087', '2N8ueEc3QuGBJomDQetEMSygz4iZjUkpQXE'],
  ] as const;

  test.each(pairs)('each names the other', (firstScript, first, secondScript, second) => {
    expect(alike(firstScript, `0014${'44'.repeat(20)}`, secondScript)).toEqual([
      ['acknowledge output.similar-address output 0', { address: first, similarTo: second }],
      ['acknowledge output.similar-address output 2', { address: second, similarTo: first }],
    ]);
  });

  test('the same end alone is no likeness, nor the same beginning alone', () => {
    // ...946a of both.
    expect(alike('0014a291276533333333333333333333333333333333', '001446b967aa33333333333333333333333333333333')).toEqual([]);
    expect(alike(`001400000000${'44'.repeat(16)}`, `001400000000${'55'.repeat(16)}`)).toEqual([]);
    expect(alike(`a914abcdef${'44'.repeat(17)}87`, `a914abcdef${'55'.repeat(17)}87`)).toEqual([]);
  });

  test('one address twice is used again, and like no other', () => {
    expect(said(honest({ payments: [...paying(pairs[0][0], 750_000n), ...paying(pairs[0][0], 750_000n)] }))).toEqual([['note output.reused output 1', { address: pairs[0][1] }]]);
  });
});

describe('fields without a meaning', () => {
  test('stand with their keys, one finding a map; extended keys and a stated version have a meaning', () => {
    const psbt = withOutput(withInput(honest(), 1, (input) => ({ ...input, otherFields: [field(0x1d, '01'), field(0xf0, '')] })), 0, (output) => ({ ...output, otherFields: [field(0x1e, 'aabb')] }));
    expect(said({ ...psbt, globalFields: [field(0xfb, '', parseHex('00000000')), field(0xfd, '02')] })).toEqual([
      ['note psbt.unknown-field global 0', { keys: 'fdfd0002', count: 1 }],
      ['note psbt.unknown-field input 1', { keys: '1d01 f0', count: 2 }],
      ['note psbt.unknown-field output 0', { keys: '1eaabb', count: 1 }],
    ]);
  });

  test('are listed to the twentieth, and each key to its 64th byte', () => {
    const many = (count: number, length: number) => withInput(honest(), 0, (input) => ({ ...input, otherFields: Array.from({ length: count }, (_, index) => field(0x1d, index.toString(16).padStart(2, '0') + '77'.repeat(length - 1))) }));
    const keys = (count: number, length: number): string => Array.from({ length: count }, (_, index) => `1d${index.toString(16).padStart(2, '0')}${'77'.repeat(length - 1)}`).join(' ');
    expect(said(many(20, 64))).toEqual([['note psbt.unknown-field input 0', { keys: keys(20, 64), count: 20 }]]);
    expect(said(many(21, 65))).toEqual([['note psbt.unknown-field input 0', { keys: keys(20, 64), count: 21 }]]);
  });

  test('taproot\'s fields have none where the wallet is no taproot wallet', () => {
    expect(said(withInput(honest(), 0, (input) => ({ ...input, otherFields: [field(0x16, '11'.repeat(32), parseHex('0000000000'))] })))).toEqual([['note psbt.unknown-field input 0', { keys: `16${'11'.repeat(32)}`, count: 1 }]]);
    expect(said(withOutput(honest(), 0, (output) => ({ ...output, otherFields: [field(0x07, '11'.repeat(32), parseHex('0000000000'))] })))).toEqual([['note psbt.unknown-field output 0', { keys: `07${'11'.repeat(32)}`, count: 1 }]]);
  });
});

describe('whose scripts and keys', () => {
  test('a foreign input: what it is, as far as that is said', () => {
    const foreign = (script: string) => said(withInput(honest(), 1, ({ nonWitnessUtxo: _, witnessScript: __, ...rest }) => ({ ...rest, bip32Derivations: [], witnessUtxo: { amountSats: 1_000_000n, scriptPubKey: parseHex(script) } })))
      .filter((line) => String((line as unknown[])[0]).includes('foreign'));
    expect(foreign(to)).toEqual([['refuse input.foreign input 1', { scriptType: 'p2wpkh', scriptHex: to }]]);
    expect(foreign('51'.repeat(600))).toEqual([['refuse input.foreign input 1', { scriptType: 'nonstandard', scriptHex: '51'.repeat(520) }]]);
    expect(said(withInput(honest(), 1, ({ nonWitnessUtxo: _, witnessUtxo: __, ...rest }) => rest))).toContainEqual(['refuse input.foreign input 1', {}]);
  });

  test('a script that is not the wallet\'s: all that the file says', () => {
    expect(said(withInput(honest(), 1, (input) => ({ ...input, redeemScript: parseHex('52'), witnessScript: parseHex('53'.repeat(600)), otherFields: [field(0x17, '', new Uint8Array(32).fill(6))] })))[0])
      .toEqual(['refuse input.script-hash input 1', { internalKeyHex: '06'.repeat(32), redeemScriptHex: '52', witnessScriptHex: '53'.repeat(520) }]);
    expect(said(withInput(honest(), 0, (input) => ({ ...input, witnessScript: parseHex('53') })))).toEqual([['refuse input.script-hash input 0', { witnessScriptHex: '53' }]]);
  });

  test('scripts beside a foreign output are those that it names, or a finding of their own', () => {
    const beside = (scriptPubKey: Uint8Array | null, scripts: Pick<PsbtInput, 'redeemScript' | 'witnessScript'>): boolean =>
      said(withInput(honest(), 1, ({ nonWitnessUtxo: _, witnessUtxo: __, witnessScript: ___, ...rest }) => ({ ...rest, ...scripts, ...(scriptPubKey === null ? {} : { witnessUtxo: { amountSats: 1_000_000n, scriptPubKey } }) })))
        .some((line) => String((line as unknown[])[0]).includes('script-hash'));
    const [script, program] = [parseHex('5151'), p2wshScript(parseHex('5151'))];
    const another = parseHex('5252');
    // P2SH: a redeem script that hashes to it; nested P2WSH: a witness script of which that is the program.
    expect(beside(scriptHashScript(script), { redeemScript: script })).toBe(false);
    expect(beside(scriptHashScript(script), { redeemScript: another })).toBe(true);
    expect(beside(scriptHashScript(program), { redeemScript: program, witnessScript: script })).toBe(false);
    expect(beside(scriptHashScript(program), { redeemScript: program, witnessScript: another })).toBe(true);
    expect(beside(scriptHashScript(program), { redeemScript: program })).toBe(false);
    expect(beside(scriptHashScript(program), { witnessScript: script })).toBe(true);
    // P2WSH: a witness script that hashes to it, and no redeem script.
    expect(beside(program, { witnessScript: script })).toBe(false);
    expect(beside(program, { witnessScript: another })).toBe(true);
    expect(beside(program, { redeemScript: program, witnessScript: script })).toBe(true);
    // What is spent is not said: the two must fit each other.
    expect(beside(null, { redeemScript: another })).toBe(false);
    expect(beside(null, { witnessScript: script })).toBe(false);
    expect(beside(null, { redeemScript: program, witnessScript: script })).toBe(false);
    expect(beside(null, { redeemScript: another, witnessScript: script })).toBe(true);
  });

  test('a foreign input may ask for no special sighash type either', () => {
    const asking = withInput(honest(), 1, ({ nonWitnessUtxo: _, witnessScript: __, ...rest }) => ({ ...rest, bip32Derivations: [], sighashType: 0, witnessUtxo: { amountSats: 1_000_000n, scriptPubKey: strangerScript() } }));
    expect(said(asking)).toContainEqual(['refuse sighash.forbidden input 1', { sighashType: 0, asked: true }]);
  });

  test('an input that is final, and one with a script tree', () => {
    expect(said(withInput(honest(), 1, (input) => ({ ...input, finalScriptSig: new Uint8Array(0) })))).toEqual([['refuse input.already-final input 1', {}]]);
    expect(said(withInput(honest(), 1, (input) => ({ ...input, finalScriptWitness: [] })))).toEqual([['refuse input.already-final input 1', {}]]);
    for (const tree of [field(0x18, '', new Uint8Array(32)), field(0x15, `c0${'11'.repeat(32)}`, parseHex('51c0')), field(0x14, '11'.repeat(64), new Uint8Array(64))]) {
      expect(said(withInput(honest(), 1, (input) => ({ ...input, otherFields: [tree] })))[0]).toEqual(['refuse taproot.script-path input 1', {}]);
    }
  });

  test('change that is another\'s: the amount and where it would go', () => {
    const taken = withTransaction(honest(), ({ outs }) => { outs[1]!.script = other.scriptPubKey; });
    expect(said(taken)).toEqual([['refuse change.fraud output 1', { amountSats: '499000', destination: other.address }]]);
    const bare = withTransaction(honest(), ({ outs }) => { outs[1]!.script = parseHex('51'.repeat(600)); });
    expect(said(bare)[0]).toEqual(['refuse change.fraud output 1', { amountSats: '499000', destination: '51'.repeat(520) }]);
  });

  test('a key\'s origin that is a lie: whose, where, and how many', () => {
    const lying = (fingerprint: typeof alice.fingerprint) => withInput(honest(), 1, (input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => (derivation.masterFingerprint === fingerprint ? { ...derivation, publicKey: other.keys[0]!.publicKey } : derivation)) }));
    for (const { fingerprint } of [alice, bob]) expect(said(lying(fingerprint))).toEqual([['refuse input.origin-lie input 1', { fingerprint, path: '48h/1h/0h/2h/0/5', count: 1 }]]);
    const twice = withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: [1, 2].map((index) => ({ publicKey: other.keys[index]!.publicKey, masterFingerprint: alice.fingerprint, path: parsePath('48h/1h/0h/2h/0/3') })) }));
    expect(said(twice)).toEqual([['refuse input.origin-lie input 0', { fingerprint: alice.fingerprint, path: '48h/1h/0h/2h/0/3', count: 2 }]]);
  });

  test('a path out of range, and paths that differ', () => {
    const at = (paths: readonly string[]) => withOutput(honest(), 1, (output) => ({ ...output, bip32Derivations: [alice, bob].map(({ fingerprint }, position) => ({ publicKey: own.change.keys[position]!.publicKey, masterFingerprint: fingerprint, path: parsePath(paths[position]!) })) }));
    expect(said(at(['48h/1h/0h/2h/1/7', '48h/1h/0h/2h/2/7']))).toEqual([['refuse path.out-of-range output 1', { fingerprint: bob.fingerprint, path: '48h/1h/0h/2h/2/7' }]]);
    expect(said(at(['48h/1h/0h/2h/1/7', '48h/1h/0h/2h/1/8']))).toEqual([['refuse path.out-of-range output 1', { fingerprint: bob.fingerprint, path: '48h/1h/0h/2h/1/8', otherPath: '48h/1h/0h/2h/1/7' }]]);
    expect(said(at(['48h/1h/0h/2h/1/1000000', '48h/1h/0h/2h/1/1000000']))).toEqual([['refuse path.out-of-range output 1', { fingerprint: alice.fingerprint, path: '48h/1h/0h/2h/1/1000000' }]]);
    expect(said(at(['48h/1h/0h/2h/1/999999', '48h/1h/0h/2h/1/999999']))).toEqual([]);
    // The account's path may be the wallet maker's business; the tail is the wallet's.
    expect(said(at(['48h/1h/9h/2h/1/7', '1/7']))).toEqual([]);
    expect(said(at(['7', '7']))).toEqual([['refuse path.out-of-range output 1', { fingerprint: alice.fingerprint, path: '7' }]]);
    const deep = withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: [{ publicKey: other.keys[0]!.publicKey, masterFingerprint: bob.fingerprint, path: Array<number>(60).fill(3) }] }));
    expect(said(deep)).toEqual([['refuse path.out-of-range input 0', { fingerprint: bob.fingerprint, path: Array<number>(20).fill(3).join('/') }]]);
  });
});

describe('signatures that are there', () => {
  const key = own.spent.keys[2]!.publicKey;
  const made = signedAs(honest(), wallet, carol).inputs[0]!.partialSignatures[0]!.signature;
  const holding = (publicKey: Uint8Array, signature: Uint8Array): unknown[] => said(withInput(honest(), 0, (input) => ({ ...input, partialSignatures: [{ publicKey, signature }] })));

  test('say why they are none', () => {
    expect(holding(key, made)).toEqual([]);
    expect(holding(key, made.map((byte, at) => (at === 40 ? byte ^ 1 : byte)))).toEqual([['refuse signature.invalid input 0', { publicKey: toHex(key), reason: 'does not verify', count: 1 }]]);
    expect(holding(key, new Uint8Array(70))).toEqual([['refuse signature.invalid input 0', { publicKey: toHex(key), reason: 'not a signature', count: 1 }]]);
    expect(holding(other.keys[0]!.publicKey, made)).toEqual([['refuse signature.invalid input 0', { publicKey: toHex(other.keys[0]!.publicKey), reason: 'of no cosigner', count: 1 }]]);
    const unstated = withInput(honest(), 0, ({ nonWitnessUtxo: _, witnessUtxo: __, ...rest }) => ({ ...rest, partialSignatures: [{ publicKey: key, signature: made }] }));
    expect(said(unstated)).toContainEqual(['refuse signature.invalid input 0', { publicKey: toHex(key), reason: 'cannot be checked', count: 1 }]);
  });

  test('are of SIGHASH_ALL, asked for or present', () => {
    expect(said(signedAs(honest(), wallet, bob, 0x83))).toEqual([0, 1].map((index) => [`refuse sighash.forbidden input ${index}`, { sighashType: 0x83, publicKey: toHex(wallet.deriver.derive(0, index * 5).keys[1]!.publicKey), asked: false }]));
    for (const sighashType of [0, 2, 0x81, 0x101]) expect(said(withInput(honest(), 1, (input) => ({ ...input, sighashType })))).toEqual([['refuse sighash.forbidden input 1', { sighashType, asked: true }]]);
    expect(said(withInput(honest(), 1, (input) => ({ ...input, sighashType: 1 })))).toEqual([]);
  });

  test('of taproot, on an input that is none', () => {
    const beside = (length: number, last: number): unknown[] => said(withInput(honest(), 1, (input) => ({ ...input, otherFields: [field(0x13, '', new Uint8Array(length).fill(last, length - 1))] }))).slice(0, -1);
    expect(beside(64, 9)).toEqual([['refuse signature.invalid input 1', { reason: 'of no key at hand', count: 1 }]]);
    expect(beside(65, 1)).toEqual([['refuse signature.invalid input 1', { reason: 'of no key at hand', count: 1 }]]);
    for (const sighashType of [0, 2, 0x83]) expect(beside(65, sighashType)).toEqual([['refuse sighash.forbidden input 1', { sighashType, asked: false }], ['refuse signature.invalid input 1', { reason: 'of no key at hand', count: 1 }]]);
    const unstated = withInput(honest(), 0, ({ nonWitnessUtxo: _, witnessUtxo: __, ...rest }) => ({ ...rest, otherFields: [field(0x13, '', new Uint8Array(64))] }));
    expect(said(unstated)).toContainEqual(['refuse signature.invalid input 0', { reason: 'cannot be checked', count: 1 }]);
  });
});

describe('the quorum', () => {
  test('this key is in no wallet, has signed, or is not needed', () => {
    expect(said(honest(), { thisKey: testKey(60).reviewKey })).toEqual([['refuse quorum.not-a-cosigner global 0', { fingerprint: testKey(60).fingerprint }]]);
    expect(said(signedAs(honest(), wallet, alice))).toEqual([['note quorum.already-signed global 0', { fingerprint: alice.fingerprint }]]);
    expect(said(signedAs(signedAs(honest(), wallet, bob), wallet, carol))).toEqual([['note quorum.complete global 0', { required: 2 }]]);
    expect(said(honest(), { thisKey: null })).toEqual([]);
  });
});

describe('a sweep', () => {
  const paper = (at: number) => ({ fingerprint: parseFingerprint(`0a0b0c${at.toString(16).padStart(2, '0')}`), publicKey: stranger.deriver.derive(0, at).keys[0]!.publicKey });

  test('a destination that nobody proved, and papers that it forgets', () => {
    expect(said(honest(), { singleKeys: [paper(1)] })).toEqual([
      ['acknowledge sweep.unproven-destination output 0', { amountSats: '1500000', address: 'bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29' }],
      ['note sweep.key-unused global 0', { count: 1, fingerprints: '0a0b0c01' }],
    ]);
    const many = Array.from({ length: 21 }, (_, at) => paper(at));
    expect(said(honest({ payments: [...paying('51'), ...paying('6a01ff', 0n)] }), { singleKeys: many }).filter((line) => String((line as unknown[])[0]).includes('sweep'))).toEqual([
      ['acknowledge sweep.unproven-destination output 0', { amountSats: '1500000' }],
      ['note sweep.key-unused global 0', { count: 21, fingerprints: many.slice(0, 20).map(({ fingerprint }) => fingerprint).join(' ') }],
    ]);
  });
});
