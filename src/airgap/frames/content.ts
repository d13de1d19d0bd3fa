import { equalBytes } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { PSBT_MAGIC } from '../../psbt/codec/decode.ts';
import { parseTransaction } from '../../psbt/transaction.ts';
import { malformedFrame } from './frame-errors.ts';
import { utf8Text } from './utf8-text.ts';

/**
 * What crossed the gap. `wallet-descriptor` and `key-record` are UTF-8 text: an output descriptor, and one public key record
 * (`[73c5da0a/48h/0h/0h/2h]xpub…`) a line. `text` is any other text, `bytes` anything else.
 */
export type ContentKind = 'psbt' | 'transaction' | 'wallet-descriptor' | 'key-record' | 'text' | 'bytes';

export interface Content {
  readonly kind: ContentKind;
  readonly bytes: Uint8Array;
}

export const isPsbt = (bytes: Uint8Array): boolean => equalBytes(bytes.subarray(0, PSBT_MAGIC.length), PSBT_MAGIC);

/** Whether bytes are a network transaction that spends and pays something. */
export function isTransaction(bytes: Uint8Array): boolean {
  // The version comes first: most of what is no transaction is told by it.
  if (bytes.length < 60 || (bytes[0] as number) > 3 || bytes[1] !== 0 || bytes[2] !== 0 || bytes[3] !== 0) return false;
  try {
    const { transaction } = parseTransaction(bytes);
    return transaction.ins.length > 0 && transaction.outs.length > 0;
  } catch (error) {
    if (error instanceof StrongroomError) return false;
    throw error;
  }
}

/** Told by the content alone, never by what a frame says of it. */
export function contentOfBytes(bytes: Uint8Array): Content {
  if (isPsbt(bytes)) return { kind: 'psbt', bytes };
  if (isTransaction(bytes)) return { kind: 'transaction', bytes };
  const text = utf8Text(bytes);
  return { kind: text === null || hasControls(text) ? 'bytes' : kindOfText(text), bytes };
}

/** What no text has: controls other than tabs and line ends. */
const hasControls = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true;
  }
  return false;
};

/** A descriptor and a key record are told by their first words; whether they are well formed is for whoever reads them. */
export function kindOfText(text: string): 'wallet-descriptor' | 'key-record' | 'text' {
  const start = text.slice(0, 200).trimStart();
  if (/^(sh|wsh|pk|pkh|wpkh|combo|multi|sortedmulti|tr|addr|raw|rawtr)\(/.test(start)) return 'wallet-descriptor';
  return /^(\[[0-9a-fA-F]{8}(\/[0-9]+['hH]?)*\])?(?:[xyztuvYZUV]pub|[LMt]tub|dgub)[1-9A-HJ-NP-Za-km-z]{20}/.test(start) ? 'key-record' : 'text';
}

/**
 * Content that frames said to be of a kind. What they say is compared, not believed.
 * @param kind `null` where they say nothing that Strongroom has a word for
 * @throws StrongroomError `frames.malformed`
 */
export function claimedContent(kind: ContentKind | null, bytes: Uint8Array): Content {
  const content = contentOfBytes(bytes);
  if ((kind === 'psbt' || kind === 'transaction') && content.kind !== kind) throw malformedFrame(`what it carries is no ${kind === 'psbt' ? 'PSBT' : 'transaction'}, though it says so`);
  return content;
}
