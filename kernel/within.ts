/** What comes of it, or an Error when it takes longer than so many milliseconds; it goes on all the same. */
export function within<T>(ms: number, done: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms).unref();
    done.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
