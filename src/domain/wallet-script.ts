/**
 * The script types that a wallet can have, by what its outputs are and what spends them: one key (`p2pkh`, `p2sh-p2wpkh`,
 * `p2wpkh`, `p2tr`), or a quorum of sorted keys (`p2sh`, `p2sh-p2wsh`, `p2wsh`, `p2tr-multi`). `p2tr-multi` is a taproot output whose
 * internal key nobody holds and whose one leaf is `sortedmulti_a`.
 * @see BIP381 to BIP387 for their descriptors
 */
export type WalletScript = SingleKeyScript | QuorumScript;
/** Output types that one key alone spends. */
export type SingleKeyScript = 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh' | 'p2tr';
export type QuorumScript = 'p2sh' | 'p2sh-p2wsh' | 'p2wsh' | 'p2tr-multi';

export const quorumScripts = ['p2sh', 'p2sh-p2wsh', 'p2wsh', 'p2tr-multi'] as const satisfies readonly QuorumScript[];
export const singleKeyScripts = ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'] as const satisfies readonly SingleKeyScript[];
export const walletScripts = [...quorumScripts, ...singleKeyScripts] as const;

export const isQuorumScript = (script: WalletScript): script is QuorumScript => (quorumScripts as readonly string[]).includes(script);

/** The most keys of any wallet. */
export const MAX_COSIGNERS = 20;

/**
 * The most keys of a wallet of this type. P2SH: a redeem script has at most 520 bytes (BIP16). P2WSH: CHECKMULTISIG takes 20.
 * Taproot would take more; nobody organises them.
 */
export const maxCosigners = (script: WalletScript): number => (!isQuorumScript(script) ? 1 : script === 'p2sh' ? 15 : MAX_COSIGNERS);
