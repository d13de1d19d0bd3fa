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

/** A multisig script of compressed keys, or `null` for any other script. */
export function readMultisig(script: Uint8Array): MultisigScript | null {
  const required = (script[0] ?? 0) - 0x50;
  const total = (script.at(-2) ?? 0) - 0x50;
  const isShape = total >= 1 && total <= 16 && required >= 1 && required <= total && script.length === 3 + total * 34 && script.at(-1) === 0xae;
  if (!isShape) return null;
  const publicKeys: Uint8Array[] = [];
  for (let offset = 1; offset < script.length - 2; offset += 34) {
    const prefix = script[offset + 1];
    if (script[offset] !== 33 || (prefix !== 2 && prefix !== 3)) return null;
    publicKeys.push(script.subarray(offset + 1, offset + 34));
  }
  return { required, publicKeys };
}
