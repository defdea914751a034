/** What this browser remembers between visits; a browser that forbids it remembers nothing. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`liandong.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`liandong.${name}`, value);
  } catch {
    return;
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(`liandong.${name}`);
  } catch {
    return;
  }
}
