import { Waveform } from './waveform.js';

/** Seconds between two reports of what was heard. */
const REPORT_EVERY = 1.0;

/** One clip on the page: its button, its waveform, and the count of the seconds that were really played. */
export class Player {
    #box;
    #audio;
    #canvas;
    #waveform;
    #name;
    #clip = null;
    #reported = 0;
    #onStart;
    #onHeard;

    /**
     * @param box the section of the page
     * @param name what the listener calls the clip: A or B
     * @param events onStart() when it begins to play; onHeard(clip id, seconds) when more of it was heard,
     *     which answers whether the server knows now
     */
    constructor(box, name, { onStart, onHeard }) {
        this.#box = box;
        this.#name = name;
        this.#audio = box.querySelector('audio');
        this.#canvas = box.querySelector('canvas');
        this.#waveform = new Waveform(this.#canvas);
        this.#onStart = onStart;
        this.#onHeard = onHeard;
        box.querySelector('.play').addEventListener('click', () => this.toggle());
        this.#canvas.addEventListener('pointerdown', (event) => this.#seek(event));
        this.#canvas.addEventListener('pointermove', (event) => event.buttons === 1 && this.#seek(event));
        this.#audio.addEventListener('play', () => this.#started());
        for (const end of ['pause', 'ended']) {
            this.#audio.addEventListener(end, () => this.#stopped());
        }
        this.#audio.addEventListener('timeupdate', () => this.#moved());
        this.#audio.addEventListener('seeked', () => this.#moved());
    }

    /** Shows a clip as the server describes it. */
    show(clip) {
        this.#clip = clip;
        this.#reported = 0;
        this.#audio.src = `/api/clips/${clip.id}`;
        this.#waveform.show(clip.peaks);
        this.#canvas.setAttribute('aria-valuemax', clip.seconds.toFixed(1));
        this.#box.querySelector('.length').textContent = clock(clip.seconds);
        this.#moved();
        this.heard(clip.heard);
    }

    /** Says how much the server has counted as heard. */
    heard(seconds) {
        const missing = this.#clip.needed - seconds;
        const place = this.#box.querySelector('.heard');
        place.classList.toggle('enough', missing <= 0);
        const text = missing <= 0 ? 'heard' : seconds > 0 ? `${Math.ceil(missing)} s more` : 'not heard yet';
        if (place.textContent !== text) {
            place.textContent = text;
        }
    }

    get playing() {
        return !this.#audio.paused;
    }

    toggle() {
        if (this.playing) {
            this.#audio.pause();
        } else {
            this.#audio.play().catch(() => this.#stopped());
        }
    }

    pause() {
        this.#audio.pause();
    }

    /** Moves the position by seconds, back or forth. */
    move(seconds) {
        const end = this.#clip.seconds;
        this.#audio.currentTime = Math.min(end, Math.max(0, this.#audio.currentTime + seconds));
    }

    /** Reports what was heard since the last report, and waits until the server knows. */
    async report() {
        const seconds = this.#played();
        if (this.#clip && seconds > this.#reported) {
            const before = this.#reported;
            this.#reported = seconds;
            if (!(await this.#onHeard(this.#clip.id, seconds))) {
                this.#reported = Math.min(before, this.#reported);
            }
        }
    }

    /** Seconds of the clip that were played, each counted once. */
    #played() {
        const ranges = this.#audio.played;
        let sum = 0;
        for (let i = 0; i < ranges.length; i++) {
            sum += ranges.end(i) - ranges.start(i);
        }
        return sum;
    }

    #seek(event) {
        this.#audio.currentTime = this.#waveform.shareAt(event.clientX) * this.#clip.seconds;
    }

    #started() {
        this.#box.classList.add('playing');
        this.#label('Pause', true);
        this.#onStart();
        const frame = () => {
            this.#place();
            if (this.playing) {
                requestAnimationFrame(frame);
            }
        };
        requestAnimationFrame(frame);
    }

    #stopped() {
        this.#box.classList.remove('playing');
        this.#label('Play', false);
        this.report();
    }

    #label(verb, pressed) {
        const button = this.#box.querySelector('.play');
        button.setAttribute('aria-label', `${verb} ${this.#name}`);
        button.setAttribute('aria-pressed', String(pressed));
    }

    #moved() {
        this.#place();
        this.#box.querySelector('.now').textContent = clock(this.#audio.currentTime);
        this.#canvas.setAttribute('aria-valuenow', this.#audio.currentTime.toFixed(1));
        this.#canvas.setAttribute('aria-valuetext', clock(this.#audio.currentTime));
        const enough = this.#clip.needed;
        const played = this.#played();
        if (played - this.#reported >= REPORT_EVERY || (played >= enough && this.#reported < enough)) {
            this.report();
        }
    }

    #place() {
        this.#waveform.at(Math.min(1, this.#audio.currentTime / this.#clip.seconds));
    }
}

function clock(seconds) {
    const whole = Math.floor(seconds);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
