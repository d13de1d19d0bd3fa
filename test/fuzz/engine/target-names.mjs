/** The targets' names, for the command line, which cannot load them. A test compares them with the targets. */
export const targetNames = [
  'decode', 'review', 'review-sweep', 'combine', 'finalize', 'psbt-file', 'bbqr', 'frames', 'inflate',
  'descriptor', 'key-record', 'wallet-file', 'foreign-wallet', 'registration', 'secret', 'slip39-share', 'codex32-share', 'share-set',
];
