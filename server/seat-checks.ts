import type { Words } from '../kernel/errors.ts';

/** What a page finds out about itself that calls need; its server and its line are known without it. */
export const checked = ['microphone', 'sound'] as const;
export type Checked = (typeof checked)[number];

const names: Readonly<Record<Checked, Words>> = {
  microphone: { zh: '麦克风', en: 'microphone' },
  sound: { zh: '耳机声音', en: 'headset sound' },
};

/** 签入检查, as each browser seat's page told last. It is not written down: a page tells it again when it reconnects. */
export class SeatChecks {
  private readonly missing = new Map<string, readonly Checked[]>();
  private readonly onChange: (seat: string) => void;

  constructor(onChange: (seat: string) => void) {
    this.onChange = onChange;
  }

  /** @param missing what is not well; nothing: all is */
  told(seat: string, missing: readonly Checked[]): void {
    const was = this.missing.get(seat) ?? [];
    this.missing.set(seat, missing);
    if (was.join() !== missing.join()) this.onChange(seat);
  }

  /** Another page will tell. */
  forget(seat: string): void {
    this.missing.delete(seat);
  }

  /** Why a seat cannot be ready; null: nothing that was told speaks against it. */
  whyNot(seat: string): Words | null {
    const missing = this.missing.get(seat) ?? [];
    if (missing.length === 0) return null;
    const said = missing.map((one) => names[one]);
    return {
      zh: `签入检查未通过：${said.map(({ zh }) => zh).join('、')}`,
      en: `The readiness check has not passed: ${said.map(({ en }) => en).join(', ')}`,
    };
  }
}
