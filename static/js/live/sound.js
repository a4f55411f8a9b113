/* Two soft tones, made here: nothing is fetched for them. */

let context = null;

export function ring() {
  context ??= new AudioContext();
  [660, 880].forEach((pitch, place) => {
    const start = context.currentTime + place * 0.12;
    const tone = new OscillatorNode(context, { frequency: pitch });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setTargetAtTime(0.12, start, 0.01);
    loudness.gain.setTargetAtTime(0, start + 0.09, 0.06);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.5);
  });
}
