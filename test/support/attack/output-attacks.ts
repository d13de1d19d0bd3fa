/** Attacks on where the money goes: change, destinations, amounts, kinds of output, the fee that is left. */
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { isQuorumScript, maxCosigners, walletScripts } from '../../../src/domain/wallet-script.ts';
import type { PsbtOutput } from '../../../src/psbt/psbt.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, brokenByTransaction, feeOf, insertOutput, largestOutput, outputFieldsOf, outputOrigins, pick, signedVsizeOf, withOutput, withTransaction, type Attack, type Attacked } from './attack.ts';
import { addressOf, strangePoint, strangeScript, type HonestSpend } from './honest.ts';
import { isWitnessProgram, lookAlike } from './look-alike.ts';
import { badTails } from './origin-attacks.ts';
import { inScript, lowered, mixed, strangers, type Treasury } from './treasury.ts';
import { keyHashScript, scriptHashScript, witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';

const MAX_MONEY = 2_100_000_000_000_000n;

const owned = (spend: HonestSpend): HonestSpend['own'] => spend.own.filter(({ index }) => index < spend.psbt.outputs.length);
/** Own outputs that state whose they are. */
const ownedWithOrigins = (spend: HonestSpend): HonestSpend['own'] => owned(spend).filter(({ index }) => outputOrigins.of(spend.psbt.outputs[index] as PsbtOutput).length > 0);

/** Sends an own output elsewhere, and leaves what the file says of it, or says something else. */
function diverted(spend: HonestSpend, random: Random, scriptPubKey: Uint8Array, says?: PsbtOutput): Attacked | null {
  const own = pick(random, says === undefined ? ownedWithOrigins(spend) : owned(spend));
  if (own === null) return null;
  const sent = withTransaction(spend, ({ outs }) => { (outs[own.index] as { script: Uint8Array }).script = scriptPubKey; });
  const said = says === undefined ? sent : withOutput(sent, own.index, () => says);
  return attacked({ ...said, own: [], payments: [...spend.payments, own.index] }, 'change.fraud', brokenByTransaction(spend), spend.kind === 'sweep' ? 'sweep.unproven-destination' : []);
}

/** The fields of a stranger's output with fingerprints of ours. */
function asOurs(fields: PsbtOutput, ours: Treasury): PsbtOutput {
  return outputOrigins.with(fields, (origins) => origins.map((origin, position) => ({ ...origin, masterFingerprint: ours.keys[position % ours.total]?.fingerprint as typeof origin.masterFingerprint })));
}

export const changeAttacks: readonly Attack[] = [
  { name: 'own output sent to a stranger, with our origins beside it', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'], apply: (spend, random) => diverted(spend, random, strangeScript(random)) },
  {
    name: 'own output sent to another wallet\'s script, all enclosed', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const ours = spend.own[0]?.treasury;
      if (ours === undefined) return null;
      const theirs = addressOf(strangers(ours.script), 1, random.int(30));
      return diverted(spend, random, theirs.scriptPubKey, asOurs(outputFieldsOf(theirs), ours));
    },
  },
  {
    name: 'own output sent to our keys with one of them exchanged', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const theirs = spend.own[0] === undefined ? null : mixed(spend.own[0].treasury)?.derive(1, random.int(30));
      return theirs === null || theirs === undefined ? null : diverted(spend, random, theirs.scriptPubKey, outputFieldsOf(theirs));
    },
  },
  {
    name: 'own output sent to our keys under a lower quorum', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const wallet = spend.own[0]?.treasury;
      if (wallet === undefined || wallet.required < 2) return null;
      const script = lowered(wallet).derive(1, random.int(30));
      return diverted(spend, random, script.scriptPubKey, outputFieldsOf(script));
    },
  },
  ...walletScripts.map((script): Attack => ({
    name: `own output sent to our own keys as ${script}, which is not the wallet's type`, code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const wallet = spend.own[0]?.treasury;
      if (wallet === undefined || wallet.total > maxCosigners(script) || isQuorumScript(wallet.script) !== isQuorumScript(script)) return null;
      // A wallet of that type may be registered too; then it is a payment to it and no fraud.
      if (spend.treasuries.some((other) => other.script === script) || wallet.script === script) return null;
      const derived = inScript(wallet, script).derive(1, random.int(30));
      return diverted(spend, random, derived.scriptPubKey, outputFieldsOf(derived));
    },
  })),
  {
    name: 'own output sent to a stranger\'s P2SH with our own scripts enclosed', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const own = spend.own[0];
      if (own === undefined) return null;
      const { redeemScript, witnessScript, scriptPubKey } = own.derived;
      const enclosed = redeemScript ?? scriptPubKey;
      return diverted(spend, random, scriptHashScript(random.bytes(30)), { ...(witnessScript === null ? {} : { witnessScript }), redeemScript: enclosed, bip32Derivations: outputFieldsOf(own.derived).bip32Derivations, otherFields: [] });
    },
  },
  {
    name: 'own output sent to a P2SH that wraps a stranger\'s program, enclosed', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const program = random.oneIn(2) ? witnessKeyHashScript(random.bytes(20)) : concat(parseHex('0020'), random.bytes(32));
      return diverted(spend, random, scriptHashScript(program), { redeemScript: program, bip32Derivations: [], otherFields: [] });
    },
  },
  {
    name: 'a payment dressed as ours by one origin', code: 'change.fraud', by: 'field', touches: ['destination'],
    apply(spend, random) {
      const index = pick(random, spend.payments);
      const ours = spend.treasuries[0]?.keys[0]?.fingerprint;
      if (index === null || ours === undefined) return null;
      return attacked(withOutput(spend, index, (output) => outputOrigins.with(output, (origins) => [...origins, { publicKey: strangePoint(random), masterFingerprint: ours, path: parsePath(`48h/1h/0h/2h/1/${random.int(100)}`) }])), 'change.fraud');
    },
  },
  ...(['witnessScript', 'redeemScript'] as const).map((name): Attack => ({
    name: `own output with another ${name}`, code: 'change.fraud', by: 'field', touches: ['destination'],
    apply(spend, random) {
      const own = pick(random, owned(spend));
      return own === null ? null : attacked(withOutput(spend, own.index, (output) => ({ ...output, [name]: random.bytes(3 + random.int(100)) })), 'change.fraud');
    },
  })),
  ...(['witnessScript', 'redeemScript'] as const).map((name): Attack => ({
    name: `a payment with a ${name}`, code: 'change.fraud', by: 'field', touches: ['destination'],
    apply(spend, random) {
      const index = pick(random, spend.payments);
      return index === null ? null : attacked(withOutput(spend, index, (output) => ({ ...output, [name]: random.bytes(3 + random.int(100)) })), 'change.fraud');
    },
  })),
  {
    name: 'the fields of two outputs exchanged', code: 'change.fraud', by: 'order', touches: ['destination'],
    apply(spend, random) {
      const own = pick(random, owned(spend));
      const other = pick(random, spend.payments);
      if (own === null || other === null || spend.kind === 'sweep') return null;
      const [ours, theirs] = [spend.psbt.outputs[own.index], spend.psbt.outputs[other]] as [PsbtOutput, PsbtOutput];
      return attacked(withOutput(withOutput(spend, own.index, () => theirs), other, () => ours), 'change.fraud');
    },
  },
  ...badTails.map((bad, way): Attack => ({
    name: `the origins of change on a path that no address has (${way})`, code: 'path.out-of-range', by: 'value', touches: ['destination'],
    apply(spend, random) {
      const own = pick(random, spend.kind === 'sweep' ? [] : ownedWithOrigins(spend));
      return own === null ? null : attacked(withOutput(spend, own.index, (output) => outputOrigins.with(output, (origins) => origins.map((origin) => ({ ...origin, path: bad(origin.path, random) })))), 'path.out-of-range');
    },
  })),
  {
    name: 'the cosigners of change on different tails', code: 'path.out-of-range', by: 'order', touches: ['destination'],
    apply(spend, random) {
      const own = pick(random, spend.kind === 'sweep' ? [] : ownedWithOrigins(spend).filter(({ treasury }) => treasury.total > 1));
      return own === null ? null : attacked(withOutput(spend, own.index, (output) => outputOrigins.with(output, (origins) => origins.map((origin, position) => (position === 1 ? { ...origin, path: [...origin.path.slice(0, -1), (origin.path.at(-1) as number) + 1 + random.int(100)] } : origin)))), 'path.out-of-range');
    },
  },
  {
    name: 'change beyond what any scan finds, at a stranger\'s script', code: 'path.out-of-range', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const sent = spend.kind === 'sweep' ? null : diverted(spend, random, strangeScript(random));
      if (sent === null) return null;
      const psbt = { ...sent.spend.psbt, outputs: sent.spend.psbt.outputs.map((output) => outputOrigins.with(output, (origins) => origins.map((origin) => ({ ...origin, path: [...origin.path.slice(0, -1), 1_000_000 + random.int(1000)] })))) };
      return attacked({ ...sent.spend, psbt }, sent.codes, 'path.out-of-range', spend.hasSignatures ? 'signature.invalid' : []);
    },
  },
  {
    name: 'a sweep to a stranger', code: 'sweep.unproven-destination', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const own = pick(random, spend.kind === 'sweep' ? owned(spend) : []);
      if (own === null) return null;
      const sent = withTransaction(spend, ({ outs }) => { (outs[own.index] as { script: Uint8Array }).script = strangeScript(random); });
      return attacked({ ...withOutput(sent, own.index, () => ({ bip32Derivations: [], otherFields: [] })), own: [], payments: [own.index] }, 'sweep.unproven-destination', brokenByTransaction(spend));
    },
  },
  {
    name: 'a sweep that pays a stranger too', code: 'sweep.unproven-destination', by: 'count', touches: [],
    apply(spend, random) {
      if (spend.kind !== 'sweep') return null;
      const added = insertOutput(spend, random, { scriptPubKey: strangeScript(random), amountSats: 1_000n });
      return attacked(added.spend, added.codes);
    },
  },
];

/** What sweeps pay to nobody that they know is judged beside everything else. */
function added(spend: HonestSpend, random: Random, scriptPubKey: Uint8Array, amountSats: bigint, ...codes: Attacked['codes']): Attacked {
  const made = insertOutput(spend, random, { scriptPubKey, amountSats });
  return attacked(made.spend, made.codes, codes);
}

const dust: readonly (readonly [string, bigint, (random: Random) => Uint8Array])[] = [
  ['p2pkh', 545n, (random) => keyHashScript(random.bytes(20))],
  ['p2sh', 539n, (random) => scriptHashScript(random.bytes(20))],
  ['p2wpkh', 293n, (random) => witnessKeyHashScript(random.bytes(20))],
  ['p2wsh', 329n, (random) => concat(parseHex('0020'), random.bytes(32))],
  ['p2tr', 329n, (random) => concat(parseHex('5120'), strangePoint(random).subarray(1))],
];

const strange: readonly (readonly [string, (random: Random) => Uint8Array])[] = [
  ['a bare public key', (random) => concat(Uint8Array.of(33), strangePoint(random), Uint8Array.of(0xac))],
  ['bare multisig', (random) => concat(Uint8Array.of(0x51, 33), strangePoint(random), Uint8Array.of(33), strangePoint(random), Uint8Array.of(0x52, 0xae))],
  ['a witness version without rules', (random) => concat(Uint8Array.of(0x52 + random.int(15), 32), random.bytes(32))],
  ['witness version 1 of another length', (random) => concat(Uint8Array.of(0x51, 2), random.bytes(2))],
  ['a taproot key that is no point', () => concat(parseHex('5120'), new Uint8Array(32).fill(0xff))],
  ['witness version 0 of another length', (random) => concat(Uint8Array.of(0x00, 25), random.bytes(25))],
  ['no script at all', () => new Uint8Array(0)],
  ['bytes of no meaning', (random) => concat(Uint8Array.of(0x75), random.bytes(1 + random.int(60)))],
];

export const outputAttacks: readonly Attack[] = [
  ...dust.map(([type, limit, script]): Attack => ({ name: `an output below the dust limit of ${type}`, code: 'output.dust', by: 'count', touches: [], apply: (spend, random) => added(spend, random, script(random), limit - BigInt(random.int(Number(limit))), 'output.dust') })),
  ...strange.map(([what, script]): Attack => ({ name: `an output with ${what}`, code: 'output.nonstandard', by: 'count', touches: [], apply: (spend, random) => added(spend, random, script(random), 1_000n + BigInt(random.int(500)), 'output.nonstandard') })),
  { name: 'data in an output', code: 'output.unspendable', by: 'count', touches: [], apply: (spend, random) => added(spend, random, concat(Uint8Array.of(0x6a), random.bytes(random.int(80))), BigInt(random.pick([0, 0, 700])), 'output.unspendable') },
  { name: 'more data than a script may have', code: 'output.nonstandard', by: 'value', touches: ['fee'], apply: (spend, random) => (feeOf(spend) < 12_000n + signedVsizeOf(spend) ? null : added(spend, random, concat(Uint8Array.of(0x6a), random.bytes(10_000 + random.int(50))), 0n, 'output.nonstandard', 'output.unspendable')) },
  {
    name: 'an output of more than there are bitcoin', code: 'output.amount-range', by: 'value', touches: ['fee'],
    apply: (spend, random) => added(spend, random, witnessKeyHashScript(random.bytes(20)), MAX_MONEY + 1n + BigInt(random.int(1000)), 'output.amount-range'),
  },
  {
    name: 'an output of a negative amount', code: 'output.amount-range', by: 'value', touches: ['fee'],
    apply: (spend, random) => added(spend, random, witnessKeyHashScript(random.bytes(20)), -1n - BigInt(random.int(1_000_000)), 'output.amount-range'),
  },
  {
    name: 'outputs whose sum passes 21 million', code: 'output.amount-range', by: 'count', touches: ['fee'],
    apply(spend, random) {
      const first = insertOutput(spend, random, { scriptPubKey: witnessKeyHashScript(random.bytes(20)), amountSats: MAX_MONEY });
      const second = insertOutput(first.spend, random, { scriptPubKey: witnessKeyHashScript(random.bytes(20)), amountSats: MAX_MONEY - BigInt(random.int(1000)) });
      return attacked(second.spend, first.codes, second.codes, 'output.amount-range', 'fee.negative');
    },
  },
  {
    name: 'two addresses with the same ends', code: 'output.similar-address', by: 'count', touches: [],
    apply(spend, random) {
      const scriptPubKey = witnessKeyHashScript(random.bytes(20));
      const first = insertOutput(spend, random, { scriptPubKey, amountSats: 1_000n });
      const second = insertOutput(first.spend, random, { scriptPubKey: lookAlike(scriptPubKey, random), amountSats: 1_000n });
      return attacked(second.spend, first.codes, second.codes, 'output.similar-address');
    },
  },
  {
    name: 'an address with the ends of an own one', code: 'output.similar-address', by: 'value', touches: ['destination'],
    apply(spend, random) {
      const own = pick(random, owned(spend));
      // Forging the ends of an address of another encoding takes a machine of its own.
      return own === null || !isWitnessProgram(own.derived.scriptPubKey) ? null : added(spend, random, lookAlike(own.derived.scriptPubKey, random), 1_000n, 'output.similar-address');
    },
  },
];

/** Leaves so many satoshis as the fee, out of the output that is worth most. */
const withFee = (spend: HonestSpend, feeSats: bigint): HonestSpend => {
  const less = feeSats - feeOf(spend);
  return withTransaction(spend, ({ outs }) => { (outs[largestOutput(spend)] as { value: bigint }).value -= less; });
};
const totalOf = (spend: HonestSpend): bigint => feeOf(spend) + spend.psbt.transaction.outs.reduce((sum, { value }) => sum + value, 0n);

export const feeAttacks: readonly Attack[] = [
  { name: 'outputs worth more than the inputs', code: 'fee.negative', by: 'value', touches: ['fee', 'utxo'], apply: (spend, random) => attacked(withFee(spend, -1n - BigInt(random.int(1_000_000))), 'fee.negative', brokenByTransaction(spend)) },
  {
    name: 'a fee of half of everything', code: 'fee.excessive', by: 'value', touches: ['fee', 'utxo'],
    apply(spend) {
      const halved = withTransaction(spend, ({ outs }) => { for (const output of outs) if (output.value > 20_000n) output.value /= 2n; });
      return attacked(halved, 'fee.excessive', 'fee.high', brokenByTransaction(spend));
    },
  },
  {
    name: 'outputs taken away', code: 'fee.excessive', by: 'count', touches: ['fee', 'utxo', 'destination'],
    apply(spend) {
      // The largest alone stays away; where it is less than a third, others go too.
      if (spend.psbt.outputs.length < 2 || spend.kind === 'sweep') return null;
      const largest = largestOutput(spend);
      const value = spend.psbt.transaction.outs[largest]?.value ?? 0n;
      if (value * 3n < totalOf(spend) || value < 150_000n) return null;
      const cut = withTransaction(spend, ({ outs }) => { outs.splice(largest, 1); });
      const shifted = (index: number): number => (index > largest ? index - 1 : index);
      const own = spend.own.filter(({ index }) => index !== largest).map((each) => ({ ...each, index: shifted(each.index) }));
      return attacked({ ...cut, own, payments: spend.payments.filter((index) => index !== largest).map(shifted), psbt: { ...cut.psbt, outputs: spend.psbt.outputs.filter((_, index) => index !== largest) } }, 'fee.excessive', 'fee.high', brokenByTransaction(spend));
    },
  },
  {
    name: 'a fee of a tenth', code: 'fee.high', by: 'value', touches: ['fee', 'utxo'],
    apply: (spend, random) => attacked(withFee(spend, (totalOf(spend) * BigInt(900 + random.int(200))) / 10_000n), 'fee.high', brokenByTransaction(spend)),
  },
  {
    name: 'a fee of no more than a few satoshis', code: 'fee.below-relay', by: 'value', touches: ['fee', 'utxo'],
    apply: (spend, random) => attacked(withFee(spend, BigInt(random.int(60))), 'fee.below-relay', brokenByTransaction(spend)),
  },
];
