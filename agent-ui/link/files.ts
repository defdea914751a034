import { base } from './controllers.ts';
import { parse, Refusal, refusalOf, unanswered, UNREACHABLE } from './rest.ts';

/** Files to the server and from it; what is refused is thrown as `Refusal`. */

interface Sending {
  readonly path: string;
  readonly file: Blob;
  readonly type: string;
  /** How much of it is there, 0 to 1. */
  went?(part: number): void;
  /** Breaks it off. */
  readonly stop?: AbortSignal;
}

/** By XMLHttpRequest: only it tells how much has gone up. */
export const sendFile = <T>({ path, file, type, went, stop }: Sending): Promise<T> =>
  new Promise((resolve, reject) => {
    const to = base();
    const request = new XMLHttpRequest();
    request.open('POST', `${to}${path}`);
    request.withCredentials = true;
    request.setRequestHeader('Content-Type', type);
    request.upload.onprogress = ({ loaded, total }) => went?.(total === 0 ? 1 : loaded / total);
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve(parse(responseText) as T);
      else reject(refusalOf(to, status, responseText));
    };
    request.onerror = () => reject(unanswered(to));
    request.onabort = () => reject(new Refusal(0, UNREACHABLE));
    stop?.addEventListener('abort', () => request.abort());
    request.send(file);
  });

/** What is there, as text. */
export async function textAt(path: string): Promise<string> {
  const to = base();
  const reply = await fetch(`${to}${path}`, { credentials: 'include', cache: 'no-store' }).catch(
    () => {
      throw unanswered(to);
    },
  );
  const text = await reply.text();
  if (!reply.ok) throw refusalOf(to, reply.status, text);
  return text;
}

/** Puts a text among the downloads. */
export function keepAs(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
