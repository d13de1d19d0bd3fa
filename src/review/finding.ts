/** How much a finding weighs: `refuse` ends it, `acknowledge` needs a person's judgement, `note` informs. */
export type Severity = 'refuse' | 'acknowledge' | 'note';

interface FindingEntry {
  readonly severity: Severity;
  /** When the finding is given, for docs/findings.md. */
  readonly meaning: string;
  /** What the reader should do next. */
  readonly nextStep: string;
}

/** The closed list of finding codes: stable, never renamed, each with a test. */
export const findingCatalog = {
  'input.prevtx-missing': { severity: 'refuse', meaning: 'A legacy or segwit-v0 input comes without its previous transaction, so its amount is unproven.', nextStep: 'Have the transaction made again with full previous transactions.' },
  'input.prevtx-hash': { severity: 'refuse', meaning: 'The previous transaction that is enclosed is another one than the input spends.', nextStep: 'Do not sign. Somebody altered this file or the program that made it is at fault.' },
  'input.prevtx-vout': { severity: 'refuse', meaning: 'The previous transaction has no such output.', nextStep: 'Do not sign. Somebody altered this file or the program that made it is at fault.' },
  'input.utxo-conflict': { severity: 'refuse', meaning: 'Both UTXO fields are given and they differ.', nextStep: 'Do not sign. Somebody altered this file or the program that made it is at fault.' },
  'input.legacy-witness-utxo': { severity: 'refuse', meaning: 'A legacy input is described by a witness UTXO.', nextStep: 'Have the transaction made again by a correct program.' },
  'input.script-hash': { severity: 'refuse', meaning: 'A redeem or witness script is not the one that the registered wallet derives.', nextStep: 'Do not sign. Compare the registered wallet with the Companion\'s.' },
  'input.foreign': { severity: 'refuse', meaning: 'An input belongs to no registered wallet.', nextStep: 'Register the wallet that it belongs to, or have the transaction made without it.' },
  'input.duplicate': { severity: 'refuse', meaning: 'One output is spent twice.', nextStep: 'Have the transaction made again.' },
  'input.origin-lie': { severity: 'refuse', meaning: 'A derivation claims this key, and the key at that path is another.', nextStep: 'Do not sign. Somebody altered this file.' },
  'input.amount-range': { severity: 'refuse', meaning: 'An input amount is negative, above 21 million BTC, or the sum overflows.', nextStep: 'Do not sign. The file is at fault.' },
  'input.already-final': { severity: 'refuse', meaning: 'The file asks for a signature on an input that is final.', nextStep: 'Broadcast the transaction, or have it made again.' },
  'output.amount-range': { severity: 'refuse', meaning: 'An output amount is negative, above 21 million BTC, or the sum overflows.', nextStep: 'Do not sign. The file is at fault.' },
  'sighash.forbidden': { severity: 'refuse', meaning: 'A signature of another type than SIGHASH_ALL is asked for or present.', nextStep: 'Have the transaction made again without a special sighash type.' },
  'signature.invalid': { severity: 'refuse', meaning: 'A signature in the file does not verify or is of no cosigner.', nextStep: 'Start again from the unsigned file.' },
  'change.fraud': { severity: 'refuse', meaning: 'An output claims to be the wallet\'s and is not what the registered wallet derives.', nextStep: 'Do not sign. Somebody tried to take the change.' },
  'path.out-of-range': { severity: 'refuse', meaning: 'A path has a branch other than 0 or 1, a hardened tail, an index past the limit, or differs between cosigners.', nextStep: 'Have the transaction made again by a correct program.' },
  'network.mismatch': { severity: 'refuse', meaning: 'Parts of the transaction belong to different networks.', nextStep: 'Use the key and wallet of the transaction\'s network.' },
  'tx.version': { severity: 'refuse', meaning: 'The transaction version is not 1, 2 or 3.', nextStep: 'Have the transaction made again.' },
  'tx.empty': { severity: 'refuse', meaning: 'The transaction has no inputs or no outputs.', nextStep: 'Have the transaction made again.' },
  'fee.negative': { severity: 'refuse', meaning: 'The outputs are worth more than the inputs.', nextStep: 'Have the transaction made again.' },
  'fee.excessive': { severity: 'refuse', meaning: 'The fee is above the refusal limit: over 25 % of the inputs and over 100,000 sats, or over 5,000 sat/vB.', nextStep: 'Have the transaction made again with a sane fee.' },
  'fee.high': { severity: 'acknowledge', meaning: 'The fee is over 5 % of the payments (of the inputs when nothing leaves), over 3 times the plan\'s rate, or over 500 sat/vB.', nextStep: 'Compare the fee with the plan before you go on.' },
  'fee.below-relay': { severity: 'acknowledge', meaning: 'The fee rate is below what nodes relay.', nextStep: 'Expect that the transaction may not be relayed.' },
  'output.dust': { severity: 'refuse', meaning: 'An output is below the dust limit of its type.', nextStep: 'Have the payment raised or left out.' },
  'output.unspendable': { severity: 'acknowledge', meaning: 'An output carries data and can never be spent.', nextStep: 'Make sure that the data shown is meant to be public for ever.' },
  'output.nonstandard': { severity: 'refuse', meaning: 'An output has a script of no standard type.', nextStep: 'Have the transaction made again to an ordinary address.' },
  'output.similar-address': { severity: 'acknowledge', meaning: 'An address shares head and tail with another known address.', nextStep: 'Compare every character with the order for payment.' },
  'output.reused': { severity: 'note', meaning: 'An output pays an address that was already used.', nextStep: 'Use a new address next time.' },
  'locktime.future': { severity: 'acknowledge', meaning: 'The transaction is not final before a height or date.', nextStep: 'Make sure that the delay is wanted.' },
  'sequence.relative': { severity: 'acknowledge', meaning: 'An input is locked for a time relative to its confirmation.', nextStep: 'Make sure that the delay is wanted.' },
  'rbf.signalled': { severity: 'note', meaning: 'The transaction says that it may be replaced by one with a higher fee.', nextStep: 'Nothing to do; only its confirmation is final.' },
  'taproot.script-path': { severity: 'refuse', meaning: 'Leaf fields, a merkle root or an annex stand on an input of a key-path wallet.', nextStep: 'Do not sign. Somebody altered this file.' },
  'psbt.modifiable': { severity: 'acknowledge', meaning: 'The file allows others to change inputs or outputs after you signed.', nextStep: 'Have the file made final by its creator.' },
  'psbt.unknown-field': { severity: 'note', meaning: 'The file holds a field without a meaning here; it is kept byte for byte.', nextStep: 'Nothing to do.' },
  'sweep.unproven-destination': { severity: 'acknowledge', meaning: 'An output of a sweep goes to no address of a registered wallet that was given for the review.', nextStep: 'Compare every character of the address with the one that you mean, or review again with the registration of the wallet that it is to go to.' },
  'sweep.key-unused': { severity: 'note', meaning: 'A paper key that was opened is spent from by no input of this transaction; its paper may still hold money.', nextStep: 'Keep that paper until the Companion has looked at its addresses.' },
  'quorum.not-a-cosigner': { severity: 'refuse', meaning: 'This key is not one of the wallet\'s cosigners.', nextStep: 'Open the key file of a cosigner.' },
  'quorum.already-signed': { severity: 'note', meaning: 'This key has signed already.', nextStep: 'Hand the file to the next cosigner.' },
  'quorum.complete': { severity: 'note', meaning: 'The quorum is reached; no further signature is needed.', nextStep: 'Hand the file back to the Companion.' },
} as const satisfies Readonly<Record<string, FindingEntry>>;

export type FindingCode = keyof typeof findingCatalog;

/** A judgement as data: what, where, and the evidence. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly where: { readonly scope: 'global' | 'input' | 'output'; readonly index: number };
  /** Evidence for a person: amounts as decimal strings of satoshis, scripts in hex. Never a secret. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** A finding with the severity that its code has. */
export function finding(code: FindingCode, scope: Finding['where']['scope'], index: number, details: Finding['details'] = {}): Finding {
  return { severity: findingCatalog[code].severity, code, where: { scope, index }, details };
}
