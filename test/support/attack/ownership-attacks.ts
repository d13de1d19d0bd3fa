/** Attacks on whose an input is: strangers, our own keys in scripts that nobody registered, wallets that are not at hand, doubles. */
import { concat } from '../../../src/domain/bytes.ts';
import { isQuorumScript, maxCosigners, walletScripts, type WalletScript } from '../../../src/domain/wallet-script.ts';
import type { PsbtInput } from '../../../src/psbt/psbt.ts';
import { isTapSignature } from '../../../src/psbt/taproot-fields.ts';
import type { FindingCode } from '../../../src/review/finding.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, insertInput, ownInputs, pick, proven, provenOf, sourceOf, spentOf, type Attack, type Attacked } from './attack.ts';
import { addressOf, strangePoint, strangeScript, type HonestSpend } from './honest.ts';
import { inScript, lowered, mixed, strangers } from './treasury.ts';

/** A leaf that no registered wallet has is a script path besides. */
export const leafCodes = (derived: Pick<DerivedAddress, 'taproot'>): readonly FindingCode[] => (derived.taproot?.leaf == null ? [] : ['taproot.script-path']);

/** Puts in an input that spends an address which is not a registered wallet's, with everything that an Updater writes. */
export function foreign(spend: HonestSpend, random: Random, derived: DerivedAddress): Attacked {
  const added = insertInput(spend, random, provenOf(random, derived, 900n));
  return attacked(added.spend, added.codes, 'input.foreign', leafCodes(derived));
}

const isRegistered = (spend: HonestSpend, script: WalletScript): boolean => spend.treasuries.some((wallet) => wallet.script === script);

export const ownershipAttacks: readonly Attack[] = [
  ...['p2wpkh', 'p2tr', 'any'].map((type): Attack => ({
    name: `an input of a stranger beside ours, with its own proof (${type})`, code: 'input.foreign', by: 'count', touches: [],
    apply(spend, random) {
      const scriptPubKey = type === 'any' ? strangeScript(random) : type === 'p2wpkh' ? witnessKeyHashScript(random.bytes(20)) : concat(Uint8Array.of(0x51, 0x20), strangePoint(random).subarray(1));
      const added = insertInput(spend, random, proven(random, { scriptPubKey, amountSats: 600n }, {}, type === 'p2tr' || type === 'p2wpkh'));
      return attacked(added.spend, added.codes, 'input.foreign');
    },
  })),
  ...walletScripts.map((script): Attack => ({
    name: `an input of a ${script} wallet that is not registered, with all its origins`, code: 'input.foreign', by: 'count', touches: [],
    apply: (spend, random) => foreign(spend, random, addressOf(strangers(script), 0, random.int(30))),
  })),
  ...walletScripts.map((script): Attack => ({
    name: `an input of our own keys as ${script}, which is not the wallet's type`, code: 'input.foreign', by: 'value', touches: [],
    apply(spend, random) {
      const [wallet] = spend.treasuries;
      if (wallet === undefined || isRegistered(spend, script) || wallet.total > maxCosigners(script) || isQuorumScript(wallet.script) !== isQuorumScript(script)) return null;
      return foreign(spend, random, inScript(wallet, script).derive(0, random.int(30)));
    },
  })),
  {
    name: 'an input of our own keys under a lower quorum', code: 'input.foreign', by: 'value', touches: [],
    apply(spend, random) {
      const [wallet] = spend.treasuries;
      return wallet === undefined || wallet.required < 2 ? null : foreign(spend, random, lowered(wallet).derive(0, random.int(30)));
    },
  },
  {
    name: 'an input of our own keys with one of them exchanged', code: 'input.foreign', by: 'value', touches: [],
    apply(spend, random) {
      const other = spend.treasuries[0] === undefined ? null : mixed(spend.treasuries[0]);
      return other === null ? null : foreign(spend, random, other.derive(0, random.int(30)));
    },
  },
  {
    name: 'a wallet whose registration is not at hand', code: 'input.foreign', by: 'context', touches: ['everything'],
    apply(spend) {
      const [first, ...others] = spend.treasuries;
      const left = others.at(-1);
      if (first === undefined || left === undefined) return null;
      const indices = spend.sources.flatMap((source, index) => (source.kind === 'wallet' && source.treasury === left ? [index] : []));
      // Its signatures are of nobody known; what its inputs spend is proven all the same.
      const isSigned = indices.some((index) => spend.psbt.inputs[index]?.partialSignatures.length !== 0 || spend.psbt.inputs[index]?.otherFields.some(({ keyType }) => keyType === 0x13));
      const leaves = indices.flatMap((index) => (spend.psbt.inputs[index]?.otherFields.some(({ keyType }) => keyType === 0x15) === true ? leafCodes(spend.sources[index]?.kind === 'wallet' ? (spend.sources[index] as { derived: DerivedAddress }).derived : { taproot: null }) : []));
      return attacked({ ...spend, treasuries: [first, ...others.slice(0, -1)], context: { ...spend.context, wallets: spend.context.wallets.filter(({ walletId }) => walletId !== left.walletId) } }, 'input.foreign', leaves, isSigned ? 'signature.invalid' : []);
    },
  },
  {
    name: 'a paper whose key was not opened', code: 'input.foreign', by: 'context', touches: ['everything'],
    apply(spend) {
      if (spend.papers.length < 2) return null;
      const [first, ...others] = spend.papers;
      const left = spend.sources.some((source, index) => source.kind === 'paper' && source.paper === first && (spend.psbt.inputs[index]?.partialSignatures.length !== 0 || spend.psbt.inputs[index]?.otherFields.some(({ keyType }) => keyType === 0x13)));
      return attacked({ ...spend, context: { ...spend.context, singleKeys: others } }, 'input.foreign', left ? 'signature.invalid' : []);
    },
  },
  {
    name: 'one output spent twice', code: 'input.duplicate', by: 'count', touches: ['utxo', 'fee', 'signatures', 'sighash', 'scripts', 'origins', 'final', 'version', 'locktime'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      const spent = index === null ? undefined : spentOf(spend.psbt, index);
      if (index === null || spent === undefined) return null;
      const { hash, index: vout } = spend.psbt.transaction.ins[index] as { hash: Uint8Array; index: number };
      const txid = Buffer.from(hash).reverse().toString('hex');
      const input = spend.psbt.inputs[index] as PsbtInput;
      const fields = { ...input, partialSignatures: [], otherFields: input.otherFields.filter((field) => !isTapSignature(field)) };
      const added = insertInput(spend, random, { txid, vout, fields, ...spent, source: sourceOf(spend, index) });
      return attacked(added.spend, added.codes, 'input.duplicate');
    },
  },
];
