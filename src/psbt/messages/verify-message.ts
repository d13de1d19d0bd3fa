import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { parseBase64 } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { scriptOfAddress } from '../../wallet/address.ts';
import { ByteReader } from '../codec/byte-reader.ts';
import { decodePsbt } from '../codec/decode.ts';
import type { TxOutput } from '../psbt.ts';
import { createSighasher } from '../sighash.ts';
import { checkSpend } from '../spend-check.ts';
import { parsePreviousTransaction, parseTransaction, readStack, txidOfHash } from '../transaction.ts';
import { isMessageToSign, messageToSign, messageToSpend } from './message-transactions.ts';

/** The forms of a signature: a witness alone, the whole virtual transaction, or that with more inputs, as a PSBT. @see BIP322 */
export type MessageForm = 'simple' | 'full' | 'proof-of-funds';

const prefixes: Readonly<Record<string, MessageForm>> = { smp: 'simple', ful: 'full', pof: 'proof-of-funds' };

/** What a message's signature came to. */
export interface VerifiedMessage {
  readonly form: MessageForm;
  /**
   * `inconclusive`: of a script that is not judged here (a time lock, another kind of contract), or of rules that are not yet.
   * Nothing is proven by it.
   */
  readonly state: 'valid' | 'invalid' | 'inconclusive';
  /** The time at which it is valid, where it names one; 0 for none. @see BIP322, "Verification" */
  readonly locktime: number;
  /** The age that the output must have had, where it names one: of the first input. @see BIP68 */
  readonly sequence: number;
  /** What was shown to be spendable by the signer beside the address; whether it is unspent, only a node can say. */
  readonly funds: readonly { readonly outpoint: string; readonly amountSats: bigint }[];
}

interface Signed {
  readonly form: MessageForm;
  readonly transaction: Transaction;
  /** Of the inputs after the first. */
  readonly others: readonly TxOutput[];
}

/**
 * Whether a signature proves that the holders of an address signed a message.
 * @param signature base64, with the prefix of its form or without one
 * @throws StrongroomError `message.signature-malformed`, `message.too-long`, `address.malformed`
 * @see BIP322, "Verification"
 */
export function verifyMessage(address: string, message: string, signature: string, network: NetworkName): VerifiedMessage {
  const scriptPubKey = scriptOfAddress(address, network);
  const toSpend = messageToSpend(scriptPubKey, message);
  const { form, transaction, others } = readSignature(signature, toSpend);
  const [first] = transaction.ins;
  const facts = { form, locktime: transaction.locktime, sequence: first?.sequence ?? 0, funds: transaction.ins.slice(1).map((input, index) => ({ outpoint: formatOutpoint({ txid: txidOfHash(input.hash), vout: input.index }), amountSats: (others[index] as TxOutput).amountSats })) };
  // Versions above 2 may get rules of their own (BIP322, "Verification": upgradable rules).
  if (!isMessageToSign(transaction, toSpend)) return { ...facts, state: 'invalid' };
  const spent: TxOutput[] = [{ scriptPubKey, amountSats: 0n }, ...others];
  const sighasher = createSighasher(transaction, spent);
  const checks = transaction.ins.map((_, index) => checkSpend(transaction, index, spent[index] as TxOutput, sighasher));
  if (checks.includes('invalid')) return { ...facts, state: 'invalid' };
  return { ...facts, state: checks.includes('unsupported') || transaction.version > 2 ? 'inconclusive' : 'valid' };
}

function readSignature(text: string, toSpend: Transaction): Signed {
  const form = prefixes[text.slice(0, 3)];
  if (form !== undefined) return read(form, text.slice(3), toSpend);
  // Without a prefix: signatures of before the prefixes were defined.
  try {
    return read('simple', text, toSpend);
  } catch {
    return read('full', text, toSpend);
  }
}

function read(form: MessageForm, base64: string, toSpend: Transaction): Signed {
  try {
    const bytes = parseBase64(base64.trim());
    switch (form) {
      case 'simple':
        return { form, transaction: withWitness(toSpend, bytes), others: [] };
      case 'full':
        return { form, ...onlyInput(parseTransaction(bytes).transaction) };
      case 'proof-of-funds':
        return { form, ...fromPsbt(bytes) };
    }
  } catch {
    throw new StrongroomError('message.signature-malformed', `The text is no signature of a message of the form "${form}".`, { form }, 'Copy the whole signature again; it is base64, and begins with smp, ful or pof.');
  }
}

function withWitness(toSpend: Transaction, bytes: Uint8Array): Transaction {
  const reader = new ByteReader(bytes);
  const witness = readStack(reader);
  if (reader.remaining > 0 || witness.length === 0) throw new TypeError('not a witness stack');
  const transaction = messageToSign(toSpend);
  (transaction.ins[0] as Transaction['ins'][number]).witness = witness;
  return transaction;
}

function onlyInput(transaction: Transaction): Pick<Signed, 'transaction' | 'others'> {
  if (transaction.ins.length !== 1) throw new TypeError('what the other inputs spend is not stated');
  return { transaction, others: [] };
}

/**
 * A finalized PSBT: its inputs state what they spend. Where several spend one transaction, it may be enclosed once.
 * @see BIP322, "Full (Proof of Funds)"
 */
function fromPsbt(bytes: Uint8Array): Pick<Signed, 'transaction' | 'others'> {
  const psbt = decodePsbt(bytes);
  const transaction = psbt.transaction.clone();
  const enclosed = new Map(psbt.inputs.flatMap(({ nonWitnessUtxo }) => {
    if (nonWitnessUtxo === undefined) return [];
    const parsed = parsePreviousTransaction(nonWitnessUtxo);
    return [[parsed.txid, parsed] as const];
  }));
  const others = psbt.inputs.slice(1).map((input, index) => {
    const { hash, index: vout } = transaction.ins[index + 1] as Transaction['ins'][number];
    const output = enclosed.get(txidOfHash(hash))?.outputAt(vout) ?? input.witnessUtxo;
    if (output === undefined) throw new TypeError('what an input spends is not stated');
    return output;
  });
  transaction.ins.forEach((input, index) => {
    input.script = psbt.inputs[index]?.finalScriptSig ?? new Uint8Array(0);
    input.witness = [...(psbt.inputs[index]?.finalScriptWitness ?? [])];
  });
  return { transaction, others };
}
