/** `npm run measure:memory`: see measure-flat-memory.ts. */
import { register } from 'node:module';

register('../support/typescript-loader.mjs', import.meta.url);
const { main } = await import('./measure-flat-memory.ts');
await main(process.argv.slice(2));
