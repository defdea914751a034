import type { Words } from '../kernel/errors.ts';

/** A skill, and how well it is known or must be: 1 to 9. */
export interface SkillLevel {
  readonly skill: string;
  readonly level: number;
}

/** A public number whose queue and seats are ours. */
export interface Hotline {
  /** 12345, 110. */
  readonly id: string;
  readonly name: Words;
  /** Dialled numbers that mean this hotline (12345, 02512345). */
  readonly numbers: readonly string[];
  /** Whether its seats may see withheld numbers (110). */
  readonly emergency: boolean;
  /** Name of the prompt heard first; null: none. */
  readonly welcome: string | null;
  /** How long one seat may be offered a call. */
  readonly offerSeconds: number;
  readonly wrapUpSeconds: number;
  /** How long a transfer to this hotline may look for a seat. */
  readonly transferSeconds: number;
  /** Skills that a seat needs to be offered its calls, and how well it must know them. */
  readonly needs: readonly SkillLevel[];
  /** After so long a wait a level is enough; 0: the skill is not needed any more. */
  readonly relax: readonly (SkillLevel & { readonly afterSeconds: number })[];
  /** Which of several free seats is chosen. */
  readonly strategy: 'longest-idle' | 'most-skilled' | 'least-occupied';
  /** Within this its callers should be answered. */
  readonly targetSeconds: number;
  /** A caller who drops out and rings again within this time keeps her turn. */
  readonly keepTurnSeconds: number;
  /** She who rings again within so long is put to the seat that spoke with her, if that is at hand; 0: to any. */
  readonly sameSeatSeconds: number;
  /**
   * So long the place of a browser seat that has lost its line in a talk is kept, and she hears music; then she goes to
   * the next one. 0: at once.
   */
  readonly seatBackSeconds: number;
  /** What a caller who waits hears beside music, each counted from when she began to wait. */
  readonly waitSteps: readonly WaitStep[];
  /** As for peers: the operator who one-key-transferred a citizen here leaves by himself after so many seconds. */
  readonly leaveAfterSeconds: number | null;
  /** 好差评: so long she may take to press a key when the operator has hung up; null: she is not asked. */
  readonly satisfactionSeconds: number | null;
  /** 回访: the trunk by which its operators ring citizens; null: they cannot. */
  readonly callBackTrunk: string | null;
}

/** Something that a waiting caller hears. Prompts are named as their files. */
export type WaitStep =
  /** Her place and the estimated wait; again every so many seconds, null: once. */
  | { readonly do: 'place'; readonly afterSeconds: number; readonly everySeconds: number | null }
  /** By key 1 she is called back when her turn comes. */
  | { readonly do: 'callBack'; readonly afterSeconds: number }
  /** Short answers to frequent questions; she stays in the queue while she listens. */
  | {
      readonly do: 'answers';
      readonly afterSeconds: number;
      /** Key 2 to 9 -> prompt. */
      readonly byKey: Readonly<Record<string, string>>;
    }
  | { readonly do: 'say'; readonly afterSeconds: number; readonly prompt: string };

/** A place where a person takes calls. */
export interface SeatPlace {
  /** 8001. */
  readonly id: string;
  readonly name: string;
  /** Hotlines it works for; the first is its own. */
  readonly hotlines: readonly string[];
  readonly skills: readonly SkillLevel[];
  /** A browser keeps one media leg for the shift; a phone rings for each call. */
  readonly line: 'browser' | 'phone';
}
