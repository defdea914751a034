/** States are told by shape and word before colour. */
const PATHS = {
  dot: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  ring: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="2" />,
  tick: <path d="M3 8.5 6.5 12 13 4.5" fill="none" stroke="currentColor" strokeWidth="2.4" />,
  cross: <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" strokeWidth="2.4" />,
  pause: <path d="M5 3.5v9M11 3.5v9" fill="none" stroke="currentColor" strokeWidth="2.6" />,
  play: <path d="M4.5 2.5v11l9-5.5z" fill="currentColor" />,
  bell: (
    <path
      d="M8 1.5a4 4 0 0 1 4 4c0 3 1 4 1.8 5H2.2C3 9.5 4 8.5 4 5.5a4 4 0 0 1 4-4zM6.3 12h3.4a1.7 1.7 0 0 1-3.4 0z"
      fill="currentColor"
    />
  ),
  voice: (
    <path
      d="M2.5 6.5v3M6 4v8M9.5 5.5v5M13 7v2"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  ),
  pen: <path d="M3 13l.8-3L10.5 3.3l2.2 2.2L6 12.2z" fill="currentColor" />,
  wait: (
    <path
      d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5M8 5v3.3l2.2 1.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
    />
  ),
  back: (
    <path
      d="M6.5 3 2.5 7l4 4M2.5 7H10a3.5 3.5 0 0 1 0 7H8"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
    />
  ),
  grip: (
    <path
      d="M5.5 3v1M5.5 7.5v1M5.5 12v1M10.5 3v1M10.5 7.5v1M10.5 12v1"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
    />
  ),
  more: (
    <path
      d="M3 8h.01M8 8h.01M13 8h.01"
      stroke="currentColor"
      strokeWidth="2.8"
      strokeLinecap="round"
    />
  ),
  alert: (
    <path
      d="M8 1.5 15 14H1zM8 6v4M8 11.5v1"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
    />
  ),
};

export function Shape({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}

export type ShapeName = keyof typeof PATHS;
