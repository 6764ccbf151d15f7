/** Hue and saturation of General MIDI's families, eight programs each, and of percussion. */
const FAMILIES = [
    [212, 70], [280, 45], [190, 60], [28, 85], [140, 50], [330, 50], [310, 40], [45, 90],
    [10, 65], [170, 55], [250, 60], [200, 45], [90, 45], [20, 45], [60, 45], [0, 0], [220, 6],
];
const DRUMS = 128;
const LEAST_PITCHES = 26;
const LEAST_PHRASE = 150;
const PIXELS_PER_SECOND = 46;
const TOP = 20;
const MOST_LANES = 6;

export function colour(program, dark) {
    const [hue, saturation] = FAMILIES[Math.floor(program / 8)];
    return `hsl(${hue} ${saturation}% ${dark ? 66 : 42}%)`;
}

/** The piece as a picture: notes or a waveform, and below them what steering heard and did. */
export class Roll {
    #box;
    #span;
    #canvas;
    #piece = null;
    #traits = [];
    #time = null;
    #asked = false;
    #dark = matchMedia('(prefers-color-scheme: dark)');

    /** onSeek(seconds) is told where the picture was clicked. */
    constructor(box, onSeek) {
        this.#box = box;
        this.#span = box.querySelector('.span');
        this.#canvas = box.querySelector('canvas');
        new ResizeObserver(() => this.draw()).observe(box);
        this.#dark.addEventListener('change', () => this.draw());
        box.addEventListener('scroll', () => this.draw());
        box.addEventListener('click', (event) => {
            const x = event.clientX - box.getBoundingClientRect().left + box.scrollLeft;
            onSeek(Math.max(0, x / this.#scale()));
        });
    }

    get dark() {
        return this.#dark.matches;
    }

    /** Shows a piece as the server describes it. */
    show(piece, traits) {
        this.#piece = piece;
        const used = traits.filter((name) => piece.phrases.some((phrase) =>
            phrase.traits.some((trait) => trait.name === name && trait.degree !== 0)));
        this.#traits = traits.length <= MOST_LANES ? traits : used.slice(0, MOST_LANES);
        const bars = piece.secondsPerBar ? `${Math.round((piece.seconds || 0) / piece.secondsPerBar)} bars, ` : '';
        this.#canvas.setAttribute('aria-label', piece.seconds
            ? `${piece.phrases.length} phrases, ${bars}${Math.round(piece.seconds)} seconds` : 'Nothing played yet');
        this.draw();
    }

    /** Moves the playhead; null hides it. Follows it if asked. */
    at(time, follow) {
        this.#time = time;
        if (follow && time !== null) {
            const x = time * this.#scale();
            const { scrollLeft, clientWidth } = this.#box;
            if (x < scrollLeft || x > scrollLeft + 0.8 * clientWidth) {
                this.#box.scrollLeft = x - 0.15 * clientWidth;
            }
        }
        this.draw();
    }

    /** Makes a moment visible. */
    reveal(from, to) {
        const scale = this.#scale();
        this.#box.scrollLeft = Math.max(0, Math.min(from * scale - 60, to * scale + 30 - this.#box.clientWidth));
    }

    draw() {
        if (!this.#asked) {
            this.#asked = true;
            requestAnimationFrame(() => {
                this.#asked = false;
                this.#paint();
            });
        }
    }

    #scale() {
        const first = this.#piece && this.#piece.phrases[0];
        return first ? Math.max(PIXELS_PER_SECOND, LEAST_PHRASE / (first.to - first.from)) : PIXELS_PER_SECOND;
    }

    #paint() {
        const piece = this.#piece;
        const canvas = this.#canvas;
        const width = this.#box.clientWidth;
        const height = canvas.clientHeight;
        if (piece === null || width === 0) {
            return;
        }
        const scale = this.#scale();
        this.#span.style.width = `${Math.ceil((piece.seconds || 0) * scale) + 40}px`;
        const ratio = devicePixelRatio || 1;
        canvas.style.width = `${width}px`;
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        const pen = canvas.getContext('2d');
        pen.scale(ratio, ratio);
        const style = getComputedStyle(canvas);
        const tone = (name) => style.getPropertyValue(name);
        const left = this.#box.scrollLeft;
        const view = { pen, tone, scale, left, width, x: (seconds) => seconds * scale - left };
        const lane = height < 360 ? 34 : 38;
        const lanes = this.#traits.length * lane;
        const floor = height - lanes - 8;
        this.#grid(view, floor, height);
        if (piece.secondsPerTick) {
            this.#notes(view, TOP, floor - 6);
        } else {
            this.#wave(view, TOP, floor - 6);
        }
        this.#traits.forEach((name, i) => this.#lane(view, name, floor + 8 + i * lane, lane - 8));
        if (this.#time !== null) {
            pen.fillStyle = tone('--ink');
            pen.fillRect(view.x(this.#time) - 1, 0, 2, height);
        }
    }

    #grid({ pen, tone, x, width }, floor, height) {
        const piece = this.#piece;
        pen.fillStyle = tone('--rule');
        for (let bar = 0; piece.secondsPerBar && bar * piece.secondsPerBar < piece.seconds; bar++) {
            const at = x(bar * piece.secondsPerBar);
            if (at >= 0 && at < width) {
                pen.fillRect(at, TOP, 1, floor - TOP);
            }
        }
        pen.font = '600 12px system-ui, sans-serif';
        if (piece.given) {
            pen.fillStyle = tone('--soft');
            pen.fillText('given', x(0) + 6, 14);
        }
        piece.phrases.forEach((phrase, i) => {
            const last = i === piece.phrases.length - 1;
            if (last) {
                pen.globalAlpha = 0.07;
                pen.fillStyle = tone('--a');
                pen.fillRect(x(phrase.from), 0, x(phrase.to) - x(phrase.from), height);
                pen.globalAlpha = 1;
            }
            pen.fillStyle = tone('--soft');
            pen.fillRect(x(phrase.from), 0, 1, height);
            pen.fillText(String(i + 1), x(phrase.from) + 6, 14);
        });
    }

    #notes({ pen, x, scale, width }, top, bottom) {
        const piece = this.#piece;
        const all = [...(piece.given ? piece.given.notes : []), ...piece.phrases.flatMap((phrase) => phrase.notes)];
        const tuned = all.filter((note) => note[0] !== DRUMS);
        const keys = [...new Set(all.filter((note) => note[0] === DRUMS).map((note) => note[3]))].sort((a, b) => b - a);
        const strip = keys.length === 0 ? 0 : Math.min(54, 6 * keys.length) + 8;
        let low = Math.min(...tuned.map((note) => note[3]), 72) - 1;
        let high = Math.max(...tuned.map((note) => note[3]), 48) + 1;
        for (; high - low + 1 < LEAST_PITCHES; low--) {
            high++;
        }
        const row = (bottom - strip - top) / (high - low + 1);
        const beat = keys.length === 0 ? 0 : (strip - 8) / keys.length;
        for (const [program, onset, duration, pitch, velocity] of all) {
            const from = x(onset * piece.secondsPerTick);
            const long = Math.max(3, duration * piece.secondsPerTick * scale - 1);
            if (from > width || from + long < 0) {
                continue;
            }
            pen.globalAlpha = 0.45 + 0.55 * (velocity / 127);
            pen.fillStyle = colour(program, this.dark);
            pen.beginPath();
            if (program === DRUMS) {
                pen.roundRect(from, bottom - strip + 8 + keys.indexOf(pitch) * beat, 4, Math.max(2, beat - 1.5), 1.5);
            } else {
                pen.roundRect(from, top + (high - pitch) * row, long, Math.max(4, row - 1), 2);
            }
            pen.fill();
        }
        pen.globalAlpha = 1;
    }

    #wave({ pen, tone, x, width }, top, bottom) {
        const parts = [...this.#piece.phrases];
        if (this.#piece.given) {
            parts.unshift({ from: 0, to: this.#piece.given.seconds, peaks: this.#piece.given.peaks });
        }
        const most = Math.max(1, ...parts.flatMap((part) => part.peaks));
        const middle = (top + bottom) / 2;
        for (const { from, to, peaks } of parts) {
            const pitch = (x(to) - x(from)) / peaks.length;
            peaks.forEach((peak, i) => {
                const at = x(from) + i * pitch;
                const tall = Math.max(2, ((bottom - top) * peak) / most);
                if (at > -pitch && at < width) {
                    pen.fillStyle = tone('--a');
                    pen.fillRect(at, middle - tall / 2, Math.max(1, pitch - 1), tall);
                }
            });
        }
    }

    #lane({ pen, tone, x, width }, name, top, height) {
        const bottom = top + height;
        pen.fillStyle = tone('--card');
        pen.fillRect(0, top, width, height);
        const y = (share) => bottom - share * height;
        let most = 1e-9;
        for (const phrase of this.#piece.phrases) {
            most = Math.max(most, ...phrase.traits.flatMap((trait) => trait.pushes.map((push) => Math.abs(push[1]))));
        }
        const line = [];
        for (const phrase of this.#piece.phrases) {
            const trait = phrase.traits.find((each) => each.name === name);
            if (trait.degree !== 0) {
                const enough = trait.degree > 0 ? trait.degree : 1 + trait.degree;
                pen.strokeStyle = tone('--soft');
                pen.setLineDash([5, 4]);
                pen.beginPath();
                pen.moveTo(x(phrase.from), y(enough));
                pen.lineTo(x(phrase.to), y(enough));
                pen.stroke();
                pen.setLineDash([]);
            }
            pen.fillStyle = tone('--b');
            for (const [seconds, strength] of trait.pushes) {
                const tall = 0.45 * height * (Math.abs(strength) / most);
                pen.fillRect(x(seconds), bottom - tall, 1.5, tall);
            }
            line.push(...trait.monitor);
        }
        if (line.length > 0) {
            pen.beginPath();
            line.forEach(([seconds, share], i) => (i === 0 ? pen.moveTo(x(seconds), y(share)) : pen.lineTo(x(seconds), y(share))));
            pen.strokeStyle = tone('--a');
            pen.lineWidth = 1.8;
            pen.lineJoin = 'round';
            pen.stroke();
            pen.lineTo(x(line[line.length - 1][0]), bottom);
            pen.lineTo(x(line[0][0]), bottom);
            pen.globalAlpha = 0.12;
            pen.fillStyle = tone('--a');
            pen.fill();
            pen.globalAlpha = 1;
            pen.lineWidth = 1;
        }
        const label = name.replaceAll('-', ' ');
        pen.font = '600 12px system-ui, sans-serif';
        pen.globalAlpha = 0.85;
        pen.fillStyle = tone('--card');
        pen.fillRect(0, top, pen.measureText(label).width + 16, 18);
        pen.globalAlpha = 1;
        pen.fillStyle = tone('--ink');
        pen.fillText(label, 8, top + 13);
    }
}
