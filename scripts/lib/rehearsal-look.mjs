/** What the ceremony looks like in a terminal: steps, facts, a table at the end. Words only; bold and dim on a terminal. */

const WIDTH = 92;

/**
 * @param {{ isTTY?: boolean | undefined, write: (text: string) => unknown }} stream where it is written
 * @param {NodeJS.ProcessEnv} environment for NO_COLOR and TERM
 */
export function createLook(stream = process.stdout, environment = process.env) {
  const plain = stream.isTTY !== true || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  const bold = (text) => (plain ? text : `\u001b[1m${text}\u001b[22m`);
  const dim = (text) => (plain ? text : `\u001b[2m${text}\u001b[22m`);
  const print = (...lines) => void stream.write(`${lines.join('\n')}\n`);
  const rule = (character = '─') => dim(character.repeat(WIDTH));
  return {
    bold,
    dim,
    print,

    title(name, facts) {
      print('', bold(name), rule('═'), ...aligned(facts), '');
    },

    /** A part of the ceremony, with where it happens. */
    chapter(name, where) {
      print('', `${bold(name)}${' '.repeat(Math.max(2, WIDTH - name.length - where.length))}${dim(where)}`, rule());
    },

    stepBegins(number, name, why) {
      print('', `${String(number).padStart(2)}  ${bold(name)}`, ...wrap(why, WIDTH - 4).map((line) => `    ${line}`));
    },

    command(line) {
      print(...wrapCommand(line, WIDTH - 6).map((part, index) => `    ${index === 0 ? dim('$') : ' '} ${part}`));
    },

    note(text) {
      print(...wrap(text, WIDTH - 4).map((line) => `    ${line}`));
    },

    facts(rows) {
      print(...aligned(rows.filter(([, value]) => value !== null && value !== undefined)).map((line) => `      ${line}`));
    },

    stepEnds(seconds) {
      print(dim(`      ${seconds.toFixed(1)} s`));
    },

    table(rows, rightAligned = []) {
      const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
      print(...rows.map((row, index) => {
        const line = row.map((cell, column) => (rightAligned.includes(column) ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]))).join('  ').trimEnd();
        return index === 0 ? dim(line) : line;
      }));
    },
    rule: () => print(rule()),
  };
}

/** @param {readonly (readonly [string, string])[]} rows */
function aligned(rows) {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function wrap(text, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** A command over several lines, as a shell reads it: broken before options, each broken line ending in a backslash. */
function wrapCommand(line, width) {
  const parts = line.split(/ (?=--)/);
  const lines = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 3 <= width) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  return lines.map((part, index) => `${index === 0 ? '' : '  '}${part}${index === lines.length - 1 ? '' : ' \\'}`);
}

/** `0.18400000 BTC` from satoshis as a decimal string or bigint. */
export function btc(sats) {
  const amount = BigInt(sats);
  const digits = String(amount < 0n ? -amount : amount).padStart(9, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)} BTC`;
}
