/**
 * Runs in a page before its own code, beside tests/given/pages/tone-and-ear.js, which gives the voice:
 * tells to some ms when a tone begins to arrive by WebRTC. Times are epoch milliseconds.
 */
(() => {
  const RATE = 48000;
  const WINDOW = 960; // 20 ms
  const LOOK_EVERY_MS = 4;
  /** Half of what a spoken tone has. */
  const AUDIBLE = 0.06;

  /** Epoch milliseconds minus performance.now(), right to a fraction of a millisecond. */
  function offset() {
    const began = Date.now();
    let tick = began;
    while (tick === began) tick = Date.now();
    return tick - performance.now();
  }
  let wall = offset();
  const now = () => performance.now() + wall;

  let ear;
  let heardLast;
  function listenTo(track) {
    if (!ear) {
      ear = new AnalyserNode(new AudioContext({ sampleRate: RATE }), { fftSize: 1024 });
      ear.connect(new GainNode(ear.context, { gain: 0 })).connect(ear.context.destination);
    }
    void ear.context.resume();
    heardLast?.disconnect();
    heardLast = new MediaStreamAudioSourceNode(ear.context, {
      mediaStream: new MediaStream([track]),
    });
    heardLast.connect(ear);
  }

  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...args) {
      super(...args);
      this.addEventListener('track', ({ track }) => {
        if (track.kind === 'audio') listenTo(track);
      });
    }
  };

  const samples = new Float32Array(1024);
  /** Goertzel over the last 20 ms. */
  function amplitude(hertz) {
    if (!ear) return 0;
    ear.getFloatTimeDomainData(samples);
    const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
    let last = 0;
    let before = 0;
    for (let i = samples.length - WINDOW; i < samples.length; i++) {
      const value = samples[i] + turn * last - before;
      before = last;
      last = value;
    }
    const power = last * last + before * before - turn * last * before;
    return (2 * Math.sqrt(Math.max(0, power))) / WINDOW;
  }

  window.benchEar = {
    now,
    /** Before each trial: the wall clock is slewed now and then. */
    setClock: () => void (wall = offset()),
    isHeard: (hertz) => amplitude(hertz) > AUDIBLE,
    heard: (hertz) =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          if (amplitude(hertz) <= AUDIBLE) return;
          clearInterval(timer);
          resolve(now());
        }, LOOK_EVERY_MS);
      }),
  };
})();
