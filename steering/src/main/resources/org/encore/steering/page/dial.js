const SVG = 'http://www.w3.org/2000/svg';
const SWEEP = 135;
/** Pixels of dragging from off to full. */
const TRAVEL = 110;

function part(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
        made.setAttribute(key, value);
    }
    parent.append(made);
    return made;
}

function at(degrees, radius) {
    const angle = ((degrees - 90) * Math.PI) / 180;
    return `${(60 + radius * Math.cos(angle)).toFixed(2)} ${(60 + radius * Math.sin(angle)).toFixed(2)}`;
}

function arc(from, to, radius) {
    const [a, b] = from < to ? [from, to] : [to, from];
    return `M${at(a, radius)}A${radius} ${radius} 0 ${b - a > 180 ? 1 : 0} 1 ${at(b, radius)}`;
}

/** How a degree reads. */
export function inWords(degree) {
    const share = Math.round(100 * Math.abs(degree));
    return degree === 0 ? 'off' : degree > 0 ? `until ${share} % sure` : `away, until ${share} % sure`;
}

/** A degree as a figure. */
export function inFigures(degree) {
    return degree === 0 ? 'off' : `${degree > 0 ? '+' : '−'}${Math.round(100 * Math.abs(degree))}`;
}

/** A dial of a trait: a range of the browser for the keyboard and for screen readers, and a knob to drag. */
export class Dial {
    #box = document.createElement('div');
    #input = document.createElement('input');
    #says = document.createElement('span');
    #arc;
    #hand;
    #figure;
    #dragged = null;

    constructor(trait, parent) {
        this.trait = trait;
        this.#box.className = 'dial';
        const input = this.#input;
        Object.assign(input, { type: 'range', id: `dial-${trait}`, min: -1, max: 1, step: 0.05, value: 0 });
        this.#box.append(input);
        const svg = part('svg', { viewBox: '0 0 120 112', 'aria-hidden': 'true' }, this.#box);
        part('path', { class: 'track', d: arc(-SWEEP, SWEEP, 48) }, svg);
        this.#arc = part('path', { class: 'arc' }, svg);
        part('path', { class: 'zero', d: `M${at(0, 56)}L${at(0, 59)}` }, svg);
        part('circle', { class: 'cap', cx: 60, cy: 60, r: 36 }, svg);
        this.#hand = part('path', { class: 'hand' }, svg);
        this.#figure = part('text', { class: 'figure', x: 60, y: 67 }, svg);
        const label = document.createElement('label');
        label.htmlFor = input.id;
        label.textContent = trait.replaceAll('-', ' ');
        this.#says.className = 'says';
        this.#says.id = `${input.id}-heard`;
        input.setAttribute('aria-describedby', this.#says.id);
        this.#box.append(label, this.#says);
        input.addEventListener('input', () => this.#show());
        input.addEventListener('keydown', (event) => {
            if (event.key === '0') {
                this.value = 0;
            }
        });
        svg.addEventListener('pointerdown', (event) => {
            svg.setPointerCapture(event.pointerId);
            this.#dragged = { x: event.clientX, y: event.clientY, value: this.value };
            input.focus({ preventScroll: true });
            event.preventDefault();
        });
        svg.addEventListener('pointermove', (event) => {
            if (this.#dragged !== null && svg.hasPointerCapture(event.pointerId)) {
                const way = event.clientX - this.#dragged.x + this.#dragged.y - event.clientY;
                this.value = this.#dragged.value + way / TRAVEL;
            }
        });
        svg.addEventListener('dblclick', () => {
            this.value = 0;
        });
        parent.append(this.#box);
        this.#show();
    }

    /** The degree, from -1 to 1. */
    get value() {
        return Number(this.#input.value);
    }

    set value(degree) {
        this.#input.value = Math.min(1, Math.max(-1, degree));
        this.#show();
    }

    /** Says what the monitor read last; null for nothing yet. */
    heard(probability) {
        this.#says.textContent = probability === null ? '' : `heard: ${Math.round(100 * probability)} %`;
    }

    #show() {
        const { value } = this;
        this.#box.classList.toggle('on', value > 0);
        this.#box.classList.toggle('away', value < 0);
        this.#arc.setAttribute('d', value === 0 ? '' : arc(0, SWEEP * value, 48));
        this.#hand.setAttribute('d', `M${at(SWEEP * value, 27)}L${at(SWEEP * value, 34)}`);
        this.#figure.textContent = inFigures(value);
        this.#input.setAttribute('aria-valuetext', inWords(value));
    }
}
