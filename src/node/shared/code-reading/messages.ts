/** What the reading worker is asked. The bytes are given away with the message. */
export type CodeRequest =
  | { readonly kind: 'picture'; readonly id: number; readonly file: Uint8Array }
  | { readonly kind: 'frame'; readonly id: number; readonly width: number; readonly height: number; readonly luma: Uint8Array };

/** What it answers: the texts of the codes, or `null` where the picture could not be decoded. */
export interface CodeReply {
  readonly id: number;
  readonly texts: readonly string[] | null;
}
