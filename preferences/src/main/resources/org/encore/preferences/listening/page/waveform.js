/** Draws the loudness of a clip as bars, with what was played and where the position is. */
export class Waveform {
    #canvas;
    #peaks = [];
    #share = 0;

    constructor(canvas) {
        this.#canvas = canvas;
        new ResizeObserver(() => this.#draw()).observe(canvas);
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
    }

    /** Shows another clip; peaks are whole numbers from 0 to 100. */
    show(peaks) {
        this.#peaks = peaks;
        this.at(0);
    }

    /** Moves the position; share 0 is the start, 1 the end. */
    at(share) {
        this.#share = share;
        this.#draw();
    }

    /** The share of the clip that a pointer at this place points to. */
    shareAt(clientX) {
        const box = this.#canvas.getBoundingClientRect();
        return Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    }

    #draw() {
        const canvas = this.#canvas;
        const scale = devicePixelRatio || 1;
        const width = canvas.clientWidth;
        const height = canvas.clientHeight;
        if (width === 0 || this.#peaks.length === 0) {
            return;
        }
        canvas.width = Math.round(width * scale);
        canvas.height = Math.round(height * scale);
        const pen = canvas.getContext('2d');
        pen.scale(scale, scale);
        const style = getComputedStyle(canvas);
        const bars = Math.min(this.#peaks.length, Math.floor(width / 4));
        const pitch = width / bars;
        for (let i = 0; i < bars; i++) {
            const tall = Math.max(3, (this.#peak(i, bars) / 100) * (height - 4));
            pen.fillStyle = style.getPropertyValue((i + 0.5) / bars <= this.#share ? '--tone' : '--rule');
            pen.beginPath();
            pen.roundRect(i * pitch, (height - tall) / 2, Math.max(1, pitch - 1.5), tall, 1.5);
            pen.fill();
        }
        pen.fillStyle = style.getPropertyValue('--ink');
        pen.fillRect(Math.min(width - 2, this.#share * width), 0, 2, height);
    }

    /** The loudest of the peaks that one bar stands for. */
    #peak(bar, bars) {
        const from = Math.floor((bar * this.#peaks.length) / bars);
        const to = Math.max(from + 1, Math.floor(((bar + 1) * this.#peaks.length) / bars));
        return Math.max(...this.#peaks.slice(from, to));
    }
}
