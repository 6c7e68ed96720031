/** Removes what builds leave behind, wherever the sources that it came from have gone. */
import { rmSync } from 'node:fs';

for (const folder of ['dist', 'libs/stream-ingestion/dist', 'libs/stream-ingestion/build', 'coverage']) {
  rmSync(new URL(`../${folder}`, import.meta.url), { recursive: true, force: true });
}
