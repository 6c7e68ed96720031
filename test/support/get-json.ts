import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Gets a document over a connection of its own, which is closed after: `fetch` keeps its connections. */
export async function getText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent: false, headers: { connection: 'close' } }, (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`GET ${url}: ${response.statusCode}: ${body}`));
      }, reject);
    });
    call.on('error', reject).end();
  });
}

export async function getJson(url: string): Promise<unknown> {
  return JSON.parse(await getText(url));
}
