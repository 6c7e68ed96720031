export { readSettings } from './read-settings.js';
export { SettingError } from './setting-error.js';
export { type HttpAdapterName, type Settings, type StoreName } from './settings.js';
