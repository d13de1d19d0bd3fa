import { sha256 } from '@noble/hashes/sha2.js';
import { reversed, toHex } from '../../domain/bytes.ts';

/** The name under which Electrum servers know a script: its SHA-256, in reverse order. @see Electrum protocol 1.4, "Script Hashes" */
export const scriptHashOf = (scriptPubKey: Uint8Array): string => toHex(reversed(sha256(scriptPubKey)));
