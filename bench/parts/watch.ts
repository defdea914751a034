import type { Trunk } from '../../tests/given/trunk.ts';
import { now } from './clock.ts';

/** When the first INVITE came to a trunk's socket, and when its first 200 was handed to it. */
export class Watch {
  invited = 0;
  answered = 0;

  constructor(trunk: Trunk) {
    const { wire } = trunk;
    const catches = wire.catches;
    wire.catches = (request) => {
      const at = now();
      if (request.method === 'INVITE') this.invited ||= at;
      return catches(request);
    };
    const send = wire.send.bind(wire);
    wire.send = (raw) => {
      if (raw.startsWith('SIP/2.0 200') && /^CSeq: \d+ INVITE/m.test(raw)) this.answered ||= now();
      send(raw);
    };
  }

  reset(): void {
    this.invited = 0;
    this.answered = 0;
  }
}
