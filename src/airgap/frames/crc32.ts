const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  return value;
});

/**
 * CRC-32 of bytes, as in zip, PNG and bytewords.
 * @see ISO/IEC 8802-3 (reflected polynomial 0xEDB88320)
 */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (let index = 0; index < bytes.length; index += 1) value = (table[(value ^ (bytes[index] as number)) & 0xff] as number) ^ (value >>> 8);
  return (value ^ 0xffff_ffff) >>> 0;
}
