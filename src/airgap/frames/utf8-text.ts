/**
 * The text of UTF-8 bytes, or `null` where they are none: overlong forms, halves of surrogate pairs and numbers beyond Unicode
 * are refused. A byte order mark is dropped.
 * @see RFC 3629
 */
export function utf8Text(bytes: Uint8Array): string | null {
  const parts: string[] = [];
  let codes: number[] = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const lead = bytes[at] as number;
    const extra = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
    if (extra < 0 || at + extra >= bytes.length) return null;
    let code = extra === 0 ? lead : lead & (0x3f >> extra);
    for (let index = 1; index <= extra; index += 1) {
      const byte = bytes[at + index] as number;
      if ((byte & 0xc0) !== 0x80) return null;
      code = (code << 6) | (byte & 0x3f);
    }
    const least = extra === 2 ? 0x800 : extra === 3 ? 0x1_0000 : 0;
    if (code < least || code > 0x10_ffff || (code >= 0xd800 && code < 0xe000)) return null;
    codes.push(code);
    at += extra + 1;
    if (codes.length === 4096) {
      parts.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  parts.push(String.fromCodePoint(...codes));
  return parts.join('');
}
