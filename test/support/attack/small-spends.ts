/** Twenty honest PSBTs of all script types, small enough to change every byte of. */
import type { SingleKeyScript, WalletScript } from '../../../src/domain/wallet-script.ts';
import { SIGHASH_DEFAULT } from '../../../src/psbt/sighash-types.ts';
import { Random } from '../../fuzz/engine/random.ts';
import type { HonestSpend } from './honest.ts';
import { oneOf, sweepSpend, walletSpend, type PaperInput, type WalletShape } from './spends.ts';
import { treasury } from './treasury.ts';

/** Every input asks for taproot's DEFAULT by name. */
const asking = (spend: HonestSpend): HonestSpend => ({ ...spend, name: `${spend.name} (sighash)`, psbt: { ...spend.psbt, inputs: spend.psbt.inputs.map((input) => ({ ...input, sighashType: SIGHASH_DEFAULT })) } });

export function smallSpends(): { readonly ofQuorums: readonly HonestSpend[]; readonly ofSingleKeys: readonly HonestSpend[] } {
  const random = new Random(20, 26);
  const spend = (wallets: WalletShape['wallets'], shape: Partial<WalletShape> = {}): HonestSpend => walletSpend(random, { wallets, inputs: wallets.length, payments: 1, change: true, signed: 0, version: 0, plain: true, ...shape });
  const of = (script: WalletScript, shape: Partial<WalletShape> = {}): HonestSpend => spend([oneOf(script)], shape);
  const one = (script: SingleKeyScript, compressed = true): PaperInput => ({ script, compressed });
  return {
    ofQuorums: [
      of('p2sh'), of('p2sh', { signed: 1, version: 2, payments: 0 }),
      of('p2sh-p2wsh', { signed: 1 }), spend([treasury(1, 2, 'p2sh-p2wsh')], { version: 2 }),
      of('p2wsh'), spend([treasury(3, 5, 'p2wsh')], { signed: 2, version: 2, payments: 0 }),
      of('p2tr-multi', { signed: 1 }), of('p2tr-multi', { version: 2 }), spend([treasury(1, 2, 'p2tr-multi')], { withoutPrevious: true }),
      spend([treasury(1, 1, 'p2wsh')]),
    ],
    ofSingleKeys: [
      of('p2pkh'), of('p2sh-p2wpkh', { version: 2 }), of('p2wpkh'), of('p2tr'), of('p2tr', { inputs: 2, signed: 1, version: 2, withoutPrevious: true }),
      spend([oneOf('p2tr'), treasury(1, 2, 'p2sh')]),
      sweepSpend(random, { inputs: [one('p2pkh', false), one('p2wpkh')], signed: 1, plain: true }),
      asking(sweepSpend(random, { inputs: [one('p2tr')], signed: 0, plain: true, to: oneOf('p2tr-multi') })),
      sweepSpend(random, { inputs: [one('p2sh-p2wpkh')], signed: 0, plain: true, version: 2, to: oneOf('p2sh') }),
      sweepSpend(random, { inputs: [one('p2tr'), one('p2tr')], signed: 1, plain: true, withoutPrevious: true, to: oneOf('p2tr') }),
    ],
  };
}
