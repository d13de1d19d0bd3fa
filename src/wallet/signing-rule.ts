/** How the hash is made that a signature of an input signs. */
export type SigningRule =
  /** `scriptCode`: of P2PKH the scriptPubKey, of P2SH the redeem script. */
  | { readonly kind: 'legacy'; readonly scriptCode: Uint8Array }
  /** `scriptCode`: of P2WPKH the P2PKH script of the key hash, of P2WSH the witness script. @see BIP143 */
  | { readonly kind: 'segwit-v0'; readonly scriptCode: Uint8Array }
  /** @see BIP341 */
  | { readonly kind: 'taproot-key' }
  /** `leafHash`: of the leaf that is spent, 32 bytes. @see BIP342, "Common Signature Message Extension" */
  | { readonly kind: 'taproot-leaf'; readonly leafHash: Uint8Array };
