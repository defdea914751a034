import { createStore } from '../state/store.ts';
import { createLastingLeg, type LastingLeg, type LegState } from './lasting-leg.ts';

/**
 * One lasting leg to each switch (交换机节点), as if there were but one: a call comes to the leg on its own switch, and
 * one that is away does not keep the others from working.
 */
export function createLastingLegs(audio: HTMLAudioElement): LastingLeg {
  const first = createLastingLeg(audio);
  const legs = [first];
  const state = createStore<LegState>(first.state.get());
  const look = () => state.set(together(legs.map((leg) => leg.state.get())));
  first.state.watch(look);

  function another() {
    const leg = createLastingLeg(document.createElement('audio'));
    leg.state.watch(look);
    legs.push(leg);
  }

  return {
    state,
    open(line) {
      const switches = [line.webSocket, ...line.others];
      while (legs.length < switches.length) another();
      legs.forEach((leg, i) => {
        const webSocket = switches[i];
        if (webSocket === undefined) leg.close();
        else leg.open({ ...line, webSocket });
      });
    },
    close: () => legs.forEach((leg) => leg.close()),
    statistics: () => legOf(legs).statistics(),
    retryNow: () => legs.forEach((leg) => leg.retryNow()),
    allowSound: () => legs.forEach((leg) => leg.allowSound()),
  };
}

const legOf = (legs: readonly LastingLeg[]): LastingLeg =>
  legs.find((leg) => leg.state.get().line === 'up') ?? legs[0]!;

function together(states: readonly LegState[]): LegState {
  const shown = states.find(({ line }) => line === 'up') ?? states[0]!;
  return { ...shown, soundBlocked: states.some(({ soundBlocked }) => soundBlocked) };
}
