import { curl } from '../support/curl.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

interface Page {
  readonly objects: readonly { readonly key: string; readonly size: number }[];
  readonly nextCursor?: string;
}

describe.each(HTTP_ADAPTERS)('GET and DELETE below /files on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  async function list(query = ''): Promise<Page> {
    const answer = await curl([`${fixture.service.url}/files${query}`]);
    expect(answer.status).toBe(200);
    return JSON.parse(answer.body.toString()) as Page;
  }

  async function put(key: string): Promise<void> {
    const answer = await curl(['-X', 'PUT', '--data-binary', key, fixture.service.fileUrl(key)]);
    expect(answer.status).toBe(201);
  }

  it('is empty at first', async () => {
    expect(await list()).toEqual({ objects: [] });
  });

  it('lists in order, by prefix and page by page', async () => {
    const keys = ['a', 'b/1', 'b/2', 'b/3', 'b/ü', 'c'];
    for (const key of [...keys].reverse()) await put(key);
    expect((await list()).objects.map(({ key }) => key)).toEqual(keys);
    expect((await list('?prefix=b/')).objects.map(({ key }) => key)).toEqual(['b/1', 'b/2', 'b/3', 'b/ü']);

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '2', ...(cursor === undefined ? {} : { cursor }) });
      const page = await list(`?${query}`);
      expect(page.objects.length).toBeLessThanOrEqual(2);
      seen.push(...page.objects.map(({ key }) => key));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(keys);
  });

  it.each(['?limit=0', '?limit=1001', '?limit=x', '?limit=', '?cursor=nonsense'])('refuses %s', async (query) => {
    const answer = await curl([`${fixture.service.url}/files${query}`]);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it('deletes once', async () => {
    const { service } = fixture;
    const before = await service.storedFiles();
    await put('deleted');
    expect(await curl(['-X', 'DELETE', service.fileUrl('deleted')])).toMatchObject({ status: 204, exitCode: 0 });
    expect((await curl([service.fileUrl('deleted')])).status).toBe(404);
    expect(await service.storedFiles()).toEqual(before);
    const again = await curl(['-X', 'DELETE', service.fileUrl('deleted')]);
    expect(again.status).toBe(404);
    expect(JSON.parse(again.body.toString())).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('deletes only the version that If-Match names', async () => {
    const url = fixture.service.fileUrl('versioned');
    await put('versioned');
    expect((await curl(['-X', 'DELETE', '-H', 'If-Match: "other"', url])).status).toBe(412);
    const etag = (await curl(['--head', url])).headers.etag ?? '';
    expect((await curl(['-X', 'DELETE', '-H', `If-Match: ${etag}`, url])).status).toBe(204);
  });

  it('can be asked for a store that is not there', async () => {
    const answer = await curl([`${fixture.service.url}/files?store=elsewhere`]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'UNKNOWN_STORE' });
  });
});
