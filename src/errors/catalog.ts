/** Exit codes of the command-line programs. */
export type ExitCode = 2 | 3 | 64 | 65 | 70 | 74 | 75;

interface CatalogEntry {
  readonly exit: ExitCode;
  /** When the error occurs, for docs/errors.md. */
  readonly meaning: string;
}

/**
 * The closed list of error codes. Codes are stable: they are added, never renamed, and never change meaning. Exit codes:
 * 2 a person must judge, 3 refused, 64 wrong usage, 65 malformed input, 70 a fault of the program, 74 file or device,
 * 75 a backend is unreachable or not ready.
 */
export const errorCatalog = {
  // Values.
  'amount.malformed': { exit: 65, meaning: 'An amount is not a whole number of satoshis or a BTC number with at most eight decimals.' },
  'amount.out-of-range': { exit: 65, meaning: 'An amount or a sum is negative or above 21 million BTC.' },
  'fee-rate.malformed': { exit: 65, meaning: 'A fee rate is not a number in sat/vB with at most three decimals.' },
  'fee-rate.out-of-range': { exit: 65, meaning: 'A fee rate is above 100,000 sat/vB.' },
  'fingerprint.malformed': { exit: 65, meaning: 'A key fingerprint is not eight hexadecimal digits.' },
  'input.not-base64': { exit: 65, meaning: 'A text is not canonical base64.' },
  'input.not-hex': { exit: 65, meaning: 'A text is not hexadecimal.' },
  'network.unknown': { exit: 64, meaning: 'A network name is none of those that Strongroom knows.' },
  'network.mismatch': { exit: 65, meaning: 'Two things that must belong to one network belong to different ones.' },
  'outpoint.malformed': { exit: 65, meaning: 'An outpoint is not a transaction id, a colon and a number.' },
  'path.malformed': { exit: 65, meaning: 'A derivation path is not a list of child numbers.' },
  'address.malformed': { exit: 65, meaning: 'A text is not an address, or fails its checksum.' },

  // Entropy and keys (Signer).
  'entropy.malformed': { exit: 65, meaning: 'Rolls, flips, cards or keys hold a character that is none of theirs, or a card that was drawn before.' },
  'entropy.too-little': { exit: 65, meaning: 'Fewer rolls, flips, cards or keys than the key size needs, or none at all.' },
  'entropy.weak': { exit: 65, meaning: 'Rolls, flips, cards or keys are too regular to be chance; the details name the pattern: `face`, `cycle`, `chunk`, `step`, `walk` or `few`.' },
  'entropy.dice-alone': { exit: 64, meaning: 'A key of dice alone was asked for, and another source was given.' },
  'entropy.source-failed': { exit: 70, meaning: 'The system\'s random source failed its check; no key is made.' },
  'entropy.record-malformed': { exit: 65, meaning: 'A file is not an entropy record.' },
  'entropy.range-malformed': { exit: 64, meaning: 'A range of builds is not of the form A..B, nor the beginning of a build hash.' },
  'mnemonic.malformed': { exit: 65, meaning: 'A mnemonic has a wrong number of words, an unknown word or a wrong checksum.' },
  'mnemonic.ambiguous': { exit: 65, meaning: 'A mnemonic is valid in several languages; the right one must be stated.' },
  'secret.unknown': { exit: 65, meaning: 'What was given is no secret of a form that Strongroom knows.' },
  'secret.malformed': { exit: 65, meaning: 'A secret (SeedQR, xprv, WIF, BIP38, codex32) is of a known form and fails its checksum or its rules; the details name the form and the part.' },
  'secret.passphrase-wrong': { exit: 65, meaning: 'The passphrase does not open an encrypted private key (BIP38).' },
  'secret.passphrase-unfit': { exit: 65, meaning: 'A SLIP-39 passphrase has a character that is not printable ASCII.' },
  'secret.parameters': { exit: 64, meaning: 'A secret was to be split or derived with parameters that its form does not allow.' },
  'secret.not-a-master': { exit: 65, meaning: 'A secret alone is no master key: it is a share, a single private key, encrypted, or of a path below the master.' },
  'secret.not-a-single-key': { exit: 65, meaning: 'What was given to be swept is no single private key (WIF or BIP38).' },
  'secret.not-divisible': { exit: 65, meaning: 'A key cannot be divided by the scheme that was asked for: it has no seed, or no English mnemonic.' },
  'share.malformed': { exit: 65, meaning: 'A share has an unknown word or letter, a wrong length or a wrong checksum.' },
  'share.mismatch': { exit: 65, meaning: 'Shares do not belong to one set, or contradict each other.' },
  'share.too-few': { exit: 2, meaning: 'More shares are needed to recover the secret.' },
  'key.passphrase-wrong': { exit: 65, meaning: 'The passphrase does not open the key file.' },
  'key.passphrase-weak': { exit: 65, meaning: 'A new passphrase is shorter than twelve characters.' },
  'key.file-malformed': { exit: 65, meaning: 'A file is not a Strongroom key file, or was damaged.' },
  'key.work-factor': { exit: 65, meaning: 'A key file demands a scrypt work factor outside the permitted bounds.' },
  'key.network': { exit: 65, meaning: 'A key was made for another network.' },
  'key.not-a-cosigner': { exit: 3, meaning: 'A key is not one of the wallet\'s cosigners.' },
  'key.secret-unsupported': { exit: 65, meaning: 'A secret was recognised, but key files of this version cannot keep its form.' },
  'key.no-mnemonic': { exit: 65, meaning: 'A key file keeps a seed or a master key, which no words lead to.' },
  'key.copies-malformed': { exit: 65, meaning: 'A list of a key file\'s copies is not one, or was damaged.' },
  'key.copy-is-original': { exit: 74, meaning: 'A copy of a key file would lie where the key file itself lies.' },
  'key.locked': { exit: 65, meaning: 'A key was locked again, or was never unlocked in this session.' },
  'key.record-malformed': { exit: 65, meaning: 'A text is not a public key record of the form [fingerprint/path]xpub.' },

  // Wallets.
  'wallet.malformed': { exit: 65, meaning: 'A file is not a wallet in a form that Strongroom reads.' },
  'wallet.checksum': { exit: 65, meaning: 'A descriptor\'s checksum is wrong or missing.' },
  'wallet.descriptor-unsupported': { exit: 65, meaning: 'A descriptor is well formed but of a kind that is not supported.' },
  'wallet.own-key-missing': { exit: 3, meaning: 'The key that registers a wallet is not one of its cosigners.' },
  'wallet.own-key-twice': { exit: 3, meaning: 'The key that registers a wallet stands in it more than once.' },
  'wallet.duplicate-key': { exit: 3, meaning: 'Two cosigners of a wallet have the same public key.' },
  'wallet.quorum-range': { exit: 65, meaning: 'A quorum is not 1 to n of 1 to 15 keys.' },
  'wallet.policy-mismatch': { exit: 3, meaning: 'The policy id that was typed is not this wallet\'s.' },
  'wallet.private-key': { exit: 3, meaning: 'An extended private key, WIF or mnemonic stands where a public key belongs.' },
  'wallet.depth-path': { exit: 65, meaning: 'An extended key\'s depth or child number contradicts its stated path.' },
  'wallet.first-address': { exit: 3, meaning: 'A wallet file states a first address that its descriptor does not derive.' },
  'wallet.index-range': { exit: 65, meaning: 'An address index is outside the permitted range.' },
  'registration.malformed': { exit: 65, meaning: 'A file is not a wallet registration.' },
  'registration.forged': { exit: 3, meaning: 'A registration was not made by this key, or was changed since.' },

  // PSBTs.
  'psbt.malformed': { exit: 65, meaning: 'Bytes are not a PSBT by BIP174.' },
  'psbt.too-large': { exit: 65, meaning: 'A PSBT is over the caps of size or count.' },
  'psbt.unsupported': { exit: 65, meaning: 'A PSBT is of a version or form that is not supported.' },
  'psbt.outputs-exceed-inputs': { exit: 65, meaning: 'The outputs of a transaction are worth more than its inputs.' },
  'psbt.mixed-transactions': { exit: 65, meaning: 'PSBTs that were to be combined are not of one transaction.' },
  'psbt.conflict': { exit: 65, meaning: 'PSBTs that were to be combined contradict each other in a field.' },
  'psbt.incomplete': { exit: 2, meaning: 'A PSBT lacks signatures that its quorum requires.' },
  'psbt.foreign-input': { exit: 3, meaning: 'A PSBT spends an output that is not the stated wallet\'s.' },
  'psbt.signature-invalid': { exit: 3, meaning: 'A PSBT holds a signature that does not verify or is of no cosigner.' },
  'psbt.input-unproven': { exit: 65, meaning: 'A PSBT does not enclose the previous transaction that proves an input\'s amount, or encloses another one.' },
  'psbt.fee-excessive': { exit: 3, meaning: 'The fee of a final transaction is above the refusal limit.' },
  'psbt.no-payment': { exit: 65, meaning: 'A transaction was to be made without any payment.' },
  'review.refused': { exit: 3, meaning: 'The review refuses the transaction; nothing was signed.' },
  'review.not-acknowledged': { exit: 2, meaning: 'Findings that a person must judge were not all acknowledged.' },
  'review.stale': { exit: 3, meaning: 'The bytes to be signed are not those that were reviewed.' },
  'sign.disagreement': { exit: 70, meaning: 'Two implementations made different signatures; none was given out.' },
  'curve.file-changed': { exit: 70, meaning: 'The native curve library beside the program is not the one that it was built with; nothing of it was loaded.' },
  'curve.disagreement': { exit: 70, meaning: 'The native curve library gives other answers than it must, or than the one in WebAssembly does.' },
  'sign.nothing': { exit: 3, meaning: 'The transaction needs no signature of this key.' },

  // What crosses the gap.
  'frames.malformed': { exit: 65, meaning: 'A QR frame is not part of a known format.' },
  'frames.incomplete': { exit: 65, meaning: 'QR frames are missing; the message names which.' },
  'frames.too-large': { exit: 65, meaning: 'QR frames announce, hold or expand to more than is read here, or a content does not fit the frames that were asked for.' },
  'frames.other-transfer': { exit: 65, meaning: 'Among the QR frames of one transfer is one of another; the two are not mixed.' },
  'frames.checksum': { exit: 65, meaning: 'A QR frame, or what all frames together hold, fails its checksum.' },
  'frames.unsupported': { exit: 65, meaning: 'QR frames are of a known format but carry something that is not read here, or a format cannot carry the content.' },

  // Paper.
  'paper.malformed': { exit: 65, meaning: 'What a sheet was to be made of is missing, out of bounds, or contradicts itself.' },
  'paper.unprintable': { exit: 65, meaning: 'A text holds a character that sheets cannot print.' },
  'paper.too-large': { exit: 65, meaning: 'A sheet\'s content does not fit a page, or is more than a sheet may hold.' },
  'paper.check-failed': { exit: 70, meaning: 'A laid-out page does not read back as its sheet; it must not be printed.' },
  'paper.list-malformed': { exit: 65, meaning: 'A file is not the list by which printed paper wallets are read back, or was damaged.' },
  'paper.not-read-back': { exit: 3, meaning: 'A printed sheet was not proven: codes or check words are missing, or are those of another sheet. It does not count as made.' },
  'picture.unreadable': { exit: 65, meaning: 'A picture is no PNG or JPEG, is damaged, or took too long to decode.' },
  'picture.too-large': { exit: 65, meaning: 'A picture has more bytes or pixels than a scanned page has.' },
  'sheet.gone': { exit: 65, meaning: 'A prepared sheet was dropped: the print was ended, its key locked, the page reloaded or closed, or it was not used for 30 minutes, or more prints were begun than are kept.' },
  'print.failed': { exit: 74, meaning: 'The system did not take the pages for printing; the reason that it gave is in the details.' },
  'print.no-printer': { exit: 74, meaning: 'The printer that was named is not one of this system.' },

  // Custody of paper.
  'custody.damaged': { exit: 74, meaning: 'A custody register was changed outside Strongroom, or is damaged; the line is in the details.' },
  'custody.transition': { exit: 3, meaning: 'What was to be noted of a sheet does not follow from where it stands: sealed before it was read back, or after it was void.' },
  'custody.unknown-sheet': { exit: 65, meaning: 'The custody register has no sheet of this id.' },
  'custody.secret': { exit: 3, meaning: 'A text for the custody register looks like a secret; nothing was written.' },
  'custody.full': { exit: 74, meaning: 'A custody register is as large as one may be.' },
  'custody.busy': { exit: 75, meaning: 'Another program is writing to the custody register.' },

  // Drills.
  'drill.unknown': { exit: 65, meaning: 'No such drill is running: it is over, was abandoned, or belongs to another session.' },
  'drill.other-source': { exit: 65, meaning: 'A drill from paper was answered from a backup, or the other way round.' },
  'drill.record-malformed': { exit: 65, meaning: 'A text is not the record of a drill, or contradicts itself.' },

  // Companion.
  'node.unreachable': { exit: 75, meaning: 'No connection to the node, or it hung up.' },
  'node.unauthorised': { exit: 75, meaning: 'The node refuses the user or cookie.' },
  'node.not-ready': { exit: 75, meaning: 'The node is still starting, syncing or scanning.' },
  'node.rejected': { exit: 75, meaning: 'The node answered a request with an error; its number is in the details.' },
  'node.malformed': { exit: 75, meaning: 'The node answered something that is not what was asked for.' },
  'node.url': { exit: 64, meaning: 'A node URL is malformed, carries a credential, or is not loopback or TLS.' },
  'node.wallet': { exit: 75, meaning: 'The node\'s wallet that was named is not there or not of the needed kind.' },
  'node.no-fee-estimate': { exit: 75, meaning: 'The node cannot estimate a fee rate; give one.' },
  'node.pruned': { exit: 75, meaning: 'The node has discarded blocks that a first scan of the wallet, or a previous transaction, needs.' },
  'plan.nothing-to-sweep': { exit: 65, meaning: 'No spendable output is left for a sweep after floor and fee.' },
  'plan.insufficient-funds': { exit: 65, meaning: 'The wallet cannot pay the payments and the fee.' },
  'plan.dust': { exit: 65, meaning: 'A payment is below the dust limit of its output type.' },
  'plan.fee-excessive': { exit: 3, meaning: 'A plan\'s fee is above what the Signer would sign: over 25 % of the inputs and over 100,000 sats, or over 5,000 sat/vB.' },
  'plan.fee-too-low': { exit: 65, meaning: 'A fee rate is below the least that the node relays.' },
  'plan.too-large': { exit: 65, meaning: 'A transaction would be larger than nodes relay or a PSBT may be.' },
  'plan.address-gap': { exit: 65, meaning: 'So many addresses were offered and never paid that the next would lie outside what the node watches.' },
  'addresses.malformed': { exit: 65, meaning: 'A list of addresses to be swept is empty or too long, or has lines that are no address of the wallet\'s network; all are named.' },
  'payments.malformed': { exit: 65, meaning: 'A payments file has lines that cannot be read; all are named.' },
  'broadcast.refused': { exit: 3, meaning: 'The node\'s test refused the transaction; nothing was sent.' },
  'broadcast.malformed': { exit: 65, meaning: 'A file is not a final transaction.' },
  'ledger.malformed': { exit: 74, meaning: 'The ledger\'s file is not a ledger or fails its integrity check.' },
  'ledger.busy': { exit: 75, meaning: 'Another program is writing to the ledger.' },
  'practice.malformed': { exit: 74, meaning: 'A practice folder is not one, or is damaged.' },
  'practice.wallet-unavailable': { exit: 75, meaning: 'The practice network\'s hot wallet program is not part of this installation.' },

  // Files, devices and the boundary.
  'file.not-found': { exit: 74, meaning: 'A file or folder is not there.' },
  'file.unreadable': { exit: 74, meaning: 'A file cannot be read.' },
  'file.unwritable': { exit: 74, meaning: 'A file cannot be written.' },
  'file.exists': { exit: 74, meaning: 'A file is there already and is not overwritten.' },
  'file.too-large': { exit: 65, meaning: 'A file is larger than anything of its kind can be.' },
  'file.not-regular': { exit: 74, meaning: 'A path is a link, a folder or a device where a plain file belongs.' },
  'file.disk-full': { exit: 74, meaning: 'The disk is full; nothing half-written was left.' },
  'file.read-back': { exit: 74, meaning: 'What was written reads back differently.' },
  'prompt.unavailable': { exit: 64, meaning: 'A secret must be asked for and there is no terminal to ask on.' },
  'usage.malformed': { exit: 64, meaning: 'A command line has an unknown command or option, or lacks a required one.' },
  'host.bad-request': { exit: 70, meaning: 'A request across the boundary does not fit its contract.' },
  'host.cancelled': { exit: 75, meaning: 'The person cancelled.' },
  'host.unknown': { exit: 70, meaning: 'A fault of the program; its text stays inside.' },
} as const satisfies Readonly<Record<string, CatalogEntry>>;

export type ErrorCode = keyof typeof errorCatalog;
