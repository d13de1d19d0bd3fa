import * as v from 'valibot';
import { command } from './contract.ts';
import { OutpointText, TagText } from './pay-wire.ts';
import { NodeUrl } from './plan-wire.ts';
import { AddressIndex, BranchName, FileName, Label, SatsText, SmallText, TxidHex } from './wire.ts';

const Coin = v.strictObject({
  txid: TxidHex, vout: v.number(), amountSats: SatsText, address: v.string(), branch: BranchName, index: AddressIndex, confirmations: v.number(),
  /** Of the output, else of its address, else of its transaction; empty where there is none. */
  label: v.string(),
  tags: v.array(v.string()),
  frozen: v.boolean(),
  /** The plan that still waits and is to spend it. */
  reservedBy: v.nullable(TxidHex),
});
const Outpoints = v.pipe(v.array(OutpointText), v.minLength(1), v.maxLength(10_000));
const LabelText = v.pipe(v.string(), v.maxLength(33_554_432));

export const coinContract = {
  /** A wallet's unspent outputs, the largest first. */
  'coins.list': command(v.strictObject({ wallet: SmallText, node: NodeUrl }), v.strictObject({ walletId: v.string(), coins: v.array(Coin), totalSats: SatsText, frozenSats: SatsText, reservedSats: SatsText })),
  /** A frozen output is never planned to be spent. */
  'coins.freeze': command(v.strictObject({ outpoints: Outpoints, frozen: v.boolean() }), v.strictObject({ changed: v.number() })),
  'coins.tag': command(v.strictObject({ outpoints: Outpoints, add: v.pipe(v.array(TagText), v.maxLength(50)), remove: v.pipe(v.array(TagText), v.maxLength(50)) }), v.strictObject({ changed: v.number() })),
  /** Labels of BIP329, one JSON object a line. */
  'labels.import': command(v.strictObject({ content: LabelText }), v.strictObject({ records: v.number(), frozen: v.number(), unknownTypes: v.number() })),
  'labels.export': command(v.strictObject({}), v.strictObject({ content: LabelText, records: v.number(), suggestedName: FileName })),
  'labels.set': command(v.strictObject({ type: v.picklist(['tx', 'addr', 'pubkey', 'input', 'output', 'xpub']), ref: v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)), label: v.pipe(v.string(), v.maxLength(255), v.regex(/^[^\p{C}]*$/u)) }), v.strictObject({})),
  /** The wallet's next address, which is never given out again: not by this, and not to a plan. */
  'wallet.next-address': command(v.strictObject({ wallet: SmallText, node: NodeUrl, label: v.optional(v.nullable(Label)) }), v.strictObject({ walletId: v.string(), address: v.string(), branch: BranchName, index: AddressIndex })),
} as const;
