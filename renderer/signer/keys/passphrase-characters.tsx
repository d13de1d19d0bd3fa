import { Table } from '../../ui/table.tsx';
import { Notice } from '../../ui/notice.tsx';
import { passphraseWarnings, remarksOn } from './passphrase-words.ts';
import type { PassphraseCharacters } from './restore-state.ts';

type Character = PassphraseCharacters[number];

/** A passphrase, character by character: what a keyboard really sent, and what of it no eye sees. */
export function PassphraseTable({ characters }: { readonly characters: PassphraseCharacters }) {
  const warnings = passphraseWarnings(characters);
  return (
    <div class="stack-tight">
      {warnings.length > 0 && <Notice weight="caution" title="Not everything in it can be seen or typed everywhere"><ul>{warnings.map((warning) => <li key={warning}>{warning}</li>)}</ul></Notice>}
      <div class="characters" tabIndex={0} role="group" aria-label="Characters of the passphrase">
        <Table<Character>
          caption="Characters of the passphrase" rows={characters} keyOf={(character) => String(character.position)} empty="The passphrase is empty."
          columns={[
            { name: 'Place', cell: (character) => character.position, isNumber: true },
            { name: 'Character', cell: (character) => <span class={`character${character.shown === null ? ' character-unseen' : ''}`}>{character.shown ?? (character.codePoint === 'U+0020' ? '\u2423' : '\u25cc')}</span> },
            { name: 'Code point', cell: (character) => <span class="mono">{character.codePoint}</span> },
            { name: 'What it is', cell: (character) => character.name?.toLowerCase() ?? character.kind },
            { name: 'Note', cell: (character) => remarksOn(character).join(', ') },
          ]}
        />
      </div>
    </div>
  );
}
