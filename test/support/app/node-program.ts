/** Why there is no bitcoind for window tests on this machine, or `null`. */
export const noNodeProgram = (): string | null => process.env['STRONGROOM_NO_BITCOIND'] ?? null;
