import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { checkWords, lastWordsFor } from '../../signer/drills/word-check.ts';
import { describeCodePoints } from '../../signer/secrets/code-points.ts';

/** Help while secrets are typed. What goes out is a part of the secret: for the person who types, and for no file. */
export const createMnemonicHandlers = (): Pick<Handlers<typeof signerCoreContract>, 'mnemonic.check-words' | 'mnemonic.last-words' | 'passphrase.code-points'> => ({
  'mnemonic.check-words': ({ text, language }) => {
    const { words, repairs, ...check } = checkWords(text, language);
    return {
      ...check,
      words: words.map((word) => ({ ...word, suggestions: [...word.suggestions] })),
      repairs: repairs.map((repair) => (repair.kind === 'swap' ? { kind: repair.kind, positions: [...repair.positions] } : { ...repair })),
    };
  },
  'mnemonic.last-words': ({ text, language }) => ({ words: [...lastWordsFor(text, language)] }),
  'passphrase.code-points': ({ text }) => ({ characters: describeCodePoints(text).map((character) => ({ ...character })) }),
});
