/** The characters of an address in groups of four; the last may be shorter. */
export const inFours = (address: string): readonly string[] => address.match(/.{1,4}/g) ?? [];
