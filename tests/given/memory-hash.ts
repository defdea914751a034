/** A hash of Redis in memory: what one writes another one reads. */
export class MemoryHash {
  readonly fields = new Map<string, string>();

  async read(): Promise<Record<string, string>> {
    return Object.fromEntries(this.fields);
  }

  write(field: string, text: string | null): void {
    if (text === null) this.fields.delete(field);
    else this.fields.set(field, text);
  }
}
