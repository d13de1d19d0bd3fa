/**
 * Payments for a rehearsal, as a payments file. Nobody holds the keys of these addresses: they are the first 20 bytes of
 * SHA-256 of "strongroom practice: " and the name.
 */
export const practicePayments = `address,amount_btc,reference
bcrt1qsfwr53fmwmh849s2327g4aefamj3zqaz2g4kzt,0.04200000,Harbour Insurance 2026-118
bcrt1q2axgdqz5x50p8gh6un57pytn69gr0qqcnusdem,0.01850000,Northgate Energy 88213
bcrt1qdvg50a9th6ftpejpnphmst2nr0w40w4fs28ze7,0.00735000,Alder & Sons 4471
bcrt1qv05mg4lqy23y0eq0agyu7var54esuu9vaac8m9,0.09400000,City payroll November
bcrt1qhyt6uq0sy6h45ptfn785k2vvhwkye850z5tfdt,0.01290000,Meridian Data 10027
bcrt1qclurapuufr8yh3yn90wldz8kjl8w87y5470p0u,0.00410000,Blue Quay Print 302
`;
