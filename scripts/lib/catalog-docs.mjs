/** Renders the closed lists of error and finding codes as the two pages that operators and scripts look them up in. */

const cell = (text) => String(text).replaceAll('|', '\\|');

/** @param {Readonly<Record<string, { exit: number, meaning: string }>>} catalog */
export function errorsPage(catalog) {
  const rows = Object.entries(catalog)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { exit, meaning }]) => `| \`${code}\` | ${exit} | ${cell(meaning)} |`);
  return `# Error codes

Made from \`src/errors/catalog.ts\` by \`npm run docs\`. Codes are stable: they are added, never renamed, and never change
meaning. Every error comes with a sentence, details and a hint that says what to do next; none holds a secret.

Exit codes: 0 done, 2 a person must judge, 3 refused, 64 wrong usage, 65 malformed input, 70 a fault of the program, 74 a file
or device, 75 a backend is unreachable or not ready.

| code | exit | when |
|---|---|---|
${rows.join('\n')}
`;
}

/** @param {Readonly<Record<string, { severity: string, meaning: string, nextStep: string }>>} catalog */
export function findingsPage(catalog) {
  const rows = Object.entries(catalog)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, entry]) => `| \`${code}\` | ${entry.severity} | ${cell(entry.meaning)} | ${cell(entry.nextStep)} |`);
  return `# Finding codes

Made from \`src/review/finding.ts\` by \`npm run docs\`. A review lists every finding, not the first. *refuse* ends it,
*acknowledge* needs a person's judgement before signing, *note* informs. A file that cannot be read at all is an error, not a
finding: see \`psbt.malformed\`, \`psbt.too-large\` and \`psbt.unsupported\` in [errors.md](errors.md).

| code | severity | when | what to do next |
|---|---|---|---|
${rows.join('\n')}
`;
}
