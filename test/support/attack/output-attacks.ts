/** Attacks on where the money goes: change, destinations, amounts, kinds of output, the fee that is left. */
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import type { PsbtOutput } from '../../../src/psbt/psbt.ts';
import { createAddressDeriver, type DerivedAddress } from '../../../src/wallet/address.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, brokenByTransaction, feeOf, insertOutput, largestOutput, pick, withOutput, withTransaction, type Attack, type Attacked } from './attack.ts';
import { addressOf, strangePoint, strangeScript, type HonestSpend } from './honest.ts';
import { lookAlike } from './look-alike.ts';
import { badTails } from './origin-attacks.ts';
import { lowered, strangers } from './treasury.ts';
import { keyHashScript, scriptHashScript, witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';

const MAX_MONEY = 2_100_000_000_000_000n;

const claims = (derived: DerivedAddress): PsbtOutput => ({ witnessScript: derived.witnessScript as Uint8Array, bip32Derivations: derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path })), otherFields: [] });
const owned = (spend: HonestSpend): HonestSpend['own'] => spend.own.filter(({ index }) => index < spend.psbt.outputs.length);

/** Sends an own output elsewhere, and leaves what the file says of it. */
function diverted(spend: HonestSpend, random: Random, scriptPubKey: Uint8Array, says?: PsbtOutput): Attacked | null {
  const own = pick(random, owned(spend));
  if (own === null) return null;
  const sent = withTransaction(spend, ({ outs }) => { (outs[own.index] as { script: Uint8Array }).script = scriptPubKey; });
  const said = says === undefined ? sent : withOutput(sent, own.index, () => says);
  return attacked({ ...said, own: [], payments: [...spend.payments, own.index] }, 'change.fraud', brokenByTransaction(spend), spend.kind === 'sweep' ? 'sweep.unproven-destination' : []);
}

/** A wallet of our keys but for the last, which is the attacker's. */
function mixed(spend: HonestSpend, branch: 0 | 1, index: number): DerivedAddress | null {
  const wallet = spend.own[0]?.treasury;
  const thief = strangers().wallet.cosigners[0];
  if (wallet === undefined || wallet.total < 2 || thief === undefined) return null;
  return createAddressDeriver({ ...wallet.wallet, cosigners: [...wallet.wallet.cosigners.slice(0, -1), thief] }).derive(branch, index);
}

export const changeAttacks: readonly Attack[] = [
  { name: 'own output sent to a stranger, with our origins beside it', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'], apply: (spend, random) => diverted(spend, random, strangeScript(random)) },
  {
    name: 'own output sent to another wallet\'s script, all enclosed', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const theirs = addressOf(strangers(), 1, random.int(30));
      return diverted(spend, random, theirs.scriptPubKey, { ...claims(theirs), bip32Derivations: claims(theirs).bip32Derivations.map((derivation, position) => ({ ...derivation, masterFingerprint: spend.own[0]?.treasury.keys[position % (spend.own[0]?.treasury.total ?? 1)]?.fingerprint ?? derivation.masterFingerprint })) });
    },
  },
  {
    name: 'own output sent to our keys with one of them exchanged', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const script = mixed(spend, 1, random.int(30));
      return script === null ? null : diverted(spend, random, script.scriptPubKey, claims(script));
    },
  },
  {
    name: 'own output sent to our keys under a lower quorum', code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const wallet = spend.own[0]?.treasury;
      if (wallet === undefined || wallet.required < 2) return null;
      const script = lowered(wallet).derive(1, random.int(30));
      return diverted(spend, random, script.scriptPubKey, claims(script));
    },
  },
  {
    name: 'a payment dressed as ours by one origin', code: 'change.fraud', by: 'field', touches: ['destination'],
    apply(spend, random) {
      const index = pick(random, spend.payments);
      const ours = spend.treasuries[0]?.keys[0]?.fingerprint;
      if (index === null || ours === undefined) return null;
      return attacked(withOutput(spend, index, (output) => ({ ...output, bip32Derivations: [...output.bip32Derivations, { publicKey: strangePoint(random), masterFingerprint: ours, path: parsePath(`48h/1h/0h/2h/1/${random.int(100)}`) }] })), 'change.fraud');
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
    name: `a payment with a ${name}`, code: 'change.fraud', by: 'field', touches: [],
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
      const own = pick(random, spend.kind === 'sweep' ? [] : owned(spend));
      return own === null ? null : attacked(withOutput(spend, own.index, (output) => ({ ...output, bip32Derivations: output.bip32Derivations.map((derivation) => ({ ...derivation, path: bad(derivation.path, random) })) })), 'path.out-of-range');
    },
  })),
  {
    name: 'the cosigners of change on different tails', code: 'path.out-of-range', by: 'order', touches: ['destination'],
    apply(spend, random) {
      const own = pick(random, spend.kind === 'sweep' ? [] : owned(spend).filter(({ treasury }) => treasury.total > 1));
      return own === null ? null : attacked(withOutput(spend, own.index, (output) => ({ ...output, bip32Derivations: output.bip32Derivations.map((derivation, position) => (position === 1 ? { ...derivation, path: [...derivation.path.slice(0, -1), (derivation.path.at(-1) as number) + 1 + random.int(100)] } : derivation)) })), 'path.out-of-range');
    },
  },
  {
    name: 'change beyond what any scan finds, at a stranger\'s script', code: 'path.out-of-range', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const sent = spend.kind === 'sweep' ? null : diverted(spend, random, strangeScript(random));
      if (sent === null) return null;
      const psbt = { ...sent.spend.psbt, outputs: sent.spend.psbt.outputs.map((output) => ({ ...output, bip32Derivations: output.bip32Derivations.map((derivation) => ({ ...derivation, path: [...derivation.path.slice(0, -1), 1_000_000 + random.int(1000)] })) })) };
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
  { name: 'more data than a script may have', code: 'output.nonstandard', by: 'value', touches: ['fee'], apply: (spend, random) => (feeOf(spend) < 14_000n ? null : added(spend, random, concat(Uint8Array.of(0x6a), random.bytes(10_000 + random.int(50))), 0n, 'output.nonstandard', 'output.unspendable')) },
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
    name: 'an address with the ends of an own one', code: 'output.similar-address', by: 'value', touches: [],
    apply(spend, random) {
      const own = pick(random, owned(spend));
      return own === null ? null : added(spend, random, lookAlike(own.derived.scriptPubKey, random), 1_000n, 'output.similar-address');
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
