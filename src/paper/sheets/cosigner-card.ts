import type { NetworkName } from '../../domain/network.ts';
import type { WalletScript } from '../../domain/wallet-script.ts';
import { scriptName } from '../../domain/wallet-script-words.ts';
import { formatPath } from '../../domain/derivation-path.ts';
import { formatExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import { formatKeyRecord, requireRealm, type KeyRecord } from '../../wallet/key-record.ts';
import { sheetOf, type Sheet, type SheetFacts } from '../sheet.ts';

/**
 * A cosigner's public key record, to hand to whoever makes the wallet. Public, yet not for everyone: it shows addresses.
 * @param script the type of wallet that the record was exported for
 * @throws StrongroomError `paper.malformed`, `network.mismatch`
 */
export function cosignerCard(facts: SheetFacts, record: KeyRecord, script: WalletScript): Sheet {
  requireRealm(record, facts.network);
  return sheetOf({
    ...facts,
    kind: 'cosigner-card',
    part: 'public',
    title: 'Cosigner card',
    warning: 'cannot spend; shows this cosigner\'s addresses',
    blocks: [
      {
        type: 'code', heading: 'Key record', note: 'Scan it, or type it, where the wallet is made. Read the fingerprint aloud to its owner before it is used.', copy: 'plain', sideMm: 62,
        code: { id: 'key-record', text: formatKeyRecord(record, facts.network), correction: 'Q' },
        facts: [
          { label: 'Fingerprint', value: record.masterFingerprint, form: 'mono' },
          { label: 'Path', value: `m/${formatPath(record.path)}`, form: 'mono' },
          { label: 'For wallets of', value: scriptName(script), form: 'text' },
          { label: 'Network', value: facts.network, form: 'text' },
        ],
      },
      { type: 'facts', facts: extendedKeyFacts(record, facts.network) },
    ],
  });
}

const extendedKeyFacts = (record: KeyRecord, network: NetworkName) => [{ label: 'Extended public key', value: formatExtendedPublicKey(record.key, network), form: 'fours' as const }];
