/** The few signs that accompany words; none ever stands alone. Drawn on a 16 by 16 grid. */
const shapes = {
  'lock-closed': 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  'lock-open': 'M3.5 7.5h9v6h-9zM5.5 7.5V4.6a2.4 2.4 0 0 1 4.6-1',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  key: 'M10.2 2.5a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6zM7.9 8.1 2.5 13.5M4.5 11.5l1.8 1.8',
  wallet: 'M2.5 4.5h11v9h-11zM2.5 4.5l8-2v2M10.5 9h3',
  coins: 'M8 2.5c3 0 5.5.9 5.5 2s-2.5 2-5.5 2S2.5 5.6 2.5 4.5 5 2.5 8 2.5zM2.5 4.5v3.5c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4.5M2.5 8v3.5c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V8',
  care: 'M1.8 8h3l1.7-4 3 8 1.7-4h3',
  pen: 'M3 13l.8-3.2 7-7 2.4 2.4-7 7zM9.5 4.1l2.4 2.4',
  node: 'M8 1.8l5.4 3.1v6.2L8 14.2l-5.4-3.1V4.9zM8 8v6.2M8 8l5.4-3.1M8 8 2.6 4.9',
  sweep: 'M2.5 8h9M8 4.5 11.5 8 8 11.5M14 3.5v9',
  schedule: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 1.8v3M10.5 1.8v3M8 8.2v2.3l1.6 1',
  pay: 'M2.5 4.5h8M2.5 8h6M2.5 11.5h4M10 9l3.5 2.5L10 14z',
  queue: 'M2.5 3.5h2v2h-2zM6.5 4.5h7M2.5 7h2v2h-2zM6.5 8h7M2.5 10.5h2v2h-2zM6.5 11.5h4',
  combine: 'M3 3.5c0 4 5 3.5 5 7.5V14M13 3.5c0 4-5 3.5-5 7.5M6 12l2 2 2-2',
  ledger: 'M3.5 2.5h9v11h-9zM6 2.5v11M8 5.5h3M8 8h3M8 10.5h3',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  refuse: 'M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2zM5.5 5.5l5 5M10.5 5.5l-5 5',
  caution: 'M8 2 14.5 13.5h-13zM8 6.5v3.5M8 11.6v.4',
  note: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.2v3.8M8 5v.4',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  file: 'M4 1.8h5l3 3v9.4H4zM9 1.8v3h3',
  paper: 'M3.5 1.8h9v12.4h-9zM5.5 4h2.6v2.6H5.5zM5.5 9.2h5M5.5 11.5h3.5',
  drill: 'M8 3.6a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 8 3.6zM8 6v3.1l2 1.3M6.3 1.8h3.4',
  message: 'M1.8 3h12.4v8H7l-3 2.8V11H1.8zM4.5 6h7M4.5 8h4.5',
  folder: 'M1.8 3.5h4.4l1.6 2h6.4v7.5H1.8z',
  print: 'M4.5 6V1.8h7V6M4.5 11.5h-2.7V6h12.4v5.5h-2.7M4.5 9.5h7v4.7h-7z',
  camera: 'M1.8 4.5h3l1-1.7h4.4l1 1.7h3v8.7H1.8zM8 6.2a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  covered: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM2.5 13.5l11-11',
  sealed: 'M3 5.5h10v8.7H3zM3 5.5l2-3.7h6l2 3.7M6 9.7l1.5 1.5 2.7-2.9',
  guide: 'M2.5 3h4.2c.8 0 1.3.5 1.3 1.3V13c0-.7-.6-1.2-1.3-1.2H2.5zM13.5 3H9.3C8.5 3 8 3.5 8 4.3V13c0-.7.6-1.2 1.3-1.2h4.2z',
  block: 'M2.5 5 8 2l5.5 3v6L8 14l-5.5-3zM2.5 5 8 8l5.5-3M8 8v6',
} as const;

export type IconName = keyof typeof shapes;

/** A sign beside words; hidden from screen readers, which read the words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
