/** "1 of 2 signatures; 1 still needed." */
export function quorumSentence(required: number, signed: number): string {
  if (signed >= required) return `${signed} of ${required} required signatures: the quorum is complete.`;
  return `${signed} of ${required} required signatures; ${required - signed} still needed.`;
}
