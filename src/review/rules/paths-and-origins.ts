import { equalBytes } from '../../domain/bytes.ts';
import { formatPath, type DerivationPath } from '../../domain/derivation-path.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import type { Bip32Derivation } from '../../psbt/psbt.ts';
import { MAX_ADDRESS_INDEX } from '../../wallet/address.ts';
import { isOtherCoinPath } from '../../wallet/key-record.ts';
import { xOnly } from '../../wallet/locking-script.ts';
import { cosignersOf } from '../../wallet/wallet.ts';
import { MAX_COSIGNERS } from '../../domain/wallet-script.ts';
import { keysAtHand, type InputFacts, type OutputFacts, type ReviewFacts, type ReviewKey, type ReviewWallet } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/** An honest input names each cosigner once, so more claims of one key than that are not computed but refused. */
const MAX_CLAIMS = MAX_COSIGNERS;
/** Lies of a file after which no more claims are computed: it is refused already, and each costs a derivation. */
const MAX_COMPUTED_LIES = 100;

/**
 * Key origins are hints: what is the wallet's own was decided by its scripts. But a hint that names a cosigner and cannot be
 * right shows that the file was altered, or that its maker would put money where nobody looks.
 * @see BIP174, PSBT_IN_BIP32_DERIVATION; BIP44 and BIP48 for branches
 */
export function pathFindings(facts: ReviewFacts): Finding[] {
  const holders = keysAtHand(facts.context).map((key): Holder => ({ fingerprint: key.fingerprint, holdsAt: claimsOf(key) }));
  return [
    ...facts.inputs.flatMap((input) => [...rangeFindings(facts, input, 'input'), ...originFindings(input, holders), ...coinTypeFindings(facts, input)]),
    ...facts.outputs.flatMap((output) => rangeFindings(facts, output, 'output')),
  ];
}

/** Tails of origins that name a cosigner: branch 0 or 1, not hardened, index within the limit, the same for all. */
function rangeFindings(facts: ReviewFacts, { index, own, origins }: InputFacts | OutputFacts, scope: 'input' | 'output'): Finding[] {
  const wallets = own === null ? facts.context.wallets : [own.wallet];
  const claims = origins.filter((derivation) => wallets.some(({ deriver }) => cosignersOf(deriver.wallet, derivation.masterFingerprint).length > 0));
  const bad = claims.find(({ path }) => !hasGoodTail(path));
  if (bad !== undefined) return [finding('path.out-of-range', scope, index, { fingerprint: bad.masterFingerprint, path: pathText(bad.path) })];
  const [first] = claims;
  const other = claims.find(({ path }) => tailText(path) !== tailText((first as Bip32Derivation).path));
  if (first === undefined || other === undefined) return [];
  return [finding('path.out-of-range', scope, index, { fingerprint: other.masterFingerprint, path: pathText(other.path), otherPath: pathText(first.path) })];
}

function hasGoodTail(path: DerivationPath): boolean {
  const [branch, index] = path.slice(-2);
  return (branch === 0 || branch === 1) && index !== undefined && index <= MAX_ADDRESS_INDEX;
}

const tailText = (path: DerivationPath): string => formatPath(path.slice(-2));
const pathText = (path: DerivationPath): string => formatPath(path.slice(0, 20));

/** A key at hand, and whether it has a public key at a path. */
interface Holder {
  readonly fingerprint: Fingerprint;
  readonly holdsAt: (path: DerivationPath, publicKey: Uint8Array) => boolean;
}

/** An origin claims a key, and that key has another public key there. */
function originFindings(input: InputFacts, holders: readonly Holder[]): Finding[] {
  const { origins, own, index } = input;
  let claims = 0;
  const lies = origins.filter((derivation) => {
    const holder = holders.find(({ fingerprint }) => fingerprint === derivation.masterFingerprint);
    if (holder !== undefined) {
      claims += 1;
      return claims > MAX_CLAIMS || !holder.holdsAt(derivation.path, derivation.publicKey);
    }
    return own !== null && contradictsWallet(own.wallet, derivation, input);
  });
  const [lie] = lies;
  return lie === undefined ? [] : [finding('input.origin-lie', 'input', index, { fingerprint: lie.masterFingerprint, path: pathText(lie.path), count: lies.length })];
}

/** Taproot's origins name keys by their x coordinate alone (BIP371). */
const isKey = (stated: Uint8Array, own: Uint8Array): boolean => equalBytes(stated, stated.length === 32 ? xOnly(own) : own);

/** Another cosigner's origin, stated in full as registered, beside a public key that the wallet does not have there. */
function contradictsWallet(wallet: ReviewWallet, derivation: Bip32Derivation, input: InputFacts): boolean {
  const claimed = input.own?.derived.keys.filter((key) => key.masterFingerprint === derivation.masterFingerprint && formatPath(key.path) === formatPath(derivation.path)) ?? [];
  return cosignersOf(wallet.deriver.wallet, derivation.masterFingerprint).length > 0 && claimed.length > 0 && !claimed.some((key) => isKey(derivation.publicKey, key.publicKey));
}

/** An input's origin of the BIP44 family with the coin type of another network. */
function coinTypeFindings(facts: ReviewFacts, { origins, index }: InputFacts): Finding[] {
  const other = origins.find((derivation) => isOtherCoinPath(derivation.path, facts.context.network));
  return other === undefined ? [] : [finding('network.mismatch', 'input', index, { fingerprint: other.masterFingerprint, path: pathText(other.path), network: facts.context.network })];
}

/** Whether this key has a public key at a path; each is computed once, and none once the file has lied too often. */
function claimsOf(key: ReviewKey): (path: DerivationPath, publicKey: Uint8Array) => boolean {
  const known = new Map<string, Uint8Array | null>();
  let lies = 0;
  const keyAt = (path: DerivationPath): Uint8Array | null => {
    // BIP32 depths are one byte; nothing of a wallet is deeper than a few steps.
    if (path.length > 10) return null;
    const text = formatPath(path);
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    let publicKey: Uint8Array | null;
    try {
      publicKey = key.publicKeyAt(path);
    } catch {
      publicKey = null;
    }
    known.set(text, publicKey);
    return publicKey;
  };
  return (path, publicKey) => {
    const own = lies < MAX_COMPUTED_LIES ? keyAt(path) : null;
    const holds = own !== null && isKey(publicKey, own);
    if (!holds) lies += 1;
    return holds;
  };
}
