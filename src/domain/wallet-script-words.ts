import type { WalletScript } from './wallet-script.ts';

/** What people are told of a script type where they choose one, and what it is called everywhere else. */
export interface ScriptWords {
  /** Its usual name. */
  readonly name: string;
  /** What that stands for. */
  readonly kind: string;
  /** One sentence for whoever chooses. */
  readonly advice: string;
  /** `new`: the one for new wallets; `possible`; `existing`: only where a wallet of this type is there already. */
  readonly standing: 'new' | 'possible' | 'existing';
}

export const scriptWords: Readonly<Record<WalletScript, ScriptWords>> = {
  p2wsh: { name: 'P2WSH', kind: 'segwit quorum', standing: 'new', advice: 'For new wallets: low fees, and every signer and node of today knows it.' },
  'p2tr-multi': { name: 'P2TR quorum', kind: 'taproot quorum in one leaf', standing: 'possible', advice: 'Few other signers can sign for it: try each cosigner\'s device with a small amount first.' },
  'p2sh-p2wsh': { name: 'P2SH-P2WSH', kind: 'segwit quorum inside P2SH', standing: 'existing', advice: 'For existing wallets: like P2WSH, with dearer inputs, behind an address that old payers know too.' },
  p2sh: { name: 'P2SH', kind: 'legacy quorum', standing: 'existing', advice: 'For existing wallets: the dearest inputs, and 15 keys at most.' },
  p2wpkh: { name: 'P2WPKH', kind: 'segwit, one key', standing: 'possible', advice: 'One key spends alone: whoever has it has the money. For small amounts, never for a reserve.' },
  p2tr: { name: 'P2TR', kind: 'taproot, one key', standing: 'possible', advice: 'One key spends alone, by taproot\'s key path. For small amounts, never for a reserve.' },
  'p2sh-p2wpkh': { name: 'P2SH-P2WPKH', kind: 'segwit inside P2SH, one key', standing: 'existing', advice: 'For existing wallets of one key: segwit behind an address that old payers know too.' },
  p2pkh: { name: 'P2PKH', kind: 'legacy, one key', standing: 'existing', advice: 'For existing wallets of one key: the dearest inputs.' },
};

/** `P2WSH (segwit quorum)` */
export const scriptName = (script: WalletScript): string => `${scriptWords[script].name} (${scriptWords[script].kind})`;
