/** How a terminal stresses words. No colour: meaning is always in the words. */
export interface TextStyle {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const same = (text: string): string => text;

export const plainStyle: TextStyle = { bold: same, dim: same };
export const terminalStyle: TextStyle = { bold: (text) => `\u001b[1m${text}\u001b[22m`, dim: (text) => `\u001b[2m${text}\u001b[22m` };

/** The style for a stream. @see https://no-color.org */
export function styleFor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): TextStyle {
  const plain = !isTerminal || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return plain ? plainStyle : terminalStyle;
}

/**
 * A line that can do nothing to a terminal but show itself: control and formatting characters (escape sequences,
 * direction overrides) become `?`, except the two stresses of `terminalStyle`.
 */
export function harmlessLine(line: string): string {
  // SECURITY: names, paths and labels come from files that others made; an escape sequence could repaint an address.
  return line.replace(/\u001b\[(?:1|2|22)m|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (found) => (found.length > 1 && found.startsWith('\u001b') ? found : '?'));
}
