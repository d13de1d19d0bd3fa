import * as v from 'valibot';
import { isMoney } from '../../../domain/amount.ts';
import { parseHex } from '../../../domain/bytes.ts';
import { ExactNumber, satsOfBtcNumber } from './exact-json.ts';

// Shapes of the node's answers, as far as they are used. Texts are bounded where they are kept.

const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make();
  } catch {
    return undefined;
  }
};

/** A whole number within the safe range. */
const Integer = v.pipe(v.instance(ExactNumber), v.check((number) => /^-?\d{1,15}$/.test(number.source)), v.transform((number) => Number(number.source)));
export const Count = v.pipe(Integer, v.minValue(0));
/** A share or a progress; rounding does not matter. */
const Fraction = v.pipe(v.instance(ExactNumber), v.transform((number) => Number(number.source)));
/** BTC as satoshis, never negative. */
export const Amount = v.pipe(
  v.instance(ExactNumber),
  v.transform((number) => attempt(() => satsOfBtcNumber(number))),
  v.check((amount) => amount !== undefined && isMoney(amount)),
  v.transform((amount) => amount as bigint),
);
export const Txid = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const HexBytes = v.pipe(
  v.string(),
  v.maxLength(8_400_000),
  v.transform((text) => attempt(() => parseHex(text))),
  v.check((bytes) => bytes !== undefined),
  v.transform((bytes) => bytes as Uint8Array),
);
export const Text = v.pipe(v.string(), v.maxLength(20_000));
export const Nothing = v.null();

export const BlockchainInfo = v.looseObject({
  chain: Text, blocks: Count, headers: Count, initialblockdownload: v.boolean(), pruned: v.boolean(), pruneheight: v.optional(Count),
});
export const NetworkInfo = v.looseObject({ version: Count });
/** Rates in BTC/kvB, which in satoshis are sat/kvB. */
export const MempoolInfo = v.looseObject({ mempoolminfee: Amount, minrelaytxfee: Amount });
export const FeeEstimate = v.looseObject({ feerate: v.optional(Amount) });

export const WalletDirectory = v.looseObject({ wallets: v.array(v.looseObject({ name: Text })) });
export const WalletNames = v.array(Text);
export const WalletInfo = v.looseObject({ private_keys_enabled: v.boolean(), scanning: v.optional(v.union([v.literal(false), v.looseObject({ progress: Fraction })])) });
export const Descriptors = v.looseObject({ descriptors: v.array(v.looseObject({ desc: Text, range: v.optional(v.tuple([Count, Count])), /** The first index past all that were used. */ next: v.optional(Count) })) });
export const ImportResults = v.array(v.looseObject({ success: v.boolean(), error: v.optional(v.looseObject({ code: Integer })) }));
/** Wallets of scripts count what they only watch apart from what they could sign for; here nothing is ever signed for. */
export const AddressInfo = v.pipe(
  v.looseObject({ ismine: v.boolean(), iswatchonly: v.optional(v.boolean()), desc: v.optional(Text), labels: v.optional(v.array(v.unknown())) }),
  v.transform((info) => ({ ...info, ismine: info.ismine || info.iswatchonly === true })),
);

export const Unspent = v.array(
  v.looseObject({
    txid: Txid, vout: Count, address: v.optional(Text), scriptPubKey: HexBytes, amount: Amount, confirmations: Count,
    spendable: v.boolean(), solvable: v.boolean(), safe: v.optional(v.boolean()), desc: v.optional(Text),
  }),
);
export const ReceivedByAddress = v.array(v.looseObject({ address: Text }));
export const Outpoints = v.array(v.looseObject({ txid: Txid, vout: Count }));
export const TxOut = v.nullable(v.looseObject({ confirmations: Count, value: Amount, coinbase: v.optional(v.boolean(), false), scriptPubKey: v.looseObject({ hex: HexBytes, address: v.optional(Text) }) }));
export const SinceBlock = v.looseObject({
  transactions: v.array(v.looseObject({ txid: Txid, category: Text, address: v.optional(Text), vout: v.optional(Count) })),
  lastblock: Txid,
});
export const WalletTransactionAnswer = v.looseObject({
  txid: Txid, confirmations: Integer, blockhash: v.optional(Txid), blockheight: v.optional(Count), blockindex: v.optional(Count), time: v.optional(Count), hex: HexBytes,
});
export const RawTransactionInfo = v.looseObject({ confirmations: v.optional(Integer), blockhash: v.optional(Txid) });
export const BlockHeader = v.looseObject({ height: Count, time: Count, mediantime: Count, confirmations: Integer });

/** Amounts in BTC; sizes with the unit that the node counts its limits in. */
export const MempoolEntryAnswer = v.looseObject({
  vsize: Count, ancestorcount: Count, ancestorsize: Count, descendantcount: Count, descendantsize: Count,
  fees: v.looseObject({ base: Amount, ancestor: Amount, descendant: Amount }),
});

export const ProcessedPsbt = v.looseObject({ psbt: v.pipe(v.string(), v.maxLength(25_165_824)), complete: v.boolean() });
export const TestAccepted = v.pipe(v.array(v.looseObject({ allowed: v.optional(v.boolean()), 'reject-reason': v.optional(Text) })), v.length(1));
export const ScanStatus = v.nullable(v.looseObject({ progress: Fraction }));
export const ScanResult = v.looseObject({
  success: v.boolean(), height: Count, bestblock: Txid,
  unspents: v.array(v.looseObject({ txid: Txid, vout: Count, scriptPubKey: HexBytes, desc: Text, amount: Amount, height: Count })),
});
