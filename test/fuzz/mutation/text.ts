import { utf8 } from '../../../src/domain/bytes.ts';
import type { Random } from '../engine/random.ts';
import { mutateBytes } from './bytes.ts';

const decoder = new TextDecoder();

/** Bytes as the text that a window or a file would make of them. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** What turns parsers: blanks of all kinds, numbers at edges, letters that look alike, case, escapes. */
const STRANGE = [
  '', ' ', '\t', '\n', '\r\n', '\u00a0', '\u2003', '\u3000', '\ufeff', '\u0000', '\u200b', '\u202e', '\ud83d\ude00', '\ud800', 'e\u0301', '\u0130', '\u1e9e', '\uff10',
  '0', '-1', '00', '1e3', '0x10', '2147483647', '2147483648', '4294967296', '9007199254740993', '99999999999999999999', 'NaN',
  'h', "'", 'H', '/', '//', '#', '##', ',', '(', ')', '[', ']', '{', '}', '<0;1>', '*', '"', '\\', '\\u0000', 'null', 'true', '__proto__', 'constructor', 'toString',
];

const SEPARATORS = ['\n', ',', '/', ' ', '('];

/** One to eight changes to characters, words or lines. `words` are such as the reader knows. */
export function mutateText(input: string, other: string, random: Random, words: readonly string[] = []): string {
  let text = input;
  for (let changes = 1 + random.int(1 << random.int(4)); changes > 0; changes -= 1) text = mutateOnce(text, other, random, words);
  return text;
}

function mutateOnce(text: string, other: string, random: Random, words: readonly string[]): string {
  const at = random.int(text.length + 1);
  const end = Math.min(text.length, at + 1 + random.int(1 << random.int(7)));
  switch (random.int(13)) {
    case 0:
      return text.slice(0, at) + random.pick(STRANGE) + text.slice(at);
    case 1:
      return text.slice(0, at) + random.pick(STRANGE) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(end);
    case 3:
      return text.slice(0, at) + text.slice(at, end).repeat(1 + random.int(random.oneIn(50) ? 200 : 3)) + text.slice(end);
    case 4:
      return text.slice(0, at) + String.fromCharCode(32 + random.int(95)) + text.slice(at + 1);
    case 5:
      return text.slice(0, at) + (random.oneIn(2) ? text.slice(at, end).toUpperCase() : text.slice(at, end).toLowerCase()) + text.slice(end);
    case 6:
      return text.slice(0, at) + other.slice(random.int(other.length + 1));
    case 7: {
      const from = random.int(other.length);
      return text.slice(0, at) + other.slice(from, from + (end - at)) + text.slice(end);
    }
    case 8:
      return textOf(mutateBytes(utf8(text), utf8(other), random));
    case 9:
      return words.length === 0 ? text : text.slice(0, at) + random.pick(words) + text.slice(end);
    default:
      return mutateParts(text, other, random, words, random.pick(SEPARATORS.filter((separator) => text.includes(separator)).concat(' ')));
  }
}

/** Words or lines: one doubled, left out, moved, changed or taken from elsewhere. */
function mutateParts(text: string, other: string, random: Random, words: readonly string[], between: string): string {
  const parts = text.split(between);
  const at = random.int(parts.length);
  switch (random.int(6)) {
    case 0:
      parts.splice(random.int(parts.length + 1), 0, parts[at] as string);
      break;
    case 1:
      parts.splice(at, 1);
      break;
    case 2:
      parts.splice(random.int(parts.length), 0, ...parts.splice(at, 1));
      break;
    case 3:
      parts[at] = random.pick(other.split(between));
      break;
    case 4:
      if (words.length > 0) parts[at] = random.pick(words);
      break;
    default:
      parts[at] = `${parts[at]}${random.pick(STRANGE)}`;
  }
  return parts.join(between);
}

const DEEP = '"a very deep array"';

function unlessTooDeep<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch {
    return undefined;
  }
}

/** One change inside a JSON document that stays one; where the text is none, to the text. */
export function mutateJson(input: string, other: string, random: Random, mutateString: (text: string, random: Random) => string): string {
  let document: unknown;
  try {
    document = JSON.parse(input);
  } catch {
    return mutateText(input, other, random);
  }
  if (random.oneIn(8)) return mutateText(input, other, random);
  const root = { document };
  for (let changes = 1 + random.int(3); changes > 0; changes -= 1) {
    const [holder, name] = somewhere(root, 'document', random);
    changeMember(holder, name, random, mutateString);
  }
  // Deeper than a document can be made of values without exhausting the stack here.
  return unlessTooDeep(() => JSON.stringify(root.document)?.replace(DEEP, () => `${'['.repeat(6000)}${']'.repeat(6000)}`)) ?? input;
}

type Holder = Record<string, unknown>;
const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

function somewhere(holder: Holder, name: string, random: Random): readonly [Holder, string] {
  const value = holder[name];
  const names = isHolder(value) ? Object.keys(value) : [];
  return names.length === 0 || random.oneIn(6) ? [holder, name] : somewhere(value as Holder, random.pick(names), random);
}

function changeMember(holder: Holder, name: string, random: Random, mutateString: (text: string, random: Random) => string): void {
  const value = holder[name];
  switch (random.int(9)) {
    case 0:
      delete holder[name];
      break;
    case 1:
      holder[name] = random.pick([null, true, 0, -1, 1.5, 2 ** 53, '', [], {}, [[]], 'strongroom', '1']);
      break;
    case 2:
      Object.defineProperty(holder, random.pick(['__proto__', 'constructor', 'extra', `${name}2`]), { value, enumerable: true, configurable: true, writable: true });
      break;
    case 3:
      if (Array.isArray(holder)) holder.push(value);
      break;
    case 4:
      if (random.oneIn(40)) holder[name] = 'a very deep array';
      break;
    default:
      if (typeof value === 'string') holder[name] = mutateString(value, random);
      else if (typeof value === 'number') holder[name] = value + random.pick([-1, 1, 0.5, 2 ** 32]);
  }
}
