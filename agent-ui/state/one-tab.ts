/** One tab holds the desk of this browser; another may take it over. */
export interface OneTab {
  /** Whether this tab now holds the desk. `steal` takes it from the tab that does. */
  take(steal: boolean): Promise<boolean>;
  release(): void;
}

const NAME = 'liandong-desk';

export function createOneTab(stolen: () => void): OneTab {
  let release: () => void = () => undefined;

  return {
    take(steal) {
      if (!navigator.locks) return Promise.resolve(true);
      return new Promise((resolve) => {
        const hold = (lock: Lock | null) => {
          resolve(lock !== null);
          return lock ? new Promise<void>((done) => (release = done)) : undefined;
        };
        navigator.locks
          .request(NAME, steal ? { steal: true } : { ifAvailable: true }, hold)
          .catch(stolen);
      });
    },
    release: () => release(),
  };
}
