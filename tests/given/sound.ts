import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import { KEYS, type Voice } from './voice.ts';

/** sip.js's view of a voice: one audio stream, A-law and keys only. */
export class Sound implements SessionDescriptionHandler {
  readonly #voice: Voice;
  #version = 0;
  #direction = 'sendrecv';

  constructor(voice: Voice) {
    this.#voice = voice;
  }

  async getDescription(): Promise<BodyAndContentType> {
    await this.#voice.open();
    this.#version++;
    return { contentType: 'application/sdp', body: this.#offerOrAnswer() };
  }

  hasDescription(contentType: string): boolean {
    return contentType === 'application/sdp';
  }

  async setDescription(sdp: string): Promise<void> {
    await this.#voice.open();
    const media = /^m=audio (\d+) \S+ (.*)$/m.exec(sdp);
    const ip = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
    if (!media || !ip) throw new Error('No audio is offered');
    if (!media[2]?.trim().split(/\s+/).includes('8')) throw new Error('A-law is not offered');
    const theirs = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(sdp)?.[1] ?? 'sendrecv';
    this.#direction = { sendonly: 'recvonly', recvonly: 'sendonly' }[theirs] ?? theirs;
    if (this.#direction.startsWith('send')) this.#voice.speakTo(ip, Number(media[1]));
    else this.#voice.fallSilent();
  }

  sendDtmf(): boolean {
    return false;
  }

  close(): void {
    this.#voice.close();
  }

  #offerOrAnswer(): string {
    const { ip, port } = this.#voice;
    return [
      'v=0',
      `o=- 1 ${this.#version} IN IP4 ${ip}`,
      's=-',
      `c=IN IP4 ${ip}`,
      't=0 0',
      `m=audio ${port} RTP/AVP 8 ${KEYS}`,
      'a=rtpmap:8 PCMA/8000',
      `a=rtpmap:${KEYS} telephone-event/8000`,
      `a=fmtp:${KEYS} 0-15`,
      'a=ptime:20',
      `a=${this.#direction}`,
      '',
    ].join('\r\n');
  }
}
