/** What a report may hold: no fractions, so that every program writes a number the same way. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * One text for one value: keys sorted by their UTF-16 units, no blanks, a line feed at the end. What is hashed is these bytes.
 * @see RFC 8785, whose text this is for whole numbers
 */
export const canonicalJson = (value: JsonValue): string => `${write(value)}\n`;

function write(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${write(value[key] as JsonValue)}`);
  return `{${members.join(',')}}`;
}

const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value);
