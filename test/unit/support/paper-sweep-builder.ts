/**
 * Honest sweeps of paper wallets for tests, with real keys: outputs of every single-key type in funding transactions that prove
 * them, swept to a cold wallet as the Companion does. Attacks start from these files and change one thing.
 */
import * as secp from 'tiny-secp256k1';
import { utf8 } from '../../../src/domain/bytes.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import type { Psbt, PsbtInput, TxOutput, UpdatedPsbt } from '../../../src/psbt/psbt.ts';
import { singleKeyOutputs, type SingleKeyOutput } from '../../../src/psbt/single-key-scripts.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import type { ReviewSingleKey } from '../../../src/review/review-psbt.ts';
import { PaperKey } from '../../../src/signer/paper-key.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { fingerprintOf } from '../../../src/wallet/extended-public-key.ts';
import { fundingTransaction, testWallet } from './psbt-builder.ts';
import type { SingleKeyScript } from '../../../src/domain/wallet-script.ts';

export interface TestPaper extends ReviewSingleKey {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  readonly paperKey: PaperKey;
  readonly output: (script: SingleKeyScript) => SingleKeyOutput;
}

/** A paper wallet's key, always the same for one number and form. */
export function testPaper(number: number, compressed = true): TestPaper {
  const privateKey = utf8(`strongroom test paper ${number}`.padEnd(32, '.'));
  const publicKey = secp.pointFromScalar(privateKey, compressed) as Uint8Array;
  const outputs = singleKeyOutputs(publicKey);
  return {
    privateKey,
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    paperKey: new PaperKey({ privateKey, compressed }, 'regtest', 'wif'),
    output: (script) => outputs.find((each) => each.script === script) as SingleKeyOutput,
  };
}

export interface PaperInput {
  readonly paper: TestPaper;
  readonly script: SingleKeyScript;
  readonly amountSats?: bigint;
}

export const cold = testWallet(2, 3);
export const arrival: DerivedAddress = cold.deriver.derive(0, 4);

/** Every type and form: compressed papers 1 to 4 and 6, uncompressed paper 5. */
export const everyScript = (): readonly PaperInput[] => [
  { paper: testPaper(1), script: 'p2pkh' },
  { paper: testPaper(2), script: 'p2sh-p2wpkh' },
  { paper: testPaper(3), script: 'p2wpkh' },
  { paper: testPaper(4), script: 'p2tr' },
  { paper: testPaper(5, false), script: 'p2pkh' },
  // The y of its internal key decides whether the private key is negated first (BIP340): with both, both ways are taken.
  { paper: testPaper(6), script: 'p2tr' },
];

export const IN_EACH = 100_000n;
export const FEE = 1_500n;

/** The unsigned sweep of these outputs into the cold wallet's receive address 4, or to `to`. */
export function paperSweep(inputs: readonly PaperInput[], to?: TxOutput['scriptPubKey']): UpdatedPsbt {
  const spent = inputs.map(({ paper, script, amountSats = IN_EACH }): TxOutput => ({ scriptPubKey: paper.output(script).scriptPubKey, amountSats }));
  const fundings = spent.map((output, position) => fundingTransaction([output], 500 + position));
  const arriving = spent.reduce((sum, output) => sum + output.amountSats, 0n) - FEE;
  const created = createPsbt({
    inputs: fundings.map(({ txid }) => ({ txid, vout: 0, sequence: 0xffff_fffd })),
    outputs: [{ scriptPubKey: to ?? arrival.scriptPubKey, amountSats: arriving }],
    locktime: 0,
  });
  return updatePsbt(created, { inputs: fundings.map(({ bytes }) => ({ previousTransaction: bytes })), outputs: [to === undefined ? { derived: arrival } : {}] });
}

export const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
/** Without the previous transaction: the witness UTXO alone. */
export const claimedOnly = (input: PsbtInput): PsbtInput => {
  const { nonWitnessUtxo: _, ...rest } = input;
  return rest;
};
