import { Refusal, ask, pause, tokenFromAddress } from './server.js';

const REFRESH_SECONDS = 5;
const KEY = 'encore-organiser-token';
const find = (id) => document.getElementById(id);

function element(tag, text = '', className = '') {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = className;
    return made;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const range = (interval) => `${percent(interval.low)} to ${percent(interval.high)}`;
const plural = (count, one) => `${count} ${one}${count === 1 ? '' : 's'}`;

function table(id, heads, rows, empty) {
    const head = element('thead');
    head.append(element('tr'));
    head.firstChild.append(...heads.map((text) => element('th', text)));
    const body = element('tbody');
    for (const cells of rows) {
        const row = element('tr');
        cells.forEach((cell, i) => {
            row.append(cell instanceof Node ? cell : element(i === 0 ? 'th' : 'td', String(cell)));
        });
        body.append(row);
    }
    if (rows.length === 0) {
        const none = element('td', empty, 'empty');
        none.colSpan = heads.length;
        body.append(element('tr'));
        body.firstChild.append(none);
    }
    find(id).replaceChildren(head, body);
}

function bar(interval) {
    const cell = element('td', '', 'bar');
    const track = element('div');
    const span = element('span', '', 'span');
    span.style.left = `${100 * interval.low}%`;
    span.style.right = `${100 * (1 - interval.high)}%`;
    const point = element('span', '', 'point');
    point.style.left = `${100 * interval.value}%`;
    track.append(span, point);
    cell.append(track);
    return cell;
}

function tile(name, value, more = '') {
    const box = element('div');
    const shown = element('dd', value);
    shown.append(element('small', more === '' ? '' : ` ${more}`));
    box.append(element('dt', name), shown);
    return box;
}

function show(summary) {
    find('title').textContent = `${summary.title}: ${summary.session}`;
    document.title = `${summary.votes} votes, ${summary.session}`;
    find('progress').max = Math.max(1, summary.pairs);
    find('progress').value = summary.complete;
    find('state').textContent = summary.allLaidOut ? 'running' : 'clips are still being played';
    const agreement = summary.agreement;
    find('tiles').replaceChildren(
        tile('votes', summary.votes),
        tile('listeners', summary.raters, `${summary.present} since the start`),
        tile('pairs with all votes', summary.complete, `of ${summary.pairs}`),
        tile('agreement', agreement.share === null ? '–' : percent(agreement.share)),
    );
    table(
        'ranking',
        ['system', 'votes', 'preferred', '95 %', ''],
        summary.ranking.map((each) => [
            each.system,
            each.votes,
            percent(each.winShare.value),
            range(each.winShare),
            bar(each.winShare),
        ]),
        'No votes yet.',
    );
    table(
        'matches',
        ['match', 'wins', 'ties', 'both bad', 'losses', 'skipped', 'win rate', '95 %'],
        summary.matches.map((each) => [
            `${each.a} against ${each.b}`,
            each.wins,
            each.ties,
            each.bothBad,
            each.losses,
            each.skips,
            each.winRate ? percent(each.winRate.value) : '–',
            each.winRate ? range(each.winRate) : '–',
        ]),
        '',
    );
    table(
        'listeners',
        ['listener', 'votes', 'preferences', 'skipped', 'heard of a pair', 'headphones'],
        summary.listeners.map((each) => [
            each.name,
            each.votes,
            each.strict,
            each.skips,
            `${each.heardSeconds.toFixed(1)} s`,
            each.headphones === null ? '–' : each.headphones ? 'passed' : 'failed',
        ]),
        'Nobody has voted yet.',
    );
    find('trust').replaceChildren(...doubts(summary).map(([text, kind]) => element('li', text, kind)));
    find('message').hidden = true;
    find('summary').hidden = false;
}

/** What the figures are worth, in sentences. */
function doubts({ agreement, sides, votesPerPair, listeners }) {
    const said = [];
    if (agreement.sharedPairs === 0) {
        said.push(['No pair was judged by two listeners yet, so nobody knows how far they agree.', '']);
    } else {
        const kappa = agreement.kappa === null ? '' : `, Cohen's kappa ${agreement.kappa.toFixed(2)}`;
        const alpha = agreement.alpha === null ? '' : `, Krippendorff's alpha ${agreement.alpha.toFixed(2)}`;
        const share = agreement.share === null ? 'they never both preferred one' : `they agree on ${percent(agreement.share)} of preferences`;
        said.push([`${plural(agreement.sharedPairs, 'pair')} judged by several listeners: ${share}${kappa}${alpha}. Chance is 50 % and 0.`, '']);
    }
    if (agreement.ceiling) {
        said.push([`Others predict ${percent(agreement.ceiling.value)} (${range(agreement.ceiling)}) of a listener's preferences: no model that knows the systems alone can do better.`, '']);
    }
    if (sides.first) {
        const even = sides.alarms.length === 0;
        said.push([
            `A was preferred ${percent(sides.first.value)} of the time (${range(sides.first)})` +
                (even ? '; that is compatible with fair sides.' : '.'),
            '',
        ]);
        sides.alarms.forEach((alarm) => said.push([`Alarm: ${alarm}.`, 'warning']));
    }
    const checked = listeners.filter((each) => each.headphones !== null);
    const failed = checked.filter((each) => !each.headphones);
    if (failed.length > 0) {
        const votes = failed.reduce((sum, each) => sum + each.votes, 0);
        said.push([`${failed.length} of ${plural(checked.length, 'listener')} failed the check of headphones; ${plural(votes, 'vote')} came from them.`, 'warning']);
    }
    said.push([`A pair is dealt until it has ${plural(votesPerPair, 'vote')}.`, '']);
    return said;
}

function message(title, text) {
    find('summary').hidden = true;
    find('message').hidden = false;
    find('message-title').textContent = title;
    find('message-text').textContent = text;
}

async function follow() {
    const given = tokenFromAddress();
    if (given !== null) {
        sessionStorage.setItem(KEY, given);
    }
    const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY) || ''}` };
    for (;;) {
        try {
            show(await ask('/api/organiser/summary', undefined, headers));
        } catch (problem) {
            if (problem instanceof Refusal && problem.status === 401) {
                message('This page needs your link', problem.message);
                return;
            }
            find('state').textContent = 'no answer; trying again';
        }
        await pause(REFRESH_SECONDS);
    }
}

follow();
