/** A policy id to be read aloud: eight numbered words, large, in two lines of four. */
export function PolicyWords({ words }: { readonly words: string }) {
  return (
    <ol class="policy-words" aria-label="Policy id in eight words">
      {words.split(' ').map((word, index) => <li key={index}><small>{index + 1}</small>{word}</li>)}
    </ol>
  );
}
