import { useEffect, useState } from 'react';
import { get } from '../link/rest.ts';

/** A list of the API, asked for again every so many milliseconds as long as it is shown; the same array while it is the same. */
export function usePolled<T>(path: string, everyMs: number): readonly T[] {
  const [all, setAll] = useState<readonly T[]>([]);
  useEffect(() => {
    let over = false;
    // What could not be had now is had the next time; that the link is down stands at the top.
    const look = () =>
      void get<T[]>(path).then(
        (got) => {
          const same = (was: readonly T[]) => JSON.stringify(was) === JSON.stringify(got);
          if (!over) setAll((was) => (same(was) ? was : got));
        },
        () => undefined,
      );
    look();
    const timer = setInterval(look, everyMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [path, everyMs]);
  return all;
}
