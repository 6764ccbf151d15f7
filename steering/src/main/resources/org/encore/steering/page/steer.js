import { Dial, inFigures, inWords } from './dial.js';
import { Roll, colour } from './roll.js';
import { Refusal, ask, tokenFromAddress } from './server.js';

const MOVE_SECONDS = 2;
const find = (id) => document.getElementById(id);
const audio = find('audio');

let setting = null;
let piece = null;
let dials = [];
let busy = false;
/** The take whose sound is loaded, where it shall begin, and when it was asked for. */
let loaded = null;
/** Where playing stops by itself; null for the end. */
let until = null;

const roll = new Roll(find('score'), (seconds) => {
    if (piece !== null && piece.seconds) {
        play(Math.min(seconds, piece.seconds));
    }
});

function status(text, kind = '') {
    find('status').textContent = text;
    find('status').className = `status ${kind}`;
}

function explain(problem) {
    const said = problem instanceof Refusal ? problem.message : 'no connection to the server';
    if (problem instanceof Refusal && problem.status === 401) {
        audio.pause();
        find('desk').hidden = true;
        find('message').hidden = false;
        find('message-title').textContent = 'This page needs its link';
        find('message-text').textContent = said;
    } else {
        status(`${said[0].toUpperCase()}${said.slice(1)}.`, 'problem');
    }
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
const last = () => piece.phrases[piece.phrases.length - 1];

/** The sound of the piece as it is. */
function current() {
    return piece.phrases.length > 0 ? last().take : 0;
}

/** Plays the piece from a moment on, up to another or to its end. */
function play(from, to = null, since = null) {
    until = to;
    const take = current();
    const start = () => {
        audio.currentTime = from;
        audio.play().catch(() => status('Press the play button to hear it.'));
    };
    if (since !== null) {
        audio.addEventListener('playing', () => {
            const millis = Math.round(performance.now() - since);
            find('desk').dataset.sounded = millis;
            find('status').append(` Heard after ${(millis / 1000).toFixed(1)} s.`);
        }, { once: true });
    }
    if (loaded === take) {
        start();
    } else {
        loaded = take;
        audio.addEventListener('loadedmetadata', start, { once: true });
        audio.src = `/api/sound/${take}`;
    }
}

function toggle() {
    if (!audio.paused) {
        audio.pause();
    } else if (piece.seconds) {
        const ended = loaded !== current() || audio.currentTime >= piece.seconds - 0.05;
        play(ended ? 0 : audio.currentTime);
    }
}

function frame() {
    find('now').textContent = clock(Math.min(audio.currentTime, piece.seconds || 0));
    if (until !== null && audio.currentTime >= until) {
        audio.pause();
        until = null;
    }
    const playing = !audio.paused && !audio.ended;
    roll.at(loaded === null ? null : audio.currentTime, playing);
    document.querySelectorAll('.phrase').forEach((each, i) => {
        const { from, to } = piece.phrases[i] || { from: 0, to: 0 };
        each.classList.toggle('sounding', playing && audio.currentTime >= from && audio.currentTime < to);
    });
    if (playing) {
        requestAnimationFrame(frame);
    }
}

function playing(is) {
    document.body.classList.toggle('playing', is);
    find('play').setAttribute('aria-label', is ? 'Pause' : 'Play the piece');
    frame();
}

function element(name, text, kind = '') {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = kind;
    return made;
}

/** The monitor's last word on a trait in a phrase; null if it was never read. */
function heard(trait) {
    return trait.monitor.length === 0 ? null : trait.monitor[trait.monitor.length - 1][1];
}

function card(phrase, i) {
    const item = document.createElement('li');
    const button = element('button', '', 'phrase');
    button.type = 'button';
    const head = element('span', `Phrase ${i + 1}`, 'head');
    const bar = piece.secondsPerBar;
    head.append(element('span', bar
        ? `bars ${Math.round(phrase.from / bar) + 1}–${Math.round(phrase.to / bar)}`
        : `${phrase.from.toFixed(1)}–${phrase.to.toFixed(1)} s`));
    button.append(head);
    const words = [`Play phrase ${i + 1}`];
    for (const trait of phrase.traits.filter((each) => each.degree !== 0 || phrase.traits.length <= 6)) {
        const row = element('span', '', 'row');
        row.append(element('span', trait.name.replaceAll('-', ' ')));
        row.append(element('span', inFigures(trait.degree), `degree ${trait.degree > 0 ? 'on' : trait.degree < 0 ? 'away' : ''}`));
        const share = heard(trait);
        const meter = element('span', '', 'heard');
        if (share !== null) {
            const track = element('span', '', 'bar');
            const fill = document.createElement('i');
            fill.style.width = `${100 * share}%`;
            track.append(fill);
            meter.append(track, `${Math.round(100 * share)} %`);
        }
        row.append(meter);
        button.append(row);
        if (trait.degree !== 0) {
            words.push(`${trait.name} ${inWords(trait.degree)}`);
        }
        if (share !== null) {
            words.push(`${trait.name} heard with ${Math.round(100 * share)} per cent`);
        }
    }
    if (phrase.text !== '') {
        button.append(element('span', `“${phrase.text}”`, 'said'));
        words.push(`asked for ${phrase.text}`);
    }
    button.setAttribute('aria-label', words.join('; '));
    button.addEventListener('click', () => play(phrase.from, phrase.to));
    item.append(button);
    return item;
}

function legend() {
    const entries = Object.entries(piece.instruments || {}).map(([program, name]) => {
        const item = document.createElement('li');
        const box = document.createElement('i');
        box.style.background = colour(Number(program), roll.dark);
        item.append(box, name);
        return item;
    });
    find('legend').replaceChildren(...entries);
}

/** Shows a piece as the server describes it. */
function show(answer) {
    piece = answer;
    const { phrases, seconds = 0 } = piece;
    const bars = piece.secondsPerBar ? `${Math.round(seconds / piece.secondsPerBar)} bars, ` : '';
    find('count').textContent = seconds === 0 ? '' : `${bars}${clock(seconds)}${piece.tempo ? `, ${piece.tempo} bpm` : ''}`;
    find('length').textContent = clock(seconds);
    find('blank').hidden = seconds > 0;
    document.body.classList.toggle('empty', seconds === 0);
    find('phrases-box').hidden = phrases.length === 0;
    find('phrases').replaceChildren(...phrases.map(card));
    find('export').hidden = seconds === 0;
    find('next').firstChild.textContent = phrases.length === 0 ? 'Play the first phrase' : 'Keep, next phrase';
    const takes = phrases.length === 0 ? 0 : last().takes;
    find('takes').hidden = takes < 2;
    find('takes').replaceChildren(...Array.from({ length: takes < 2 ? 0 : takes }, (unused, i) => {
        const button = element('button', `Take ${i + 1}`, 'take');
        button.type = 'button';
        button.setAttribute('aria-pressed', String(i === last().chosen));
        button.addEventListener('click', () => choose(i));
        return button;
    }));
    dials.forEach((dial) => dial.heard(takes === 0 ? null : heard(last().traits.find((each) => each.name === dial.trait))));
    legend();
    roll.show(piece, setting.traits);
    allow();
}

function allow() {
    const none = piece.phrases.length === 0;
    for (const [id, closed] of [['next', busy], ['again', busy || none], ['undo', busy || !piece.undo], ['clear', busy || none]]) {
        find(id).setAttribute('aria-disabled', String(closed));
    }
    document.body.classList.toggle('busy', busy);
}

/** Asks for a change and shows what came of it; false if it was refused. */
async function change(path, body) {
    busy = true;
    allow();
    audio.pause();
    try {
        show(await ask(path, body));
        return true;
    } catch (problem) {
        explain(problem);
        return false;
    } finally {
        busy = false;
        allow();
    }
}

const closed = (id) => find(id).getAttribute('aria-disabled') === 'true';

/** A new phrase, or a new take of the last one, is played as soon as it is there. */
async function perform(id) {
    if (closed(id)) {
        return;
    }
    const since = performance.now();
    status(id === 'next' ? 'Playing on …' : 'Trying again …');
    const wish = {
        text: find('text').value,
        strength: Number(find('strength').value),
        dials: Object.fromEntries(dials.filter((dial) => dial.value !== 0).map((dial) => [dial.trait, dial.value])),
    };
    if (await change(`/api/${id}`, wish)) {
        const phrase = last();
        const end = phrase.ended ? ' The model ended the piece; the rest is silent.' : '';
        status(`Phrase ${piece.phrases.length}${phrase.takes > 1 ? `, take ${phrase.chosen + 1}` : ''}.${end}`, 'done');
        roll.reveal(phrase.from, phrase.to);
        play(phrase.from, null, since);
    }
}

async function choose(take) {
    if (!busy && (await change('/api/choose', { take }))) {
        status(`Take ${take + 1} of phrase ${piece.phrases.length}.`, 'done');
        play(last().from);
    }
}

async function takeBack(id, said) {
    if (!closed(id) && (await change(`/api/${id}`, {}))) {
        loaded = null;
        audio.removeAttribute('src');
        until = null;
        roll.at(null, false);
        status(said, 'done');
    }
}

for (const id of ['next', 'again']) {
    find(id).addEventListener('click', () => perform(id));
}
find('undo').addEventListener('click', () => takeBack('undo', 'Taken back.'));
find('clear').addEventListener('click', () => takeBack('clear', 'Started over. Take back brings the piece back.'));
find('play').addEventListener('click', toggle);
find('strength').addEventListener('input', () => {
    find('strength-shown').textContent = find('strength').value;
});
audio.addEventListener('play', () => playing(true));
for (const end of ['pause', 'ended']) {
    audio.addEventListener(end, () => playing(false));
}
audio.addEventListener('seeked', frame);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', legend);

document.addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || find('desk').hidden) {
        return;
    }
    const key = event.key.toLowerCase();
    if (target.id === 'text') {
        if (key === 'enter') {
            perform('next');
        }
        return;
    }
    const onRange = target.matches('input[type=range]');
    const onButton = target.closest('button, a') !== null;
    if (key === ' ' && !onButton) {
        event.preventDefault();
        toggle();
    } else if (key === 'n') {
        perform('next');
    } else if (key === 'r') {
        perform('again');
    } else if (key === 'u') {
        takeBack('undo', 'Taken back.');
    } else if (key === 'p' && piece.phrases.length > 0) {
        play(last().from);
    } else if (/^[1-9]$/.test(key) && piece.phrases.length > 0 && Number(key) <= last().takes) {
        choose(Number(key) - 1);
    } else if ((key === 'arrowleft' || key === 'arrowright') && !onRange && target !== find('score')) {
        audio.currentTime = Math.max(0, audio.currentTime + (key === 'arrowleft' ? -MOVE_SECONDS : MOVE_SECONDS));
    }
});

async function begin() {
    try {
        const token = tokenFromAddress();
        setting = await ask('/api/join', token === null ? {} : { token });
        find('name').textContent = setting.name;
        find('midi').hidden = setting.kind === 'sound';
        find('words').hidden = !setting.readsText;
        dials = setting.traits.map((trait) => new Dial(trait, find('dials')));
        Object.assign(find('strength'), { max: 2 * setting.strength, step: setting.strength / 20, value: setting.strength });
        find('strength-shown').textContent = find('strength').value;
        find('message').hidden = true;
        find('desk').hidden = false;
        show(await ask('/api/piece'));
        if (piece.phrases.length > 0) {
            roll.reveal(last().from, last().to);
        }
    } catch (problem) {
        if (problem instanceof Refusal) {
            explain(problem);
        }
        if (setting === null && !(problem instanceof Refusal && problem.status === 401)) {
            find('message-title').textContent = 'This did not work';
            find('message-text').textContent = 'Load the page again to retry.';
        }
    }
}

begin();
