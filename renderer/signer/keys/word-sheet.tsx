/** A mnemonic for handwriting: numbered, in columns, read downwards as on the paper form. `null` covers the words. */
export function WordSheet({ words, count }: { readonly words: readonly string[] | null; readonly count: number }) {
  const shown = words ?? Array.from({ length: count }, () => '\u2022\u2022\u2022\u2022\u2022\u2022');
  return (
    <ol class={`words${words === null ? ' words-covered' : ''}`} aria-label={words === null ? 'Words, covered' : 'Words'}>
      {shown.map((word, index) => <li key={index}><small>{index + 1}</small>{word}</li>)}
    </ol>
  );
}
