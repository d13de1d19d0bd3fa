/** Where a member of a JSON object stands in its text. */
interface Member {
  readonly name: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The members of an object at its own level, in the text's order. @param text known to be a JSON object */
export function membersOf(text: string): readonly Member[] {
  const members: Member[] = [];
  let position = text.indexOf('{') + 1;
  for (;;) {
    position = afterBlanks(text, position);
    if (text[position] === '}') return members;
    const nameEnd = stringEnd(text, position);
    const name = JSON.parse(text.slice(position, nameEnd)) as string;
    const valueStart = afterBlanks(text, afterBlanks(text, nameEnd) + 1);
    const valueEnd = valueEndOf(text, valueStart);
    members.push({ name, valueStart, valueEnd });
    position = afterBlanks(text, valueEnd);
    if (text[position] === ',') position += 1;
  }
}

/**
 * The object's text with other values of some members, added at its end where they are missing. Everything else stays byte for byte:
 * numbers as they were written, escapes, order, blanks.
 */
export function withMembers(text: string, values: Readonly<Record<string, unknown>>): string {
  const members = membersOf(text);
  const known = new Set(members.map(({ name }) => name));
  const added = Object.entries(values).filter(([name]) => !known.has(name)).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  let result = text;
  for (const { name, valueStart, valueEnd } of [...members].reverse()) {
    if (Object.hasOwn(values, name)) result = result.slice(0, valueStart) + JSON.stringify(values[name]) + result.slice(valueEnd);
  }
  if (added.length === 0) return result;
  const end = result.lastIndexOf('}');
  return `${result.slice(0, end)}${members.length === 0 ? '' : ', '}${added.join(', ')}${result.slice(end)}`;
}

function afterBlanks(text: string, start: number): number {
  let position = start;
  while (position < text.length && ' \t\r\n'.includes(text[position] as string)) position += 1;
  return position;
}

/** The place after a string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

function valueEndOf(text: string, start: number): number {
  let depth = 0;
  for (let position = start; ; position += 1) {
    const letter = text[position];
    if (letter === '"') position = stringEnd(text, position) - 1;
    else if (letter === '{' || letter === '[') depth += 1;
    else if ((letter === '}' || letter === ']') && depth > 0) depth -= 1;
    else if (depth === 0 && (letter === ',' || letter === '}' || letter === undefined)) return trimmedEnd(text, start, position);
  }
}

function trimmedEnd(text: string, start: number, end: number): number {
  let position = end;
  while (position > start && ' \t\r\n'.includes(text[position - 1] as string)) position -= 1;
  return position;
}
