import { parsePath, type DerivationPath } from '../../domain/derivation-path.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { isQuorumScript, type WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseExtendedPublicKey, type PrefixScript } from '../extended-public-key.ts';
import { requireDepth, requirePrefix } from '../key-record.ts';
import { malformedFile, type ForeignCosigner, type ForeignWallet, type Loss } from './foreign.ts';

const formats: Readonly<Record<string, WalletScript>> = { p2sh: 'p2sh', p2wsh: 'p2wsh', 'p2sh-p2wsh': 'p2sh-p2wsh', 'p2wsh-p2sh': 'p2sh-p2wsh', p2tr: 'p2tr-multi' };
/** More lines than 20 keys with a path and remarks each. */
const MAX_LINES = 400;

/** Told by a line that only this format has. */
export const isColdcardText = (text: string): boolean => /^\s*policy\s*:\s*\d+\s*(?:of|\/)\s*\d+\s*$/im.test(text);

/**
 * The multisig setup file that Coldcard reads, and that Sparrow, Specter, BlueWallet, Caravan, Nunchuk, Keystone, SeedSigner and Krux
 * write and read too: `Name:`, `Policy:`, `Format:`, `Derivation:` once for all keys or before each, and `FINGERPRINT: xpub`.
 * @throws StrongroomError `wallet.malformed`, `wallet.depth-path`, `wallet.prefix-script`, and what keys are refused for
 * @see Coldcard's documentation, "Multisig": "Configuration Text File for Multisig"
 */
export function readColdcardText(text: string): ForeignWallet {
  let name: string | null = null;
  let quorum: { readonly required: number; readonly total: number } | null = null;
  let script: WalletScript | null = null;
  let path: DerivationPath | null = null;
  const cosigners: ForeignCosigner[] = [];
  const prefixes: (PrefixScript | null)[] = [];
  const once = (field: string, isTaken: boolean): void => {
    if (isTaken) throw malformedFile(`it has two lines "${field}:"`);
  };
  const lines = text.split(/\r?\n|\r/);
  if (lines.length > MAX_LINES) throw malformedFile('it has more lines than a setup file');
  for (const raw of lines) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([^:]+?)\s*:\s*(.*)$/.exec(line);
    if (match === null) throw malformedFile('a line in it has no colon');
    const [, label, value] = match as unknown as [string, string, string];
    switch (label.toLowerCase()) {
      case 'name':
        once('Name', name !== null);
        name = value;
        break;
      case 'policy': {
        once('Policy', quorum !== null);
        const numbers = /^(\d{1,2})\s*(?:of|\/)\s*(\d{1,2})$/i.exec(value);
        if (numbers === null) throw malformedFile('its policy is not of the form "2 of 3"');
        quorum = { required: Number(numbers[1]), total: Number(numbers[2]) };
        break;
      }
      case 'format':
        once('Format', script !== null);
        script = Object.hasOwn(formats, value.toLowerCase()) ? (formats[value.toLowerCase()] as WalletScript) : null;
        if (script === null) throw malformedFile('its format is none of P2SH, P2SH-P2WSH, P2WSH');
        break;
      case 'derivation':
        path = parsePath(value);
        break;
      default: {
        if (!/^[0-9a-fA-F]{8}$/.test(label)) throw malformedFile(`it has a line that is not known: "${label.slice(0, 20)}"`);
        if (path === null) throw new StrongroomError('key.origin-missing', `No derivation path stands before the key ${label}.`, { fingerprint: label.toLowerCase() }, 'Add the line "Derivation: m/48\'/…" before it, as the device that holds the key says it.');
        const { key, realm, prefixScript } = parseExtendedPublicKey(value);
        cosigners.push({ label: null, record: requireDepth({ masterFingerprint: parseFingerprint(label), path, key, realm }) });
        prefixes.push(prefixScript);
      }
    }
  }
  if (quorum === null || cosigners.length === 0) throw malformedFile('it lacks its policy or its keys');
  if (cosigners.length !== quorum.total) throw malformedFile(`it says ${quorum.total} keys and has ${cosigners.length}`);
  // Coldcard's own rule where no format is said.
  const said = script ?? 'p2sh';
  for (const prefix of prefixes) requirePrefix(prefix, said);
  return { kind: 'wallet', format: 'coldcard', name, networks: [], script: said, required: quorum.required, cosigners, firstReceive: null, firstChange: null, losses: [branchesNotSaid] };
}

const branchesNotSaid: Loss = { code: 'branches', text: 'The format does not name branches; 0 was taken for receive and 1 for change, as all its readers do.' };

/** Names longer than this do not fit the device's screen, and it refuses them. */
export const COLDCARD_NAME_LENGTH = 20;
/** The most keys of a wallet there. */
export const COLDCARD_COSIGNERS = 15;
export const isColdcardScript = (script: WalletScript): boolean => isQuorumScript(script) && script !== 'p2tr-multi';
