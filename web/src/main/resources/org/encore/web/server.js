/** What the server said instead of doing what it was asked. */
export class Refusal extends Error {
    constructor(status, message, wait) {
        super(message);
        this.status = status;
        this.wait = wait;
    }
}

/** Asks the server; a body makes it a POST. Throws a Refusal, or a TypeError where there is no connection. */
export async function ask(path, body, headers = {}) {
    const options = { headers, cache: 'no-store', credentials: 'same-origin' };
    if (body !== undefined) {
        options.method = 'POST';
        options.headers = { ...headers, 'Content-Type': 'application/json' };
        options.body = JSON.stringify(body);
    }
    const response = await fetch(path, options);
    const said = (response.headers.get('Content-Type') || '').includes('json') ? await response.json() : {};
    if (!response.ok) {
        const wait = Number(response.headers.get('Retry-After')) || 0;
        throw new Refusal(response.status, said.error || `the server answered ${response.status}`, wait);
    }
    return said;
}

/** Takes the token out of the address (after #), where it would stay visible and be passed on by accident. */
export function tokenFromAddress() {
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (token !== null) {
        history.replaceState(null, '', location.pathname);
    }
    return token;
}

export const pause = (seconds) => new Promise((resume) => setTimeout(resume, seconds * 1000));
