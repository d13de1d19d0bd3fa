/** A text in as few slices as hold at most `room` characters each, of about equal length; one empty slice of nothing. */
export function evenSlices(text: string, room: number): string[] {
  const step = Math.ceil(text.length / Math.ceil(text.length / room)) || 1;
  return Array.from({ length: Math.max(1, Math.ceil(text.length / step)) }, (_, index) => text.slice(index * step, (index + 1) * step));
}
