import type { ReviewModel } from './model.ts';

/** Width of the picture in its own units. */
export const PICTURE_WIDTH = 1000;
/** The least width of a part that is not zero: it must be seen, however small the fee is. */
const LEAST = 4;

export interface PicturePart {
  readonly name: 'payments' | 'fee' | 'change';
  readonly x: number;
  readonly width: number;
}

/** Payments, fee and change side by side; lengths are amounts, but nothing that exists is invisible. */
export function pictureParts(model: Pick<ReviewModel, 'paymentsSats' | 'feeSats' | 'changeSats'>): readonly PicturePart[] {
  const amounts = [['payments', model.paymentsSats], ['fee', model.feeSats < 0n ? 0n : model.feeSats], ['change', model.changeSats]] as const;
  const total = amounts.reduce((sum, [, amount]) => sum + amount, 0n);
  if (total === 0n) return [];
  const raw = amounts.map(([name, amount]) => ({ name, width: amount === 0n ? 0 : Math.max(LEAST, Number((amount * BigInt(PICTURE_WIDTH)) / total)) }));
  const excess = raw.reduce((sum, part) => sum + part.width, 0) - PICTURE_WIDTH;
  const widest = raw.reduce((a, b) => (b.width > a.width ? b : a));
  let x = 0;
  return raw.map((part) => {
    const width = part === widest ? part.width - excess : part.width;
    const placed = { name: part.name, x, width };
    x += width;
    return placed;
  });
}
