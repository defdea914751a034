import type { Router } from 'express';
import { compose, type Bodies, type Message, type Said, type Unnumbered } from './envelope.ts';
import { Intake, type IntakeNeeds } from './intake.ts';
import type { Reachable } from './order.ts';
import type { Peer } from './peers.ts';
import { exchangeRouter } from './receiver.ts';
import { Keyring, Signer, type OwnKey } from './seal.ts';
import { Sender, type SenderNeeds } from './sender.ts';
import type { Inbox } from './stores.ts';

export interface ExchangeNeeds<Tx> extends Omit<SenderNeeds, 'signer'> {
  /** What we sign with. */
  readonly key: OwnKey;
  readonly bodies: Bodies;
  readonly inbox: Inbox<Tx>;
  readonly apply: IntakeNeeds<Tx>['apply'];
  /** A peer has called; what it said about these tickets has taken effect, now or before. */
  readonly onHeard: (peer: string, tickets: readonly string[]) => void;
}

/**
 * The wire of one deployment, put together (decision 0014). To say something: `message`, then `say` of the outbox within
 * the transaction that writes what has happened to the ticket, then, once that is committed, `wake`.
 */
export class Exchange<Tx> {
  /** To be mounted at /exchange/v1, before anything that reads bodies. */
  readonly router: Router;
  readonly #needs: ExchangeNeeds<Tx>;
  readonly #sender: Sender;
  readonly #signer: Signer;

  constructor(needs: ExchangeNeeds<Tx>) {
    const { us, key, peers, clock, onHeard } = needs;
    const signer = new Signer(us, key);
    const now = () => clock.now();
    const sender = new Sender({ ...needs, signer });
    this.#needs = needs;
    this.#sender = sender;
    this.#signer = signer;
    this.router = exchangeRouter({
      ...needs,
      signer,
      now,
      keyring: new Keyring(peers),
      intake: new Intake({ ...needs, now }),
      onHeard(peer, tickets) {
        // Who calls us is there, and what it said may have been answered.
        sender.heardFrom(peer);
        onHeard(peer, tickets);
      },
    });
  }

  /** The deployment at which a hotline is; null: at none of the peers. */
  peerOf(hotline: string): Peer | null {
    return this.#needs.peers.find(({ hotlines }) => hotlines.includes(hotline)) ?? null;
  }

  /**
   * What we want to say as a message, checked as the peer will.
   * @throws Refusal with the field at fault; too-large
   */
  message(said: Said): Unnumbered {
    const { us, bodies } = this.#needs;
    return compose(us, said, bodies);
  }

  /** Messages as they go over the wire: a file of them may be carried there by anybody. */
  sealed(messages: readonly Message[]): Promise<string[]> {
    const now = this.#needs.clock.now();
    return Promise.all(messages.map((one) => this.#signer.sign('liandong-message', one, now)));
  }

  begins(): void {
    this.#sender.begins();
  }

  /** Something was said to this peer, and is committed. */
  wake(peer: string): void {
    this.#sender.wake(peer);
  }

  /** How a peer can be reached; null: it is not called. */
  reach(peer: string): Reachable | null {
    return this.#sender.reach(peer);
  }

  /** Ends when the requests under way have ended. */
  close(): Promise<void> {
    return this.#sender.close();
  }
}
