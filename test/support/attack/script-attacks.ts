/** Attacks on the scripts that an input encloses: of another address, quorum or order, where none belongs, and not what is hashed. */
import { concat } from '../../../src/domain/bytes.ts';
import type { WalletScript } from '../../../src/domain/wallet-script.ts';
import type { PsbtInput } from '../../../src/psbt/psbt.ts';
import { p2wshScript, witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, inputsOf, pick, spentOf, walletAt, walletInputsOf, withInput, type Attack } from './attack.ts';
import { addressOf, strangePoint, type HonestSpend } from './honest.ts';
import { inScript, lowered, strangers } from './treasury.ts';

type Scripts = Pick<PsbtInput, 'redeemScript' | 'witnessScript'>;
const scriptsOf = ({ redeemScript, witnessScript }: { readonly redeemScript: Uint8Array | null; readonly witnessScript: Uint8Array | null }): Scripts =>
  ({ ...(redeemScript === null ? {} : { redeemScript }), ...(witnessScript === null ? {} : { witnessScript }) });

/** Script types by what they enclose. */
const multisig = ['p2sh', 'p2sh-p2wsh', 'p2wsh'] as const;
const withoutRedeem = ['p2wsh', 'p2wpkh', 'p2pkh', 'p2tr', 'p2tr-multi'] as const;
const withoutWitness = ['p2sh', 'p2wpkh', 'p2pkh', 'p2tr', 'p2tr-multi', 'p2sh-p2wpkh'] as const;

/** Encloses other scripts in one of the inputs of these types. `null`: there are none to enclose. */
const enclosing = (name: string, by: Attack['by'], scripts: readonly WalletScript[], other: (spend: HonestSpend, index: number, random: Random) => Scripts | null): Attack => ({
  name, code: 'input.script-hash', by, touches: ['scripts'],
  apply(spend, random) {
    const index = pick(random, walletInputsOf(spend, ...scripts));
    const scriptsToEnclose = index === null ? null : other(spend, index, random);
    return index === null || scriptsToEnclose === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, ...scriptsToEnclose })), 'input.script-hash');
  },
});

/** The multisig script of an input, wherever it stands. */
const multisigOf = (spend: HonestSpend, index: number): Uint8Array => {
  const { witnessScript, redeemScript } = walletAt(spend, index).derived;
  return (witnessScript ?? redeemScript) as Uint8Array;
};
/** A multisig script in place of the input's own, with what encloses it. */
const inPlace = (spend: HonestSpend, index: number, script: Uint8Array): Scripts => {
  switch (walletAt(spend, index).treasury.script) {
    case 'p2sh': return { redeemScript: script };
    case 'p2sh-p2wsh': return { redeemScript: p2wshScript(script), witnessScript: script };
    default: return { witnessScript: script };
  }
};
/** Of the input's own wallet. */
const at = (spend: HonestSpend, index: number): readonly [0 | 1, number] => [walletAt(spend, index).derived.branch, walletAt(spend, index).derived.index];

export const scriptAttacks: readonly Attack[] = [
  enclosing('the scripts of another address of the same wallet', 'value', [...multisig, 'p2sh-p2wpkh'], (spend, index, random) => scriptsOf(addressOf(walletAt(spend, index).treasury, 0, 60 + random.int(14)))),
  enclosing('the scripts of the same keys under a lower quorum', 'value', multisig, (spend, index) => {
    const { treasury } = walletAt(spend, index);
    return treasury.required < 2 ? null : scriptsOf(lowered(treasury).derive(...at(spend, index)));
  }),
  enclosing('the scripts of a stranger\'s wallet', 'value', [...multisig, 'p2sh-p2wpkh'], (spend, index, random) => scriptsOf(addressOf(strangers(walletAt(spend, index).treasury.script), 0, random.int(60)))),
  enclosing('a multisig script with a lower number in front', 'value', multisig, (spend, index) => {
    const script = multisigOf(spend, index);
    return walletAt(spend, index).treasury.required < 2 ? null : inPlace(spend, index, concat(Uint8Array.of(0x51), script.subarray(script[0] === 0x01 ? 2 : 1)));
  }),
  enclosing('a multisig script with its keys in another order', 'order', multisig, (spend, index) => {
    const script = multisigOf(spend, index);
    const start = script[0] === 0x01 ? 2 : 1;
    return walletAt(spend, index).treasury.total < 2 ? null : inPlace(spend, index, concat(script.subarray(0, start), script.subarray(start + 34, start + 68), script.subarray(start, start + 34), script.subarray(start + 68)));
  }),
  enclosing('a multisig script with a further key', 'count', multisig, (spend, index, random) => {
    const script = multisigOf(spend, index);
    const { total } = walletAt(spend, index).treasury;
    return total >= 15 ? null : inPlace(spend, index, concat(script.subarray(0, -2), Uint8Array.of(33), strangePoint(random), Uint8Array.of(0x51 + total, 0xae)));
  }),
  enclosing('a multisig script that drops what follows', 'value', multisig, (spend, index) => inPlace(spend, index, concat(multisigOf(spend, index), Uint8Array.of(0x75, 0x51)))),
  enclosing('a nested program that is not the hash of the witness script', 'value', ['p2sh-p2wsh'], (_spend, _index, random) => ({ redeemScript: p2wshScript(random.bytes(40)) })),
  enclosing('a nested program beside another witness script', 'value', ['p2sh-p2wsh'], (_spend, _index, random) => ({ witnessScript: random.bytes(40 + random.int(60)) })),
  enclosing('a nested program of version 1', 'value', ['p2sh-p2wsh', 'p2sh-p2wpkh'], (spend, index) => ({ redeemScript: concat(Uint8Array.of(0x51), (walletAt(spend, index).derived.redeemScript as Uint8Array).subarray(1)) })),
  enclosing('a nested program of a key where a script is nested', 'value', ['p2sh-p2wsh'], (_spend, _index, random) => ({ redeemScript: witnessKeyHashScript(random.bytes(20)) })),
  enclosing('redeem script and witness script exchanged', 'order', ['p2sh-p2wsh'], (spend, index) => {
    const { redeemScript, witnessScript } = walletAt(spend, index).derived;
    return { redeemScript: witnessScript as Uint8Array, witnessScript: redeemScript as Uint8Array };
  }),
  enclosing('a redeem script said to be a witness script', 'field', ['p2sh'], (spend, index) => ({ witnessScript: multisigOf(spend, index) })),
  enclosing('a witness script said to be a redeem script too', 'field', ['p2wsh'], (spend, index) => ({ redeemScript: multisigOf(spend, index) })),
  enclosing('the program itself as a redeem script', 'field', ['p2wsh', 'p2wpkh', 'p2tr', 'p2tr-multi'], (spend, index) => ({ redeemScript: walletAt(spend, index).derived.scriptPubKey })),
  enclosing('an empty redeem script', 'field', ['p2sh', 'p2sh-p2wsh', 'p2sh-p2wpkh'], () => ({ redeemScript: new Uint8Array(0) })),
  enclosing('a legacy script dressed as a nested one', 'field', ['p2sh'], (spend, index) => scriptsOf(inScript(walletAt(spend, index).treasury, 'p2sh-p2wsh').derive(...at(spend, index)))),
  {
    name: 'a redeem script on an input that has none', code: 'input.script-hash', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...withoutRedeem));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, redeemScript: random.bytes(1 + random.int(60)) })), 'input.script-hash');
    },
  },
  {
    name: 'a witness script on an input that has none', code: 'input.script-hash', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...withoutWitness));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: random.bytes(1 + random.int(60)) })), 'input.script-hash');
    },
  },
  {
    name: 'a nested input with the redeem script of another key', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2sh-p2wpkh').filter((each) => spend.psbt.inputs[each]?.nonWitnessUtxo !== undefined));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, redeemScript: witnessKeyHashScript(random.bytes(20)) })), 'input.script-hash');
    },
  },
  {
    name: 'a legacy input dressed as a nested one, with a witness UTXO', code: 'input.legacy-witness-utxo', by: 'field', touches: ['scripts', 'utxo'],
    apply(spend, random) {
      const index = pick(random, walletInputsOf(spend, 'p2sh'));
      const spent = index === null ? undefined : spentOf(spend.psbt, index);
      if (index === null || spent === undefined) return null;
      const dress = scriptsOf(inScript(walletAt(spend, index).treasury, 'p2sh-p2wsh').derive(...at(spend, index)));
      return attacked(withInput(spend, index, (input) => ({ ...input, ...dress, witnessUtxo: spent })), 'input.legacy-witness-utxo', 'input.script-hash');
    },
  },
];
