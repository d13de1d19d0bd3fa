/**
 * Honest PSBTs by a seed: payments, batches and consolidations of wallets of every script type and quorum, several wallets in one
 * transaction, sweeps of paper keys, unsigned and half signed, of version 0 and 2, with and without what a Signer can rebuild. Each
 * comes with everything that an attacker needs to know of it, and every one is judged ready.
 */
import { isQuorumScript, maxCosigners, walletScripts, type SingleKeyScript, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt, PsbtInput, PsbtOutput } from '../../../src/psbt/psbt.ts';
import { isTaprootInputField, isTaprootOutputField } from '../../../src/psbt/taproot-fields.ts';
import { approve, type Approval } from '../../../src/review/approve.ts';
import { reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import { signWithPaperKeys } from '../../../src/signer/paper-key-sign.ts';
import { Random } from '../../fuzz/engine/random.ts';
import { testPaper, type TestPaper } from '../../unit/support/paper-sweep-builder.ts';
import { signedAs } from '../../unit/support/psbt-builder.ts';
import { addressOf, arrivals, asVersion2, built, dressed, timing, type HonestSpend, type OwnSource, type Source } from './honest.ts';
import { curves, signAs, treasury, type Treasury } from './treasury.ts';

/** Addresses that honest spends use of each branch; review finds so many without a hint, even of twenty cosigners. */
const USED = 60;

export interface WalletShape {
  readonly wallets: readonly Treasury[];
  readonly inputs: number;
  readonly payments: number;
  readonly change: boolean;
  /** Cosigners of the first wallet who signed before; of wallets of one key: inputs that it has signed. */
  readonly signed: number;
  readonly version?: 0 | 2;
  /** Nothing that is not needed: no account keys, no proprietary fields. */
  readonly plain?: boolean;
  /** Without scripts and origins, which the Signer rebuilds. */
  readonly bare?: boolean;
  /** Taproot inputs alone need no previous transaction. */
  readonly withoutPrevious?: boolean;
}

/** A spend of registered wallets; this key is a cosigner of all of them, whose signature is asked for. */
export function walletSpend(random: Random, shape: WalletShape): HonestSpend {
  const { wallets, inputs, payments, change, signed, version, plain = false, bare = false, withoutPrevious = false } = shape;
  const [first] = wallets as [Treasury];
  const { tipHeight, ...times } = timing(random);
  const sources = walletSources(random, wallets, inputs);
  const back = { treasury: first, derived: addressOf(first, 1, 40 + random.int(USED - 40)) };
  const made = built(random, { sources, payments, change, ...times }, back);
  const dressing = plain ? { psbt: version === 2 ? asVersion2(made.psbt, 0) : made.psbt, dress: version === 2 ? ' (v2)' : '' } : dressed(random, made.psbt, wallets, version);
  const stripped = bare ? withoutRebuilt(dressing.psbt) : dressing.psbt;
  const proven = withoutPrevious ? { ...stripped, inputs: stripped.inputs.map(({ nonWitnessUtxo: _, ...input }): PsbtInput => input) } : stripped;
  // Wallets share their first keys, so that one of those is a cosigner of all.
  const signing = random.int(Math.min(...wallets.map(({ total }) => total)));
  const signer = first.cosigner(signing);
  const isAlone = first.total === 1;
  const before = first.keys.filter((_, position) => isAlone || position !== signing).slice(0, isAlone ? Math.min(signed, 1) : signed);
  const whole = before.reduce((state, key) => wallets.reduce((each, wallet) => (wallet.keys.some(({ fingerprint }) => fingerprint === key.fingerprint) ? signedAs(each, wallet, key) : each), state), proven);
  const psbt = isAlone && signed > 0 ? { ...proven, inputs: proven.inputs.map((input, index) => (index < signed ? (whole.inputs[index] as PsbtInput) : input)) } : whole;
  const remarks = `${bare ? ' (bare)' : ''}${withoutPrevious ? ' (without previous transactions)' : ''}${dressing.dress}`;
  return {
    name: `${wallets.map(({ name }) => name).join(' and ')}, ${inputs} in, ${payments} paid${change || payments === 0 ? ', change' : ''}, ${signed} signed${remarks}`,
    kind: 'wallet',
    psbt, sources, payments: made.payments, own: made.own, signer, papers: [],
    treasuries: wallets,
    context: { wallets: wallets.map(({ reviewWallet }) => reviewWallet), network: 'regtest', thisKey: signer.reviewKey, ...(tipHeight === undefined ? {} : { tipHeight }) },
    hasSignatures: before.length > 0,
    sign: (approval) => signAs(signer, wallets, approval),
  };
}

function walletSources(random: Random, wallets: readonly Treasury[], inputs: number): OwnSource[] {
  const taken = new Set<string>();
  return Array.from({ length: inputs }, (_, position): OwnSource => {
    const from = wallets[position % wallets.length] as Treasury;
    for (;;) {
      const branch = random.oneIn(3) ? 1 : 0;
      const index = random.int(40);
      const name = `${from.walletId}/${branch}/${index}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return { kind: 'wallet', treasury: from, derived: addressOf(from, branch, index) };
    }
  });
}

/** The PSBT without everything that a Signer who has the wallet can rebuild. */
function withoutRebuilt(psbt: Psbt): Psbt {
  const input = ({ redeemScript: _, witnessScript: __, ...rest }: PsbtInput): PsbtInput => ({ ...rest, bip32Derivations: [], otherFields: rest.otherFields.filter((field) => !isTaprootInputField(field)) });
  const output = ({ redeemScript: _, witnessScript: __, ...rest }: PsbtOutput): PsbtOutput => ({ ...rest, bip32Derivations: [], otherFields: rest.otherFields.filter((field) => !isTaprootOutputField(field)) });
  return { ...psbt, inputs: psbt.inputs.map(input), outputs: psbt.outputs.map(output) };
}

export interface PaperInput {
  readonly script: SingleKeyScript;
  readonly compressed: boolean;
}

export interface SweepShape {
  readonly inputs: readonly PaperInput[];
  /** How many of the inputs are signed already. */
  readonly signed: number;
  /** Where it goes. */
  readonly to?: Treasury;
  readonly withoutPrevious?: boolean;
  readonly plain?: boolean;
  readonly version?: 0 | 2;
}

const papersByName = new Map<string, TestPaper>();
function paperOf(number: number, compressed: boolean): TestPaper {
  const known = papersByName.get(`${number} ${compressed}`) ?? testPaper(number, compressed);
  papersByName.set(`${number} ${compressed}`, known);
  return known;
}

/** A sweep of paper keys into a registered wallet. */
export function sweepSpend(random: Random, { inputs, signed, to = arrivals, withoutPrevious = false, plain = false, version }: SweepShape): HonestSpend {
  const { tipHeight, ...times } = timing(random);
  const sources = inputs.map(({ script, compressed }, position): Extract<Source, { kind: 'paper' }> => ({ kind: 'paper', paper: paperOf(100 + position * 10 + random.int(10), compressed), script }));
  const back = { treasury: to, derived: addressOf(to, 0, random.int(20)) };
  const made = built(random, { sources, payments: 0, change: true, ...times }, back);
  const dressing = plain ? { psbt: version === 2 ? asVersion2(made.psbt, 0) : made.psbt, dress: version === 2 ? ' (v2)' : '' } : dressed(random, made.psbt, [], version);
  const bare = withoutPrevious ? { ...dressing.psbt, inputs: dressing.psbt.inputs.map(({ nonWitnessUtxo: _, ...input }): PsbtInput => input) } : dressing.psbt;
  const papers = [...new Set(sources.map(({ paper }) => paper))];
  const context: ReviewContext = { wallets: [], singleKeys: papers, destinations: [to.reviewWallet], network: 'regtest', thisKey: null, ...(tipHeight === undefined ? {} : { tipHeight }) };
  const sign = (approval: Approval): Psbt => signWithPaperKeys(approval, papers.map(({ paperKey }) => paperKey), curves);
  const names = [...new Set(inputs.map(({ script, compressed }) => `${compressed ? '' : 'uncompressed '}${script}`))].join(' ');
  return {
    name: `sweep of ${inputs.length} (${names})${to === arrivals ? '' : ` to ${to.name}`}${withoutPrevious ? ' without previous transactions' : ''}, ${signed} signed${dressing.dress}`,
    kind: 'sweep',
    psbt: partlySigned(bare, context, sign, signed),
    sources, payments: [], own: made.own, signer: null, papers, treasuries: [], context, sign,
    hasSignatures: signed > 0,
  };
}

/** The first inputs with their signatures, the others without. */
function partlySigned(psbt: Psbt, context: ReviewContext, sign: HonestSpend['sign'], signed: number): Psbt {
  if (signed === 0) return psbt;
  const bytes = encodePsbt(psbt);
  const whole = sign(approve(reviewPsbt(bytes, context), bytes, []));
  return { ...psbt, inputs: psbt.inputs.map((input, index) => (index < signed ? (whole.inputs[index] as PsbtInput) : input)) };
}

const allQuorums = [[1, 1], [1, 2], [2, 3], [3, 5], [7, 11], [15, 15], [20, 20]] as const;
/** Every script type with quorums from the smallest to the largest that it can have. */
export const quorumsOf = (script: WalletScript): readonly Treasury[] =>
  isQuorumScript(script) ? allQuorums.filter(([, total]) => total <= maxCosigners(script)).map(([required, total]) => treasury(required, total, script)) : [treasury(1, 1, script)];
/** One wallet of each script type, all of the same keys. */
export const oneOf = (script: WalletScript): Treasury => (isQuorumScript(script) ? treasury(2, 3, script) : treasury(1, 1, script));

/** Two wallets of different script types, in every pairing; the one with fewer keys first, so that its first key is in both. */
export const pairings: readonly (readonly [Treasury, Treasury])[] = walletScripts.flatMap((script, number) =>
  walletScripts.slice(0, number).map((other): readonly [Treasury, Treasury] => [oneOf(script), oneOf(other)]));

const every: readonly PaperInput[] = [
  { script: 'p2pkh', compressed: true }, { script: 'p2pkh', compressed: false }, { script: 'p2sh-p2wpkh', compressed: true },
  { script: 'p2wpkh', compressed: true }, { script: 'p2tr', compressed: true },
];
const isTaproot = ({ script }: Treasury): boolean => script === 'p2tr' || script === 'p2tr-multi';

/** Honest spends in an endless row, the same for one seed: every script type and quorum, every state in turn. */
export function honestSpend(seed: number, number: number): HonestSpend {
  const random = new Random(seed, number);
  const turn = number % 12;
  const script = walletScripts[turn];
  if (script !== undefined) {
    const choice = quorumsOf(script);
    const wallet = choice[Math.floor(number / 12) % choice.length] as Treasury;
    const inputs = wallet.total < 6 && random.oneIn(12) ? 10 + random.int(11) : 1 + random.int(wallet.total > 5 ? 2 : 4);
    const signed = wallet.total === 1 ? random.int(inputs) : random.int(wallet.required);
    return walletSpend(random, { wallets: [wallet], inputs, payments: random.pick([0, 1, 1, 2, 3, 5, 12]), change: !random.oneIn(4), signed, bare: random.oneIn(6), withoutPrevious: isTaproot(wallet) && random.oneIn(3) });
  }
  if (turn === 8) {
    const wallets = pairings[Math.floor(number / 12) % pairings.length] as readonly [Treasury, Treasury];
    return walletSpend(random, { wallets, inputs: 2 + random.int(4), payments: random.int(3), change: true, signed: 0, bare: random.oneIn(6), withoutPrevious: wallets.every(isTaproot) });
  }
  if (turn < 11) {
    const inputs = turn === 10 ? every : Array.from({ length: 1 + random.int(4) }, () => random.pick(every));
    return sweepSpend(random, { inputs, signed: random.int(inputs.length), ...(random.oneIn(2) ? { to: oneOf(random.pick(walletScripts)) } : {}) });
  }
  const inputs = Array.from({ length: 1 + random.int(4) }, () => ({ script: 'p2tr' as const, compressed: true }));
  return sweepSpend(random, { inputs, signed: random.int(inputs.length), withoutPrevious: random.oneIn(2) });
}
