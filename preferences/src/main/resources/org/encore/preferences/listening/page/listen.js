import { Player } from './player.js';
import { Refusal, ask, pause, tokenFromAddress } from './server.js';

const KEYS = { enter: 'rated', 1: 'first', 2: 'tie', 3: 'second', 4: 'both-bad', s: 'skip' };
const KEY_UNDO = 'u';
const POLL_SECONDS = 3;
const find = (id) => document.getElementById(id);
const choices = [...document.querySelectorAll('.choice')];

const ratings = [0, 1].map((i) => find(`rating-${i}`));

let mode = 'none';
let pair = null;
let ready = false;
let sending = false;
let last = 0;

const players = ['A', 'B'].map(
    (name, i) =>
        new Player(find(`clip-${i}`), name, {
            onStart: () => {
                last = i;
                players[1 - i].pause();
                status(ready ? '' : `Playing ${name}.`);
            },
            onHeard: heard,
        }),
);

function status(text, kind = '') {
    find('status').textContent = text;
    find('status').className = `status ${kind}`;
}

function message(title, text) {
    players.forEach((each) => each.pause());
    find('pair').hidden = true;
    find('intro').hidden = true;
    find('message').hidden = false;
    find('message-title').textContent = title;
    find('message-text').textContent = text;
}

function allow() {
    const rated = mode === 'none' || given().every((each) => each > 0);
    for (const button of choices) {
        button.disabled = sending || !((ready && rated) || button.dataset.choice === 'skip');
    }
    ratings.forEach((each) => {
        each.disabled = sending || !ready;
    });
}

/** The ratings of A and B; 0 where none is given yet. */
function given() {
    return ratings.map((each) => Number((each.querySelector('input:checked') || { value: 0 }).value));
}

/** Shows ratings, choices or both, as the organiser wants. */
function arrange(wanted) {
    mode = wanted;
    ratings.forEach((each) => {
        each.hidden = mode === 'none';
    });
    for (const button of choices) {
        const { choice } = button.dataset;
        button.hidden = choice !== 'skip' && (choice === 'rated') !== (mode === 'instead');
    }
}

function count({ judged, skipped, remaining }) {
    const left = skipped > 0 ? `${skipped} skipped, ` : '';
    find('count').textContent = `${judged} judged, ${left}${remaining} to go`;
    find('progress').max = Math.max(1, judged + skipped + remaining);
    find('progress').value = judged + skipped;
}

/** What a listener has done, in words: a skipped pair is not a judged one. */
function done({ judged, skipped }) {
    const pairs = (number) => `${number} ${number === 1 ? 'pair' : 'pairs'}`;
    const also = skipped > 0 ? ` and skipped ${judged > 0 ? skipped : pairs(skipped)}` : '';
    return judged > 0 || skipped === 0 ? `You judged ${pairs(judged)}${also}` : `You skipped ${pairs(skipped)}`;
}

/** Tells the server what was heard; it says what it has counted and whether a choice is open now. True if it did. */
async function heard(clip, seconds) {
    const asked = pair;
    try {
        const counted = await ask('/api/heard', { clip, seconds });
        if (asked === pair) {
            players.forEach((each, i) => each.heard(counted.heard[i]));
            if (counted.ready && !ready) {
                ready = true;
                status('Your choice?');
            }
            allow();
        }
        return true;
    } catch (problem) {
        if (asked === pair) {
            explain(problem);
        }
        return false;
    }
}

async function vote(choice) {
    const button = choices.find((each) => each.dataset.choice === choice);
    if (sending || button.disabled || button.hidden || find('pair').hidden) {
        return;
    }
    sending = true;
    allow();
    button.classList.add('chosen');
    players.forEach((each) => each.pause());
    try {
        await Promise.all(players.map((each) => each.report()));
        const rated = mode === 'none' || choice === 'skip' ? {} : { ratings: given() };
        const comment = find('comment').value.trim();
        await stored({ pair: pair.id, choice, ...rated, ...(comment === '' ? {} : { comment }) });
        status(choice === 'skip' ? 'Skipped.' : 'Stored.', 'done');
        await next();
    } catch (problem) {
        if (problem instanceof Refusal && problem.status === 410) {
            await next();
        } else {
            explain(problem);
        }
    } finally {
        button.classList.remove('chosen');
        sending = false;
        allow();
    }
}

/** Sends a vote until the server says that it is on disk; to send it again does no harm. */
async function stored(vote) {
    for (let wait = 1; ; wait = Math.min(30, 2 * wait)) {
        try {
            return await ask('/api/votes', vote);
        } catch (problem) {
            const again = !(problem instanceof Refusal) || problem.status === 429 || problem.status >= 500;
            if (!again) {
                throw problem;
            }
            const seconds = problem.wait || wait;
            status(`Not stored yet (${said(problem)}). Trying again in ${seconds} s; keep this page open.`, 'problem');
            await pause(seconds);
        }
    }
}

/** Takes the last vote back; its pair comes up again. */
async function undo() {
    if (sending || (find('undo').hidden && find('message-undo').hidden)) {
        return;
    }
    sending = true;
    allow();
    players.forEach((each) => each.pause());
    try {
        await ask('/api/undo', {});
        status('Taken back. Your choice?', 'done');
        await next();
    } catch (problem) {
        explain(problem);
    } finally {
        sending = false;
        allow();
    }
}

async function next() {
    for (;;) {
        const answer = await ask('/api/pair');
        find('title').textContent = answer.title;
        document.title = answer.title;
        count(answer);
        find('undo').hidden = !answer.undo;
        find('message-undo').hidden = true;
        find('comment-box').hidden = !answer.comments;
        if (answer.state === 'pair') {
            show(answer);
            return;
        }
        if (answer.state === 'done') {
            message('That was all. Thank you!', `${done(answer)}, and all of it is stored. You can close this page.`);
            find('message-undo').hidden = !answer.undo;
            return;
        }
        message('One moment', 'The next pair is still being played by the models. This page goes on by itself.');
        await pause(POLL_SECONDS);
    }
}

function show(answer) {
    pair = answer.pair;
    ready = pair.ready;
    arrange(answer.ratings);
    ratings.forEach((each) => each.querySelectorAll('input').forEach((input) => {
        input.checked = false;
    }));
    find('question').textContent = answer.question;
    find('prompt').textContent = pair.prompt;
    find('prompt-card').hidden = pair.prompt === '';
    find('comment').value = '';
    find('message').hidden = true;
    find('intro').hidden = true;
    find('pair').hidden = false;
    players.forEach((each, i) => each.show(pair.clips[i]));
    if (!sending) {
        status(ready ? 'Your choice?' : 'Listen to both, then choose.');
    }
    last = 0;
    allow();
}

function said(problem) {
    return problem instanceof Refusal ? problem.message : 'no connection to the server';
}

function explain(problem) {
    if (problem instanceof Refusal && problem.status === 401) {
        message('This page needs your link', problem.message);
    } else {
        status(`${said(problem)[0].toUpperCase()}${said(problem).slice(1)}.`, 'problem');
    }
}

ratings.forEach((each) => each.addEventListener('change', allow));

for (const button of choices) {
    button.addEventListener('click', () => vote(button.dataset.choice));
}

document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || find('pair').hidden
            || event.target.id === 'comment') {
        return;
    }
    const key = event.key.toLowerCase();
    const onButton = event.target.closest('button') !== null;
    if (key === 'a' || key === 'b') {
        players[key === 'a' ? 0 : 1].toggle();
    } else if (key === ' ' && !onButton) {
        event.preventDefault();
        players[last].toggle();
    } else if (event.target.closest('.rating') !== null && key !== 'enter') {
        // The browser moves between the numbers.
    } else if (key === 'arrowleft' || key === 'arrowright') {
        event.preventDefault();
        const onCanvas = event.target.closest('.clip');
        players[onCanvas ? Number(onCanvas.id.slice(-1)) : last].move(key === 'arrowleft' ? -2 : 2);
    } else if (key === KEY_UNDO) {
        undo();
    } else if (key in KEYS && !(key === 'enter' && onButton)) {
        vote(KEYS[key]);
    }
});

/** A text of the organiser as paragraphs. */
function paragraphs(box, lines) {
    const texts = lines.join('\n').split(/\n\s*\n/);
    box.replaceChildren(...texts.filter((text) => text.trim() !== '').map((text) => {
        const paragraph = document.createElement('p');
        paragraph.textContent = text.trim();
        return paragraph;
    }));
}

/** Instructions, volume, headphones and consent; resolves when the listener begins. */
function introduced(page) {
    const first = Math.random() < 0.5 ? 'left' : 'right';
    const sound = new Audio(`/api/level?first=${first}`);
    const side = () => (document.querySelector('input[name=side]:checked') || { value: '' }).value;
    const open = () => {
        const checked = !page.levelCheck || side() !== '';
        find('begin').disabled = !(checked && (page.consent === '' || find('consent').checked));
    };
    find('title').textContent = page.title;
    find('intro-title').textContent = page.title;
    document.title = page.title;
    paragraphs(find('instructions'), page.instructions);
    paragraphs(find('consent-text'), page.consent.split('\n'));
    find('level').hidden = !page.levelCheck;
    find('consent-box').hidden = page.consent === '';
    find('message').hidden = true;
    find('intro').hidden = false;
    find('level-play').addEventListener('click', () => {
        sound.currentTime = 0;
        sound.play();
    });
    find('consent').addEventListener('change', open);
    document.querySelectorAll('input[name=side]').forEach((each) => each.addEventListener('change', () => {
        find('level-status').textContent = side() === first ? 'Right: your headphones work.'
            : 'It began on the other side, or on both: put headphones on, the right way round, and listen again. '
                + 'You can go on without.';
        find('level-status').className = `status ${side() === first ? 'done' : 'problem'}`;
        open();
    }));
    open();
    return new Promise((resume) => {
        find('begin').addEventListener('click', async () => {
            sound.pause();
            const answer = page.levelCheck ? { headphones: side() === first } : {};
            try {
                await ask('/api/begin', { consent: find('consent').checked, ...answer });
                resume();
            } catch (problem) {
                find('intro-status').textContent = `${said(problem)}. Try again.`;
                find('intro-status').className = 'status problem';
            }
        });
    });
}

/** Whether there is anything to read, to check or to consent to before the first pair. */
function hasIntroduction(page) {
    return page.instructions !== undefined && (page.instructions.length > 0 || page.consent !== '' || page.levelCheck);
}

for (const id of ['undo', 'message-undo']) {
    find(id).addEventListener('click', undo);
}

async function begin() {
    try {
        const token = tokenFromAddress();
        const page = await ask('/api/join', token === null ? {} : { token });
        if (hasIntroduction(page)) {
            await introduced(page);
        }
        await next();
    } catch (problem) {
        if (problem instanceof Refusal && problem.status === 401) {
            explain(problem);
        } else {
            message('This did not work', `${said(problem)}. Load the page again to retry.`);
        }
    }
}

begin();
