/**
 * The pages of docs/ that are made from the code's own lists, so that they cannot drift from it. Needs a Node that reads
 * TypeScript; `npm run docs` finds one, and a test compares the pages with the files.
 */
import { helpLines } from '../../src/cli/shared/help.ts';
import { companionProgram } from '../../src/cli/companion/program.ts';
import { signerProgram } from '../../src/cli/signer/program.ts';
import { errorCatalog } from '../../src/errors/catalog.ts';
import { findingCatalog } from '../../src/review/finding.ts';
import { errorsPage, findingsPage } from './catalog-docs.mjs';

const plain = { bold: (text) => text, dim: (text) => text };

function commandsOf(program) {
  return program.commands.map(({ name }) => `### ${program.name} ${name}\n\n\`\`\`\n${helpLines(program, name, plain).join('\n')}\n\`\`\`\n`).join('\n');
}

const commandsPage = `# Commands

Made from the programs' own help by \`npm run docs\`. What \`--json\` answers is in [json.md](json.md), error codes are in
[errors.md](errors.md), findings in [findings.md](findings.md).

## strongroom-signer

${signerProgram.summary}

${commandsOf(signerProgram)}
## strongroom-companion

${companionProgram.summary}

${commandsOf(companionProgram)}`;

/** File name in docs/ -> content. */
export const pages = {
  'errors.md': errorsPage(errorCatalog),
  'findings.md': findingsPage(findingCatalog),
  'commands.md': commandsPage,
};
