declare const __STRONGROOM_VERSION__: string | undefined;
declare const __STRONGROOM_BUILD__: string | undefined;

/** The program's version; set when the bundle is made. */
export const VERSION: string = typeof __STRONGROOM_VERSION__ === 'string' ? __STRONGROOM_VERSION__ : '0.0.0-source';

/** SHA-256 of what the program was built from, 64 hex digits; `source` for a program run from its source. */
export const BUILD: string = typeof __STRONGROOM_BUILD__ === 'string' ? __STRONGROOM_BUILD__ : 'source';
