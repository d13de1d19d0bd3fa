import { concat } from '../domain/bytes.ts';

/** Reads scripts that only push data, by hand: a signature's meaning must not depend on what a lenient parser makes of it. */

/** Items that a script pushes, or `null` when it does anything else or does not push in the shortest way (BIP62, rule 3). */
export function readPushes(script: Uint8Array): readonly Uint8Array[] | null {
  const items: Uint8Array[] = [];
  let offset = 0;
  while (offset < script.length) {
    const opcode = script[offset] as number;
    offset += 1;
    if (opcode === 0x00) {
      items.push(new Uint8Array(0));
      continue;
    }
    if (opcode >= 0x51 && opcode <= 0x60) {
      items.push(Uint8Array.of(opcode - 0x50));
      continue;
    }
    const length = lengthOfPush(script, opcode, offset);
    if (length === null) return null;
    offset += length.sizeBytes;
    const item = script.subarray(offset, offset + length.dataBytes);
    if (item.length !== length.dataBytes || (item.length === 1 && isSmallNumber(item[0] as number))) return null;
    items.push(item);
    offset += length.dataBytes;
  }
  return items;
}

const isSmallNumber = (byte: number): boolean => (byte >= 1 && byte <= 16) || byte === 0x81;

function lengthOfPush(script: Uint8Array, opcode: number, offset: number): { readonly sizeBytes: number; readonly dataBytes: number } | null {
  if (opcode >= 0x01 && opcode <= 0x4b) return { sizeBytes: 0, dataBytes: opcode };
  if (opcode === 0x4c && offset < script.length) {
    const dataBytes = script[offset] as number;
    return dataBytes > 0x4b ? { sizeBytes: 1, dataBytes } : null;
  }
  if (opcode === 0x4d && offset + 1 < script.length) {
    const dataBytes = (script[offset] as number) | ((script[offset + 1] as number) << 8);
    return dataBytes > 0xff ? { sizeBytes: 2, dataBytes } : null;
  }
  return null;
}

/** What `OP_m <keys> OP_n OP_CHECKMULTISIG` says. */
export interface MultisigScript {
  readonly required: number;
  readonly publicKeys: readonly Uint8Array[];
}

/** A multisig script of at most 20 compressed keys, or `null` for any other script. */
export function readMultisig(script: Uint8Array): MultisigScript | null {
  const required = readNumber(script, 0);
  if (required === null) return null;
  const publicKeys: Uint8Array[] = [];
  let offset = required.end;
  while (script[offset] === 33) {
    const prefix = script[offset + 1];
    if ((prefix !== 2 && prefix !== 3) || offset + 34 > script.length) return null;
    publicKeys.push(script.subarray(offset + 1, offset + 34));
    offset += 34;
  }
  const total = readNumber(script, offset);
  const isShape = total?.value === publicKeys.length && required.value <= total.value && script.length === total.end + 1 && script.at(-1) === OP_CHECKMULTISIG;
  return isShape ? { required: required.value, publicKeys } : null;
}

const OP_CHECKMULTISIG = 0xae;
/** Consensus limit of CHECKMULTISIG. */
const MOST_KEYS = 20;

/** A number from 1 to 20, pushed in the shortest way. */
function readNumber(script: Uint8Array, offset: number): { readonly value: number; readonly end: number } | null {
  const opcode = script[offset] ?? 0;
  if (opcode >= 0x51 && opcode <= 0x60) return { value: opcode - 0x50, end: offset + 1 };
  const value = script[offset + 1] ?? 0;
  return opcode === 0x01 && value > 16 && value <= MOST_KEYS ? { value, end: offset + 2 } : null;
}

/** What `<key> OP_CHECKSIG <key> OP_CHECKSIGADD ... OP_m OP_NUMEQUAL` says, keys of 32 bytes; `null` for any other script. @see BIP387, `multi_a()` */
export function readMultisigLeaf(script: Uint8Array): MultisigScript | null {
  const publicKeys: Uint8Array[] = [];
  let offset = 0;
  while (script[offset] === 0x20 && script[offset + 33] === (offset === 0 ? 0xac : 0xba)) {
    publicKeys.push(script.subarray(offset + 1, offset + 33));
    offset += 34;
  }
  const required = readNumber(script, offset);
  const isShape = required !== null && required.value <= publicKeys.length && script.length === required.end + 1 && script.at(-1) === 0x9c;
  return isShape ? { required: required.value, publicKeys } : null;
}

/** The shortest push of data that is no small number: signatures, keys, scripts; empty data too. @see BIP62, rule 3 */
export function pushOf(data: Uint8Array): Uint8Array {
  if (data.length <= 0x4b) return concat(Uint8Array.of(data.length), data);
  return data.length <= 0xff ? concat(Uint8Array.of(0x4c, data.length), data) : concat(Uint8Array.of(0x4d, data.length & 0xff, data.length >>> 8), data);
}
