/** Attacks on whose an input is: scripts, owners, doubles. */
import { concat } from '../../../src/domain/bytes.ts';
import type { PsbtInput } from '../../../src/psbt/psbt.ts';
import { attacked, field, inputsOf, insertInput, ownInputs, pick, proven, sourceOf, spentOf, withInput, type Attack } from './attack.ts';
import { addressOf, strangePoint, strangeScript, type HonestSpend } from './honest.ts';
import { lowered, strangers } from './treasury.ts';
import { witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';

export const ownershipAttacks: readonly Attack[] = [
  {
    name: 'the witness script of another address of the same wallet', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh'));
      if (index === null) return null;
      const { treasury: own } = sourceOf(spend, index) as Extract<HonestSpend['sources'][number], { kind: 'quorum' }>;
      return attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: addressOf(own, 0, 200 + random.int(40)).witnessScript as Uint8Array })), 'input.script-hash');
    },
  },
  {
    name: 'the witness script with a lower quorum', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh').filter((at) => (spend.psbt.inputs[at]?.witnessScript?.[0] ?? 0) > 0x51));
      if (index === null) return null;
      return attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: concat(Uint8Array.of(0x51), (input.witnessScript as Uint8Array).subarray(1)) })), 'input.script-hash');
    },
  },
  {
    name: 'the witness script with its keys in another order', code: 'input.script-hash', by: 'order', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh').filter((at) => (spend.psbt.inputs[at]?.witnessScript?.length ?? 0) > 40));
      if (index === null) return null;
      const script = spend.psbt.inputs[index]?.witnessScript as Uint8Array;
      return attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: concat(script.subarray(0, 1), script.subarray(35, 69), script.subarray(1, 35), script.subarray(69)) })), 'input.script-hash');
    },
  },
  {
    name: 'a redeem script on an input that has none', code: 'input.script-hash', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh', 'p2wpkh', 'p2pkh', 'p2tr'));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, redeemScript: random.bytes(1 + random.int(60)) })), 'input.script-hash');
    },
  },
  {
    name: 'a nested input with the redeem script of another key', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2sh-p2wpkh').filter((at) => spend.psbt.inputs[at]?.nonWitnessUtxo !== undefined));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, redeemScript: witnessKeyHashScript(random.bytes(20)) })), 'input.script-hash');
    },
  },
  {
    name: 'a witness script on a paper key\'s input', code: 'input.script-hash', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wpkh', 'p2pkh', 'p2tr', 'p2sh-p2wpkh'));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: random.bytes(1 + random.int(60)) })), 'input.script-hash');
    },
  },
  {
    name: 'a taproot input with another internal key', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2tr'));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, otherFields: [...input.otherFields, field(0x17, strangePoint(random).subarray(1))] })), 'input.script-hash');
    },
  },
  ...['p2wpkh', 'p2tr', 'any'].map((type): Attack => ({
    name: `an input of a stranger beside ours, with its own proof (${type})`, code: 'input.foreign', by: 'count', touches: [],
    apply(spend, random) {
      const scriptPubKey = type === 'any' ? strangeScript(random) : type === 'p2wpkh' ? witnessKeyHashScript(random.bytes(20)) : concat(Uint8Array.of(0x51, 0x20), strangePoint(random).subarray(1));
      const added = insertInput(spend, random, proven(random, { scriptPubKey, amountSats: 600n }, {}, type === 'p2tr' || type === 'p2wpkh'));
      return attacked(added.spend, added.codes, 'input.foreign');
    },
  })),
  {
    name: 'an input of another wallet of ours that is not registered, with all its origins', code: 'input.foreign', by: 'count', touches: [],
    apply(spend, random) {
      const derived = addressOf(strangers(), 0, random.int(30));
      const origins = derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path }));
      const added = insertInput(spend, random, proven(random, { scriptPubKey: derived.scriptPubKey, amountSats: 900n }, { witnessScript: derived.witnessScript as Uint8Array, bip32Derivations: origins }));
      return attacked(added.spend, added.codes, 'input.foreign');
    },
  },
  {
    name: 'an input of our own keys under a lower quorum', code: 'input.foreign', by: 'value', touches: [],
    apply(spend, random) {
      const [wallet] = spend.treasuries;
      if (wallet === undefined || wallet.required < 2) return null;
      const derived = lowered(wallet).derive(0, random.int(30));
      const origins = derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path }));
      const added = insertInput(spend, random, proven(random, { scriptPubKey: derived.scriptPubKey, amountSats: 900n }, { witnessScript: derived.witnessScript as Uint8Array, bip32Derivations: origins }));
      return attacked(added.spend, added.codes, 'input.foreign');
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
      const fields = { ...(spend.psbt.inputs[index] as PsbtInput), partialSignatures: [] };
      const added = insertInput(spend, random, { txid, vout, fields, ...spent, source: sourceOf(spend, index) });
      return attacked(added.spend, added.codes, 'input.duplicate');
    },
  },
];
